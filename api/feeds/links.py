"""Links of a feed, their QR codes, and how to subscribe with the clients people have."""

from __future__ import annotations

import io
from dataclasses import dataclass
from urllib.parse import urlsplit

import segno


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses of one feed: ``https`` to paste, ``webcal`` to open a calendar by a tap."""

    https: str
    webcal: str


@dataclass(frozen=True, slots=True)
class Instruction:
    """How to subscribe with one client, in Chinese and English."""

    client: str
    zh: str
    en: str


def feed_links(base_url: str, token: str) -> Links:
    """Return the links of a feed.

    Parameters
    ----------
    base_url
        Public address of the service, with the path it is served under, if any.
    token
        The token, at the one time it is shown.

    Raises
    ------
    ValueError
        ``bad_base_url``: no http(s) address, or one with a query or password.
    """
    parts = urlsplit(base_url)
    is_plain = not (parts.query or parts.fragment or parts.username or parts.password)
    if parts.scheme not in {"https", "http"} or not parts.hostname or not is_plain:
        message = "bad_base_url the public address of the service is a plain http(s) address"
        raise ValueError(message)
    rest = f"{parts.netloc}{parts.path.rstrip('/')}/feeds/{token}.ics"
    return Links(https=f"{parts.scheme}://{rest}", webcal=f"webcal://{rest}")


def qr_svg(link: str) -> bytes:
    """Return the QR code of a link as an SVG image with its quiet zone, 8 units a module."""
    picture = io.BytesIO()
    segno.make(link, error="m", micro=False).save(picture, kind="svg", scale=8, border=4)
    return picture.getvalue()


def qr_inline(link: str) -> str:
    """Return the QR code of a link as an SVG element within a page, which needs no file of its own."""
    return segno.make(link, error="m", micro=False).svg_inline(scale=4, border=4, omitsize=True)


NOTICE = Instruction(
    "所有日历",
    "链接就是密码，请勿转发；遗失或外泄请更换链接，旧链接立即失效。"
    "日历由客户端定时更新，通常几小时、最长一天；临时调班请以通知为准。",
    "The link is the password: do not pass it on; replace it if lost, the old one stops at once. "
    "Clients fetch changes every few hours, some once a day; short-notice changes come by message.",
)
"""What every subscriber must know."""

INSTRUCTIONS = (
    Instruction(
        "iPhone、iPad",
        "用相机扫 webcal 二维码或点 webcal 链接，选“订阅”。也可：设置 → 日历 → 账户 → 添加账户 → "
        "其他 → 添加已订阅的日历，粘贴 https 链接。",
        "Scan the webcal code or tap the webcal link and subscribe, or paste the https link in "
        "Settings, Calendar, Accounts, Add Account, Other, Add Subscribed Calendar.",
    ),
    Instruction(
        "华为、小米、OPPO 手机",
        "多数机型自带日历不能按网址订阅（导入 .ics 文件只是一次性的，以后不会更新）。"
        "请安装支持订阅的日历应用（如 ICSx⁵ 或 DAVx⁵），在其中粘贴 https 链接。"
        "个别机型的日历设置里有“订阅”或“从 URL 添加”，有则可直接用。",
        "Most built-in calendars cannot subscribe to an address; importing an .ics file is a "
        "one-time copy. Install an app that can (such as ICSx5 or DAVx5) and paste the https link.",
    ),
    Instruction(
        "Outlook",
        "网页版或新版：日历 → 添加日历 → 从 Internet 订阅，粘贴 https 链接。"
        "旧版桌面：文件 → 账户设置 → Internet 日历 → 新建。",
        "Web or new Outlook: Calendar, Add calendar, Subscribe from web, paste the https link. "
        "Classic: File, Account Settings, Internet Calendars, New.",
    ),
    Instruction(
        "WPS 日历",
        "若所用版本有“订阅日历（URL）”，粘贴 https 链接；没有则只能导入 .ics 文件，以后不会更新。",
        "Paste the https link where the version offers subscription by URL; otherwise an imported "
        ".ics file is a one-time copy.",
    ),
)
"""How to subscribe, by client."""
