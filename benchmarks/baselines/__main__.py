"""One baseline as a whole command: ``python -m benchmarks.baselines NAME FILE FOLDER SECONDS``.

It reads the instance, plans, and writes ``roster.json`` and ``seconds.json`` (planning alone).
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks.baselines.by_hand import by_hand
from benchmarks.baselines.routed import TooLargeError, advisers_by_vroom
from benchmarks.baselines.weighted import plain_cp_sat, plan, whole_highs
from models.formats.read import read_instance
from models.instance import Instance
from models.roster import Roster
from solver.modelling.rule import Rule
from solver.profiles import load_rules

Planner = Callable[[Instance, tuple[Rule, ...], float], Roster]

PLANNERS: dict[str, Planner] = {
    "cp-sat": partial(plan, settle=plain_cp_sat),
    "highs": partial(plan, settle=whole_highs),
    "by-hand": partial(plan, settle=by_hand),
    "vroom": advisers_by_vroom,
}


def main(name: str, file: str, folder: str, seconds: str) -> None:
    """Plan a file with a baseline."""
    instance = read_instance(Path(file))
    rules = load_rules(instance.settings.profile, instance.rules)
    began = time.monotonic()
    roster = PLANNERS[name](instance, rules, float(seconds))
    spent = time.monotonic() - began
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    (out / "roster.json").write_text(roster.model_dump_json(), encoding="utf-8")
    (out / "seconds.json").write_text(json.dumps(round(spent, 3)), encoding="utf-8")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (TooLargeError, ModuleNotFoundError) as error:
        sys.exit(str(error))
