"""What every Change must say about itself, and what it never does: make an input nobody could read."""

from __future__ import annotations

import datetime as dt
import inspect
import re
from importlib import import_module
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from models.formats.read import rebuilt
from models.instance import Instance
from models.issues import InputError, Issue
from scenarios.changes import change_types
from scenarios.changes.base import Change
from scenarios.generator.catalogue import load
from tests.instance_tables import tables
from tests.scenarios.changes.making import change

HAN = re.compile(r"[\u4e00-\u9fff]")
CODES = tuple(change_types())
MONTH = "2026-12"
DAYS = {"first": dt.date(2026, 12, 7), "last": dt.date(2026, 12, 9)}

SAMPLES: dict[str, tuple[dict[str, Any], ...]] = {
    "add_people": ({"share": 0.5}, {"count": 2, "to": ["A1", "A2"]}),
    "budget": ({"fund_year": 100_000},),
    "cap": ({"most": 1}, {"most": 2, "hard": True, "personal": True}),
    "circle": ({"everywhere": 5}, {"town": 8, "hard": True}),
    "close_site": ({"sites": ["S0"]}, {"site_kinds": ["station", "court"]}),
    "demand": ({"factor": 1.5}, {"factor": 0, "specialities": ["labour"], "season": "q4"}),
    "hours": ({"factor": 0.5}, {"lawyer": 6, "village": 8}),
    "leave_wave": (DAYS, DAYS | {"share": 0.5, "part": "am"}),
    "mediators": ({"least": 1}, {"site_kinds": ["station"], "most": 1}),
    "merge_townships": ({"areas": ["A2"], "into": "A1"},),
    "move_site": ({"site": "S0", "village": "V1"}, {"site": "S1", "area": "A2"}),
    "open_site": ({"name": "示例站", "kind": "station", "area": "A2", "recurrence": "周三"},),
    "posts": ({"head_count": 3}, {"posts": ["P0"], "recurrence": "周三"}, {"stop": True}),
    "priority": ({"villages": ["V0"], "level": 3, "only": True},),
    "profile": ({"name": "suzhou"},),
    "remote_duty": ({"per_lawyer": 1, "centre": "S0", "stations": ["S1"]},),
    "remove_people": ({"people": ["L0"]}, {"share": 0.5}, {"firms": ["F1"]}),
    "rule": ({"rule": "spacing", "field": "days", "value": "5"},),
    "travel": ({"weather": 1.5}, {"country_kmh": 20}),
}
"""Parameters that most small instances admit; ids are those of ``tests.instance_tables``."""

EVERY = [(code, given) for code in CODES for given in SAMPLES[code]]


def test_every_change_has_samples():
    assert set(SAMPLES) == set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_change_says_what_it_does_and_names_every_parameter_in_chinese(code: str):
    kind = change_types()[code]
    assert re.fullmatch(r"[A-Z][^.]*\.", import_module(f"scenarios.changes.{code}").__doc__ or "")
    assert len((inspect.getdoc(kind) or "").split()) >= 8
    assert HAN.search(kind.zh)
    assert not HAN.search(kind.en)
    for field in kind.model_fields.values():
        assert HAN.search(field.title or "")
        assert field.examples
    (sample, *_) = SAMPLES[code]
    assert change(code, **sample).code == code


def test_names_are_unique():
    types = change_types().values()
    assert len({t.zh for t in types}) == len({t.en for t in types}) == len(CODES)


@settings(max_examples=60, suppress_health_check=[HealthCheck.filter_too_much])
@given(st.sampled_from(EVERY), tables(MONTH))
def test_a_change_makes_a_sound_input_or_says_why_it_cannot(
    sample: tuple[str, dict[str, Any]], content: dict[str, Any]
):
    before = Instance.model_validate(content)
    if not _is_sound(before):  # pins drawn at random can mostly not be kept together
        before = before.model_copy(update={"pins": ()})
    assume(_is_sound(before))
    code, fields = sample
    made = change(code, **fields)
    issues = _issues(made, before)
    assert all(HAN.search(found.zh) and found.en for found in issues)
    if issues:
        return
    after = made.apply(before)
    assert rebuilt(after).content_hash == after.content_hash
    assert made.apply(before).content_hash == after.content_hash
    sentence = made.sentence(before)
    assert HAN.search(sentence.zh)
    assert sentence.en


def test_every_change_applies_to_a_real_town():
    """The samples with the ids of a generated town in place of the small instances'."""
    town = load("township")
    ids = {
        "A1": town.villages[0].area,
        "A2": town.villages[0].area,
        "L0": town.people[0].id,
        "F1": town.firms[0].id,
        "V0": town.villages[0].id,
        "V1": town.villages[1].id,
        "S0": town.sites[0].id,
        "S1": town.sites[0].id,
        "P0": town.posts[0].id,
    }
    refused = []
    for code, fields in EVERY:
        known = {name: _with(ids, value) for name, value in fields.items()}
        try:
            rebuilt(change(code, **known).apply(town))
        except InputError:
            refused.append(code)
    # a town cannot merge with itself
    assert refused == ["merge_townships"]


def _issues(made: Change, before: Instance) -> tuple[Issue, ...]:
    try:
        made.apply(before)
    except InputError as error:
        return error.issues
    return ()


def _with(ids: dict[str, str], value: Any) -> Any:
    if isinstance(value, list):
        return [ids.get(word, word) for word in value]
    return ids.get(value, value) if isinstance(value, str) else value


def _is_sound(instance: Instance) -> bool:
    try:
        rebuilt(instance)
    except InputError:
        return False
    return True
