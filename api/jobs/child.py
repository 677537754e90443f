"""The child process of a job: reads an order from a folder and writes its answer there.

It holds no address and no secret. It ends with its parent, and what it says on its standard
output is progress, one line of JSON at a time.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from api import logs
from api.jobs.contract.folder import ANSWER, ORDER, put
from api.jobs.contract.kind import Tell
from api.jobs.contract.order import JobOrder
from api.jobs.contract.verdict import JobEnd, State
from api.jobs.interrupts import hear_interrupts
from api.jobs.kinds import kind_of, read_order
from models.issues import InputError, Issue
from models.messages import issue
from solver.engine.interrupts import stop_where_allowed

INTERRUPTED, UNWRITABLE = 130, os.EX_IOERR

NICENESS = 10
"""Of a search: it has all the time that the web server leaves, and a tenth of what both want."""

MOST_ISSUES = 2_000
"""Issues of one file that are told; a file with more is another file, and nobody reads them."""

_log = logging.getLogger("zhiban.jobs")


def main(folder: Path) -> int:
    """Do the order of a folder; return the exit code."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    order = read_order(json.loads((folder / ORDER).read_bytes()))
    try:
        if kind_of(order).is_search:
            _give_way()
            stop_where_allowed()  # the best result so far is the answer
        hear_interrupts()
        put(folder / ANSWER, _answer(order, folder, _channel()))
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError:
        _log.exception("an answer could not be written")
        return UNWRITABLE
    return 0


def _answer(order: JobOrder, folder: Path, tell: Tell) -> JobEnd:
    """Carry out the order and return the outcome for the parent."""
    try:
        return JobEnd(file=kind_of(order).run(order, folder, tell))
    except InputError as error:
        return _failed(error.issues)
    except MemoryError:
        return _failed([issue("job_memory")])
    except OSError:
        raise  # there may be no room for an answer either
    except Exception:
        _log.exception("a job broke")  # the user gets no more detail than that
        return _failed([issue("job_broken")])


def _failed(issues: Sequence[Issue]) -> JobEnd:
    rest = len(issues) - MOST_ISSUES
    more = [issue("job_more_issues", value=rest, count=rest)] if rest > 0 else []
    return JobEnd(state=State.FAILED, issues=(*issues[:MOST_ISSUES], *more))


def _give_way() -> None:
    """Lower the priority: people wait for pages and feeds, so the web server goes first."""
    os.nice(NICENESS)
    with contextlib.suppress(OSError):
        # Linux may weigh sessions against each other (sched(7), autogroup); this child has its own
        Path("/proc/self/autogroup").write_text(str(NICENESS), encoding="ascii")


def _channel() -> Tell:
    """Return what writes steps to the parent; whatever else is printed goes to the log."""
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)

    def write(about: str, step: dict[str, Any]) -> None:
        channel.write(json.dumps([about, step], ensure_ascii=False) + "\n")

    return write


def _end_with_parent() -> None:
    """Wait until the parent's end of the pipe closes, which its death does too; then end all."""
    os.read(0, 1)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    logs.begin("INFO")
    sys.exit(main(Path(sys.argv[1])))
