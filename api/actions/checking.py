"""Check an input and return all that an office should read of it."""

from __future__ import annotations

from pathlib import Path

from api.actions import planning
from models.instance import Instance
from models.issues import InputError, Issue
from models.messages import issue


def checked(file: Path) -> tuple[Instance, tuple[Issue, ...]]:
    """Return the instance of a file and every remark on it.

    Raises
    ------
    InputError
        With every issue found.
    """
    from models.formats.intake.remarks import remarks
    from models.formats.read import read_with_remarks

    instance, told_in_reading = read_with_remarks(file)
    planning.rules_of(instance)
    return instance, (*told_in_reading, *remarks(instance))


def check_marked(file: Path, marked: Path) -> None:
    """Ensure that the marked workbook is an .xlsx file and not the checked one itself.

    Raises
    ------
    InputError
        When it is not.
    """
    if marked.suffix.lower() != ".xlsx":
        raise InputError([issue("file_name", value=marked)])
    if marked.exists() and file.exists() and marked.samefile(file):
        raise InputError([issue("file_exists", value=marked)])
