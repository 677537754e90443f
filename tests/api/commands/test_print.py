"""PDFs of a plan: the wall sheet, a sheet for each door, a card for each person."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from api.documents.paper import pdf
from api.documents.view import View, build_view
from models.issues import InputError
from models.report import Report, Status
from tests.api.documents.sample_plan import (
    MOBILE_PREFIX,
    changed,
    district_instance,
    naive_roster,
)


@pytest.fixture(scope="module")
def plan() -> View:
    instance = district_instance(townships=2, villages=6, people=12)
    settings = instance.settings.model_copy(update={"public_url": "https://example.gov.cn/zhiban"})
    instance = changed(instance, settings=settings)
    roster = naive_roster(instance)
    return build_view(instance, roster, Report(status=Status.CHECKED, month=roster.month))


def test_the_three_pdfs_are_made_and_alike_when_made_again(plan: View) -> None:
    pytest.importorskip("typst")
    made = pdf.render_pdfs(plan, None)
    assert set(made) == {"wall", "doors", "cards"}
    assert all(content.startswith(b"%PDF-") for content in made.values())
    assert pdf.render_pdfs(plan, None) == made


def test_nothing_printed_holds_a_mobile_number(plan: View) -> None:
    shown = json.dumps(pdf._document(plan), ensure_ascii=False)
    assert MOBILE_PREFIX not in shown
    assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", shown)


def test_every_place_has_a_door_sheet_and_everybody_a_card(plan: View) -> None:
    document = pdf._document(plan)
    assert [d["name"] for d in document["doors"]] == list(
        dict.fromkeys(duty.site.name for duty in plan.duties)
    )
    busy = {d.person for d in plan.roster.duties} | {v.person for v in plan.roster.visits}
    assert len(document["cards"]) == len(busy)
    told = sum(int(card["sum"].split()[1]) for card in document["cards"])
    assert told == len(plan.roster.duties) + len(plan.roster.visits)


def test_without_typst_it_says_what_to_install(plan: View, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(InputError) as caught:
        pdf.render_pdfs(plan, None)
    assert [issue.code for issue in caught.value.issues] == ["print_needs_typst"]


def test_without_a_chinese_font_it_says_where_to_put_one() -> None:
    with pytest.raises(InputError) as caught:
        pdf.check_fonts(["DejaVu Sans", "Libertinus Serif"], Path("字体"))
    assert [issue.code for issue in caught.value.issues] == ["print_needs_font"]
    pdf.check_fonts(["Noto Serif CJK SC"], None)
