"""What the office answered once about its old files, kept as a small TOML for the next time."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from models.formats.containers.whole_files import write_text
from models.formats.intake.titles import plain
from models.issues import InputError
from models.messages import Spot, issue

_CHANGING = re.compile(r"[\d年月\s]|[(（][^)）]*[)）]")
"""What differs in a sheet's title from month to month."""


class Holding(Enum):
    """What a sheet holds; the value is the word for it in the mapping."""

    PEOPLE = "人员名单"
    VILLAGES = "村居与顾问"
    FIRMS = "机构名单"
    DUTY_LIST = "值班表"
    DUTY_GRID = "值班表（地点在上）"
    NOTHING = "不读"


@dataclass
class SheetMapping:
    """What a sheet holds, and which title of it stands for which; an empty title is not read."""

    holding: str = ""
    columns: dict[str, str] = field(default_factory=dict)


@dataclass
class Mapped:
    """All that was answered: the county, the kind of people without one, and the sheets."""

    county: str = ""
    kind: str = ""
    sheets: dict[str, SheetMapping] = field(default_factory=dict)

    @staticmethod
    def key(title: str) -> str:
        """Return a sheet's title without the month in it."""
        return _CHANGING.sub("", plain(title)) or plain(title)

    def of(self, title: str) -> SheetMapping:
        """Return what is known of a sheet."""
        return self.sheets.get(self.key(title), SheetMapping())


def read_mapping(path: Path | None) -> Mapped:
    """Read a mapping; without a file nothing is known.

    Raises
    ------
    InputError
        The file is no TOML, or holds something else.
    """
    if path is None:
        return Mapped()
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        sheets = {
            str(title): SheetMapping(
                Holding(known["holds"]).value if known.get("holds") else "",
                {str(k): str(v) for k, v in known.get("columns", {}).items()},
            )
            for title, known in content.get("sheets", {}).items()
        }
        return Mapped(str(content.get("county", "")), str(content.get("kind", "")), sheets)
    except (ValueError, AttributeError) as error:
        raise InputError([issue("old_mapping_broken", Spot(path.name), reason=error)]) from None


def write_mapping(mapped: Mapped, path: Path) -> None:
    """Write a mapping as TOML, sheets in order."""
    lines = [
        "# 旧表读法：下月再读时自动沿用；可以改。How old files are read; kept for the next time."
    ]
    lines += [
        f"{name} = {_quoted(value)}"
        for name, value in (("county", mapped.county), ("kind", mapped.kind))
        if value
    ]
    for title, known in sorted(mapped.sheets.items()):
        lines += ["", f"[sheets.{_quoted(title)}]", f"holds = {_quoted(known.holding)}"]
        if known.columns:
            lines += ["", f"[sheets.{_quoted(title)}.columns]"]
            lines += [f"{_quoted(k)} = {_quoted(v)}" for k, v in known.columns.items()]
    write_text(path, "\n".join([*lines, ""]))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
