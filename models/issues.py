"""Issue: one complaint about input, in Chinese and English."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict
from pydantic.dataclasses import dataclass


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Sentence:
    """One sentence in both languages."""

    zh: str
    en: str


class Issue(BaseModel):
    """Where it is, what is wrong, how to mend it.

    ``code`` is stable. ``table`` and ``cell`` say where: Chinese sheet name and A1 address,
    a CSV file and line, or a JSON path. ``value`` is what stood there (shortened).
    """

    model_config = ConfigDict(frozen=True)

    code: str
    table: str = ""
    cell: str = ""
    value: str = ""
    zh: str
    en: str
    mend_zh: str = ""
    mend_en: str = ""

    @property
    def detail_zh(self) -> str:
        """What is wrong and how to mend it, in Chinese."""
        return f"{self.zh}。{self.mend_zh}"

    @property
    def detail_en(self) -> str:
        """What is wrong and how to mend it, in English."""
        return f"{self.en}. {self.mend_en}"

    def lines(self) -> str:
        """Render for a terminal: Chinese first, English second."""
        where = "!".join(part for part in (self.table, self.cell) if part)
        shown = f"「{self.value}」" if self.value else ""
        return (
            f"{where} {shown}{self.detail_zh}\n    {where} {self.detail_en} [{self.code}]"
        ).strip()


class InputError(Exception):
    """Raised when input cannot be used; carries every Issue found, never just the first."""

    def __init__(self, issues: Sequence[Issue]) -> None:
        """Keep ``issues`` in the order found."""
        self.issues = tuple(issues)
        super().__init__(f"{len(self.issues)} issue(s)")
