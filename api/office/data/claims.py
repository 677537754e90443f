"""What data may say that goes beyond their own area: places, and people whom others have too.

A licence number tells that two offices mean the same lawyer, whose published times block each
other and may be read as busy. So a number that other data have under another name is taken as a
slip of the pen, or worse, until somebody confirms it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from api.office.conflicts import ConflictError
from api.office.context import Service
from models.area_codes import is_official, is_within
from models.county_ids import person_marks
from models.instance import Instance
from models.issues import InputError
from models.messages import Spot, issue


class ClaimedError(ConflictError):
    """Others have the licence numbers of some people under other names."""

    def __init__(self, people: Collection[str]) -> None:
        self.people = tuple(people)
        named = "、".join(self.people[:20])
        super().__init__(issue("licence_claimed", count=len(self.people), people=named))


def refuse_elsewhere(area: str, instance: Instance) -> None:
    """Refuse data of another place: none of their areas is the one that is to work with them.

    Only official codes tell; an area with a code of its own may work with any.

    Raises
    ------
    InputError
        Every area of the data lies elsewhere.
    """
    codes = [code for code in instance.area_by_id if is_official(code)]
    if not is_official(area) or not codes or any(is_within(code, area) for code in codes):
        return
    spot, named = Spot("body", "$.instance"), instance.settings.area or codes[0]
    raise InputError([issue("data_elsewhere", spot, named, area=area)])


def refuse_claimed(
    service: Service, area: str, instance: Instance, confirmed: Collection[str] = ()
) -> None:
    """Refuse licence numbers that other data have under another name, unless they are confirmed.

    What the area's data say already was confirmed then.

    Raises
    ------
    ClaimedError
        With the ids of the people whose numbers are claimed.
    """
    now = service.areas.data(area)
    known = _licences(now.instance) if now and now.area == area else {}
    new = {
        number: people
        for number, people in _licences(instance).items()
        if people != known.get(number)
    }
    others: defaultdict[str, set[str]] = defaultdict(set)
    for other in service.areas.others(area) if new else ():
        for number, people in _licences(other).items():
            others[number] |= {name for _, name in people}
    claimed = [
        person
        for number, people in new.items()
        for person, name in sorted(people)
        if others[number] - {name} and person not in confirmed
    ]
    if claimed:
        raise ClaimedError(claimed)


def _licences(instance: Instance) -> dict[str, frozenset[tuple[str, str]]]:
    """Return the ids and names of those who have each licence number, by its hash."""
    found: defaultdict[str, frozenset[tuple[str, str]]] = defaultdict(frozenset)
    for person in instance.people:
        licence = person_marks(instance, person.id).licence
        if licence is not None:
            found[licence] |= {(person.id, "".join(person.name.split()))}
    return dict(found)
