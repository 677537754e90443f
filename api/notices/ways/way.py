"""Way: how a message goes out, and how fast."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from api.feeds.fetch import FetchPolicy, UnheardError, post
from models.issues import InputError
from models.store.notices.queue import Pace
from models.store.tables.words import NoticeFault


class Letter(NamedTuple):
    """What is sent: ``number`` tells messages apart for good, ``address`` and ``secret`` open the way.

    ``to`` is the key of the person or group, ``name`` what people call them.
    """

    number: int
    to: str
    name: str
    address: str
    secret: str
    text: str


class NotTakenError(Exception):
    """A message was not taken; when ``is_final``, trying again is vain."""

    def __init__(self, fault: NoticeFault, *, is_final: bool = False) -> None:
        self.fault = fault
        self.is_final = is_final
        super().__init__(fault.value)


class UnansweredError(Exception):
    """A message was handed over, and nobody knows whether it was taken."""


class Way(Protocol):
    """One way to people or groups, set up and ready."""

    @property
    def most_bytes(self) -> int | None:
        """Longest text in UTF-8, none if any will do."""

    @property
    def paces(self) -> Sequence[Pace]:
        """How fast one lane may be used."""

    @property
    def is_repeatable(self) -> bool:
        """Whether the other side knows a message that comes again, so that nobody is told twice."""

    def send(self, letter: Letter) -> None:
        """Send one message. Raises NotTakenError, UnansweredError."""


def post_json(
    address: str, policy: FetchPolicy, body: bytes, headers: Mapping[str, str]
) -> dict[str, Any]:
    """Post to an interface and return the JSON object that it answers, an empty one for anything else.

    Raises
    ------
    NotTakenError
        It cannot be reached, or answers with no success.
    UnansweredError
        It does not answer.
    """
    answer = post_text(address, policy, body, headers)
    try:
        found = json.loads(answer)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def post_text(address: str, policy: FetchPolicy, body: bytes, headers: Mapping[str, str]) -> str:
    """Post to an interface and return the text that it answers. Raises as ``post_json``."""
    try:
        answer = post(address, policy, body, headers)
    except UnheardError:
        raise UnansweredError from None
    except InputError as error:
        # an address that is not allowed stays so, whatever is tried
        is_final = error.issues[0].code in {"fetch_scheme", "fetch_host", "fetch_credentials"}
        raise NotTakenError(NoticeFault.UNREACHABLE, is_final=is_final) from None
    if answer.status == 429:
        raise NotTakenError(NoticeFault.TOO_FAST)
    if answer.status in {401, 403}:
        raise NotTakenError(NoticeFault.NOT_LET_IN)
    if not 200 <= answer.status < 300:
        raise NotTakenError(NoticeFault.REFUSED)
    return answer.content.decode("utf-8", "replace")
