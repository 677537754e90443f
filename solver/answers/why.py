"""Explains an assignment: what a person, village or slot got, and how the others compare."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from models.issues import InputError, Sentence
from models.messages import issue
from models.people import Person
from models.roster import Roster
from solver.answers.explain import Explainer
from solver.answers.why_station import station_lines
from solver.modelling.choices import Block
from solver.modelling.facts import Facts
from solver.modelling.reading import Reading
from solver.modelling.rule import PairRule, Rule

RANKED = 5


class Why:
    """Answers for one roster."""

    def __init__(
        self, facts: Facts, rules: tuple[Rule, ...], roster: Roster, explainer: Explainer
    ) -> None:
        self._facts = facts
        self._rules = rules
        self._plan = Reading(facts, roster)
        self._explainer = explainer

    def village(self, village_id: str) -> list[Sentence]:
        """Say who advises a village, how the pair fits, and why the others do not.

        Raises
        ------
        InputError
            When the village is unknown.
        """
        number = _known(self._facts.village_idx, village_id, "unknown_village")
        village = self._facts.villages[number]
        lines = []
        for person_id in self._plan.advisers[village_id]:
            person = self._facts.instance.person_by_id[person_id]
            lines.append(self._fit(person, village_id, village.name))
            if village.adviser:
                kept = village.adviser == person_id
                text = (
                    ("沿用现任顾问", "the present adviser is kept")
                    if kept
                    else ("更换顾问", "the adviser changes")
                )
                lines.append(Sentence(*text))
        for visit in self._plan.visits_to[village_id]:
            what = "走访并讲座" if visit.lecture else "走访"
            en = "visit with lecture" if visit.lecture else "visit"
            lines.append(
                Sentence(
                    f"{visit.date} {visit.part.label}{what}",
                    f"{visit.date} {visit.part.value}: {en}",
                )
            )
        if not self._plan.advisers[village_id]:
            lines.append(Sentence(f"{village.name}没有法律顾问", f"{village.name} has no adviser"))
        return [*lines, *self._station(village_id), *self._others(Block.ADVISERS, number)]

    def _station(self, village_id: str) -> Iterator[Sentence]:
        """Say which fixed station a village uses, and why none where the rules plan stations."""
        if self._plan.roster.stations:
            is_planned = self._explainer.plans(Block.STATIONS)
            model = self._explainer.model_of(Block.STATIONS) if is_planned else None
            for zh, en in station_lines(self._facts, self._plan, model, village_id):
                yield Sentence(zh, en)

    def slot(self, slot_id: str) -> list[Sentence]:
        """Say who sits a slot and why the others do not.

        Raises
        ------
        InputError
            When the slot is unknown.
        """
        number = _known(self._facts.slot_idx, slot_id, "unknown_slot")
        slot = self._facts.slots[number]
        lines = [
            Sentence(
                f"{slot.date} {slot.part.label} {slot.site.name} {slot.post.name}",
                f"{slot.date} {slot.part.value}, {slot.start:%H:%M}-{slot.end:%H:%M}",
            )
        ]
        people = self._facts.instance.person_by_id
        held = [(p, "值班", "on duty") for p in self._plan.holders[slot_id]]
        held += [(p, "备班", "standby") for p in self._plan.standbys[slot_id]]
        for person, zh, en in held:
            minutes = self._facts.minutes(person, self._facts.site_place(slot.site.id))
            turns = len(self._plan.turns_of(person))
            name = people[person].name
            lines.append(
                Sentence(
                    f"{zh}：{name}，单程 {minutes} 分钟，本月 {turns} 次",
                    f"{en}: {name}, {minutes} min one way, {turns} turns this month",
                )
            )
        return [*lines, *self._others(Block.DUTIES, number)]

    def person(self, person_id: str) -> list[Sentence]:
        """List what a person holds and which breaches name them.

        Raises
        ------
        InputError
            When the person is unknown.
        """
        _known(self._facts.person_idx, person_id, "unknown_person")
        person = self._facts.instance.person_by_id[person_id]
        villages = [
            self._facts.instance.village_by_id[v].name for v in self._plan.villages_of[person_id]
        ]
        lines = [
            Sentence(
                f"{person.name}（{person.kind.label}）：{len(villages)} 个村居：{'、'.join(villages)}",
                f"{person.name} ({person.kind.value}): {len(villages)} villages",
            )
        ]
        for sitting in self._plan.sittings_of[person_id]:
            s, role = sitting.slot, "备班" if sitting.standby else "值班"
            lines.append(
                Sentence(f"{s.date} {s.part.label} {role} {s.site.name} {s.post.name}", s.id)
            )
        for visit in self._plan.visits_of[person_id]:
            name = self._facts.instance.village_by_id[visit.village].name
            lines.append(
                Sentence(f"{visit.date} {visit.part.label} 走访 {name}", f"visit {visit.village}")
            )
        breaches = (b for rule in self._rules for b in rule.check(self._facts, self._plan))
        lines += [
            Sentence(b.zh, f"{b.en} [{b.rule} {b.amount}]")
            for b in breaches
            if b.subject == person_id
        ]
        return lines

    def _fit(self, person: Person, village_id: str, name: str) -> Sentence:
        minutes = self._facts.minutes(person.id, self._facts.village_place(village_id))
        demand = self._facts.instance.village_by_id[village_id].demand
        met = sum(n for field, n in demand.items() if field in person.specialities)
        total = sum(demand.values())
        count = len(self._plan.villages_of[person.id])
        return Sentence(
            f"{name}的顾问：{person.name}，单程 {minutes} 分钟，专长对应 {met}/{total} 件，共 {count} 个村居",
            f"adviser of {name}: {person.name}, {minutes} min one way, {met}/{total} matters in their "
            f"fields, {count} villages in all",
        )

    def _others(self, block: Block, demand: int) -> Iterator[Sentence]:
        yield Sentence("其他人：", "the others:")
        for reason in self._explainer.why(self._plan, block, demand):
            zh, en = (
                f"{reason.count} 人也可以，但总体不如现在的安排",
                f"{reason.count} could, but the plan as a whole is better so",
            )
            if reason.code != "spared" or not self._is_filled(block, demand):
                zh, en = reason.zh, reason.en
            yield Sentence(f"  {zh}", f"  {en}")
        yield from self._ranked(block, demand)

    def _is_filled(self, block: Block, demand: int) -> bool:
        if block is Block.ADVISERS:
            return bool(self._plan.advisers[self._facts.villages[demand].id])
        slot = self._facts.slots[demand]
        return len(self._plan.holders[slot.id]) >= slot.head_count

    def _ranked(self, block: Block, demand: int) -> Iterator[Sentence]:
        """Yield the cheapest of those whom no rule about pairs refuses, with what each would cost."""
        model = self._explainer.model_of(block)
        offered = model.choices[block].holding()
        mine = offered.where(offered.demand == demand)
        priced = [r for r in model.rules if isinstance(r, PairRule) and block in r.blocks]
        amounts = {rule: rule.weight * rule.amounts(self._facts, mine) for rule in priced}
        total = sum(amounts.values(), np.zeros(len(mine), dtype=np.int64))
        for n in np.lexsort((mine.person, mine.minutes, total))[:RANKED]:
            person = self._facts.people[mine.person[n]]
            costs = [rule for rule in priced if amounts[rule][n]]
            zh = "，".join(f"{rule.zh} {amounts[rule][n]}" for rule in costs) or "无扣分"
            en = ", ".join(f"{rule.en} {amounts[rule][n]}" for rule in costs) or "no cost"
            yield Sentence(f"  候选 {person.name}：{zh}", f"  candidate {person.id}: {en}")


def _known(index: dict[str, int], key: str, code: str) -> int:
    """Return the number of an id; ``code`` is the message if there is no such id."""
    if key in index:
        return index[key]
    raise InputError([issue(code, value=key)])
