"""Days that a form sends; a browser without date fields sends what was typed."""

from __future__ import annotations

import datetime as dt

from models.formats.intake.cell_problem import CellError
from models.formats.intake.moments import parse_date
from models.issues import InputError
from models.messages import Spot, issue


def days_of(*texts: str) -> list[dt.date]:
    """Read days.

    Raises
    ------
    InputError
        With an issue for each that cannot be read.
    """
    days, issues = [], []
    for text in texts:
        try:
            days.append(parse_date(text))
        except CellError:
            issues.append(issue("form_day", Spot("", ""), text))
    if issues:
        raise InputError(issues)
    return days
