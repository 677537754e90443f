"""A county typed by five hands: names for codes, plain words, titles above and notes beside the tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from models.formats.read import read_with_remarks
from models.instance import Instance
from models.issues import InputError

HANDS = range(5)
Cell = Any  # a value, or a tuple of what each of the five hands types for it

SHEETS: dict[str, list[list[Cell]]] = {
    "设置": [
        ["项目", "取值"],
        ["方案名称", "示例县2027年1月"],
        ["区划代码", "示例县"],
        ["计划月份", ("2027年1月", "2027-01", "2027.1", "202701", "2027年元月")],
    ],
    "区划": [
        ["区划名称", "级别", "上级区划", "地形", "经度", "纬度"],
        ["示例县", ("县", "县级", "县区", "区县", "县(市、区)"), "示例市", None, 113.7, 34.7],
        ["石桥镇", ("乡镇", "镇", "乡镇街道", "街道", "乡镇级"), "示例县",
         ("农村", "乡村", "山区", "丘陵", "村"), "113°42′", (34.71, "34.71", "34.71°", "北纬34.71", "34.71N")],
        ["东山乡", "乡", "示例县", "农村", 113.75, 34.72],
    ],
    "村居": [
        ["村居名称", "所属乡镇", "人口", "赶集日", "现任法律顾问"],
        ["上坝村 ", ("石桥镇", "石桥", "示例县石桥镇", "石桥镇 ", "石　桥镇"),
         ("1200人", 1200, "1,200", "约1200", "0.12万"),
         ("农历逢三、六、九", "农历三六九", "逢农历3、6、9", "农历逢3、6、9", "农历三、六、九"),
         ("例甲", "例 甲", "例甲律师", "例甲（青石所）", "例甲 ")],
        ["下坝村", "石桥镇", "980", ("无", None, "-", "—", "暂无"), "例乙"],
        ["上坝村", "东山乡", 1500, None, "例丙"],
    ],
    "站点": [
        ["站点名称", "站点类别", "所属区划", "调解员下限"],
        ["石桥镇公共法律服务工作站", ("工作站", "站", "服务站", "司法所", "镇工作站"), "石桥镇", 0],
    ],
    "岗位": [
        ["站点编号", "岗位名称", "岗位类别", "日期规律", "时段", "人数", "遇节假日"],
        [("石桥镇公共法律服务工作站", "石桥站", "石桥工作站", "石桥镇站", "石桥镇工作站"), "咨询",
         ("咨询", "法律咨询", "律师咨询", "法律服务", "值班"),
         ("周二、周四", "每周二、四", "星期二、星期四", "周二周四", "礼拜二、四"),
         ("上、下午", "全天", "上午、下午", "上下午", "上午和下午"),
         ("1人", 1, "一人", "1名", "１"), ("节假日休息", "跳过", "休息", "不排", "放假")],
    ],
    "机构": [
        ["机构名称", "机构类别", "所在区划"],
        ["示例青石律师事务所", ("律所", "律师所", "律师事务所", "事务所", "律师楼"), "石桥镇"],
        ["石桥法律服务所", ("法律服务所", "法服所", "服务所", "基层所", "法律所"), "石桥镇"],
    ],
    "人员": [
        ["序号", "姓名", "人员类别", "执业机构", "所在区划", "语言", "专长", "执业年限", "分担比例",
         "可值班", "手机"],
        [1, ("例甲", "例甲 ", "例　甲", " 例甲", "例 甲"), ("律师", "专职律师", "执业律师", "律师（专职）", "社会律师"),
         ("示例青石律师事务所", "青石所", "青石律师事务所", "示例青石所", "示例青石律所"), "石桥镇",
         ("普通话、客家话", "普通话/客家话", "国语、客家方言", "普通话 客家话", "普通话和客家话"),
         ("婚姻家庭、劳动", "婚姻、劳动争议", "婚姻家庭/劳动", "家事；劳动", "婚姻家庭 劳动"),
         ("18年", 18, "十八年", "18 年", "执业18年"), ("50%", 0.5, "半", "一半", "1/2"),
         ("√", "是", "Y", "可", "参加"), (13800010001, "13800010001", "138 0001 0001",
                                          "138-0001-0001", "+86 13800010001")],
        [2, "例乙", "律师", "青石所", "石桥镇", None, None, None, None, "√", None],
        [3, "例丙", ("法律服务工作者", "基层法律服务工作者", "法律工作者", "基层工作者", "基层法服"),
         "石桥法律服务所", "东山乡", None, None, None, None, "√", None],
    ],
    "请假开庭": [
        ["人员编号", "开始日期", "结束日期", "时段", "事由"],
        ["例甲", ("2027.1.5", "1月5日", "5号", "2027年1月5号", 20270105),
         ("2027.1.5", "1月5日", "5号", "元月5日", 20270105), ("上午", "早上", "上半天", "上午半天", "上"),
         ("开庭", "庭审", "出庭", "开庭（市中院）", "仲裁")],
        ["例乙、例丙", ("1月18日", "18日", "1.18", "2027/1/18", "一月十八日"),
         ("1月19日", "19日", "1.19", "2027/1/19", "一月十九日"), ("全天", None, "整天", "一天", "上下午"),
         ("年假", "病假", "请假", "产假", "休假")],
    ],
    "意愿": [
        ["人员编号", "意愿", "日期", "星期"],
        ["例乙", ("不愿意", "不希望", "不要", "尽量不", "避开"), None, ("周五", 5, "星期五", "五", "礼拜五")],
    ],
    "利益冲突": [
        ["人员编号", "村居代码"],
        ["例丙", ("石桥镇上坝村", "石桥镇 上坝村", "石桥上坝村", "上坝村（石桥镇）", "石桥镇-上坝村")],
    ],
    "往月台账": [
        ["人员编号", "月份", "岗位类别", "次数"],
        ["例甲", ("12月", "2026年12月", "上月", "2026-12", "去年12月"), "咨询", ("4次", 4, "四次", "4班", "4个班")],
    ],
}  # fmt: skip


def write(path: Path, hand: int, spoilt: dict[tuple[str, str], Any] | None = None) -> Path:
    """Write the workbook of one hand: odd hands have a title above and notes beside the tables."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in SHEETS.items():
        sheet = book.create_sheet(title)
        above = 2 if hand % 2 and title != "设置" else 0
        for number, row in enumerate(rows, 1 + above):
            for place, cell in enumerate(row, 1):
                sheet.cell(number, place, cell[hand] if isinstance(cell, tuple) else cell)
        if above:
            sheet["A1"] = f"示例县{title}表"
            sheet.merge_cells("A1:D1")
            sheet.cell(4, len(rows[0]) + 2, "待核实")
    for (title, address), value in (spoilt or {}).items():
        book[title][address] = value
    book.save(path)
    return path


def read(path: Path, hand: int) -> Instance:
    return read_with_remarks(write(path, hand))[0]


def comparable(instance: Instance) -> dict[str, Any]:
    """What was typed, without how a mobile is written and which leave it is."""
    content = instance.model_dump(mode="json", exclude_defaults=True)
    for row in content["people"]:
        row.pop("mobile", None)
    return content


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Instance:
    return read(tmp_path_factory.mktemp("messy") / "0.xlsx", 0)


def test_messy_county_has_its_values(first: Instance) -> None:
    names = {row.id: row.name for row in (*first.areas, *first.people, *first.firms)}
    village, other, twin = first.villages
    assert [(v.name, names[v.area]) for v in (village, twin)] == [
        ("上坝村", "石桥镇"),
        ("上坝村", "东山乡"),
    ]
    assert (village.population, str(village.market)) == (1200, "农历逢3、6、9")
    assert (names[village.adviser or ""], other.market) == ("例甲", None)
    (post,) = first.posts
    assert (str(post.recurrence), post.head_count, post.holiday.label) == ("周二、周四", 1, "跳过")
    assert [part.value for part in post.parts] == ["am", "pm"]
    person = first.people[0]
    assert (names[person.firm or ""], person.practice_years, person.share) == (
        *("示例青石律师事务所", 18),
        0.5,
    )
    assert (person.languages, len(person.specialities)) == (("普通话", "客家话"), 2)
    assert [
        (names[row.person], f"{row.first:%m-%d}", f"{row.last:%m-%d}") for row in first.leave
    ] == [
        ("例甲", "01-05", "01-05"),
        ("例乙", "01-18", "01-19"),
        ("例丙", "01-18", "01-19"),
    ]
    assert [row.part.value if row.part else "" for row in first.leave] == ["am", "", ""]
    assert [(row.village, row.person) for row in first.conflicts] == [
        (village.id, first.people[2].id)
    ]
    assert (first.ledger[0].month, first.ledger[0].turns) == ("2026-12", 4)
    assert first.areas[1].lon == pytest.approx(113.7)


@pytest.mark.parametrize("hand", HANDS[1:])
def test_other_hands_mean_the_same(hand: int, first: Instance, tmp_path: Path) -> None:
    assert comparable(read(tmp_path / "plan.xlsx", hand)) == comparable(first)


@pytest.mark.parametrize("hand", HANDS)
def test_only_real_questions_are_asked(hand: int, tmp_path: Path) -> None:
    row = 4 if hand % 2 else 2
    spoilt = {
        ("村居", f"B{row + 1}"): "南门镇",
        ("利益冲突", f"B{row}"): "上坝村",
        ("人员", f"H{row}"): "很多年",
    }
    with pytest.raises(InputError) as caught:
        read_with_remarks(write(tmp_path / "plan.xlsx", hand, spoilt))
    assert {(i.table, i.cell, i.code) for i in caught.value.issues} == {
        ("村居", f"B{row + 1}", "dangling"),
        ("利益冲突", f"B{row}", "several_fit"),
        ("人员", f"H{row}", "not_number"),
    }
