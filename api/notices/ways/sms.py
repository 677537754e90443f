"""Text messages by the gateway that the office has a contract with: one HTTP request made from a template."""

from __future__ import annotations

import json
import urllib.parse

from api.feeds.fetch import FetchPolicy
from api.notice_settings import NoticeSettings
from api.notices.ways.way import Letter, NotTakenError, post_text
from models.store.notices.queue import Pace
from models.store.tables.words import NoticeFault


class Sms:
    """Sends to a mobile number through the gateway."""

    most_bytes = 600
    """200 Chinese characters: three parts of a long message."""
    is_repeatable = False

    def __init__(self, settings: NoticeSettings, policy: FetchPolicy) -> None:
        self._settings = settings
        self._policy = policy
        self.paces = (Pace(settings.sms_a_minute, 60),)

    def send(self, letter: Letter) -> None:
        """Send one text. Raises NotTakenError, UnansweredError."""
        kind = self._settings.sms_type
        headers = {"Content-Type": kind if "charset" in kind else f"{kind}; charset=utf-8"}
        if token := self._settings.sms_token.get_secret_value():
            headers["Authorization"] = token
        values = {"phone": letter.address, "text": letter.text}
        body = filled(self._settings.sms_body, values, is_form="form" in kind)
        answer = post_text(self._settings.sms_url, self._policy, body.encode(), headers)
        if self._settings.sms_success and self._settings.sms_success not in answer:
            raise NotTakenError(NoticeFault.REFUSED)


def filled(template: str, values: dict[str, str], *, is_form: bool) -> str:
    """Return a template with values in the place of ``{name}``, escaped for a form or for JSON."""
    parts = template
    for name, value in values.items():
        escaped = urllib.parse.quote(value) if is_form else json.dumps(value)[1:-1]
        parts = parts.replace(f"{{{name}}}", escaped)
    return parts
