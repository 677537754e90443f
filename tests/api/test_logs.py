from __future__ import annotations

import json
import logging
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.logs import REQUEST, JsonLines, redacted


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("GET /feeds/Abc_def-123456789.ics 200", "GET /feeds/….ics 200"),
        ("Authorization: Bearer zb_0123456789abcdef", "Authorization: Bearer …"),
        ("sent zb_0123456789abcdef", "sent zb_…"),
        ("call 13800138000 now", "call … now"),
        ("call 0371-65650000 now", "call … now"),
        ("id 11010519491231002X", "id …"),
        ("postgresql://zhiban:pw@db/x", "postgresql://zhiban:…@db/x"),
        ('{"password": "pw1", "name": "a"}', '{"password": "…", "name": "a"}'),
        ("?code=abc&state=def&x=1", "?code=…&state=…&x=1"),
        ("village 410105001003, 2026-12-01", "village 410105001003, 2026-12-01"),
    ],
)
def test_what_must_not_be_written(said: str, written: str) -> None:
    assert redacted(said) == written


@given(st.text(alphabet="abcXYZ0189_-", min_size=16, max_size=43))
def test_no_token_survives(token: str) -> None:
    assert token not in redacted(f"/feeds/{token}.ics")
    assert f"zb_{token}" not in redacted(f"a zb_{token} b")


def record(message: str, **fields: object) -> dict[str, object]:
    made = logging.LogRecord("zhiban", logging.INFO, __file__, 1, message, (), None)
    made.__dict__.update(fields)
    return json.loads(JsonLines().format(made))


def test_a_line_is_one_json_object() -> None:
    mark = REQUEST.set("r1")
    line = record("两行\n文字", status=200, path="/feeds/secret-token-0123.ics")
    REQUEST.reset(mark)
    assert (line["message"], line["status"], line["request"]) == ("两行\n文字", 200, "r1")
    assert line["path"] == "/feeds/….ics"


def test_an_error_is_redacted_too() -> None:
    try:
        raise ValueError("13800138000")
    except ValueError:
        made = logging.LogRecord("z", logging.ERROR, __file__, 1, "x", (), sys.exc_info())
    assert "13800138000" not in JsonLines().format(made)
