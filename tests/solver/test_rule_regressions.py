"""Bugs found in rules that no small drawn month shows; each test failed first."""

from __future__ import annotations

from collections import Counter

from models.roster import AdviserSeat, MediatorSeat, Roster
from solver.modelling.facts import Facts
from solver.rules.conflict_of_interest import ConflictOfInterest
from solver.rules.language import Language
from tests.factories import tiny_content, tiny_instance
from tests.solver.agreement import amount_of, disagreement


def test_a_province_may_speak_more_than_64_dialects():
    content = tiny_content()
    words = [f"方言{n}" for n in range(80)]
    villages = [
        row | {"languages": words[20 * n : 20 * n + 20]}
        for n, row in enumerate(content["villages"])
    ]
    people = [content["people"][0] | {"languages": words[39:40]}]
    facts = Facts(tiny_instance(villages=villages, people=people), "2026-12")
    seats = tuple(AdviserSeat(village=row["id"], person="L001") for row in villages)
    roster = Roster(month="2026-12", advisers=seats)
    assert amount_of(facts, Language(), roster) == 3
    assert disagreement(facts, Language(), roster) == ""


def test_village_and_site_of_one_id_are_both_barred():
    content = tiny_content()
    villages = [content["villages"][0] | {"id": "Z000"}, *content["villages"][1:]]
    conflicts = [{"person": "L001", "village": "Z000"}]
    facts = Facts(tiny_instance(villages=villages, conflicts=conflicts), "2026-12")
    rule = ConflictOfInterest()
    found = Counter(
        amount_of(facts, rule, roster)
        for person in ("L001", "L002", "L003", "M001")
        for roster in (
            Roster(month="2026-12", advisers=(AdviserSeat(village="Z000", person=person),)),
            Roster(month="2026-12", mediators=(MediatorSeat(site="Z000", person=person),)),
        )
        if disagreement(facts, rule, roster) == ""
    )
    # the two lawyers of the firm, at the village and at the site; nobody else
    assert found == {1: 4, 0: 4}
