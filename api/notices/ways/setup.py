"""Which ways are set up."""

from __future__ import annotations

import ssl
from collections.abc import Mapping

import httpx

from api.feeds.fetch import FetchPolicy
from api.notice_settings import NoticeSettings
from api.notices.ways.dingtalk import DingtalkRobot
from api.notices.ways.email import Email
from api.notices.ways.feishu import FeishuRobot
from api.notices.ways.sms import Sms
from api.notices.ways.way import Way
from api.notices.ways.webhook import Webhook
from api.notices.ways.wecom import WecomRobot
from models.store.tables.words import NoticeWay

ROBOTS = frozenset({NoticeWay.WECOM, NoticeWay.DINGTALK, NoticeWay.FEISHU})
"""Ways to groups; all others lead to one person."""


def open_ways(settings: NoticeSettings) -> frozenset[NoticeWay]:
    """Return the words of the ways that are set up."""
    chosen = {
        NoticeWay.EMAIL: settings.smtp_host,
        NoticeWay.SMS: settings.sms_url,
        NoticeWay.WEBHOOK: settings.webhook_url,
    }
    return ROBOTS | {way for way, address in chosen.items() if address}


def ways_of(settings: NoticeSettings) -> Mapping[NoticeWay, Way]:
    """Return the ways that are set up, ready to send.

    Raises
    ------
    OSError
        The file of authorities (``notice_ca``) cannot be read.
    """
    own = settings.notice_ca
    context = ssl.create_default_context(cafile=own) if own else None
    policy = _policy(settings, context)
    ways: dict[NoticeWay, Way] = {
        NoticeWay.WECOM: WecomRobot(policy),
        NoticeWay.DINGTALK: DingtalkRobot(policy),
        NoticeWay.FEISHU: FeishuRobot(policy),
    }
    if settings.smtp_host:
        ways[NoticeWay.EMAIL] = Email(settings, context)
    if settings.sms_url:
        ways[NoticeWay.SMS] = Sms(settings, policy)
    if settings.webhook_url:
        secret = settings.webhook_secret.get_secret_value()
        ways[NoticeWay.WEBHOOK] = Webhook(settings.webhook_url, secret, policy)
    return ways


def _policy(settings: NoticeSettings, context: ssl.SSLContext | None) -> FetchPolicy:
    """Return what may be asked: the robots' hosts, and those that the operator's own addresses name."""
    own = (httpx.URL(address) for address in (settings.sms_url, settings.webhook_url) if address)
    return FetchPolicy(
        hosts=(*settings.robot_hosts, *(url.netloc.decode("ascii") for url in own)),
        networks=tuple(map(str, settings.notice_networks)),
        redirects=0,
        ssl_context=context,
    )
