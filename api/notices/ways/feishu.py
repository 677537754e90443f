"""The robot of a Feishu group.

Source: open.feishu.cn, 自定义机器人使用指南: 100 messages a minute and 5 a second; the signature is
HMAC-SHA256 over an empty message, with ``seconds`` + line feed + ``secret`` as key, in Base64; a refusal
may answer 200, with ``code``.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

from api.feeds.fetch import FetchPolicy
from api.notices.ways.way import Letter, NotTakenError, post_json
from models.store.notices.queue import Pace
from models.store.tables.words import NoticeFault

_FAULTS = {
    11232: NoticeFault.TOO_FAST,
    9499: NoticeFault.REFUSED,
    19001: NoticeFault.NOT_LET_IN,
    19021: NoticeFault.NOT_LET_IN,
    19022: NoticeFault.NOT_LET_IN,
    19024: NoticeFault.NOT_LET_IN,
}
"""11232 too often, 19001 unknown robot, 19021 signature, 19022 address of the sender, 19024 keyword."""
_FINAL = frozenset({19001})


class FeishuRobot:
    """Sends to a group by the address of its robot and, if it has one, its secret."""

    most_bytes = 18_000
    is_repeatable = False
    paces = (Pace(100, 60), Pace(5, 1))

    def __init__(self, policy: FetchPolicy, clock: Callable[[], float] = time.time) -> None:
        self._policy = policy
        self._clock = clock

    def send(self, letter: Letter) -> None:
        """Send one text. Raises NotTakenError, UnansweredError."""
        body = {"msg_type": "text", "content": {"text": letter.text}} | self._signature(letter)
        headers = {"Content-Type": "application/json"}
        answer = post_json(letter.address, self._policy, json.dumps(body).encode(), headers)
        if (code := answer.get("code", answer.get("StatusCode"))) != 0:
            fault = _FAULTS.get(code, NoticeFault.REFUSED) if code else NoticeFault.REFUSED
            raise NotTakenError(fault, is_final=code in _FINAL)

    def _signature(self, letter: Letter) -> dict[str, Any]:
        if not letter.secret:
            return {}
        at = str(int(self._clock()))
        mark = hmac.new(f"{at}\n{letter.secret}".encode(), b"", hashlib.sha256).digest()
        return {"timestamp": at, "sign": base64.b64encode(mark).decode()}
