"""Many people are away at the same time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import ClassVar

from pydantic import Field

from models.calendar import month_days
from models.instance import Instance
from models.issues import Issue, Sentence
from models.vocabulary import Part, Strength
from scenarios.changes.whom import PeopleChange
from solver.changes.absence import Absence, with_absence


class LeaveWave(PeopleChange):
    """The people meant are away from ``first`` to ``last`` inclusive: flu, training, a court term.

    What is fixed for them in that time is only asked for, since it cannot be kept.
    """

    zh: ClassVar[str] = "集中请假"
    en: ClassVar[str] = "wave of leave"

    first: dt.date = Field(title="开始日期", examples=["2026-12-07"])
    last: dt.date = Field(title="结束日期", description="含当天", examples=["2026-12-11"])
    part: Part | None = Field(None, title="时段", description="不填为全天", examples=["上午"])

    def faults(self, instance: Instance) -> Iterator[Issue]:
        """Those of the people, and a time that is none or outside the month."""
        yield from super().faults(instance)
        days = month_days(instance.settings.month)
        if self.first > self.last:
            yield self.refusal("change_dates_order", "last", first=self.first)
        elif self.last < days[0] or days[-1] < self.first:
            yield self.refusal("change_dates_outside", "first", month=instance.settings.month)

    def sentence(self, instance: Instance) -> Sentence:
        """Say who is away when, and how much that was fixed gives way."""
        whom = self.whom(instance)
        part_zh, part_en = (self.part.label, self.part.value) if self.part else ("全天", "all day")
        zh = f"{self.first} 至 {self.last} {part_zh}不在：{whom.zh}"
        en = f"away {self.first} to {self.last} ({part_en}): {whom.en}"
        fixed = sum(pin.strength is Strength.FIXED for pin in instance.pins)
        left = sum(pin.strength is Strength.FIXED for pin in self.changed(instance).pins)
        if fixed > left:
            zh += f"；其间 {fixed - left} 条固定安排改为尽量沿用"
            en += f"; {fixed - left} fixed pins in that time are only asked for"
        return Sentence(zh, en)

    def changed(self, instance: Instance) -> Instance:
        """Return the instance with a row of leave for each of them."""
        for person in self.meant(instance):
            away = Absence(person.id, self.first, self.last, self.part)
            instance = with_absence(instance, away)
        return instance
