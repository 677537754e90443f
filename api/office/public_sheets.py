"""The public sheets of what is published: anybody may ask, so they are written once and kept."""

from __future__ import annotations

from functools import lru_cache

from models.store.database.store import Store
from models.store.plans.instances import get_instance
from models.store.plans.roster_queries import get_report, get_roster

KEPT = 32
"""Workbooks kept in memory; one of a county takes some hundred kilobytes."""


class Sheets:
    """Workbooks of the public sheets of published rosters."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.workbook = lru_cache(maxsize=KEPT)(self._workbook)

    def _workbook(self, roster: int, version: int) -> bytes:
        """Return the workbook of a roster; ``version`` tells the kept ones apart."""
        # xlsxwriter and the views are needed here alone
        from api.documents.roster_workbook import render_public_workbook
        from api.documents.view import build_view

        with self._store.read() as session:
            plan, report = get_roster(session, roster), get_report(session, roster)
            instance = get_instance(session, plan.instance)
        return render_public_workbook(build_view(instance, plan, report))
