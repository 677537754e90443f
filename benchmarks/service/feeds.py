"""Calendar feeds under load while a city is solved: phase by phase, a row each."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from api.feeds.event import Target, TargetKind
from api.feeds.targets import known_as
from api.office.people.feed_links import issue_link, new_link_token
from benchmarks.history import FeedLoad, Origin
from benchmarks.machine import ROOT
from benchmarks.service.load import Answered, Load
from benchmarks.service.office import Office
from models.formats.write import write_json
from models.instance import Instance
from models.roster import Roster
from models.store.database.store import Store
from scenarios.generator.catalogue import load as scenario

SCENARIO, CITY, SEED = "suzhou", "320500", 1
SUBSCRIBERS = 3558
"""Calendars of a month of Suzhou, one subscriber each: people on duty, then sites."""

CONNECTIONS = 32
MONTH_SECONDS = 60.0
"""Of the solve whose month is published."""

CITY_SECONDS = 900.0
"""Most that a solve beside a phase may take; it is cancelled when the phase ends."""

UNCHANGED, WHOLE = 304, 200


@dataclass(frozen=True)
class Phase:
    """One way to ask. ``rate`` a second in an open loop, 0 for a closed loop; ``once`` each feed."""

    name: str
    status: int = WHOLE
    is_packed: bool = False
    rate: float = 0
    once: bool = False


PHASES = (
    Phase("first", is_packed=True, once=True),
    Phase("unchanged", UNCHANGED),
    Phase("unchanged", UNCHANGED, rate=1000),
    Phase("whole"),
    Phase("whole", rate=250),
    Phase("packed", is_packed=True),
    Phase("packed", is_packed=True, rate=250),
)
"""In this order: each feed is rendered in the first, and its tag learnt."""


def measured(seconds: float, phases: tuple[Phase, ...] = PHASES) -> Iterator[FeedLoad]:
    """Publish a month of Suzhou, then yield the row of its publication and those of the phases."""
    instance = scenario(SCENARIO, SEED)
    origin = Origin.of(instance, SCENARIO, SEED, workers=1).model_dump()
    with tempfile.TemporaryDirectory() as name, Office(CITY, Path(name)) as office:
        roster, took = _published(office, instance, Path(name))
        milliseconds = {f"{which}_ms": round(took * 1000, 1) for which in ("p50", "p99", "max")}
        about = {"phase": "publish", "seconds": round(took, 3), "per_second": round(1 / took, 3)}
        yield FeedLoad(**origin, **about, **milliseconds, requests=1)
        tags = dict.fromkeys(_tokens(office, instance, roster), "")
        for phase in phases:
            row = _driven(office, phase, tags, seconds)
            yield FeedLoad(**origin, **row)


def _published(office: Office, instance: Instance, folder: Path) -> tuple[Roster, float]:
    """Upload, solve, publish; return the roster and the seconds of its publication."""
    file = folder / "input.json"
    write_json(instance, file)
    office.work_with(file)
    draft = office.finished(office.solve(MONTH_SECONDS))["roster"]
    began = time.perf_counter()
    office.ask("POST", f"rosters/{draft}/publish", json={})
    took = time.perf_counter() - began
    return Roster.model_validate(office.ask("GET", f"rosters/{draft}/rows")), took


def _tokens(office: Office, instance: Instance, roster: Roster) -> list[str]:
    """Make a token for every subscriber, in the store itself while the service runs."""
    people = sorted({duty.person for duty in roster.duties} | {v.person for v in roster.visits})
    subscribed = [
        *(known_as(instance, TargetKind.PERSON, person) for person in people),
        *(known_as(instance, TargetKind.SITE, site.id) for site in instance.sites),
    ][:SUBSCRIBERS]
    with Store.open(office.data) as store:
        return [_link(store, known.target) for known in subscribed if known]


def _link(store: Store, target: Target) -> str:
    token = new_link_token()
    with store.begin() as session:
        issue_link(session, target, token, by="benchmark")
    return token


def _driven(
    office: Office, phase: Phase, tags: dict[str, str], seconds: float
) -> dict[str, str | float | bool]:
    """Ask as a phase says while a solve is under way; learn the tags and return the row."""
    load = Load(
        port=office.port,
        tags=tags,
        is_conditional=phase.status == UNCHANGED,
        is_packed=phase.is_packed,
        connections=CONNECTIONS,
        rate=phase.rate,
        seconds=0 if phase.once else seconds,
    )
    job = office.solve(CITY_SECONDS)
    office.until_progress(job)
    machine, own = _busy(), _own(office)
    answered = _generated(load)
    own, machine = _own(office) - own + answered.cpu_seconds, _busy() - machine
    is_solving = office.ask("GET", f"jobs/{job}")["state"] == "running"
    office.ask("POST", f"jobs/{job}/cancel")
    office.finished(job)
    tags |= answered.tags
    return _row(phase, answered) | {
        "subscribers": len(tags),
        "is_solving": is_solving,
        "other_cores": round(max(0.0, machine - own) / answered.seconds, 2),
    }


def _generated(load: Load) -> Answered:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.service.load"],
        cwd=ROOT,
        input=load.model_dump_json().encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    return Answered.model_validate_json(done.stdout)


def _row(phase: Phase, answered: Answered) -> dict[str, str | float | bool]:
    times = answered.milliseconds
    requests = len(times)
    return {
        "phase": phase.name,
        "rate": phase.rate,
        "connections": CONNECTIONS,
        "requests": requests,
        "errors": requests - answered.statuses.get(phase.status, 0),
        "seconds": round(answered.seconds, 3),
        "per_second": round(requests / answered.seconds, 1),
        "p50_ms": round(times[requests // 2], 2),
        "p99_ms": round(times[requests * 99 // 100], 2),
        "max_ms": round(times[-1], 2),
        "generator_cores": round(answered.cpu_seconds / answered.seconds, 2),
    }


def _busy() -> float:
    """Return the seconds that all cores together have worked since the start of the machine."""
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0))


def _own(office: Office) -> float:
    """Return the seconds that server, worker and solve have worked so far."""
    server = psutil.Process(office.server.pid)
    seconds = 0.0
    for process in (server, *server.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            seconds += sum(process.cpu_times()[:4])  # its own, and of children that have ended
    return seconds
