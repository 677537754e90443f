"""VROOM on the part it can express, an adviser for every village; it plans no month.

A village is a job of capacity 1 whose skill is the village itself; an adviser is a vehicle with
the skills of the villages zhiban's hard rules admit (kind, list, area, conflict, travel limit),
room for the cap of villages and a time window of the month's hours. Advisers of one base share a
matrix in which the way into a village is their round trips to it, wherever the vehicle comes
from: so the cost of a route is exactly the travel of its seats, not a tour.
Priority villages have a higher priority. Workload, change of adviser and speciality have no
counterpart. The time limit is for VROOM's search; filling its matrices comes on top. What shares
no candidate is solved apart, as VROOM's matrices grow with bases × villages². Nothing is asked of
any network: no routing server is named.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from models.arrays import Ints
from models.instance import Instance
from models.roster import AdviserSeat, Roster
from solver.answers.precheck import with_implied_pins
from solver.modelling.choices import Block, Choices
from solver.modelling.facts import Facts
from solver.modelling.rule import Rule
from solver.modelling.stages import seats_model
from solver.rules.monthly_hours import MonthlyHours
from solver.rules.villages_per_adviser import VillagesPerAdviser

PRIORITY, USUAL = 100, 10
MOST_MATRIX_GB = 4.0
EXPLORATION = 5
"""VROOM's most thorough setting of 0 to 5."""


class TooLargeError(RuntimeError):
    """The matrices would not fit."""


def advisers_by_vroom(instance: Instance, rules: tuple[Rule, ...], seconds: float) -> Roster:
    """Return a roster of advisers only.

    Raises
    ------
    TooLargeError
        When the matrices of one connected part need more than ``MOST_MATRIX_GB``.
    """
    month = instance.settings.month
    facts = Facts(with_implied_pins(instance), month)
    offered = seats_model(facts, rules).choices[Block.ADVISERS]
    jobs = _Jobs(facts, rules)
    parts = list(_parts(offered))
    seats = [
        AdviserSeat(village=facts.villages[v].id, person=facts.people[p].id)
        for part in parts
        for v, p in _routes(jobs, part, seconds * len(part) / len(offered))
    ]
    return Roster(
        month=month, instance=instance.content_hash, advisers=tuple(sorted(seats, key=_id))
    )


class _Jobs:
    """Hours, trips and caps as numbers."""

    def __init__(self, facts: Facts, rules: tuple[Rule, ...]) -> None:
        hours = next((r for r in rules if isinstance(r, MonthlyHours)), MonthlyHours())
        cap = next((r for r in rules if isinstance(r, VillagesPerAdviser)), VillagesPerAdviser())
        own = np.array([v.service_hours or hours.village_hours for v in facts.villages])
        self._travel = facts.travel
        self.service = np.rint(60 * own).astype(np.int64)
        self.trips = np.ceil(own / facts.instance.settings.visit_hours).astype(np.int64)
        self.priority = [PRIORITY if v.priority else USUAL for v in facts.villages]
        self.capacity = [hours.capacity_minutes(person) for person in facts.people]
        self.most = [
            cap.most if person.villages_max is None else person.villages_max
            for person in facts.people
        ]

    def ways(self, people: Ints, villages: Ints) -> tuple[Ints, Ints]:
        """Return different rows of round-trip minutes to the villages, and each person's row."""
        pairs = np.repeat(people, len(villages)), np.tile(villages, len(people))
        minutes = self._travel.minutes(*pairs).reshape(len(people), len(villages))
        rows, of_person = np.unique(2 * self.trips[villages] * minutes, axis=0, return_inverse=True)
        return rows, of_person


def _routes(jobs: _Jobs, part: Choices, seconds: float) -> Iterator[tuple[int, int]]:
    """Yield (village number, person number) of one connected part as VROOM seats them."""
    # only the benchmarks' extra brings it, so that the other baselines run without
    import vroom

    villages, at = np.unique(part.demand, return_inverse=True)
    people = np.unique(part.person)
    ways, base = jobs.ways(people, villages)
    gigabytes = len(ways) * (len(villages) + 1) ** 2 * 4 / 1e9
    if gigabytes > MOST_MATRIX_GB:
        raise TooLargeError(f"VROOM's matrices need {gigabytes:.0f} GB")
    problem = vroom.Input()
    for number, row in enumerate(ways):
        problem.set_durations_matrix(str(number), _star(row))
    for person, number in zip(people.tolist(), base.tolist(), strict=True):
        skills = set(at[part.person == person].tolist())
        problem.add_vehicle(_vehicle(jobs, person, str(number), len(villages), skills))
    for job, village in enumerate(villages.tolist()):
        problem.add_job(
            vroom.Job(
                job,
                location=job,
                default_service=int(jobs.service[village]),
                pickup=[1],
                skills={job},
                priority=jobs.priority[village],
            )
        )
    limit = dt.timedelta(seconds=max(1.0, seconds))
    solved = problem.solve(EXPLORATION, nb_threads=os.cpu_count() or 1, timeout=limit)
    taken = solved.routes[solved.routes["type"] == "job"]
    for job, person in zip(taken["id"].tolist(), taken["vehicle_id"].tolist(), strict=True):
        yield int(villages[int(job)]), int(person)


def _vehicle(jobs: _Jobs, person: int, profile: str, base: int, skills: set[int]) -> object:
    import vroom

    return vroom.Vehicle(
        person,
        start=base,
        end=base,
        profile=profile,
        capacity=[jobs.most[person]],
        skills=skills,
        time_window=vroom.TimeWindow(0, jobs.capacity[person]),
    )


def _star(ways: Ints) -> object:
    """Return the matrix in which every way into village j takes ``ways[j]``, and home is free."""
    matrix = np.zeros((len(ways) + 1, len(ways) + 1), dtype=np.uint32)
    matrix[:, :-1] = ways
    np.fill_diagonal(matrix, 0)
    return matrix


def _parts(offered: Choices) -> Iterator[Choices]:
    """Yield candidates that share no person and no village with the rest, apart."""
    if not len(offered):
        return
    people = int(offered.person.max()) + 1
    size = people + int(offered.demand.max()) + 1
    links = np.ones(len(offered)), (offered.person, people + offered.demand)
    graph = sparse.coo_array(links, shape=(size, size)).tocsr()
    _, label = connected_components(graph, directed=False)
    own = label[offered.person]
    for part in np.unique(own):
        yield offered.where(own == part)


def _id(seat: AdviserSeat) -> str:
    return seat.village
