"""Slots named as people see them: 12月8日 上午 金水路工作站 咨询, in any order; or by their code."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from models.instance import Instance
from models.issues import InputError
from models.messages import Spot, issue
from models.slots import Slot, expand
from models.vocabulary import Part

_DATE = re.compile(
    r"(?:(?P<year>\d{4})[-/.年])?(?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})[日号]?|(?P<only>\d{1,2})[日号]"
)
_WEEKDAY = re.compile(r"\(?(?:周|星期|礼拜)[一二三四五六日天]\)?")
SHOWN = 8
"""Slots that are named when several fit."""


def slot_named(instance: Instance, month: str, text: str, option: str = "--slot") -> str:
    """Return the id of the slot that a text means in a month.

    Parameters
    ----------
    text
        The code of a slot, or its date, part of the day, place and post; what is not needed to tell
        it from others may be left out.
    option
        Where the text stands, for messages.

    Raises
    ------
    InputError
        When no slot fits, or several do; they are named.
    """
    slots = expand(instance, month)
    if any(slot.id == text for slot in slots) or "@" in text:
        return text
    fitting = [slot for slot in slots if _fits(slot, text)]
    if len(fitting) == 1:
        return fitting[0].id
    spot = Spot(cell=option)
    if not fitting:
        raise InputError([issue("slot_words", spot, text)])
    shown = "、".join(slot_words(slot) for slot in fitting[:SHOWN])
    raise InputError([issue("slot_words_many", spot, text, count=len(fitting), shown=shown)])


def slot_words(slot: Slot) -> str:
    """Return 12月8日上午 金水路工作站 法律咨询: a slot as people see it."""
    day = f"{slot.date.month}月{slot.date.day}日"
    return f"{day}{slot.part.label} {slot.site.name} {slot.post.name}"


def target_words(instance: Instance, target: str) -> str:
    """Return what is meant by the id of a slot, village or site, with the id behind it."""
    place = instance.village_by_id.get(target) or instance.site_by_id.get(target)
    if place is not None:
        return f"{place.name}（{target}）"
    post_id, _, when = target.rpartition("@")
    post = instance.post_by_id.get(post_id)
    if post is None:
        return target
    day = dt.date.fromisoformat(when[:8])
    part = next(part for part in Part if part.value == when[8:])
    site = instance.site_by_id[post.site].name
    return f"{day.month}月{day.day}日{part.label} {site} {post.name}（{target}）"


def _fits(slot: Slot, text: str) -> bool:
    """Whether every word of a text is of a slot: its date, part, place or post."""
    folded = unicodedata.normalize("NFKC", text)
    date = _DATE.search(folded)
    if date is not None and not _is_on(slot.date, date):
        return False
    rest = _WEEKDAY.sub(" ", _DATE.sub(" ", folded, count=1))
    parts = [part for part in Part if part.label in rest]
    if parts and slot.part not in parts:
        return False
    for part in parts:
        rest = rest.replace(part.label, " ")
    known = f"{slot.site.name} {slot.site.id} {slot.post.name} {slot.post.id}"
    return all(word in known for word in re.split(r"[\s·,，、]+", rest) if word)


def _is_on(date: dt.date, found: re.Match[str]) -> bool:
    year, month = found["year"], found["month"]
    day = int(found["day"] or found["only"])
    if year and int(year) != date.year:
        return False
    return day == date.day and (not month or int(month) == date.month)
