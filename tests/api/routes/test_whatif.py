"""What if, through HTTP: asked, answered by a real worker, compared, promoted, deleted."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from openpyxl import load_workbook

from models.store.database.store import Store
from models.store.plans.instances import get_instance, put_instance, set_current
from models.store.plans.roster_queries import get_roster
from scenarios.generator.generate import generate
from tests.api.jobs.office import PATIENCE, wait_until
from tests.api.service.office import COUNTY, Office, county
from tests.api.service.running import bureau, serving

AREA = "340223"
QUESTION = """name = "每人至多几个村"
name_en = "How many villages each?"
base = "/etc/passwd"
time_limit = 5
deterministic = false
[[scenario]]
name = "上限 {cap} 个"
grid = { cap = CAPS }
[[scenario.change]]
do = "cap"
most = "{cap}"
"""
MANY = (1, 2, 3, 4)


def question(*caps: int) -> str:
    return QUESTION.replace("CAPS", str(list(caps)))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whatif") / "data"
    with Store.open(folder) as store, store.begin() as session:
        key = put_instance(session, generate(AREA, "S", 1), area=AREA, by="test")
        set_current(session, AREA, key, revision=0, by="test")
    return folder


@pytest.fixture(scope="module")
def boss(data: Path) -> Iterator[httpx.Client]:
    headers = bureau(data, "boss", AREA)
    with (
        serving(data) as address,
        httpx.Client(
            base_url=f"{address}/api/v1/", headers=headers, trust_env=False, timeout=60
        ) as client,
    ):
        yield client


def ask(client: httpx.Client, text: str, **headers: str) -> httpx.Response:
    files = {"file": ("caps.toml", text.encode())}
    return client.post(f"areas/{AREA}/questions", files=files, headers=headers)


def read(client: httpx.Client, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def events(client: httpx.Client, job: str) -> Iterator[tuple[str, Any]]:
    """Yield kind and data of every event of a job until its end."""
    with client.stream("GET", f"jobs/{job}/events", timeout=PATIENCE) as answer:
        kind = ""
        for line in answer.iter_lines():
            name, _, text = line.partition(": ")
            kind = text if name == "event" else kind
            if name == "data":
                yield kind, json.loads(text)


def steps(told: Iterable[tuple[str, Any]]) -> Iterator[Any]:
    return (step for kind, data in told if kind == "progress" for step in data["steps"])


def ended(client: httpx.Client, asked: httpx.Response) -> Any:
    """Wait for the end of a question and return it."""
    assert asked.status_code == 202, asked.text
    kind, job = deque(events(client, asked.json()["id"]), maxlen=1)[0]
    assert (kind, job["id"]) == ("end", asked.json()["id"])
    return read(client, f"questions/{job['id']}")


def begun(client: httpx.Client, asked: httpx.Response) -> Any:
    """Wait until the base and a scenario are answered, and return the question."""
    assert asked.status_code == 202, asked.text
    path = f"questions/{asked.json()['id']}"
    next(step for step in steps(events(client, asked.json()["id"])) if step["ended"] > 1)
    wait_until(lambda: len(answered(read(client, path))) > 1)
    return read(client, path)


def answered(found: Any) -> list[str]:
    return [row["name"] for row in found["scenarios"] if row["is_answered"]]


@pytest.fixture(scope="module")
def done(boss: httpx.Client) -> Any:
    """Ask twice under one key, and wait for the end."""
    first, again = (ask(boss, question(3, 4), **{"Idempotency-Key": "caps"}) for _ in range(2))
    assert first.json()["id"] == again.json()["id"]
    assert ask(boss, question(4), **{"Idempotency-Key": "caps"}).status_code == 422
    return ended(boss, first)


def test_a_question_is_answered_and_compared(boss: httpx.Client, done: Any) -> None:
    assert (done["state"], done["kind"], done["issues"]) == ("done", "whatif", [])
    assert done["counts"] == {"solved": 3, "refused": 0, "missing": 0}
    assert (done["name"], done["text"]) == ("每人至多几个村", question(3, 4))
    names = ["基准", "上限 3 个", "上限 4 个"]
    assert [row["name"] for row in done["scenarios"]] == answered(done) == names
    assert "3" in done["scenarios"][1]["sentences"][0]["en"]
    compared = read(boss, f"questions/{done['id']}/comparison")
    assert [row["name"] for row in compared["scenarios"]] == names
    assert compared["scenarios"][0]["is_base"]
    assert all(row["rank"] for row in compared["scenarios"])
    listed = read(boss, f"areas/{AREA}/questions")
    assert done["id"] in [row["id"] for row in listed["items"]]


def test_progress_tells_scenarios_and_how_near_they_came(boss: httpx.Client, done: Any) -> None:
    told = steps(events(boss, done["id"]))
    solved = [step for step in told if step["state"] == "solved"]
    assert [step["scenarios"] for step in solved] == [["基准"], ["上限 3 个"], ["上限 4 个"]]
    assert [(step["ended"], step["of"]) for step in solved] == [(1, 3), (2, 3), (3, 3)]
    for step in solved:
        assert step["goals"]
        assert all(goal["gap"] >= 0 and goal["value"] >= goal["bound"] for goal in step["goals"])


def test_files_are_those_the_question_names(boss: httpx.Client, done: Any) -> None:
    assert {"comparison.json", "comparison.xlsx"} <= set(done["files"])
    where = f"questions/{done['id']}/files"
    for name in done["files"]:
        answer = boss.get(f"{where}/{name}")
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    compared = read(boss, f"questions/{done['id']}/comparison")
    assert read(boss, f"{where}/comparison.json") == compared
    book = load_workbook(BytesIO(boss.get(f"{where}/comparison.xlsx").content))
    assert book.sheetnames
    run = done["scenarios"][0]["run"]
    inside = (f"runs/{run}/roster.json", f"runs%2F{run}%2Froster.json", "..%2Fzhiban.db")
    for name in (*inside, "none.html"):
        assert boss.get(f"{where}/{name}").status_code in (404, 422)


def test_a_scenario_becomes_a_draft_on_its_own_data(
    boss: httpx.Client, done: Any, data: Path
) -> None:
    where, key = f"questions/{done['id']}/promote", {"Idempotency-Key": "take"}
    asked = {"scenario": "上限 3 个", "why": "公平"}
    made, again = (boss.post(where, json=asked, headers=key) for _ in range(2))
    assert (made.status_code, made.json()) == (201, again.json())
    draft = made.json()
    assert (draft["stage"], draft["area"], draft["version"]) == ("draft", AREA, 1)
    with Store.open(data) as store, store.read() as session:
        plan = get_roster(session, draft["id"])
        used = get_instance(session, draft["instance"])
    assert plan.instance == draft["instance"] != done["instance"]
    rules = [(row.rule, row.field, row.value) for row in used.rules]
    assert ("villages_per_adviser", "most", "3") in rules
    report = read(boss, f"rosters/{draft['id']}/report")
    assert report["input_hash"] == draft["instance"]
    logged = read(boss, f"areas/{AREA}/log?subject=roster:{draft['id']}")["items"]
    assert [entry["action"] for entry in logged] == ["promote", "put_draft"]
    assert [entry["why"] for entry in logged] == ["公平", "公平"]
    assert logged[0]["after"] == {
        "question": done["id"],
        "scenario": "上限 3 个",
        "seed": 1,
        "changes": done["scenarios"][1]["sentences"],
    }
    unknown = boss.post(where, json={"scenario": "上限 9 个"})
    assert (unknown.status_code, unknown.json()["issues"][0]["code"]) == (422, "which_scenario")


@pytest.mark.slow
def test_a_cancelled_question_compares_what_it_has_and_can_be_deleted(boss: httpx.Client) -> None:
    asked = ask(boss, question(*range(6, 34)))
    begun(boss, asked)
    job = asked.json()["id"]
    at_work = boss.delete(f"questions/{job}")
    assert (at_work.status_code, at_work.json()["type"]) == (409, "/problems/conflict")
    assert boss.post(f"jobs/{job}/cancel").status_code == 202
    found = ended(boss, asked)
    compared = read(boss, f"questions/{job}/comparison")
    names = [row["name"] for row in compared["scenarios"]]
    assert names == answered(found)
    assert names + compared["missing"] == [row["name"] for row in found["scenarios"]]
    counts = {"solved": len(names), "refused": 0, "missing": len(compared["missing"])}
    assert (found["state"], found["counts"]) == ("cancelled", counts)
    assert compared["missing"]
    made = boss.post(f"questions/{job}/promote", json={"scenario": names[1]}).json()
    assert boss.delete(f"questions/{job}").status_code == 204
    gone = ("", "/comparison", "/files/comparison.json")
    assert [boss.get(f"questions/{job}{path}").status_code for path in gone] == [404] * 3
    assert boss.get(f"jobs/{job}").status_code == 404
    assert boss.delete(f"questions/{job}").status_code == 404
    assert read(boss, f"rosters/{made['id']}")["stage"] == "draft"
    logged = read(boss, f"areas/{AREA}/log?subject=area:{AREA}")["items"]
    assert logged[0]["action"] == "delete_question"
    assert logged[0]["before"]["question"] == job


def worker_of(data: Path) -> psutil.Process:
    """Return the worker of the service that serves a folder."""
    [server] = [p for p in psutil.Process().children() if str(data) in p.cmdline()]
    [worker] = [p for p in server.children() if "api.jobs.worker" in p.cmdline()]
    return worker


@pytest.mark.slow
def test_a_killed_worker_costs_no_answer(boss: httpx.Client, data: Path) -> None:
    asked = ask(boss, question(*MANY).replace("time_limit = 5", "time_limit = 6"))
    before = begun(boss, asked)
    worker_of(data).kill()
    found = ended(boss, asked)
    assert (found["state"], found["counts"]["solved"]) == ("done", 1 + len(MANY))
    told = list(events(boss, found["id"]))
    assert [kind for kind, _ in told].count("started") == 2
    after = list(steps(told[[kind for kind, _ in told].index("started", 1) :]))
    kept = {name for step in after if step["state"] == "kept" for name in step["scenarios"]}
    solved = {name for step in after if step["state"] == "solved" for name in step["scenarios"]}
    assert set(answered(before)) <= kept
    assert kept | solved == set(answered(found))
    assert not kept & solved


WRONG = """name = "x"
time_limit = 0
[[scenario]]
name = "甲"
[[scenario.change]]
do = "cup"
"""


def test_every_issue_has_its_line_and_key_and_nothing_is_kept(office: Office) -> None:
    office.use(county())
    where = f"areas/{COUNTY}/questions"
    refused = office.ask("boss", "POST", where, files={"file": ("w.toml", WRONG.encode())})
    assert refused.status_code == 422
    issues = refused.json()["issues"]
    assert [(i["table"], i["cell"]) for i in issues] == [
        ("w.toml", "L2 time_limit"),
        ("w.toml", "L6 scenario[0].change[0].do"),
    ]
    assert all(i["zh"] and i["en"] and i["mend_zh"] and i["mend_en"] for i in issues)
    for content, code in ((b"\xff", "encoding_not_utf8"), (b"=", "toml_syntax")):
        refused = office.ask("boss", "POST", where, files={"file": ("w.toml", content)})
        assert [i["code"] for i in refused.json()["issues"]] == [code]
    assert office.all("boss", where) == office.all("boss", f"areas/{COUNTY}/jobs") == []


def test_scenarios_seeds_and_seconds_are_limited(tmp_path: Path) -> None:
    strict = Office(tmp_path / "data", question_solves=4, question_seconds=100, solve_seconds=30)
    strict.use(county())
    where = f"areas/{COUNTY}/questions"
    text = question(3, 4).replace("time_limit = 5", "time_limit = 31\nseeds = [1, 2]")
    refused = strict.ask("boss", "POST", where, files={"file": ("q.toml", text.encode())})
    assert refused.status_code == 422
    assert [(i["code"], i["cell"], i["value"]) for i in refused.json()["issues"]] == [
        ("job_seconds", "time_limit", "31"),
        ("job_solves", "scenario", "6"),
        ("job_question_seconds", "time_limit", "186"),
    ]
    assert strict.all("boss", where) == []
    strict.close()


def test_questions_come_page_by_page_to_those_who_may(office: Office) -> None:
    office.use(county())
    where = f"areas/{COUNTY}/questions"
    files = {"file": ("q.toml", question(3).encode())}
    asked = [office.ask("boss", "POST", where, files=files).json()["id"] for _ in range(3)]
    told = office.all("boss", where, limit=2)
    assert [row["id"] for row in told] == asked[::-1]
    assert {row["state"] for row in told} == {"queued"}
    for user in ("east", "stranger"):
        assert office.get(user, where).status_code == 404
        assert office.get(user, f"questions/{asked[0]}").status_code == 404
    # a township that works with the county's data is not asked about them all
    mine = "areas/410105001/questions"
    assert office.all("east", mine) == []
    assert office.ask("east", "POST", mine, files=files).status_code == 404
    assert office.ask("boss", "POST", f"jobs/{asked[0]}/cancel").json()["state"] == "cancelled"
    assert office.get("boss", f"questions/{asked[0]}/comparison").status_code == 404
    assert office.ask("boss", "DELETE", f"questions/{asked[0]}").status_code == 204
