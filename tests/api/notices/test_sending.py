"""The outbox: who is told what, when, once; what becomes of refusals and of killed processes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import select

from api.notices.composing import compose
from models.calendar import ZONE
from models.store.database.store import Store
from models.store.notices.queue import take_message
from models.store.plans.publishing import publish
from models.store.tables.notice_tables import Notice, NoticeMessage
from models.store.tables.words import NoticeFault, NoticeKind, NoticeState, NoticeWay
from models.vocabulary import Part
from tests.api.notices.outbox import NOON, Outbox
from tests.api.notices.servers import Post, Robot, mail_server, robot
from tests.models.store.samples import EAST, PHONE, draft, duty

A, B = "L001@example.cn", "L002@example.cn"


@pytest.fixture
def post() -> Iterator[Post]:
    with mail_server() as found:
        yield found


@pytest.fixture
def outbox(open_store: Callable[[], Store], post: Post) -> Outbox:
    """Two people who have chosen e-mail."""
    made = Outbox(
        open_store(),
        smtp_host="127.0.0.1",
        smtp_port=post.port,
        smtp_security="none",
        smtp_from="office@example.cn",
        smtp_a_minute=1000,
    )
    for person in ("L001", "L002"):
        made.choose(person, NoticeWay.EMAIL)
    return made


def test_nobody_is_told_of_a_draft_or_of_a_publication_that_failed(outbox: Outbox) -> None:
    row = duty(EAST, 7, Part.AM, "L001")
    with outbox.store.begin() as session:
        key = draft(session, EAST, row)
    with suppress(RuntimeError), outbox.store.begin() as session:
        publish(session, key, by="test", at=outbox.at)
        raise RuntimeError
    assert (outbox.later(days=1), outbox.states()) == (0, {})


def outbox_rows(outbox: Outbox) -> list[Notice]:
    with outbox.store.read() as session:
        return list(session.scalars(select(Notice).order_by(Notice.id)))


def test_a_first_plan_waits_for_the_evening_and_is_told_once(outbox: Outbox, post: Post) -> None:
    outbox.publish((7, "L001"), (9, "L001"), (8, "L002"))
    assert (outbox.later(hours=5), post.mails) == (0, [])
    assert outbox.later(hours=1) == 2
    assert post.texts[A] == [
        "【值班】例甲，您有以下安排：\n"
        "新增 12月7日（周一）09:00–12:00 值班：示例岗（示例县公共法律服务中心）\n"
        "新增 12月9日（周三）09:00–12:00 值班：示例岗（示例县公共法律服务中心）"
    ]
    assert outbox.later(days=1) == 0
    assert outbox.states() == {NoticeState.SENT: 2}


def test_what_is_near_is_told_at_once_and_what_waits_goes_with_it(
    outbox: Outbox, post: Post
) -> None:
    outbox.publish((7, "L001"), (9, "L002"))
    outbox.later(hours=6)
    post.mails.clear()
    outbox.at = dt.datetime(2026, 12, 4, 10, tzinfo=ZONE)  # 71 hours before the 7th
    outbox.publish((7, "L001"), (10, "L002"))
    assert outbox.later(minutes=1) == 0
    outbox.publish((7, "L002"), (10, "L002"))
    assert outbox.later(minutes=1) == 2
    assert post.texts[A][0].endswith(
        "取消 12月7日（周一）09:00–12:00 值班：示例岗（示例县公共法律服务中心）"
    )
    assert [line[:8] for line in post.texts[B][0].splitlines()[1:]] == [
        "新增 12月7日",
        "取消 12月9日",
        "新增 12月10",
    ]


def test_what_was_changed_and_changed_back_is_told_to_nobody(outbox: Outbox, post: Post) -> None:
    outbox.publish((7, "L001"))
    outbox.later(hours=6)
    outbox.at += dt.timedelta(hours=1)
    outbox.publish((7, "L002"))
    outbox.publish((7, "L001"))
    post.mails.clear()
    assert (outbox.later(days=1), post.mails) == (0, [])
    assert outbox.states() == {NoticeState.SENT: 1, NoticeState.UNNEEDED: 4}


def test_a_withdrawal_is_told_too(outbox: Outbox, post: Post) -> None:
    key = outbox.publish((7, "L001"))
    outbox.later(hours=6)
    outbox.withdraw(key)
    outbox.later(days=1)
    assert post.texts[A][1].splitlines()[0] == "【值班】例甲，您的安排有变动："
    assert post.texts[A][1].splitlines()[1].startswith("取消 12月7日")


def test_a_refused_message_is_tried_for_a_day_and_then_undelivered(
    outbox: Outbox, post: Post
) -> None:
    outbox.publish((7, "L001"))
    post.replies["MAIL"] = "451 later"
    tried = [outbox.later(hours=6), outbox.later(seconds=30), outbox.later(seconds=30)]
    assert tried == [1, 0, 1]
    assert sum(outbox.later(minutes=30) for _ in range(60)) > 20
    assert (outbox.states(), post.mails) == ({NoticeState.UNDELIVERED: 1}, [])
    post.replies.clear()
    assert (outbox.later(days=1), post.mails) == (0, [])


def test_a_server_that_is_away_for_hours_costs_time_alone(outbox: Outbox, post: Post) -> None:
    outbox.publish((7, "L001"))
    post.replies["EHLO"] = post.replies["HELO"] = None
    outbox.later(hours=6)
    outbox.later(minutes=30)
    post.replies.clear()
    outbox.later(hours=1)
    assert (len(post.texts[A]), outbox.states()) == (1, {NoticeState.SENT: 1})


def test_an_address_that_does_not_exist_is_undelivered_at_once(outbox: Outbox, post: Post) -> None:
    outbox.publish((7, "L001"), (8, "L002"))
    post.replies["RCPT"] = "550 nobody"
    outbox.later(hours=6)
    assert outbox.states() == {NoticeState.UNDELIVERED: 2}
    with outbox.store.read() as session:
        faults = set(session.scalars(select(NoticeMessage.fault)))
    assert faults == {NoticeFault.NO_ADDRESSEE}


def test_a_mail_that_was_taken_without_a_word_is_not_sent_again(outbox: Outbox, post: Post) -> None:
    outbox.publish((7, "L001"))
    post.replies["."] = None
    outbox.later(hours=6)
    assert outbox.states() == {NoticeState.UNSURE: 1}
    post.replies.clear()
    assert (outbox.later(days=1), len(post.mails)) == (0, 1)


def test_a_process_killed_while_sending_loses_nothing_and_tells_nothing_twice(
    outbox: Outbox, post: Post
) -> None:
    outbox.publish((7, "L001"), (8, "L002"))
    outbox.at += dt.timedelta(hours=6)
    with outbox.store.begin() as session:  # as far as a killed one may have come
        compose(session, *outbox.parts, outbox.at)
        assert take_message(session, outbox.at, {}) is not None
    outbox.sender = outbox.new_sender()
    assert outbox.later(minutes=1) == 1
    outbox.later(minutes=5)
    assert outbox.states() == {NoticeState.SENT: 1, NoticeState.UNSURE: 1}


def test_an_older_text_never_arrives_after_a_newer_one(outbox: Outbox, post: Post) -> None:
    outbox.publish((7, "L001"))
    post.replies["MAIL"] = "451 later"
    outbox.later(hours=6)
    outbox.publish((7, "L002"))
    post.replies.clear()
    outbox.later(days=1)
    assert set(post.texts) == {B}
    assert outbox.states() == {NoticeState.UNNEEDED: 2, NoticeState.SENT: 1}


def test_the_evening_before_everybody_is_reminded_once_who_wants_to_be(
    outbox: Outbox, post: Post
) -> None:
    outbox.choose("L002", NoticeWay.EMAIL, reminder=False)
    outbox.publish((7, "L001"), (7, "L003"), (8, "L001"), (9, "L002"))
    outbox.later(hours=6)
    post.mails.clear()
    outbox.at = dt.datetime(2026, 12, 6, 17, tzinfo=ZONE)
    assert outbox.later(minutes=59) == 0
    outbox.later(minutes=1)
    outbox.sender = outbox.new_sender()
    outbox.later(minutes=1)
    outbox.later(days=2)
    first = "【值班】例甲，提醒您明天的安排：\n"
    assert [text.startswith(first) for text in post.texts[A]] == [True]
    assert "12月7日" in post.texts[A][0]
    assert B not in post.texts


def test_a_reminder_that_cannot_go_out_is_given_up_when_the_duty_begins(
    outbox: Outbox, post: Post
) -> None:
    outbox.publish((7, "L001"))
    outbox.later(hours=6)
    post.mails.clear()
    post.replies["MAIL"] = "451 later"
    outbox.at = dt.datetime(2026, 12, 6, 18, tzinfo=ZONE)
    for _ in range(16):
        outbox.later(hours=1)
    post.replies.clear()
    outbox.later(hours=1)
    assert (post.mails, outbox.states()[NoticeState.UNDELIVERED]) == ([], 1)


def test_who_has_no_way_is_told_by_hand(outbox: Outbox, post: Post) -> None:
    outbox.choose("L002", NoticeWay.HAND)
    outbox.publish((7, "L002"), (8, "L003"))
    assert outbox.later(hours=6) == 0
    assert outbox.states() == {NoticeState.NO_WAY: 2}


def test_limits_are_kept_and_nothing_is_lost_by_them(
    open_store: Callable[[], Store], post: Post
) -> None:
    outbox = Outbox(
        open_store(),
        smtp_host="127.0.0.1",
        smtp_port=post.port,
        smtp_security="none",
        smtp_from="office@example.cn",
        smtp_a_minute=2,
    )
    people = ["L001", "L002", "L003", "L004", "M001"]
    for person in people:
        outbox.choose(person, NoticeWay.EMAIL)
    outbox.publish(*zip((7, 8, 9, 10, 11), people, strict=True))
    assert [outbox.later(hours=6)] + [outbox.later(seconds=31) for _ in range(5)] == [
        2,
        0,
        2,
        0,
        1,
        0,
    ]
    assert sorted(post.texts) == [f"{person}@example.cn" for person in people]


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Robot]:
    with robot(tmp_path) as found:
        yield found


@pytest.fixture
def grouped(open_store: Callable[[], Store], group: Robot) -> Outbox:
    made = Outbox(
        open_store(),
        robot_hosts=(group.host,),
        notice_networks=("127.0.0.0/8", "::1"),
        notice_ca=str(group.ca),
    )
    made.add_group(NoticeWay.WECOM, f"{group.address}/cgi-bin/webhook/send?key=k")
    return made


def test_a_group_gets_one_digest_of_all_that_changed(grouped: Outbox, group: Robot) -> None:
    grouped.publish((7, "L001"), (8, "L002"))
    grouped.publish((7, "L003"), (8, "L002"))
    assert grouped.later(hours=6) == 1
    where = "示例岗（示例县公共法律服务中心）"
    assert group.texts == [
        "【值班】示例县2026年12月值班安排有变动，共 2 处：\n"
        f"12月7日（周一）09:00–12:00 值班：{where} 新增 例丙\n"
        f"12月8日（周二）09:00–12:00 值班：{where} 新增 例乙\n"
        "详情见值班日历。"
    ]
    grouped.publish((7, "L001"), (8, "L002"))
    grouped.later(days=1)
    assert f"12月7日（周一）09:00–12:00 值班：{where} 例丙 改为 例甲" in group.texts[1]


def test_a_robot_that_was_asked_too_often_rests_and_goes_on(grouped: Outbox, group: Robot) -> None:
    grouped.publish((7, "L001"))
    group.answers.append(lambda _: (200, b'{"errcode": 45009, "errmsg": "api freq out of limit"}'))
    grouped.later(hours=6)
    assert grouped.later(seconds=50) == 0
    assert grouped.later(seconds=15) == 1
    assert (len(group.asked), grouped.states()[NoticeState.SENT]) == (2, 1)


def test_a_banned_robot_is_left_alone_for_ten_minutes(grouped: Outbox, group: Robot) -> None:
    grouped.add_group(NoticeWay.DINGTALK, f"{group.address}/robot/send?access_token=t", "SEC")
    grouped.publish((7, "L001"))
    group.usual = lambda asked: (
        200,
        b'{"errcode": 130101, "errmsg": "send too fast"}'
        if asked.path.startswith("/robot/")
        else b'{"errcode": 0}',
    )
    assert grouped.later(hours=6) == 2
    assert [grouped.later(minutes=1) for _ in range(9)] == [0] * 9
    group.usual = lambda _: (200, b'{"errcode": 0, "errmsg": "ok"}')
    assert grouped.later(minutes=2) == 1
    assert grouped.states()[NoticeState.SENT] == 2


def test_no_number_leaves_by_a_notice(grouped: Outbox, group: Robot) -> None:
    grouped.publish((7, "L001"))
    grouped.later(hours=6)
    assert [PHONE in text or "139" in text for text in group.texts] == [False]


def test_every_notice_names_the_area_that_sees_it(outbox: Outbox) -> None:
    outbox.publish((7, "L001"))
    kinds = [(row.kind, row.area, row.target) for row in outbox_rows(outbox)]
    assert kinds == [(NoticeKind.CHANGE, EAST, f"{EAST}/L001")]
    assert outbox.at == NOON
