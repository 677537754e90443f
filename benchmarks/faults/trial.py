"""One trial: two offices that share lawyers plan, edit and publish while processes are killed."""

from __future__ import annotations

import datetime as dt
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from benchmarks.faults.client import Client, NeverAnsweredError
from benchmarks.faults.judge import complaints
from benchmarks.faults.office import Office
from benchmarks.faults.saboteur import Saboteur
from benchmarks.faults.service import Database, Service, Victim
from benchmarks.history import Faults
from benchmarks.machine import commit, machine, now, versions
from models.instance import Instance
from models.store.database.store import Store
from scenarios.generator.generate import generate

AREAS = {"one": "340223", "two": "410105"}
"""Counties of the two offices, by the user of each."""

SHARED = 3
"""Lawyers with the same licence in both: to publish both plans as they are would book them twice."""

CHANCE = 0.25
"""Of a kill at each thing that an office does: about one a round."""

EXPECTED_CODES = {-9, 0, 2}
"""Exit codes of the server: killed, stopped, and refused to start without its database."""


def trial(
    rounds: int, seed: int, database: Database, folder: Path | None = None, chance: float = CHANCE
) -> tuple[Faults, list[str]]:
    """Run ``rounds`` rounds, killing at seeded moments; return the row and every complaint.

    Parameters
    ----------
    folder
        An empty folder that keeps data and logs; one that is thrown away by default.
    """
    with ExitStack() as stack:
        place = folder or Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="zhiban-faults-"))
        )
        service = stack.enter_context(Service(place, database, AREAS))
        offices = [_office(service, name, seed, chance) for name in AREAS]
        for office in offices:
            stack.callback(office.client.close)
            office.prepare()
        began = time.monotonic()
        wrong = _work(offices, rounds)
        seconds = time.monotonic() - began
        service.wait()
        with Store.open(service.place) as store:
            wrong += complaints(store, offices)
        codes = set(service.codes) - EXPECTED_CODES
        wrong += [f"the server ended by itself: {sorted(codes)}"] if codes else []
        return _row(database, seed, rounds, offices, len(wrong), seconds), wrong


def _office(service: Service, name: str, seed: int, chance: float) -> Office:
    client = Client(service.address, name, service.tokens[name])
    saboteur = Saboteur(service.kill, service.victims, f"{seed} kills {name}", chance)
    draw = random.Random(f"{seed} works {name}")
    return Office(AREAS[name], _instance(name), client, saboteur, draw)


def _instance(name: str) -> Instance:
    """Return a township's data whose people are the office's own, but for a few lawyers."""
    following = dt.date.today().replace(day=1) + dt.timedelta(days=31)
    made = generate(AREAS[name], "T", 1, month=f"{following:%Y-%m}")
    shared = {f"L{n:04}" for n in range(1, SHARED + 1)}
    people = [
        person.model_copy(update={"licence_no": f"made-up {person.id}", "name": f"示例{person.id}"})
        if person.id in shared
        else person
        for person in made.people
    ]
    return made.model_copy(update={"people": tuple(people)})


def _work(offices: Sequence[Office], rounds: int) -> list[str]:
    """Let the offices share the rounds, side by side; return who was left without an answer."""

    def work(office: Office, numbers: Iterable[int]) -> None:
        for number in numbers:
            office.round(number)

    shares = [range(1 + at, rounds + 1, len(offices)) for at in range(len(offices))]
    with ThreadPoolExecutor(len(offices)) as pool:
        working = [pool.submit(work, *share) for share in zip(offices, shares, strict=True)]
        failures = [task.exception() for task in working]
    for office in offices:
        office.saboteur.rest()
    for failure in failures:
        if failure is not None and not isinstance(failure, NeverAnsweredError):
            raise failure
    return [f"never answered: {failure}" for failure in failures if failure is not None]


def _row(
    database: Database,
    seed: int,
    rounds: int,
    offices: Sequence[Office],
    wrong: int,
    seconds: float,
) -> Faults:
    killed = sum((office.saboteur.killed for office in offices), Counter[Victim]())
    told = Counter(action for office in offices for action, _ in office.told.elements())
    states = Counter(
        job["state"] for o in offices for job in o.jobs.values() if job["kind"] == "solve"
    )
    return Faults(
        date=now(),
        commit=commit(),
        machine=machine(),
        python=versions()["python"],
        database=database,
        seed=seed,
        rounds=rounds,
        killed_worker=killed[Victim.WORKER],
        killed_server=killed[Victim.SERVER],
        killed_database=killed[Victim.DATABASE],
        done=states["done"],
        failed=states["failed"],
        cancelled=states["cancelled"],
        edited=told["edit_assignment"],
        published=told["publish"],
        withdrawn=told["withdraw"],
        clashed=sum(office.refused for office in offices),
        repeated=sum(office.client.repeated for office in offices),
        longest_answer_seconds=round(max(o.client.longest_seconds for o in offices), 1),
        longest_job_seconds=round(max(o.longest_job_seconds for o in offices), 1),
        seconds=round(seconds, 1),
        wrong=wrong,
    )
