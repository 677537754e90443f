"""Where the bookings lie that somebody asks for: nowhere, if the data do not know one of the ids."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from api.office.areas import Areas
from api.office.plans.bookings import BookingsAsked
from models.store.database.store import Store
from models.store.plans.instances import put_instance, set_current
from tests.factories import tiny_instance

COUNTY, EAST = "410105", "410105001"
FIRST, LAST = dt.date(2026, 12, 1), dt.date(2026, 12, 31)
SITE = tiny_instance().sites[0]


@pytest.fixture
def areas(open_store: Callable[[], Store]) -> Areas:
    store = open_store()
    with store.begin() as session:
        key = put_instance(session, tiny_instance(), area=COUNTY, by="a")
        set_current(session, COUNTY, key, revision=0, by="a")
    return Areas(store)


@pytest.mark.parametrize(
    "asked",
    [
        BookingsAsked("999999"),
        BookingsAsked(COUNTY, person="nobody"),
        BookingsAsked(COUNTY, site="nowhere"),
        BookingsAsked(COUNTY, person="L001", site="nowhere"),
        BookingsAsked(COUNTY, township="000000"),
        BookingsAsked(COUNTY, site="nowhere", township=EAST),
    ],
)
def test_what_the_data_do_not_know_lies_nowhere(areas: Areas, asked: BookingsAsked) -> None:
    assert asked.place(areas) is None


def test_a_site_is_asked_for_in_its_own_area_alone(areas: Areas) -> None:
    asked = BookingsAsked(COUNTY, person="L001", site=SITE.id).rows(areas, FIRST, LAST)
    assert (asked.site, asked.areas) == (SITE.id, {SITE.area})


def test_a_person_is_asked_for_everywhere_unless_a_township_is_named(areas: Areas) -> None:
    everywhere = BookingsAsked(COUNTY, person="L001").rows(areas, FIRST, LAST)
    within = BookingsAsked(COUNTY, person="L001", township=EAST).rows(areas, FIRST, LAST)
    assert everywhere.areas is None
    assert within.areas == {EAST}
    assert everywhere.marks is not None
