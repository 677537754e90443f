"""statement.xlsx: who gets what for a month, by person, firm and township, and the rows behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from api.documents.printed_sheet import Audience, Cell, Sheet, SheetColumn, SheetRow
from api.documents.roster_workbook import render_sheets
from models.instance import Instance
from solver.year.statement import Share, Statement

_MONEY = SheetColumn("金额（元）", 14, "Yuan", is_money=True)
_TOTAL = "合计 total"


def render_statement(
    paid: Statement, instance: Instance, fund: Sequence[Share], year: Sequence[tuple[str, Decimal]]
) -> bytes:
    """Return the workbook's bytes; equal statements give equal bytes.

    Parameters
    ----------
    paid
        The statement.
    instance
        Where names are looked up.
    fund
        Each township's part of the year's fund; empty where there is none.
    year
        What the year has cost so far, line by line.
    """
    names = _NameOf(instance)
    sheets = (
        _people(paid, names),
        _by(paid, "机构汇总", "firm", "机构 firm", names),
        _by(paid, "乡镇汇总", "area", "乡镇街道 township", names),
        _payers(paid, fund, year, names),
        _rows(paid, names),
        _about(paid),
    )
    return render_sheets(sheets, f"{paid.title}补贴结算（{paid.month}）", paid.month)


class _NameOf:
    """Names of people, firms, areas and places by id."""

    def __init__(self, instance: Instance) -> None:
        self._of: dict[str, str] = {"": "无机构 none"}
        for rows in (instance.areas, instance.villages, instance.sites):
            self._of |= {row.id: row.name for row in rows}
        self._of |= {row.id: row.name for row in instance.firms}
        self._people = {row.id: row.name for row in instance.people}

    def of(self, code: str) -> str:
        """Return the name of a firm, area or place."""
        return self._of.get(code, code)

    def person(self, code: str) -> str:
        """Return the name of a person."""
        return self._people.get(code, code)


def _sheet(
    paid: Statement, name: str, columns: Sequence[SheetColumn], lines: Iterable[Sequence[Cell]]
) -> Sheet:
    return Sheet(
        name=name,
        columns=tuple(columns),
        lines=tuple(SheetRow(tuple(line)) for line in lines),
        audience=Audience.INTERNAL,
        heading=f"{paid.title}{name}（{paid.month}）",
        note=f"标准出处 rates: {paid.source}",
    )


def _people(paid: Statement, names: _NameOf) -> Sheet:
    columns = (
        SheetColumn("人员编号", 12, "Id"),
        SheetColumn("姓名", 12, "Name"),
        SheetColumn("机构", 26, "Firm", is_left=True),
        SheetColumn("项目数", 10, "Rows"),
        _MONEY,
        SheetColumn("签领", 16, "Signed"),
    )
    return _sheet(paid, "人员汇总", columns, _people_lines(paid, names))


def _people_lines(paid: Statement, names: _NameOf) -> Iterator[Sequence[Cell]]:
    counts: dict[str, int] = {}
    for row in paid.rows:
        counts[row.person] = counts.get(row.person, 0) + 1
    for (person, firm), amount in paid.sums("person", "firm").items():
        name, where = names.person(person), names.of(firm)
        yield person, name, where, counts[person], float(amount), ""
    yield _TOTAL, "", "", len(paid.rows), float(paid.total), ""


def _by(paid: Statement, name: str, field: str, head: str, names: _NameOf) -> Sheet:
    zh, _, en = head.partition(" ")
    columns = (SheetColumn("编号", 16, "Id"), SheetColumn(zh, 30, en, is_left=True), _MONEY)
    lines = [(code, names.of(code), float(amount)) for (code,), amount in paid.sums(field).items()]
    return _sheet(paid, name, columns, [*lines, (_TOTAL, "", float(paid.total))])


def _payers(
    paid: Statement, fund: Sequence[Share], year: Sequence[tuple[str, Decimal]], names: _NameOf
) -> Sheet:
    columns = (
        SheetColumn("类别", 24, "Kind"),
        SheetColumn("项目", 30, "Item", is_left=True),
        _MONEY,
    )
    lines: list[tuple[Cell, ...]] = [
        ("本月分担 payers", share.name, float(share.amount)) for share in paid.payers
    ]
    lines += [("全年经费分配 fund", names.of(s.name), float(s.amount)) for s in fund]
    lines += [("全年 year", name, float(amount)) for name, amount in year]
    return _sheet(paid, "经费", columns, lines)


def _rows(paid: Statement, names: _NameOf) -> Sheet:
    columns = (
        SheetColumn("人员编号", 12, "Person"),
        SheetColumn("姓名", 12, "Name"),
        SheetColumn("日期", 12, "Date"),
        SheetColumn("月份", 10, "Month"),
        SheetColumn("项目", 16, "Item"),
        SheetColumn("乡镇街道", 20, "Township", is_left=True),
        SheetColumn("数量", 8, "Count"),
        SheetColumn("标准", 12, "Rate", is_money=True),
        _MONEY,
        SheetColumn("编号", 44, "Id", is_left=True),
        SheetColumn("说明", 30, "Note", is_left=True),
    )
    lines = [
        (
            *(row.person, names.person(row.person), f"{row.date}", row.month, row.item.label),
            *(names.of(row.area), row.count, float(row.rate), float(row.amount)),
            *(row.id, row.note),
        )
        for row in paid.rows
    ]
    return _sheet(paid, "明细", columns, lines)


def _about(paid: Statement) -> Sheet:
    columns = (
        SheetColumn("提示", 60, "In Chinese", is_left=True),
        SheetColumn("英文", 60, "In English", is_left=True),
    )
    lines = [(remark.zh, remark.en) for remark in paid.remarks]
    return _sheet(paid, "提示", columns, lines)
