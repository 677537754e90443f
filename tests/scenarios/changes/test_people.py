"""People who leave, join or are away: who is meant, and what goes along with them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from models.instance import Instance
from models.people import Leave
from models.vocabulary import Part, Strength
from tests.factories import tiny_content, tiny_instance
from tests.scenarios.changes.making import applied, refused, said, why


def with_facts(**tables: Any) -> Instance:
    """Return the tiny instance; L001 advises the first village and is named in every table."""
    villages = tiny_content()["villages"]
    villages[0] |= {"adviser": "L001"}
    pin = {"kind": "adviser", "target": "410105001001"}
    ledger = {"month": "2026-11", "kind": "consultation", "turns": 1}
    facts: dict[str, Any] = {
        "villages": villages,
        "leave": [{"person": p, "first": "2026-12-01", "last": "2026-12-02"} for p in PAIR],
        "wishes": [{"person": p, "attitude": "avoid", "weekday": 1} for p in PAIR],
        "conflicts": [{"person": p, "village": "410105002001"} for p in PAIR],
        "pins": [pin | {"person": "L001"}, pin | {"person": "L003", "strength": "keep"}],
        "ledger": [ledger | {"person": p} for p in PAIR],
        "pairs": [{"person": p, "place": "410105001001", "minutes": 9} for p in PAIR],
    }
    return tiny_instance(**(facts | tables))


PAIR = ("L001", "L003")


def ids(instance: Instance) -> list[str]:
    return [person.id for person in instance.people]


def test_a_firm_leaves_with_everything_that_names_its_people():
    before = with_facts()
    after = applied(before, "remove_people", firms=["F01"])
    assert ids(after) == ["L003", "L004", "M001"]
    assert [firm.id for firm in after.firms] == ["F02"]
    for table in ("leave", "wishes", "conflicts", "pins", "ledger", "pairs"):
        assert [row.person for row in getattr(after, table)] == ["L003"]
    assert [village.adviser for village in after.villages] == [None] * 4
    assert said(before, "remove_people", firms=["F01"]) == (
        "离开：示例律师事务所的人员共 2 人，1 家机构不再有人；1 个村居失去现任法律顾问；"
        "1 条固定安排取消"
    )


def test_a_firm_that_keeps_somebody_stays():
    after = applied(tiny_instance(), "remove_people", people=["L001"])
    assert (ids(after)[0], len(after.firms)) == ("L002", 2)


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ({"kinds": ["律师"]}, "L003 L004 M001"),
        ({"areas": ["410105001"]}, "L003 L004 M001"),
        ({"areas": ["410105001"], "kinds": ["grassroots"], "people": ["L001"]}, None),
        ({"years_from": 10}, "L001 L003 L004 M001"),
        ({"years_below": 10}, "L002"),
        ({"age_from": 60}, "L002 L003 L004 M001"),
        ({"age_below": 60}, "L001 L003 L004 M001"),
        ({"is_adviser": False}, "L001 L002 L003 L004"),
        ({"is_duty": True, "count": 4}, None),
    ],
)
def test_whoever_fits_everything_given_is_meant(given: dict[str, Any], left: str | None):
    people = tiny_content()["people"]
    people[0] |= {"birth_year": 1966}
    people[1] |= {"birth_year": 1967, "practice_years": 10}
    people[4] |= {"is_adviser": False}
    for row in people[1:]:
        row |= {"is_duty": False}
    instance = tiny_instance(people=people)
    if left is None:
        assert refused(instance, "remove_people", **given)
    else:
        assert " ".join(ids(applied(instance, "remove_people", **given))) == left


def test_a_smaller_share_is_part_of_a_larger_one_and_a_seed_draws_the_same():
    people = [tiny_content()["people"][0] | {"id": f"L{n:03}"} for n in range(40)]
    instance, shuffled = tiny_instance(people=people), tiny_instance(people=people[::-1])
    left = [set(ids(applied(instance, "remove_people", share=share))) for share in (0.1, 0.25, 0.5)]
    assert [40 - len(some) for some in left] == [4, 10, 20]
    assert left[0] > left[1] > left[2]
    assert set(ids(applied(shuffled, "remove_people", share=0.1))) == left[0]
    assert set(ids(applied(instance, "remove_people", share=0.1, seed=2))) != left[0]


def test_what_cannot_be_drawn_is_refused_with_every_reason():
    instance = tiny_instance()
    found = refused(
        instance, "remove_people", firms=["F09"], areas=["9"], share=0.5, count=1, age_from=60
    )
    assert {cell: issue.code for cell, issue in found.items()} == {
        "firms": "dangling",
        "areas": "dangling",
        "count": "change_share_and_count",
        "age_from": "change_no_birth_years",
    }
    assert "F02" in found["firms"].mend_zh
    assert why(instance, "remove_people", share=0.05) == {"share": "change_share_of_none"}
    assert why(instance, "remove_people", count=6) == {"count": "change_too_few_people"}
    assert why(instance, "remove_people", kinds=["notary"]) == {"people": "change_nobody"}


def test_newcomers_are_like_those_they_are_copied_from_but_nobody_yet():
    people = tiny_content()["people"]
    people[0] |= {"mobile": "13800000000", "licence_no": "1", "birth_year": 1966, "share": 0.5}
    people[0] |= {"active_to": "2026-12-05", "villages_max": 3}
    after = applied(with_facts(people=people), "add_people", people=["L001"], count=2)
    first, second = after.people[5:]
    assert (first.id, second.id) == ("NEW-1", "NEW-2")
    assert (first.firm, first.share, first.villages_max) == ("F01", 0.5, 3)
    assert (first.mobile, first.licence_no, first.birth_year, first.active_to) == (
        "",
        "",
        None,
        None,
    )
    assert [village.adviser for village in after.villages].count("NEW-1") == 0
    assert said(tiny_instance(), "add_people", people=["L001"], count=2) == (
        "增加 2 人，条件各同例甲中的一人（按种子 1 抽取）"
    )


def test_newcomers_sit_where_they_are_sent_and_serve_there():
    people = tiny_content()["people"]
    people[0] |= {"serves_areas": ["410105001"], "lon": 113.7, "lat": 34.8}
    sent = {"people": ["L001"], "count": 3, "to": ["410105002", "410105001"]}
    new = applied(tiny_instance(people=people), "add_people", **sent).people[5:]
    assert [person.area for person in new] == ["410105002", "410105001", "410105002"]
    assert [person.serves_areas for person in new] == [("410105",), ("410105001",), ("410105",)]
    assert {(person.firm, person.lon) for person in new} == {(None, None)}
    assert set(refused(tiny_instance(), "add_people", to=["9"])) == {"to"}


def test_a_wave_of_leave_makes_fixed_pins_give_way():
    at = {"target": "Z001-咨询", "date": "2026-12-08", "part": "am"}
    pins = [{"kind": "duty", "person": p} | at for p in ("L001", "L003")]
    instance = tiny_instance(pins=pins)
    wave = {"first": dt.date(2026, 12, 7), "last": dt.date(2026, 12, 11), "part": "上午"}
    after = applied(instance, "leave_wave", firms=["F01"], **wave)
    assert after.leave == tuple(
        Leave(person=p, first=wave["first"], last=wave["last"], part=Part.AM)
        for p in ("L001", "L002")
    )
    assert [pin.strength for pin in after.pins] == [Strength.KEEP, Strength.FIXED]
    assert said(instance, "leave_wave", firms=["F01"], **wave) == (
        "2026-12-07 至 2026-12-11 上午不在：示例律师事务所的人员共 2 人；"
        "其间 1 条固定安排改为尽量沿用"
    )


def test_a_wave_of_leave_lies_in_the_month():
    instance = tiny_instance()
    days = [dt.date(2026, 11, 30), dt.date(2026, 12, 1)]
    backwards = why(instance, "leave_wave", first=days[1], last=days[0])
    assert backwards == {"last": "change_dates_order"}
    before = why(instance, "leave_wave", first=days[0], last=days[0])
    assert before == {"first": "change_dates_outside"}
    assert len(applied(instance, "leave_wave", first=days[0], last=days[1]).leave) == 5
