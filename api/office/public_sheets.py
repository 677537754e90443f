"""The public sheets of what is published: anybody may ask, so they are made once and kept."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from models.store.database.store import Store
from models.store.plans.instances import get_instance
from models.store.plans.roster_queries import get_report, get_roster

if TYPE_CHECKING:
    from api.documents.view import View

KEPT = 32
"""Workbooks kept in memory; one of a county takes some hundred kilobytes."""
VIEWS = 8
"""Views kept in memory, from which pages are made; one of a city takes some ten megabytes."""


class Sheets:
    """Workbooks of the public sheets of published rosters, and the views of which they are made."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.workbook = lru_cache(maxsize=KEPT)(self._workbook)
        self.view = lru_cache(maxsize=VIEWS)(self._view)

    def _workbook(self, roster: int, version: int) -> bytes:
        """Return the workbook of a roster; ``version`` tells the kept ones apart."""
        from api.documents.roster_workbook import render_public_workbook  # late: xlsxwriter

        return render_public_workbook(self.view(roster, version))

    def _view(self, roster: int, version: int) -> View:
        """Return what may be posted of a roster; ``version`` tells the kept ones apart."""
        # numpy and the travel model are needed here alone
        from api.documents.view import build_view
        from api.office.public_view import public_view

        with self._store.read() as session:
            plan, report = get_roster(session, roster), get_report(session, roster)
            instance = get_instance(session, plan.instance)
        return public_view(build_view(instance, plan, report))
