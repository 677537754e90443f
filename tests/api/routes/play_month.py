"""A month over HTTP on Jinshui, as an office and three phones live it: ``python -m tests.api.routes.play_month``.

Starts a service of its own in a folder that is thrown away, plays upload, mending, planning,
editing, publishing, subscribing and swapping, and stops with exit 1 at the first answer that
is not as the README promises. Every calendar is read by three independent libraries.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import ics
import openpyxl
import vobject
from icalendar import Calendar

from models.calendar import ZONE
from models.formats.write import write_workbook
from scenarios.generator.catalogue import load
from tests.api.service.running import PASSWORD, command, serving

AREA = "410105"
"""Jinshui District, Zhengzhou."""


class Event(NamedTuple):
    """What every reader must find of an event, and find alike."""

    start: dt.datetime
    sequence: int
    status: str


Events = dict[str, Event]


def main() -> None:
    """Play the month; say each step as it is seen to work."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder, "data")
        command(
            data, "user", "add", "boss", "--role", "bureau", "--area", AREA, said=f"{PASSWORD}\n"
        )
        token = command(data, "token", "add", "boss", "--label", "month")
        headers = {"Authorization": f"Bearer {token}"}
        with (
            serving(data) as address,
            httpx.Client(base_url=address, headers=headers, trust_env=False, timeout=60) as office,
        ):
            Month(office, Path(folder)).play()


class Month:
    """The steps of a month, in order; each one asserts what it must see."""

    def __init__(self, office: httpx.Client, folder: Path) -> None:
        self.office = office
        self.folder = folder

    def play(self) -> None:
        """Play every step."""
        book = self.folder / "jinshui.xlsx"
        write_workbook(load("jinshui", seed=1), book)
        self.upload_with_two_errors(book)
        self.upload_mended(book)
        draft = self.solve()
        given = self.edit_one_duty(draft)
        self.publish(draft, 1)
        phones = self.subscribe(given)
        self.swap(draft, phones)

    def upload_with_two_errors(self, book: Path) -> None:
        """A village of a township that is not there, and a person of an unknown kind."""
        broken = openpyxl.load_workbook(book)
        _below(broken["村居"], "所属乡镇").value = "999999"
        _below(broken["人员"], "人员类别").value = "宇航员"
        content = io.BytesIO()
        broken.save(content)
        job = self.finished(self.sent(content.getvalue()))
        _same("state", job["state"], "failed")
        _same("issues", len(job["issues"]), 2)
        _say(
            "上传含两处错误的工作簿 a workbook with two errors: 两处都说明 both told, 未保存 nothing kept"
        )
        for issue in job["issues"]:
            _say(f"    {issue['table']}!{issue['cell']}: {issue['zh']}。{issue['mend_zh']}")

    def upload_mended(self, book: Path) -> None:
        """The mended workbook becomes what the area works with."""
        job = self.finished(self.sent(book.read_bytes()))
        _same("state", job["state"], "done")
        chosen = self.office.put(
            f"/api/v1/areas/{AREA}/data",
            json={"instance": job["instance"]},
            headers={"If-Match": '"0"'},
        )
        _same("status", chosen.status_code, 200)
        _say(f"改正后上传 mended: {chosen.json()['counts']}")

    def sent(self, content: bytes) -> dict[str, Any]:
        """Upload a workbook."""
        files = {"file": ("jinshui.xlsx", content)}
        answer = self.office.post(f"/api/v1/areas/{AREA}/imports", files=files)
        _same("status", answer.status_code, 202)
        return dict(answer.json())

    def solve(self) -> int:
        """Plan, and follow the progress over a connection that breaks once."""
        answer = self.office.post(f"/api/v1/areas/{AREA}/solves", json={"seconds": 60})
        where = f"/api/v1/jobs/{answer.json()['id']}/events"
        first = []
        with self.office.stream("GET", where) as stream:
            for event in _events(stream.iter_lines()):
                first.append(event)
                if len(first) == 3:
                    break  # the train enters a tunnel
        with self.office.stream("GET", where, headers={"Last-Event-ID": first[-1][0]}) as stream:
            rest = list(_events(stream.iter_lines()))
        ids = [int(number) for number, _, _ in (*first, *rest)]
        _same("event ids", ids, list(range(1, len(ids) + 1)))
        _same("last event", rest[-1][1], "end")
        told = [event for _, kind, event in (*first, *rest) if kind == "progress"]
        job = self.finished(answer.json())
        report = self.office.get(f"/api/v1/rosters/{job['roster']}/report").json()
        _same("hard breaches", [b for b in report["breaches"] if b["level"] == "hard"], [])
        gap = max(goal["gap"] for goal in report["goals"])
        _say(
            f"求解 solved: {report['status']}, 最大差距 largest gap {gap:.2%}; 进度 {len(told)} 条，"
            "断线后续传无缺 progress events, none lost over a broken connection"
        )
        return int(job["roster"])

    def edit_one_duty(self, draft: int) -> dict[str, Any]:
        """Give the first duty of the draft to the best candidate."""
        duty = next(row for row in self.rows(draft)["duties"] if not row["standby"])
        slot = f"{duty['post']}@{duty['date'].replace('-', '')}{duty['part']}"
        ranked = self.office.get(
            f"/api/v1/rosters/{draft}/candidates",
            params={"slot": slot, "replacing": duty["person"]},
        )
        _same("status", ranked.status_code, 200)
        other = ranked.json()["candidates"][0]["person"]
        edited = self.edit(draft, duty, duty | {"person": other}, 1)
        _say(
            f"改一个班次 one duty edited: {duty['date']} {duty['part']} {duty['person']} → {other}; "
            f"硬性违规 hard {edited['hard']}, 分值变化 change {edited['terms']}"
        )
        return duty | {"person": other}

    def edit(self, draft: int, old: dict[str, Any], new: dict[str, Any], version: int) -> Any:
        """Change one duty of a draft."""
        edited = self.office.patch(
            f"/api/v1/rosters/{draft}/rows",
            json={"before": {"duty": old}, "after": {"duty": new}, "why": "对调"},
            headers={"If-Match": f'"{version}"'},
        )
        _same("status", edited.status_code, 200)
        return edited.json()

    def publish(self, draft: int, revision: int) -> None:
        """Publish a draft."""
        answer = self.office.post(f"/api/v1/rosters/{draft}/publish", json={"why": "十二月"})
        _same("status", answer.status_code, 200)
        _same("revision", answer.json()["revision"], revision)
        _say(f"发布 published, 第 {revision} 版 revision {revision}")

    def subscribe(self, duty: dict[str, Any]) -> dict[str, Phone]:
        """Subscribe the duty's holder, somebody to swap with, and one whom nothing concerns."""
        rows = self.rows_published()
        mine = duty["person"]
        held = [row for row in rows if not row["standby"] and row["person"] != mine]
        busy = {(row["date"], row["part"]) for row in rows if row["person"] == mine}
        self.swapped = duty, next(row for row in held if (row["date"], row["part"]) not in busy)
        other = self.swapped[1]["person"]
        third = next(row["person"] for row in held if row["person"] != other)
        phones = {}
        for name, person in (("mine", mine), ("other", other), ("third", third)):
            made = self.office.post(
                f"/api/v1/areas/{AREA}/feeds", json={"kind": "person", "id": person}
            )
            _same("status", made.status_code, 201)
            phones[name] = Phone(self.office.base_url, httpx.URL(made.json()["https"]).path)
        for phone in phones.values():
            _same("first fetch", phone.fetch(), 200)
            _same("second fetch", phone.fetch(), 304)
            _same("sequences", {event.sequence for event in phone.events.values()}, {0})
        _say(
            "三部手机订阅 three phones subscribe: 200, 再取 then 304; 三种日历库读出相同 three readers agree"
        )
        return phones

    def swap(self, published: int, phones: dict[str, Phone]) -> None:
        """Two people change duties on a draft made from what is published; publish it."""
        made = self.office.post(f"/api/v1/rosters/{published}/draft", json={})
        _same("status", made.status_code, 201)
        draft, (mine, other) = int(made.json()["id"]), self.swapped
        self.edit(draft, mine, mine | {"person": other["person"]}, 1)
        edited = self.edit(draft, other, other | {"person": mine["person"]}, 2)
        _say(f"两人换班 two people swap: 硬性违规 hard {edited['hard']}")
        self.publish(draft, 2)
        for name in ("mine", "other"):
            before, tag = phones[name].events, phones[name].tag
            _same(f"{name} fetch", phones[name].fetch(), 200)
            _same("another ETag", phones[name].tag != tag, True)
            self.compare(name, before, phones[name].events)
        _same("third fetch", phones["third"].fetch(), 304)
        _say("    无关的人 the third phone: 304")

    def compare(self, name: str, before: Events, after: Events) -> None:
        """One duty is cancelled with the next SEQUENCE, one is new, the others are untouched."""
        changed = {uid: event for uid, event in after.items() if event != before.get(uid)}
        gone = [changed[uid] for uid in changed if uid in before]
        new = [changed[uid] for uid in changed if uid not in before]
        _same("lost UIDs", before.keys() - after.keys(), set())
        _same("gone", [(event.sequence, event.status) for event in gone], [(1, "CANCELLED")])
        _same("new", [(event.sequence, event.status) for event in new], [(0, "CONFIRMED")])
        _say(
            f"    {name}: UID 不变 kept {len(before)}; 取消 cancelled {gone[0].start:%m-%d %H:%M} "
            f"SEQUENCE 1; 新增 new {new[0].start:%m-%d %H:%M} SEQUENCE 0"
        )

    def rows(self, roster: int) -> dict[str, Any]:
        """Every row of a roster."""
        return dict(self.office.get(f"/api/v1/rosters/{roster}/rows").json())

    def rows_published(self) -> list[dict[str, Any]]:
        """The duties of the published roster."""
        listed = self.office.get(
            f"/api/v1/areas/{AREA}/rosters", params={"stage": "published"}
        ).json()["items"]
        _same("published rosters", len(listed), 1)
        return list(self.rows(listed[0]["id"])["duties"])

    def finished(self, job: dict[str, Any]) -> dict[str, Any]:
        """Wait for a job's end."""
        until = time.monotonic() + 180
        while job["state"] not in ("done", "failed", "cancelled"):
            if time.monotonic() > until:
                raise SystemExit(f"任务未结束 the job does not end: {job}")
            time.sleep(0.1)
            job = self.office.get(f"/api/v1/jobs/{job['id']}").json()
        return job


class Phone:
    """A client that keeps what it got and asks whether it is still good."""

    def __init__(self, address: httpx.URL, path: str) -> None:
        self._address = address.join(path)
        self.tag = ""
        self.events: Events = {}

    def fetch(self) -> int:
        """Ask for the calendar; keep it if it is new and all three readers find the same."""
        headers = {"If-None-Match": self.tag or '""'}
        answer = httpx.get(self._address, headers=headers, trust_env=False)
        if answer.status_code == 200:
            self.tag, self.events = answer.headers["ETag"], _read(answer.content)
        return answer.status_code


def _read(content: bytes) -> Events:
    """Return what three libraries, written by others and apart, find in a calendar."""
    text = content.decode()
    found = {
        "icalendar": {
            str(event["UID"]): Event(
                event["DTSTART"].dt.astimezone(ZONE), int(event["SEQUENCE"]), str(event["STATUS"])
            )
            for event in Calendar.from_ical(content).walk("VEVENT")
        },
        "vobject": {
            event.uid.value: Event(
                event.dtstart.value.astimezone(ZONE),
                int(event.sequence.value),
                event.status.value,
            )
            for event in vobject.readOne(text).contents.get("vevent", [])
        },
        "ics": {
            event.uid: Event(
                event.begin.datetime.astimezone(ZONE), _sequence(event), str(event.status)
            )
            for event in ics.Calendar(text).events
        },
    }
    for name, events in found.items():
        _same(f"read by {name}", events, found["icalendar"])
    return found["icalendar"]


def _sequence(event: ics.Event) -> int:
    return next(int(line.value) for line in event.extra if line.name == "SEQUENCE")


def _events(lines: Iterable[str]) -> Iterator[tuple[str, str, Any]]:
    """Yield id, kind and data of server-sent events."""
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif fields.get("id"):
            yield fields["id"], fields["event"], json.loads(fields["data"])
            fields = {}


def _below(sheet: Any, title: str) -> Any:
    """Return the first cell under a heading."""
    for row in sheet.iter_rows():
        for cell in row:
            if str(cell.value).startswith(title):
                return sheet.cell(cell.row + 1, cell.column)
    raise SystemExit(f"没有此列 no such column: {title}")


def _same(what: str, found: Any, wanted: Any) -> None:
    if found != wanted:
        raise SystemExit(f"不符 not as promised: {what}: {found!r}, 应为 wanted {wanted!r}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
