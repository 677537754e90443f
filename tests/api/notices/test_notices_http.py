"""Notices over HTTP: what a draft would tell, what was told, who was not reached, ways, groups."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from tests.api.routes.test_publication import copied, hand, publish, published
from tests.api.routes.test_requests import EXCHANGE, move, swap
from tests.api.service.county import COUNTY, EAST, County
from tests.api.service.office import Office
from tests.factories import tiny_instance
from tests.told import code_told

HERE = f"areas/{COUNTY}"


def codes(refused: httpx.Response) -> list[str]:
    return [issue["code"] for issue in refused.json()["issues"]]


def test_the_texts_are_there_before_and_after_a_publication(own_county: County) -> None:
    draft = copied(own_county)
    hand(own_county, draft, 11, "L003", "L004")
    for _ in ("before", "after"):
        told = own_county.got("bureau", "GET", f"rosters/{draft}/notices")
        assert told["event"] == f"publication:{draft}"
        assert "例丙 改为 例丁" in told["digest"]
        texts = {item["name"]: item["text"].splitlines()[1][:9] for item in told["items"]}
        assert texts == {"例丙": "取消 12月11日", "例丁": "新增 12月11日"}
        assert publish(own_county, draft).status_code in {200, 409}
    states = own_county.got("bureau", "GET", f"{HERE}/notices", params={"event": told["event"]})
    assert {item["state"] for item in states["items"]} <= {"waiting", "no_way"}
    assert {item["way"] for item in states["items"]} == {None}
    assert own_county.got("bureau", "GET", f"rosters/{published(own_county)['id']}/notices")[
        "counts"
    ]


def test_what_did_not_arrive_is_passed_on_by_hand(own_county: County) -> None:
    service = own_county.client
    found = own_county.got("bureau", "GET", f"{HERE}/notices", params={"limit": 1})["items"][0]
    where = f"{HERE}/notices/{found['id']}/told"
    if found["state"] == "waiting":
        refused = own_county.ask("bureau", "POST", where)
        assert (refused.status_code, code_told(refused.json())) == (409, "notice_not_unreached")
    missing = own_county.ask("bureau", "POST", f"{HERE}/notices/999999/told")
    assert (missing.status_code, code_told(missing.json())) == (404, "no_notice")
    assert own_county.ask("west", "POST", where).status_code == 404
    assert service.get(f"/api/v1/{HERE}/notices").status_code == 401


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"way": "email", "address": "a@example.cn"}, "notice_way_closed"),
        ({"way": "sms"}, "notice_way_closed"),
        ({"way": "wecom"}, "notice_way_closed"),
        ({"way": "pigeon"}, None),
    ],
)
def test_a_way_that_is_not_set_up_cannot_be_chosen(
    shared_county: County, wanted: dict[str, str], code: str | None
) -> None:
    where = f"{HERE}/people/L001/notice-way"
    refused = shared_county.ask("L001", "PUT", where, json=wanted)
    assert refused.status_code == 422
    assert code is None or codes(refused) == [code]


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"way": "sms"}, "notice_no_mobile"),
        ({"way": "email"}, "notice_email"),
        ({"way": "email", "address": "a@b"}, "notice_email"),
        ({"way": "email", "address": "a@example.cn\nBcc: b@example.cn"}, "notice_email"),
        ({"way": "email", "address": "例@example.cn"}, "notice_email"),
    ],
)
def test_a_way_must_lead_somewhere(office: Office, wanted: dict[str, str], code: str) -> None:
    office.use(tiny_instance())
    settings = {"smtp_host": "127.0.0.1", "sms_url": "https://localhost/sms"}
    chosen = office.service.settings.model_copy(update=settings)
    office.app._app._app.state.service = replace(office.service, settings=chosen)
    refused = office.ask("boss", "PUT", f"{HERE}/people/L001/notice-way", json=wanted)
    assert codes(refused) == [code]


def test_a_person_chooses_for_himself_alone(own_county: County) -> None:
    where = f"{HERE}/people/L001/notice-way"
    assert own_county.got("L001", "GET", where) == {
        "way": None,
        "address": "",
        "reminder": True,
        "is_chosen": False,
        "open": ["hand"],
    }
    chosen = own_county.got("L001", "PUT", where, json={"way": "hand", "reminder": False})
    assert (chosen["is_chosen"], chosen["reminder"]) == (True, False)
    assert own_county.ask("L002", "GET", where).status_code == 404
    assert own_county.got("east", "DELETE", where)["is_chosen"] is False
    own = own_county.got("L001", "GET", f"{HERE}/people/L001/notices")["items"]
    assert {item["name"] for item in own} == {"例甲"}
    assert own_county.ask("L001", "GET", f"{HERE}/people/L002/notices").status_code == 404


ROBOT = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=made-up"


def test_a_group_is_added_listed_without_its_secret_and_removed(own_county: County) -> None:
    where = f"areas/{EAST}/notice-groups"
    wanted = {"name": "示例群", "way": "wecom", "address": ROBOT}
    made = own_county.got("east", "POST", where, 201, json=wanted)
    listed = own_county.ask("east", "GET", where)
    assert [one["id"] for one in listed.json()] == [made["id"]]
    assert "made-up" not in listed.text
    assert own_county.ask("west", "GET", where).status_code == 404
    assert own_county.ask("east", "DELETE", f"{where}/{made['id']}").status_code == 204
    missing = own_county.ask("east", "DELETE", f"{where}/{made['id']}")
    assert (missing.status_code, code_told(missing.json())) == (404, "no_notice_group")
    assert own_county.got("east", "GET", where) == []


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/cgi-bin/webhook/send?key=made-up",
        "http://qyapi.weixin.qq.com/cgi-bin/webhook/send",
        "https://qyapi.weixin.qq.com@evil.example/",
        "https://user:pw@qyapi.weixin.qq.com/",
        "https://qyapi.weixin.qq.com:444/",
        "https://[::1]/",
        "not an address",
    ],
)
def test_a_group_lies_at_a_robots_host_alone(shared_county: County, address: str) -> None:
    wanted = {"name": "示例群", "way": "wecom", "address": address}
    refused = shared_county.ask("east", "POST", f"areas/{EAST}/notice-groups", json=wanted)
    assert (refused.status_code, codes(refused)) == (422, ["notice_robot_host"])
    assert "made-up" not in refused.text
    assert "pw" not in refused.text


def told(county: County) -> dict[str, str]:
    """Return what was told of requests: the newest text of each person."""
    found: dict[str, str] = {}
    for item in county.got("bureau", "GET", f"{HERE}/notices", params={"limit": 500})["items"]:
        if item["kind"] == "request":
            found.setdefault(item["name"], item["text"])
    return found


def test_both_sides_of_a_swap_are_told_each_step_once(own_county: County) -> None:
    key = swap(own_county, **EXCHANGE)
    what = "12月7日上午的值班（换12月9日上午的值班）"
    assert told(own_county) == {"例乙": f"【值班】例乙，例甲请您接替{what}，请在系统中答复。"}
    move(own_county, "L002", key, "agree")
    assert told(own_county)["例甲"] == f"【值班】例甲，例乙愿意接您{what}，等待单位办理。"
    before = told(own_county)
    assert move(own_county, "bureau", key, "accept").status_code == 200
    assert told(own_county) == before  # the publication tells both
    roster = published(own_county)["id"]
    found = own_county.got("bureau", "GET", f"rosters/{roster}/notices")
    assert {item["name"] for item in found["items"]} == {"例甲", "例乙"}


def test_a_refused_swap_is_told_to_both_without_the_reason(own_county: County) -> None:
    key = swap(own_county, **EXCHANGE)
    move(own_county, "bureau", key, "refuse", why="案情复杂")
    texts = told(own_county)
    assert "未获同意" in texts["例甲"]
    assert "请按原安排" in texts["例乙"]
    assert "案情" not in "".join(texts.values())


def test_accepted_leave_is_told_to_whoever_asked(own_county: County) -> None:
    asked = {"first": "2026-12-21", "last": "2026-12-22"}
    made = own_county.got("L003", "POST", f"{HERE}/requests/leave", 201, json=asked)
    move(own_county, "bureau", made["id"], "accept")
    assert told(own_county) == {"例丙": "【值班】例丙，您申请12月21日至12月22日请假已获同意。"}
