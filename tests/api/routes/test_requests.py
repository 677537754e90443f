"""Leave and swaps over HTTP: asked for, agreed, decided, withdrawn, by everybody who may and nobody else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from icalendar import Calendar

from api.office.people.swaps import colleague_named
from models.issues import InputError
from models.store.database.store import Store
from tests.api.service.county import (
    COUNTY,
    DUTIES,
    EAST,
    WEST,
    County,
    county,
    duty,
    put_published,
)
from tests.factories import tiny_content, tiny_instance
from tests.told import code_told

HERE = f"areas/{COUNTY}"
GIVE = {"date": "2026-12-07", "part": "am"}
EXCHANGE = {**GIVE, "to": "例乙", "in_return": {"date": "2026-12-09", "part": "am"}}
LEAVE = {"first": "2026-12-21", "last": "2026-12-22", "kind": "court"}


def swap(own_county: County, who: str = "L001", **body: Any) -> int:
    return int(
        own_county.got(who, "POST", f"{HERE}/requests/swap", 201, json={**GIVE, **body})["id"]
    )


def leave(own_county: County, who: str = "L001", **body: Any) -> int:
    return int(
        own_county.got(who, "POST", f"{HERE}/requests/leave", 201, json={**LEAVE, **body})["id"]
    )


def move(own_county: County, who: str, key: int, how: str, **body: Any) -> httpx.Response:
    return own_county.ask(who, "POST", f"requests/{key}/{how}", json=body)


def state(own_county: County, key: int) -> str:
    return str(own_county.got("bureau", "GET", f"requests/{key}")["state"])


def holders(own_county: County, area: str = COUNTY) -> dict[str, str]:
    """Return who is published on which day."""
    days = {"first": "2026-12-01", "last": "2026-12-31"}
    found = own_county.got("bureau", "GET", f"areas/{area}/bookings", params=days)
    return {row["date"][8:]: row["person"] for row in found["items"] if row["site"] == "Z000"}


def events(own_county: County, link: str) -> dict[str, tuple[str, int]]:
    found = Calendar.from_ical(own_county.client.get(link).content).walk("VEVENT")
    return {f"{e['DTSTART'].dt:%d}": (str(e["STATUS"]), int(e["SEQUENCE"])) for e in found}


def link_of(own_county: County, who: str) -> str:
    whose = {"kind": "person", "id": who}
    made = own_county.got(who, "POST", f"{HERE}/feeds", 201, json=whose)
    return str(httpx.URL(made["https"]).path)


def test_an_exchange_is_agreed_accepted_and_in_both_calendars_at_once(own_county: County) -> None:
    mine, theirs = link_of(own_county, "L001"), link_of(own_county, "L002")
    before = holders(own_county)
    assert (before["07"], before["09"]) == ("L001", "L002")
    key = swap(own_county, **EXCHANGE, why="开庭")
    early = move(own_county, "bureau", key, "accept")
    assert (early.status_code, early.json()["type"]) == (409, "/problems/conflict")
    assert move(own_county, "L002", key, "agree").json()["state"] == "open"
    other = move(own_county, "bureau", key, "accept", to="L004")
    assert (other.status_code, code_told(other.json())) == (400, "swap_other_colleague")
    answer = move(own_county, "bureau", key, "accept", why="好").json()
    assert (answer["request"]["state"], answer["effect"]["new"]) == ("accepted", [])
    assert holders(own_county) == before | {"07": "L002", "09": "L001"}
    assert events(own_county, mine)["07"] == ("CANCELLED", 1)
    assert (events(own_county, mine)["09"], events(own_county, theirs)["07"]) == (
        ("CONFIRMED", 0),
    ) * 2
    log = own_county.got("bureau", "GET", f"rosters/{answer['request']['draft']}/log")["items"]
    assert [(e["action"], e["by"], e["why"]) for e in log] == [
        ("publish", "bureau", f"request:{key}"),
        ("put_draft", "bureau", f"request:{key}"),
    ]
    assert move(own_county, "L001", key, "withdraw").status_code == 409


def test_the_office_finds_somebody_for_a_duty_that_is_given_away(own_county: County) -> None:
    key = swap(own_county)
    unclear = move(own_county, "bureau", key, "accept")
    assert (unclear.status_code, code_told(unclear.json())) == (400, "swap_to_nobody")
    nobody = move(own_county, "bureau", key, "accept", to="例庚")
    assert [issue["code"] for issue in nobody.json()["issues"]] == ["swap_nobody"]
    done = move(own_county, "bureau", key, "accept", to="L004").json()["request"]
    assert (done["state"], done["colleague"]) == ("accepted", "L004")
    assert holders(own_county)["07"] == "L004"


def away(own_county: County, person: str, day: str) -> None:
    """Enter leave that was not known when the roster was made."""
    here = {"If-Match": own_county.ask("bureau", "GET", f"{HERE}/data").headers["ETag"]}
    row = {"after": {"person": person, "first": day, "last": day}}
    own_county.got("bureau", "PATCH", f"{HERE}/data/leave", json=row, headers=here)


def test_a_swap_that_breaks_a_hard_rule_waits_for_a_confirmation(own_county: County) -> None:
    away(own_county, "L002", "2026-12-07")
    key = swap(own_county, to="L002")
    move(own_county, "L002", key, "agree")
    drafted = move(own_county, "bureau", key, "accept").json()
    assert drafted["request"]["state"] == "drafted"
    assert [(b["rule"], b["level"]) for b in drafted["effect"]["new"]] == [("leave", "hard")]
    assert holders(own_county)["07"] == "L001"
    draft = drafted["request"]["draft"]
    assert own_county.got("bureau", "GET", f"rosters/{draft}")["stage"] == "draft"
    assert own_county.got("L001", "GET", f"requests/{key}")["draft"] is None
    keys = [b["key"] for b in move(own_county, "bureau", key, "confirm").json()["breaches"]]
    confirmed = move(own_county, "bureau", key, "confirm", acknowledge=keys)
    assert confirmed.json()["state"] == "accepted"
    assert holders(own_county)["07"] == "L002"


def test_a_clerk_may_look_first_and_find_another_colleague(own_county: County) -> None:
    key = swap(own_county)
    looked = move(own_county, "bureau", key, "accept", to="L002", publish=False).json()
    assert (looked["request"]["state"], looked["effect"]["new"]) == ("drafted", [])
    again = move(own_county, "bureau", key, "accept", to="L004").json()["request"]
    assert (again["state"], again["colleague"]) == ("accepted", "L004")
    assert again["draft"] != looked["request"]["draft"]


def test_a_draft_never_undoes_what_was_published_since(own_county: County) -> None:
    first, second = swap(own_county), swap(own_county, who="L002", date="2026-12-09")
    move(own_county, "bureau", first, "accept", to="L004", publish=False)
    move(own_county, "bureau", second, "accept", to="L001", publish=False)
    assert move(own_county, "bureau", first, "confirm").status_code == 200
    late = move(own_county, "bureau", second, "confirm")
    assert (late.status_code, late.json()["type"]) == (409, "/problems/conflict")
    assert state(own_county, second) == "drafted"
    assert move(own_county, "bureau", second, "accept", to="L001").status_code == 200
    assert (holders(own_county)["07"], holders(own_county)["09"]) == ("L004", "L001")


def test_a_draft_published_by_hand_is_confirmed_as_it_is(own_county: County) -> None:
    key = swap(own_county)
    drafted = move(own_county, "bureau", key, "accept", to="L004", publish=False).json()["request"]
    own_county.got("bureau", "POST", f"rosters/{drafted['draft']}/publish", json={})
    assert move(own_county, "bureau", key, "confirm").json()["state"] == "accepted"
    assert holders(own_county)["07"] == "L004"


def test_a_duty_that_was_given_away_meanwhile_is_no_more_to_be_swapped(own_county: County) -> None:
    first = swap(own_county)
    second = swap(own_county, who="L002", date="2026-12-09", **_with("L001", "2026-12-07"))
    move(own_county, "L001", second, "agree")
    move(own_county, "bureau", first, "accept", to="L004")
    late = move(own_county, "bureau", second, "accept")
    assert (late.status_code, code_told(late.json())) == (409, "swap_moved_on")
    assert move(own_county, "bureau", second, "refuse", why="已由他人接班").status_code == 200


def test_somebody_booked_elsewhere_at_that_time_is_told_as_a_clash(own_county: County) -> None:
    key = swap(own_county, who="L003", date="2026-12-08")
    refused = move(own_county, "bureau", key, "accept", to="L001").json()
    told = [(c["person"], c["date"], c["other_area"]) for c in refused["clashes"]]
    assert told == [("L001", "2026-12-08", EAST)]
    assert (state(own_county, key), holders(own_county)["08"]) == ("open", "L003")
    town = swap(own_county, date="2026-12-08")
    assert move(own_county, "east", town, "accept", to="L002").json()["request"]["area"] == EAST
    assert move(own_county, "bureau", key, "accept", to="L001").status_code == 200


def test_colleague_declines_office_refuses_and_asker_withdraws(own_county: County) -> None:
    declined = swap(own_county, to="L002")
    assert (
        move(own_county, "L002", declined, "decline", why="当天出差").json()["state"] == "declined"
    )
    assert own_county.got("L001", "GET", f"requests/{declined}")["answer"] == "当天出差"
    refused = swap(own_county)
    wordless = move(own_county, "bureau", refused, "refuse", why="  ")
    assert (wordless.status_code, len(wordless.json()["issues"])) == (422, 1)
    assert (
        move(own_county, "bureau", refused, "refuse", why="人手不足").json()["state"] == "refused"
    )
    withdrawn = swap(own_county)
    stale = own_county.ask(
        "L001", "POST", f"requests/{withdrawn}/withdraw", json={}, headers={"If-Match": '"7"'}
    )
    assert stale.status_code == 412
    current = own_county.ask("L001", "GET", f"requests/{withdrawn}").headers["ETag"]
    done = own_county.ask(
        "L001", "POST", f"requests/{withdrawn}/withdraw", json={}, headers={"If-Match": current}
    )
    assert (done.json()["state"], done.headers["ETag"]) == ("withdrawn", '"2"')
    for key in (declined, refused, withdrawn):
        assert move(own_county, "bureau", key, "accept", to="L003").status_code == 409


def test_leave_that_is_accepted_enters_the_data(own_county: County) -> None:
    key = leave(own_county, "firm", person="L002", why="住院")
    before = own_county.got("bureau", "GET", f"{HERE}/data")
    done = move(own_county, "east", key, "accept").json()
    assert (done["request"]["state"], done["effect"]) == ("accepted", None)
    rows = own_county.got("bureau", "GET", f"{HERE}/data/leave")["items"]
    assert {"person": "L002", **LEAVE} in rows
    assert len(rows) == 2
    after = own_county.got("bureau", "GET", f"{HERE}/data")
    assert after["revision"] == before["revision"] + 1


def test_every_fault_of_a_swap_is_told_at_once(own_county: County) -> None:
    wrong = {"date": "2026-12-08", "part": "pm", "to": "例庚", "in_return": {**GIVE}}
    answer = own_county.ask("L001", "POST", f"{HERE}/requests/swap", json=wrong)
    assert answer.status_code == 422
    issues = answer.json()["issues"]
    assert [issue["code"] for issue in issues] == ["swap_no_duty", "swap_nobody"]
    assert all(issue["mend_zh"] and issue["mend_en"] and issue["cell"] for issue in issues)
    for body, code in (
        ({**GIVE, "to": "L001"}, "swap_self"),
        ({**GIVE, "in_return": {**GIVE}}, "swap_return_of_nobody"),
        ({**GIVE, "to": "L003", "in_return": {"date": "2026-12-02", "part": "am"}}, "swap_no_duty"),
        ({"date": "2026-12-08", "part": "am", **_with("L002", "2026-12-09")}, "swap_apart"),
    ):
        answer = own_county.ask("L001", "POST", f"{HERE}/requests/swap", json=body)
        assert [issue["code"] for issue in answer.json()["issues"]] == [code]
    assert own_county.got("bureau", "GET", f"{HERE}/requests") == {"items": [], "next": None}


def _with(colleague: str, day: str) -> dict[str, Any]:
    return {"to": colleague, "in_return": {"date": day, "part": "am"}}


@pytest.mark.parametrize(
    "body", [{"last": "2026-12-01"}, {"kind": "busy"}, {"person": "L 1"}, {"why": "一\n二"}]
)
def test_unusable_leave_is_refused(own_county: County, body: dict[str, Any]) -> None:
    answer = own_county.ask("bureau", "POST", f"{HERE}/requests/leave", json={**LEAVE, **body})
    assert answer.status_code in (404, 422)
    asked = {"person": "L001", **LEAVE, **body}
    answer = own_county.ask("bureau", "POST", f"{HERE}/requests/leave", json=asked)
    assert (answer.status_code, len(answer.json()["issues"])) == (422, 1)


def test_late_swaps_are_for_the_office(seeded: Any, tmp_path: Path) -> None:
    with county(*seeded, tmp_path / "data", swap_notice_days=18) as own_county:
        late = own_county.ask("L001", "POST", f"{HERE}/requests/swap", json=GIVE)
        assert [issue["code"] for issue in late.json()["issues"]] == ["swap_late"]
        assert swap(own_county, who="L002", date="2026-12-09") == 1
        assert swap(own_county, who="bureau", person="L001") == 2


def test_the_same_is_asked_for_once(own_county: County) -> None:
    once = {"Idempotency-Key": "k1"}
    path = f"{HERE}/requests/swap"
    first = own_county.ask("L001", "POST", path, json=GIVE, headers=once)
    assert (first.status_code, first.headers["ETag"]) == (201, '"1"')
    again = own_county.ask("L001", "POST", path, json=GIVE, headers=once)
    assert (again.status_code, again.json()) == (201, first.json())
    assert own_county.ask("L001", "POST", path, json=EXCHANGE, headers=once).status_code == 409
    assert own_county.ask("L001", "POST", path, json=GIVE).status_code == 409
    other = own_county.ask("L002", "POST", path, json={**GIVE, "date": "2026-12-09"}, headers=once)
    assert other.json()["id"] == 2
    move(own_county, "bureau", 1, "accept", to="L004")
    late = own_county.ask("L001", "POST", path, json=GIVE, headers=once)  # the duty is gone since
    assert (late.status_code, late.json()) == (201, first.json())


MATRIX = """
            bureau east west elsewhere firm other-firm L001 L002 L003 M001
town read   yes    yes  no   no        yes  no         yes  yes  no   no
town agree  yes    yes  no   no        yes  no         403  yes  no   no
town decli  yes    yes  no   no        yes  no         403  yes  no   no
town withd  yes    yes  no   no        yes  no         yes  403  no   no
town refus  yes    yes  no   no        403  no         403  403  no   no
town accep  yes    yes  no   no        403  no         403  403  no   no
main read   yes    yes  no   no        yes  no         yes  yes  no   no
main agree  yes    yes  no   no        yes  no         403  yes  no   no
main accep  yes    403  no   no        403  no         403  403  no   no
main refus  yes    403  no   no        403  no         403  403  no   no
away read   yes    yes  no   no        yes  no         yes  no   no   no
away withd  yes    yes  no   no        yes  no         yes  no   no   no
away refus  yes    yes  no   no        403  no         403  no   no   no
away accep  yes    yes  no   no        403  no         403  no   no   no
"""
"""A swap in a township's roster and one in the county's, of L001 (of east, firm F01) with L002; leave of L001."""
MOVES = {
    "agree": "agree",
    "decli": "decline",
    "withd": "withdraw",
    "refus": "refuse",
    "accep": "accept",
}
NAMES, *LINES = [line.split() for line in MATRIX.splitlines() if line]


@pytest.mark.parametrize("line", LINES, ids=lambda line: "-".join(line[:2]))
def test_who_may_do_what_with_a_request(shared_county: County, line: list[str]) -> None:
    own_county, (what, how, *cells) = shared_county, line
    words = {"yes": 200, "no": 404, "403": 403}
    found = []
    for name in NAMES:
        key = {
            "town": lambda: swap(own_county, date="2026-12-08", to="L002"),
            "main": lambda: swap(own_county, to="L002"),
            "away": lambda: leave(own_county),
        }[what]()
        if how == "read":
            answer = own_county.ask(name, "GET", f"requests/{key}")
        else:
            if how == "accep" and what != "away":
                move(own_county, "L002", key, "agree")
            body = {"publish": False} if how == "accep" else {"why": "因故"}
            answer = move(own_county, name, key, MOVES[how], **body)
        found.append(answer.status_code)
        move(own_county, "bureau", key, "withdraw")
    assert found == [words[cell] for cell in cells]


@pytest.mark.parametrize(
    ("who", "person", "status"),
    [
        ("bureau", "L003", 201),
        ("west", "L003", 201),
        ("east", "L003", 403),
        ("elsewhere", "L003", 404),
        ("other-firm", "L003", 201),
        ("firm", "L003", 404),
        ("L003", "L003", 201),
        ("L003", None, 201),
        ("L001", "L003", 404),
        ("bureau", None, 404),
        ("bureau", "nobody", 404),
    ],
)
def test_who_may_ask_for_whom(
    shared_county: County, who: str, person: str | None, status: int
) -> None:
    own_county = shared_county
    named = {} if person is None else {"person": person}
    for path, body in (("leave", LEAVE), ("swap", {"date": "2026-12-11", "part": "am"})):
        answer = own_county.ask(who, "POST", f"{HERE}/requests/{path}", json={**body, **named})
        assert answer.status_code == status, answer.text
        if status == 201:
            move(own_county, "bureau", answer.json()["id"], "withdraw")
    bare = own_county.client.post(f"/api/v1/{HERE}/requests/leave", json=LEAVE)
    assert bare.status_code == 401


def test_a_colleague_reads_the_duty_and_no_reasons(own_county: County) -> None:
    key = swap(own_county, **EXCHANGE, why="离婚案开庭")
    seen = own_county.got("L002", "GET", f"requests/{key}")
    private = {"why", "answer", "asked_by", "draft"}
    assert {name for name, value in seen.items() if value is None} == {"leave", *private}
    assert (seen["gives"]["site"], seen["person_name"]) == ("示例县公共法律服务中心", "例甲")
    listed = own_county.got("L002", "GET", f"{HERE}/requests", params={"person": "L002"})["items"]
    assert listed == [seen]
    assert own_county.got("L001", "GET", f"requests/{key}")["why"] == "离婚案开庭"


def test_what_is_hidden_looks_like_what_is_missing(own_county: County) -> None:
    key = swap(own_county)
    hidden, missing = (own_county.ask("L003", "GET", f"requests/{k}") for k in (key, 999))
    assert (hidden.status_code, hidden.content) == (404, missing.content)


def test_lists_are_for_the_asker_the_colleague_the_firm_and_the_office(own_county: County) -> None:
    mine, town = swap(own_county, to="L003"), swap(own_county, date="2026-12-08")
    away = leave(own_county)
    other = leave(own_county, "L003")

    def listed(who: str, area: str = COUNTY, **params: Any) -> list[int]:
        found = own_county.got(who, "GET", f"areas/{area}/requests", params=params)
        return [row["id"] for row in found["items"]]

    assert listed("bureau") == [other, away, town, mine]
    assert listed("bureau", area=WEST) == [other]
    assert listed("east", area=EAST) == [away, town]
    assert listed("L001", person="L001") == [away, town, mine]
    assert listed("L003", person="L003") == [other, mine]
    assert listed("firm", firm="F01") == [away, town, mine]
    assert listed("other-firm", firm="F02") == [other, mine]
    assert listed("bureau", state="offered") == [mine]
    page = own_county.got("bureau", "GET", f"{HERE}/requests", params={"limit": 3})
    assert page["next"] == town
    assert listed("bureau", before=page["next"]) == [mine]
    for who, params in (
        ("L001", {}),
        ("firm", {}),
        ("L001", {"person": "L003"}),
        ("firm", {"firm": "F02"}),
        ("L001", {"firm": "F01"}),
        ("bureau", {"firm": "F99"}),
        ("east", {}),
    ):
        answer = own_county.ask(who, "GET", f"{HERE}/requests", params=params)
        assert answer.status_code == 404, (who, params)
    both = own_county.ask(
        "bureau", "GET", f"{HERE}/requests", params={"firm": "F01", "person": "L001"}
    )
    assert (both.status_code, code_told(both.json())) == (400, "person_or_firm")


def test_nothing_else_of_the_month_changes_by_a_swap(own_county: County) -> None:
    key = swap(own_county)
    done = move(own_county, "bureau", key, "accept", to="L002").json()["request"]
    rows = own_county.got("bureau", "GET", f"rosters/{done['draft']}/rows")
    kept = [d.model_dump(mode="json") for d in DUTIES if d.date.day != 7]
    assert [row for row in rows["duties"] if row["date"] != "2026-12-07"] == kept
    assert rows["advisers"] == [{"village": "410105001001", "person": "L001"}]


def test_a_person_with_several_duties_at_once_asks_the_office(own_county: County) -> None:
    post = tiny_content()["posts"][2] | {"recurrence": "每天", "parts": ["am"]}
    early = post | {"id": "Z002-早", "start": "08:00", "end": "09:00"}
    late = post | {"id": "Z002-迟", "start": "10:30", "end": "11:30"}
    instance = tiny_instance(posts=[*tiny_content()["posts"], early, late])
    twice = (duty("Z002-早", 2, "L003"), duty("Z002-迟", 2, "L003"))
    with Store.open(own_county.folder) as store, store.begin() as session:
        put_published(session, instance, WEST, twice)
    wanted = {"date": "2026-12-02", "part": "am"}
    answer = own_county.ask("L003", "POST", f"{HERE}/requests/swap", json=wanted)
    assert [issue["code"] for issue in answer.json()["issues"]] == ["swap_several_duties"]


def test_a_name_that_two_people_have_needs_the_id() -> None:
    people = [row | {"name": "例甲"} for row in tiny_content()["people"]]
    with pytest.raises(InputError) as caught:
        colleague_named(tiny_instance(people=people), "例甲", "L002")
    (told,) = caught.value.issues
    assert (told.code, "有 5 人同名" in told.zh) == ("swap_namesakes", True)
