"""Time zones as calendar programs name them, beyond the names of the zone database.

``GMT+0800``, ``UTC+8``, ``(UTC+08:00) Beijing, Chongqing`` and 北京时间 all mean the clock of Beijing;
some programs put a path before the name of the database (``/example.org/20050809/Asia/Shanghai``).
"""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from models.calendar import ZONE

_OFFSET = re.compile(
    r"(?:^|\()\s*(?:GMT|UTC|UT|Z)?\s*([+-]|−)\s*(\d{1,2})(?:[:.]?(\d{2}))?\s*(?:$|\))",
    re.IGNORECASE,
)
_BEIJING = re.compile(
    r"北京|中国|重庆|上海|香港|台北|乌鲁木齐|beijing|peking|china|chongqing|shanghai|hong\s?kong|taipei|urumqi|^prc$",
    re.IGNORECASE,
)
_UNQUOTED = re.compile(rb'(;TZID=)([^":;,\r\n]*[+-]\d{1,2}):(\d{2}):', re.IGNORECASE)

_PATH = re.compile(rb'(;TZID="?)/[^":;\r\n]*/([A-Za-z_]+/[A-Za-z_]+)(?=[":;])', re.IGNORECASE)


def with_plain_zones(content: bytes) -> bytes:
    """Return a calendar whose zones have no path before their name, and no colon that ends it."""
    return _PATH.sub(rb"\1\2", _UNQUOTED.sub(rb"\1\2\3:", content))


def zone_named(name: str) -> dt.tzinfo | None:
    """Return the zone that a name means, none if it tells nothing."""
    text = name.strip().strip('"')
    if offset := _OFFSET.search(text):
        sign, hours, minutes = offset.groups()
        shift = dt.timedelta(hours=int(hours), minutes=int(minutes or 0))
        is_real = shift <= dt.timedelta(hours=14)
        return dt.timezone(shift if sign == "+" else -shift) if is_real else None
    if _BEIJING.search(text):
        return ZONE
    parts = text.strip("/").split("/")
    for count in (3, 2, 1):
        try:
            return ZoneInfo("/".join(parts[-count:]))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return None
