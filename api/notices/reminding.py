"""Reminders: the evening before, whoever wants to is told of tomorrow's duties, once."""

from __future__ import annotations

import datetime as dt

from models.calendar import ZONE
from models.store.database.store import Store
from models.store.notices.reminders import put_reminders

_DAY = dt.timedelta(days=1)


class Reminders:
    """Writes the reminders of a day once its hour has come.

    What is published later in the evening is told as a change, so once is enough.
    """

    def __init__(self, store: Store, hour: int) -> None:
        self._store = store
        self._hour = hour
        self._reminded: dt.date | None = None

    def write(self, at: dt.datetime) -> None:
        """Write the reminders of tomorrow if it is time and they are not written yet."""
        today = at.astimezone(ZONE)
        if today.hour < self._hour or self._reminded == today.date():
            return
        tomorrow = dt.datetime.combine(today.date() + _DAY, dt.time(), ZONE)
        with self._store.begin() as session:
            put_reminders(session, tomorrow, tomorrow + _DAY, at)
        self._reminded = today.date()
