from __future__ import annotations

import re
import xml.etree.ElementTree as ET
import zlib

import pytest
import segno

from api.feeds.links import INSTRUCTIONS, NOTICE, Links, feed_links, qr_png, qr_svg

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


def _png_modules(picture: bytes) -> list[list[bool]]:
    """Read a one-bit PNG without filters, 8 pixels a module."""
    width, height = (int.from_bytes(picture[at : at + 4]) for at in (16, 20))
    data, position = b"", 8
    while position < len(picture):
        length = int.from_bytes(picture[position : position + 4])
        if picture[position + 4 : position + 8] == b"IDAT":
            data += picture[position + 8 : position + 8 + length]
        position += length + 12
    rows, stride = zlib.decompress(data), width // 8 + 1
    assert height * stride == len(rows)
    lines = [rows[y * stride + 1 : (y + 1) * stride] for y in range(0, height, 8)]
    return [[byte == 0 for byte in line] for line in lines]


def test_png_shows_the_code_of_the_link():
    assert _png_modules(qr_png(LINK)) == _modules(LINK)


def test_svg_is_well_formed_and_of_the_same_size():
    root = ET.fromstring(qr_svg(LINK))
    side = 8 * len(_modules(LINK))
    assert (root.tag, root.get("width")) == ("{http://www.w3.org/2000/svg}svg", str(side))


def test_pictures_of_one_link_are_the_same_bytes():
    assert (qr_svg(LINK), qr_png(LINK)) == (qr_svg(LINK), qr_png(LINK))


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
