"""Fills an empty service with the data of a made-up month in Jinshui and one account for each role."""

from __future__ import annotations

import secrets
from typing import NamedTuple

from api.access.accounts import OPERATOR
from api.access.passwords import Passwords
from api.access.roles import Role
from api.office.people.accounts import Wanted, account_row, keep_account
from api.settings import ServiceSettings
from models.instance import Instance
from models.store.database.store import Store
from models.store.people.users import users_of
from models.store.plans.instances import put_instance, set_current
from models.vocabulary import AreaLevel

SCENARIO = "jinshui"
_WHY = "demo"


class DemoAccount(NamedTuple):
    """An account of the demo, with the password that is shown this once."""

    role: Role
    name: str
    password: str


def fill_demo(settings: ServiceSettings) -> tuple[DemoAccount, ...]:
    """Load the demo into a service without users; return its accounts, none if there were users.

    Raises
    ------
    StoreError
        The store cannot be used.
    """
    from scenarios.generator.catalogue import load  # late: the geography is slow to load

    with Store.open(settings.store) as store:
        with store.read() as session:
            if users_of(session, limit=1):
                return ()
        instance = load(SCENARIO)
        wanted = _accounts(instance)
        hasher = Passwords()
        rows = [account_row(one, hasher) for one in wanted]
        area = wanted[0].area
        with store.begin() as session:
            for row in rows:
                keep_account(session, row, by=OPERATOR, why=_WHY)
            key = put_instance(session, instance, area=area, by=OPERATOR)
            set_current(session, area, key, revision=0, by=OPERATOR, why=_WHY, chosen=key)
    return tuple(DemoAccount(one.role, one.name, one.password or "") for one in wanted)


def _accounts(instance: Instance) -> tuple[Wanted, ...]:
    """Return one account for each role: bureau, a township's office, a firm, one of its lawyers."""
    county = str(instance.settings.area)
    township = next(area.id for area in instance.areas if area.level is AreaLevel.TOWNSHIP)
    person = next(one for one in instance.people if one.firm)
    made = (
        Wanted("bureau", Role.BUREAU, county),
        Wanted("office", Role.OFFICE, township),
        Wanted("firm", Role.FIRM, county, firm=person.firm),
        Wanted("adviser", Role.ADVISER, county, person=person.id),
    )
    return tuple(one._replace(password=_password()) for one in made)


def _password() -> str:
    """Return sixteen letters and digits that are not taken for each other."""
    letters = "abcdefghijkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))
