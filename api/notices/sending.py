"""Sends the messages that are due, one after the other; each attempt is written down before it is made."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from api.notices.addresses import Addresses
from api.notices.composing import Times, compose
from api.notices.reminding import Reminders
from api.notices.ways.way import Letter, NotTakenError, UnansweredError, Way
from models.store.database.store import Store
from models.store.notices.queue import (
    note_lost,
    note_refused,
    note_sent,
    note_unanswered,
    take_message,
)
from models.store.tables.notice_tables import NoticeMessage
from models.store.tables.words import NoticeFault, NoticeWay

LOG = logging.getLogger("zhiban.notices")

Clock = Callable[[], dt.datetime]


class Sender:
    """Empties the outbox.

    Parameters
    ----------
    store, addresses
        What is to be told, and where people are reached.
    ways
        Those that are set up.
    """

    def __init__(
        self,
        store: Store,
        addresses: Addresses,
        ways: Mapping[NoticeWay, Way],
        times: Times,
        clock: Clock,
    ) -> None:
        self._store = store
        self._addresses = addresses
        self._ways = ways
        self._times = times
        self._clock = clock
        self._repeatable = [way for way, made in ways.items() if made.is_repeatable]
        self._reminders = Reminders(store, times.digest_hour)
        self._paces = {way: made.paces for way, made in ways.items()}

    def run(self, is_stopped: Callable[[], bool] = lambda: False) -> int:
        """Send all that is due now, until asked to stop; return how many messages were tried."""
        with self._store.begin() as session:
            if lost := note_lost(session, self._clock(), self._repeatable):
                LOG.warning("messages of an ended process: %d", lost)
        self._reminders.write(self._clock())
        while not is_stopped():
            with self._store.begin() as session:
                at = self._clock()
                if not compose(session, self._addresses, self._ways, self._times, at):
                    break
        tried = 0
        while not is_stopped() and self._send_next():
            tried += 1
        return tried

    def _send_next(self) -> bool:
        with self._store.begin() as session:
            message = take_message(session, self._clock(), self._paces)
            letter = self._letter(session, message) if message else None
        if message is None:
            return False
        try:
            if letter is None:
                raise NotTakenError(NoticeFault.NO_ADDRESSEE, is_final=True)
            self._ways[message.way].send(letter)
        except NotTakenError as error:
            self._refused(message, error)
        except UnansweredError:
            LOG.warning(
                "message unanswered", extra={"number": message.id, "way": message.way.value}
            )
            with self._store.begin() as session:
                note_unanswered(session, message.id, self._clock(), self._repeatable)
        else:
            with self._store.begin() as session:
                note_sent(session, message.id, self._clock())
        return True

    def _letter(self, session: Session, message: NoticeMessage) -> Letter | None:
        """Return a message with the address that its target has now, none if it has another way."""
        found = self._addresses.of(session, message.target, message.area)
        if found is None or found.way is not message.way or message.way not in self._ways:
            return None
        name = "" if found.is_group else self._name(message)
        return Letter(message.id, message.target, name, found.address, found.secret, message.text)

    def _name(self, message: NoticeMessage) -> str:
        person = self._addresses.person(message.target, message.area)
        return person.name if person else ""

    def _refused(self, message: NoticeMessage, error: NotTakenError) -> None:
        said = {"number": message.id, "way": message.way.value, "fault": error.fault.value}
        LOG.warning("message refused", extra=said)
        at = self._clock()
        with self._store.begin() as session:
            note_refused(session, message.id, error.fault, at, is_final=error.is_final)
