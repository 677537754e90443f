from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
import segno

from api.feeds.links import INSTRUCTIONS, NOTICE, Links, feed_links, qr_svg

TOKEN = "A" * 43
LINK = f"https://zhiban.example.cn/feeds/{TOKEN}.ics"


@pytest.mark.parametrize(
    ("base", "rest"),
    [
        ("https://zhiban.example.cn", "zhiban.example.cn"),
        ("https://zhiban.example.cn/", "zhiban.example.cn"),
        ("https://example.cn:8443/zhiban/", "example.cn:8443/zhiban"),
    ],
)
def test_links_lead_to_the_feed(base, rest):
    assert feed_links(base, TOKEN) == Links(
        https=f"https://{rest}/feeds/{TOKEN}.ics", webcal=f"webcal://{rest}/feeds/{TOKEN}.ics"
    )


@pytest.mark.parametrize(
    "base", ["", "example.cn", "ftp://example.cn", "https://", "https://a:b@c.cn", "https://a.cn?x"]
)
def test_address_that_is_none_is_refused(base):
    with pytest.raises(ValueError, match=r"^bad_base_url "):
        feed_links(base, TOKEN)


def _modules(link: str) -> list[list[bool]]:
    """Return the dark modules of the code with its quiet zone of 4."""
    code = segno.make(link, error="m", micro=False)
    return [[bool(dark) for dark in row] for row in code.matrix_iter(border=4)]


def _svg_modules(picture: bytes, side: int) -> list[list[bool]]:
    """Read the dark modules of an SVG whose one path draws runs of them, row by row."""
    path = ET.fromstring(picture).find("{*}path")
    assert path is not None
    rows = [[False] * side for _ in range(side)]
    column, row = 0, 0
    for command, numbers in re.findall(r"([Mmh])([^Mmh]*)", path.attrib["d"]):
        first, *rest = (int(float(number)) for number in numbers.split())
        if command == "h":
            rows[row][column : column + first] = [True] * first
            column += first
        elif command == "M":
            column, row = first, rest[0]
        else:
            column, row = column + first, row + rest[0]
    return rows


def test_svg_shows_the_code_of_the_link():
    expected = _modules(LINK)
    assert _svg_modules(qr_svg(LINK), len(expected)) == expected


def test_svg_is_well_formed_and_of_the_same_size():
    root = ET.fromstring(qr_svg(LINK))
    side = 8 * len(_modules(LINK))
    assert (root.tag, root.get("width")) == ("{http://www.w3.org/2000/svg}svg", str(side))


def test_pictures_of_one_link_are_the_same_bytes():
    assert qr_svg(LINK) == qr_svg(LINK)


def test_help_is_given_for_every_client_in_both_languages():
    assert [help_.client for help_ in (NOTICE, *INSTRUCTIONS)] == [
        "所有日历",
        "iPhone、iPad",
        "华为、小米、OPPO 手机",
        "Outlook",
        "WPS 日历",
    ]
    for help_ in (NOTICE, *INSTRUCTIONS):
        assert re.search("[\u4e00-\u9fff]", help_.zh)
        assert not re.search("[\u4e00-\u9fff]", help_.en)
    assert "不能按网址订阅" in INSTRUCTIONS[1].zh
