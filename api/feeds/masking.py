"""Keeps feed tokens out of logs: whoever reads a log could subscribe to the calendars."""

from __future__ import annotations

import logging
import re

_TOKEN = re.compile(r"(/feeds/)[^/\s?]+?(?=\.ics|[/\s?]|$)")


class TokenMask(logging.Filter):
    """Replaces the token in every path of a feed; made for the handlers of an access log."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask the record's message and arguments; every record passes."""
        record.msg = _masked(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(_masked(value) for value in record.args)
        return True


def _masked(value: object) -> object:
    return _TOKEN.sub(r"\1***", value) if isinstance(value, str) else value
