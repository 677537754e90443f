"""JSON documents, schemas, and the content hash over all three forms."""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.formats.document import instance_json, schema, write_json
from models.formats.read import read_instance
from models.formats.write import write_csv_folder, write_workbook
from models.instance import Instance
from models.roster import Roster
from models.rows import LINK
from models.vocabulary import Part, PersonKind, PostKind, Speciality
from tests.factories import tiny_content, tiny_instance

_PRINTABLE = st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp"))
texts = st.text(_PRINTABLE, max_size=12)
names = texts.filter(lambda text: bool(text.strip()))
dates = st.dates(dt.date(2024, 1, 1), dt.date(2030, 12, 31)).map(str)
words = {
    "specialities": st.lists(st.sampled_from(Speciality), unique=True).map(list),
    "languages": st.lists(names, max_size=3),
    "link": st.none() | st.from_regex(LINK, fullmatch=True).filter(lambda text: len(text) <= 500),
    "mix": st.dictionaries(st.sampled_from(PersonKind), st.integers(0, 2), max_size=3),
    "demand": st.dictionaries(st.sampled_from(Speciality), st.integers(0, 1000), max_size=4),
}


@st.composite
def contents(draw: st.DrawFn) -> dict[str, Any]:
    """Draw the tiny content with free values in cells of every kind."""
    content = tiny_content()
    person, village, post = content["people"][0], content["villages"][0], content["posts"][0]
    person |= {
        "name": draw(names),
        "specialities": draw(words["specialities"]),
        "languages": draw(words["languages"]),
        "practice_years": draw(st.floats(0, 70)),
        "is_duty": draw(st.booleans()),
        "active_from": draw(st.none() | dates),
        "phone": draw(texts),
    }
    village |= {
        "lon": draw(st.floats(113, 114)),
        "lat": draw(st.floats(34, 35)),
        "demand": draw(words["demand"]),
        "languages": draw(words["languages"]),
        "priority": draw(st.integers(0, 3)),
        "market": draw(st.sampled_from([None, "农历逢2、5", "周三", "2026-12-04、2026-12-18"])),
    }
    post |= {"mix": draw(words["mix"]), "head_count": 10, "parts": draw(st.permutations(Part))}
    post["remote_link"] = draw(words["link"])
    content["settings"] |= {"profile": draw(texts), "notice": draw(texts)}
    content["rules"] = [{"rule": "a_rule", "field": "most", "value": draw(texts)}]
    content["ledger"] = [
        {"person": "L001", "month": "2026-11", "kind": kind, "turns": draw(st.integers(0, 200))}
        for kind in draw(st.lists(st.sampled_from(PostKind), unique=True, max_size=3))
    ]
    return content


def assert_round_trip(instance: Instance, forms: tuple[str, ...]) -> None:
    writers = {"xlsx": write_workbook, "csv": write_csv_folder, "json": write_json}
    with tempfile.TemporaryDirectory() as folder:
        for form in forms:
            path = Path(folder) / (form if form == "csv" else f"plan.{form}")
            writers[form](instance, path)
            back = read_instance(path)
            assert back.canonical() == instance.canonical()
            assert back.content_hash == instance.content_hash


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(contents())
def test_instance_round_trips_through_csv_and_json(content: dict[str, Any]) -> None:
    assert_round_trip(Instance.model_validate(content), ("csv", "json"))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(contents())
def test_instance_round_trips_through_workbook(content: dict[str, Any]) -> None:
    assert_round_trip(Instance.model_validate(content), ("xlsx",))


def test_hash_ignores_order_of_rows_and_maps() -> None:
    village = tiny_content()["villages"]
    ahead = [village[0] | {"demand": {"family": 1, "labour": 2}}, *village[1:]]
    behind = [*village[:0:-1], village[0] | {"demand": {"labour": 2, "family": 1}}]
    one, other = tiny_instance(villages=ahead), tiny_instance(villages=behind)
    assert one.content_hash == other.content_hash
    assert one.content_hash != tiny_instance().content_hash


def test_hash_ignores_spelling_of_numbers_and_written_defaults() -> None:
    people = [row | {"practice_years": 5.0, "share": 1} for row in tiny_content()["people"]]
    assert tiny_instance(people=people).content_hash == tiny_instance().content_hash


def test_json_is_canonical_and_small() -> None:
    content = json.loads(instance_json(tiny_instance()))
    assert content["villages"][0] == tiny_content()["villages"][0]
    assert "wishes" not in content
    backwards = tiny_instance(villages=tiny_content()["villages"][::-1])
    assert instance_json(backwards) == instance_json(tiny_instance())


def test_json_accepts_chinese_words(tmp_path: Path) -> None:
    content = tiny_content()
    content["people"][0]["kind"] = "律师"
    path = tmp_path / "a.json"
    path.write_text(json.dumps(content), encoding="utf-8-sig")
    assert read_instance(path).content_hash == tiny_instance().content_hash


@pytest.mark.parametrize("name", ["instance", "roster", "report"])
def test_schema_is_valid_and_named(name: Any) -> None:
    found = schema(name)
    jsonschema.Draft202012Validator.check_schema(found)
    assert found["$id"] == f"urn:zhiban:{name}:1"


def test_documents_keep_their_schema() -> None:
    jsonschema.validate(json.loads(instance_json(tiny_instance())), schema("instance"))
    roster = Roster(month="2026-12")
    jsonschema.validate(roster.model_dump(mode="json"), schema("roster"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"villages": [{"id": "a"}]}, schema("instance"))
