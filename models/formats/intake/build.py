"""From drafts to an Instance, or to all issues at once."""

from __future__ import annotations

from collections.abc import Sequence

from models.formats.intake.cross_checks import CHECKS
from models.formats.intake.named_rows import Naming
from models.formats.intake.row_drafts import Book
from models.formats.intake.tables import SETTINGS
from models.instance import Instance, Settings
from models.issues import InputError, Issue

_CAUSES = {"unknown_sheet", "missing_sheet", "empty_table", "no_header", "missing_column"}
_FOLLOWING = {
    "nothing_to_refer": _CAUSES,
    "missing_sheet": {"unknown_sheet"},
    "nothing_to_plan": {"unknown_sheet", "missing_sheet", "no_header"},
    "no_points": {"unknown_sheet"},
}
"""Issues that are only consequences where one of the others is told."""


def without_consequences(issues: Sequence[Issue]) -> list[Issue]:
    """Return issues without those that only follow from others."""
    codes = {found.code for found in issues}
    return [found for found in issues if not codes & _FOLLOWING.get(found.code, set())]


def build_instance(book: Book) -> Instance:
    """Return the instance that the drafts of ``book`` make.

    Raises
    ------
    InputError
        With every issue: those of single cells first, then those of the cross-checks.
    """
    unfit = list(Naming(book).settle())
    found = [*book.issues, *unfit, *(made for check in CHECKS for made in check(book))]
    issues = without_consequences(found)
    if issues:
        raise InputError(issues)
    tables = {
        table.name: tuple(draft.row for draft in book.rows(table.name))
        for table in book.tables
        if not table.is_settings
    }
    settings = [draft.row for draft in book.rows(SETTINGS)]
    content = {SETTINGS: settings[0] if settings else Settings(), **tables}
    # Rows that are models already pass through, so nothing is validated twice.
    return Instance.model_validate(content)
