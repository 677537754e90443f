"""The language of a page: Chinese, or English for who asks for it.

Templates are written in Chinese, ``{{ _("本月") }}``; the English stands in ``english.po`` beside
the templates of each page family.
"""

from __future__ import annotations

import gettext
import io
from functools import cache
from pathlib import Path
from typing import Literal, Protocol

from babel.core import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from fastapi import Request

from models.vocabulary import BilingualTerm, Term

Language = Literal["zh", "en"]
COOKIE = "zhiban_language"
PAGES = Path(__file__).parents[1]


def language_of(request: Request) -> Language:
    """Return the language somebody chose, else the browser's first if it is one of ours."""
    chosen = request.cookies.get(COOKIE)
    if chosen in ("zh", "en"):
        return "en" if chosen == "en" else "zh"
    first = request.headers.get("accept-language", "").split(",")[0].split(";")[0].strip()
    try:
        is_english = Locale.parse(first, sep="-").language == "en"
    except (ValueError, UnknownLocaleError):
        return "zh"
    return "en" if is_english else "zh"


@cache
def translations(language: Language) -> gettext.NullTranslations:
    """Return the words of all page families; Chinese stands in the templates themselves."""
    found: gettext.NullTranslations = gettext.NullTranslations()
    if language == "zh":
        return found
    for path in sorted(PAGES.glob("*/english.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale="en")
        compiled = io.BytesIO()
        write_mo(compiled, catalogue)
        compiled.seek(0)
        family = gettext.GNUTranslations(compiled)
        family.add_fallback(found)
        found = family
    return found


class Bilingual(Protocol):
    """A sentence in both languages: an issue, a breach, an unmet demand, a reason."""

    @property
    def zh(self) -> str: ...  # noqa: D102
    @property
    def en(self) -> str: ...  # noqa: D102


def said(what: Bilingual | str, language: Language) -> str:
    """Return something that has words of its own in one language.

    The value of a term without an English label is an English word; plain text stays as it is.
    """
    is_english = language == "en"
    if isinstance(what, BilingualTerm):
        return what.label_en if is_english else what.label
    if isinstance(what, Term):
        return what.value.replace("_", " ") if is_english else what.label
    if isinstance(what, str):
        return what
    return what.en if is_english else what.zh
