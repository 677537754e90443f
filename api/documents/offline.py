"""A page that carries all it needs: style, script and data in one file that loads nothing."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

_TEMPLATES = Path(__file__).parent / "templates"
_ESCAPES = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def offline_page(
    template: str, title: str, styles: Sequence[str], scripts: Sequence[str], data: Any
) -> str:
    """Return the page; equal data give equal text.

    Its Content-Security-Policy allows the style and the script it carries, by hash, and no
    connection at all. Names reach the page as JSON and are shown as text, so that no name can
    become markup or script.
    """
    style, script = sources(styles), sources(scripts)
    return _template(template).render(
        title=title,
        style=Markup(style),
        script=Markup(script),
        style_hash=_digest(style),
        script_hash=_digest(script),
        data=Markup(embed(data)),
    )


def plain_page(template: str, title: str, **content: Any) -> str:
    """Return a page without any script, with the style of the same name; equal content, equal text."""
    style = sources([template.replace(".html.j2", ".css")])
    digest = _digest(style)
    return _template(template).render(
        title=title, style=Markup(style), style_hash=digest, **content
    )


def page_part(name: str, title: str) -> str:
    """Return a part of a page that shows nothing of its data but the title."""
    return _template(name).render(title=title)


def _template(name: str) -> Template:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template(name)


def embed(data: Any) -> str:
    """Return JSON that is safe inside a script element: no ``<``, ``>`` or ``&`` is left."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.translate(_ESCAPES)


def sources(names: Sequence[str]) -> str:
    """Return some of the styles or scripts as one text."""
    return "\n".join((_TEMPLATES / name).read_text("utf-8") for name in names)


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
