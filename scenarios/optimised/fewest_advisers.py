"""The fewest additional advisers for full coverage, and the townships that lack them.

Computes the shortage (``solver.answers.shortage``) twice: with the cap held, and with the cap
waived, which leaves only the hard rules: hours, areas, travel, languages, conflicts.
"""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field

from models.instance import Instance
from models.issues import Sentence
from models.report import Shortage, TownshipShortage
from scenarios.optimised.answer import Answer, AnswerPart
from solver.answers.shortage import USUAL_EFFORT, shortage_of
from solver.engine.highs import Effort
from solver.engine.ladder import relative_gap
from solver.modelling.rule import Rule


class Hired(AnswerPart):
    """How many more advisers are needed, and where."""

    value: int = Field(description="new advisers that are enough")
    bound: int = Field(description="proven: fewer are not enough")
    gap: float = Field(description="(value - bound) / max(1, value)")
    townships: tuple[TownshipShortage, ...]
    out_of_reach: int = Field(
        0, description="villages that stay without adviser however many are hired"
    )


class FewestAdvisers(Answer):
    """The fewest new advisers for full coverage."""

    villages: int
    cap: int | None = Field(description="villages per adviser in principle; null: no such rule")
    within_cap: Hired | None = Field(description="with the cap held; null: no such rule")
    beyond_cap: Hired = Field(description="with the cap waived and every hard rule held")
    out_of_reach: tuple[str, ...] = Field(
        description="villages that no adviser at a township's seat may serve, however many there are"
    )


def fewest_advisers(
    instance: Instance, rules: Iterable[Rule], effort: Effort = USUAL_EFFORT
) -> FewestAdvisers:
    """Return the fewest new advisers with whom every village that anybody may serve has one.

    Parameters
    ----------
    instance
        Month, people and villages.
    rules
        Enabled rules.
    effort
        Limits of each of the two questions; seconds beyond 5 are not used.

    Raises
    ------
    InputError
        When fixed pins break hard rules among themselves.
    """
    known = tuple(rules)
    cap = min((r.village_cap for r in known if r.village_cap is not None), default=None)
    held = shortage_of(instance, known, effort) if cap is not None else None
    waived = shortage_of(*_without_cap(instance, known), effort, cap=len(instance.villages))
    within, beyond = _hired(held), _hired(waived)
    out = waived.out_of_reach if waived is not None else ()
    return FewestAdvisers(
        villages=len(instance.villages),
        cap=cap,
        within_cap=None if cap is None else within,
        beyond_cap=beyond,
        out_of_reach=out,
        lines=tuple(_lines(cap, within, beyond, len(out))),
    )


def _without_cap(instance: Instance, rules: tuple[Rule, ...]) -> tuple[Instance, tuple[Rule, ...]]:
    """Return people and rules among whom nobody's villages are counted."""
    people = tuple(p.model_copy(update={"villages_max": None}) for p in instance.people)
    others = tuple(rule for rule in rules if rule.village_cap is None)
    return instance.model_copy(update={"people": people}), others


def _hired(found: Shortage | None) -> Hired:
    if found is None:
        return Hired(value=0, bound=0, gap=0.0, townships=())
    return Hired(
        value=found.missing,
        bound=found.missing_bound,
        gap=relative_gap(found.missing, found.missing_bound),
        townships=tuple(row for row in found.townships if row.advisers),
        out_of_reach=len(found.out_of_reach),
    )


def _lines(cap: int | None, within: Hired, beyond: Hired, out: int) -> Iterable[Sentence]:
    if cap is not None:
        yield _line(within, f"每人不超过 {cap} 个村居", f"with the cap of {cap} held")
    yield _line(
        beyond, "只遵守硬性规则、不计上限", "with the hard rules held and villages not capped"
    )
    if out:
        zh = f"另有 {out} 个村居增加顾问也无人可任：全覆盖还须放宽路途、区划等规则"
        en = f"{out} village(s) nobody at a township's seat may serve: relax ways or areas for them"
        yield Sentence(zh=zh, en=en)


def _line(hired: Hired, zh: str, en: str) -> Sentence:
    if not hired.value and hired.out_of_reach:
        none = f"{zh}：增加顾问也无济于事，{hired.out_of_reach} 个村居无人可任"
        none_en = f"{en}: no number of advisers helps, {hired.out_of_reach} village(s) stay without"
        return Sentence(zh=none, en=none_en)
    if not hired.value:
        return Sentence(zh=f"{zh}：不缺顾问", en=f"{en}: no adviser is missing")
    least = "已证明最少" if hired.value == hired.bound else f"已证明至少 {hired.bound} 名"
    least_en = "proven" if hired.value == hired.bound else f"at least {hired.bound} proven"
    where = "、".join(f"{t.name} {t.advisers} 名" for t in hired.townships)
    where_en = ", ".join(f"{t.name} {t.advisers}" for t in hired.townships)
    return Sentence(
        zh=f"{zh}：还需 {hired.value} 名顾问（{least}）：{where}",
        en=f"{en}: {hired.value} more adviser(s) ({least_en}): {where_en}",
    )
