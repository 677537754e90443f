"""Slots for which firms name the person are shared out among the firms by listed people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.places import admitted_kinds
from models.report import Breach, FirmShare, Level
from solver.modelling.choices import Block
from solver.modelling.rule import Count, Rule

if TYPE_CHECKING:
    from models.arrays import Ints
    from models.people import Person
    from models.places import Post
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class FirmsByShare(Rule):
    """The slots of a post for which firms name the person go to firms by their listed people.

    Listed are people of a firm who are on the duty list and in office in the month, of a kind that
    the post admits, and who serve its area. Nobody without a firm takes such a slot. The firm
    names a listed person until ``days_ahead`` days before; later the office names.
    Formula: for each such post and firm f, |due[f] - seats held by people of f|; due[f] is
    seats × listed[f] / sum of listed, rounded down, and what is left goes one by one to the
    largest remainders, of equal ones to the first firm by id.

    Source: Dongguan legal aid notice (dates per firm, the firm names the lawyer); Wujiang
    (Shaoguan) 2024-12 (a listed colleague, at least 1 day ahead); Legal Aid Agency (England and
    Wales): slots in proportion to accredited duty solicitors.
    """

    zh: ClassVar[str] = "机构派班份额"
    en: ClassVar[str] = "firm shares"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.DUTIES})

    level: Level = Level.WAIVABLE
    goal: Goal = Goal.WAIVABLE
    days_ahead: Count = 1

    def encode(self, model: Model) -> None:
        """Exactly the due number of seats per post and firm, none for people without a firm."""
        facts = model.facts
        posts = _posts(facts)
        if not posts:
            return
        firms = {firm.id: n for n, firm in enumerate(facts.instance.firms, 1)}
        number = {post.id: n for n, post in enumerate(posts)}
        target = np.array([_due(facts, post) for post in posts], dtype=np.int64).ravel()
        of_slot = [number.get(slot.post.id, -1) for slot in facts.slots]
        of_person = [firms.get(person.firm or "", 0) for person in facts.people]
        for choices in model.choices_of(self.blocks):
            held = choices.holding()
            held = held.where(np.array(of_slot, dtype=np.int64)[held.demand] >= 0)
            post = np.array(of_slot, dtype=np.int64)[held.demand]
            firm = np.array(of_person, dtype=np.int64)[held.person]
            model.exactly(self, post * (len(firms) + 1) + firm, held.column, target)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Compare what each firm was given with its share, and ask everybody for a firm."""
        for row in self.firm_shares(plan):
            if row.due != row.given:
                post, firm = facts.instance.post_by_id[row.post], row.firm
                name = facts.instance.firm_by_id[firm].name
                zh = f"{post.name}：{name}应派 {row.due} 班，现 {row.given} 班"
                en = f"{post.name}: {row.given} of {row.due} slots for {name}"
                yield self.breach(firm, abs(row.due - row.given), zh, en)
        for sitting in plan.sittings:
            person = facts.instance.person_by_id[sitting.person]
            is_held = sitting.slot.post.firm_named and not sitting.standby
            if is_held and person.firm not in facts.instance.firm_by_id:
                zh = f"{sitting.slot.post.name}由机构派人，{person.name}没有执业机构"
                en = f"{sitting.slot.post.name} is for firms; {person.name} has none"
                yield self.breach(sitting.slot.id, 1, zh, en)

    def firm_shares(self, plan: Reading) -> tuple[FirmShare, ...]:
        """Return what is due to each firm that has listed people or holds a seat, post by post."""
        facts, rows = plan.facts, []
        known = facts.instance.person_by_id
        for post in _posts(facts):
            slots = [slot for slot in facts.slots if slot.post.id == post.id]
            holders = (known[person] for slot in slots for person in plan.holders[slot.id])
            given = Counter(person.firm for person in holders if person.firm)
            listed = Counter(p.firm for p in facts.people if p.firm and _is_listed(facts, post, p))
            seats, everybody = sum(slot.head_count for slot in slots), listed.total()
            exact = {f: Fraction(seats * n, everybody) for f, n in listed.items()}
            due = {firm: int(share) for firm, share in exact.items()}
            while sum(due.values()) < seats and due:
                firm = min(due, key=lambda f: (due[f] - exact[f], f))
                due[firm] += 1
            rows += [
                FirmShare(
                    post=post.id,
                    firm=firm.id,
                    listed=listed[firm.id],
                    exact=round(float(exact.get(firm.id, 0)), 2),
                    due=due.get(firm.id, 0),
                    given=given[firm.id],
                    days_ahead=self.days_ahead,
                )
                for firm in facts.instance.firms
                if listed[firm.id] or given[firm.id]
            ]
        return tuple(rows)


def _posts(facts: Facts) -> list[Post]:
    """Return the posts with slots in the month for which firms name the person."""
    return list({s.post.id: s.post for s in facts.slots if s.post.firm_named}.values())


def _is_listed(facts: Facts, post: Post, person: Person) -> bool:
    """Say whether a person is on the list of those who may be named for a post."""
    areas = person.duty_areas or person.serves_areas
    site = facts.instance.site_by_id[post.site]
    serves = not areas or not set(areas).isdisjoint(facts.instance.ancestors(site.area))
    in_office = any(facts.is_active(person, day) for day in facts.days)
    return person.is_duty and in_office and serves and person.kind in admitted_kinds(post)


def _due(facts: Facts, post: Post) -> Ints:
    """Return the seats due to people without a firm (none), then to each firm, by id."""
    firms = facts.instance.firms
    listed = np.zeros(len(firms) + 1, dtype=np.int64)
    number = {firm.id: n for n, firm in enumerate(firms, 1)}
    for person in facts.people:
        if person.firm in number and _is_listed(facts, post, person):
            listed[number[person.firm]] += 1
    seats = sum(slot.head_count for slot in facts.slots if slot.post.id == post.id)
    everybody = max(1, int(listed.sum()))
    due, left = np.divmod(seats * listed, everybody)
    order = sorted(range(1, len(listed)), key=lambda n: (-left[n], n))
    due[order[: seats - int(due.sum()) if listed.any() else 0]] += 1
    return due
