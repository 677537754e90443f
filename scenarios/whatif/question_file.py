"""Question files: TOML, read with every issue at once, each with its line and key.

Nothing is made or solved until the whole file is valid.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from models.formats.intake.row_drafts import Draft, explain, hint
from models.formats.intake.tables import table_of
from models.issues import InputError, Issue
from models.messages import Spot, issue
from models.rows import Row
from scenarios.changes import change_types
from scenarios.whatif import toml_lines
from scenarios.whatif.question import Head, Question, Step, Title, Variant
from scenarios.whatif.sweep import MOST, SweepError, blanks, combinations, described, filled

MOST_BYTES = 1024 * 1024
"""A question is written by hand."""

ReadRow = TypeVar("ReadRow", bound=Row)


def read_question(path: Path) -> Question:
    """Read a question file.

    Raises
    ------
    InputError
        With every issue found, each with the line and the key.
    """
    spot = Spot(path.name)
    if not path.is_file():
        raise InputError([issue("file_missing", spot)])
    if path.stat().st_size > MOST_BYTES:
        raise InputError([issue("file_too_large", spot, limit=MOST_BYTES // 1024 // 1024)])
    return parse_question(question_text(path.read_bytes(), path.name), path.name)


def question_text(content: bytes, label: str) -> str:
    """Return the text of a question file; ``label`` names it in issues.

    Raises
    ------
    InputError
        It is too large, or not UTF-8.
    """
    if len(content) > MOST_BYTES:
        raise InputError([issue("file_too_large", Spot(label), limit=MOST_BYTES // 1024 // 1024)])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError([issue("encoding_not_utf8", Spot(label))]) from None


def parse_question(text: str, label: str) -> Question:
    """Read a question from its text; ``label`` names the file in issues.

    Raises
    ------
    InputError
        As ``read_question`` does.
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError([_syntax(label, text, str(error))]) from None
    reader = _Reader(label, toml_lines.Lines(text))
    question = reader.question(content)
    if reader.issues or question is None:
        raise InputError(list(dict.fromkeys(reader.issues)))
    return question


@dataclass
class _KeyOrigin:
    """The way from a field back to its line."""

    reader: _Reader
    path: toml_lines.Path

    def spot(self, index: int, field_name: str | None) -> Spot:
        """Return the line and key of a field, of the table if there is none."""
        return self.reader.spot((*self.path, field_name) if field_name else self.path)


@dataclass
class _Reader:
    """Reads the tables of a question file and collects issues."""

    label: str
    lines: toml_lines.Lines
    issues: list[Issue] = field(default_factory=list)

    def spot(self, path: toml_lines.Path) -> Spot:
        """Return the location of a value."""
        return Spot(self.label, f"L{self.lines.of(path)} {toml_lines.shown(path)}".strip())

    def question(self, content: dict[str, Any]) -> Question | None:
        """Return the question, None if its general settings have any fault."""
        tables = {name: content.pop(name, []) for name in ("scenario", "change")}
        head = self.row(Head, "问题", content, ())
        steps = self.steps(tables["change"], ("change",))
        scenarios = self.tables(tables["scenario"], ("scenario",))
        if not scenarios and not self.issues:
            self.refuse("question_no_scenario", ("scenario",))
        variants = [v for path, table in scenarios for v in self.variants(table, path)]
        if len(variants) * (len(head.seeds) if head else 1) > MOST:
            self.refuse("question_too_many", ("scenario",), most=MOST)
        self.check_names(variants)
        return Question(head, tuple(steps), tuple(variants)) if head else None

    def variants(self, table: dict[str, Any], path: toml_lines.Path) -> Iterator[Variant]:
        """Yield the scenario once for every combination of its sweep."""
        try:
            taken = combinations(table)
        except SweepError as error:
            self.refuse(error.code, (*path, *error.path), "", **error.words)
            return
        rest = {key: value for key, value in table.items() if key not in ("grid", "list")}
        self.check_blanks(rest, set(taken[0]), path)
        if not rest.get("change"):
            self.refuse("question_no_change", path)
        for values in taken:
            made = filled(rest, values)
            changes = made.pop("change", [])
            title = self.row(Title, "方案", made, path)
            steps = self.steps(changes, (*path, "change"))
            if title is not None:
                marked = len(taken) > 1 and not set(blanks(table.get("name"))) & set(values)
                mark = f"（{described(values)}）" if marked else ""
                mark_en = f" ({described(values)})" if marked and title.name_en else ""
                names = title.name + mark, title.name_en + mark_en
                yield Variant(*names, tuple(steps), values)

    def check_blanks(self, table: dict[str, Any], known: set[str], path: toml_lines.Path) -> None:
        """Refuse a ``{name}`` that the sweep does not set, and a value that nothing uses."""
        used = set(blanks(table))
        for name in sorted(used - known):
            self.refuse("question_blank", path, name=name)
        unused = known - set(blanks(table.get("change", [])))
        for name in sorted(unused):
            self.refuse("question_unused", path, name=name)

    def check_names(self, variants: list[Variant]) -> None:
        """Refuse scenarios of the same name."""
        names = [variant.name for variant in variants]
        for name in sorted({name for name in names if names.count(name) > 1}):
            count = names.count(name)
            self.refuse("question_same_name", ("scenario",), count=count, name=name)

    def steps(self, content: Any, path: toml_lines.Path) -> list[Step]:
        """Return the changes of a scenario, as far as they can be read."""
        found = (self.step(table, at) for at, table in self.tables(content, path))
        return [step for step in found if step is not None]

    def step(self, table: dict[str, Any], path: toml_lines.Path) -> Step | None:
        """Return one change."""
        code = table.get("do")
        kind = change_types().get(code) if isinstance(code, str) else None
        if kind is None:
            self.refuse_kind(code, (*path, "do"))
            return None
        fields = {key: value for key, value in table.items() if key != "do"}
        change = self.row(kind, kind.zh, fields, path)
        spots = {name: self.spot((*path, name)) for name in fields}
        return Step(change, self.spot(path), spots) if change else None

    def refuse_kind(self, code: Any, path: toml_lines.Path) -> None:
        """Refuse a change of no known kind, or of none."""
        types = change_types()
        known = "、".join(f"{name}（{kind.zh}）" for name, kind in types.items())
        words: dict[str, object] = {"known": known, "known_en": ", ".join(types)}
        if code is None:
            self.refuse("question_which_change", path, "", **words)
            return
        words |= hint(code, types) if isinstance(code, str) else {"hint": "", "hint_en": ""}
        self.refuse("question_no_such_change", path, str(code), **words)

    def row(
        self, kind: type[ReadRow], title: str, values: dict[str, Any], path: toml_lines.Path
    ) -> ReadRow | None:
        """Return a table of the file as a row; types are those that are written, not guessed."""
        try:
            return kind.model_validate_json(json.dumps(values, default=str), strict=True)
        except ValidationError as error:
            errors = list(error.errors(include_url=False))
            draft = Draft(0, _KeyOrigin(self, path), {}, None)
            self.issues += explain(table_of("", title, kind), draft, errors, values)
            return None

    def tables(
        self, content: Any, path: toml_lines.Path
    ) -> list[tuple[toml_lines.Path, dict[str, Any]]]:
        """Return the tables of a list with their paths."""
        if not isinstance(content, list) or not all(isinstance(row, dict) for row in content):
            self.refuse("question_tables", path, table=path[-1])
            return []
        return [((*path, number), row) for number, row in enumerate(content)]

    def refuse(self, code: str, path: toml_lines.Path, value: str = "", **words: object) -> None:
        """Keep the issue ``code`` at a table or key."""
        self.issues.append(issue(code, self.spot(path), value, **words))


def _syntax(label: str, text: str, message: str) -> Issue:
    """Return the issue of a text that is not TOML; the parser's message only gives the position."""
    found = re.search(r"at line (\d+), column (\d+)", message)
    cell = f"L{found[1]}:{found[2]}" if found else f"L{len(text.splitlines())}"
    return issue("toml_syntax", Spot(label, cell))
