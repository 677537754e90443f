"""Selects the people a Change applies to: all who match, or a random sample of them."""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Annotated, ClassVar

from pydantic import Field

from models.instance import Instance
from models.issues import Issue, Sentence
from models.people import Person
from models.rows import Id
from models.vocabulary import PersonKind
from scenarios.changes.base import Change, areas_within, listed
from scenarios.generator.draws import stream

Years = Annotated[float, Field(ge=0, le=70)]
Age = Annotated[int, Field(ge=16, le=100)]


class PeopleChange(Change, ABC):
    """A Change about people: whoever fits everything that is given, everybody if nothing is.

    Age is that of the plan's year; whoever states no year of birth fits no age. ``share`` and
    ``count`` draw some of those who fit, the same for the same seed, and a smaller share is
    always part of a larger one.
    """

    may_repeat: ClassVar[bool] = False
    """Whether more may be drawn than fit: copies can be, people cannot."""

    firms: tuple[Id, ...] = Field((), title="机构", description="机构编号", examples=["F01"])
    people: tuple[Id, ...] = Field((), title="人员", description="人员编号", examples=["L001"])
    kinds: tuple[PersonKind, ...] = Field((), title="人员类别", examples=["律师"])
    areas: tuple[Id, ...] = Field(
        (), title="所在区划", description="这些区划及其下级", examples=["410105001"]
    )
    years_from: Years | None = Field(None, title="执业年限不少于", description="年", examples=[3])
    years_below: Years | None = Field(None, title="执业年限少于", description="年", examples=[3])
    age_from: Age | None = Field(None, title="年龄不小于", description="岁", examples=[60])
    age_below: Age | None = Field(None, title="年龄小于", description="岁", examples=[30])
    is_adviser: bool | None = Field(None, title="可任顾问", examples=[True])
    is_duty: bool | None = Field(None, title="可值班", examples=[True])
    share: Annotated[float, Field(gt=0, le=1)] | None = Field(
        None, title="比例", description="从符合者中抽取，0–1", examples=[0.1]
    )
    count: Annotated[int, Field(ge=1, le=100_000)] | None = Field(
        None, title="人数", description="从符合者中抽取", examples=[2]
    )
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = Field(
        1, title="种子", description="抽取的随机种子；不填则用问题的种子", examples=[1]
    )

    def faults(self, instance: Instance) -> Iterator[Issue]:
        """Unknown ids, nobody who fits, more drawn than fit."""
        unknown = [
            *self.unknown("firms", instance.firm_by_id, "机构"),
            *self.unknown("people", instance.person_by_id, "人员"),
            *self.unknown("areas", instance.area_by_id, "区划"),
        ]
        yield from unknown
        if self.share is not None and self.count is not None:
            yield self.refusal("change_share_and_count", "count")
        if self._asks_for_age and not any(p.birth_year for p in instance.people):
            yield self.refusal(
                "change_no_birth_years", "age_from" if self.age_from is not None else "age_below"
            )
        elif not unknown:  # otherwise the matches are unknown
            yield from self._faults_of_number(len(self._fitting(instance)))

    def _faults_of_number(self, fitting: int) -> Iterator[Issue]:
        """Nobody who fits, nobody drawn, more drawn than fit."""
        if not fitting:
            yield self.refusal("change_nobody", "people")
        elif self._number(fitting) == 0:
            yield self.refusal("change_share_of_none", "share", count=fitting)
        elif self._number(fitting) > fitting and not self.may_repeat:
            yield self.refusal("change_too_few_people", "count", count=fitting)

    def meant(self, instance: Instance) -> tuple[Person, ...]:
        """Return the people meant, in order of their ids; where more are asked for, again from the first."""
        fitting = self._fitting(instance)
        order = stream(self.seed, "whom", self.code).permutation(len(fitting)).tolist()
        drawn = sorted(islice(cycle(order), self._number(len(fitting))))
        return tuple(fitting[n] for n in drawn)

    def whom(self, instance: Instance) -> Sentence:
        """Return the people meant in words: how many of whom, and how they were chosen."""
        fitting, meant = len(self._fitting(instance)), len(self.meant(instance))
        conditions = self.conditions(instance)
        zh, en = conditions.zh, conditions.en
        if self.share is None and self.count is None:
            return Sentence(f"{zh}共 {meant} 人", f"{meant} people ({en})")
        return Sentence(
            f"{zh}共 {fitting} 人中的 {meant} 人（按种子 {self.seed} 抽取）",
            f"{meant} of {fitting} people ({en}; drawn with seed {self.seed})",
        )

    @property
    def _asks_for_age(self) -> bool:
        return self.age_from is not None or self.age_below is not None

    def _number(self, fitting: int) -> int:
        if self.count is not None:
            return self.count
        return fitting if self.share is None else int(self.share * fitting + 0.5)

    def _fitting(self, instance: Instance) -> list[Person]:
        areas, year = areas_within(instance, self.areas), int(instance.settings.month[:4])
        people = sorted(instance.people, key=lambda person: person.id)
        return [person for person in people if self._fits(person, areas, year)]

    def _fits(self, person: Person, areas: frozenset[str], year: int) -> bool:
        named = (
            (self.firms, person.firm in self.firms),
            (self.people, person.id in self.people),
            (self.kinds, person.kind in self.kinds),
            (self.areas, person.area in areas),
            (self.is_adviser is not None, person.is_adviser is self.is_adviser),
            (self.is_duty is not None, person.is_duty is self.is_duty),
        )
        age = year - person.birth_year if person.birth_year else None
        is_of_age = not self._asks_for_age or (age is not None and self._is_of_age(age))
        return (
            is_of_age and self._is_senior(person) and all(is_in for asked, is_in in named if asked)
        )

    def _is_of_age(self, age: int) -> bool:
        return (self.age_from or 0) <= age < (self.age_below or 1000)

    def _is_senior(self, person: Person) -> bool:
        is_below = self.years_below is None or person.practice_years < self.years_below
        return (self.years_from or 0) <= person.practice_years and is_below

    def conditions(self, instance: Instance) -> Sentence:
        """Return who fits, in words: whose people of which kind, then lists, seniority and age."""
        whose: list[str] = []
        for codes, known, counted in (
            (self.firms, instance.firm_by_id, "等 {} 家机构"),
            (self.areas, instance.area_by_id, "等 {} 个区划"),
            (self.people, instance.person_by_id, "等 {} 人"),
        ):
            names = [known[code].name for code in codes]
            whose += [listed(names, counted)] if names else []
        zh = "、".join(kind.label for kind in self.kinds) or "人员"
        en = ", ".join(kind.value for kind in self.kinds) or "anybody"
        more = list(self._limits())
        if whose:
            zh = f"{'，'.join(whose)}{'' if self.people else '的' + zh}"
            en = f"{en} of {', '.join(whose)}"
        if more:
            zh += f"（{'，'.join(limit.zh for limit in more)}）"
            en += "".join(f", {limit.en}" for limit in more)
        return Sentence(zh, en)

    def _limits(self) -> Iterator[Sentence]:
        """Yield lists, seniority and age that are asked for."""
        for is_on, zh, en in (
            (self.is_adviser, "顾问名单上", "on the adviser list"),
            (self.is_duty, "值班名单上", "on the duty list"),
        ):
            if is_on is not None:
                yield Sentence(f"{'在' if is_on else '不在'}{zh}", en if is_on else f"not {en}")
        for low, high, zh, unit, en in (
            (self.years_from, self.years_below, "执业", "年", "years in practice"),
            (self.age_from, self.age_below, "年龄", "岁", "years of age"),
        ):
            if low is not None:
                yield Sentence(f"{zh} {low:g} {unit}以上", f"{low:g} or more {en}")
            if high is not None:
                yield Sentence(f"{zh}不到 {high:g} {unit}", f"less than {high:g} {en}")
