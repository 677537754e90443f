"""Exit codes and error messages of the commands. Chinese first; no traceback."""

from __future__ import annotations

import atexit
import errno
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import cast

import typer

from api.commands.terminal import complain, say
from models.issues import InputError, Issue
from models.messages import issue

BAD_INPUT, INTERNAL, INTERRUPTED = 2, 70, 130

_USAGE = cast("type[Exception]", typer.BadParameter.__base__)
"""Any misuse of commands and options; typer gives this class no public name."""

_CODES = {
    errno.ENOENT: "path_missing",
    errno.EACCES: "path_forbidden",
    errno.EPERM: "path_forbidden",
    errno.EROFS: "path_read_only",
    errno.ENOSPC: "path_disk_full",
    errno.EDQUOT: "path_quota",
    errno.EFBIG: "path_size_limit",
    errno.EEXIST: "path_not_folder",
    errno.ENOTDIR: "path_not_folder",
    errno.EISDIR: "path_is_folder",
    errno.ENAMETOOLONG: "path_too_long",
    errno.EBUSY: "path_in_use",
}


def exit_code(program: Callable[[], object]) -> int:
    """Run a program and return its exit code; failures are printed, not raised.

    With ZHIBAN_DEBUG set, unexpected errors are raised as they are.
    """
    _print_anything()
    try:
        code = program()
    except InputError as error:
        return _refuse(error.issues)
    except OSError as error:
        return _refuse([_issue_of(error)])
    except _USAGE as error:
        return _misused(error)
    except Exception as error:
        if os.environ.get("ZHIBAN_DEBUG"):
            raise
        return _broken(error)
    if code == INTERRUPTED:
        complain(issue("command_interrupted").lines())
    return code if isinstance(code, int) else 0


def leave(code: int) -> None:
    """End the process with ``code``, also while an interrupted engine still runs."""
    from solver.engine.interrupts import is_left_behind

    # a second Ctrl-C that comes while Python takes itself down would replace the code by its own
    atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)
    # A normal exit takes the interpreter away from under an engine that still runs; and Python ends
    # by SIGINT itself, whatever the code, if Ctrl-C ever fell into code made from text (exec).
    if code == INTERRUPTED or is_left_behind():
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def _print_anything() -> None:
    """Print question marks where a terminal cannot show Chinese; JSON is UTF-8."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
            if _is_for_machine():
                stream.reconfigure(encoding="utf-8")


def _is_for_machine() -> bool:
    return "--json" in sys.argv[1:] or sys.argv[1:2] == ["schema"]


def _refuse(issues: tuple[Issue, ...] | list[Issue]) -> int:
    """Print every issue: as JSON where a machine asked for it."""
    if _is_for_machine():
        listed = [issue.model_dump() for issue in issues]
        say(json.dumps({"ok": False, "issues": listed}, ensure_ascii=False, indent=2))
    else:
        # the messages are only needed on failure
        from models.formats.intake.issue_text import render

        complain(render(issues))
    return BAD_INPUT


def _issue_of(error: OSError) -> Issue:
    code = _CODES.get(error.errno or 0, "path_refused")
    return issue(code, value=Path(str(error.filename)) if error.filename else "")


def _misused(error: Exception) -> int:
    if sys.argv[1:]:  # without any argument the help is shown: not an error
        complain(issue("command_misused").lines())
    error.show()  # type: ignore[attr-defined]
    return BAD_INPUT


def _broken(error: Exception) -> int:
    complain(issue("command_broken", kind=type(error).__name__).lines())
    return INTERNAL
