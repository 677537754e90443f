"""Mobile and identity numbers in any spelling are found, office numbers and dates are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.formats.intake.remarks import remarks
from models.phones import HIDDEN, has_private_number, office_phone, without_private_numbers
from tests.factories import tiny_content, tiny_instance

SPELLINGS = (
    "13900001234", "139 0000 1234", "139-0000-1234", "139.0000.1234", "(139)0000-1234", "（139）00001234",
    "１３９００００１２３４", "+86 139 0000 1234", "+86-13900001234", "0086 13900001234", "8613900001234",
    "013900001234", "1.3900001234E+10", "1.39E+10", "1.39e10", "139‐0000‑1234", "139–0000—1234",
    "139−0000−1234", "139－0000－1234", "139\u00a00000\u30001234", "1 3 9 0 0 0 0 1 2 3 4", "139_0000_1234",
    "13900001234.0", "139·0000·1234", "①③⑨⓪⓪⓪⓪①②③④", "一三九〇〇〇〇一二三四", "139 00001234",
    "[139]0000-1234", "139 000 01234", "13900 001234", "+86（0）139 0000 1234", "139\u200b0000\u200b1234",
)  # fmt: skip
IDENTITIES = (
    "410105199001011234", "41010519900101123X", "41010519900101123x", "410105 19900101 1234",
    "410105-19900101-1234", "４１０１０５１９９００１０１１２３４", "4.10105199001011E+17", "410105 1990 0101 123 X",
    "4101 0519 9001 0112 34",
)  # fmt: skip
HARMLESS = (
    "0371-66668888", "0371 6666 8888", "400-800-1234", "12348", "2026-12-07—2026-12-11", "13:00-17:30",
    "13.30-17.30", "410105001003", "410105001", "2026年12月15日 14:00", "第 13、14、15 号楼", "1、3、5、7、9",
    "14101201210123456", "021-61234567", "（0371）66668888-8013", "12月13日14时—15时", "2026.12.07-2026.12.11",
    "2026-11-15 2026-12-07", "010-12345678", "91410100MA3X1234X5", "例甲", "Z001-咨询@20261201am", "",
)  # fmt: skip


@pytest.mark.parametrize("number", [*SPELLINGS, *IDENTITIES])
def test_a_number_is_judged_by_its_digits(number: str) -> None:
    for text in (
        number,
        f"例甲 {number}",
        f"联系{number}，急",
        f"tel:{number}",
        f"值班（{number}）",
    ):
        assert has_private_number(text), text
        shown = without_private_numbers(text)
        assert HIDDEN in shown
        left = [c for c in shown if c.isnumeric()]
        assert len(left) <= 1, shown
        assert without_private_numbers(shown) == shown
    assert office_phone(number, "0371-66668888") == "0371-66668888"


@pytest.mark.parametrize("text", HARMLESS)
def test_other_numbers_stay(text: str) -> None:
    assert not has_private_number(text)
    assert without_private_numbers(text) == text


def test_several_numbers_beside_an_office_number() -> None:
    text = "办公 0371-66668888 手机 139-0000-1234/138 0000 1234，证 410105199001011234"
    shown = without_private_numbers(text)
    assert shown == f"办公 0371-66668888 手机 {HIDDEN}/{HIDDEN},证 {HIDDEN}"


@given(st.integers(13 * 10**9, 20 * 10**9 - 1), st.text("-. ()－—", max_size=3), st.integers(1, 10))
def test_any_break_of_any_number_is_found(number: int, mark: str, place: int) -> None:
    text = f"{number}"
    broken = f"{text[:place]}{mark}{text[place:]}"
    assert not any(c.isdigit() for c in without_private_numbers(f"找他 {broken} 即可"))


def test_they_never_enter_the_data_and_are_remarked() -> None:
    content = tiny_content()
    content["people"][0] |= {"name": "例甲139 0000 1234", "mobile": "13900001234"}
    content["posts"][0] |= {"name": "咨询岗(139)0000-1234"}
    content["sites"][0] |= {"phone": "1.39E+10"}
    content["settings"] = content.get("settings", {}) | {"notice": "有事找 410105199001011234"}
    instance = tiny_instance(**content)
    assert (instance.people[0].name, instance.people[0].mobile) == (f"例甲{HIDDEN}", "13900001234")
    assert office_phone(instance.sites[0].phone) == ""
    told = {r.table for r in remarks(instance) if r.code == "numbers_hidden"}
    assert told == {"设置", "人员", "站点", "岗位"}
    assert "1234" not in instance.settings.notice
