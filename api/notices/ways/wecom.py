"""The robot of a WeCom group.

Source: developer.work.weixin.qq.com, 群机器人配置说明 (消息推送): 20 messages a minute for each robot, text of
2,048 bytes at most; a refusal answers 200 too, with ``errcode``.
"""

from __future__ import annotations

import json

from api.feeds.fetch import FetchPolicy
from api.notices.ways.way import Letter, NotTakenError, post_json
from models.store.notices.queue import Pace
from models.store.tables.words import NoticeFault

_FAULTS = {
    45009: NoticeFault.TOO_FAST,
    45033: NoticeFault.TOO_FAST,
    93000: NoticeFault.NOT_LET_IN,
    93008: NoticeFault.NOT_LET_IN,
    40058: NoticeFault.REFUSED,
}
"""45009 the interface is called too often, 93000 the key of the robot does not hold."""
_FINAL = frozenset({93000, 93008})


class WecomRobot:
    """Sends to a group by the address of its robot."""

    most_bytes = 2048
    is_repeatable = False
    paces = (Pace(20, 60),)

    def __init__(self, policy: FetchPolicy) -> None:
        self._policy = policy

    def send(self, letter: Letter) -> None:
        """Send one text. Raises NotTakenError, UnansweredError."""
        body = {"msgtype": "text", "text": {"content": letter.text}}
        headers = {"Content-Type": "application/json"}
        answer = post_json(letter.address, self._policy, json.dumps(body).encode(), headers)
        if (code := answer.get("errcode")) != 0:
            fault = _FAULTS.get(code, NoticeFault.REFUSED) if code else NoticeFault.REFUSED
            raise NotTakenError(fault, is_final=code in _FINAL)
