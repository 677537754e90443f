"""The page of the interface, ``/api/v1/docs``: works without any other host, under a strict policy."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse

from api.access.denied import UnseenError

ASSETS = Path(__file__).parent / "assets"
MEDIA = {
    "docs.css": "text/css; charset=utf-8",
    "docs.js": "text/javascript; charset=utf-8",
    "swagger-ui.css": "text/css; charset=utf-8",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
}
"""What the page loads; nothing else of the folder is served."""

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)

router = APIRouter(prefix="/api/v1", include_in_schema=False)


@router.get("/docs")
def docs() -> FileResponse:
    """接口文档 / The page."""
    return _file("docs.html", "text/html; charset=utf-8")


@router.get("/docs/{name}")
def asset(name: str) -> FileResponse:
    """接口文档的文件 / A file of the page."""
    if name not in MEDIA:
        raise UnseenError
    return _file(name, MEDIA[name])


def _file(name: str, media: str) -> FileResponse:
    headers = {
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-cache",  # asked anew each time, answered by 304: no page mixes versions
    }
    return FileResponse(ASSETS / name, media_type=media, headers=headers)
