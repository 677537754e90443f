"""map.html: map, month grid and lists in one file that opens offline in any browser."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from api.results.page_data import page_data
from api.results.view import View

_TEMPLATES = Path(__file__).parent / "templates"
_SCRIPTS = ("dom.js", "map.js", "lists.js", "main.js")
_ESCAPES = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def render_page(
    view: View,
    background: dict[str, Any] | None = None,
    circle_minutes: tuple[float, float] | None = None,
) -> str:
    """Return the page; equal views give equal text.

    The page loads nothing: its Content-Security-Policy allows the style and the script it
    carries, by hash, and no connection at all. Names reach the page as JSON and are shown
    as text, so that no name can become markup or script.

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
    style = _source("page.css")
    script = "\n".join(_source(name) for name in _SCRIPTS)
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("map.html.j2").render(
        title=f"{view.title} {view.month_label} 法律顾问与值班",
        style=Markup(style),
        script=Markup(script),
        style_hash=_digest(style),
        script_hash=_digest(script),
        data=Markup(embed(page_data(view, background, circle_minutes))),
    )


def embed(data: Any) -> str:
    """Return JSON that is safe inside a script element: no ``<``, ``>`` or ``&`` is left."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.translate(_ESCAPES)


def _source(name: str) -> str:
    return (_TEMPLATES / name).read_text("utf-8")


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
