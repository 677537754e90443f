"""The text of a template's sheet 说明: how to fill it in, and what each sheet is for."""

from __future__ import annotations

SHEET = "说明"
HOW_ZH = (
    "值班（zhiban）输入工作簿",
    "1. 每张工作表是一张表，第一行是列标题，请不要改动标题；列的次序可以变，选填的列可以删。",
    "2. 红色标题必填，黑色标题选填。鼠标停在标题上，可以看到这一列的说明和例子。",
    "3. 灰色的“示例”行不会被读取；照着填在下面，或把第一格里的“示例”去掉再改成自己的内容。",
    "4. 要填编号的地方也可以填名称，如 石桥镇新屋村、张三（某某所）；编号可以不填，程序会给；下拉列表列出其他表的名称。",
    "5. 一格里填几项时用分号隔开，如 婚姻家庭;劳动；带数量时写成 婚姻家庭:3;物业:2。",
    "6. 日期写成 2026-12-01，也可以写 12月1日；是否类的列填“是”或“否”；编号已设为文本格式，不会变成 4.1E+11。",
    "7. 自己的备注可以放在名为“备注”的列，或名称以“备注”开头的工作表里，程序不读。",
    "8. 填好后运行 zhiban check-input 文件名，所有问题会一次列出。人员手机号不会进入公开表和日历。",
)
HOW_EN = (
    "Input workbook of zhiban",
    "1. Each sheet is one table and its first row holds the headers: keep them. Columns may be moved, optional ones deleted.",
    "2. Red headers are required, black ones optional. Rest the pointer on a header for its note and an example.",
    "3. Grey rows marked 示例 (example) are not read. Write below, or remove 示例 from the first cell and edit the row.",
    "4. A name may stand where an id is asked (township before it, firm in brackets behind); ids left empty are given.",
    "5. Separate several items in one cell by semicolons (婚姻家庭;劳动); with numbers write 婚姻家庭:3;物业:2.",
    "6. Dates are 2026-12-01 or 12月1日; yes/no columns take 是 or 否; codes are stored as text, so they keep all digits.",
    "7. Your own remarks go into a column 备注 or a sheet whose name begins with 备注; they are not read.",
    "8. Run zhiban check-input FILE: it lists every problem at once. Mobile numbers stay out of public sheets and calendars.",
    "English headers (the field names shown in the notes) are accepted as well.",
)
REQUIRED = ("必填", "required")
ONE_OF = ("二者至少填一", "one of the two")
OPTIONAL = ("选填", "optional")
USES: dict[str, tuple[tuple[str, str], str, str]] = {
    "settings": (
        OPTIONAL,
        "方案名称、月份、规则方案、车速、作息时间",
        "name, month, rule profile, speeds, hours",
    ),
    "areas": (REQUIRED, "县区、乡镇街道及其上级", "counties, townships and what is above them"),
    "villages": (ONE_OF, "需要法律顾问和走访的村居", "villages that need an adviser and visits"),
    "sites": (
        OPTIONAL,
        "值班和调解的地点；有岗位就要填",
        "places of duty and mediation; needed for posts",
    ),
    "posts": (
        ONE_OF,
        "每个站点按什么规律、要几个人值班",
        "which duties a site has, when, with how many people",
    ),
    "firms": (OPTIONAL, "律师事务所、基层法律服务所", "law firms and grassroots offices"),
    "people": (
        REQUIRED,
        "律师、基层法律服务工作者、调解员等",
        "lawyers, grassroots workers, mediators and others",
    ),
    "leave": (OPTIONAL, "请假、开庭、培训的日期", "days of leave, court and training"),
    "wishes": (
        OPTIONAL,
        "希望、不希望或不得安排的日期、地点、岗位",
        "days, places and posts preferred, preferred not, or barred",
    ),
    "limits": (
        OPTIONAL,
        "每人每月某类班次、上班周末的最多或最少，最少工时",
        "most and fewest turns of a kind, weekends and hours of a person",
    ),
    "successions": (
        OPTIONAL,
        "前一天上某班、次日不得或尽量不上某班",
        "turns that nobody should have on a day and the next",
    ),
    "conflicts": (
        OPTIONAL,
        "利益冲突，同所人员一并回避",
        "conflicts of interest; they bind the whole firm",
    ),
    "pins": (
        OPTIONAL,
        "已经定下、不能改或尽量不改的安排",
        "assignments that are fixed or to be kept",
    ),
    "held_around": (
        OPTIONAL,
        "上月最后一周（和下月头几天）已定的值班、走访，月初月末的休息和间隔据此计算",
        "what is settled for the last week of the month before and the first days of the next",
    ),
    "ledger": (OPTIONAL, "往月每人值班次数，用于均衡", "turns of earlier months, for fairness"),
    "lectures": (OPTIONAL, "本季度已办的法治讲座", "lectures already held"),
    "pairs": (
        OPTIONAL,
        "个别人员到村居的路程、工时或禁止",
        "travel time, hours or bans of single pairs",
    ),
    "rules": (
        OPTIONAL,
        "对规则方案中个别数字的调整，如每月值班上限（默认不限）",
        "single numbers of the rule profile changed",
    ),
    "days": (
        OPTIONAL,
        "与官方日历不同的工作日、休息日",
        "days that differ from the official calendar",
    ),
}
"""Need, Chinese use and English use of each sheet, by table name."""
