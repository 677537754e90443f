"""map.html: map, month grid and lists in one file that opens offline in any browser."""

from __future__ import annotations

from typing import Any

from api.documents.map_data import page_data
from api.documents.offline import embed, offline_page, page_part, sources
from api.documents.view import View

_STYLES = ("base.css", "page.css")
_SCRIPTS = ("dom.js", "choice.js", "board.js", "map.js", "lists.js", "main.js")


def render_page(
    view: View,
    background: dict[str, Any] | None = None,
    circle_minutes: tuple[float, float] | None = None,
) -> str:
    """Return the page; equal views give equal text.

    Parameters
    ----------
    view
        The joined plan.
    background
        GeoJSON with schematic cells, shown as "not a boundary".
    circle_minutes
        Minutes of travel in town and in the country that the circles show; by default
        those of the rule profile.
    """
    data = page_data(view, background, circle_minutes)
    return offline_page("map.html.j2", _title(view), _STYLES, _SCRIPTS, data)


def map_body(view: View) -> str:
    """Return the body of the page without its data, for a page that serves the map."""
    return page_part("map_body.html.j2", _title(view))


def map_files() -> dict[str, str]:
    """Return the style and the script of the page, as files that such a page loads."""
    return {"map.css": sources(_STYLES), "map.js": sources(_SCRIPTS)}


def map_data(view: View, board: str) -> str:
    """Return the data of the page as JSON that is safe in markup, with the address of the board."""
    return embed(page_data(view) | {"board": board})


def _title(view: View) -> str:
    return f"{view.title} {view.month_label} 法律顾问与值班"
