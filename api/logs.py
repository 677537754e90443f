"""The log: one JSON object a line, without tokens, passwords or personal numbers."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import sys
from contextvars import ContextVar

REQUEST: ContextVar[str] = ContextVar("request", default="")
"""Id of the request under way; a problem document names it, so that the line can be found."""

_SECRETS = (
    (re.compile(r"(?i)(bearer|basic)\s+[A-Za-z0-9._~+/=-]+"), r"\1 …"),
    (re.compile(r"zb_[A-Za-z0-9_-]{8,}"), "zb_…"),
    (re.compile(r"(/feeds/)[A-Za-z0-9_-]{16,}"), r"\1…"),
    (
        re.compile(r"(?i)(\"?(?:password|token|secret|code|state)\"?\s*[=:]\s*\"?)[^\s\"&,}]+"),
        r"\1…",
    ),
    (re.compile(r"(://[^:/@\s]+:)[^@\s]+(@)"), r"\1…\2"),
    # a mobile number, an identity number, a landline with its area code
    (re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"), "…"),
    (re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"), "…"),
    (re.compile(r"(?<!\d)0\d{2,3}-\d{7,8}(?!\d)"), "…"),
)
_USUAL = frozenset(logging.makeLogRecord({}).__dict__) | {
    "message",
    "asctime",
    "taskName",
    "color_message",
}


def redacted(text: str) -> str:
    """Return ``text`` without tokens, passwords and personal numbers."""
    for pattern, shown in _SECRETS:
        text = pattern.sub(shown, text)
    return text


class JsonLines(logging.Formatter):
    """Formats a record as a JSON object; extra fields of the record stand beside the message."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        moment = dt.datetime.fromtimestamp(record.created, dt.UTC)
        line = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
        }
        if REQUEST.get():
            line["request"] = REQUEST.get()
        told = {"message": record.getMessage()}
        told |= {key: value for key, value in record.__dict__.items() if key not in _USUAL}
        if record.exc_info:
            told["error"] = self.formatException(record.exc_info)
        line |= {key: redacted(v) if isinstance(v, str) else v for key, v in told.items()}
        made = json.dumps(line, ensure_ascii=False, default=lambda value: redacted(str(value)))
        return made if made.isprintable() else "".join(map(_seen, made))


def _seen(sign: str) -> str:
    """Spell out what ends a line, turns the direction of writing or steers a terminal."""
    return sign if sign.isprintable() else json.dumps(sign)[1:-1]


def begin(level: str) -> None:
    """Send every logger's lines to standard error as JSON; uvicorn's own access log is left out."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers, logging.getLogger(name).propagate = [], True
    # it writes whole paths, and a feed's path holds its token
    logging.getLogger("uvicorn.access").disabled = True
