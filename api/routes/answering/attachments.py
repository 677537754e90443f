"""Files that are sent to be saved."""

from __future__ import annotations

from typing import Any

from fastapi import Response

MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "zip": "application/zip",
    "html": "text/html",
}
"""Media types of files by the ends of their names."""

FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "文件 the file", "content": {media: {} for media in MEDIA.values()}}
}
"""What a route that gives a file adds to its ``responses``."""


def attachment(name: str, content: bytes) -> Response:
    """Return a file to be saved, never shown inside the service's own pages."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=MEDIA[name.rpartition(".")[2]], headers=headers)
