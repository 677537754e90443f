"""People join, each a copy of an existing person."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import ClassVar

from pydantic import Field

from models.instance import Instance
from models.issues import Issue, Sentence
from models.people import Person
from models.rows import Id
from scenarios.changes.base import listed
from scenarios.changes.whom import PeopleChange


class AddPeople(PeopleChange):
    """Newcomers join, each a copy of one of the people meant: kind, firm, lists, fields, hours, areas.

    They advise no village yet, have served no turn, and have no wishes, conflicts or leave.
    With ``to`` they sit at the seats of these areas in turn, without a firm; whose copied areas do
    not hold the seat serves the county around it.
    """

    zh: ClassVar[str] = "增加人员"
    en: ClassVar[str] = "people join"
    may_repeat: ClassVar[bool] = True

    to: tuple[Id, ...] = Field(
        (), title="派驻区划", description="新人依次派驻这些区划", examples=["410105002"]
    )

    def faults(self, instance: Instance) -> Iterator[Issue]:
        """Faults of the people to copy, and unknown areas to sit in."""
        yield from super().faults(instance)
        yield from self.unknown("to", instance.area_by_id, "区划")

    def sentence(self, instance: Instance) -> Sentence:
        """Say how many join, like whom, and where they sit."""
        like, number = self.conditions(instance), len(self.meant(instance))
        zh = f"增加 {number} 人，条件各同{like.zh}中的一人"
        en = f"{number} people join, each like somebody there is ({like.en}"
        is_drawn = self.share is not None or self.count is not None
        zh += f"（按种子 {self.seed} 抽取）" if is_drawn else ""
        en += f"; drawn with seed {self.seed})" if is_drawn else ")"
        if self.to:
            names = [instance.area_by_id[area].name for area in self.to]
            zh += f"；派驻{listed(names, '等 {} 处')}"
            en += f"; they sit in {listed(names, ' … {} places', ', ')}"
        return Sentence(zh, en)

    def changed(self, instance: Instance) -> Instance:
        """Return the instance with the newcomers at the end of the people."""
        free = (f"NEW-{n}" for n in count(1) if f"NEW-{n}" not in instance.person_by_id)
        meant = self.meant(instance)
        people = [
            self._like(instance, person, next(free), number) for number, person in enumerate(meant)
        ]
        return instance.model_copy(update={"people": (*instance.people, *people)})

    def _like(self, instance: Instance, person: Person, code: str, number: int) -> Person:
        """Return a newcomer like ``person``, without anything personal."""
        own = dict.fromkeys(("licence_no", "mobile", "phone"), "")
        terms = dict.fromkeys(("birth_year", "active_from", "active_to"))
        update: dict[str, object] = {"id": code, "name": f"新增{person.kind.label}{code[4:]}"}
        if self.to:
            seat = self.to[number % len(self.to)]
            update |= {"area": seat, "firm": None, "lon": None, "lat": None}
            for field in ("serves_areas", "duty_areas"):
                areas, around = getattr(person, field), instance.ancestors(seat)
                if areas and not set(areas) & set(around):
                    update[field] = around[1:2] or around
        return person.model_copy(update=own | terms | update)
