"""Turns failures of the database that an office can mend into words."""

from __future__ import annotations

import errno
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from models.issues import Issue
from models.store.database.errors import UnavailableError

_WORDS = {
    "disk_full": ("磁盘已满", "the disk is full", "请清理磁盘后重试", "Free some space, try again"),
    "read_only": (
        "数据不可写入",
        "the data may not be written",
        "请检查数据文件夹的权限和所有者",
        "Check permissions and owner of the data folder",
    ),
    "cannot_open": (
        "无法打开数据库",
        "the database cannot be opened",
        "请检查数据文件夹是否存在、可读可写",
        "Check that the data folder exists and may be read and written",
    ),
    "disk_failed": ("磁盘读写出错", "the disk failed", "请检查磁盘", "Check the disk"),
    "busy": (
        "数据库正忙",
        "the database is busy",
        "请稍后重试",
        "Try again in a moment",
    ),
    "damaged": (
        "数据库文件已损坏或不是本系统的数据库",
        "the database file is damaged or not a database",
        "请从备份恢复",
        "Restore a backup",
    ),
    "unreachable": (
        "无法连接数据库",
        "the database cannot be reached",
        "请检查数据库地址、账号和网络",
        "Check address, account and network of the database",
    ),
}

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
def spoken() -> Iterator[None]:
    """Raise ``UnavailableError`` for what an office can mend; any other failure goes through."""
    try:
        yield
    except PoolTimeoutError as error:
        raise unavailable("busy") from error
    except DBAPIError as error:
        raise _told(error.orig, error) from error
    except zlib.error as error:  # a document that is kept compressed
        raise unavailable("damaged") from error


@contextmanager
def files_spoken() -> Iterator[None]:
    """Do as ``spoken`` does, also for files and folders."""
    try:
        with spoken():
            yield
    except OSError as error:
        raise unavailable(_FILES.get(error.errno or 0, "cannot_open")) from error
    except sqlite3.Error as error:
        raise _told(error, error) from error


def is_full(error: OSError) -> bool:
    """Whether a file could not be written for lack of room."""
    return _FILES.get(error.errno or 0) == "disk_full"


def unavailable(code: str) -> UnavailableError:
    """Return the refusal for one kind of failure."""
    zh, en, mend_zh, mend_en = _WORDS[code]
    return UnavailableError(Issue(code=code, zh=zh, en=en, mend_zh=mend_zh, mend_en=mend_en))


def _told(cause: BaseException | None, error: Exception) -> Exception:
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
