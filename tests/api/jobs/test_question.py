"""A question as a job: what is kept is compared, not solved again; what cannot be made is told."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete

from api.jobs.contract.kind import TakenJob
from api.jobs.contract.verdict import JobEnd, State
from api.jobs.kinds.whatif import WhatifOrder
from api.jobs.work import Work
from models.store.jobs.questions import put_question
from models.store.tables.question_tables import QuestionFile, QuestionRecord
from scenarios.compare.result import Comparison
from tests.api.jobs.office import AREA, Office, township

QUESTION = """name = "cap"
time_limit = 5
deterministic = false
[[scenario]]
name = "cap {cap}"
grid = { cap = [3, 4] }
[[scenario.change]]
do = "cap"
most = "{cap}"
"""


def order(office: Office, text: str = QUESTION) -> WhatifOrder:
    key = office.keep(township())
    kept = QuestionRecord(
        id="asked", area=AREA, instance=key, name="q", name_en="q", text=text, created_by=""
    )
    with office.store.begin() as session:
        put_question(session, kept)
    return WhatifOrder(instance=key, name="q.toml", text=text, solves=3, seconds=5)


def done(office: Office, asked: WhatifOrder, *, cancelled: bool = False) -> tuple[JobEnd, Any]:
    """Do a job in this process; return how it ended and the steps of its progress."""
    told: list[tuple[str, Any]] = []
    folder = office.folder / "bench"
    folder.mkdir(exist_ok=True)
    work = Work(
        TakenJob("asked", asked, office.settings, office.results),
        lambda: cancelled,
        lambda kind, data: told.append((kind, data)),
        folder,
    )
    verdict = work.run()
    assert list(folder.iterdir()) == []
    return verdict, [step for kind, data in told if kind == "progress" for step in data["steps"]]


def forget(office: Office, *words: str) -> None:
    """Leave the results as a worker does that died before it kept some of them."""
    with office.store.begin() as session:
        for word in words:
            session.execute(delete(QuestionFile).where(QuestionFile.name.contains(word)))


def kept(office: Office) -> Comparison:
    content = office.results.read_answer_file("asked", "comparison.json")
    assert content is not None
    return Comparison.model_validate_json(content)


@pytest.mark.slow
def test_what_was_kept_is_compared_and_not_solved_again(empty: Office) -> None:
    asked = order(empty)
    whole = {"solved": 3, "refused": 0, "missing": 0}
    verdict, steps = done(empty, asked)
    assert verdict == JobEnd(counts=whole)
    assert [s["scenarios"] for s in steps if s["state"] == "solved"] == [
        ["基准"],
        ["cap 3"],
        ["cap 4"],
    ]
    first = kept(empty)
    assert done(empty, asked) == (verdict, [])
    forget(empty, "comparison")
    again, steps = done(empty, asked)
    assert (again, {step["state"] for step in steps}) == (verdict, {"kept"})
    assert kept(empty) == first
    # cancelled while it waited to be taken up again: an interrupt comes before the child can hear
    forget(empty, "comparison", first.scenarios[2].run)
    cut, steps = done(empty, asked, cancelled=True)
    assert cut == JobEnd(state=State.CANCELLED, counts=whole | {"solved": 2, "missing": 1})
    assert steps == []
    assert (kept(empty).scenarios, kept(empty).missing) == (first.scenarios[:2], ("cap 4",))


def test_a_cancelled_question_that_has_nothing_is_not_begun(empty: Office) -> None:
    assert done(empty, order(empty), cancelled=True) == (JobEnd(state=State.CANCELLED), [])


def test_scenarios_that_cannot_be_made_are_told_with_their_lines(empty: Office) -> None:
    text = (
        QUESTION
        + '[[scenario]]\nname = "closed"\n[[scenario.change]]\ndo = "close_site"\nsites = ["Z9"]\n'
    )
    verdict, steps = done(empty, order(empty, text))
    assert (verdict.state, steps) == (State.FAILED, [])
    assert [(issue.table, issue.cell) for issue in verdict.issues] == [
        ("q.toml", "L14 scenario[1].change[0].sites")
    ]
    assert empty.results.answer_files("asked") == frozenset()
