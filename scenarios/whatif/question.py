"""A what-if question: scenarios of changes to a base; read by ``question_file``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field

from models.messages import Spot
from models.rows import Month, Name, Row, Text
from scenarios.changes.base import Change
from scenarios.whatif.sweep import Values
from solver.limits import Stage

Seed = Annotated[int, Field(ge=0, le=2**31 - 1)]


class Head(Row):
    """Settings of the whole question."""

    name: Name = Field(title="问题", examples=["每人至多五个村还是四个村"])
    name_en: Text = Field("", title="英文名称", examples=["Five villages each, or four?"])
    base: Text = Field(
        "",
        title="基准",
        description="内置示例的名称，或输入文件（相对本文件）",
        examples=["county"],
    )
    base_seed: Seed = Field(1, title="示例种子", description="生成内置示例的种子", examples=[1])
    month: Month | None = Field(
        None, title="月份", description="不填则用输入里的", examples=["2027-01"]
    )
    stage: Stage = Field(Stage.ALL, title="范围", examples=["advisers"])
    seeds: Annotated[tuple[Seed, ...], Field(min_length=1, max_length=50)] = Field(
        (1,), title="种子", description="每个方案用每个种子各求解一次", examples=[1]
    )
    time_limit: Annotated[float, Field(ge=1, le=86_400)] = Field(
        60.0, title="求解秒数", description="每个方案", examples=[60]
    )
    deterministic: bool = Field(
        True,
        title="可重现",
        description="按工作量而不按时间停止，同样的输入得同样的结果",
        examples=[True],
    )


class Title(Row):
    """What a scenario is called; ``{name}`` stands for a value of its sweep."""

    name: Name = Field(title="方案", examples=["上限 {cap} 个"])
    name_en: Text = Field("", title="英文名称", examples=["a cap of {cap}"])


@dataclass(frozen=True)
class Step:
    """A Change, with the location of itself and of its parameters in the file."""

    change: Change
    spot: Spot
    fields: Mapping[str, Spot]

    def seeded(self, seed: int) -> Change:
        """Return the Change; one that draws and names no seed of its own draws with this one."""
        draws = "seed" in type(self.change).model_fields
        if not draws or "seed" in self.change.model_fields_set:
            return self.change
        return self.change.model_copy(update={"seed": seed})


@dataclass(frozen=True)
class Variant:
    """One scenario of a question, its sweep filled in."""

    name: str
    name_en: str
    steps: tuple[Step, ...]
    values: Values = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """A question file: what holds for all, changes to the base itself, and the scenarios in order."""

    head: Head
    steps: tuple[Step, ...]
    variants: tuple[Variant, ...]
