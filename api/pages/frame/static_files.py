"""The files that pages load: style, script, icons; never from another host."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import FileResponse

from api.access.denied import UnseenError
from api.pages.frame.languages import PAGES

MEDIA = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "webmanifest": "application/manifest+json",
}
router = APIRouter(prefix="/static")


@router.get("/{family}/{name}")
def static_file(
    family: Annotated[str, Path(pattern=r"^[a-z_]{1,40}$")],
    name: Annotated[str, Path(pattern=r"^[a-z0-9_.-]{1,60}$")],
) -> FileResponse:
    """Return a file of a page family; its address carries its hash, so it is kept for a year."""
    path = PAGES / family / "static" / name
    media = MEDIA.get(path.suffix[1:])
    if media is None or not path.is_file():
        raise UnseenError
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
    }
    return FileResponse(path, media_type=media, headers=headers)
