"""Answers to a client that fetches a feed: whole, unchanged (304), or unknown (404); RFC 9110.

Clients poll every hour, and mostly nothing has changed: then one indexed look-up is enough. A
changed feed is rendered once for all clients.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import format_datetime, parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import quote

from api.access.tokens import hash_token
from api.feeds.event import FeedSource, OpenedFeed, Target
from api.feeds.feed_bytes import feed_bytes, window_moved, window_start

_WRITER = "3"
"""Raised with every change of what the writer makes of the same events: all ETags change."""

_TAG = re.compile(r'(?:W/)?"([^"]*)"')
_MOST_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Conditions:
    """The request's headers that decide the answer; None where the header is missing."""

    if_none_match: str | None = None
    if_modified_since: str | None = None
    accept_encoding: str | None = None


@dataclass(frozen=True, slots=True)
class FeedResponse:
    """Status, headers and body of an HTTP answer."""

    status: int
    headers: dict[str, str]
    body: bytes = b""


_NOBODY = (
    "没有这个日历，链接可能已停用\nNo such calendar; the link may have been revoked\n".encode()
)
_UNKNOWN = FeedResponse(
    404,
    {
        "Cache-Control": "no-store",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": str(len(_NOBODY)),
        "X-Content-Type-Options": "nosniff",
    },
    _NOBODY,
)


class _Validator(NamedTuple):
    """Validators of a client's copy: tag of the content, and when it last changed."""

    tag: str
    changed: dt.datetime


class FeedResponses:
    """Answers for the feeds of one source; safe to share between threads.

    Parameters
    ----------
    source
        Where tokens and events are read from.
    clock
        Returns the aware present time; it only moves the window.
    max_age_seconds
        How long a client may use an answer without asking again.
    most_bytes
        Room for rendered feeds; those not asked for longest make way.
    """

    def __init__(
        self,
        source: FeedSource,
        *,
        clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
        max_age_seconds: int = 300,
        most_bytes: int = _MOST_BYTES,
    ) -> None:
        self._source = source
        self._clock = clock
        self._cache_control = f"private, max-age={max_age_seconds}"
        self._rendered = _Rendered(most_bytes)

    def answer(self, token: str, conditions: Conditions) -> FeedResponse:
        """Return the answer to a request for a feed by token.

        An unknown, a revoked and a malformed token get one and the same answer.
        """
        found = self.at_hand(token, conditions)
        return found if isinstance(found, FeedResponse) else self.rendered(found, conditions)

    def at_hand(self, token: str, conditions: Conditions) -> FeedResponse | Target:
        """Return the answer by one look-up, or whose feed has to be rendered for it."""
        feed = self._source.feed(hash_token(token))
        if feed is None:
            return _UNKNOWN
        state = _state(feed, window_start(self._clock()))
        if _is_known(state, conditions):
            is_packed = _accepts_gzip(conditions.accept_encoding)
            return FeedResponse(304, self._headers(state, is_packed=is_packed))
        content = self._rendered.get(state.tag)
        return self._whole(feed.target, state, content, conditions) if content else feed.target

    def rendered(self, target: Target, conditions: Conditions) -> FeedResponse:
        """Render the feed of a target and cache it."""
        since = window_start(self._clock())
        entries, version = self._source.contents(target, since)
        plain = feed_bytes(target, entries, since)
        content = plain, gzip.compress(plain, mtime=0)
        state = _state(OpenedFeed(target, version), since)
        self._rendered.keep(state.tag, content)
        return self._whole(target, state, content, conditions)

    def _whole(
        self,
        target: Target,
        state: _Validator,
        content: tuple[bytes, bytes],
        conditions: Conditions,
    ) -> FeedResponse:
        plain, packed = content
        is_packed = _accepts_gzip(conditions.accept_encoding)
        body = packed if is_packed else plain
        headers = self._headers(state, is_packed=is_packed) | {
            "Content-Type": "text/calendar; charset=utf-8",
            "Content-Disposition": _disposition(target),
            "Content-Length": str(len(body)),
        }
        if is_packed:
            headers["Content-Encoding"] = "gzip"
        return FeedResponse(200, headers, body)

    def _headers(self, state: _Validator, *, is_packed: bool) -> dict[str, str]:
        """Return the headers of every answer to a valid token."""
        return {
            # A strong tag names exact bytes, so that of the packed ones is another.
            "ETag": f'"{state.tag}-gzip"' if is_packed else f'"{state.tag}"',
            "Last-Modified": format_datetime(state.changed, usegmt=True),
            "Cache-Control": self._cache_control,
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
        }


class _Rendered:
    """Rendered feeds by tag, at most so many bytes of them."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._feeds: OrderedDict[str, tuple[bytes, bytes]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, tag: str) -> tuple[bytes, bytes] | None:
        with self._lock:
            content = self._feeds.get(tag)
            if content is not None:
                self._feeds.move_to_end(tag)
            return content

    def keep(self, tag: str, content: tuple[bytes, bytes]) -> None:
        with self._lock:
            if tag in self._feeds:
                return
            self._feeds[tag] = content
            self._bytes += _size(content)
            while self._bytes > self._most_bytes:
                _, oldest = self._feeds.popitem(last=False)
                self._bytes -= _size(oldest)


def _state(feed: OpenedFeed, since: dt.datetime) -> _Validator:
    """Return what a client gets of a feed whose window starts at ``since``."""
    target, version = feed
    words = (_WRITER, target.kind, target.id, target.name, version.tag, since.isoformat())
    tag = hashlib.sha256("\0".join(words).encode("utf-8", "replace")).hexdigest()[:32]
    changed = max(version.changed, window_moved(since)).astimezone(dt.UTC)
    return _Validator(tag, changed.replace(microsecond=0))


def _size(content: tuple[bytes, bytes]) -> int:
    return sum(len(part) for part in content)


def _is_known(state: _Validator, conditions: Conditions) -> bool:
    """Return whether the client holds this content; tags win over times (RFC 9110 13.2.2)."""
    tags = conditions.if_none_match
    if tags is not None:
        found = _TAG.findall(tags)
        return tags.strip() == "*" or state.tag in found or f"{state.tag}-gzip" in found
    if conditions.if_modified_since is None:
        return False
    try:
        since = parsedate_to_datetime(conditions.if_modified_since)
    except (ValueError, TypeError, OverflowError):
        return False  # an unreadable date counts as none
    return state.changed <= (since if since.tzinfo else since.replace(tzinfo=dt.UTC))


def _accepts_gzip(accepted: str | None) -> bool:
    """Return whether gzip is accepted: named, or meant by ``*``, with a weight above 0."""
    weights = {}
    for choice in (accepted or "").lower().split(","):
        name, *parameters = (part.strip() for part in choice.split(";"))
        weights[name] = not any(re.fullmatch(r"q\s*=\s*0(\.0*)?", part) for part in parameters)
    return weights.get("gzip", weights.get("*", False))


def _disposition(target: Target) -> str:
    """Return the file's name for who opens the link by hand (RFC 5987); ``inline``: it is a feed."""
    name = quote(f"{target.name} 值班日历.ics", safe="", errors="replace")
    return f"inline; filename=\"zhiban.ics\"; filename*=UTF-8''{name}"
