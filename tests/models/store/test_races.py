"""The same thing kept twice at once: kept once, and no failure of the database comes out."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from models.store.database.errors import KeyReusedError, StoreError
from models.store.database.log import log_of
from models.store.jobs.jobs import get_job, job_file, keep_job_file, put_job
from models.store.people.users import get_user, put_user
from models.store.tables.access_tables import User
from models.store.tables.plan_tables import JobRow
from models.store.tables.words import Role
from tests.models.store.samples import EAST, WEST

ROUNDS = 5


def at_once(store, *acts: Callable[[Session], object]) -> list[Exception | None]:
    """Do each in a transaction of its own, all begun before one ends, and return how each ended."""
    gate, ends = threading.Barrier(len(acts)), []

    def run(act):
        gate.wait()
        try:
            with store.begin() as session:
                act(session)
        except Exception as error:
            ends.append(error)
        else:
            ends.append(None)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return ends


def clerk(name: str) -> Callable[[Session], object]:
    return lambda session: put_user(
        session, User(name=name, role=Role.OFFICE, area=EAST), by="test"
    )


def test_a_user_made_twice_at_once_is_made_once(store):
    for number in range(ROUNDS):
        name = f"u{number}"
        ends = at_once(store, *[clerk(name)] * 3)
        refused = [end for end in ends if end is not None]
        assert None in ends
        assert {type(end) for end in refused} <= {StoreError}
        assert {end.issue.code for end in refused} <= {"user_made_meanwhile"}
        with store.read() as session:
            assert get_user(session, name).area == EAST
            told = log_of(session, f"user:{name}").rows
            assert len(told) == 3 - len(refused)
            assert [entry.before for entry in told].count(None) == 1


def test_a_job_asked_for_twice_at_once_is_kept_once(store):
    for number in range(ROUNDS):
        key = f"j{number}"
        one = [
            lambda session, key=key: put_job(
                session, JobRow(id=key, kind="import", area=EAST, owner="o")
            )
        ] * 3
        assert at_once(store, *one) == [None] * 3
        files = [lambda session, key=key: keep_job_file(session, key, "a.json", b"{}")] * 3
        assert at_once(store, *files) == [None] * 3
        with store.read() as session:
            assert get_job(session, key).owner == "o"
            assert job_file(session, key).content == b"{}"
            assert len(log_of(session, f"job:{key}").rows) == 1


@pytest.mark.parametrize("other", [{"area": WEST}, {"owner": "p"}, {"kind": "solve"}], ids=str)
def test_the_id_of_a_job_is_no_other_jobs(store, other):
    usual = {"id": "j", "kind": "import", "area": EAST, "owner": "o"}
    with store.begin() as session:
        put_job(session, JobRow(**usual))
    with pytest.raises(KeyReusedError), store.begin() as session:
        put_job(session, JobRow(**(usual | other)))
