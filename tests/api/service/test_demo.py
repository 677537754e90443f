"""The service filled for a trial: data of Jinshui, an account for each role, passwords shown once."""

from __future__ import annotations

from pathlib import Path

from api.access.passwords import Passwords
from api.access.roles import Role
from api.service.demo import fill_demo
from api.settings import ServiceSettings
from models.store.database.store import Store
from models.store.people.users import get_user
from models.store.plans.instances import current_instance


def test_an_empty_service_is_filled_once(tmp_path: Path) -> None:
    settings = ServiceSettings.load(data=tmp_path / "demo")
    settings.make_folder()
    accounts = fill_demo(settings)
    assert [a.role for a in accounts] == [Role.BUREAU, Role.OFFICE, Role.FIRM, Role.ADVISER]
    assert len({a.password for a in accounts}) == 4
    with Store.open(settings.store) as store, store.read() as session:
        user = get_user(session, "bureau")
        assert user is not None
        assert Passwords().compare(user.password_hash, accounts[0].password).is_right
        assert current_instance(session, user.area) is not None
    assert fill_demo(settings) == ()
