"""The log of an area, its jobs, their numbers and what is forgotten; requests that come twice."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from sqlalchemy import update

from api.jobs.kinds.export import ExportOrder
from api.jobs.tally import count_ended
from api.service.tidying import tidy
from models.calendar import ZONE
from models.formats.document import instance_json
from models.store.database.clock import now
from models.store.jobs.jobs import keep_job_file, put_job
from models.store.tables.plan_tables import JobRow
from tests.api.service.office import COUNTY, EAST, OTHER, Office, county
from tests.api.service.running import PASSWORD
from tests.told import code_told

FILE = {"file": ("month.json", instance_json(county()).encode())}


def test_a_bureau_reads_the_log_of_its_own_areas(office: Office) -> None:
    office.use(county())
    office.use(county(settings={"name": "邻县", "area": None}), OTHER)
    own, other = office.draft(county()), office.draft(county(settings={"name": "b"}), OTHER)
    whose = {"kind": "person", "id": "L001"}
    assert office.ask("east", "POST", f"areas/{EAST}/feeds", json=whose).status_code == 201
    told = office.all("boss", f"areas/{COUNTY}/log", limit=2)
    targets = {entry["target"] for entry in told}
    assert {f"roster:{own}", f"area:{COUNTY}", "user:east", f"feed:person:{COUNTY}/L001"} <= targets
    assert targets.isdisjoint({f"roster:{other}", f"area:{OTHER}", "user:stranger"})
    assert [entry["id"] for entry in told] == sorted((e["id"] for e in told), reverse=True)
    theirs = {e["target"] for e in office.all("stranger", f"areas/{OTHER}/log")}
    assert theirs == {f"roster:{other}", f"area:{OTHER}", "user:stranger"} | {
        t for t in theirs if t.startswith("instance:")
    }
    one = office.all("boss", f"areas/{COUNTY}/log", subject=f"roster:{own}")
    assert [entry["action"] for entry in one] == ["put_draft"]
    users = office.all("boss", f"areas/{COUNTY}/log", subject="user")
    assert {e["target"] for e in users} == {"user:boss", "user:east", "user:west"}
    assert office.get("east", f"areas/{EAST}/log").status_code == 404
    assert office.get("stranger", f"areas/{COUNTY}/log").status_code == 404


def test_the_log_is_read_by_user_and_day(office: Office) -> None:
    office.use(county())
    whose = {"kind": "site", "id": "Z001"}
    assert office.ask("east", "POST", f"areas/{EAST}/feeds", json=whose).status_code == 201
    where = f"areas/{COUNTY}/log"
    assert {e["by"] for e in office.all("boss", where, by="EAST")} == {"east"}
    today = now().astimezone(ZONE).date()
    whole = office.all("boss", where)
    assert office.all("boss", where, first=str(today), last=str(today)) == whole
    tomorrow, yesterday = (str(today + dt.timedelta(days=n)) for n in (1, -1))
    assert office.all("boss", where, first=tomorrow) == []
    assert office.all("boss", where, last=yesterday) == []


def test_answers_about_people_are_kept_by_nobody(office: Office) -> None:
    office.use(county())
    for path in (f"areas/{COUNTY}/data/people", f"areas/{COUNTY}/users", "nowhere"):
        assert office.get("boss", path).headers["Cache-Control"] == "no-store"


def test_jobs_are_listed_page_by_page_and_cancelled(office: Office) -> None:
    office.use(county())
    asked = [
        office.ask("boss", "POST", f"areas/{COUNTY}/solves", json={"seed": n}).json()["id"]
        for n in range(3)
    ]
    elsewhere = office.ask("boss", "POST", f"areas/{EAST}/imports", files=FILE).json()["id"]
    office.ask("stranger", "POST", f"areas/{OTHER}/imports", files=FILE)
    told = office.all("boss", f"areas/{COUNTY}/jobs", limit=2)
    assert [job["id"] for job in told] == [elsewhere, *reversed(asked)]
    assert {job["state"] for job in told} == {"queued"}
    assert [job["id"] for job in office.all("east", f"areas/{EAST}/jobs")] == [elsewhere]
    for before in ("yesterday", "2026-12-01T00:00:00", "9" * 100):
        answer = office.get("boss", f"areas/{COUNTY}/jobs", before=before)
        if answer.status_code != 200:
            assert (answer.status_code, code_told(answer.json())) == (400, "page_unknown")
    gone = office.ask("boss", "POST", f"jobs/{asked[0]}/cancel").json()
    assert gone["state"] == "cancelled"
    assert office.get("boss", f"jobs/{elsewhere}/file").status_code == 404


def test_a_solve_may_not_take_longer_than_the_settings_allow(tmp_path: Path) -> None:
    strict = Office(tmp_path / "data", solve_seconds=30)
    strict.use(county())
    where = f"areas/{COUNTY}/solves"
    refused = strict.ask("boss", "POST", where, json={"seconds": 31})
    assert refused.status_code == 422
    (issue,) = refused.json()["issues"]
    assert (issue["code"], issue["value"]) == ("job_seconds", "31")
    assert "30" in issue["zh"]
    assert "30" in issue["mend_en"]
    usual = strict.ask("boss", "POST", where, json={}).json()
    job = strict.service.jobs.status(usual["id"])
    assert job is not None
    assert job.order.seconds == 30
    strict.close()


def test_numbers_of_the_jobs_are_published(office: Office) -> None:
    office.use(county())
    solves = [
        office.ask("boss", "POST", f"areas/{COUNTY}/solves", json={"seed": n}).json()["id"]
        for n in range(2)
    ]
    office.ask("boss", "POST", f"areas/{COUNTY}/imports", files=FILE)
    office.ask("boss", "POST", f"jobs/{solves[0]}/cancel")
    engine = office.service.jobs._engine
    for _ in range(2):
        count_ended(engine, "import", "failed")
    told = office.get("", "/metrics").text.splitlines()
    numbers = {
        line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in told if "{" in line
    }
    assert numbers['zhiban_jobs{queue="solves",state="waiting"}'] == 1
    assert numbers['zhiban_jobs{queue="files",state="waiting"}'] == 1
    assert numbers['zhiban_jobs{queue="solves",state="running"}'] == 0
    assert numbers['zhiban_jobs_oldest_waiting_seconds{queue="solves"}'] >= 0
    assert numbers['zhiban_jobs_ended_total{kind="solve",state="cancelled"}'] == 1
    assert numbers['zhiban_jobs_ended_total{kind="import",state="failed"}'] == 2


def test_a_repeated_solve_is_the_same_job_whatever_came_meanwhile(office: Office) -> None:
    office.use(county())
    where, key = f"areas/{COUNTY}/solves", {"Idempotency-Key": "s1"}
    first = office.ask("boss", "POST", where, json={"seed": 1}, headers=key).json()
    leave = {"person": "L001", "first": "2026-12-01", "last": "2026-12-02"}
    office.use(county(leave=[leave]))
    again = office.ask("boss", "POST", where, json={"seed": 1}, headers=key)
    assert (again.status_code, again.json()) == (202, first)
    other = office.ask("boss", "POST", where, json={"seed": 2}, headers=key)
    assert (other.status_code, other.json()["issues"][0]["code"]) == (422, "job_id_used")
    assert [job["id"] for job in office.all("boss", f"areas/{COUNTY}/jobs")] == [first["id"]]


def test_what_the_queue_refuses_leaves_no_job_and_no_key_behind(office: Office) -> None:
    office.use(county())
    where, key = f"areas/{COUNTY}/solves", {"Idempotency-Key": "s1"}
    refused = office.ask("boss", "POST", where, json={"seconds": 86_400}, headers=key)
    assert refused.status_code == 422
    assert office.all("boss", f"areas/{COUNTY}/jobs") == []
    assert office.ask("boss", "POST", where, json={"seconds": 5}, headers=key).status_code == 202
    named = {"file": ("a/b.json", b"{}")}
    for _ in range(2):
        answer = office.ask(
            "boss", "POST", f"areas/{COUNTY}/imports", files=named, headers={"Idempotency-Key": "i"}
        )
        assert [issue["code"] for issue in answer.json()["issues"]] == ["job_file_name"]


def test_a_request_that_died_before_the_queue_is_taken_up_again(office: Office) -> None:
    office.use(county())
    where, key = f"areas/{COUNTY}/solves", {"Idempotency-Key": "s1"}
    first = office.ask("boss", "POST", where, json={}, headers=key).json()
    office.service.jobs.forget([first["id"]])
    assert office.get("boss", f"jobs/{first['id']}").json()["state"] == "failed"
    again = office.ask("boss", "POST", where, json={}, headers=key).json()
    assert (again["id"], again["state"]) == (first["id"], "queued")


def aged(office: Office, job: str, days: float) -> None:
    with office.service.store.begin() as session:
        at = now() - dt.timedelta(days=days)
        session.execute(update(JobRow).where(JobRow.id == job).values(created_at=at))


def test_old_jobs_and_their_files_go_but_those_behind_a_draft(office: Office) -> None:
    office.use(county())
    roster, withdrawn = office.draft(county()), office.draft(county())
    office.publish(withdrawn)
    office.ask("boss", "POST", f"rosters/{withdrawn}/withdraw", json={})
    store, jobs = office.service.store, office.service.jobs
    made: dict[str, dict[str, Any]] = {
        "made-draft": {"kind": "solve", "roster": roster},
        "made-withdrawn": {"kind": "solve", "roster": withdrawn},
        "wrote-file": {"kind": "export", "roster": roster},
        "recent": {"kind": "export", "roster": roster},
    }
    with store.begin() as session:
        for name, columns in made.items():
            put_job(session, JobRow(id=name, area=COUNTY, owner="boss", **columns))
            keep_job_file(session, name, f"{name}.json", b"{}")
    waiting = office.ask("boss", "POST", f"areas/{COUNTY}/solves", json={}).json()["id"]
    gone = office.ask("boss", "POST", f"areas/{COUNTY}/solves", json={"seed": 2}).json()["id"]
    office.ask("boss", "POST", f"jobs/{gone}/cancel")
    files = office.get("boss", f"rosters/{roster}/exports").json()
    assert {file["name"] for file in files} == {"wrote-file.json", "recent.json", "made-draft.json"}
    for name in (*made, waiting, gone):
        aged(office, name, 2 if name == "recent" else 31)
    tidy(store, jobs, 30)
    left = {job["id"] for job in office.all("boss", f"areas/{COUNTY}/jobs")}
    assert left == {"made-draft", "recent", waiting}
    assert jobs.status(gone) is None
    assert jobs.status(waiting) is not None
    files = office.get("boss", f"rosters/{roster}/exports").json()
    assert {file["name"] for file in files} == {"recent.json", "made-draft.json"}
    assert office.get("boss", "jobs/recent/file").content == b"{}"


def test_a_file_goes_to_who_may_read_the_draft(office: Office) -> None:
    office.use(county())
    roster = office.draft(county())
    asked = office.ask("boss", "POST", f"rosters/{roster}/exports", json={"form": "xlsx"})
    assert (asked.status_code, asked.json()["kind"]) == (202, "export")
    job = office.service.jobs.status(asked.json()["id"])
    assert job is not None
    assert job.order == ExportOrder(roster=roster, version=1, form="xlsx")
    with office.service.store.begin() as session:
        keep_job_file(session, asked.json()["id"], "roster-2026-12-1-v1.xlsx", b"PK")
    where = f"jobs/{asked.json()['id']}/file"
    answer = office.get("boss", where)
    assert (answer.content, answer.headers["X-Content-Type-Options"]) == (b"PK", "nosniff")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    for user in ("east", "stranger"):
        assert office.get(user, where).status_code == 404
        refused = office.ask(user, "POST", f"rosters/{roster}/exports", json={"form": "map"})
        assert refused.status_code == 404


def test_an_account_made_twice_under_one_key_is_made_once(office: Office) -> None:
    where = f"areas/{COUNTY}/users/zhao"
    key = {"Idempotency-Key": "zhao"}
    body = {"role": "office", "password": PASSWORD}
    made = office.ask("boss", "PUT", where, json=body, headers=key)
    assert made.status_code == 200
    again = office.ask("boss", "PUT", where, json=body, headers=key)
    assert again.json() == made.json()
    taken = office.ask("boss", "PUT", f"areas/{COUNTY}/users/command line", json=body)
    assert (taken.status_code, code_told(taken.json())) == (409, "name_taken")
    public = office.ask("boss", "PUT", f"areas/{COUNTY}/users/li", json=body | {"role": "public"})
    assert (public.status_code, code_told(public.json())) == (409, "public_account")
    firm = office.ask("boss", "PUT", where, json=body | {"role": "firm"}, headers=key)
    assert firm.status_code == 409
    entries = office.all("boss", f"areas/{COUNTY}/log", subject="user:zhao")
    assert [entry["action"] for entry in entries] == ["put_user"]
    # the hash that is kept says nothing of the password
    other = body | {"password": "another one, as long"}
    assert office.ask("boss", "PUT", where, json=other, headers=key).json() == made.json()


def test_an_area_that_has_enough_jobs_waits_with_the_next(tmp_path: Path) -> None:
    office = Office(tmp_path / "data", area_jobs=2)
    office.use(county())

    def ask(user: str, area: str, key: str) -> Any:
        headers = {"Idempotency-Key": key}
        return office.ask(user, "POST", f"areas/{area}/imports", files=FILE, headers=headers)

    jobs = [ask("boss", COUNTY, key).json()["id"] for key in ("one", "two")]
    refused = ask("boss", COUNTY, "three")
    assert refused.status_code == 409
    assert code_told(refused.json()) == "job_crowd"
    assert "2 个任务" in refused.json()["detail"]
    assert office.ask("boss", "POST", f"areas/{COUNTY}/solves", json={}).status_code == 409
    assert ask("boss", COUNTY, "two").json()["id"] == jobs[1]  # asked again, it is no other job
    assert ask("stranger", OTHER, "one").status_code == 202
    office.ask("boss", "POST", f"jobs/{jobs[0]}/cancel")
    assert ask("boss", COUNTY, "three").status_code == 202
    assert ask("boss", COUNTY, "four").status_code == 409
    office.close()
