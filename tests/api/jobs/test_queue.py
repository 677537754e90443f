"""Jobs through the queue: done once, one after the other, cancelled with what there is."""

from __future__ import annotations

import asyncio
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from icalendar import Calendar
from openpyxl import load_workbook

from api.actions import planning
from api.jobs.contract.results import File, Plan
from api.jobs.contract.verdict import State
from api.jobs.kinds.draft import DraftOrder
from api.jobs.kinds.export import ExportOrder, Form
from api.jobs.kinds.import_data import ImportOrder
from models.formats.csv_zip import zip_folder
from models.formats.document import instance_json
from models.formats.read import read_instance
from models.formats.roster_table import read_roster, roster_rows
from models.formats.workbook import write_tables
from models.formats.write import write_csv_folder, write_workbook
from models.issues import InputError
from models.report import Report, Status
from models.roster import AdviserSeat, Roster
from solver.verify import verify
from tests.api.commands.command import ROOT
from tests.api.jobs.office import Office, county, township, wait_until
from tests.factories import tiny_content, tiny_instance

LEAVE = """
import os, signal, sys
from pathlib import Path
from api.jobs.kinds.solve import SolveOrder
from tests.api.jobs.office import Office
Office(Path(sys.argv[1])).submit(SolveOrder(instance=sys.argv[2]), "left")
os.kill(os.getpid(), signal.SIGKILL)
"""
"""A web server that is killed as soon as it has put a job into the queue."""


def test_solve_gives_a_valid_plan_of_the_instance_with_its_choices(busy: Office) -> None:
    order = busy.order(township(), changes=("villages_per_adviser.most=4",), month="2027-01")
    asked = busy.submit(order, "chosen", "office")
    assert (asked.id, asked.owner, asked.order) == ("chosen", "office", order)
    job = busy.finished("chosen")
    plan = busy.results.read_plan("chosen")
    assert plan is not None
    assert (job.state, job.has_plan, job.issues) == (State.DONE, True, ())
    assert plan.roster.month == plan.report.month == "2027-01"
    assert job.instance == plan.report.input_hash == plan.instance.content_hash != order.instance
    checked = verify(plan.instance, planning.rules_of(plan.instance), plan.roster)
    assert (checked.hard, checked.kpis) == ((), plan.report.kpis)


def test_same_id_twice_is_one_job(busy: Office) -> None:
    order = busy.order(township(2))
    first = busy.submit(order, "twice", "office")
    again = busy.submit(order, "twice", "office")
    done = busy.finished("twice")
    later = busy.submit(order, "twice", "office")
    assert (again.id, later) == (first.id, done)
    assert len(busy.drafts("twice")) == 1
    assert [e["kind"] for e in asyncio.run(busy.events("twice"))].count("started") == 1


def test_id_of_another_order_is_refused(busy: Office) -> None:
    busy.submit(busy.order(township(2)), "taken", "office")
    for order, owner in ((busy.order(township()), "office"), (busy.order(township(2)), "else")):
        with pytest.raises(InputError) as error:
            busy.submit(order, "taken", owner)
        assert [issue.code for issue in error.value.issues] == ["job_id_used"]


@pytest.mark.slow
def test_solves_keep_to_their_limit_and_order(busy: Office) -> None:
    names = [f"limit-{at}" for at in range(3)]
    for name in names:
        busy.submit(busy.order(township(3)), name, "limited")
    jobs = [busy.finished(name) for name in names]
    times = [moment for job in jobs for moment in (job.started, job.ended)]
    assert times == sorted(times, key=lambda moment: (moment is None, moment))


@pytest.mark.slow
def test_killed_web_server_leaves_its_job_behind(busy: Office) -> None:
    order = busy.order(township(4))
    command = [sys.executable, "-c", LEAVE, str(busy.folder), order.instance]
    ended = subprocess.run(command, check=False, cwd=ROOT)
    assert ended.returncode == -9
    assert busy.finished("left").state is State.DONE


def test_cancel_keeps_the_best_roster(busy: Office) -> None:
    busy.submit(busy.order(county()), "stopped")

    async def cancel_in_the_month() -> list[str]:
        kinds = []
        async for event in busy.service.events("stopped"):
            kinds.append(event["kind"])
            stages = [step["stage"] for step in event["data"].get("steps", ())]
            if "month" in stages and "cancelling" not in kinds:
                await asyncio.to_thread(busy.service.cancel, "stopped")
        return kinds

    kinds = asyncio.run(cancel_in_the_month())
    job, plan = busy.finished("stopped"), busy.results.read_plan("stopped")
    assert "cancelling" in kinds
    assert plan is not None
    assert (job.state, job.has_plan, job.issues) == (State.CANCELLED, True, ())
    assert plan.report.status is Status.INTERRUPTED
    assert len(plan.roster.advisers) == 276
    assert busy.service.cancel("stopped") == job  # nothing more to cancel


def test_job_cancelled_while_it_waits_never_begins(empty: Office) -> None:
    empty.submit(empty.order(township()), "waiting")
    cancelled = empty.service.cancel("waiting")
    assert cancelled is not None
    assert (cancelled.state, cancelled.has_plan) == (State.CANCELLED, False)
    empty.submit(empty.order(township()), "after")
    with empty.workers():
        assert empty.finished("after").state is State.DONE
    assert empty.job("waiting") == cancelled
    assert empty.results.read_plan("waiting") is None
    assert empty.service.cancel("unknown") is None


def test_import_keeps_the_instance_whatever_the_form(busy: Office, tmp_path: Path) -> None:
    write_workbook(tiny_instance(), tmp_path / "十二月.xlsx")
    write_csv_folder(tiny_instance(), tmp_path / "csv")
    for name, content in (
        ("十二月.xlsx", (tmp_path / "十二月.xlsx").read_bytes()),
        ("十二月.zip", zip_folder(tmp_path / "csv")),
        ("month.json", instance_json(tiny_instance()).encode()),
    ):
        asked = busy.upload(name, content, ImportOrder)
        job = busy.finished(asked.id)
        assert (job.state, job.instance) == (State.DONE, tiny_instance().content_hash)
        assert job.counts == tiny_instance().counts()
        assert busy.results.read_instance(job.instance) == tiny_instance()
        assert busy.results.read_file(asked.id) is None


def test_a_check_counts_and_keeps_nothing(busy: Office) -> None:
    other = tiny_instance(settings={"name": "只看不存"})
    content = instance_json(other).encode()
    job = busy.finished(busy.upload("month.json", content, ImportOrder, keep=False).id)
    assert (job.state, job.instance, job.counts) == (State.DONE, "", other.counts())
    assert busy.results.read_instance(other.content_hash) is None
    assert busy.results.read_file(job.id) is None


def test_an_upload_that_never_began_is_dropped(empty: Office) -> None:
    empty.upload("month.json", b"{}", ImportOrder, "waiting")
    assert empty.results.read_file("waiting") is not None
    empty.service.cancel("waiting")
    assert empty.results.read_file("waiting") is None
    again = empty.upload("month.json", b"{}", ImportOrder, "waiting")
    assert (again.state, empty.results.read_file("waiting")) == (State.CANCELLED, None)


def test_a_roster_made_by_hand_is_checked_and_kept(busy: Office, tmp_path: Path) -> None:
    instance = tiny_instance()
    key = busy.keep(instance)
    seats = tuple(AdviserSeat(village=v.id, person="L001") for v in instance.villages)
    made = Roster(month="2026-12", advisers=seats)
    write_tables(tmp_path / "roster.xlsx", roster_rows(made))
    for name, content in (
        ("roster.json", made.model_dump_json().encode()),
        ("roster.xlsx", (tmp_path / "roster.xlsx").read_bytes()),
    ):
        job = busy.finished(busy.upload(name, content, DraftOrder, instance=key).id)
        assert (job.state, job.has_plan, job.issues) == (State.DONE, True, ())
        plan = busy.results.read_plan(job.id)
        assert plan is not None
        assert plan.roster == made.model_copy(update={"instance": instance.content_hash})
        assert plan.report == verify(instance, planning.rules_of(instance), plan.roster)
        assert plan.report.kpis["adviser_coverage_percent"] == 100


def test_every_issue_of_a_roster_is_told(busy: Office) -> None:
    instance = tiny_instance()
    key = busy.keep(instance)
    duty = {"post": "Z000-咨询", "date": "2026-12-05", "part": "am", "person": "L001"}
    content = {"month": "2026-12", "duties": [duty, duty | {"person": "nobody", "part": "night"}]}
    file = json.dumps(content).encode()
    job = busy.finished(busy.upload("roster.json", file, DraftOrder, instance=key).id)
    codes = sorted(issue.code for issue in job.issues)
    assert (job.state, job.has_plan) == (State.FAILED, False)
    assert codes == ["dangling", "duty_no_slot", "duty_no_slot", "duty_wrong_part"]
    assert busy.results.read_file(job.id) is None


def test_import_lists_every_issue_and_keeps_nothing(busy: Office, tmp_path: Path) -> None:
    content = tiny_content()
    content["villages"][0]["lon"] = "far"
    content["people"][1]["firm"] = "F99"
    file = json.dumps(content).encode()
    job = busy.finished(busy.upload("bad.json", file, ImportOrder).id)
    (tmp_path / "bad.json").write_bytes(file)
    with pytest.raises(InputError) as error:
        read_instance(tmp_path / "bad.json")
    assert len(job.issues) == 2
    assert (job.state, job.instance, job.issues) == (State.FAILED, "", error.value.issues)


@pytest.fixture(scope="module")
def roster(busy: Office) -> int:
    """Return the number of a draft."""
    job = busy.submit(busy.order(tiny_instance())).id
    busy.finished(job)
    return busy.drafts(job)[0]


@pytest.fixture
def planned(busy: Office, roster: int) -> Plan:
    """Return the plan of that draft."""
    plan = busy.results.read_roster(roster, 1)
    assert plan is not None
    return plan


def exported(office: Office, roster: int, form: Form) -> File:
    job = office.submit(ExportOrder(roster=roster, version=1, form=form)).id
    done, file = office.finished(job), office.results.read_file(job)
    assert file is not None, done.issues
    assert (done.state, done.file) == (State.DONE, file.name)
    return file


@pytest.mark.parametrize("form", ["xlsx", "csv", "json"])
def test_an_exported_roster_is_read_back(
    busy: Office, roster: int, planned: Plan, tmp_path: Path, form: Form
) -> None:
    file = exported(busy, roster, form)
    suffix = {"csv": "zip"}.get(form, form)
    assert file.name == f"roster-2026-12-{roster}-v1.{suffix}"
    (tmp_path / file.name).write_bytes(file.content)
    read = read_roster(tmp_path / file.name, planned.instance)
    assert set(read.duties) == set(planned.roster.duties)
    assert set(read.advisers) == set(planned.roster.advisers)


def test_report_calendars_and_page_are_exported(busy: Office, roster: int, planned: Plan) -> None:
    assert Report.model_validate_json(exported(busy, roster, "report").content) == planned.report
    with zipfile.ZipFile(io.BytesIO(exported(busy, roster, "calendars").content)) as archive:
        calendars = [Calendar.from_ical(archive.read(name)) for name in archive.namelist()]
    events = sum(len(calendar.walk("VEVENT")) for calendar in calendars)
    booked = len(planned.roster.duties) + len(planned.roster.visits)
    assert events == booked + len(planned.roster.duties)  # a duty stands in its site's too
    assert exported(busy, roster, "map").content.startswith(b"<!DOCTYPE html>")


def test_the_public_sheets_hold_nothing_internal(busy: Office, roster: int) -> None:
    book = load_workbook(io.BytesIO(exported(busy, roster, "sheet").content))
    whole = load_workbook(io.BytesIO(exported(busy, roster, "xlsx").content))
    assert book.sheetnames == ["公示表", "月历", "顾问名单", "调解员名单"]
    assert set(book.sheetnames).isdisjoint(whole.sheetnames)


@pytest.mark.parametrize(("later", "version"), [(0, 2), (1_000, 1)])
def test_a_roster_that_moved_on_is_not_exported(
    busy: Office, roster: int, later: int, version: int
) -> None:
    asked = busy.submit(ExportOrder(roster=roster + later, version=version, form="csv"))
    job = busy.finished(asked.id)
    assert (job.state, [issue.code for issue in job.issues]) == (State.FAILED, ["job_roster"])


def test_worker_ends_on_a_namesake(busy: Office) -> None:
    command = [sys.executable, "-m", "api.jobs.worker", "worker-1"]
    environment = os.environ | busy.settings.environment()
    ended = subprocess.run(command, env=environment, check=False, timeout=60)
    assert ended.returncode == 3
    busy.submit(busy.order(township()), "undisturbed")
    wait_until(lambda: busy.job("undisturbed").state is State.DONE)
