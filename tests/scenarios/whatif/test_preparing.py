"""From a question to instances: base first, seed by seed, sound, canonical, all issues at once."""

from __future__ import annotations

import pytest

from models.formats.document import instance_json
from models.issues import InputError
from scenarios.whatif import preparing
from scenarios.whatif.preparing import PreparedScenario, prepare
from scenarios.whatif.question_file import parse_question
from tests.factories import tiny_content, tiny_instance

HEAD = 'name = "问题"\nseeds = [1, 2]\n'


def prepared(text: str, head: str = HEAD) -> list[PreparedScenario]:
    return prepare(parse_question(head + text, "q.toml"), tiny_instance())


def test_the_base_comes_first_for_every_seed():
    made = prepared('[[scenario]]\nname = "a"\n[[scenario.change]]\ndo = "cap"\nmost = 4')
    assert [(item.name, item.seed) for item in made] == [
        ("基准", 1),
        ("a", 1),
        ("基准", 2),
        ("a", 2),
    ]
    assert made[0].instance is made[2].instance
    assert made[1].instance is made[3].instance
    assert made[0].sentences == ()
    assert [said.zh for said in made[1].sentences] == ["每人村居上限 5→4（原则上）"]


def test_draws_follow_the_seed():
    text = """[[scenario]]
name = "少两人"
[[scenario.change]]
do = "remove_people"
kinds = ["lawyer", "grassroots"]
count = 2
"""
    made = prepared(text, 'name = "问题"\nseeds = [1, 2, 3, 4, 5, 6]\n')
    gone = {tuple(person.id for person in item.instance.people) for item in made[1::2]}
    assert len(gone) > 1
    assert {len(people) for people in gone} == {3}


def test_changes_of_the_base_are_said_once_and_hold_for_every_scenario():
    text = """month = "2027-01"
[[change]]
do = "cap"
most = 4
[[scenario]]
name = "a"
[[scenario.change]]
do = "cap"
most = 3
"""
    base, scenario = prepared(text, 'name = "问题"\n')
    assert [said.zh for said in base.sentences] == ["每人村居上限 5→4（原则上）"]
    assert [said.zh for said in scenario.sentences] == ["每人村居上限 4→3（原则上）"]
    assert {item.instance.settings.month for item in (base, scenario)} == {"2027-01"}


def test_rows_stand_in_the_order_of_the_document():
    """The solver asks for lectures in the order of the rows: the plan must fit the document kept beside it."""
    content = tiny_content()
    content["villages"].reverse()
    question = parse_question(
        HEAD + '[[scenario]]\nname = "a"\n[[scenario.change]]\ndo = "cap"\nmost = 4', "q.toml"
    )
    mixed = tiny_instance(villages=content["villages"])
    for item in prepare(question, mixed):
        assert item.instance == item.instance.canonical()
        assert '"id": "410105001001"' in instance_json(item.instance)


def test_every_issue_of_every_scenario_is_told_with_its_line():
    text = """[[scenario]]
name = "a"
[[scenario.change]]
do = "remove_people"
firms = ["F09"]
[[scenario]]
name = "b"
[[scenario.change]]
do = "close_site"
sites = ["Z009"]
[[scenario.change]]
do = "circle"
[[scenario]]
name = "c"
[[scenario.change]]
do = "remove_people"
"""
    with pytest.raises(InputError) as caught:
        prepared(text)
    found = {(issue.table, issue.cell, issue.code) for issue in caught.value.issues}
    assert found == {
        ("q.toml", "L7 scenario[0].change[0].firms", "dangling"),
        ("q.toml", "L12 scenario[1].change[0].sites", "dangling"),
        ("q.toml", "L13 scenario[1].change[1]", "change_nothing"),
        # without anybody it is no input any more
        ("q.toml", "L17 scenario[2].change[0]", "missing_sheet"),
    }


def test_a_base_that_is_unsound_is_told_as_it_is():
    rule = {"rule": "monthly_cap", "field": "turns", "value": "many"}
    question = parse_question(
        HEAD + '[[scenario]]\nname = "a"\n[[scenario.change]]\ndo = "cap"\nmost = 4', "q.toml"
    )
    with pytest.raises(InputError) as caught:
        prepare(question, tiny_instance(rules=[rule]))
    assert [issue.code for issue in caught.value.issues] == ["rule_value"]


DOUBLE = """
[[scenario.change]]
do = "add_people"
share = 1.0
"""


def test_changes_that_multiply_are_refused_at_their_line(monkeypatch: pytest.MonkeyPatch) -> None:
    text = 'name = "double"\n[[scenario]]\nname = "many"' + 3 * DOUBLE
    question, base = parse_question(text, "q.toml"), tiny_instance()
    people, rows = len(base.people), sum(base.counts().values())
    made = prepare(question, base)
    assert len(made[1].instance.people) == 8 * people
    monkeypatch.setattr(preparing, "MOST_ROWS", rows + 3 * people)
    with pytest.raises(InputError) as caught:
        prepare(question, base)
    [issue] = caught.value.issues
    assert (issue.table, issue.cell) == ("q.toml", "L12 scenario[0].change[2]")
    assert issue.code == "change_too_many_rows"
    assert str(rows + 3 * people) in issue.zh
