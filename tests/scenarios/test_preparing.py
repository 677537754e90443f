"""What a question makes of its base is bounded, however its changes multiply."""

from __future__ import annotations

import pytest

from models.issues import InputError
from scenarios import preparing
from scenarios.question_file import parse_question
from tests.factories import tiny_instance

DOUBLE = """
[[scenario.change]]
do = "add_people"
share = 1.0
"""


def test_changes_that_multiply_are_refused_at_their_line(monkeypatch: pytest.MonkeyPatch) -> None:
    text = 'name = "double"\n[[scenario]]\nname = "many"' + 3 * DOUBLE
    question, base = parse_question(text, "q.toml"), tiny_instance()
    people, rows = len(base.people), sum(base.counts().values())
    made = preparing.prepare(question, base)
    assert len(made[1].instance.people) == 8 * people
    monkeypatch.setattr(preparing, "MOST_ROWS", rows + 3 * people)
    with pytest.raises(InputError) as caught:
        preparing.prepare(question, base)
    [issue] = caught.value.issues
    assert (issue.table, issue.cell) == ("q.toml", "L12 scenario[0].change[2]")
    assert str(rows + 3 * people) in issue.zh
