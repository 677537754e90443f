"""A county that publishes, the sender that empties its outbox, and a clock that both follow."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from sqlalchemy import select

from api.notices.addresses import Addresses
from api.notices.composing import Times
from api.notices.sending import Sender
from api.notices.ways.setup import open_ways, ways_of
from api.office.areas import Areas
from api.settings import ServiceSettings
from models.calendar import ZONE
from models.roster import Duty
from models.store.database.store import Store
from models.store.notices.chosen_ways import keep_choice
from models.store.notices.told_groups import keep_group
from models.store.plans.instances import put_instance, set_current
from models.store.plans.publishing import withdraw
from models.store.tables.notice_tables import Notice, NoticeChoice, NoticeGroup
from models.store.tables.words import NoticeState, NoticeWay
from models.vocabulary import Part
from tests.models.store.samples import EAST, duty, office, published

NOON = dt.datetime(2026, 11, 25, 12, tzinfo=ZONE)
"""A Wednesday, days before the first duty: nothing is urgent."""


class Outbox:
    """What a test publishes and lets go out."""

    def __init__(self, store: Store, **settings: Any) -> None:
        self.store = store
        self.at = NOON
        self.settings = ServiceSettings(**settings)
        self.areas = Areas(store)
        with store.begin() as session:
            key = put_instance(session, office(EAST), area=EAST, by="test")
            set_current(session, EAST, key, revision=0, by="test")
        self.sender = self.new_sender()

    def new_sender(self) -> Sender:
        """Start the sender anew, as after the end of a process."""
        addresses = Addresses(self.areas, open_ways(self.settings))
        times = Times(self.settings.notice_hour, self.settings.notice_soon_hours)
        self.parts = addresses, ways_of(self.settings), times
        return Sender(self.store, *self.parts, lambda: self.at)

    def publish(self, *held: tuple[int, str], part: Part = Part.AM) -> int:
        """Publish a month of duties: day and person."""
        rows = [duty(EAST, day, part, person) for day, person in held]
        return published(self.store, EAST, *rows, at=self.at)

    def publish_rows(self, *rows: Duty) -> int:
        return published(self.store, EAST, *rows, at=self.at)

    def withdraw(self, roster: int) -> None:
        with self.store.begin() as session:
            withdraw(session, roster, by="test", why="test", at=self.at)

    def choose(self, person: str, way: NoticeWay, *, reminder: bool = True) -> None:
        address = f"{person}@example.cn" if way is NoticeWay.EMAIL else ""
        choice = NoticeChoice(
            target=f"{EAST}/{person}", way=way, address=address, reminder=reminder
        )
        with self.store.begin() as session:
            keep_choice(session, choice, by="test")

    def add_group(self, way: NoticeWay, address: str, secret: str = "", area: str = EAST) -> None:
        group = NoticeGroup(area=area, name="值班群", way=way, address=address, secret=secret)
        with self.store.begin() as session:
            keep_group(session, group, by="test")

    def later(self, **time: float) -> int:
        """Let time pass, send what is due by then, and return how many messages were tried."""
        self.at += dt.timedelta(**time)
        return self.sender.run()

    def states(self) -> Counter[NoticeState]:
        with self.store.read() as session:
            return Counter(session.scalars(select(Notice.state)))
