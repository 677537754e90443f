"""An office at work: solves, edits, publishes, subscribes; keeps all answers for the judge."""

from __future__ import annotations

import datetime as dt
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import httpx
from icalendar import Calendar

from benchmarks.faults.client import Client
from benchmarks.faults.saboteur import Saboteur
from models.instance import Instance

JOB_SECONDS = 240.0
"""A job that has not ended then counts as hanging; undisturbed it takes two or three."""

ENDED = ("done", "failed", "cancelled")
MOMENT, WHILE = 0.15, 3.0
"""Seconds in which a kill may fall: on a request, on a solve."""

CANCELLED, WITHDRAWN = 0.1, 0.15
"""Shares of the jobs that are cancelled, of the publications that are taken back."""


@dataclass
class Office:
    """One area with its data and its people's calendars.

    ``told`` counts what the service said was done, as action and target of the log; ``jobs``
    are the last words about each, ``wrong`` what should not have been seen.
    """

    area: str
    instance: Instance
    client: Client
    saboteur: Saboteur
    draw: random.Random
    told: Counter[tuple[str, str]] = field(default_factory=Counter)
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    cancelled: set[str] = field(default_factory=set)
    longest_job_seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)
    refused: int = 0
    feeds: dict[str, str] = field(default_factory=dict)
    sequences: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def here(self) -> str:
        """Where the area's resources lie."""
        return f"/api/v1/areas/{self.area}"

    def prepare(self) -> None:
        """Upload the data, work with them, subscribe to everybody."""
        files = {"file": ("month.json", self.instance.model_dump_json().encode())}
        job = self._asked(self.client.write("POST", f"{self.here}/imports", files=files))
        ended = self._ended(job)
        chosen = {"instance": ended["instance"]}
        self.client.write("PUT", f"{self.here}/data", {"If-Match": '"0"'}, json=chosen)
        self.told["set_current", f"area:{self.area}"] += 1

    def round(self, number: int) -> None:
        """Plan the month once more, change the plan by hand, publish it, look at the phones."""
        self._subscribe()
        roster = self._ended(self._solve(number))["roster"]
        if roster is not None:
            self._edit(roster, {"duty": self.draw.choice(self._rows(roster)["duties"])})
            if self._publish(roster) and self.draw.random() < WITHDRAWN:
                self._withdraw(roster)
        self.look()

    def look(self) -> None:
        """Read every subscribed calendar: no revision may go back, nothing may vanish."""
        for person, path in self.feeds.items():
            seen = events_of(self.client.read(path))
            known = {uid for owner, uid in self.sequences if owner == person}
            self.wrong += [f"{uid} vanished" for uid in known - seen.keys()]
            for uid, event in seen.items():
                before = self.sequences.get((person, uid), 0)
                if event.sequence < before:
                    self.wrong.append(f"SEQUENCE of {uid} fell from {before} to {event.sequence}")
                self.sequences[person, uid] = event.sequence

    def _asked(self, answer: httpx.Response) -> str:
        job: str = self._good(answer)["id"]
        self.told["put_job", f"job:{job}"] += 1
        return job

    def _ended(self, job: str) -> dict[str, Any]:
        """Wait for the end of a job."""
        began = time.monotonic()
        while True:
            found: dict[str, Any] = self._good(self.client.read(f"/api/v1/jobs/{job}"))
            self.jobs[job] = found
            seconds = time.monotonic() - began
            self.longest_job_seconds = max(self.longest_job_seconds, seconds)
            if found["state"] in ENDED or seconds > JOB_SECONDS:
                return found
            time.sleep(0.1)

    def _solve(self, number: int) -> str:
        self.saboteur.threaten(MOMENT)
        order = {"seconds": 10, "seed": number}
        job = self._asked(self.client.write("POST", f"{self.here}/solves", json=order))
        self.saboteur.threaten(WHILE)
        if self.draw.random() < CANCELLED:
            self.cancelled.add(job)
            self.client.write("POST", f"/api/v1/jobs/{job}/cancel")
        return job

    def _subscribe(self) -> None:
        """Subscribe to the next person's calendar, if somebody is left."""
        left = [p.id for p in self.instance.people if p.is_duty and p.id not in self.feeds]
        if left:
            self.saboteur.threaten(MOMENT)
            whose = {"kind": "person", "id": left[0]}
            link = self._good(self.client.write("POST", f"{self.here}/feeds", json=whose))
            self.feeds[left[0]] = httpx.URL(link["https"]).path

    def _rows(self, roster: int) -> dict[str, Any]:
        return self._good(self.client.read(f"/api/v1/rosters/{roster}/rows"))

    def _edit(self, roster: int, row: dict[str, Any]) -> None:
        """Take a row away."""
        where = f"/api/v1/rosters/{roster}"
        seen = {"If-Match": self.client.read(where).headers["ETag"]}
        gone = {"before": row, "after": None, "why": "faults"}
        self.saboteur.threaten(MOMENT)
        if self._done(self.client.write("PATCH", f"{where}/rows", seen, json=gone)):
            self.told["edit_assignment", f"roster:{roster}"] += 1

    def _publish(self, roster: int) -> bool:
        """Publish; where people are booked elsewhere, take their rows away and try again."""
        where = f"/api/v1/rosters/{roster}/publish"
        while True:
            self.saboteur.threaten(MOMENT)
            answer = self.client.write("POST", where, json={"why": "faults"})
            clashes = answer.json().get("clashes", ()) if answer.status_code == 409 else ()
            if not clashes:
                break
            self.refused += 1
            self._give_up(roster, {(c["person"], c["date"], c["part"]) for c in clashes})
        if self._done(answer):
            self.told["publish", f"roster:{roster}"] += 1
        return answer.is_success

    def _give_up(self, roster: int, taken: set[tuple[str, str, str]]) -> None:
        """Take away what those hold who are booked elsewhere."""
        rows = self._rows(roster)
        for kind, table in (("duty", "duties"), ("visit", "visits")):
            for row in rows[table]:
                if (row["person"], row["date"], row["part"]) in taken:
                    self._edit(roster, {kind: row})

    def _withdraw(self, roster: int) -> None:
        self.saboteur.threaten(MOMENT)
        where = f"/api/v1/rosters/{roster}/withdraw"
        if self._done(self.client.write("POST", where, json={"why": "faults"})):
            self.told["withdraw", f"roster:{roster}"] += 1

    def _good(self, answer: httpx.Response) -> dict[str, Any]:
        self._done(answer)
        found: dict[str, Any] = answer.json()
        return found

    def _done(self, answer: httpx.Response) -> bool:
        if not answer.is_success:
            request = answer.request
            self.wrong.append(
                f"{request.method} {request.url.path}: {answer.status_code} {answer.text}"
            )
        return answer.is_success


class Seen(NamedTuple):
    """An event as a phone reads it."""

    sequence: int
    is_cancelled: bool
    start: dt.date
    end: dt.date


def events_of(answer: httpx.Response) -> dict[str, Seen]:
    """Return the events of a feed by their UID."""
    return {
        str(event["UID"]): Seen(
            event.sequence, event["STATUS"] == "CANCELLED", event.start, event.end
        )
        for event in Calendar.from_ical(answer.content).events
    }
