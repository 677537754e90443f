"""The table of rights, cell by cell, and what holds for every actor and place."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.access.action_places import Place
from api.access.actions import Action
from api.access.policy import BUSY_TIMES, Decision, decide
from api.access.roles import PUBLIC, Actor, Role
from tests.factories import tiny_instance

PARENTS = {
    "320000": None,
    "320500": "320000",
    "320505": "320500",
    "320505001": "320505",
    "320505002": "320505",
    "320506": "320500",
    "320506001": "320506",
}
INSIDE = {"320505": "320505001", "320505001": "320505001"}
SIBLING = {"320505": "320506", "320505001": "320505002"}

ACTORS = {
    "bureau": Actor(Role.BUREAU, "u-bureau", "320505"),
    "office": Actor(Role.OFFICE, "u-office", "320505001"),
    "firm": Actor(Role.FIRM, "u-firm", "320505", firm="F1"),
    "adviser": Actor(Role.ADVISER, "u-adviser", "320505", person="L1", firm="F1"),
    "public": PUBLIC,
}

MATRIX = """
where the actor asks, one letter each: Y yes, b busy times only, - no
  1 own area as a whole          4 the area above            7 another firm's, in the own area
  2 an area inside               5 own person, firm, account 8 namesake of 5 in a sibling area
  3 a sibling area               6 another person, own area  9 shared person, in a sibling area

action           bureau     office     firm       adviser    public
                 123456789  123456789  123456789  123456789  123456789
read_sheet       YYYYYYYYY  YYYYYYYYY  YYYYYYYYY  YYYYYYYYY  YYYYYYYYY
read_instance    YY--YYY--  YY--YYY--  ---------  ---------  ---------
upload_instance  YY--YYY--  ---------  ---------  ---------  ---------
patch_instance   YY--YYY--  YY--YYY--  ---------  ---------  ---------
read_leave       YY--YYY--  YY--YYY-b  ----Y----  ----Y----  ---------
edit_leave       YY--YYY--  YY--YYY--  ---------  ---------  ---------
edit_busy        YY--YYY--  YY--YYY--  ---------  ----Y----  ---------
ask_leave        YY--YYY--  YY--YYY--  ----Y----  ----Y----  ---------
edit_wishes      YY--YYY--  YY--YYY--  ---------  ----Y----  ---------
solve            YY--YYY--  YY--YYY--  ---------  ---------  ---------
read_question    YY--YYY--  YY--YYY--  ---------  ---------  ---------
ask_question     YY--YYY--  YY--YYY--  ---------  ---------  ---------
read_draft       YY--YYY--  YY--YYY-b  ---------  ---------  ---------
edit_draft       YY--YYY--  YY--YYY--  ---------  ---------  ---------
pin              YY--YYY--  YY--YYY--  ---------  ---------  ---------
publish          YY--YYY--  YY--YYY--  ---------  ---------  ---------
withdraw         YY--YYY--  YY--YYY--  ---------  ---------  ---------
read_published   YY--YYY--  YY--YYY-b  ----Y----  ----Y----  ---------
name_lawyer      YY--YYY--  YY--YYY--  ----Y----  ---------  ---------
ask_swap         YY--YYY--  YY--YYY--  ----Y----  ----Y----  ---------
decide           YY--YYY--  YY--YYY--  ---------  ---------  ---------
candidates       YY--YYY--  YY--YYY--  ----Y----  ---------  ---------
unmet            YY--YYY--  YY--YYY--  ---------  ---------  ---------
fairness         YY--YYY--  YY--YYY--  ---------  ---------  ---------
kpis             YY--YYY--  YY--YYY--  ---------  ---------  ---------
read_attendance  YY--YYY--  YY--YYY--  ----Y----  ----Y----  ---------
enter_attendance YY--YYY--  YY--YYY--  ---------  ----Y----  ---------
read_money       YY--YYY--  YY--YYY--  ----Y----  ----Y----  ---------
close_month      YY--YYY--  YY--YYY--  ---------  ---------  ---------
feed_token       YY--YYY--  YY--YYY--  ----Y----  ----Y----  ---------
read_notices     YY--YYY--  YY--YYY--  ---------  ---------  ---------
pass_notices     YY--YYY--  YY--YYY--  ---------  ---------  ---------
choose_notices   YY--YYY--  YY--YYY--  ---------  ----Y----  ---------
own_account      ----Y----  ----Y----  ----Y----  ----Y----  ---------
api_tokens       YY--YYY--  ----Y----  ---------  ---------  ---------
users            YY--YYY--  ---------  ---------  ---------  ---------
log              YY--YYY--  ---------  ---------  ---------  ---------
read_rules       YY--YYY--  YY--YYY--  ---------  ---------  ---------
edit_rules       YY--YYY--  ---------  ---------  ---------  ---------
operate          YY--YYY--  ---------  ---------  ---------  ---------
"""
LETTERS = {Decision.ALLOW: "Y", Decision.BUSY_ONLY: "b", Decision.DENY: "-"}
ROWS = [line.split() for line in MATRIX.splitlines() if set(line[17:]) <= set("Yb- ") and line]


def places_of(actor: Actor) -> list[Place]:
    """Return the nine places of the table as ``actor`` sees them."""
    area = actor.area or "320505"
    own = Place(area, PARENTS, actor.person, actor.firm, actor.user)
    return [
        Place(area, PARENTS),
        Place(INSIDE[area], PARENTS),
        Place(SIBLING[area], PARENTS),
        Place(PARENTS[area], PARENTS),
        own,
        Place(area, PARENTS, "L2", None, "u-other"),
        Place(area, PARENTS, "L3", "F2", "u-other"),
        replace(own, area=SIBLING[area]),
        Place(SIBLING[area], PARENTS, "L4", "F3", "u-other", serves=(area,)),
    ]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_decide_answers_as_the_table_says(row):
    action, *cells = row
    found = [
        "".join(LETTERS[decide(actor, Action(action), place)] for place in places_of(actor))
        for actor in ACTORS.values()
    ]
    assert found == cells


def test_table_has_every_action_and_role():
    assert [row[0] for row in ROWS] == [action.value for action in Action]
    assert list(ACTORS) == [role.value for role in Role]


AREAS = st.sampled_from([*PARENTS, "999999", None])
PEOPLE = st.sampled_from(["L1", "L2", None])
FIRMS = st.sampled_from(["F1", "F2", None])
USERS = st.sampled_from(["u1", "u2", None])
ACTOR = st.builds(Actor, st.sampled_from(Role), USERS, AREAS, PEOPLE, FIRMS)
SERVES = st.lists(AREAS.filter(bool), max_size=2).map(tuple)
PLACE = st.builds(Place, AREAS, st.just(PARENTS), PEOPLE, FIRMS, USERS, SERVES)


def chain(area: str | None) -> list[str]:
    return [area, *chain(PARENTS.get(area))] if area else []


@given(ACTOR, st.sampled_from(Action), PLACE)
def test_nothing_outside_the_own_area_is_allowed(actor, action, place):
    decision = decide(actor, action, place)
    is_outside = actor.area is None or actor.area not in chain(place.area)
    if is_outside and action is not Action.READ_SHEET:
        assert decision is not Decision.ALLOW
    if decision is Decision.BUSY_ONLY:
        assert actor.role is Role.OFFICE
        assert action in BUSY_TIMES
        assert place.person is not None
        assert set(place.serves) & set(chain(actor.area))


@given(st.builds(Actor, st.just(Role.PUBLIC), USERS, AREAS, PEOPLE, FIRMS), PLACE)
def test_public_gets_the_printed_sheet_and_nothing_else(actor, place):
    allowed = [a for a in Action if decide(actor, a, place) is not Decision.DENY]
    assert allowed == [Action.READ_SHEET]


@pytest.mark.parametrize("role", [Role.FIRM, Role.ADVISER])
def test_missing_ids_are_never_the_same_one(role):
    nobody, nobodys = Actor(role, None, "320505"), Place("320505", PARENTS)
    allowed = [a for a in Action if decide(nobody, a, nobodys) is not Decision.DENY]
    assert allowed == [Action.READ_SHEET]


@given(ACTOR, st.sampled_from(Action), PLACE)
def test_what_may_be_done_may_be_known_to_exist(actor, action, place):
    if decide(actor, action, place) is Decision.ALLOW:
        assert decide(actor, action.shown_by, place) is Decision.ALLOW


def test_areas_in_a_circle_end():
    place = Place("a", {"a": "b", "b": "a"})
    assert (place.is_inside("b"), place.is_inside("c")) == (True, False)


def test_places_come_from_an_instance():
    instance = tiny_instance()
    east, west = "410105001", "410105002"
    shared = Place.of_person(instance, "L001", area=west)
    office = Actor(Role.OFFICE, "u", east)
    assert decide(office, Action.READ_DRAFT, shared) is Decision.BUSY_ONLY
    assert decide(office, Action.READ_LEAVE, Place.of_person(instance, "L001")) is Decision.ALLOW
    assert decide(office, Action.SOLVE, Place.of_area(instance, west)) is Decision.DENY
    bureau = Actor(Role.BUREAU, "u", "410105")
    assert decide(bureau, Action.SOLVE, Place.of_area(instance, west)) is Decision.ALLOW


def test_labels_are_bilingual_and_unique():
    for words in (Role, Action):
        assert len({word.label for word in words}) == len(words)
        assert len({word.label_en for word in words}) == len(words)
    assert Role("司法所") is Role.OFFICE
