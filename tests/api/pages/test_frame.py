"""The frame of all pages: sign-in, language, errors, and how it behaves in a browser."""

from __future__ import annotations

import httpx
import pytest

from api.access.roles import Role
from api.pages.frame.languages import said
from models.issues import Sentence
from models.messages import issue
from models.report import Reason
from models.vocabulary import Part
from tests.api.pages.visitor import CountyPages, Visitor


def test_who_is_not_signed_in_is_sent_to_sign_in_and_back(visitor: Visitor):
    visitor.open("/password")
    assert visitor.page.url.endswith("/sign-in?target=%2Fpassword")
    assert "登录后回到刚才的页面" in visitor.text
    assert visitor.axe() == []


def test_a_wrong_password_is_told_and_the_name_is_kept(visitor: Visitor):
    visitor.open("/sign-in")
    visitor.page.get_by_label("用户名").fill("nobody")
    visitor.page.get_by_label("密码").fill("wrong horse battery")
    visitor.press("登录")
    assert "登录失败" not in visitor.page.title()
    assert visitor.page.locator("[role=alert]").is_visible()
    assert visitor.page.get_by_label("用户名").input_value() == "nobody"


@pytest.mark.parametrize("phone", [False, True])
def test_the_password_page_is_clean(shared_pages: CountyPages, phone: bool):
    with shared_pages.visitor("east", phone=phone) as east:
        east.open("/password")
        assert "east" in east.text
        assert east.axe() == []
        width = east.page.evaluate("document.documentElement.scrollWidth")
        assert width <= east.page.viewport_size["width"]


def test_english_is_chosen_and_kept(shared_pages: CountyPages):
    with shared_pages.visitor() as reader:
        reader.open("/sign-in?target=%2Fpassword")
        reader.press("English")
        assert "Please sign in" in reader.text
        reader.open("/sign-in")
        assert reader.page.title().startswith("Sign in")


def test_a_browser_in_english_gets_english(shared_pages: CountyPages):
    with shared_pages.visitor(locale="en-GB") as reader:
        reader.open("/sign-in")
        assert reader.page.title() == "Sign in · zhiban"


@pytest.mark.parametrize(
    "back", ["//evil.example/", "/\\evil.example", "https://evil.example/", "/a\n"]
)
def test_no_page_sends_to_another_host(shared_pages: CountyPages, back: str):
    answer = httpx.get(
        f"{shared_pages.address}/language", params={"to": "zh", "back": back}, trust_env=False
    )
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"


def test_a_form_without_its_token_does_nothing(shared_pages: CountyPages):
    with shared_pages.visitor("east") as east:
        east.open("/password")
        east.page.eval_on_selector_all("[name=csrf]", "all => all.forEach(one => one.remove())")
        east.press("退出")
        assert "请求来源无法确认" in east.text
        east.open("/password")
        assert "修改密码" in east.text


def test_signing_out_ends_the_session(shared_pages: CountyPages):
    with shared_pages.visitor("west") as west:
        west.open("/password")
        west.press("退出")
        assert west.page.url.endswith("/sign-in")
        west.open("/password")
        assert "/sign-in?" in west.page.url


def test_what_is_missing_is_a_page_for_people_and_a_problem_for_programs(visitor: Visitor):
    found = visitor.open("/no/such/page")
    assert found.status == 404
    assert "没有找到" in visitor.text
    assert found.headers["content-security-policy"].startswith("default-src 'self'")
    answer = httpx.get(f"{visitor.address}/api/v1/no-such", trust_env=False)
    assert answer.headers["content-type"] == "application/problem+json"


def test_sign_in_works_without_script(shared_pages: CountyPages):
    with shared_pages.visitor(java_script_enabled=False) as reader:
        reader.open("/sign-in")
        reader.page.get_by_label("用户名").fill("nobody")
        reader.page.get_by_label("密码").fill("wrong horse battery")
        reader.press("登录")
        assert reader.page.locator("[role=alert]").is_visible()


@pytest.mark.parametrize(
    ("what", "zh", "en"),
    [
        (Sentence(zh="好", en="good"), "好", "good"),
        (issue("token_invalid"), None, None),
        (Reason(code="x", count=1, zh="太远", en="too far"), "太远", "too far"),
        (Part.AM, "上午", "am"),
        (Role.BUREAU, "司法局", "bureau of justice"),
        ("例甲", "例甲", "例甲"),
    ],
)
def test_whatever_has_words_is_said_in_the_language_of_the_page(what, zh, en):
    zh, en = zh or what.zh, en or what.en
    assert (said(what, "zh"), said(what, "en")) == (zh, en)
