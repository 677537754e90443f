"""Which message of the catalogue an answer tells, where it tells the words alone (RFC 9457)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from models.messages import Message, catalogue


def _pattern(message: Message) -> str:
    text = f"{message.zh}。{message.mend_zh}"
    return "".join(
        ".*" if part.startswith("{") else re.escape(part)
        for part in re.split(r"(\{\w+(?::\w+)?\})", text)
    )


def code_told(problem: Mapping[str, Any]) -> str:
    """Return the code of the message that a problem tells; it must be one."""
    detail = problem["detail"]
    (code,) = (c for c, m in catalogue().items() if re.fullmatch(_pattern(m), detail, re.DOTALL))
    return code
