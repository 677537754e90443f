"""Question files: what they come to, and every mistake at once with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.issues import InputError
from scenarios.whatif.question import Question
from scenarios.whatif.question_file import parse_question, read_question
from scenarios.whatif.toml_lines import Lines, shown
from solver.limits import Stage

SOUND = """
name = "五个还是四个"
name_en = "five or four"
base = "township"
stage = "顾问与调解员席位"
seeds = [1, 2]

[[change]]
do = "cap"
most = 6

[[scenario]]
name = "上限 {cap}"
name_en = "cap {cap}"
grid = { cap = { from = 4, to = 5 } }
  [[scenario.change]]
  do = "cap"
  most = "{cap}"

[[scenario]]
name = "少人"
list = [{ share = 0.1 }, { share = 0.2 }]
  [[scenario.change]]
  do = "remove_people"
  kinds = ["律师"]
  share = "{share}"
  [[scenario.change]]
  do = "leave_wave"
  first = 2026-12-07
  last = "2026-12-08"
  seed = 9
"""


def asked(text: str) -> Question:
    return parse_question(text, "q.toml")


def wrong(text: str) -> dict[str, str]:
    """Return the Chinese sentence of every issue by its place."""
    with pytest.raises(InputError) as caught:
        asked(text)
    assert {issue.table for issue in caught.value.issues} == {"q.toml"}
    return {issue.cell: issue.zh for issue in caught.value.issues}


def test_a_question_multiplies_its_sweeps_out():
    question = asked(SOUND)
    assert (question.head.stage, question.head.seeds) == (Stage.ADVISERS, (1, 2))
    assert (question.head.deterministic, question.head.time_limit) == (True, 60)
    assert [step.change.code for step in question.steps] == ["cap"]
    names = ["上限 4", "上限 5", "少人（share 0.1）", "少人（share 0.2）"]
    assert [variant.name for variant in question.variants] == names
    assert [variant.name_en for variant in question.variants] == ["cap 4", "cap 5", "", ""]
    caps = [variant.steps[0].change.model_dump()["most"] for variant in question.variants[:2]]
    assert caps == [4, 5]


def test_who_draws_takes_the_seed_of_the_run_unless_it_names_its_own():
    drawn, away = (step for step in asked(SOUND).variants[3].steps)
    assert (drawn.seeded(5).model_dump()["seed"], away.seeded(5).model_dump()["seed"]) == (5, 9)
    (cap,) = asked(SOUND).variants[0].steps
    assert cap.seeded(5) is cap.change


def test_every_mistake_is_told_at_once_with_its_line():
    text = """name = 5
bse = "county"
[[scenario]]
name = "a"
grid = { cap = [] }
[[scenario.change]]
do = "cap"
most = 4
[[scenario]]
name = "b {x}"
list = [{ y = 1 }, { y = 2 }]
  [[scenario.change]]
  do = "capp"
  [[scenario.change]]
  do = "cap"
  most = "4"
  hardd = true
  [[scenario.change]]
  do = "leave_wave"
  first = 2026-12-07
  kinds = ["法官"]
  [[scenario.change]]
  most = 3
[[scenario]]
name = "c"
change = 3
[[scenario]]
name = "d"
"""
    assert wrong(text) == {
        "L1 name": "「问题」应为文字",
        "L2 bse": "没有「bse」这个字段",
        "L5 scenario[0].grid.cap": "应为取值列表，或 { from = 1, to = 5, step = 1 }",
        "L9 scenario[1]": "y 的取值没有用到",
        "L13 scenario[1].change[0].do": "没有这种改变",
        "L16 scenario[1].change[1].most": "「上限」应为整数",
        "L17 scenario[1].change[1].hardd": "没有「hardd」这个字段",
        "L18 scenario[1].change[2].last": "缺少「结束日期」",
        "L21 scenario[1].change[2].kinds": "「人员类别」里的“法官”不在可选项中",
        "L22 scenario[1].change[3].do": "没有写明做什么改变",
        "L26 scenario[2].change": "应为若干个 [[change]]",
        "L27 scenario[3]": "方案没有任何改变",
    }


def test_a_slip_of_a_name_is_guessed():
    with pytest.raises(InputError) as caught:
        asked('name = "x"\n[[scenario]]\nname = "a"\n[[scenario.change]]\ndo = "remove_peple"')
    (issue,) = caught.value.issues
    assert "remove_people" in issue.mend_zh.partition("可用")[0]


CHANGE = '[[scenario.change]]\ndo = "cap"\nmost = '


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", {"L1 name": "缺少「问题」"}),
        ('name = "x"', {"L1 scenario": "没有方案"}),
        ('name = "x"\nscenario = 3', {"L2 scenario": "应为若干个 [[scenario]]"}),
        (f'name = "x"\n[[scenario]]\n{CHANGE}4', {"L2 scenario[0].name": "缺少「方案」"}),
        (
            f'name = "x"\n[[scenario]]\nname = "a {{b}}"\n{CHANGE}4',
            {"L2 scenario[0]": "{b} 没有取值"},
        ),
        (
            f'name = "x"\nseeds = []\nstage = "明天"\n[[scenario]]\nname = "a"\n{CHANGE}4',
            {"L2 seeds": "「种子」不能为空", "L3 stage": "「范围」里的“明天”不在可选项中"},
        ),
        (
            f'name = "x"\n[[scenario]]\nname = "a"\n{CHANGE}4\n[[scenario]]\nname = "a"\n{CHANGE}3',
            {"L1 scenario": "有 2 个方案叫“a”"},
        ),
        ('name = "x\n', {"L1:10": "TOML 写法有误"}),
        ('name = "x"\nname = "y"', {"L2": "TOML 写法有误"}),
    ],
)
def test_a_mistake_is_told_where_it_is(text: str, told: dict[str, str]):
    found = wrong(text)
    assert found == told


def swept(sweep: str) -> str:
    return f'name = "x"\n[[scenario]]\nname = "a {{n}}"\n{sweep}\n{CHANGE}"{{n}}"'


PROVOKED = {
    "question_no_scenario": 'name = "x"',
    "question_tables": 'name = "x"\nscenario = 3',
    "question_no_change": 'name = "x"\n[[scenario]]\nname = "a"',
    "question_blank": f'name = "x"\n[[scenario]]\nname = "a {{b}}"\n{CHANGE}4',
    "question_unused": f'name = "x"\n[[scenario]]\nname = "a"\nlist = [{{ y = 1 }}]\n{CHANGE}4',
    "question_same_name": 'name = "x"\n' + f'[[scenario]]\nname = "a"\n{CHANGE}4\n' * 2,
    "question_no_such_change": 'name = "x"\n[[scenario]]\nname = "a"\n[[scenario.change]]\ndo = "x"',
    "question_which_change": 'name = "x"\n[[scenario]]\nname = "a"\n[[scenario.change]]\nmost = 3',
    "question_too_many": f"seeds = {list(range(50))}\n" + swept("grid = { n = {from=0, to=20} }"),
    "list_too_long": f"seeds = {list(range(51))}\n" + swept("list = [{ n = 4 }]"),
    "sweep_both": swept("grid = { n = [4] }\nlist = [{ n = 5 }]"),
    "sweep_grid": swept("grid = 3"),
    "sweep_axis": swept("grid = { n = [] }"),
    "sweep_values": swept("grid = { n = { from = 0, to = 1000 } }"),
    "sweep_combinations": swept(f"grid = {{ n = {list(range(40))}, m = {list(range(40))} }}"),
    "sweep_list": swept("list = [3]"),
    "sweep_names": swept("list = [{ n = 4 }, { m = 5 }]"),
}


@pytest.mark.parametrize("code", PROVOKED)
def test_every_message_about_a_question_is_provoked(code: str):
    with pytest.raises(InputError) as caught:
        asked(PROVOKED[code])
    assert [issue.code for issue in caught.value.issues] == [code]


def test_too_many_scenarios_are_refused():
    seeds = list(range(50))
    text = f"""name = "x"
seeds = {seeds}
[[scenario]]
name = "a {{n}}"
grid = {{ n = {{ from = 0, to = 20 }} }}
{CHANGE}"{{n}}"
"""
    (told,) = wrong(text).values()
    assert told == "方案与种子相乘超过 1000 个"


def test_a_file_that_is_none_or_not_in_utf8_is_an_issue(tmp_path: Path):
    with pytest.raises(InputError) as caught:
        read_question(tmp_path / "no.toml")
    assert [issue.code for issue in caught.value.issues] == ["file_missing"]
    (tmp_path / "gb.toml").write_bytes('name = "问题"'.encode("gb18030"))
    with pytest.raises(InputError) as caught:
        read_question(tmp_path / "gb.toml")
    assert [issue.code for issue in caught.value.issues] == ["encoding_not_utf8"]
    (tmp_path / "long.toml").write_bytes(b"#" * (1024 * 1024 + 1))
    with pytest.raises(InputError) as caught:
        read_question(tmp_path / "long.toml")
    assert [issue.code for issue in caught.value.issues] == ["file_too_large"]


def test_a_mark_at_the_beginning_of_the_file_is_passed_over(tmp_path: Path):
    (tmp_path / "q.toml").write_bytes(b"\xef\xbb\xbf" + SOUND.encode())
    assert len(read_question(tmp_path / "q.toml").variants) == 4


def test_lines_of_tables_keys_and_what_lies_inside_them():
    lines = Lines(
        'a = 1\n\n[b."c d"]\n x = [\n  1,\n ]\n[[e]]\n[[e.f]]\n[[e]]\ny.z = 1\n[[e.f]]\n g=2'
    )
    at = {
        ("a",): 1,
        ("b", "c d"): 3,
        ("b", "c d", "x"): 4,
        ("b", "c d", "x", 0): 4,
        ("e", 0): 7,
        ("e", 0, "f", 0): 8,
        ("e", 1): 9,
        ("e", 1, "f", 0, "g"): 12,
        ("nothing", "here"): 1,
    }
    assert {path: lines.of(path) for path in at} == at
    assert shown(("e", 1, "f", 0, "g")) == "e[1].f[0].g"
