"""The sentences of the cross-checks between cells, rows and tables."""

from __future__ import annotations

CHECK_MESSAGES: dict[str, tuple[str, str, str, str]] = {
    "duplicate_id": (
        "“{word}”在“{title}”中重复（另见 {other}）",
        "the id {word} appears twice in {title} (see also {other})",
        "请删去重复的行，或改成不同的编号。",
        "Delete one of the rows, or give it another id.",
    ),
    "duplicate_row": (
        "与另一行说的是同一件事（另见 {other}）",
        "this says the same thing as another row (see also {other})",
        "请只留一行。",
        "Keep one row.",
    ),
    "dangling": (
        "“{title}”里没有“{word}”",
        "there is no {word} in {title}",
        "{hint}请核对编号，或在“{title}”里添加。",
        "{hint_en}Check the id, or add it to {title}.",
    ),
    "area_cycle": (
        "上级区划绕成了圈：{word}",
        "the parents of this area form a circle: {word}",
        "请改正其中一个上级区划；最高一级不填上级。",
        "Mend one of the parents; the highest area has none.",
    ),
    "first_after_last": (
        "开始日期 {first} 晚于结束日期 {last}",
        "the first day {first} is after the last day {last}",
        "请对调或改正。",
        "Swap or mend them.",
    ),
    "coordinates_swapped": (
        "经度和纬度看来填反了：经度 {lon}，纬度 {lat}",
        "longitude and latitude look swapped: longitude {lon}, latitude {lat}",
        "请对调：经度应为 {lat}，纬度应为 {lon}。",
        "Swap them: longitude {lat}, latitude {lon}.",
    ),
    "coordinate_half": (
        "经度和纬度只填了一个",
        "only one of longitude and latitude is given",
        "请两个都填，或都不填。",
        "Give both or neither.",
    ),
    "no_point": (
        "“{word}”没有坐标，所属区划及其上级也都没有",
        "{word} has no coordinates, nor has any area above it",
        "请填写它的经度、纬度，或填写所属区划的。",
        "Give its longitude and latitude, or those of its area.",
    ),
    "pin_incomplete": (
        "类别为“{word}”的固定安排缺少{missing}",
        "a pin of kind {word} needs {missing_en}",
        "请补填。",
        "Fill it in.",
    ),
    "conflict_no_place": (
        "利益冲突没有写明村居或站点",
        "the conflict names neither a village nor a site",
        "请填写村居代码或站点编号。",
        "Give a village or a site.",
    ),
    "wish_empty": (
        "意愿没有写明日期、星期、时段、站点或村居",
        "the wish names no date, weekday, part of day, site or village",
        "请至少填写其中一项。",
        "Give at least one of them.",
    ),
    "post_times_equal": (
        "开始时间与结束时间相同",
        "the post ends when it starts",
        "请改正；早于开始时间的结束时间表示次日。",
        "Mend it; an end before the start means the next day.",
    ),
    "post_no_part": (
        "岗位没有时段",
        "the post has no part of the day",
        "请填写：上午、下午或夜间。",
        "Give 上午, 下午 or 夜间.",
    ),
    "mix_too_large": (
        "人员搭配合计 {total} 人，超过人数 {limit}",
        "the mix asks for {total} people, more than the head count {limit}",
        "请减少搭配或增加人数。",
        "Lower the mix or raise the head count.",
    ),
    "mediators_order": (
        "调解员下限 {low} 大于上限 {high}",
        "the least number of mediators {low} is above the largest {high}",
        "请对调或改正。",
        "Swap or mend them.",
    ),
    "window_order": (
        "“{low_title}” {low} 不早于“{high_title}” {high}",
        "{low_field} {low} is not before {high_field} {high}",
        "请改正时间。",
        "Mend the times.",
    ),
    "roster_month": (
        "“{word}”不是月份",
        "'{word}' is no month",
        "请写成 2026-12 这样的月份。",
        "Write it like 2026-12.",
    ),
    "roster_empty": (
        "没有任何安排",
        "there are no assignments",
        "请至少填写一张表：{allowed}。",
        "Fill at least one table: {allowed}.",
    ),
    "date_outside_month": (
        "日期不在计划月份 {month} 内",
        "the date is not in the month {month}",
        "请改正日期，或删去这一行。",
        "Mend the date or delete the row.",
    ),
    "duty_wrong_part": (
        "岗位“{word}”没有这个时段，只有：{allowed}",
        "the post {word} has no such part of the day, only: {allowed}",
        "请改正时段。",
        "Mend the part of the day.",
    ),
    "duty_no_slot": (
        "岗位“{word}”这一天不值班",
        "the post {word} has no duty on this day",
        "请改正日期或岗位编号；加班请先在“岗位”中添加。",
        "Mend the date or the post; add extra duties to 岗位 first.",
    ),
}
