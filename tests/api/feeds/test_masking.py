from __future__ import annotations

import io
import logging

import pytest

from api.feeds.masking import TokenMask

TOKEN = "x-_9" * 10 + "abc"


@pytest.mark.parametrize(
    ("path", "written"),
    [
        (f"/feeds/{TOKEN}.ics", "/feeds/***.ics"),
        (f"/feeds/{TOKEN}.ics?again=2", "/feeds/***.ics?again=2"),
        (f"/zhiban/feeds/{TOKEN}", "/zhiban/feeds/***"),
        (f"webcal://a.cn/feeds/{TOKEN}.ics HTTP/1.1", "webcal://a.cn/feeds/***.ics HTTP/1.1"),
        ("/api/v1/rosters/7", "/api/v1/rosters/7"),
    ],
)
def test_access_log_tells_the_path_without_its_token(path, written):
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.addFilter(TokenMask())
    logger = logging.Logger("uvicorn.access")
    logger.addHandler(handler)
    logger.info('%s - "%s %s HTTP/%s" %d', "127.0.0.1:5000", "GET", path, "1.1", 200)
    logger.info(f"asked {path}")
    expected = f'127.0.0.1:5000 - "GET {written} HTTP/1.1" 200\nasked {written}\n'
    assert text.getvalue() == expected
