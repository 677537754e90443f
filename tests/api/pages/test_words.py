"""Every word of a page has its English, and no English is left over."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

PAGES = Path(__file__).parents[3] / "api" / "pages"
FAMILIES = sorted(path.name for path in PAGES.iterdir() if (path / "__init__.py").is_file())
METHODS = [("**.html", "jinja2"), ("**.py", "python")]


def _asked(family: str) -> set[object]:
    return {found[2] for found in extract_from_dir(PAGES / family, METHODS)}


def _told(family: str) -> set[object]:
    with (PAGES / family / "english.po").open("rb") as file:
        return {one.id for one in read_po(file) if one.id and one.string}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_word_has_its_english(family: str):
    """What several families say may stand once, in the frame's catalogue."""
    assert _asked(family) - _told("frame") - _told(family) == set()


def test_no_english_is_left_over():
    own = {family: _told(family) - _asked(family) for family in FAMILIES if family != "frame"}
    assert {family: words for family, words in own.items() if words} == {}
    assert _told("frame") - set().union(*map(_asked, FAMILIES)) == set()
