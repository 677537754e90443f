"""Question files: TOML, read with every issue at once, each with its line and key.

Nothing is solved, not even made, before the whole file is sound.
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
    """Reads the tables of a question file and collects what is wrong."""

    label: str
    lines: toml_lines.Lines
    issues: list[Issue] = field(default_factory=list)

    def spot(self, path: toml_lines.Path) -> Spot:
        """Return where a value stands."""
        return Spot(self.label, f"L{self.lines.of(path)} {toml_lines.shown(path)}".strip())

    def question(self, content: dict[str, Any]) -> Question | None:
        """Return the question, None if there is anything wrong with what holds for all."""
        tables = {name: content.pop(name, []) for name in ("scenario", "change")}
        head = self.row(Head, "问题", content, ())
        steps = self.steps(tables["change"], ("change",))
        scenarios = self.tables(tables["scenario"], ("scenario",))
        if not scenarios and not self.issues:
            self.refuse(
                ("scenario",),
                "没有方案",
                "there is no scenario",
                "请至少写一个 [[scenario]]",
                "Write at least one [[scenario]]",
            )
        variants = [v for path, table in scenarios for v in self.variants(table, path)]
        if len(variants) * (len(head.seeds) if head else 1) > MOST:
            self.refuse(
                ("scenario",),
                f"方案与种子相乘超过 {MOST} 个",
                f"more than {MOST} scenarios, seeds multiplied out",
                "请减少取值或种子，或拆成几个问题",
                "Sweep fewer values or seeds, or ask several questions",
            )
        self.check_names(variants)
        return Question(head, tuple(steps), tuple(variants)) if head else None

    def variants(self, table: dict[str, Any], path: toml_lines.Path) -> Iterator[Variant]:
        """Yield the scenario once for every combination of its sweep."""
        try:
            taken = combinations(table)
        except SweepError as error:
            self.refuse((*path, *error.path), error.zh, error.en, *_SWEEP)
            return
        rest = {key: value for key, value in table.items() if key not in ("grid", "list")}
        self.check_blanks(rest, set(taken[0]), path)
        if not rest.get("change"):
            self.refuse(
                path,
                "方案没有任何改变",
                "the scenario changes nothing",
                "请写 [[scenario.change]]",
                "Write [[scenario.change]]",
            )
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
            self.refuse(
                path,
                f"{{{name}}} 没有取值",
                f"{{{name}}} has no value",
                f"请在 grid 或 list 中给出 {name}，或去掉花括号",
                f"Give {name} in grid or list, or leave out the braces",
            )
        unused = known - set(blanks(table.get("change", [])))
        for name in sorted(unused):
            self.refuse(
                path,
                f"{name} 的取值没有用到",
                f"the values of {name} are not used",
                f'请在 change 中写 "{{{name}}}"',
                f'Write "{{{name}}}" in a change',
            )

    def check_names(self, variants: list[Variant]) -> None:
        """Refuse scenarios of the same name."""
        names = [variant.name for variant in variants]
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.refuse(
                ("scenario",),
                f"有 {names.count(name)} 个方案叫“{name}”",
                f"{names.count(name)} scenarios are called {name}",
                "请取不同的名称，扫描的方案请在名称中写 {名称}",
                "Give them different names; in a sweep write {name} in the name",
            )

    def steps(self, content: Any, path: toml_lines.Path) -> list[Step]:
        """Return the changes of a scenario, as far as they can be read."""
        found = (self.step(table, at) for at, table in self.tables(content, path))
        return [step for step in found if step is not None]

    def step(self, table: dict[str, Any], path: toml_lines.Path) -> Step | None:
        """Return one change."""
        code = table.get("do")
        kind = change_types().get(code) if isinstance(code, str) else None
        if kind is None:
            known = change_types()
            close = hint(code, known) if isinstance(code, str) else {"hint": "", "hint_en": ""}
            self.refuse(
                (*path, "do"),
                "没有这种改变" if code is not None else "没有写明做什么改变",
                "there is no such change" if code is not None else "it is not said what to change",
                f"{close['hint']}可用：{'、'.join(f'{c}（{k.zh}）' for c, k in known.items())}",
                f"{close['hint_en']}Known: {', '.join(known)}",
                value=str(code or ""),
            )
            return None
        fields = {key: value for key, value in table.items() if key != "do"}
        change = self.row(kind, kind.zh, fields, path)
        spots = {name: self.spot((*path, name)) for name in fields}
        return Step(change, self.spot(path), spots) if change else None

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
            self.refuse(
                path,
                f"应为若干个 [[{path[-1]}]]",
                f"must be tables [[{path[-1]}]]",
                "请参照内置问题的写法",
                "See the bundled questions for an example",
            )
            return []
        return [((*path, number), row) for number, row in enumerate(content)]

    def refuse(
        self,
        path: toml_lines.Path,
        zh: str,
        en: str,
        mend_zh: str,
        mend_en: str,
        value: str = "",
    ) -> None:
        """Keep an issue."""
        table, cell = self.spot(path)
        issue = Issue(
            code="question",
            table=table,
            cell=cell,
            value=value[:60],
            zh=zh,
            en=en,
            mend_zh=mend_zh,
            mend_en=mend_en,
        )
        self.issues.append(issue)


_SWEEP = (
    "例如 grid = { cap = [3, 4, 5] } 或 list = [{ cap = 3 }, { cap = 5 }]",
    "For example grid = { cap = [3, 4, 5] } or list = [{ cap = 3 }, { cap = 5 }]",
)


def _syntax(label: str, text: str, message: str) -> Issue:
    """Return the issue of a text that is no TOML; the parser's own words tell only where."""
    found = re.search(r"at line (\d+), column (\d+)", message)
    cell = f"L{found[1]}:{found[2]}" if found else f"L{len(text.splitlines())}"
    return issue("toml_syntax", Spot(label, cell))
