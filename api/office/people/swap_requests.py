"""Requests for swaps: the published duty given away, to whom, for which of theirs; every fault at once."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api.access.action_places import Place
from api.access.actions import Action
from api.access.policy import Decision, decide
from api.access.roles import Actor
from api.office.areas import Data
from api.office.context import Service
from api.office.people.leave_requests import Asking
from api.office.people.request_notices import tell_asked
from api.office.people.swap_issues import swap_issue
from api.office.people.swaps import colleague_named, published_duties
from models.issues import InputError, Issue
from models.roster import Duty
from models.rows import Text
from models.store.people.requests import ask
from models.store.tables.plan_tables import RosterRecord
from models.store.tables.request_tables import Request
from models.store.tables.words import RequestKind
from models.vocabulary import Part

Held = tuple[RosterRecord, Duty]
"""A published duty and its roster."""


class When(BaseModel):
    """A part of a day, in which a person has one duty."""

    model_config = ConfigDict(extra="forbid")

    date: dt.date
    part: Part


class SwapRequest(Asking):
    """The duty given away, to whom (else the office finds somebody), for which duty of theirs."""

    date: dt.date
    part: Part
    to: Annotated[Text, Field(min_length=1)] | None = Field(
        None, description="接班人的编号或姓名 id or name of the colleague"
    )
    in_return: When | None = Field(None, description="换回对方的哪个值班 their duty taken for it")


class SwapAsking:
    """Looks up what a request for a swap names, and collects every fault of it.

    Parameters
    ----------
    data
        Those of the area that is asked; they know ``person``, who gives the duty away.
    """

    def __init__(
        self, service: Service, session: Session, data: Data, person: str, asked: SwapRequest
    ) -> None:
        self._service = service
        self._areas = service.areas.inside(data.area)
        self._session = session
        self._notice_days = service.settings.swap_notice_days
        self._data = data
        self._person = person
        self._asked = asked
        self._issues: list[Issue] = []
        self._given = self._duty(person, When(date=asked.date, part=asked.part), "date")

    def keep(self, actor: Actor, today: dt.date) -> Request:
        """Keep the request; the office that decides may ask at any time, others in time.

        Raises
        ------
        InputError
            With every issue.
        RepeatedError
            The person waits for an answer to the same already.
        """
        asked, given = self._asked, self._given
        colleague = self._colleague()
        taken = None
        if colleague is not None and asked.in_return is not None:
            taken = self._duty(colleague, asked.in_return, "in_return")
        if given and taken and given[0].id != taken[0].id:
            self._issues.append(swap_issue("swap_apart", "in_return"))
        if not self._is_asked_by_office(actor):
            self._refuse_late(today)
        if self._issues or given is None:
            raise InputError(self._issues)
        request = Request(
            kind=RequestKind.SWAP,
            owner=self._data.area,
            area=given[0].area,
            person=self._person,
            colleague=colleague,
            duty=given[1].model_dump(mode="json"),
            in_return=taken[1].model_dump(mode="json") if taken else None,
            why=asked.why,
        )
        kept = ask(self._session, request, by=actor.by)
        tell_asked(self._service, self._session, kept)
        return kept

    def _duty(self, person: str, when: When, cell: str) -> Held | None:
        """Return the one published duty of a person in a part of a day."""
        found = published_duties(self._session, self._areas, person, when.date, when.part)
        if len(found) == 1:
            return found[0]
        code = "swap_several_duties" if found else "swap_no_duty"
        self._issues.append(swap_issue(code, cell, f"{when.date} {when.part.label}"))
        return None

    def _colleague(self) -> str | None:
        """Return whom the request names, if anybody."""
        if self._asked.to is None:
            if self._asked.in_return is not None:
                self._issues.append(swap_issue("swap_return_of_nobody", "to"))
            return None
        try:
            return colleague_named(self._data.instance, self._asked.to, self._person)
        except InputError as error:
            self._issues += error.issues
            return None

    def _is_asked_by_office(self, actor: Actor) -> bool:
        """Whether who asks is the office that decides."""
        area = self._given[0].area if self._given else self._data.area
        place = Place.of_area(self._data.instance, area)
        return decide(actor, Action.DECIDE, place) is Decision.ALLOW

    def _refuse_late(self, today: dt.date) -> None:
        dates = {"date": self._asked.date}
        if self._asked.in_return is not None:
            dates["in_return"] = self._asked.in_return.date
        days = self._notice_days
        for cell, date in dates.items():
            if (date - today).days < days:
                self._issues.append(swap_issue("swap_late", cell, str(date), days=days))
