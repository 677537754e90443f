"""The child process of a job: one order in a folder, its answer in the same folder.

It holds no address and no secret. It ends with its parent, and what it says on its standard
output is progress, one JSON object a line.
"""

from __future__ import annotations

import contextlib
import json
import logging
import math
import os
import resource
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from api import logs
from api.jobs import refusals
from api.jobs.interrupts import hear_interrupts
from api.jobs.orders import (
    ORDERS,
    DraftOrder,
    ExportOrder,
    ImportOrder,
    Order,
    SolveOrder,
    WhatifOrder,
)
from models.instance import Instance
from models.issues import InputError, Issue
from solver.engine.interrupts import stop_where_allowed

if TYPE_CHECKING:
    from api.jobs.results import Plan
    from solver.engine.ladder import Progress

ORDER, ANSWER, INSTANCE, PLAN, UPLOAD, RESULT, ANSWERS = (
    "order.json",
    "answer.json",
    "instance.json",
    "plan.json",
    "upload",
    "result",
    "answers",
)
"""Files of the folder, and a folder of a question's; those of the child are whole, or not there."""

INTERRUPTED, UNWRITABLE = 130, os.EX_IOERR

NICENESS = 10
"""Of a solve: it has all the time that the web server leaves, and a tenth of what both want."""

MOST_MEMORY = 4 * 2**30
"""Bytes that the reading of a file may take; a city's 23,000 rows take 0.1 GB."""
MOST_ISSUES = 2_000
"""Issues of one file that are told; a file with more is another file, and nobody reads them."""

_log = logging.getLogger("zhiban.jobs")


def main(folder: Path) -> int:
    """Do the order of a folder; return the exit code."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    order = ORDERS.validate_json((folder / ORDER).read_bytes())
    try:
        if isinstance(order, SolveOrder | WhatifOrder):
            stop_where_allowed()  # what they have reached by then is kept
        hear_interrupts()
        _answer(folder, _tried(order, folder))
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError:
        _log.exception("an answer could not be written")
        return UNWRITABLE
    return 0


def _tried(order: Order, folder: Path) -> dict[str, object]:
    """Do the order and return the answer."""
    try:
        return {"file": _do(order, folder)}
    except InputError as error:
        return {"state": "failed", "issues": _told(error.issues)}
    except MemoryError:
        return {"state": "failed", "issues": _told([refusals.too_much()])}
    except OSError:
        raise  # there may be no room for an answer either
    except Exception:
        _log.exception("a job broke")  # whoever asked is told no more than that
        return {"state": "failed", "issues": _told([refusals.broken()])}


def _told(issues: Sequence[Issue]) -> list[dict[str, Any]]:
    rest = len(issues) - MOST_ISSUES
    told = [*issues[:MOST_ISSUES], *([refusals.more_issues(rest)] if rest > 0 else [])]
    return [issue.model_dump() for issue in told]


def put(path: Path, content: bytes) -> None:
    """Write a file that is whole or not there."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    os.replace(file.name, path)


def _answer(folder: Path, answer: dict[str, object]) -> None:
    put(folder / ANSWER, json.dumps(answer, ensure_ascii=False).encode())


def _do(order: Order, folder: Path) -> str:
    """Return the name of the file written for the user, if any."""
    match order:
        case SolveOrder():
            put(folder / PLAN, _json(_solve(order, folder)))
        case ImportOrder():
            put(folder / INSTANCE, _json(_import(order, folder)))
        case DraftOrder():
            put(folder / PLAN, _json(_draft(order, folder)))
        case ExportOrder():
            name, content = _export(order, folder)
            put(folder / RESULT, content)
            return name
        case WhatifOrder():
            _whatif(order, folder)
    return ""


def _solve(order: SolveOrder, folder: Path) -> Plan:
    _give_way()
    # ortools takes a second to load; an import does without
    from api.actions.planning import plan, with_choices
    from api.jobs.results import Plan
    from solver.limits import Limits, Stage

    tell = _teller()
    stored = Instance.model_validate_json((folder / INSTANCE).read_bytes())
    instance = with_choices(stored, order.month, order.profile, order.changes)
    limits = Limits(order.seconds, order.seed, workers=order.workers)
    outcome = plan(instance, Stage[order.stage.upper()], limits, tell)
    return Plan(instance=instance, roster=outcome.roster, report=outcome.report)


def _whatif(order: WhatifOrder, folder: Path) -> None:
    _give_way()
    from api.jobs.question import answer  # loads what scenarios are made with

    instance = Instance.model_validate_json((folder / INSTANCE).read_bytes())
    answer(order, instance, folder / ANSWERS, _channel())


def _give_way() -> None:
    """Let the web server go first: who asks for a page or a feed waits, a solve does not."""
    os.nice(NICENESS)
    with contextlib.suppress(OSError):
        # Linux may weigh sessions against each other (sched(7), autogroup); this child has its own
        Path("/proc/self/autogroup").write_text(str(NICENESS), encoding="ascii")


def _import(order: ImportOrder, folder: Path) -> Instance:
    from api.actions import planning
    from models.formats.read import read_instance

    with _bounded_memory():
        instance = read_instance(folder / UPLOAD / order.name)
    planning.rules_of(instance)  # numbers that no rule takes are issues of the input
    return instance


@contextlib.contextmanager
def _bounded_memory() -> Iterator[None]:
    """Let the reading of a small file that unfolds to more than the machine has fail."""
    if sys.platform != "linux":
        yield
        return
    usual = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, usual)


def _draft(order: DraftOrder, folder: Path) -> Plan:
    from api.actions import planning
    from api.jobs.results import Plan
    from models.formats.roster_table import read_roster
    from solver.limits import Stage
    from solver.verify import verify

    instance = Instance.model_validate_json((folder / INSTANCE).read_bytes())
    month = planning.with_choices(instance, order.month)
    with _bounded_memory():
        roster = read_roster(folder / UPLOAD / order.name, month)
    roster = roster.model_copy(update={"instance": instance.content_hash})
    report = verify(instance, planning.rules_of(instance), roster, Stage[order.stage.upper()])
    return Plan(instance=instance, roster=roster, report=report)


def _export(order: ExportOrder, folder: Path) -> tuple[str, bytes]:
    from api.jobs.export import export
    from api.jobs.results import Plan

    plan = Plan.model_validate_json((folder / PLAN).read_bytes())
    return export(plan, order.form, f"{plan.roster.month}-{order.roster}-v{order.version}")


def _json(document: BaseModel) -> bytes:
    return document.model_dump_json().encode()


def _teller() -> Callable[[Progress], None]:
    write = _channel()

    def tell(step: Progress) -> None:
        goal = {"stage": step.stage, "goal": step.goal.value, "zh": step.goal.label}
        numbers = {"value": step.value, "bound": step.bound, "gap": step.gap}
        known = {name: n if math.isfinite(n) else None for name, n in numbers.items()}
        write(goal | known | {"seconds": round(step.seconds, 3)})

    return tell


def _channel() -> Callable[[dict[str, Any]], None]:
    """Return what writes steps to the parent; whatever else is printed goes to the log."""
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)

    def write(step: dict[str, Any]) -> None:
        channel.write(json.dumps(step, ensure_ascii=False) + "\n")

    return write


def _end_with_parent() -> None:
    """Wait until the parent's end of the pipe closes, which its death does too; then end all."""
    os.read(0, 1)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    logs.begin("INFO")
    sys.exit(main(Path(sys.argv[1])))
