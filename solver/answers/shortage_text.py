"""A shortage in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from models.report import TownshipShortage


@dataclass(frozen=True)
class Crowd:
    """Some villages, everybody who may advise one of them, and how many these may have together."""

    villages: int
    people: int
    places: int


def sentences(
    counts: Mapping[str, int],
    townships: Iterable[TownshipShortage],
    out_of_reach: int,
    crowd: Crowd,
) -> dict[str, str]:
    """Return proof and summary, in Chinese and English, by the fields of ``Shortage``."""
    proof_zh, proof_en = _proof(counts, crowd)
    zh, en = _summary(counts, [t for t in townships if t.advisers], out_of_reach)
    return {"proof_zh": proof_zh, "proof_en": proof_en, "zh": zh, "en": en}


def _proof(counts: Mapping[str, int], crowd: Crowd) -> tuple[str, str]:
    """Return the counting argument if it is sufficient, else what the solver proved."""
    uncovered = counts["villages"] - counts["most_served"]
    if crowd.villages - crowd.places == uncovered:
        each = ""
        if crowd.places == crowd.people * counts["cap"]:
            each = f"{crowd.people} × {counts['cap']} = "
        zh = (
            f"{crowd.villages} 个村居只有 {crowd.people} 人可以担任顾问，按上限合计最多"
            f" {each}{crowd.places} 个，少于 {crowd.villages}：至少 {uncovered} 个没有顾问"
        )
        en = (
            f"{crowd.villages} villages can be advised by {crowd.people} people only, who may have"
            f" {each}{crowd.places} together: at least {uncovered} stay without"
        )
        return zh, en
    bound, villages = counts["most_served_bound"], counts["villages"]
    if bound == villages:
        return "尚未证明：时间不足", "not proven yet: the time was too short"
    zh = f"按上限和其他硬性规则（工时、区划、路途等），最多 {bound} 个村居能有顾问，少于 {villages}"
    en = f"under the cap and the other hard rules at most {bound} of {villages} villages can have an adviser"
    return zh, en


def _summary(
    counts: Mapping[str, int], lacking: list[TownshipShortage], out_of_reach: int
) -> tuple[str, str]:
    missing, least, cap = counts["missing"], counts["missing_bound"], counts["cap"]
    zh, en = [], []
    if missing:
        proven = "" if missing == least else f"（已证明至少 {least} 名）"
        proven_en = "" if missing == least else f" (at least {least} proven)"
        where = "、".join(f"{t.name} {t.advisers} 名" for t in lacking)
        where_en = ", ".join(f"{t.name} {t.advisers}" for t in lacking)
        zh.append(f"每人 {cap} 个村居的上限守不住，还缺 {missing} 名顾问{proven}：{where}")
        en.append(
            f"the cap of {cap} cannot hold, {missing} more adviser(s) needed{proven_en}: {where_en}"
        )
    if out_of_reach:
        zh.append(f"{out_of_reach} 个村居增加顾问也无人可任，原因见缺岗清单")
        en.append(
            f"{out_of_reach} village(s) stay without however many are hired, see the unmet list"
        )
    return "；".join(zh), "; ".join(en)
