"""comparison.html: scenarios beside their base, with charts and a map, in one file that opens offline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.documents.comparison.comparison_data import comparison_data
from api.documents.offline import offline_page
from models.instance import Instance
from scenarios.compare.result import Comparison

_STYLES = ("base.css", "comparison.css")
_SCRIPTS = (
    *("dom.js", "board.js", "sides.js", "ranking.js", "charts.js"),
    *("differences.js", "side_map.js", "comparison.js"),
)


def render_comparison(
    comparison: Comparison,
    instances: Mapping[str, Instance],
    background: dict[str, Any] | None = None,
) -> str:
    """Return the page; equal comparisons give equal text.

    Parameters
    ----------
    comparison
        The document; it names people, and the page is for the office alone.
    instances
        What was solved, by the ``run`` of its scenario.
    background
        GeoJSON with schematic cells, shown as "not a boundary".
    """
    data = comparison_data(comparison, instances, background)
    return offline_page("comparison.html.j2", comparison.question, _STYLES, _SCRIPTS, data)
