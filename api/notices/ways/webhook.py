"""The office's own message system: a signed request that names the person, who is told from there.

``X-Zhiban-Signature: sha256=…`` is HMAC-SHA256 over ``timestamp.body`` in hexadecimal, ``X-Zhiban-Timestamp``
the seconds that went into it, ``X-Zhiban-Message`` the number by which a repetition is known.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable

from api.feeds.fetch import FetchPolicy
from api.notices.ways.way import Letter, post_text
from models.county_ids import county_in, id_of
from models.store.notices.queue import Pace


class Webhook:
    """Sends to the one address that the operator has set."""

    most_bytes = None
    is_repeatable = True
    paces = (Pace(600, 60),)

    def __init__(
        self, address: str, secret: str, policy: FetchPolicy, clock: Callable[[], float] = time.time
    ) -> None:
        self._address = address
        self._secret = secret
        self._policy = policy
        self._clock = clock

    def send(self, letter: Letter) -> None:
        """Send one text. Raises NotTakenError, UnansweredError."""
        said = {
            "message": letter.number,
            "county": county_in(letter.to),
            "person": id_of(letter.to),
            "name": letter.name,
            "text": letter.text,
        }
        body = json.dumps(said, ensure_ascii=False).encode()
        at = str(int(self._clock()))
        mark = hmac.new(self._secret.encode(), f"{at}.".encode() + body, hashlib.sha256)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "X-Zhiban-Message": str(letter.number),
            "X-Zhiban-Timestamp": at,
            "X-Zhiban-Signature": f"sha256={mark.hexdigest()}",
        }
        post_text(self._address, self._policy, body, headers)
