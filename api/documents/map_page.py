"""map.html: map, month grid and lists in one file that opens offline in any browser."""

from __future__ import annotations

from typing import Any

from api.documents.map_data import page_data
from api.documents.offline import offline_page
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
    title = f"{view.title} {view.month_label} 法律顾问与值班"
    data = page_data(view, background, circle_minutes)
    return offline_page("map.html.j2", title, _STYLES, _SCRIPTS, data)
