"""E-mail by the office's mail server (SMTP, RFC 5321)."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from api.notice_settings import NoticeSettings
from api.notices.ways.way import Letter, NotTakenError, UnansweredError
from models.store.database.clock import now
from models.store.notices.queue import Pace
from models.store.tables.words import NoticeFault

SECONDS = 30.0
"""For each answer of the server."""


class Email:
    """Sends to an address by the mail server."""

    most_bytes = None
    is_repeatable = False

    def __init__(self, settings: NoticeSettings, context: ssl.SSLContext | None) -> None:
        self._settings = settings
        self._context = context or ssl.create_default_context()
        self.paces = (Pace(settings.smtp_a_minute, 60),)

    def send(self, letter: Letter) -> None:
        """Send one text. Raises NotTakenError, UnansweredError."""
        mail = self._mail(letter)
        try:
            server = self._server()
        except smtplib.SMTPAuthenticationError:
            raise NotTakenError(NoticeFault.NOT_LET_IN) from None
        except (smtplib.SMTPConnectError, smtplib.SMTPHeloError, OSError):
            raise NotTakenError(NoticeFault.UNREACHABLE) from None
        try:
            _address_to(server, mail["From"].addresses[0].addr_spec, letter.address)
            _hand_over(server, mail)
        finally:
            with suppress(OSError):  # what was taken stays taken, however the server says goodbye
                server.quit()
            server.close()

    def _server(self) -> smtplib.SMTP:
        """Return a connection to the server, signed in."""
        chosen = self._settings
        place = (chosen.smtp_host, chosen.smtp_port)
        if chosen.smtp_security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(*place, timeout=SECONDS, context=self._context)
        else:
            server = smtplib.SMTP(*place, timeout=SECONDS)
        try:
            if chosen.smtp_security == "starttls":
                server.starttls(context=self._context)
            if chosen.smtp_user:
                server.login(chosen.smtp_user, chosen.smtp_password.get_secret_value())
        except BaseException:
            server.close()
            raise
        return server

    def _mail(self, letter: Letter) -> EmailMessage:
        """Return the mail; its id follows from the message, so that a server may know a repetition."""
        sender = self._settings.smtp_from or self._settings.smtp_user
        mail = EmailMessage()
        mail["From"] = Address("值班", addr_spec=sender)
        mail["To"] = letter.address
        head, _, _ = letter.text.partition("\n")
        mail["Subject"] = head
        mail["Date"] = format_datetime(now())
        mail["Message-ID"] = f"<zhiban-{letter.number}@{sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(letter.text)
        return mail


def _address_to(server: smtplib.SMTP, sender: str, address: str) -> None:
    """Name both sides; until here nothing has been sent."""
    try:
        said = server.mail(sender)
        if said[0] == 250:
            said = server.rcpt(address)
    except OSError:
        raise NotTakenError(NoticeFault.UNREACHABLE) from None
    if said[0] not in {250, 251}:
        raise NotTakenError(NoticeFault.NO_ADDRESSEE, is_final=said[0] >= 500)


def _hand_over(server: smtplib.SMTP, mail: EmailMessage) -> None:
    try:
        code, _ = server.data(mail.as_bytes(policy=SMTP))
    except smtplib.SMTPDataError:
        raise NotTakenError(NoticeFault.REFUSED) from None
    except OSError:
        raise UnansweredError from None
    if code != 250:
        raise NotTakenError(NoticeFault.REFUSED, is_final=code >= 500)
