"""Names that are formulas, markup or calendar lines: uploaded, planned, published, read back.

A real service with a real worker; what the command line writes of the same plan is read too.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import shutil
import time
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote
from xml.etree import ElementTree

import httpx
import openpyxl
import pytest
from icalendar import Calendar

from api.access.tokens import hash_token, new_token
from api.documents.result_files import write_results
from models.formats.read import read_instance
from models.instance import Instance
from models.report import Report
from models.roster import Roster
from models.store.database.store import Store
from models.store.people.tokens import keep_api_token
from models.store.people.users import put_user
from models.store.tables.access_tables import User
from models.store.tables.words import Role
from tests.api.service.hostile.texts import (
    COUNTY,
    HARMFUL,
    REAL,
    REFUSED,
    content,
    filled,
    text_columns,
)
from tests.api.service.running import serving

TEXTS = HARMFUL + REAL
FORMULA = "=+-@\t\r＝＋－＠"
EVENT = {
    *("UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "DTSTART", "DTEND", "SUMMARY"),
    *("DESCRIPTION", "LOCATION", "STATUS", "TRANSP"),
}
CALENDAR = {
    *("PRODID", "VERSION", "CALSCALE", "NAME", "X-WR-CALNAME", "DESCRIPTION", "X-WR-CALDESC"),
    *("REFRESH-INTERVAL", "X-PUBLISHED-TTL"),
}


class Published(NamedTuple):
    """A service in which the data are planned and published, and the same plan as files."""

    client: httpx.Client
    instance: Instance
    roster: Roster
    folder: Path


def finished(client: httpx.Client, answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 202, answer.text
    job: dict[str, Any] = answer.json()
    for _ in range(1200):
        if job["state"] in ("done", "failed", "cancelled"):
            return job
        time.sleep(0.05)
        job = client.get(f"/api/v1/jobs/{job['id']}").json()
    raise AssertionError(job)


def upload(client: httpx.Client, name: str, data: bytes) -> dict[str, Any]:
    where = f"/api/v1/areas/{COUNTY}/imports"
    return finished(client, client.post(where, files={"file": (name, data)}))


@pytest.fixture(scope="module")
def data(unused: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("names") / "data"
    shutil.copytree(unused, folder)
    return folder


@pytest.fixture(scope="module")
def client(data: Path) -> Iterator[httpx.Client]:
    token = new_token()
    with Store.open(data) as store, store.begin() as session:
        put_user(session, User(name="boss", role=Role.BUREAU, area=COUNTY), by="test")
        keep_api_token(session, "boss", hash_token(token), label="test", by="test")
    headers = {"Authorization": f"Bearer {token}"}
    with (
        serving(data) as address,
        httpx.Client(base_url=address, headers=headers, trust_env=False, timeout=60) as found,
    ):
        yield found


@pytest.fixture(scope="module")
def published(client: httpx.Client, tmp_path_factory: pytest.TempPathFactory) -> Published:
    job = upload(client, "data.json", json.dumps(content(TEXTS)).encode())
    assert job["issues"] == []
    chosen = {"json": {"instance": job["instance"]}, "headers": {"If-Match": '"0"'}}
    assert client.put(f"/api/v1/areas/{COUNTY}/data", **chosen).status_code == 200
    order = client.post(f"/api/v1/areas/{COUNTY}/solves", json={"seconds": 1})
    key = finished(client, order)["roster"]
    assert client.post(f"/api/v1/rosters/{key}/publish", json={}).status_code == 200
    roster = Roster.model_validate_json(client.get(f"/api/v1/rosters/{key}/rows").content)
    report = Report.model_validate_json(client.get(f"/api/v1/rosters/{key}/report").content)
    instance = Instance.model_validate(content(TEXTS))
    folder = tmp_path_factory.mktemp("out")
    write_results(instance, roster, report, folder, dt.datetime(2026, 11, 25, tzinfo=dt.UTC))
    return Published(client, instance, roster, folder)


def test_every_text_column_has_every_text(published: Published) -> None:
    """What the other tests rest on: a column that takes a text holds it, a name takes them all."""
    for table, column in text_columns():
        rows = [published.instance.settings] if table.is_settings else None
        told = rows or getattr(published.instance, table.name)
        assert any(getattr(row, column.field) for row in told), (table.name, column.field)
    for name in ("villages", "sites", "posts", "firms", "people", "areas"):
        names = {row.name for row in getattr(published.instance, name)}
        assert names >= set(TEXTS), name
    assert len(published.roster.duties) > len(TEXTS)


def test_texts_that_are_none_are_refused_in_every_column_at_once(client: httpx.Client) -> None:
    """One upload with all of them: every cell has its issue, and nothing is kept."""
    data = content(REFUSED)
    expected = set()
    for table, column in text_columns():
        rows = [data["settings"]] if table.is_settings else data.get(table.name, [])
        for number, row in enumerate(
            rows[-len(REFUSED) :], len(rows) - min(len(REFUSED), len(rows))
        ):
            text = REFUSED[number % len(REFUSED)]
            row[column.field] = filled(column, text)
            place = f"$.{table.name}" if table.is_settings else f"$.{table.name}[{number}]"
            expected.add(f"{place}.{column.field}")
    job = upload(client, "data.json", json.dumps(data).encode())
    assert (job["state"], job["instance"]) == ("failed", None)
    told = {re.sub(r"(?<=[a-z_])\[\d+\]$", "", issue["cell"]) for issue in job["issues"]}
    assert expected <= told
    assert all(issue["zh"].isprintable() and issue["en"].isprintable() for issue in job["issues"])
    assert all(len(issue["value"]) <= 60 for issue in job["issues"])


def test_the_data_come_back_whole_and_no_cell_is_a_formula(
    published: Published, tmp_path: Path
) -> None:
    for form in ("xlsx", "json", "csv"):
        where = f"/api/v1/areas/{COUNTY}/data/file"
        answer = published.client.get(where, params={"form": form})
        disposition = answer.headers["Content-Disposition"]
        assert re.fullmatch(r'attachment; filename="zhiban-[\w-]+\.(xlsx|json|zip)"', disposition)
        path = tmp_path / f"data.{form}"
        path.write_bytes(answer.content)
        if form == "xlsx":
            no_formulas(path)
        if form == "csv":
            path = unpacked(path)
            for file in path.iterdir():
                no_leading_signs(file)
        assert read_instance(path).content_hash == published.instance.content_hash


def no_formulas(path: Path) -> None:
    for sheet in openpyxl.load_workbook(path):
        kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
        assert kinds <= {"s", "n", "d", "b"}, sheet.title
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            part = archive.read(name)
            assert not re.search(rb"<f[ >]|<hyperlink|TargetMode=\"External\"|<ddeLink", part), name


def unpacked(path: Path) -> Path:
    folder = path.with_suffix("")
    with zipfile.ZipFile(path) as archive:
        assert all(re.fullmatch(r"\w+\.csv", name) for name in archive.namelist())
        archive.extractall(folder)
    return folder


def no_leading_signs(file: Path) -> None:
    text = file.read_text(encoding="utf-8-sig")
    for row in csv.reader(io.StringIO(text, newline="")):
        for cell in row:
            assert cell[:1] not in tuple(FORMULA), (file.name, cell)


def test_the_workbook_of_a_plan_has_no_formula(published: Published) -> None:
    path = published.folder / "roster.xlsx"
    no_formulas(path)
    shown = {
        str(cell.value)
        for sheet in openpyxl.load_workbook(path)
        for row in sheet.iter_rows()
        for cell in row
        if cell.value
    }
    text = "\n".join(shown)
    assert [name for name in TEXTS if name not in text] == []


class Page(HTMLParser):
    """Collects elements with their attributes, and what stands in scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.scripts: list[str] = []
        self.open = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(attrs)))
        self.open = tag

    def handle_endtag(self, tag: str) -> None:
        self.open = ""

    def handle_data(self, data: str) -> None:
        if self.open == "script":
            self.scripts.append(data)


def test_the_page_has_the_elements_of_any_page(published: Published, tmp_path: Path) -> None:
    page = Page((published.folder / "map.html").read_text(encoding="utf-8"))
    plain = Instance.model_validate(content(("例",)))
    report = Report.model_validate_json((published.folder / "report.json").read_bytes())
    stamp = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)
    empty = Roster(month="2026-12", instance=plain.content_hash)
    usual = report.model_copy(
        update={"breaches": (), "unmet": (), "fairness": (), "differences": ()}
    )
    write_results(plain, empty, usual, tmp_path, stamp)
    other = Page((tmp_path / "map.html").read_text(encoding="utf-8"))
    assert page.elements == other.elements
    assert len(page.scripts) == 2
    data, script = page.scripts
    assert script == other.scripts[1]
    assert not set("<>&") & set(data)
    assert {site["name"] for site in json.loads(data)["sites"]} >= set(TEXTS)


def unfolded(calendar: bytes) -> list[str]:
    return calendar.decode("utf-8").replace("\r\n ", "").split("\r\n")[:-1]


def check_calendar(calendar: bytes, entries: int) -> None:
    """Check that a calendar has so many entries, and no property that a text brought in."""
    lines = calendar.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    found = Calendar.from_ical(calendar)
    events = found.walk("VEVENT")
    assert len(events) == entries
    assert {name for event in events for name in event} <= EVENT
    assert set(found) <= CALENDAR
    starts = [line for line in unfolded(calendar) if line.startswith(("BEGIN:", "END:"))]
    usual = ["VTIMEZONE", "STANDARD"]
    assert sorted(line.partition(":")[2] for line in starts if line[0] == "B") == sorted(
        ["VCALENDAR", *usual, *["VEVENT"] * entries]
    )
    assert len(starts) == 2 * (3 + entries)


def test_the_calendars_of_a_plan_hold_their_entries_and_no_more(published: Published) -> None:
    instance, roster = published.instance, published.roster
    files = sorted((published.folder / "calendars").iterdir())
    assert all(re.fullmatch(r"(person|site)-[\w-]+\.ics", file.name) for file in files)
    entries = sum(len(Calendar.from_ical(file.read_bytes()).walk("VEVENT")) for file in files)
    by_site = {(d.post, d.date, d.part) for d in roster.duties}
    visited = {village for site in instance.sites for village in site.villages}
    told = [v for v in roster.visits if v.village in visited]
    busy = {instance.post_by_id[d.post].site for d in roster.duties}
    shown = sum(1 for v in told for s in instance.sites if v.village in s.villages and s.id in busy)
    assert entries == len(roster.duties) + len(roster.visits) + len(by_site) + shown
    for file in files:
        content = file.read_bytes()
        check_calendar(content, len(Calendar.from_ical(content).walk("VEVENT")))


def test_feeds_links_and_codes_carry_no_text_but_as_text(published: Published) -> None:
    instance, roster = published.instance, published.roster
    slots = {(d.post, d.date, d.part) for d in roster.duties}
    for site in instance.sites[3::2]:
        link = subscribe(published.client, "site", site.id, site.name)
        own = [slot for slot in slots if instance.post_by_id[slot[0]].site == site.id]
        visits = [visit for visit in roster.visits if visit.village in site.villages]
        feed = read(published.client, link, site.name)
        check_calendar(feed, len(own) + len(visits))
        names = "".join(unfolded(feed)).replace("\\", "")
        person = next(d.person for d in roster.duties if d.post == own[0][0])
        assert instance.person_by_id[person].name.replace("\\", "") in names
    for person in instance.people[5::2]:
        link = subscribe(published.client, "person", person.id, person.name)
        mine = [row for row in (*roster.duties, *roster.visits) if row.person == person.id]
        check_calendar(read(published.client, link, person.name), len(mine))


def subscribe(client: httpx.Client, kind: str, key: str, name: str) -> str:
    made = client.post(f"/api/v1/areas/{COUNTY}/feeds", json={"kind": kind, "id": key}).json()
    assert made["name"] == name
    picture = ElementTree.fromstring(made["qr_svg"])
    assert {element.tag.rpartition("}")[2] for element in picture.iter()} == {"svg", "path"}
    assert re.fullmatch(r"https?://[\w.:]+/feeds/[\w-]{43}\.ics", made["https"])
    return httpx.URL(made["https"]).path


def read(client: httpx.Client, link: str, name: str) -> bytes:
    answer = client.get(link)
    head = answer.headers["Content-Disposition"]
    assert head.isascii()
    found = re.fullmatch(r"inline; filename=\"zhiban\.ics\"; filename\*=UTF-8''([\w%.~-]+)", head)
    assert found is not None
    assert unquote(found[1]) == f"{name} 值班日历.ics"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    return answer.content


def test_the_log_is_one_record_a_line_and_names_nobody(published: Published, data: Path) -> None:
    told = (data.parent / "service.log").read_text(encoding="utf-8")
    assert [line for line in told.splitlines() if not isinstance(json.loads(line), dict)] == []
    assert [text for text in TEXTS if len(text) > 8 and text in told] == []
