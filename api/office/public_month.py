"""What everybody may read of a published month: duties by place, advisers by village; no private number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from api.access.denied import UnseenError
from api.office.context import Service
from models.store.plans.roster_queries import published_months, published_roster
from models.vocabulary import AreaLevel, Part

if TYPE_CHECKING:
    from api.documents.lines import DutyLine, VillageLine
    from api.documents.view import View
    from api.documents.wall import WallBlock
    from models.places import Area

OVER_MIDNIGHT = "次日"
"""Stands in the hours of a duty that ends on the next day (``api.documents.view``)."""


class PublicAreas(NamedTuple):
    """An area as the public sees it: where its rosters are published, and for which months, newest first."""

    area: str
    publisher: str
    months: Sequence[str]


@dataclass(frozen=True)
class PublicMonth:
    """A published month of an area and what lies in it; ``key`` changes with what is published."""

    area: Area | None
    view: View
    key: tuple[int, int]

    @property
    def townships(self) -> list[Area]:
        """Return the townships that lie in the area."""
        inside = [one for one in self.view.instance.areas if one.level is AreaLevel.TOWNSHIP]
        if self.area is None:
            return inside
        known = self.view.instance.ancestors
        return [one for one in inside if self.area.id in known(one.id)[1:]]

    def tables(self, site: str = "") -> list[WallBlock]:
        """Return the tables of the sheet that is pinned up, those of one place if it is given by id."""
        from api.documents.wall import place_blocks, wall_blocks  # late: the views are heavy

        one = next((card for card in self.view.sites if card.id == site), None)
        return place_blocks(self.view, one) if one else wall_blocks(self.view)

    @property
    def usual(self) -> dict[Part, str]:
        """Return the hours that most duties have, which the heads of the tables do not repeat."""
        from api.documents.wall import usual_hours  # late, as above

        return usual_hours(self.view)

    @property
    def notes(self) -> list[str]:
        """Return what stands above and below the tables: hours, special days, who is served from afar."""
        from api.documents.duty_sheets import days_note  # late, as above
        from api.documents.wall import hours_note, served_from_afar

        lines = [hours_note(self.view), days_note(self.view), *served_from_afar(self.view)]
        return [line for line in lines if line]

    def village(self, village: str) -> VillageLine | None:
        """Return a village with its adviser and visits."""
        return next((line for line in self.view.villages if line.id == village), None)

    def villages_named(self, words: str) -> list[VillageLine]:
        """Return the villages in whose name, or in whose township's, all the words stand."""
        asked = words.split()
        return [
            line
            for line in self.view.villages
            if all(word in f"{line.township}{line.name}" for word in asked)
        ]

    def on_duty(self, day: dt.date) -> list[DutyLine]:
        """Return the duties of a day by place."""
        return [line for line in self.view.duties if line.day.date == day]

    def since_last_night(self, now: dt.datetime) -> list[DutyLine]:
        """Return the duties that began yesterday and are not over at ``now`` (in China)."""
        clock = f"{now:%H:%M}"
        begun = self.on_duty(now.date() - dt.timedelta(days=1))
        return [line for line in begun if line.hours.partition(OVER_MIDNIGHT)[2] > clock]


def public_areas(service: Service, area: str) -> PublicAreas:
    """Return where the rosters of an area are published: by itself, else by the area whose data it uses.

    Raises
    ------
    UnseenError
        Nothing was ever published for it; whether there is such an area is not told.
    """
    data = service.areas.data(area)
    with service.store.read() as session:
        for publisher in dict.fromkeys((area, data.area if data else area)):
            if months := published_months(session, publisher):
                return PublicAreas(area, publisher, months)
    raise UnseenError


def public_key(service: Service, where: PublicAreas, month: str) -> tuple[int, int] | None:
    """Return which roster is published for a month, and its version; none where none is."""
    with service.store.read() as session:
        found = published_roster(session, where.publisher, month)
        return (found.id, found.version) if found else None


def public_month(
    service: Service, where: PublicAreas, key: tuple[int, int] | None
) -> PublicMonth | None:
    """Return what is published of a month, cut to the area that is asked about.

    Raises
    ------
    UnseenError
        The roster knows no such area.
    """
    if key is None:
        return None
    whole = service.sheets.view(*key)
    area = whole.instance.area_by_id.get(where.area)
    if area is None and where.area != where.publisher:
        raise UnseenError
    if area is not None and where.area != whole.instance.settings.area:
        whole = _inside(whole, area)  # of data that reach further
    return PublicMonth(area, whole, key)


def _inside(view: View, area: Area) -> View:
    """Return the part of a view that lies in an area."""
    instance = view.instance
    lies = {one.id for one in instance.areas if area.id in instance.ancestors(one.id)}
    sites = {site.id for site in instance.sites if site.area in lies}
    return replace(
        view,
        title=area.name,
        sites=tuple(site for site in view.sites if site.id in sites),
        duties=tuple(duty for duty in view.duties if duty.site.id in sites),
        villages=tuple(village for village in view.villages if village.area in lies),
    )
