"""Each way against a real server: signatures, templates, refusals within an answer of 200."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import ssl
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.notices.ways.dingtalk import DingtalkRobot
from api.notices.ways.email import Email
from api.notices.ways.feishu import FeishuRobot
from api.notices.ways.setup import ways_of
from api.notices.ways.sms import filled
from api.notices.ways.way import Letter, NotTakenError, UnansweredError
from api.notices.ways.webhook import Webhook
from api.settings import ServiceSettings
from models.store.tables.words import NoticeFault, NoticeWay
from tests.api.notices.servers import Robot, mail_server, robot

TEXT = '【值班】例甲，您有以下安排：\n新增 12月7日（周一）09:00–12:00 "示例"'


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Robot]:
    with robot(tmp_path) as found:
        yield found


def letter(address: str = "", secret: str = "") -> Letter:
    return Letter(7, "410105/L001", "例甲", address, secret, TEXT)


def set_up(server: Robot, **settings: Any) -> ServiceSettings:
    return ServiceSettings(
        robot_hosts=(server.host,),
        notice_networks=("127.0.0.0/8", "::1"),
        notice_ca=str(server.ca),
        **settings,
    )


def signed(key: str, message: str) -> str:
    return base64.b64encode(hmac.digest(key.encode(), message.encode(), "sha256")).decode()


def test_dingtalk_is_signed_by_milliseconds_with_the_secret_as_key(server: Robot) -> None:
    way = ways_of(set_up(server))[NoticeWay.DINGTALK]
    assert isinstance(way, DingtalkRobot)
    DingtalkRobot(way._policy, lambda: 1700000000.1234).send(
        letter(f"{server.address}/robot/send?access_token=t", "SEC")
    )
    sent = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(server.asked[0].path).query))
    wanted = signed("SEC", "1700000000123\nSEC")
    assert sent == {"access_token": "t", "timestamp": "1700000000123", "sign": wanted}
    assert server.asked[0].json == {"msgtype": "text", "text": {"content": TEXT}}


def test_feishu_is_signed_by_seconds_with_an_empty_message(server: Robot) -> None:
    way = ways_of(set_up(server))[NoticeWay.FEISHU]
    assert isinstance(way, FeishuRobot)
    server.usual = lambda _: (200, b'{"code": 0, "msg": "success"}')
    FeishuRobot(way._policy, lambda: 1700000000.9).send(letter(f"{server.address}/hook", "SEC"))
    assert server.asked[0].json == {
        "msg_type": "text",
        "content": {"text": TEXT},
        "timestamp": "1700000000",
        "sign": signed("1700000000\nSEC", ""),
    }


REFUSALS = [
    (NoticeWay.WECOM, 200, {"errcode": 93000}, NoticeFault.NOT_LET_IN, True),
    (NoticeWay.WECOM, 200, {"errcode": 45009}, NoticeFault.TOO_FAST, False),
    (NoticeWay.DINGTALK, 200, {"errcode": 130101}, NoticeFault.BANNED, False),
    (NoticeWay.DINGTALK, 200, {"errcode": 310000}, NoticeFault.NOT_LET_IN, False),
    (NoticeWay.FEISHU, 200, {"code": 11232}, NoticeFault.TOO_FAST, False),
    (NoticeWay.FEISHU, 200, {"code": 19021}, NoticeFault.NOT_LET_IN, False),
    (NoticeWay.FEISHU, 200, {"code": 4711}, NoticeFault.REFUSED, False),
    (NoticeWay.WECOM, 200, [], NoticeFault.REFUSED, False),
    (NoticeWay.WECOM, 502, {}, NoticeFault.REFUSED, False),
    (NoticeWay.WECOM, 429, {}, NoticeFault.TOO_FAST, False),
]


@pytest.mark.parametrize(("way", "status", "body", "fault", "is_final"), REFUSALS)
def test_a_robot_that_refuses_is_understood(
    server: Robot, way: NoticeWay, status: int, body: Any, fault: NoticeFault, is_final: bool
) -> None:
    server.usual = lambda _: (status, json.dumps(body).encode())
    with pytest.raises(NotTakenError) as refused:
        ways_of(set_up(server))[way].send(letter(f"{server.address}/robot"))
    assert (refused.value.fault, refused.value.is_final) == (fault, is_final)


def test_a_robot_that_hangs_up_may_have_heard(server: Robot) -> None:
    server.usual = lambda _: None
    with pytest.raises(UnansweredError):
        ways_of(set_up(server))[NoticeWay.WECOM].send(letter(f"{server.address}/robot"))


@pytest.mark.parametrize("address", ["https://127.0.0.2:9/x", "https://evil.example/x"])
def test_an_address_elsewhere_is_never_asked(server: Robot, address: str) -> None:
    with pytest.raises(NotTakenError) as refused:
        ways_of(set_up(server))[NoticeWay.WECOM].send(letter(address))
    assert (refused.value.is_final, server.asked) == (True, [])


def test_a_webhook_names_the_person_and_is_signed(server: Robot) -> None:
    settings = set_up(server, webhook_url=f"{server.address}/hook", webhook_secret="key")
    way = ways_of(settings)[NoticeWay.WEBHOOK]
    assert isinstance(way, Webhook)
    way.send(letter())
    asked = server.asked[0]
    assert asked.json == {
        "message": 7,
        "county": "410105",
        "person": "L001",
        "name": "例甲",
        "text": TEXT,
    }
    said = asked.headers["x-zhiban-timestamp"].encode() + b"." + asked.body
    mark = hmac.new(b"key", said, hashlib.sha256).hexdigest()
    assert asked.headers["x-zhiban-signature"] == f"sha256={mark}"
    assert asked.headers["x-zhiban-message"] == "7"


def test_an_sms_fills_the_template_and_success_is_what_the_gateway_says(server: Robot) -> None:
    body = '{"to": ["{phone}"], "vars": {"content": "{text}"}}'
    settings = set_up(
        server,
        sms_url=f"{server.address}/sms",
        sms_body=body,
        sms_token="Bearer made-up",
        sms_success='"code":0',
    )
    way = ways_of(settings)[NoticeWay.SMS]
    server.answers.append(lambda _: (200, b'{"code":0}'))
    way.send(letter("13900000000"))
    assert server.asked[0].json == {"to": ["13900000000"], "vars": {"content": TEXT}}
    assert server.asked[0].headers["authorization"] == "Bearer made-up"
    server.answers.append(lambda _: (200, b'{"code":13,"msg":"no money"}'))
    with pytest.raises(NotTakenError):
        way.send(letter("13900000000"))


def test_a_form_is_escaped() -> None:
    filled_form = filled("to={phone}&text={text}", {"phone": "139", "text": "a&b=例"}, is_form=True)
    assert dict(urllib.parse.parse_qsl(filled_form)) == {"to": "139", "text": "a&b=例"}


def test_a_mail_goes_by_tls_with_the_account_and_says_it_is_automatic(tmp_path: Path) -> None:
    with mail_server(tmp_path) as post:
        settings = ServiceSettings(
            smtp_host="localhost",
            smtp_port=post.port,
            smtp_user="office@example.cn",
            smtp_password="made-up",
        )
        context = ssl.create_default_context(cafile=tmp_path / "server.pem")
        Email(settings, context).send(letter("a@example.cn"))
    to, mail = post.mails[0]
    assert (to, mail["To"], mail["Subject"]) == (
        "a@example.cn",
        "a@example.cn",
        TEXT.split("\n", maxsplit=1)[0],
    )
    assert mail["Message-ID"] == "<zhiban-7@example.cn>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content().split() == TEXT.split()
    plain = base64.b64encode(b"\0office@example.cn\0made-up").decode()
    assert f"AUTH PLAIN {plain}" in post.commands


def test_a_certificate_that_nobody_vouches_for_gets_no_password(tmp_path: Path) -> None:
    with mail_server(tmp_path) as post:
        settings = ServiceSettings(
            smtp_host="localhost", smtp_port=post.port, smtp_user="a@example.cn"
        )
        with pytest.raises(NotTakenError) as refused:
            Email(settings, None).send(letter("a@example.cn"))
    assert (refused.value.fault, post.commands) == (NoticeFault.UNREACHABLE, [])
