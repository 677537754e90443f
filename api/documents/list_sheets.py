"""Sheets of lists: advisers, mediators, stations, unmet, waivers, fairness, differences."""

from __future__ import annotations

from itertools import groupby

from api.documents.labels import rule_label
from api.documents.lines import VACANT, MediatorLine, StationLine, UnmetLine, VillageLine
from api.documents.printed_sheet import Audience, Cell, Paper, Sheet, SheetColumn, SheetRow
from api.documents.sentences import difference_words, unmet_summary
from api.documents.view import View
from models.people import Person, tier_of
from models.report import Breach, DifferenceRow, FairnessRow, FirmShare, Overbooked, TurnShare
from models.vocabulary import PersonTier

ADVISER_COLUMNS = (
    SheetColumn("序号", 6),
    SheetColumn("乡镇", 16),
    SheetColumn("村（社区）", 22),
    SheetColumn("法律顾问", 12),
    SheetColumn("执业机构", 26, is_left=True),
    SheetColumn("联系电话", 18),
    SheetColumn("走访日期", 26),
    SheetColumn("讲座", 26),
)
MEDIATOR_COLUMNS = (
    SheetColumn("序号", 6),
    SheetColumn("乡镇", 16),
    SheetColumn("站点", 34, is_left=True),
    SheetColumn("站点类别", 20),
    SheetColumn("调解员", 12),
    SheetColumn("专长", 24),
    SheetColumn("联系电话", 18),
)
STATION_COLUMNS = (
    SheetColumn("序号", 6),
    SheetColumn("乡镇", 16),
    SheetColumn("村（社区）", 24),
    SheetColumn("服务方式", 16),
    SheetColumn("固定站所在村（社区）", 24),
    SheetColumn("步行分钟", 10),
    SheetColumn("服务日期", 28),
)
UNMET_COLUMNS = (
    SheetColumn("类别", 10, "Kind"),
    SheetColumn("乡镇", 14, "Township"),
    SheetColumn("对象", 28, "Target", is_left=True),
    SheetColumn("日期", 9, "Date"),
    SheetColumn("时段", 7, "Part"),
    SheetColumn("缺额", 8, "Missing"),
    SheetColumn("说明", 34, "What, in Chinese", is_left=True),
    SheetColumn("原因", 44, "Reasons, in Chinese", is_left=True),
    SheetColumn("英文说明", 50, "In English", is_left=True, is_english=True),
)
OVERBOOKED_COLUMNS = (
    SheetColumn("类别", 10, "Kind"),
    SheetColumn("对象", 28, "Target", is_left=True),
    SheetColumn("日期", 9, "Date"),
    SheetColumn("时段", 7, "Part"),
    SheetColumn("多出人数", 10, "Too many"),
    SheetColumn("多出人员", 20, "Who"),
    SheetColumn("说明", 46, "What, in Chinese", is_left=True),
    SheetColumn("英文说明", 46, "In English", is_left=True, is_english=True),
)
WAIVER_COLUMNS = (
    SheetColumn("序号", 6, "No."),
    SheetColumn("规则", 28, "Rule"),
    SheetColumn("对象", 28, "Subject", is_left=True),
    SheetColumn("超出", 8, "Amount"),
    SheetColumn("说明", 46, "What, in Chinese", is_left=True),
    SheetColumn("英文说明", 46, "In English", is_left=True, is_english=True),
    SheetColumn("批准人", 14, "Approved by"),
)
RESERVE_COLUMNS = (
    SheetColumn("次序", 6, "No."),
    SheetColumn("梯队", 9, "Tier"),
    SheetColumn("姓名", 12, "Name"),
    SheetColumn("类别", 20, "Kind"),
    SheetColumn("执业机构", 26, "Firm", is_left=True),
    SheetColumn("专长", 20, "Specialities"),
    SheetColumn("联系电话", 16, "Office phone"),
    SheetColumn("手机", 14, "Mobile"),
    SheetColumn("本月值班", 10, "Turns"),
)
FIRM_SHARE_COLUMNS = (
    SheetColumn("岗位", 18),
    SheetColumn("机构", 30, is_left=True),
    SheetColumn("在册人数", 10),
    SheetColumn("份额", 10),
    SheetColumn("应派班次", 10),
    SheetColumn("已派班次", 10),
    SheetColumn("派人截止", 14),
)
FAIRNESS_COLUMNS = (
    SheetColumn("人员编号", 11, "Id"),
    SheetColumn("姓名", 12, "Name"),
    SheetColumn("类别", 20, "Kind"),
    SheetColumn("执业机构", 26, "Firm", is_left=True),
    SheetColumn("村居数", 8, "Villages"),
    SheetColumn("值班", 8, "Turns", has_bars=True),
    SheetColumn("周末", 9, "Weekend"),
    SheetColumn("夜间", 7, "Nights"),
    SheetColumn("备班", 9, "Standby"),
    SheetColumn("走访", 7, "Visits"),
    SheetColumn("讲座", 10, "Lectures"),
    SheetColumn("工时", 8, "Hours", has_bars=True),
    SheetColumn("路途分钟", 10, "Travel min", has_bars=True),
    SheetColumn("往月值班", 10, "Carried"),
    SheetColumn("应担", 8, "Entitled"),
    SheetColumn("已担", 8, "Served"),
    SheetColumn("差额", 8, "Difference"),
)
SHARE_COLUMNS = (
    SheetColumn("人员编号", 11, "Id"),
    SheetColumn("姓名", 12, "Name"),
    SheetColumn("类别", 20, "Kind"),
    SheetColumn("班次类别", 24, "Turns of"),
    SheetColumn("应担", 10, "Entitled"),
    SheetColumn("已担", 10, "Served", has_bars=True),
    SheetColumn("差额", 10, "Difference"),
)
DIFFERENCE_COLUMNS = (
    SheetColumn("类别", 12, "Kind"),
    SheetColumn("对象", 38, "Target", is_left=True),
    SheetColumn("日期", 11, "Date"),
    SheetColumn("时段", 8, "Part"),
    SheetColumn("原安排", 16, "Before"),
    SheetColumn("新安排", 18, "After"),
    SheetColumn("说明", 60, "In words", is_left=True),
)


def adviser_sheet(view: View) -> Sheet:
    """Return 顾问名单, public: one list, a township after the other."""
    lines: list[SheetRow] = []
    for _, villages in groupby(view.villages, key=lambda line: (line.area, line.township)):
        for place, village in enumerate(villages):
            cells: tuple[Cell, ...] = (
                len(lines) + 1,
                village.township,
                *_adviser_cells(village),
            )
            lines.append(SheetRow(cells, starts_group=place == 0))
    return Sheet(
        name="顾问名单",
        heading=f"{view.title}村（居）法律顾问名单（{view.month_label}）",
        note=view.notice,
        columns=ADVISER_COLUMNS,
        lines=tuple(lines),
        audience=Audience.PUBLIC,
        font_size=12,
        empty="本次未排法律顾问",
    )


def mediator_sheet(view: View) -> Sheet:
    """Return 调解员名单, public."""
    return Sheet(
        name="调解员名单",
        heading=f"{view.title}专职人民调解员名单（{view.month_label}）",
        note=view.notice,
        columns=MEDIATOR_COLUMNS,
        lines=tuple(
            SheetRow((number, *_mediator_cells(line)))
            for number, line in enumerate(view.mediators, start=1)
        ),
        audience=Audience.PUBLIC,
        font_size=12,
        empty="本次未排调解员",
    )


def station_sheet(view: View) -> Sheet:
    """Return 固定站与流动点, public: which villages share a station, which get a mobile point."""
    return Sheet(
        name="固定站与流动点",
        heading=f"{view.title}村居固定站与流动服务点（{view.month_label}）",
        note=view.notice,
        columns=STATION_COLUMNS,
        lines=tuple(
            SheetRow((number, *_station_cells(line)))
            for number, line in enumerate(view.stations, start=1)
        ),
        audience=Audience.PUBLIC,
        font_size=12,
        empty="本次未排站点",
    )


def has_reserves(view: View) -> bool:
    """Whether anybody is called on only when regular people fall short."""
    return any(tier_of(person) is not PersonTier.REGULAR for person in view.instance.people)


def reserve_sheet(view: View) -> Sheet:
    """Return 后备名单: whom to call on when regular people fall short, in that order."""
    order, turns = list(PersonTier), {row.person: row.turns for row in view.report.fairness}
    people = sorted(
        (person for person in view.instance.people if tier_of(person) is not PersonTier.REGULAR),
        key=lambda p: (order.index(tier_of(p)), turns.get(p.id, 0), p.id),
    )
    return Sheet(
        name="后备名单",
        heading=f"后备名单（{view.month_label}）",
        note="正式人员不足或临时缺人时，按次序联系：先后备，再志愿者，后专家；同一梯队中本月值班少的在前。",
        columns=RESERVE_COLUMNS,
        lines=tuple(
            SheetRow(_reserve_cells(view, number, person, turns.get(person.id, 0)))
            for number, person in enumerate(people, start=1)
        ),
        audience=Audience.INTERNAL,
    )


def unmet_sheet(view: View) -> Sheet:
    """Return 缺岗清单: what stays empty, its sum first, then each with the grouped reasons."""
    return Sheet(
        name="缺岗清单",
        heading=f"缺岗清单（{view.month_label}）",
        note=f"{unmet_summary(view)}空缺不影响其他安排；每条列出候选人为何不能承担，按原因归并；个人另有上限的在“人员”中修改。",
        columns=UNMET_COLUMNS,
        lines=tuple(_unmet_line(line) for line in view.unmet),
        audience=Audience.INTERNAL,
        empty="没有缺岗",
    )


def overbooked_sheet(view: View) -> Sheet:
    """Return 超员清单: seats and slots with more people than they ask for, and who is too many."""
    return Sheet(
        name="超员清单",
        heading=f"超员清单（{view.month_label}）",
        note="人数超出所需的席位和班次；按名单次序，排在所需人数之后的为多出人员。",
        columns=OVERBOOKED_COLUMNS,
        lines=tuple(_overbooked_line(view, one) for one in view.report.overbooked),
        audience=Audience.INTERNAL,
    )


def waiver_sheet(view: View) -> Sheet:
    """Return 豁免清单: every place where a rule that holds 原则上 was not kept."""
    return Sheet(
        name="豁免清单",
        heading=f"豁免清单（{view.month_label}）",
        note="“原则上”的规则未能遵守之处，须由主管人员逐条批准。",
        columns=WAIVER_COLUMNS,
        lines=tuple(
            SheetRow((number, *_waiver_cells(view, breach)))
            for number, breach in enumerate(view.report.waivers, start=1)
        ),
        audience=Audience.INTERNAL,
        empty="无需豁免",
    )


def firm_share_sheet(view: View) -> Sheet:
    """Return 机构派班份额, public: how the slots of a post were shared out among the firms."""
    return Sheet(
        name="机构派班份额",
        heading=f"机构派班份额（{view.month_label}）",
        note="应派班次＝班次总数×本机构在册人数÷各机构在册人数之和；先取整数，余下的班次按余数从大到小各给一班。",
        columns=FIRM_SHARE_COLUMNS,
        lines=tuple(_firm_share_line(view, row) for row in view.report.firm_shares),
        audience=Audience.PUBLIC,
        paper=Paper.A4_PORTRAIT,
    )


def fairness_sheet(view: View) -> Sheet:
    """Return 公平与负荷: the load of every person."""
    return Sheet(
        name="公平与负荷",
        heading=f"公平与负荷（{view.month_label}）",
        note="值班以半天（或一夜）为一次；工时含路途；往月值班为台账窗口内累计次数；"
        "应担、已担为窗口与本月合计，分班次类别见“分担明细”。",
        columns=FAIRNESS_COLUMNS,
        lines=tuple(_fairness_line(view, row) for row in view.report.fairness),
        audience=Audience.INTERNAL,
    )


def share_sheet(view: View) -> Sheet:
    """Return 分担明细: turns that were due to each person and served, class by class."""
    return Sheet(
        name="分担明细",
        heading=f"分担明细（{view.month_label}）",
        note="应担按分担比例与在岗天数折算（连续请假满 5 个工作日的天数不计），含台账窗口与本月；差额为已担减应担。",
        columns=SHARE_COLUMNS,
        lines=tuple(
            _share_line(view, row, share) for row in view.report.fairness for share in row.shares
        ),
        audience=Audience.INTERNAL,
        paper=Paper.A4_PORTRAIT,
        empty="本月没有班次",
    )


def difference_sheet(view: View) -> Sheet:
    """Return 与原方案差异: what changed against the pinned or published plan."""
    return Sheet(
        name="与原方案差异",
        heading=f"与原方案差异（{view.month_label}）",
        columns=DIFFERENCE_COLUMNS,
        lines=tuple(_difference_line(view, row) for row in view.report.differences),
        audience=Audience.INTERNAL,
        empty="与原方案一致，或没有原方案",
    )


def _adviser_cells(village: VillageLine) -> tuple[str, ...]:
    adviser = village.adviser
    who = (adviser.name, adviser.firm, adviser.phone) if adviser else (VACANT, "", "")
    if village.handed_over:
        who = (f"{who[0]}（{village.handed_over}）", *who[1:])
    visits = "\n".join(visit.label for visit in village.visits)
    lectures = "\n".join(visit.label for visit in village.visits if visit.lecture)
    return (village.name, *who, visits, lectures)


def _mediator_cells(line: MediatorLine) -> tuple[str, ...]:
    site, person = line.site, line.person
    phone = (person.phone if person else "") or site.phone
    name = person.name if person else VACANT
    return (site.township, site.name, site.kind, name, "、".join(line.specialities), phone)


def _station_cells(line: StationLine) -> tuple[str | int, ...]:
    walk = line.walk_minutes if line.host else ""
    return line.township, line.name, line.way, line.host_name, walk, "\n".join(line.dates)


def _reserve_cells(view: View, number: int, person: Person, turns: int) -> tuple[str | int, ...]:
    card = view.person(person.id)
    fields = "、".join(field.label for field in person.specialities)
    who = (card.name, card.kind, card.firm, fields, card.phone, card.mobile)
    return (number, tier_of(person).label, *who, turns)


def _unmet_line(line: UnmetLine) -> SheetRow:
    zh = "\n".join(f"· {reason.zh}" for reason in line.reasons)
    en = "\n".join((line.en, *(f"· {reason.en}" for reason in line.reasons)))
    what = (line.kind, line.township, line.target, line.date, line.part, line.missing)
    return SheetRow((*what, line.zh, zh, en))


def _overbooked_line(view: View, one: Overbooked) -> SheetRow:
    part = one.part.label if one.part else ""
    names = "、".join(view.person(person).name for person in one.surplus)
    what = (one.kind.label, view.target(one.target), one.date, part)
    return SheetRow((*what, len(one.surplus), names, one.zh, one.en))


def _waiver_cells(view: View, breach: Breach) -> tuple[str | int, ...]:
    return (
        rule_label(breach.rule),
        view.target(breach.subject),
        breach.amount,
        breach.zh,
        breach.en,
        "",
    )


def _firm_share_line(view: View, row: FirmShare) -> SheetRow:
    post = view.instance.post_by_id[row.post].name
    shares = (row.listed, row.exact, row.due, row.given)
    return SheetRow((post, view.target(row.firm), *shares, f"值班前{row.days_ahead}天"))


def _fairness_line(view: View, row: FairnessRow) -> SheetRow:
    card = view.person(row.person)
    who = (card.id, card.name, card.kind, card.firm)
    turns = (row.villages, row.turns, row.weekend_turns, row.night_turns, row.standby_turns)
    load = (row.visits, row.lectures, round(row.hours, 2), row.travel_minutes, row.carried_turns)
    return SheetRow((*who, *turns, *load, *_shared(row)))


def _shared(row: FairnessRow) -> tuple[float | str, ...]:
    """Return what was due, served and the difference of all duties; blank where nothing was due."""
    for share in row.shares:
        if share.kind is None and not share.is_standby:
            return share.entitled, share.served, share.difference
    return "", "", ""


def _share_line(view: View, row: FairnessRow, share: TurnShare) -> SheetRow:
    card = view.person(row.person)
    of = "备班" if share.is_standby else "值班合计"
    if share.kind is not None and share.day_class is not None:
        of = f"{share.day_class.label}{share.kind.label}"
    return SheetRow(
        (card.id, card.name, card.kind, of, share.entitled, share.served, share.difference)
    )


def _difference_line(view: View, row: DifferenceRow) -> SheetRow:
    part = row.part.label if row.part else ""
    before, after = (_holders(view, ids) or "—" for ids in (row.before, row.after))
    what = (row.kind.label, view.target(row.target), row.date, part)
    return SheetRow((*what, before, after, difference_words(view, row)))


def _holders(view: View, words: str) -> str:
    """Return names in place of ids; a visit is held by a date, a part of the day and a person."""
    return "、".join(
        " ".join(view.person(word).name for word in words_of_one.split(" "))
        for words_of_one in words.split(";")
    )
