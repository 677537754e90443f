"""What is refused before it is queued: every reason at once, in both languages, nothing queued."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from api.job_settings import JobSettings
from api.jobs import child
from api.jobs.contract.kind import TakenJob
from api.jobs.contract.verdict import State
from api.jobs.crew import start_workers
from api.jobs.kinds import kind_of
from api.jobs.kinds.import_data import ImportOrder
from api.jobs.kinds.solve import SolveOrder
from api.jobs.work import Work
from models.formats.document import instance_json
from models.issues import InputError
from models.messages import issue
from tests.api.jobs.office import Office
from tests.factories import tiny_instance

NOBODY = "0" * 64


@pytest.fixture
def strict(tmp_path: Path) -> Office:
    return Office(tmp_path, most_seconds=10, most_workers=1, most_rows=5, most_bytes=100)


def refused(strict: Office, ask: Callable[[], object]) -> list[str]:
    with pytest.raises(InputError) as error:
        ask()
    assert strict.service.numbers().now.total() == 0
    return [told.code for told in error.value.issues]


def test_solve_beyond_every_limit_is_told_all_of_them(strict: Office) -> None:
    order = strict.order(
        tiny_instance(), seconds=11, workers=2, month="2026-13", changes=("nonsense",)
    )
    codes = refused(strict, lambda: strict.submit(order))
    assert codes == ["job_seconds", "job_workers", "job_rows", "bad_option", "bad_option"]


@pytest.mark.parametrize(
    ("choices", "codes"),
    [
        (("nonsense", "no_rule.most=4"), ["bad_option", "unknown_rule"]),
        (("nonsense", "spacing.no_field=4"), ["bad_option", "unknown_rule_field"]),
        (("nonsense", "villages_per_adviser.most=many"), ["bad_option", "rule_value"]),
        (("no_rule.most=4", "spacing.no_field=4"), ["unknown_rule", "unknown_rule_field"]),
    ],
)
@pytest.mark.parametrize(("profile", "more"), [(None, []), ("x", ["unknown_profile"])])
def test_every_issue_of_the_choices_is_told_at_once(
    empty: Office, choices: tuple[str, ...], codes: list[str], profile: str | None, more: list[str]
) -> None:
    order = empty.order(tiny_instance(), changes=choices, profile=profile, month="2026-13")
    told = refused(empty, lambda: empty.submit(order))
    assert sorted(told) == sorted(["bad_option", *codes, *more])


def test_solve_of_an_unknown_rule_is_refused(empty: Office) -> None:
    order = empty.order(tiny_instance(), changes=("villages_per_adviser.most=many",))
    assert refused(empty, lambda: empty.submit(order))
    assert refused(empty, lambda: empty.submit(empty.order(tiny_instance(), profile="x")))


def test_unknown_instance_is_refused(strict: Office) -> None:
    solve = SolveOrder(instance=NOBODY, seconds=5)
    assert refused(strict, lambda: strict.submit(solve)) == ["job_instance"]


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../x.xlsx", "a/b.json", "a\\b.json", "a\n", "表" * 90]
)
def test_file_name_that_leads_elsewhere_is_refused(strict: Office, name: str) -> None:
    codes = refused(strict, lambda: strict.upload(name, b"x" * 101, ImportOrder))
    assert codes == ["job_file_name", "job_bytes"]


def test_import_of_too_many_rows_fails(tmp_path: Path) -> None:
    office = Office(tmp_path, most_rows=5)
    content = instance_json(tiny_instance()).encode()
    job = office.upload("a.json", content, ImportOrder, "long")
    folder = tmp_path / "place"
    folder.mkdir()
    taken = TakenJob("long", job.order, office.settings, office.results)
    verdict = Work(taken, lambda: False, lambda *_: None, folder).run()
    rows = sum(len(table) for _, table in tiny_instance().tables())
    assert (verdict.state, verdict.issues) == (
        State.FAILED,
        (issue("job_rows", value=rows, rows=rows, most=5),),
    )
    assert office.results.read_instance(tiny_instance().content_hash) is None


def test_settings_travel_whole_through_the_environment(
    strict: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in strict.settings.environment().items():
        monkeypatch.setenv(name, value)
    assert JobSettings() == strict.settings


def test_crew_cannot_have_a_name_that_is_no_id(strict: Office) -> None:
    with pytest.raises(ValueError, match="pattern"):
        start_workers(1, strict.settings, "../x")


def test_import_whose_file_is_gone_fails(tmp_path: Path) -> None:
    office = Office(tmp_path)
    folder = tmp_path / "place"
    folder.mkdir()
    taken = TakenJob(
        "gone", ImportOrder(name="a.json", digest=NOBODY), office.settings, office.results
    )
    verdict = Work(taken, lambda: False, lambda *_: None, folder).run()
    assert verdict.state is State.FAILED
    assert [told.code for told in verdict.issues] == ["job_file"]


@pytest.mark.parametrize(
    ("error", "code"), [(MemoryError(), "job_memory"), (ZeroDivisionError("secret"), "job_broken")]
)
def test_failure_of_a_child_is_told_without_its_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, code: str
) -> None:
    def fail(*_: object) -> str:
        raise error

    order = ImportOrder(name="a.json", digest=NOBODY)
    monkeypatch.setattr(type(kind_of(order)), "run", fail)
    verdict = child._answer(order, tmp_path, lambda *_: None)
    assert (verdict.state, [told.code for told in verdict.issues]) == (State.FAILED, [code])
    assert "secret" not in verdict.model_dump_json()
