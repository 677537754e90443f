"""Translates failures of the database and the disk into messages of the catalogue."""

from __future__ import annotations

import errno
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from models.messages import issue
from models.store.database.errors import UnavailableError

_FILES = {
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.EFBIG: "disk_full",
    errno.EACCES: "read_only",
    errno.EPERM: "read_only",
    errno.EROFS: "read_only",
    errno.EIO: "disk_failed",
}

_SQLITE = {
    "SQLITE_FULL": "disk_full",
    "SQLITE_READONLY": "read_only",
    "SQLITE_CANTOPEN": "cannot_open",
    "SQLITE_PERM": "cannot_open",
    "SQLITE_IOERR": "disk_failed",
    "SQLITE_BUSY": "busy",
    "SQLITE_LOCKED": "busy",
    "SQLITE_CORRUPT": "damaged",
    "SQLITE_NOTADB": "damaged",
}

_POSTGRESQL = {
    "53100": "disk_full",
    "53300": "busy",
    "40001": "busy",
    "40P01": "busy",
    "55P03": "busy",
    "25006": "read_only",
    "42501": "read_only",
    "XX001": "damaged",
    "XX002": "damaged",
}


@contextmanager
def as_unavailable() -> Iterator[None]:
    """Translate failures that an office can mend into ``UnavailableError``; others pass unchanged."""
    try:
        yield
    except PoolTimeoutError as error:
        raise unavailable("busy") from error
    except DBAPIError as error:
        raise _translated(error.orig, error) from error
    except zlib.error as error:  # a document that is kept compressed
        raise unavailable("damaged") from error


@contextmanager
def files_as_unavailable() -> Iterator[None]:
    """Translate failures of files and folders too."""
    try:
        with as_unavailable():
            yield
    except OSError as error:
        raise unavailable(_FILES.get(error.errno or 0, "cannot_open")) from error
    except sqlite3.Error as error:
        raise _translated(error, error) from error


def is_full(error: OSError) -> bool:
    """Whether a file could not be written for lack of room."""
    return _FILES.get(error.errno or 0) == "disk_full"


def unavailable(code: str) -> UnavailableError:
    """Return the refusal for one kind of failure."""
    return UnavailableError(issue(code))


def _translated(cause: BaseException | None, error: Exception) -> Exception:
    code = _code(cause)
    return unavailable(code) if code else error


def _code(cause: BaseException | None) -> str | None:
    if isinstance(cause, sqlite3.Error):
        # extended codes carry a suffix: SQLITE_IOERR_WRITE
        name = getattr(cause, "sqlite_errorname", "")
        return _SQLITE.get("_".join(name.split("_")[:2]))
    state = getattr(cause, "sqlstate", None)
    if state is None or state[:2] == "08" or state[:3] == "57P":
        # psycopg gives no state where no server answered
        return "unreachable" if type(cause).__name__.endswith("OperationalError") or state else None
    return _POSTGRESQL.get(state)
