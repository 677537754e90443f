"""The offline page of a comparison, in a real browser: what it says, and that it stays by itself."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import html
import json
import re
import shlex
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from api.documents.comparison.comparison_data import comparison_data
from api.documents.comparison.comparison_page import render_comparison
from models.formats.write import write_json
from models.instance import Instance
from models.issues import Issue
from models.report import FairnessRow, Reason, Unmet, UnmetKind
from models.vocabulary import Part
from scenarios.compare.result import Comparison, Verdict
from tests.api.commands.command import files_of, zhiban
from tests.api.documents.browser import opened
from tests.api.documents.comparisons import Said, compared
from tests.api.documents.sample_plan import district_instance
from tests.factories import tiny_content, tiny_instance

EVIL = "</script ><script>alert(1)</script>"
EVIL_IMAGE = "<img src=x onerror=\"document.body.dataset.hacked='yes'\">"

V1, V2, V3, V4 = (row["id"] for row in tiny_content()["villages"])
COVERAGE, TRAVEL = ("seats", "coverage"), ("seats", "travel")

FUND = """[[change]]
do = "budget"
fund_year = 12000
village_year = 6000
"""


def question(*scenarios: tuple[str, str], head: str = "") -> str:
    """Return a question of scenarios: name and change."""
    parts = [f'name = "少一人，会怎样？"\nname_en = "One fewer?"\n{head}\n{FUND}']
    for name, change in scenarios:
        parts.append(f"[[scenario]]\nname = {json.dumps(name)}\n[[scenario.change]]\n{change}\n")
    return "\n".join(parts)


def weather(factor: float) -> str:
    """Return a change that leaves every goal measured as it was."""
    return f'do = "travel"\nweather = {factor}'


CLOSE = 'do = "close_site"\nsites = ["Z002"]'
OPEN = 'do = "open_site"\nname = "流动点"\nkind = "流动服务点"\narea = "410105002"\nrecurrence = "周三"'


def reached(
    coverage: tuple[int, float], travel: tuple[int, float] = (90, 90.0), **more: Any
) -> Said:
    """Return an answer that reached this."""
    kpis = {"adviser_coverage_percent": 100.0 - 25 * coverage[0], "villages": 4.0}
    return Said(goals={COVERAGE: coverage, TRAVEL: travel}, **({"kpis": kpis} | more))


NO_ADVISER = Unmet(
    kind=UnmetKind.ADVISER,
    target=V4,
    zh="示例四村没有法律顾问",
    en="village 4 has no adviser",
    reasons=(Reason(code="cap", count=4, zh="4 人已满", en="4 are full"),),
)
NO_DUTY = Unmet(
    kind=UnmetKind.DUTY,
    target="Z001-咨询",
    date=dt.date(2026, 12, 3),
    part=Part.AM,
    zh="12月3日上午缺 1 人",
    en="one missing",
)
LOST = NO_ADVISER.model_copy(update={"target": V3, "zh": "示例三村没有法律顾问"})

SCENARIOS = (
    ("好", weather(1.1)),
    ("差", weather(1.2)),
    ("也差", weather(1.3)),
    ("难分", weather(1.4)),
    ("一样", weather(1.5)),
    ("关站", CLOSE),
    ("不行", weather(1.6)),
)
ANSWERS = [
    reached(
        (2, 2.0),
        advisers={V1: "L001", V2: "L001", V3: "L003"},
        unmet=(NO_ADVISER,),
        loads=(FairnessRow(person="L001", villages=2), FairnessRow(person="L003", villages=1)),
    ),
    reached(
        (1, 1.0),
        advisers={V1: "L002", V2: "L001", V4: "L004"},
        unmet=(LOST, NO_DUTY),
        loads=(FairnessRow(person="L001", villages=1), FairnessRow(person="L002", villages=1)),
    ),
    reached((4, 4.0)),
    reached((5, 3.0)),
    reached((2, 2.0), (95, 84.2)),
    reached((2, 2.0)),
    reached((2, 2.0)),
    Said(refused=Issue(code="pinned", zh="固定安排行不通", en="a pin cannot hold")),
]


def page(base: Instance, asked: str, answers: list[Said]) -> str:
    return render_comparison(*compared(base, asked, answers))


@pytest.fixture(scope="module")
def text() -> str:
    return page(tiny_instance(), question(*SCENARIOS), ANSWERS)


class _Elements(HTMLParser):
    """Collects the elements of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


WORDS = """
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const texts = (selector) => all(selector).map((node) => node.textContent);
const firsts = (selector) => all(selector).map((node) => node.firstChild.data);
const told = (row, n) => row.cells[n].textContent;
const table = (selector, ...columns) => all(selector).map((row) => columns.map((n) => told(row, n)));
const pick = (letter) => document.querySelector(`#choices input[value="${letter}"]`).click();
const name = (row) => row.querySelector("b").textContent;
"""
"""What the tests ask a page with."""


def seen(text: str, folder: Path, script: str) -> Any:
    """Return what a script returns that runs in the open page.

    The page keeps its policy: the hash of this script alone is added to it.
    """
    whole = f"document.title = JSON.stringify((() => {{ {WORDS} {script} }})());"
    digest = base64.b64encode(hashlib.sha256(whole.encode()).digest()).decode()
    allowed = text.replace("script-src '", f"script-src 'sha256-{digest}' '", 1)
    file = folder / "comparison.html"
    file.write_text(allowed.replace("</body>", f"<script>{whole}</script></body>"), "utf-8")
    dom, complaints = opened(file.as_uri(), folder)
    assert complaints == ""
    assert 'data-ready="yes"' in dom
    title = re.search(r"<title>(.*?)</title>", dom, re.DOTALL)
    assert title is not None
    return json.loads(html.unescape(title[1]))


FIRST_LOOK = """
const answer = all("#answer > li").map((line) => [
  line.querySelector(".verdict").firstChild.data, ...all("b", line).map((node) => node.textContent),
]);
const ranking = all("#ranking tbody tr").map((row) => [row.cells[0].firstChild.data, name(row), told(row, 2)]);
const goals = all("#goals .chart").map((chart) => [
  chart.querySelector("h3").firstChild.data,
  ...all("tbody tr", chart).map((row) => [name(row), told(row, 2), told(row, 3)]),
]);
const ranges = all(".range", all("#goals .chart")[1]);
const drawn = ranges.map((line) => line.getAttribute("x1") !== line.getAttribute("x2"));
const figures = () => firsts("#figures .figures tbody th");
const found = {
  answer, ranking, goals, drawn, figures: figures(),
  fetched: performance.getEntriesByType("resource").length,
  reasons: firsts("#answer .why"), ties: texts("#ranking .tie"), unmet: texts("#differences .unmet"),
  villages: table("#differences table.text tbody tr", 0, 1, 2, 3, 4),
  money: table("#money > .scroll tbody tr", 2, 3, 4, 5, 6),
};
const rest = document.querySelector("#figures details");
rest.open = true;
rest.dispatchEvent(new Event("toggle"));
return { ...found, unfolded: figures() };
"""


@pytest.fixture(scope="module")
def look(text: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a reader finds on the page before touching it, and the figures unfolded."""
    found: dict[str, Any] = seen(text, tmp_path_factory.mktemp("look"), FIRST_LOOK)
    return found


def test_page_names_no_address_and_loads_nothing(text: str) -> None:
    assert set(re.findall(r"(?:https?:)?//[\w.]+[^\s\"']*", text)) == {"http://www.w3.org/2000/svg"}
    names = {name for _, attrs in _Elements(text).found for name in attrs}
    assert {name for name in names if name.startswith("on")} == set()
    assert names & {"src", "href", "srcset", "style", "action", "data"} == set()


def test_nothing_is_fetched(look: dict[str, Any]) -> None:
    assert look["fetched"] == 0


def test_the_policy_refuses_what_the_page_does_not_carry(text: str, tmp_path: Path) -> None:
    file = tmp_path / "comparison.html"
    foreign = "<script>document.body.dataset.hacked = 'yes'</script><img src='data:,x'></body>"
    file.write_text(text.replace("</body>", foreign), "utf-8")
    dom, complaints = opened(file.as_uri(), tmp_path)
    assert "data-hacked" not in dom
    assert complaints.count("violates the following Content Security Policy directive") == 2


def test_equal_comparisons_give_equal_pages(text: str) -> None:
    assert page(tiny_instance(), question(*SCENARIOS), ANSWERS) == text


def test_the_answer_says_what_is_proven_and_what_is_not(look: dict[str, Any]) -> None:
    assert look["answer"] == [
        ["已证明比基准更好", "好"],
        ["已证明比基准更差", "差", "也差"],
        ["不能断定与基准有差别", "难分"],
        ["已证明与基准一样好", "一样"],
        ["要求与基准不同（口径不同），不能直接比好坏", "关站"],
        ["不可行，没有方案", "不行"],
    ]


def test_the_reason_of_a_verdict_has_its_numbers(look: dict[str, Any]) -> None:
    assert look["reasons"] == [
        "由“覆盖（顾问与调解员）”决定：基准 2，本方案 1，越小越好",
        "由“覆盖（顾问与调解员）”决定：基准 2，本方案 4，越小越好",
        "由“覆盖（顾问与调解员）”决定：基准 2，本方案 3–5，越小越好",
        "“路途与专业匹配（顾问与调解员）”可能的范围重叠：基准 90，本方案 85–95",
        "所有目标都相同",
        "“覆盖（顾问与调解员）”的要求不同，见指标",
    ]


def test_who_cannot_be_told_apart_shares_a_rank_and_that_is_said(look: dict[str, Any]) -> None:
    assert look["ranking"] == [
        ["1", "好", "更好（已证明） proven better"],
        ["2", "基准", "—"],
        ["2", "难分", "不能断定有差别 not shown to differ"],
        ["2", "一样", "相同（已证明） proven the same"],
        ["5", "差", "更差（已证明） proven worse"],
        ["5", "也差", "更差（已证明） proven worse"],
        ["—", "关站", "口径不同，不能相比 not measured alike"],
        ["—", "不行", "不可行 refused"],
    ]
    assert look["ties"] == [
        "名次 2 并列 tied：基准、难分、一样。一样：与基准相同（已证明）；proven the same. "
        "难分：与基准不能断定有差别；not shown to differ. ",
        "名次 5 并列 tied：差、也差。它们之间不能断定有差别。 They are not shown to differ.",
    ]


def test_a_goal_that_is_not_measured_alike_ends_the_comparison(tmp_path: Path) -> None:
    """What comes after it proves nothing of the whole; what came before it does."""
    stability = ("seats", "stability")
    scenarios = (("甲", weather(1.1)), ("乙", weather(1.2)), ("丙", CLOSE))
    answers = [
        Said(goals={COVERAGE: (2, 2.0)}),
        Said(goals={COVERAGE: (2, 2.0), stability: (5, 5.0)}),
        Said(goals={COVERAGE: (3, 3.0)}),
        Said(goals={COVERAGE: (2, 2.0), stability: (1, 1.0)}),
    ]
    comparison, instances = compared(tiny_instance(), question(*scenarios), answers)
    assert {row.name: (row.rank, row.beaten_by) for row in comparison.scenarios} == {
        "基准": (1, ()),
        "甲": (2, ("基准",)),
        "乙": (3, ("基准", "甲")),
        "丙": (1, ()),
    }
    ties = seen(
        render_comparison(comparison, instances), tmp_path, 'return texts("#ranking .tie");'
    )
    assert ties == []


def test_of_who_asks_for_something_else_the_first_goal_alike_is_told(tmp_path: Path) -> None:
    overload, cap = ("seats", "overload"), 'do = "cap"\nmost = 4'
    answers = [
        Said(goals={overload: (2, 2.0), TRAVEL: (90, 90.0)}),
        Said(goals={overload: (1, 1.0), TRAVEL: (95, 95.0)}),
    ]
    comparison, instances = compared(tiny_instance(), question(("四", cap)), answers)
    assert comparison.scenarios[1].verdict is Verdict.OTHER
    said = seen(render_comparison(comparison, instances), tmp_path, 'return texts("#answer .why");')
    assert said == [
        "“超出村居上限（顾问与调解员）”的要求不同，见指标 see the figures；口径相同的目标中，"
        "“路途与专业匹配（顾问与调解员）”更差（已证明）："
        "基准 90，本方案 95 of goals measured alike, minutes of travel and mismatch of speciality: proven worse"
    ]


def test_a_goal_shows_value_and_proof_of_every_scenario(look: dict[str, Any]) -> None:
    coverage, travel = look["goals"]
    assert coverage == [
        *("覆盖（顾问与调解员）", ["基准", "2", "2"], ["好", "1", "1"], ["差", "4", "4"]),
        *(["也差", "5", "3"], ["难分", "2", "2"], ["一样", "2", "2"], ["关站", "2", "2"]),
    ]
    assert travel[5] == ["难分", "95", "85"]


def test_the_range_between_proof_and_value_is_drawn(look: dict[str, Any]) -> None:
    assert look["drawn"] == [False, False, False, False, True, False, False]


def test_a_choice_changes_map_panel_and_lists(text: str, tmp_path: Path) -> None:
    script = """
    const looks = ["lost", "gained", "changed", "more", "fewer", "closed"];
    const shown = () => [
      looks.map((look) => all(`.mark.${look}`).length),
      texts("#panel .command")[0], texts("#differences > h3 b")[0],
    ];
    const found = [shown()];
    for (const letter of ["F", ""]) { pick(letter); found.push(shown()); }
    pick("G");
    return [...found, texts("#differences .notice")];
    """
    assert seen(text, tmp_path, script) == [
        [[1, 1, 1, 1, 0, 0], 'zhiban promote . "好" --out plan', "好"],
        [[3, 0, 0, 0, 0, 1], 'zhiban promote . "关站" --out plan', "关站"],
        [[0, 0, 0, 0, 0, 0], 'zhiban promote . "基准" --out plan', "基准"],
        ["不可行：固定安排行不通。 a pin cannot hold. "],
    ]


def test_an_address_opens_a_scenario(text: str, tmp_path: Path) -> None:
    script = 'location.hash = "#B"; followLink(); drawAll(); return texts("#differences > h3 b");'
    assert seen(text, tmp_path, script) == ["差"]


def test_villages_that_change_adviser_are_found_by_name(look: dict[str, Any]) -> None:
    assert look["villages"] == [
        ["示例三村", "示例西乡", "例丙", "无 nobody", "失去顾问 loses adviser"],
        ["示例四村", "示例西乡", "无 nobody", "例丁", "原无顾问 had none"],
        ["示例一社区", "示例东街道", "例甲", "例乙", "调整 rearranged"],
    ]


def test_a_long_list_is_searched(tmp_path: Path) -> None:
    base = district_instance(townships=3, villages=60, people=20)
    villages = [village.id for village in base.villages]
    people = [person.id for person in base.people if person.kind == "lawyer"]
    answers = [Said(advisers=dict.fromkeys(villages, people[n])) for n in (0, 1)]
    text = page(base, question(("换人", weather(1.1))), answers)
    name = base.villages[41].name
    script = f"""
    const rows = () => texts("#differences table.text tbody th");
    const lengths = [rows().length];
    const list = document.querySelector("#differences table.text").closest("details");
    list.querySelector(".more").click();
    lengths.push(rows().length);
    const field = list.querySelector("input");
    field.value = {json.dumps(name)};
    field.dispatchEvent(new Event("input"));
    return [lengths, rows()];
    """
    found = [village.name for village in base.villages if name in village.name]
    assert seen(text, tmp_path, script) == [[40, 60], found]


def test_only_what_differs_is_shown_until_it_is_unfolded(look: dict[str, Any]) -> None:
    assert look["figures"] == ["法律顾问配备率", "需求：班次"]
    rest = ["村居数", "需求：重点村居", "需求：备班"]
    assert look["unfolded"] == [*look["figures"], *rest]


def test_unmet_demands_have_place_and_reason(look: dict[str, Any]) -> None:
    assert look["unmet"] == [
        "法律顾问　示例三村　　缺 0 → 1示例三村没有法律顾问 village 4 has no adviser4 人已满 4 are full",
        "值班　示例东街道公共法律服务工作站　2026-12-03 上午　缺 0 → 112月3日上午缺 1 人 one missing",
        "法律顾问　示例四村　　缺 1 → 0示例四村没有法律顾问 village 4 has no adviser4 人已满 4 are full",
    ]


def test_money_stands_beside_the_fund(look: dict[str, Any]) -> None:
    # three villages with an adviser, 500 yuan a month each; 1,000 a month there are
    assert look["money"][:3] == [
        ["1,500", "—", "375", "1,000", "缺 short 500"],
        ["1,500", "0", "375", "1,000", "缺 short 500"],
        ["0", "−1,500", "0", "1,000", "1,000"],
    ]


def test_seeds_are_chosen_and_their_spread_is_shown(tmp_path: Path) -> None:
    low, high = ({"adviser_coverage_percent": share} for share in (50.0, 75.0))
    answers = [reached((2, 2.0), kpis=low), reached((1, 1.0), kpis=high)]
    answers += [reached((2, 2.0), kpis=low), reached((4, 4.0), kpis=low)]
    base = tiny_instance()
    draw = 'do = "remove_people"\npeople = ["L001", "L002"]\ncount = 1'
    found = compared(base, question(("走一人", draw), head="seeds = [1, 7]"), answers)
    text = render_comparison(*found)
    script = """
    const shown = () => [texts("#answer .verdict"), texts("#panel .command")];
    const found = [table("#spreads .chart tbody tr", 2, 3, 4).slice(0, 2), shown()];
    document.querySelector('#seeds input[value="7"]').click();
    return [...found, shown(), texts("#spreads table.text tbody tr")];
    """
    assert seen(text, tmp_path, script) == [
        [["50%", "50%", "50%"], ["50%", "62.5%", "75%"]],
        [
            ["已证明比基准更好 proven better than the base"],
            ['zhiban promote . "走一人" --seed 1 --out plan'],
        ],
        [
            ["已证明比基准更差 proven worse than the base"],
            ['zhiban promote . "走一人" --seed 7 --out plan'],
        ],
        ["A走一人更好（已证明） proven better 1 / 2　更差（已证明） proven worse 1 / 2　"],
    ]


def test_hostile_names_are_inert(tmp_path: Path) -> None:
    content = tiny_content()
    for table in ("villages", "areas", "people", "sites"):
        for row in content[table]:
            row["name"] = (EVIL + EVIL_IMAGE)[:80] if table == "areas" else EVIL_IMAGE
    base = Instance.model_validate(content)
    bad = Unmet(kind=UnmetKind.ADVISER, target=V3, zh=EVIL, en=EVIL_IMAGE, reasons=())
    answers = [
        reached((0, 0.0), advisers={V3: "L003"}),
        reached((1, 1.0), advisers={V1: "L001"}, unmet=(bad,)),
        Said(refused=Issue(code="x", zh=EVIL, en=EVIL_IMAGE)),
    ]
    asked = question((EVIL, weather(1.1)), (EVIL_IMAGE, weather(1.2)))
    asked = asked.replace('"少一人，会怎样？"', json.dumps(EVIL_IMAGE))
    text = page(base, asked, answers)
    assert [tag for tag, _ in _Elements(text).found if tag in {"script", "img"}] == ["script"] * 2
    script = """
    const alien = () => [all("img").length, document.scripts.length, document.body.dataset.hacked || "no"];
    const found = [alien()];
    for (const letter of ["B", ""]) { pick(letter); found.push(alien()); }
    return found;
    """
    assert seen(text, tmp_path, script) == [[0, 3, "no"]] * 3


@pytest.mark.parametrize("name", ['一个 "引号"', "$(rm -rf .)", "`id`", "a'b", "50% 的人", "！"])
def test_the_command_names_one_scenario_to_a_shell(name: str) -> None:
    found = compared(
        tiny_instance(), question((name, weather(1.1))), [reached((1, 1.0)), reached((1, 1.0))]
    )
    command = comparison_data(*found)["rows"][1]["promote"]
    assert shlex.split(command) == ["zhiban", "promote", ".", name, "--out", "plan"]
    assert "$(rm" not in command or "'" in command


def test_sites_that_open_close_and_move_have_their_places() -> None:
    move = 'do = "move_site"\nsite = "Z001"\nvillage = "410105002001"'
    asked = question(("关", CLOSE), ("开", OPEN), ("迁", move))
    data = comparison_data(*compared(tiny_instance(), asked, [reached((0, 0.0))] * 4))
    names = [site["name"] for site in data["sites"]]
    changes = [row["sites"] for row in data["rows"]]
    assert changes[0] == {"opened": [], "closed": [], "moved": []}
    assert [names[n] for n in changes[1]["closed"]] == ["示例西乡公共法律服务工作站"]
    (opened_site,) = changes[2]["opened"]
    # it has no point of its own and stands at its area's
    town = data["towns"].index("示例西乡")
    assert (names[opened_site], data["sites"][opened_site]["town"]) == (
        "流动点",
        data["towns"][town],
    )
    assert data["sites"][opened_site]["at"] is not None
    ((old, new),) = changes[3]["moved"]
    assert names[old] == names[new]
    village = next(row for row in data["villages"] if row["name"] == "示例三村")
    assert data["sites"][new]["at"] == village["at"] != data["sites"][old]["at"]


def test_people_of_one_name_are_told_apart() -> None:
    people = tiny_content()["people"]
    people[1]["name"] = people[0]["name"]
    answers = [reached((0, 0.0), advisers={V1: "L001"}), reached((0, 0.0), advisers={V1: "L002"})]
    found = compared(tiny_instance(people=people), question(("换", weather(1.1))), answers)
    assert comparison_data(*found)["people"] == ["例甲（L001）", "例甲（L002）"]


def test_a_city_stays_below_three_megabytes() -> None:
    base = district_instance(townships=100, villages=2000, people=800)
    people = [person.id for person in base.people if person.kind == "lawyer"]
    villages = [village.id for village in base.villages]
    asked = question(*((str(n), weather(1 + n / 10)) for n in (1, 2, 3)))
    answers = [_city_answer(villages, people, n) for n in range(4)]
    comparison, instances = compared(base, asked, answers)
    changes = [len(row.advisers) for row in comparison.scenarios]
    assert changes[1:] == [2000, 2000, 2000]
    assert len(render_comparison(comparison, instances).encode()) < 3_000_000


def _city_answer(villages: list[str], people: list[str], turn: int) -> Said:
    """Return an answer with other advisers everywhere, a tenth without, everybody's load other."""
    seats = {v: people[(n + turn) % len(people)] for n, v in enumerate(villages) if n % 10 != turn}
    reasons = [
        Reason(code="cap", count=n, zh=f"{n} 人已满 5 个村居", en=f"{n} people have 5 villages")
        for n in (3, 4)
    ]
    unmet = tuple(
        Unmet(
            kind=UnmetKind.ADVISER,
            target=village,
            zh=f"村居 {village} 没有法律顾问",
            en=f"village {village} has no adviser",
            reasons=tuple(reasons),
        )
        for village in villages
        if village not in seats
    )
    loads = tuple(FairnessRow(person=p, villages=2 + turn, hours=turn * 1.5) for p in people)
    return Said(advisers=seats, unmet=unmet, loads=loads)


def test_whatif_writes_the_page_beside_the_document(tmp_path: Path) -> None:
    write_json(tiny_instance(), tmp_path / "county.json")
    asked = question(("冰雪", weather(1.5)), head='stage = "advisers"')
    (tmp_path / "q.toml").write_text(asked, encoding="utf-8")
    said = zhiban(
        "whatif", tmp_path / "county.json", tmp_path / "q.toml", "--out", tmp_path / "out"
    )
    assert said.code == 0
    names = {name for name in files_of(tmp_path / "out") if not name.startswith("runs")}
    assert names == {"comparison.html", "comparison.json", "comparison.xlsx"}
    written = (tmp_path / "out" / "comparison.json").read_text("utf-8")
    document = Comparison.model_validate_json(written)
    found = seen(
        (tmp_path / "out" / "comparison.html").read_text("utf-8"),
        tmp_path,
        "return [texts('#title'), DATA.rows.map((row) => row.name)];",
    )
    assert found == [[document.question], [row.name for row in document.scenarios]]
