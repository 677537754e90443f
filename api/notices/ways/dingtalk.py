"""The robot of a DingTalk group.

Source: open.dingtalk.com, 自定义机器人安全设置 and 消息频率: 20 messages a minute, then a ban of ten
minutes, told by ``errcode`` in an answer of 200; the signature is HMAC-SHA256 with the secret as key over
``milliseconds`` + line feed + ``secret``, in Base64.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable

import httpx

from api.feeds.fetch import FetchPolicy
from api.notices.ways.way import Letter, NotTakenError, post_json
from models.store.notices.queue import Pace
from models.store.tables.words import NoticeFault

_FAULTS = {
    130101: NoticeFault.BANNED,
    660026: NoticeFault.BANNED,
    310000: NoticeFault.NOT_LET_IN,
    300001: NoticeFault.NOT_LET_IN,
    400101: NoticeFault.NOT_LET_IN,
    400102: NoticeFault.NOT_LET_IN,
}
"""130101 sent too fast, 310000 keyword, signature or address of the sender do not match, 300001 token."""
_FINAL = frozenset({300001, 400101, 400102})


class DingtalkRobot:
    """Sends to a group by the address of its robot and, if it has one, its secret."""

    most_bytes = 18_000
    is_repeatable = False
    paces = (Pace(20, 60),)

    def __init__(self, policy: FetchPolicy, clock: Callable[[], float] = time.time) -> None:
        self._policy = policy
        self._clock = clock

    def send(self, letter: Letter) -> None:
        """Send one text. Raises NotTakenError, UnansweredError."""
        body = {"msgtype": "text", "text": {"content": letter.text}}
        headers = {"Content-Type": "application/json"}
        answer = post_json(self._signed(letter), self._policy, json.dumps(body).encode(), headers)
        if (code := answer.get("errcode")) != 0:
            fault = _FAULTS.get(code, NoticeFault.REFUSED) if code else NoticeFault.REFUSED
            raise NotTakenError(fault, is_final=code in _FINAL)

    def _signed(self, letter: Letter) -> str:
        if not letter.secret:
            return letter.address
        at = str(round(self._clock() * 1000))
        said = f"{at}\n{letter.secret}".encode()
        mark = hmac.new(letter.secret.encode(), said, hashlib.sha256).digest()
        signed = {"timestamp": at, "sign": base64.b64encode(mark).decode()}
        return str(httpx.URL(letter.address).copy_merge_params(signed))
