"""Backups made again and again, each restored once for proof, the oldest removed."""

from __future__ import annotations

import logging
import signal
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

from models.store.backup import backup, rehearse
from models.store.database.errors import StoreError
from models.store.database.store import Store

LOG = logging.getLogger("zhiban.backups")

NAME = "zhiban-%Y-%m-%d-%H%M%S.db"
"""Of a backup, by the local time it was begun."""

RETRY = timedelta(minutes=10)
"""After a backup that failed, unless the next is due sooner."""


def back_up_always(store: Store, folder: Path, every: timedelta, keep: int) -> None:
    """Make a backup whenever the newest in ``folder`` is older than ``every``, until SIGTERM or Ctrl-C.

    Each is restored into a folder of its own before any older one is removed; the ``keep`` newest
    stay. One that fails is logged and tried again.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stopped = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    wait = _due_in(folder, every)
    while not stopped.wait(wait.total_seconds()):
        wait = _due_in(folder, every) if _back_up(store, folder, keep) else min(every, RETRY)


def _back_up(store: Store, folder: Path, keep: int) -> bool:
    """Make and prove one backup, and remove the oldest; return whether that went well."""
    made = folder / datetime.now().strftime(NAME)
    try:
        backup(store, made)
        rows = sum(rehearse(made).values())
        for old in _backups(folder)[:-keep]:
            old.unlink()
    except (StoreError, OSError) as error:
        LOG.error("backup failed and is tried again later: %s", error)
        made.unlink(missing_ok=True)
        return False
    LOG.info("backup restored for proof: %s, %d rows", made.name, rows)
    return True


def _due_in(folder: Path, every: timedelta) -> timedelta:
    made = _backups(folder)
    if not made:
        return timedelta()
    return max(timedelta(), _begun(made[-1]) + every - datetime.now())


def _backups(folder: Path) -> list[Path]:
    """Return the backups this schedule made, the oldest first; other files are not its own."""
    return sorted(path for path in folder.glob("zhiban-*.db") if _is_ours(path))


def _is_ours(path: Path) -> bool:
    try:
        return _begun(path).strftime(NAME) == path.name
    except ValueError:
        return False


def _begun(path: Path) -> datetime:
    return datetime.strptime(path.name, NAME)
