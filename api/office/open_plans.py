"""Plans open at somebody's desk: read once, kept by version, checked in the background.

The whole check of a city takes seconds, an edit may not. So an edit is kept first, and a thread
checks what came of it; until then the roster counts as unchecked, and pages say so.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeVar

from api.actions.planning import rules_of
from api.office.areas import Areas
from models.instance import Instance
from models.issues import InputError
from models.report import Report, Unmet
from models.roster import Roster
from models.store.database.store import Store
from models.store.plans.editing import keep_report
from models.store.plans.roster_queries import get_report, get_roster, roster_record
from models.store.tables.words import RosterState
from solver.answers.unmet import lacking
from solver.modelling.choices import Block
from solver.modelling.facts import Facts
from solver.modelling.reading import Reading
from solver.modelling.rule import Rule
from solver.verify import verify

log = logging.getLogger("zhiban.office")
T = TypeVar("T")

KEPT = 8
"""Plans and reports kept in memory; one of a city takes some ten megabytes."""


LARGE = 2000
"""Rows of a plan whose check takes seconds."""
PAUSE_SECONDS = 1.0
"""Before the check of a large plan, so that the page of the edit comes first, and quick edits are checked once."""


@dataclass(frozen=True)
class OpenPlan:
    """A roster at a version, with its data."""

    roster: int
    version: int
    area: str
    stage: RosterState
    revision: int | None
    base: int
    plan: Roster
    facts: Facts
    rules: tuple[Rule, ...]

    @property
    def instance(self) -> Instance:
        """The data that it was made from."""
        return self.facts.instance

    @property
    def is_draft(self) -> bool:
        """Whether it may be changed."""
        return self.stage is RosterState.DRAFT

    @cached_property
    def unmet(self) -> tuple[Unmet, ...]:
        """What it leaves empty, without the reasons."""
        return tuple(
            lack.unmet for lack, _ in lacking(self.reading(), self.rules, frozenset(Block))
        )

    def reading(self) -> Reading:
        """Index it anew: readings grow while they are asked, so every request has its own."""
        return Reading(self.facts, self.plan)


class _Check:
    """A check under way; ``over`` is set at its end, whatever came of it."""

    def __init__(self) -> None:
        self.over = threading.Event()


class OpenPlans:
    """Finds plans and what the check says of them."""

    def __init__(self, store: Store, areas: Areas) -> None:
        self._store, self._areas = store, areas
        self._facts = lru_cache(maxsize=KEPT)(self._read_facts)
        self._plans: OrderedDict[tuple[int, int], OpenPlan] = OrderedDict()
        self._reports: OrderedDict[tuple[int, int], Report] = OrderedDict()
        self._checks: dict[tuple[int, int], _Check] = {}
        self._newest: dict[int, int] = {}
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        """One check at a time: two would only slow each other, and whoever edits meanwhile."""

    def version(self, roster: int) -> int:
        """Return at which version a roster is. Raises NotFoundError."""
        with self._store.read() as session:
            return roster_record(session, roster).version

    def get(self, roster: int) -> OpenPlan:
        """Return a roster as it is now. Raises NotFoundError."""
        with self._store.read() as session:
            record = roster_record(session, roster)
            known = self._plans.get((roster, record.version))
            if known is not None:
                return known
            plan = get_roster(session, roster)
        facts, rules = self._facts(plan.instance, plan.month)
        numbers = record.revision, record.base
        found = OpenPlan(
            roster, record.version, record.area, record.stage, *numbers, plan, facts, rules
        )
        self.remember(found)
        return found

    def remember(self, plan: OpenPlan) -> None:
        """Keep a plan in memory that is in the store."""
        with self._lock:
            _keep(self._plans, (plan.roster, plan.version), plan)
            self._newest[plan.roster] = max(plan.version, self._newest.get(plan.roster, 0))

    def report(self, plan: OpenPlan, wait_seconds: float = 0.0) -> Report | None:
        """Return what the check says of a plan; None while it is being checked.

        What nobody has checked yet is begun, and waited for as long as asked.
        """
        known = self._known_report(plan)
        if known is not None:
            return known
        begun = self._begin(plan)
        if not _is_large(plan):
            begun.over.wait(wait_seconds)
        return self._reports.get((plan.roster, plan.version))

    def last_report(self, roster: int) -> Report:
        """Return the last report known of a roster: perhaps of its rows before the last edits."""
        with self._lock:
            known = [version for key, version in self._reports if key == roster]
            if known:
                return self._reports[roster, max(known)]
        with self._store.read() as session:
            found = get_report(session, roster)
        with self._lock:
            _keep(self._reports, (roster, 0), found)
        return found

    def report_at(self, roster: int, version: int) -> Report | None:
        """Return what the check said of an earlier version, if that is still in memory."""
        return self._reports.get((roster, version))

    def _known_report(self, plan: OpenPlan) -> Report | None:
        key = plan.roster, plan.version
        found = self._reports.get(key)
        if found is not None:
            return found
        with self._store.read() as session:
            record = roster_record(session, plan.roster)
            if not record.is_checked or record.version != plan.version:
                return None
            found = get_report(session, plan.roster)
        with self._lock:
            _keep(self._reports, key, found)
        return found

    def _begin(self, plan: OpenPlan) -> _Check:
        key = plan.roster, plan.version
        with self._lock:
            known = self._checks.get(key)
            if known is not None:
                return known
            begun = self._checks[key] = _Check()
        threading.Thread(target=self._run, args=(plan, begun), daemon=True).start()
        return begun

    def _run(self, plan: OpenPlan, check: _Check) -> None:
        """Check a plan and keep what came of it, unless it has been changed meanwhile."""
        key = plan.roster, plan.version
        try:
            if _is_large(plan):
                time.sleep(PAUSE_SECONDS)
            with self._turn:
                if plan.version < self._newest.get(plan.roster, 0):
                    return
                report = verify(plan.instance, plan.rules, plan.plan)
                with self._lock:
                    _keep(self._reports, key, report)
            with self._store.begin() as session:
                keep_report(session, plan.roster, plan.version, report)
        except InputError as error:  # also of a store that has been closed meanwhile
            log.warning("roster %s could not be checked: %s", plan.roster, error)
        finally:
            with self._lock:
                self._checks.pop(key, None)
            check.over.set()

    def _read_facts(self, key: str, month: str) -> tuple[Facts, tuple[Rule, ...]]:
        instance = self._areas.instance(key)
        return Facts(instance, month), tuple(rules_of(instance))


def _is_large(plan: OpenPlan) -> bool:
    return len(plan.plan.duties) + len(plan.plan.visits) + len(plan.plan.advisers) > LARGE


def _keep(kept: OrderedDict[tuple[int, int], T], key: tuple[int, int], value: T) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > KEPT:
        kept.popitem(last=False)
