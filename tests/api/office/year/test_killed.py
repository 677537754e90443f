"""kill -9 while a month is closed: it is closed, or nothing happened; closing again ends well."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from models.store.year.held_rows import attendance_of
from models.store.year.month_records import is_closed
from tests.api.office.year.two_ways import ServedOffice
from tests.api.service.office import COUNTY, county

CLOSING = """
import sys
from pathlib import Path
from tests.api.office.year.two_ways import ServedOffice
office = ServedOffice(Path(sys.argv[1]))
office.revision = 1
print("ready", flush=True)
office.call("POST", "data/close", json={"month": "2026-12", "rest_held": True})
print("closed", flush=True)
office.close()
"""


@pytest.mark.slow
def test_a_month_is_closed_whole_or_not_at_all(tmp_path: Path) -> None:
    office = ServedOffice(tmp_path)
    office.use(county())
    office.publish_draft(office.draft(county()))
    outcomes = []
    for delay_ms in (5, 60, 150, 400):
        if _killed(tmp_path, delay_ms) or office.data.settings.month != "2026-12":
            break
        outcomes.append(_is_whole(office))
    if not _is_whole(office):
        office.revision = 1
        office.call("POST", "data/close", json={"month": "2026-12", "rest_held": True})
    assert _is_whole(office)
    assert outcomes.count(False) >= 1  # some were killed before they could close
    office.close()


def _killed(folder: Path, delay_ms: int) -> bool:
    """Kill a closing after a while; return whether it had said that it is done."""
    command = [sys.executable, "-c", CLOSING, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(delay_ms / 1000)
        process.send_signal(signal.SIGKILL)
        return "closed" in process.stdout.read()


def _is_whole(office: ServedOffice) -> bool:
    """Whether the month is closed; everything says so, or nothing does."""
    with office.service.store.read() as session:
        closed = is_closed(session, COUNTY, "2026-12")
        reported = len(attendance_of(session, COUNTY, "2026-12"))
    ledger = Counter(row.month for row in office.data.ledger)
    months = {True: ("2027-01", True, True), False: ("2026-12", False, False)}
    told = office.data.settings.month, bool(reported), bool(ledger["2026-12"])
    assert told == months[closed]
    return closed
