"""The JSON documents: an instance read and written, and the published schemas."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from models.formats.containers.archive import faults_of_file
from models.formats.containers.whole_files import write_text
from models.formats.intake.row_drafts import (
    Book,
    Draft,
    explain,
    hint,
    is_reference,
    provisional_id,
    without_id,
)
from models.formats.intake.tables import Table
from models.formats.sheets import MAX_ROWS
from models.instance import Instance
from models.issues import InputError, Issue
from models.messages import Spot, issue
from models.report import Report
from models.roster import Roster

MAX_DEPTH = 64
"""Brackets within brackets; an instance has four."""
MOST_KEYS = 200
"""Keys of an object that are looked at: what has more is no document of ours."""
_DOCUMENTS: dict[str, type[BaseModel]] = {
    "instance": Instance,
    "roster": Roster,
    "report": Report,
}
Document = Literal["instance", "roster", "report"]


class JsonOrigin:
    """The way from a field back to its JSON path."""

    def __init__(self, file: str, prefix: str, is_list: bool = True) -> None:
        """Keep the file and the path of the table."""
        self.file = file
        self.prefix = prefix
        self.is_list = is_list

    def spot(self, index: int, field_name: str | None) -> Spot:
        """Return the path of a field, such as ``$.villages[3].lon``."""
        row = f"{self.prefix}[{index}]" if self.is_list else self.prefix
        return Spot(self.file, f"{row}.{field_name}" if field_name else row)


def instance_json(instance: Instance) -> str:
    """Return the canonical document: rows sorted, defaults omitted, UTF-8 not escaped."""
    content = instance.canonical().model_dump(mode="json", exclude_defaults=True)
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def write_json(instance: Instance, path: Path | str) -> None:
    """Write the canonical document of ``instance``."""
    write_text(Path(path), instance_json(instance))


def schema(name: Document) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the instance, roster or report document."""
    return schema_of_model(name, _DOCUMENTS[name])


def schema_of_model(name: str, model: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a document that this package does not know."""
    schema = model.model_json_schema(mode="validation")
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:zhiban:{name}:1",
    }
    return head | schema


def load_json(path: Path) -> Any:
    """Parse a JSON file.

    Raises
    ------
    InputError
        When it is not JSON, too deep, too large, or has a duplicate key.
    """
    fault = faults_of_file(path)
    if fault:
        raise InputError([fault])
    spot = Spot(path.name)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError([issue("encoding_unknown", spot)]) from None
    return _loads(text, spot)


def _loads(text: str, spot: Spot) -> Any:
    issues: list[Issue] = []
    try:
        content = json.loads(
            text,
            object_pairs_hook=lambda pairs: _unique(pairs, spot, issues),
            parse_constant=lambda word: issues.append(issue("json_number", spot, word, word=word)),
        )
    except json.JSONDecodeError as error:
        at = Spot(spot.table, f"{error.lineno}:{error.colno}")
        near = text[error.pos : error.pos + 20]
        made = issue("json_syntax", at, near, line=error.lineno, column=error.colno)
        raise InputError([*issues, made]) from None
    except RecursionError:
        raise InputError([issue("json_deep", spot)]) from None
    except ValueError:
        # Python refuses integers of more than 4,300 digits.
        raise InputError([issue("json_number", spot, word="…")]) from None
    if _depth(content) > MAX_DEPTH:
        issues.append(issue("json_deep", spot))
    if issues:
        raise InputError(issues)
    return content


def _unique(pairs: list[tuple[str, Any]], spot: Spot, issues: list[Issue]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        twice = sorted(key for key, count in counts.items() if count > 1)
        issues.extend(issue("json_duplicate_key", spot, key, word=key) for key in twice)
    return members


def _depth(content: Any) -> int:
    """Return the depth of nesting, walking level by level."""
    level, depth = [content], 0
    while level and depth <= MAX_DEPTH:
        inner = [
            x.values() if isinstance(x, dict) else x for x in level if isinstance(x, (dict, list))
        ]
        level = [item for items in inner for item in items]
        depth += 1
    return depth


def read_json(path: Path, book: Book) -> dict[str, Any]:
    """Read the tables of a JSON document into drafts; return what is not a table.

    Raises
    ------
    InputError
        When the document is no JSON object.
    """
    content = load_json(path)
    if not isinstance(content, dict):
        raise InputError([_shape(Spot(path.name, "$"), content, "一个对象", "an object")])
    return read_content(content, book)


def read_content(content: dict[str, Any], book: Book) -> dict[str, Any]:
    """Read the tables of a parsed document into drafts; return what is not a table."""
    names = {table.name for table in book.tables}
    for table in book.tables:
        if table.name in content:
            book.drafts[table.name] = _rows(table, content[table.name], book.label, book)
    return {key: value for key, value in content.items() if key not in names}


def unknown_tables(extra: dict[str, Any], book: Book) -> list[Issue]:
    """Return an issue for every key of the document that is not a table."""
    allowed = "、".join(f"{table.name}（{table.title}）" for table in book.tables)
    english = [table.name for table in book.tables]
    words = {"allowed": allowed, "allowed_en": ", ".join(english)}
    return [
        issue(
            "unknown_table", Spot(book.label, f"$.{key}"), word=key, **words, **hint(key, english)
        )
        for key in list(extra)[:MOST_KEYS]
    ]


def _shape(spot: Spot, value: Any, zh: str, en: str) -> Issue:
    return issue("json_shape", spot, value, expected=zh, expected_en=en)


def _rows(table: Table, content: Any, file: str, book: Book) -> list[Draft]:
    origin = JsonOrigin(file, f"$.{table.name}", is_list=not table.is_settings)
    rows = [content] if table.is_settings else content
    if not isinstance(rows, list):
        book.issues.append(_shape(Spot(file, origin.prefix), content, "一个列表", "a list"))
        return []
    if len(rows) > MAX_ROWS:
        book.issues.append(issue("too_many_rows", Spot(file, origin.prefix), limit=MAX_ROWS))
        return []
    drafts = (_row(table, row, (origin, index), book) for index, row in enumerate(rows))
    return [draft for draft in drafts if draft is not None]


def _row(table: Table, content: Any, place: tuple[JsonOrigin, int], book: Book) -> Draft | None:
    origin, index = place
    if not isinstance(content, dict) or len(content) > MOST_KEYS:
        book.issues.append(_shape(origin.spot(index, None), content, "一个对象", "an object"))
        return None
    is_unnumbered = without_id(table, content)
    if is_unnumbered:
        content = {**content, "id": provisional_id(table, index)}
    try:
        row = table.row.model_validate_json(json.dumps(content), strict=True)
    except ValidationError as error:
        draft = _faulty(table, content, place, (error, book))
    else:
        draft = Draft(index, origin, content, row)
    if is_unnumbered:
        book.unnumbered.append((table.name, draft))
    return draft


def _faulty(
    table: Table,
    content: dict[str, Any],
    place: tuple[JsonOrigin, int],
    found: tuple[ValidationError, Book],
) -> Draft:
    """Keep the fields that other rows may refer to; the types of other fields are unchecked."""
    origin, index = place
    error, book = found
    errors = list(error.errors(include_url=False))
    bad = {str(e["loc"][0]) for e in errors if e["loc"]}
    sure = {c.field for c in table.columns if is_reference(c)} - bad
    draft = Draft(index, origin, {k: v for k, v in content.items() if k in sure}, None)
    book.issues.extend(explain(table, draft, errors, content))
    return draft
