"""Rules are named in Chinese in the sheet 规则调整 as well."""

from __future__ import annotations

import pytest

from models.instance import RuleSetting
from models.issues import InputError
from solver.profiles import every_rule


@pytest.mark.parametrize(
    ("rule", "field"),
    [("每周值班上限", "次数"), ("weekly_cap", "turns"), ("每周值班上限", "turns")],
)
def test_rule_is_named_as_the_program_prints_it(rule: str, field: str) -> None:
    made = every_rule("default", [RuleSetting(rule=rule, field=field, value="3")])
    assert next(r for r in made if r.zh == "每周值班上限").model_dump()["turns"] == 3


def test_unknown_parameter_in_chinese_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        every_rule("default", [RuleSetting(rule="每周值班上限", field="颜色", value="3")])
    assert [i.code for i in caught.value.issues] == ["unknown_rule_field"]
