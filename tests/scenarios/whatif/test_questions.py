"""The bundled questions: each can be asked of its base, and says what it means."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from models.instance import Instance
from scenarios.generator.catalogue import SCENARIOS
from scenarios.questions import question_path, questions
from scenarios.whatif.question_file import read_question

HAN = re.compile(r"[\u4e00-\u9fff]")
NAMES = [path.stem for path in questions()]


def test_the_questions_of_the_seeds_are_there():
    assert NAMES == [
        "bengbu_fewer_lawyers",
        "county_twenty",
        "jinshui_mediators",
        "suzhou_circle",
        "suzhou_towns_without_office",
        "yunnan_pace",
    ]


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=[pytest.mark.slow] * n.startswith("yunnan")) for n in NAMES]
)
def test_every_change_of_a_bundled_question_applies_to_its_base(
    scenario: Callable[[str], Instance], name: str
):
    question = read_question(question_path(questions()[0].with_name(f"{name}.toml")))
    assert question.head.base in SCENARIOS
    assert question.head.name_en
    base = scenario(question.head.base)
    month = {"month": question.head.month or base.settings.month}
    base = base.model_copy(update={"settings": base.settings.model_copy(update=month)})
    for variant in question.variants:
        assert HAN.search(variant.name)
        assert variant.name_en
        changed = base
        for step in variant.steps:
            before, changed = changed, step.seeded(1).apply(changed)
            assert changed.content_hash != before.content_hash
            assert HAN.search(step.seeded(1).sentence(before).zh)
    texts = question_path(questions()[0].with_name(f"{name}.toml")).read_text(encoding="utf-8")
    assert re.search(r"S[0-4]", texts), "a bundled question says which seed asks it"


def test_the_towns_without_an_office_are_those_of_the_bundled_city(suzhou: Instance):
    question = read_question(
        question_path(questions()[0].with_name("suzhou_towns_without_office.toml"))
    )
    offices = {firm.area for firm in suzhou.firms}
    towns = tuple(a.id for a in suzhou.areas if a.level == "township" and a.id not in offices)
    all_towns, every_second = (v.steps[0].change.model_dump()["to"] for v in question.variants)
    assert (all_towns, every_second) == (towns, towns[::2])
    assert len(towns) == 28


def test_a_bundled_question_is_found_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert question_path(Path("jinshui_mediators")).name == "jinshui_mediators.toml"
    monkeypatch.chdir(tmp_path)
    (tmp_path / "jinshui_mediators").touch()
    # a file of one's own comes before
    assert question_path(Path("jinshui_mediators")) == Path("jinshui_mediators")
    assert question_path(Path("other.toml")) == Path("other.toml")
