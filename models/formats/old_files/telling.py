"""Says what of old files was taken for what, and what was not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from models.formats.old_files.layouts import Layout
from models.formats.old_files.registers import Registers
from models.formats.sheet_cells import column_letters, filled
from models.issues import Sentence

_SHOWN = 5


def taken(layout: Layout) -> Sentence:
    """Say what a sheet was taken for, and its columns."""
    header = layout.sheet.rows[layout.header]
    titles = "、".join(
        f"{column_letters(n)} {header[n]}"
        for n in sorted(set(layout.places.values()))
        if filled([header[n]])
    )
    name, holding = layout.name, layout.holding
    return Sentence(
        f"“{name}”按{holding.value}读取，第 {layout.header + 1} 行为表头：{titles}",
        f"{name} as {holding.name.lower().replace('_', ' ')}, header in row {layout.header + 1}: {titles}",
    )


def counted(count: Mapping[str, int], registers: Registers, planned: str) -> Iterator[Sentence]:
    """Yield what was concluded: the month, the turns, kinds that follow from names."""
    yield Sentence(f"计划月份 {planned}", f"month to plan {planned}")
    if count["served"]:
        zh = f"值班 {count['served']} 人次记入往月台账（按法律咨询），其中月末 14 天 {count['held']} 人次记入上月末安排"
        en = f"{count['served']} turns into 往月台账 (as consultation), {count['held']} of the last 14 days into 上月末安排"
        yield Sentence(zh, en)
    if count["untimed"]:
        zh = f"{count['untimed']} 人次没有写时段，按全天（上午、下午）"
        yield Sentence(
            zh, f"{count['untimed']} turns name no part of the day: taken as the whole day"
        )
    for name, site in registers.sites.items():
        kind = site.values["kind"]
        zh = f"“{name}”按名称作为{kind.label}，在{registers.area_of(name)}"
        yield Sentence(zh, f"{name} by its name as {kind.value}, in {registers.area_of(name)}")


def left_out(
    layouts: Sequence[Layout], count: Mapping[str, int], registers: Registers
) -> Iterator[Sentence]:
    """Yield what was not taken: columns, notes, later turns, and what old files do not hold."""
    for layout in layouts:
        for number, title in layout.unread.items():
            yield from _column_left(layout, number, title)
        if notes := [str(index + 1) for index in layout.notes()]:
            zh = f"“{layout.name}”第 {'、'.join(notes)} 行（说明、合计、重复的表头）"
            yield Sentence(zh, f"rows {', '.join(notes)} of {layout.name} (notes, sums, headers)")
    if registers.shared:
        cells = "、".join(f"{table}!{cell}" for table, cell in registers.shared[:_SHOWN])
        zh = f"一格写了几人，旁边的单位、电话不知是谁的，{len(registers.shared)} 格：{cells}"
        yield Sentence(
            zh, f"firm or number beside several people, {len(registers.shared)}: {cells}"
        )
    if count["later"]:
        zh = f"计划月份及以后的值班 {count['later']} 人次：要保留的请填入“固定安排”"
        en = (
            f"{count['later']} turns in the planned month or later: enter those to keep in 固定安排"
        )
        yield Sentence(zh, en)
    yield Sentence(
        "旧表里没有值班岗位：请在“岗位”填今后的班次；没有经纬度的，请在“区划”填各乡镇的",
        "old files hold no posts: enter them in 岗位, and in 区划 the townships' points if missing",
    )


def _column_left(layout: Layout, number: int, title: str) -> Iterator[Sentence]:
    cells = [
        f"{column_letters(number)}{index + 1} {row[number]}"
        for index, row in layout.body()
        if number < len(row) and filled([row[number]])
    ]
    if cells:
        shown = "、".join(cells[:_SHOWN])
        zh = f"“{layout.name}”的“{title}”列，{len(cells)} 格：{shown}"
        yield Sentence(zh, f"column {title} of {layout.name}, {len(cells)} cells: {shown}")
