"""A kind of job is one file: added to a copy of the program, it is queued, done and kept."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from dbos import DBOSClient, DBOSPortableJSONSerializer

from api.jobs.contract.plan import File
from api.jobs.contract.verdict import State
from api.jobs.kinds import kinds, read_order
from models.formats.document import instance_json
from tests.api.commands.command import ROOT
from tests.api.jobs.office import Office
from tests.factories import tiny_instance

CENSUS = Path(__file__).with_name("census_kind.py")
"""A kind of job that is not there: it counts the letters of a word."""

PROGRAM = """
import asyncio, json, sys
from pathlib import Path
import api
from api.jobs.kinds.census import CensusOrder
from models.issues import InputError
from tests.api.jobs.office import Office

assert api.__file__.startswith(sys.argv[1]), api.__file__
office = Office(Path(sys.argv[1]) / "office")
try:
    office.submit(CensusOrder(word=""))
except InputError as error:
    refused = [issue.code for issue in error.issues]
with office.workers():
    office.submit(CensusOrder(word="adviser"), "counted")
    job = office.finished("counted")
events = asyncio.run(office.events("counted"))
steps = [step for event in events for step in event["data"].get("steps", ())]
ended = [list(row) for row in office.service.numbers().ended]
print(json.dumps({"refused": refused, "job": job.model_dump(mode="json"), "steps": steps, "ended": ended}))
"""


def test_every_kind_is_named_and_labelled() -> None:
    assert [*kinds()] == ["draft", "export", "import", "solve", "whatif"]
    assert len({kind.label for kind in kinds().values()}) == len(kinds())


def test_a_kind_is_added_by_one_file(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "api", tmp_path / "api", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(CENSUS, tmp_path / "api" / "jobs" / "kinds" / "census.py")
    (tmp_path / "office").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        cwd=tmp_path,  # the first place where Python looks, for workers and children too
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    job = told["job"]
    assert told["refused"] == ["no_word"]
    assert (job["state"], job["file"], job["counts"]) == ("done", "census.txt", {"letters": 7})
    assert job["order"] == {"kind": "census", "word": "adviser"}
    assert told["steps"] == [{"letters": 7}]
    assert told["ended"] == [["census", "done"]]


HASH = "0" * 64
STORED: list[dict[str, Any]] = [
    {"kind": "solve", "instance": HASH, "month": None, "stage": "all", "profile": "suzhou"}
    | {"changes": ["spacing.weight=0"], "seconds": 60.0, "seed": 1, "workers": 1},
    {"kind": "import", "name": "十二月.xlsx", "digest": HASH, "keep": False},
    {"kind": "draft", "name": "roster.json", "digest": HASH, "instance": HASH}
    | {"month": "2026-12", "stage": "month"},
    {"kind": "export", "roster": 12, "version": 3, "form": "sheet"},
    {"kind": "whatif", "instance": HASH, "name": "q.toml", "text": "", "solves": 3}
    | {"seconds": 5.0},
]
"""Orders as the first version wrote them into the queue."""


@pytest.mark.parametrize("stored", STORED, ids=lambda stored: stored["kind"])
def test_orders_that_wait_in_a_queue_stay_valid(stored: dict[str, Any]) -> None:
    assert read_order(stored).model_dump(mode="json") == stored


def test_a_job_that_an_earlier_version_queued_is_done(empty: Office) -> None:
    content = instance_json(tiny_instance()).encode()
    digest = hashlib.sha256(content).hexdigest()
    order = {"kind": "import", "name": "month.json", "digest": digest, "keep": True}
    empty.announcing("early", "import")()
    empty.results.keep_file("early", File(name="month.json", content=content))
    client = DBOSClient(
        system_database_url=empty.settings.database,
        serializer=DBOSPortableJSONSerializer(),
        application_name="zhiban",
    )
    client.enqueue(
        {"queue_name": "files", "workflow_name": "zhiban.job", "workflow_id": "early"}, order
    )
    client.destroy()
    with empty.workers():
        job = empty.finished("early")
    assert (job.state, job.instance) == (State.DONE, tiny_instance().content_hash)
