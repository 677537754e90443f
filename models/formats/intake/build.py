"""From drafts to an Instance, or to all issues at once."""

from __future__ import annotations

from models.formats.intake.cross_checks import CHECKS
from models.formats.intake.row_drafts import Book
from models.formats.intake.tables import SETTINGS
from models.instance import Instance, Settings
from models.issues import InputError


def build_instance(book: Book) -> Instance:
    """Return the instance that the drafts of ``book`` make.

    Raises
    ------
    InputError
        With every issue: those of single cells first, then those of the cross-checks.
    """
    issues = [*book.issues, *(made for check in CHECKS for made in check(book))]
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
