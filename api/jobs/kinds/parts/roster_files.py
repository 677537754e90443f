"""The files of a stored roster: each form has its writer, several files come in a zip."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from api.actions.planning import county_cells, revision_time
from api.documents.calendars import CalendarWriters
from api.documents.map_page import render_page
from api.documents.roster_workbook import render_public_workbook, render_workbook
from api.documents.view import View, build_view
from api.jobs.contract.plan import Plan
from models.formats.csv_zip import zip_files, zip_folder
from models.formats.roster_table import write_roster_csv_folder


def export(plan: Plan, form: str, stem: str) -> tuple[str, bytes]:
    """Return name and content of a roster's file; the same roster gives the same bytes.

    Parameters
    ----------
    plan
        The roster with its instance and report.
    form
        What to write: a form of ``ExportOrder``.
    stem
        What the name says of the roster: month, number, version.
    """
    prefix, suffix, write = _FORMS[form]
    return f"{prefix}-{stem}.{suffix}", write(plan)


def _view(plan: Plan) -> View:
    return build_view(plan.instance, plan.roster, plan.report)


def _csv(plan: Plan) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        write_roster_csv_folder(plan.roster, folder)
        return zip_folder(Path(folder))


def _calendars(plan: Plan) -> bytes:
    with CalendarWriters(_view(plan), revision_time(plan.roster.month)) as calendars:
        return zip_files((path.name, content) for path, content in calendars)


def _map(plan: Plan) -> bytes:
    return render_page(_view(plan), county_cells(plan.instance)).encode()


def _roster(plan: Plan) -> bytes:
    return (plan.roster.model_dump_json(indent=2) + "\n").encode()


def _report(plan: Plan) -> bytes:
    return (plan.report.model_dump_json(indent=2) + "\n").encode()


_FORMS: dict[str, tuple[str, str, Callable[[Plan], bytes]]] = {
    "xlsx": ("roster", "xlsx", lambda plan: render_workbook(_view(plan))),
    "sheet": ("public", "xlsx", lambda plan: render_public_workbook(_view(plan))),
    "csv": ("roster", "zip", _csv),
    "json": ("roster", "json", _roster),
    "report": ("report", "json", _report),
    "calendars": ("calendars", "zip", _calendars),
    "map": ("map", "html", _map),
}
