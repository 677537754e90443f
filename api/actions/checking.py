"""Check an input and return all that an office should read of it."""

from __future__ import annotations

from pathlib import Path

from api.actions import planning
from models.formats.intake.row_places import RowPlaces
from models.instance import Instance
from models.issues import InputError, Issue
from models.messages import issue
from models.vocabulary import Strength


def checked(file: Path) -> tuple[Instance, tuple[Issue, ...]]:
    """Return the instance of a file and every remark on it.

    Raises
    ------
    InputError
        With every issue found.
    """
    from models.formats.intake.remarks import remarks
    from models.formats.read import read_with_places

    instance, told_in_reading, places = read_with_places(file)
    issues = _pin_issues(instance, places)
    if issues:
        raise InputError(issues)
    return instance, (*told_in_reading, *remarks(instance))


def _pin_issues(instance: Instance, places: RowPlaces) -> list[Issue]:
    """Return an issue for each fixed pin that cannot be kept; a solve would refuse it."""
    rules = planning.rules_of(instance)
    if not any(pin.strength is Strength.FIXED for pin in instance.pins):
        return []
    # Late: numpy and the facts take 0.3 s to load, which few inputs need.
    from solver.answers.pin_faults import pin_faults
    from solver.answers.precheck import with_implied_pins
    from solver.modelling.facts import Facts

    pinned = with_implied_pins(instance)
    facts = Facts(pinned, pinned.settings.month)
    return pin_faults(facts, rules, lambda pin: places.spot(pin, "person"))


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
