"""FeedEvent: one published duty, stand-by or visit of one person, as calendars show it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache

from models.calendar import ZONE
from models.phones import office_phone, without_private_numbers
from models.rows import LINK
from models.vocabulary import Term

# Controls, line and paragraph ends, marks that turn the direction of writing, halves of a
# pair of UTF-16: none belongs in a name, and each can break a reader or mislead a person.
_UNWANTED = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")
_LINK = re.compile(LINK)
_TEXTS = ("person_name", "what", "where", "place", "mode", "day", "notice")


class EventKind(Term):
    """What a person does in an event; the label begins its title."""

    DUTY = "duty", "值班"
    PENDING = "pending", "待派"
    STANDBY = "standby", "备班"
    VISIT = "visit", "走访"
    LECTURE = "lecture", "讲座"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEvent:
    """One event of one person, with its revision.

    ``key`` is the identity and never changes; ``slot`` is the identity under which the
    calendars of places tell it, where several people share a slot. ``slot`` must follow from
    ``key``, so that no event ever leaves the slot it was published under.

    ``what`` names the post or village, ``where`` the site (empty for a visit), ``place`` is
    the location with its township, ``crew`` and ``alternates`` name who is on the slot and who
    stands by, ``day`` the holiday or make-up workday, ``link`` a web meeting. ``person``,
    ``sites``, ``village`` and ``firm`` (of a slot that firms staff) are keys
    (``models.county_ids``) and ``township`` an id that say whose calendars it stands in; no
    calendar shows them. ``last_modified`` is the time of the last change, kept to the second (UTC).

    Texts lose control characters and mobile numbers: a calendar cannot be broken by a name.

    Raises
    ------
    ValueError
        A time has no zone, the event does not end after its start, the sequence is negative,
        or ``link`` is no plain https address.
    """

    key: str
    slot: str
    kind: EventKind
    person: str
    person_name: str
    what: str
    start: dt.datetime
    end: dt.datetime
    last_modified: dt.datetime
    where: str = ""
    place: str = ""
    mode: str = ""
    crew: tuple[str, ...] = ()
    alternates: tuple[str, ...] = ()
    day: str = ""
    is_market_day: bool = False
    phone: str = ""
    notice: str = ""
    link: str = ""
    is_busy: bool = True
    sites: tuple[str, ...] = ()
    village: str = ""
    township: str = ""
    firm: str = ""
    sequence: int = 0
    is_cancelled: bool = False

    def __post_init__(self) -> None:
        """Normalise texts and times to the form in which they are compared and written."""
        if None in (self.start.tzinfo, self.end.tzinfo, self.last_modified.tzinfo):
            _refuse("time_naive", "every time of an event needs a time zone")
        if self.end <= self.start or self.sequence < 0:
            _refuse("event_backwards", "an event ends after its start, its sequence is 0 or more")
        if self.link and not _LINK.fullmatch(self.link):
            _refuse("bad_link", "the link of an event is a plain https address")
        for name in _TEXTS:
            self._keep(name, plain_text(getattr(self, name)))
        self._keep("crew", tuple(plain_text(name) for name in self.crew))
        self._keep("alternates", tuple(plain_text(name) for name in self.alternates))
        self._keep("phone", office_phone(plain_text(self.phone)))
        self._keep("start", self.start.astimezone(ZONE))
        self._keep("end", self.end.astimezone(ZONE))
        self._keep("last_modified", self.last_modified.astimezone(dt.UTC).replace(microsecond=0))

    def _keep(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)  # the dataclass is frozen


@lru_cache(maxsize=2**14)  # the same names occur in thousands of events
def plain_text(text: str) -> str:
    """Return ``text`` on one line, fit for a calendar: no control characters, no private numbers."""
    return without_private_numbers(text if text.isprintable() else _UNWANTED.sub(" ", text).strip())


def _refuse(code: str, why: str) -> None:
    message = f"{code} {why}"
    raise ValueError(message)
