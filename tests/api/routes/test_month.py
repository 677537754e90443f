"""A month through HTTP: upload, mend, solve, edit, publish, subscribe, swap, publish again."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from icalendar import Calendar

from models.formats.write import write_json
from models.instance import Instance
from scenarios.generator.generate import generate
from tests.api.service.running import PASSWORD, command, serving
from tests.told import code_told

COUNTY = "340223"
TOWNSHIP = "340223105"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("service") / "data"
    for name, role, area in (
        ("boss", "bureau", COUNTY),
        ("station", "office", TOWNSHIP),
        ("stranger", "bureau", "410105"),
    ):
        words = ("user", "add", name, "--role", role, "--area", area)
        command(folder, *words, said=f"{PASSWORD}\n")
    return folder


@pytest.fixture(scope="module")
def service(data: Path) -> Iterator[str]:
    with serving(data) as address:
        yield address


def client(address: str, data: Path, user: str) -> httpx.Client:
    token = command(data, "token", "add", user, "--label", "test")
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.Client(base_url=address, headers=headers, trust_env=False, timeout=60)


@pytest.fixture(scope="module")
def boss(service: str, data: Path) -> Iterator[httpx.Client]:
    with client(service, data, "boss") as found:
        yield found


@pytest.fixture(scope="module")
def instance() -> Instance:
    return generate(TOWNSHIP, "T", 1)


def finished(boss: httpx.Client, answer: httpx.Response) -> dict[str, Any]:
    """Wait for the job of an answer."""
    assert answer.status_code == 202, answer.text
    job: dict[str, Any] = answer.json()
    for _ in range(1200):
        if job["state"] in ("done", "failed", "cancelled"):
            return job
        time.sleep(0.1)
        job = boss.get(f"/api/v1/jobs/{job['id']}").json()
    raise AssertionError(job)


def upload(boss: httpx.Client, content: bytes, key: str | None = None) -> httpx.Response:
    headers = {"Idempotency-Key": key} if key else {}
    files = {"file": ("month.json", content)}
    return boss.post(f"/api/v1/areas/{COUNTY}/imports", files=files, headers=headers)


@pytest.fixture(scope="module")
def current(boss: httpx.Client, instance: Instance, tmp_path_factory: Any) -> dict[str, Any]:
    """Upload the data and work with them."""
    path = tmp_path_factory.mktemp("input") / "month.json"
    write_json(instance, path)
    first = upload(boss, path.read_bytes(), key="k1")
    again = upload(boss, path.read_bytes(), key="k1")
    assert first.json()["id"] == again.json()["id"]
    job = finished(boss, first)
    assert (job["state"], job["instance"]) == ("done", instance.content_hash)
    where = f"/api/v1/areas/{COUNTY}/data"
    chosen = boss.put(where, json={"instance": job["instance"]}, headers={"If-Match": '"0"'})
    assert (chosen.status_code, chosen.headers["ETag"]) == (200, '"1"')
    late = boss.put(where, json={"instance": job["instance"]}, headers={"If-Match": '"0"'})
    assert (late.status_code, late.json()["type"]) == (412, "/problems/changed-meanwhile")
    return dict(chosen.json())


@pytest.fixture(scope="module")
def draft(boss: httpx.Client, current: dict[str, Any]) -> int:
    answer = boss.post(f"/api/v1/areas/{COUNTY}/solves", json={"seconds": 30})
    job = finished(boss, answer)
    assert job["state"] == "done"
    return int(job["roster"])


def rows(boss: httpx.Client, roster: int) -> dict[str, Any]:
    return dict(boss.get(f"/api/v1/rosters/{roster}/rows").json())


def events_of(feed: bytes) -> dict[str, Any]:
    found = Calendar.from_ical(feed).walk("VEVENT")
    return {str(e["UID"]): (int(e["SEQUENCE"]), str(e["STATUS"]), e["DTSTART"].dt) for e in found}


def test_every_issue_of_an_upload_is_told_at_once_and_nothing_kept(
    boss: httpx.Client, instance: Instance
) -> None:
    content = json.loads(instance.canonical().model_dump_json(exclude_defaults=True))
    content["villages"][0]["area"] = "nowhere"
    content["people"][0]["kind"] = "astronaut"
    job = finished(boss, upload(boss, json.dumps(content).encode()))
    assert (job["state"], job["instance"]) == ("failed", None)
    assert len(job["issues"]) == 2
    assert all(issue["zh"] and issue["en"] and issue["cell"] for issue in job["issues"])


def test_data_come_back_in_all_three_forms(
    boss: httpx.Client, current: dict[str, Any], instance: Instance
) -> None:
    where = f"/api/v1/areas/{COUNTY}/data/file"
    told = boss.get(where, params={"form": "json"})
    assert Instance.model_validate_json(told.content).content_hash == instance.content_hash
    heads = {form: boss.get(where, params={"form": form}).content[:2] for form in ("xlsx", "csv")}
    assert heads == {"xlsx": b"PK", "csv": b"PK"}


def test_progress_is_told_and_told_again_from_where_a_reader_stopped(
    boss: httpx.Client, current: dict[str, Any]
) -> None:
    answer = boss.post(f"/api/v1/areas/{COUNTY}/solves", json={"seconds": 30, "seed": 2})
    job = finished(boss, answer)
    where = f"/api/v1/jobs/{job['id']}/events"
    whole = boss.get(where).text
    kinds = [line[7:] for line in whole.splitlines() if line.startswith("event: ")]
    assert (kinds[0], kinds[-1]) == ("started", "end")
    assert "progress" in kinds
    rest = boss.get(where, headers={"Last-Event-ID": str(len(kinds) - 1)}).text
    assert [line[7:] for line in rest.splitlines() if line.startswith("event: ")] == ["end"]


def answers(boss: httpx.Client, rosters: tuple[int, int], duty: dict[str, Any]) -> None:
    """Ask what a roster is asked: the second is published, without the duty that the first has."""
    here, where = (f"/api/v1/rosters/{roster}" for roster in rosters)
    compared = boss.get(f"{here}/comparison", params={"other": rosters[1]}).json()
    assert compared["only_here"]["duties"] == [duty]
    assert compared["only_there"]["duties"] == []
    slot = {"slot": f"{duty['post']}@{duty['date'].replace('-', '')}{duty['part']}"}
    ranked = boss.get(f"{where}/candidates", params=slot).json()
    assert duty["person"] in [one["person"] for one in ranked["candidates"]]
    told = boss.get(f"{where}/log").json()["items"]
    assert [(entry["action"], entry["by"], entry["why"]) for entry in told][:2] == [
        ("publish", "boss", ""),
        ("edit_assignment", "boss", "出庭"),
    ]
    days = {"first": "2026-12-01", "last": "2026-12-31"}
    asked = {**days, "person": duty["person"]}
    bookings = boss.get(f"/api/v1/areas/{COUNTY}/bookings", params=asked).json()["items"]
    held = [row for table in ("duties", "visits") for row in rows(boss, rosters[1])[table]]
    assert len(bookings) == sum(row["person"] == duty["person"] for row in held)
    everything = boss.get(f"/api/v1/areas/{COUNTY}/bookings", params=days).json()
    assert (len(everything["items"]), everything["next"]) == (len(held), None)
    paged, key = [], None
    while key is not None or not paged:
        params = days | {"limit": 7} | ({"before": key} if key else {})
        page = boss.get(f"/api/v1/areas/{COUNTY}/bookings", params=params).json()
        paged, key = paged + page["items"], page["next"]
    assert paged == everything["items"]


def test_a_month_is_edited_published_and_followed_by_a_phone(
    boss: httpx.Client, service: str, draft: int, instance: Instance
) -> None:
    report = boss.get(f"/api/v1/rosters/{draft}/report").json()
    assert [b for b in report["breaches"] if b["level"] == "hard"] == []
    duties = rows(boss, draft)["duties"]
    duty = next(row for row in duties if not row["standby"])
    once = {"url": f"/api/v1/rosters/{draft}/publish", "headers": {"Idempotency-Key": "p1"}}
    published = boss.post(**once, json={"why": "十二月"})
    assert (published.status_code, published.json()["revision"]) == (200, 1)
    assert boss.post(**once, json={"why": "十二月"}).json() == published.json()
    assert boss.post(**once, json={"why": "一月"}).status_code == 409

    whose = {"kind": "person", "id": duty["person"]}
    made = boss.post(f"/api/v1/areas/{COUNTY}/feeds", json=whose)
    assert made.status_code == 201
    link = httpx.URL(made.json()["https"]).path
    phone = httpx.Client(base_url=service, trust_env=False)
    first = phone.get(link)
    assert first.headers["Content-Type"] == "text/calendar; charset=utf-8"
    kept = {"If-None-Match": first.headers["ETag"]}
    assert phone.get(link, headers=kept).status_code == 304
    before = events_of(first.content)
    assert {sequence for sequence, _, _ in before.values()} == {0}

    # the next plan is a draft of its own, from which the duty is taken away
    second = finished(boss, boss.post(f"/api/v1/areas/{COUNTY}/solves", json={"seconds": 30}))
    gone = {"before": {"duty": duty}, "after": None, "why": "出庭"}
    where = f"/api/v1/rosters/{second['roster']}"
    assert boss.patch(f"{where}/rows", json=gone).status_code == 428
    edited = boss.patch(f"{where}/rows", json=gone, headers={"If-Match": '"1"'})
    assert (edited.status_code, edited.headers["ETag"]) == (200, '"2"')
    assert edited.json()["terms"]
    stale = boss.patch(f"{where}/rows", json=gone, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    again = boss.post(f"{where}/publish", json={})
    assert (again.status_code, again.json()["revision"]) == (200, 2)

    changed = phone.get(link, headers=kept)
    assert changed.status_code == 200
    after = events_of(changed.content)
    assert after.keys() == before.keys()
    moved = {uid: event for uid, event in after.items() if event != before[uid]}
    assert [(sequence, status) for sequence, status, _ in moved.values()] == [(1, "CANCELLED")]

    answers(boss, (draft, second["roster"]), duty)
    taken = boss.post(f"{where}/withdraw", json={"why": "重排"})
    assert taken.json()["stage"] == "withdrawn"
    withdrawn = events_of(phone.get(link).content)
    assert {status for _, status, _ in withdrawn.values()} == {"CANCELLED"}
    assert boss.post(f"/api/v1/areas/{COUNTY}/feeds/revoke", json=whose).json() == {"revoked": 1}
    assert phone.get(link).status_code == 404
    phone.close()


def test_others_learn_nothing(
    service: str, data: Path, draft: int, boss: httpx.Client, current: dict[str, Any]
) -> None:
    paths = (
        f"/api/v1/areas/{COUNTY}/data",
        f"/api/v1/areas/{COUNTY}/rosters",
        f"/api/v1/rosters/{draft}/rows",
    )
    missing = boss.get("/api/v1/rosters/999999")
    with client(service, data, "stranger") as stranger:
        answers = [stranger.get(path) for path in paths]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert {answer.content for answer in answers} == {missing.content}
    with httpx.Client(base_url=service, trust_env=False) as nobody:
        assert {nobody.get(path).status_code for path in (*paths, "/api/v1/rosters/999999")} == {
            401
        }


def test_a_township_office_reads_its_county_s_data_but_uploads_none(
    service: str, data: Path, current: dict[str, Any], instance: Instance
) -> None:
    with client(service, data, "station") as office:
        found = office.get(f"/api/v1/areas/{TOWNSHIP}/data").json()
        assert found["instance"] == instance.content_hash
        refused = upload(office, b"{}")
    assert refused.status_code == 404


def test_one_row_is_changed_by_whoever_may(
    boss: httpx.Client, service: str, data: Path, draft: int, instance: Instance
) -> None:
    where = f"/api/v1/areas/{COUNTY}/data"
    inside = next(p for p in instance.people if p.area == TOWNSHIP)
    leave = {
        "person": inside.id,
        "kind": "court",
        "first": "2026-12-07",
        "last": "2026-12-08",
    }
    added = {"after": leave, "why": "开庭"}
    here = {"If-Match": boss.get(where).headers["ETag"]}
    wrong = {"after": leave | {"last": "2026-12-01", "person": "nobody"}}
    refused = boss.patch(f"{where}/leave", json=wrong, headers=here)
    assert (refused.status_code, len(refused.json()["issues"])) == (422, 2)
    with client(service, data, "station") as office:
        done = office.patch(f"{where}/leave", json=added, headers=here)
        assert done.status_code == 200, done.text
        outside = {"before": None, "after": {"id": COUNTY, "name": "x", "level": "county"}}
        assert office.patch(f"{where}/areas", json=outside, headers=here).status_code in (403, 404)
    assert boss.patch(f"{where}/leave", json=added, headers=here).status_code == 412
    here = {"If-Match": done.headers["ETag"]}
    rows_now = boss.get(f"{where}/leave").json()["items"]
    assert leave in rows_now
    gone = boss.patch(f"{where}/leave", json={"before": leave}, headers=here)
    assert gone.json()["instance"] == instance.content_hash
    here = {"If-Match": gone.headers["ETag"]}
    again = boss.patch(f"{where}/leave", json={"before": leave}, headers=here)
    assert (again.status_code, code_told(again.json())) == (409, "no_such_row")


def test_users_and_tokens_are_the_bureaus_own(
    boss: httpx.Client, service: str, current: dict[str, Any]
) -> None:
    where = f"/api/v1/areas/{COUNTY}/users"
    weak = boss.put(f"{where}/Zhao", json={"role": "office", "password": "1234567890123"})
    assert (weak.status_code, len(weak.json()["issues"])) == (422, 1)
    made = boss.put(f"{where}/Zhao", json={"role": "office", "password": PASSWORD})
    assert (made.status_code, made.json()["name"]) == (200, "zhao")
    assert [user["name"] for user in boss.get(where).json()["items"]] == ["boss", "station", "zhao"]
    first = boss.get(where, params={"limit": 2}).json()
    rest = boss.get(where, params={"limit": 2, "before": first["next"]}).json()
    assert [user["name"] for page in (first, rest) for user in page["items"]] == [
        *("boss", "station", "zhao")
    ]
    assert rest["next"] is None
    taken = boss.put(f"{where}/stranger", json={"role": "office"})
    assert (taken.status_code, taken.json()["type"]) == (409, "/problems/conflict")
    token = boss.post(f"{where}/zhao/tokens", json={"label": "x", "days": 1}).json()["token"]
    mine = {"Authorization": f"Bearer {token}"}
    path = f"{service}/api/v1/areas/{COUNTY}/rosters"
    assert httpx.get(path, headers=mine, trust_env=False).status_code == 200
    assert boss.post(f"{where}/zhao/disable").json()["disabled"] is not None
    assert httpx.get(path, headers=mine, trust_env=False).status_code == 401
    assert boss.post(f"{where}/stranger/disable").status_code == 404


def test_a_browser_signs_in_and_out(service: str) -> None:
    with httpx.Client(base_url=service, trust_env=False) as browser:
        assert browser.get("/api/v1/session").status_code == 401
        wrong = browser.post("/api/v1/session", json={"name": "boss", "password": "x" * 20})
        assert wrong.status_code == 401
        right = browser.post("/api/v1/session", json={"name": "Boss", "password": PASSWORD})
        assert (right.status_code, right.json()["area"]) == (200, COUNTY)
        assert browser.get("/api/v1/session").json()["role"] == "bureau"
        forged = browser.delete("/api/v1/session")
        assert forged.status_code == 403
        headers = {"X-CSRF-Token": browser.cookies["zhiban_csrf"]}
        assert browser.delete("/api/v1/session", headers=headers).status_code == 204
        assert browser.get("/api/v1/session").status_code == 401


def test_the_log_of_the_service_holds_no_token(data: Path, boss: httpx.Client) -> None:
    boss.get("/feeds/abcdefghijklmnop.ics")
    until = time.monotonic() + 10
    routes: list[str] = []
    while "/feeds/{token}.ics" not in routes and time.monotonic() < until:
        said = (data.parent / "service.log").read_text(
            encoding="utf-8"
        )  # a line follows its answer
        lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
        routes = [line.get("route", "") for line in lines]
    assert "/feeds/{token}.ics" in routes
    assert "abcdefghijklmnop" not in said
    assert "zb_" not in said
    assert "Traceback" not in said
