"""Base classes of the answers: frozen, with sentences in both languages."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from models.issues import Sentence


class AnswerPart(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Answer(AnswerPart):
    """An answer in numbers, with sentences that state it."""

    lines: tuple[Sentence, ...] = Field(description="the answer in words, the most important first")


def proven(value: float, bound: float) -> Sentence:
    """Say whether a value is proven the best, for the end of a sentence."""
    if value == bound:
        return Sentence(zh="（已证明最优）", en=" (proven optimal)")
    return Sentence(
        zh=f"（界 {bound:g}，尚未证明最优）", en=f" (bound {bound:g}, not proven optimal)"
    )
