"""Groups that an area tells of its publications: their robots' addresses, at the robots' own hosts alone."""

from __future__ import annotations

import datetime as dt

import httpx
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from api.notices.ways.setup import ROBOTS
from api.office.context import Service
from models.issues import InputError, Issue
from models.messages import Spot, issue
from models.rows import Name
from models.store.notices.told_groups import close_group, keep_group, open_groups
from models.store.tables.notice_tables import NoticeGroup
from models.store.tables.words import NoticeWay


class GroupWanted(BaseModel):
    """A group chat and its robot; address and secret cannot be read back."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: Name
    way: NoticeWay
    address: SecretStr = Field(
        min_length=1, max_length=2000, description="机器人的 webhook 地址 address of the robot"
    )
    secret: SecretStr = Field(SecretStr(""), max_length=200, description="加签密钥 its secret")


class GroupView(BaseModel):
    """A group without what opens it."""

    id: int
    name: str
    way: NoticeWay
    created: dt.datetime
    created_by: str


def list_groups(service: Service, area: str) -> list[GroupView]:
    """Return the groups that an area tells, oldest first."""
    with service.store.read() as session:
        return [_view(group) for group in open_groups(session, [area])]


def add_group(service: Service, area: str, wanted: GroupWanted, *, by: str) -> GroupView:
    """Let an area tell a group from now on.

    Raises
    ------
    InputError
        The way is none to a group, or the address is not at a robot's host.
    """
    if issues := _faults(service, wanted):
        raise InputError(issues)
    group = NoticeGroup(
        area=area,
        name=wanted.name,
        way=wanted.way,
        address=wanted.address.get_secret_value(),
        secret=wanted.secret.get_secret_value(),
    )
    with service.store.begin() as session:
        return _view(keep_group(session, group, by=by))


def drop_group(service: Service, area: str, group: int, *, by: str) -> None:
    """Tell a group no more. Raises NotFoundError."""
    with service.store.begin() as session:
        close_group(session, area, group, by=by)


def _faults(service: Service, wanted: GroupWanted) -> list[Issue]:
    issues = []
    if wanted.way not in ROBOTS:
        words = " ".join(sorted(way.value for way in ROBOTS))
        issues.append(
            issue("notice_way_closed", Spot("body", "$.way"), wanted.way.value, open=words)
        )
    try:
        url = httpx.URL(wanted.address.get_secret_value())
        host = url.netloc.decode("ascii")
    except (httpx.InvalidURL, UnicodeError):
        host = ""
    hosts = service.settings.robot_hosts
    if not host or url.scheme != "https" or url.userinfo or host not in hosts:
        spot = Spot("body", "$.address")  # the rest of the address is a secret
        issues.append(issue("notice_robot_host", spot, host, hosts=" ".join(hosts)))
    return issues


def _view(group: NoticeGroup) -> GroupView:
    return GroupView(
        id=group.id,
        name=group.name,
        way=group.way,
        created=group.created_at,
        created_by=group.created_by,
    )
