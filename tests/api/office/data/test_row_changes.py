"""Changes of data that others change at the same time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, cast

import pytest

from api.feeds.fetch import FetchPolicy
from api.office.areas import Areas
from api.office.context import Service
from api.office.data.row_changes import TRIES, change_leave
from api.office.public_sheets import Sheets
from api.settings import ServiceSettings
from models.instance import Instance
from models.people import Leave
from models.store.database.errors import StaleError
from models.store.database.log import log_of
from models.store.database.store import Store
from models.store.plans.instances import current_instance, get_instance, put_instance, set_current
from tests.factories import tiny_instance

AREA = "410105"


@pytest.fixture
def service(open_store: Callable[[], Store]) -> Service:
    store = open_store()
    with store.begin() as session:
        key = put_instance(session, tiny_instance(), area=AREA, by="a")
        set_current(session, AREA, key, revision=0, by="a")
    no_jobs = cast("Any", None)
    return Service(
        ServiceSettings(), store, no_jobs, no_jobs, Areas(store), Sheets(store), FetchPolicy()
    )


def day(number: int) -> Leave:
    date = dt.date(2026, 12, number)
    return Leave(person="L001", first=date, last=date)


def add(service: Service, number: int) -> None:
    """Let somebody else add a day of leave."""
    change_leave(service, AREA, lambda data: (*data.leave, day(number)), by="b", why="")


def current(service: Service) -> tuple[int, Instance]:
    with service.store.read() as session:
        found = current_instance(session, AREA)
        assert found is not None
        return found.revision, get_instance(session, found.instance)


def test_what_somebody_else_changed_meanwhile_is_kept(service: Service) -> None:
    others = iter((7, 8))

    def change(data: Instance) -> tuple[Leave, ...]:
        for number in others:
            add(service, number)
            break
        return (*data.leave, day(1))

    change_leave(service, AREA, change, by="a", why="")
    revision, instance = current(service)
    assert (revision, set(instance.leave)) == (4, {day(1), day(7), day(8)})


def test_somebody_who_changes_all_the_time_is_told_and_nothing_goes_along(
    service: Service,
) -> None:
    numbers = iter(range(1, 20))
    tried = []

    def change(data: Instance) -> tuple[Leave, ...]:
        tried.append(1)
        add(service, next(numbers))
        return (*data.leave, day(31))

    def along(session: Any) -> None:
        put_instance(session, tiny_instance(posts=[]), area=AREA, by="along")

    with pytest.raises(StaleError):
        change_leave(service, AREA, change, by="a", why="", along=along)
    assert len(tried) == TRIES
    revision, instance = current(service)
    assert (revision, set(instance.leave)) == (4, {day(1), day(2), day(3)})
    with service.store.read() as session:
        assert "along" not in [entry.by for entry in log_of(session).rows]


def test_a_refusal_along_the_way_is_not_tried_again(service: Service) -> None:
    tried = []

    def along(session: Any) -> None:
        tried.append(1)
        raise StaleError(1, 2)

    with pytest.raises(StaleError):
        change_leave(service, AREA, lambda data: (*data.leave, day(1)), by="a", why="", along=along)
    assert (tried, current(service)[0]) == ([1], 1)
