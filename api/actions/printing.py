"""The print action: PDFs of a plan, written beside its other results."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from api.actions.planning import check_folder
from models.calendar import Calendar

if TYPE_CHECKING:
    from models.instance import Instance
    from models.roster import Roster

_PAGE = re.compile(rb"/Type\s*/Page\b")


def print_plan(
    instance: Instance, roster: Roster, out: Path, fonts: Path | None
) -> list[tuple[Path, int]]:
    """Write ``wall.pdf``, ``doors.pdf`` and ``cards.pdf`` into a folder; return them with their pages.

    Raises
    ------
    InputError
        See ``render_pdfs``.
    OSError
        The folder cannot be written.
    """
    from api.documents.paper.pdf import render_pdfs
    from api.documents.view import build_view
    from models.report import Report, Status

    check_folder(out)
    calendar = Calendar(instance.days)
    report = Report(
        status=Status.CHECKED,
        month=roster.month,
        estimated_days=calendar.is_month_estimated(roster.month),
    )
    pdfs = render_pdfs(build_view(instance, roster, report), fonts)
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for kind, content in pdfs.items():
        path = out / f"{kind}.pdf"
        path.write_bytes(content)
        written.append((path, max(1, len(_PAGE.findall(content)))))
    return written
