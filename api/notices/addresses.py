"""Where people and groups are reached: what they chose, else what the service is set up for."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy.orm import Session

from api.office.areas import Areas
from models.county_ids import county_in, id_of, person_key
from models.people import Person
from models.store.notices.chosen_ways import choice_of
from models.store.notices.told_groups import group_of
from models.store.tables.notice_tables import NoticeGroup
from models.store.tables.words import NoticeWay


class Address(NamedTuple):
    """Where a target is reached."""

    way: NoticeWay
    address: str
    secret: str = ""
    is_group: bool = False


def _of_group(group: NoticeGroup) -> Address:
    return Address(group.way, group.address, group.secret, is_group=True)


class Addresses:
    """Looks up where to send.

    Parameters
    ----------
    areas
        The data that know the people.
    ways
        Those that are set up.
    """

    def __init__(self, areas: Areas, ways: Collection[NoticeWay]) -> None:
        self._areas = areas
        self._ways = ways

    def of(self, session: Session, target: str, area: str) -> Address | None:
        """Return where a target is reached now, none if nowhere; ``area`` is whose notice it is."""
        if target.startswith("group:"):
            group = group_of(session, target)
            return _of_group(group) if group else None
        chosen = choice_of(session, target)
        if chosen is None:
            return self._unasked(target, area)
        if chosen.way is NoticeWay.SMS:
            return self._by_sms(target, area)
        is_open = chosen.way in self._ways and chosen.way is not NoticeWay.HAND
        return Address(chosen.way, chosen.address) if is_open else None

    def area_name(self, area: str) -> str:
        """Return the name of an area, its code if no data know it."""
        data = self._areas.data(area)
        known = data.instance.area_by_id.get(area) if data else None
        return known.name if known else area

    def _unasked(self, target: str, area: str) -> Address | None:
        """Return where somebody is reached who has chosen nothing."""
        if NoticeWay.WEBHOOK in self._ways:
            return Address(NoticeWay.WEBHOOK, "")
        return self._by_sms(target, area)

    def _by_sms(self, target: str, area: str) -> Address | None:
        person = self.person(target, area)
        if person is None or not person.mobile or NoticeWay.SMS not in self._ways:
            return None
        return Address(NoticeWay.SMS, person.mobile)

    def person(self, target: str, area: str) -> Person | None:
        """Return who has a key, by the data of the home county, else by those of ``area``."""
        for place in (county_in(target), area):
            data = self._areas.data(place)
            known = data.instance.person_by_id.get(id_of(target)) if data else None
            if data and known and person_key(data.instance, known.id) == target:
                return known
        return None
