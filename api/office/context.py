"""What every action of an office works with: store, jobs, areas, sheets, settings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from api.feeds.fetch import FetchPolicy
from api.jobs.service import JobService
from api.jobs.stream import Streams
from api.office.areas import Areas
from api.office.open_plans import OpenPlans
from api.office.public_sheets import Sheets
from api.office.roster_briefs import RosterBriefs
from api.settings import ServiceSettings
from models.store.database.store import Store


@dataclass(frozen=True)
class Service:
    """The parts of the running service; an application has one."""

    settings: ServiceSettings
    store: Store
    jobs: JobService
    streams: Streams
    areas: Areas
    sheets: Sheets
    calendars: FetchPolicy
    """From where people's own calendars may be read."""

    @cached_property
    def briefs(self) -> RosterBriefs:
        """What lists say of rosters."""
        return RosterBriefs(self.store)

    @cached_property
    def open_plans(self) -> OpenPlans:
        """The plans that somebody works on."""
        return OpenPlans(self.store, self.areas)
