"""What a client asks again because the first answer got lost acts once, and is answered as at first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.access.roles import Actor, Role
from api.routes.answering.repetition import job_id
from models.instance import RuleSetting
from models.store.database.log import log_of
from models.store.database.store import Store
from models.store.jobs.jobs import put_job
from models.store.plans.instances import put_instance, set_current
from models.store.tables.plan_tables import JobRow
from models.vocabulary import Part
from tests.api.service.running import bureau, serving
from tests.models.store.samples import EAST, draft, duty, office

AREA = f"/api/v1/areas/{EAST}"
CAP = RuleSetting(rule="weekly_cap", field="turns", value="2")
DATA = office(EAST).model_copy(update={"rules": (CAP,)})
DUTIES = [duty(EAST, day, Part.AM, "L001") for day in range(1, 6)]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("repeated") / "data"


@pytest.fixture(scope="module")
def store(data: Path) -> Iterator[Store]:
    with Store.open(data) as opened:
        with opened.begin() as session:
            key = put_instance(session, DATA, area=EAST, by="test")
            set_current(session, EAST, key, revision=0, by="test")
        yield opened


@pytest.fixture(scope="module")
def boss(store: Store, data: Path) -> Iterator[httpx.Client]:
    headers = bureau(data, "boss", EAST)
    with (
        serving(data, workers=0) as address,
        httpx.Client(base_url=address, headers=headers, trust_env=False) as client,
    ):
        yield client


@pytest.fixture
def roster(store: Store) -> int:
    with store.begin() as session:
        return draft(session, EAST, *DUTIES, instance=DATA)


def twice(client: httpx.Client, method: str, path: str, key: str, **words: Any) -> httpx.Response:
    """Ask twice under one key; the answers must be the same."""
    headers = {"Idempotency-Key": key} | words.pop("headers", {})
    first, again = (client.request(method, path, headers=headers, **words) for _ in range(2))
    assert first.is_success, first.text
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers.get("ETag") == first.headers.get("ETag")
    return first


def logged(store: Store, target: str | None = None) -> Counter[str]:
    with store.read() as session:
        return Counter(entry.action for entry in log_of(session, target, limit=500).rows)


def test_edit_publication_and_withdrawal_are_done_once(
    boss: httpx.Client, store: Store, roster: int
) -> None:
    where = f"/api/v1/rosters/{roster}"
    gone = {"before": {"duty": DUTIES[0].model_dump(mode="json")}}
    seen = {"If-Match": '"1"'}
    edited = twice(boss, "PATCH", f"{where}/rows", f"e{roster}", headers=seen, json=gone)
    assert edited.headers["ETag"] == '"2"'
    told = boss.post(f"{where}/publish", json={}).json()["breaches"]
    named = {"acknowledge": [breach["key"] for breach in told]}
    twice(boss, "POST", f"{where}/publish", f"p{roster}", json=named)
    twice(boss, "POST", f"{where}/withdraw", f"w{roster}", json={})
    done = dict.fromkeys(("put_draft", "edit_assignment", "publish", "acknowledge", "withdraw"), 1)
    assert logged(store, f"roster:{roster}") == done


def test_key_of_another_edit_is_refused(boss: httpx.Client, roster: int) -> None:
    rows = [{"before": {"duty": found.model_dump(mode="json")}} for found in DUTIES]
    where = f"/api/v1/rosters/{roster}/rows"
    headers = {"Idempotency-Key": f"x{roster}", "If-Match": '"1"'}
    assert boss.patch(where, json=rows[0], headers=headers).status_code == 200
    other = boss.patch(where, json=rows[1], headers=headers | {"If-Match": '"2"'})
    assert (other.status_code, other.json()["type"]) == (409, "/problems/conflict")


def test_link_asked_for_again_replaces_the_one_that_got_lost(boss: httpx.Client) -> None:
    whose, headers = {"kind": "person", "id": "L001"}, {"Idempotency-Key": "l1"}
    links = [boss.post(f"{AREA}/feeds", json=whose, headers=headers).json() for _ in range(3)]
    paths = [httpx.URL(link["https"]).path for link in links]
    assert [boss.get(path).status_code for path in paths] == [404, 404, 200]
    assert boss.post(f"{AREA}/feeds/revoke", json=whose).json() == {"revoked": 1}
    late = boss.post(f"{AREA}/feeds", json=whose, headers=headers).json()
    assert boss.get(httpx.URL(late["https"]).path).status_code == 200


def test_token_asked_for_again_replaces_the_one_that_got_lost(boss: httpx.Client) -> None:
    asked, headers = {"label": "x"}, {"Idempotency-Key": "t1"}
    where = f"{AREA}/users/boss/tokens"
    made = [boss.post(where, json=asked, headers=headers).json()["token"] for _ in range(3)]
    signed = [{"Authorization": f"Bearer {token}"} for token in made]
    assert [boss.get(AREA + "/data", headers=one).status_code for one in signed] == [401, 401, 200]
    assert boss.delete(where, params={"label": "x"}).json() == {"revoked": 1}


def test_solve_asked_again_is_the_same_job_whatever_data_came_meanwhile(
    boss: httpx.Client, store: Store
) -> None:
    headers = {"Idempotency-Key": "s1"}
    first = boss.post(f"{AREA}/solves", json={"seconds": 5}, headers=headers)
    with store.begin() as session:
        key = put_instance(session, office(EAST, name="later"), area=EAST, by="test")
        set_current(session, EAST, key, revision=1, by="test")
    again = boss.post(f"{AREA}/solves", json={"seconds": 5}, headers=headers)
    assert (again.status_code, again.json()) == (202, first.json())
    assert again.json()["instance"] != key
    other = boss.post(f"{AREA}/solves", json={"seconds": 6}, headers=headers)
    assert (other.status_code, other.json()["issues"][0]["code"]) == (422, "job_id_used")
    files = {"file": ("month.json", b"{}")}
    upload = boss.post(f"{AREA}/imports", files=files, headers=headers)
    assert (upload.status_code, upload.json()["type"]) == (409, "/problems/conflict")


def test_job_that_a_dying_server_did_not_queue_says_so_and_begins_when_asked_again(
    boss: httpx.Client, store: Store
) -> None:
    left, data = job_id(Actor(Role.BUREAU, "boss"), "s2"), DATA.content_hash
    with store.begin() as session:
        put_job(session, JobRow(id=left, kind="solve", area=EAST, owner="boss", instance=data))
    found = boss.get(f"/api/v1/jobs/{left}").json()
    assert (found["state"], found["issues"][0]["code"]) == ("failed", "job_not_begun")
    headers = {"Idempotency-Key": "s2"}
    asked = boss.post(f"{AREA}/solves", json={"seconds": 5}, headers=headers).json()
    assert (asked["id"], asked["state"], asked["issues"]) == (left, "queued", [])
