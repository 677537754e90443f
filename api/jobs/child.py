"""The child process of a job: one order in a folder, its answer in the same folder.

It holds no address and no secret. It ends with its parent, and what it says on its standard
output is progress, one JSON object a line.
"""

from __future__ import annotations

import io
import json
import logging
import math
import os
import resource
import signal
import sys
import tempfile
import threading
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from api.jobs import refusals
from api.jobs.orders import ORDERS, ExportOrder, ImportOrder, SolveOrder
from api.service import logs
from models.instance import Instance
from models.issues import InputError, Issue

if TYPE_CHECKING:
    from api.jobs.results import Plan
    from solver.ladder import Progress

ORDER, ANSWER, INSTANCE, PLAN, UPLOAD, RESULT = (
    "order.json",
    "answer.json",
    "instance.json",
    "plan.json",
    "upload",
    "result",
)
"""Files of the folder; those of the child are whole, or not there."""

INTERRUPTED = 130

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
        _answer(folder, {"file": _do(order, folder)})
    except InputError as error:
        _answer(folder, {"state": "failed", "issues": _told(error.issues)})
    except KeyboardInterrupt:
        return INTERRUPTED
    except MemoryError:
        _answer(folder, {"state": "failed", "issues": _told([refusals.too_much()])})
    except Exception:
        _log.exception("a job broke")  # whoever asked is told no more than that
        _answer(folder, {"state": "failed", "issues": [refusals.broken().model_dump()]})
    return 0


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


def _do(order: SolveOrder | ImportOrder | ExportOrder, folder: Path) -> str:
    """Return the name of the file written for the user, if any."""
    if isinstance(order, SolveOrder):
        put(folder / PLAN, _json(_solve(order, folder)))
        return ""
    if isinstance(order, ImportOrder):
        put(folder / INSTANCE, _json(_import(order, folder)))
        return ""
    name, content = _export(order, folder)
    put(folder / RESULT, content)
    return name


def _solve(order: SolveOrder, folder: Path) -> Plan:
    # ortools and numpy take a second to load; an import needs neither
    from api.jobs.results import Plan
    from api.planning import plan, with_choices
    from solver.limits import Limits, Stage
    from solver.parts import Parts
    from solver.shortage import shortage

    interrupts = Interrupts((Parts.climb.__code__, shortage.__code__), _teller())
    signal.signal(signal.SIGINT, interrupts.hear)
    stored = Instance.model_validate_json((folder / INSTANCE).read_bytes())
    instance = with_choices(stored, order.month, order.profile, order.changes)
    limits = Limits(order.seconds, order.seed, workers=order.workers)
    outcome = plan(instance, Stage[order.stage.upper()], limits, interrupts.progress)
    return Plan(instance=instance, roster=outcome.roster, report=outcome.report)


def _import(order: ImportOrder, folder: Path) -> Instance:
    from models.formats.read import read_instance

    if sys.platform == "linux":
        # a small file may unfold to more than the machine has
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    return read_instance(folder / UPLOAD / order.name)


def _export(order: ExportOrder, folder: Path) -> tuple[str, bytes]:
    from api.jobs.results import Plan

    plan = Plan.model_validate_json((folder / PLAN).read_bytes())
    name = f"roster-{plan.roster.month}"
    match order.form:
        case "json":
            return f"{name}.json", (plan.roster.model_dump_json(indent=2) + "\n").encode()
        case "csv":
            return f"{name}.zip", _zipped(plan, folder / "csv")
        case "xlsx":
            from api.results.view import build_view
            from api.results.workbook import render_workbook

            view = build_view(plan.instance, plan.roster, plan.report)
            return f"{name}.xlsx", render_workbook(view)


def _zipped(plan: Plan, folder: Path) -> bytes:
    from models.formats.roster_table import write_roster_csv_folder

    write_roster_csv_folder(plan.roster, folder)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            # a ZipInfo of its own has a fixed date: the same roster gives the same bytes
            entry = zipfile.ZipInfo(path.name)
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _json(document: BaseModel) -> bytes:
    return document.model_dump_json().encode()


@dataclass
class Interrupts:
    """Turns an interrupt into KeyboardInterrupt only where the solver then keeps its best plan.

    Elsewhere (a month is being built on seats already planned, a plan is being checked) it
    would lose the plan, so it waits for the next climb; when there is none, the plan is whole.
    """

    safe: tuple[CodeType, ...]
    tell: Callable[[Progress], None]
    begun: bool = False
    waiting: bool = False

    def hear(self, _: int, frame: FrameType | None) -> None:
        """Answer SIGINT."""
        if self.begun and not self._is_safe(frame):
            self.waiting = True
            return
        self.waiting = False
        raise KeyboardInterrupt

    def progress(self, step: Progress) -> None:
        """Pass a step on; a climb is under way."""
        self.begun = True
        self.tell(step)
        if self.waiting:
            self.waiting = False
            signal.raise_signal(signal.SIGINT)  # heard in the main thread, whoever steps

    def _is_safe(self, frame: FrameType | None) -> bool:
        while frame is not None:
            if frame.f_code in self.safe:
                return True
            frame = frame.f_back
        return False


def _teller() -> Callable[[Progress], None]:
    """Return what writes steps to the parent; whatever else is printed goes to the log."""
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)

    def tell(step: Progress) -> None:
        goal = {"stage": step.stage, "goal": step.goal.value, "zh": step.goal.label}
        numbers = {"value": step.value, "bound": step.bound, "gap": step.gap}
        known = {name: n if math.isfinite(n) else None for name, n in numbers.items()}
        line = goal | known | {"seconds": round(step.seconds, 3)}
        channel.write(json.dumps(line, ensure_ascii=False) + "\n")

    return tell


def _end_with_parent() -> None:
    """Wait until the parent's end of the pipe closes, which its death does too; then end all."""
    os.read(0, 1)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    logs.begin("INFO")
    sys.exit(main(Path(sys.argv[1])))
