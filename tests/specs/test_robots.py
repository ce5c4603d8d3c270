"""The group robots over real HTTP against their fake servers: what is sent, what their answers mean, what never shows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.channels import Outcome, Outgoing, Receipt
from bot.channels.dingtalk import DingTalkChannel
from bot.channels.dingtalk import signature as dingtalk_signature
from bot.channels.feishu import FeishuChannel
from bot.channels.feishu import signature as feishu_signature
from bot.channels.robots import RobotChannel
from bot.channels.wecom import WeComChannel
from bot.logs import masked
from bot.settings_model import Settings
from bot.settings_robots import Robot
from tests.fakes.robots import FakeRobots, RobotGroup

CHANNELS: dict[str, type[RobotChannel]] = {"wecom": WeComChannel, "dingtalk": DingTalkChannel, "feishu": FeishuChannel}
KINDS = tuple(CHANNELS)
LINE = "新诉求：26-000001 · 供暖 · 等接单"


@pytest.fixture
async def fake() -> AsyncIterator[FakeRobots]:
    server = FakeRobots()
    await server.start()
    yield server
    await server.stop()


class Nothing:
    """What a channel asks of the program when it starts: here, nothing that matters."""

    def __init__(self, robots: dict[str, Robot]) -> None:
        self.settings = Settings(robots=robots)


async def sends(*groups: RobotGroup, text: str = LINE, to: str = "r0", times: int = 1, **robot: Any) -> list[Receipt]:
    """A channel to these groups sends so often; without pauses, for a minute is a minute."""
    import aiohttp

    robots = {f"r{n}": Robot(**{**group.settings("c"), **robot}) for n, group in enumerate(groups)}
    channel = CHANNELS[groups[0].kind](Nothing(robots), every=0.0001)
    channel._session = aiohttp.ClientSession()
    try:
        return [await channel.send(Outgoing(n, to, "p", text)) for n in range(times)]
    finally:
        await channel.stop()


@pytest.mark.parametrize("kind", KINDS)
async def test_a_line_is_shown_in_the_group(fake: FakeRobots, kind: str) -> None:
    group = fake.group(kind)
    [receipt] = await sends(group)
    assert receipt == Receipt(Outcome.SENT)
    assert group.shown == [LINE]


@pytest.mark.parametrize("kind", ["dingtalk", "feishu"])
async def test_a_signature_is_made_and_a_wrong_secret_told(fake: FakeRobots, kind: str) -> None:
    group = fake.group(kind, secret="SECright")
    assert (await sends(group))[0].outcome is Outcome.SENT
    [wrong] = await sends(group, secret="SECwrong")
    assert wrong.outcome is Outcome.REFUSED
    assert "secret" in wrong.why
    assert len(group.shown) == 1


def test_the_signatures_are_those_of_the_platforms() -> None:
    """Made once with the programs of their documents."""
    assert dingtalk_signature("SECthis", "1700000000000") == "4mKsOb6v0YZ5bctLR5Z4q2cKudbsWl1qVoKiO/m4TLU="
    assert feishu_signature("this", "1700000000") == "zWrbafjjlCAf9qoSzK9U3I3aQ7wGP1s/j5HvZLSheGM="


@pytest.mark.parametrize("kind", ["dingtalk", "feishu"])
async def test_a_keyword_is_put_in_front_where_it_lacks(fake: FakeRobots, kind: str) -> None:
    group = fake.group(kind, keyword="接诉")
    await sends(group)
    await sends(group, text="接诉提醒")
    assert group.shown == [f"接诉 {LINE}", "接诉提醒"]
    [wrong] = await sends(group, keyword="")
    assert wrong.outcome is Outcome.REFUSED
    assert "关键词" in wrong.why


@pytest.mark.parametrize("kind", KINDS)
async def test_too_many_a_minute_are_tried_again_when_it_may_help(fake: FakeRobots, kind: str) -> None:
    """DingTalk shuts out for ten minutes whoever sends too much."""
    group = fake.group(kind)
    receipts = await sends(group, times=21)
    assert [r.outcome for r in receipts] == [Outcome.SENT] * 20 + [Outcome.AGAIN]
    assert receipts[-1].after == (600 if kind == "dingtalk" else 60)
    assert len(group.shown) == 20


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("how", "outcome", "after"),
    [(429, Outcome.AGAIN, 7), (500, Outcome.AGAIN, 0), (502, Outcome.AGAIN, 0), ("cut", Outcome.AGAIN, 0),
     ("html", Outcome.AGAIN, 0), (404, Outcome.REFUSED, 0), (302, Outcome.AGAIN, 0)],
)  # fmt: skip
async def test_what_goes_wrong_on_the_way(fake: FakeRobots, kind: str, how: Any, outcome: Outcome, after: float) -> None:
    group = fake.group(kind)
    group.bad.append(how)
    [receipt] = await sends(group)
    assert (receipt.outcome, receipt.after) == (outcome, after)
    assert receipt.why
    assert group.token not in receipt.why
    assert group.shown == []


@pytest.mark.parametrize(
    ("kind", "answer", "outcome"),
    [
        ("wecom", {"errcode": -1, "errmsg": "system error"}, Outcome.AGAIN),
        ("wecom", {"errcode": 45033, "errmsg": "api concurrent out of limit"}, Outcome.AGAIN),
        ("wecom", {"errcode": 40058, "errmsg": "invalid Request Parameter"}, Outcome.REFUSED),
        ("wecom", {"errcode": "0"}, Outcome.AGAIN),
        ("dingtalk", {"errcode": -1, "errmsg": "系统繁忙"}, Outcome.AGAIN),
        ("dingtalk", {"errcode": 400102, "errmsg": "robot is stopped"}, Outcome.REFUSED),
        ("feishu", {"code": 9499, "msg": "too many request"}, Outcome.AGAIN),
        ("feishu", {"code": 9499, "msg": "Bad Request"}, Outcome.REFUSED),
        ("feishu", {"code": 11233, "msg": "frequency limited"}, Outcome.AGAIN),
        ("feishu", {"code": 19022, "msg": "Ip Not Allowed"}, Outcome.REFUSED),
        ("feishu", {"StatusCode": 0, "StatusMessage": "success"}, Outcome.SENT),
        ("feishu", {"ok": True}, Outcome.AGAIN),
    ],
)
async def test_what_their_codes_mean(fake: FakeRobots, kind: str, answer: dict[str, Any], outcome: Outcome) -> None:
    group = fake.group(kind)
    group.bad.append(answer)
    [receipt] = await sends(group)
    assert receipt.outcome is outcome


@pytest.mark.parametrize(
    ("kind", "answer", "after"),
    [
        ("wecom", {"errcode": 45009, "errmsg": "api freq out of limit, hint: [1]"}, 60),
        ("dingtalk", {"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute", "wait": 5}, 600),
        ("dingtalk", {"errcode": 410100, "errmsg": "发送速度太快而限流"}, 600),
        ("feishu", {"code": 11232, "msg": "frequency limited"}, 60),
        ("feishu", {"code": 99991400, "msg": "request trigger frequency limit"}, 60),
    ],
)
async def test_how_long_the_busy_are_left_alone(fake: FakeRobots, kind: str, answer: dict[str, Any], after: float) -> None:
    group = fake.group(kind)
    group.bad.append(answer)
    [receipt] = await sends(group)
    assert (receipt.outcome, receipt.after) == (Outcome.AGAIN, after)


@pytest.mark.parametrize(
    ("kind", "answer", "why"),
    [
        ("wecom", {"errcode": 93000, "errmsg": "invalid webhook url, hint: [1], from ip: 192.0.2.1"}, "机器人的地址不对"),
        ("wecom", {"errcode": 93004, "errmsg": "robot is disabled"}, "机器人已停用"),
        ("wecom", {"errcode": 93008, "errmsg": "not in chat"}, "机器人不在群里"),
        ("dingtalk", {"errcode": 300001, "errmsg": "token is not exist"}, "机器人的地址不对"),
        ("dingtalk", {"errcode": 300005, "errmsg": "token is not exist"}, "机器人的地址不对"),
        ("dingtalk", {"errcode": 310000, "errmsg": "keywords not in content"}, "关键词"),
        ("dingtalk", {"errcode": 310000, "errmsg": "sign not match"}, "secret 不对"),
        ("dingtalk", {"errcode": 310000, "errmsg": "invalid timestamp"}, "服务器的时间"),
        ("dingtalk", {"errcode": 310000, "errmsg": "ip 192.0.2.1 not in whitelist"}, "白名单"),
        ("dingtalk", {"errcode": 310000, "errmsg": "something new"}, "安全设置没通过"),
        ("dingtalk", {"errcode": 430101, "errmsg": "unsafe link"}, "public_url"),
        ("feishu", {"code": 19001, "msg": "param invalid: incoming webhook access token invalid"}, "机器人的地址不对"),
        ("feishu", {"code": 19021, "msg": "sign match fail or timestamp is not within one hour from current time"}, "签名"),
        ("feishu", {"code": 19022, "msg": "Ip Not Allowed"}, "白名单"),
        ("feishu", {"code": 19024, "msg": "Key Words Not Found"}, "关键词"),
        ("feishu", {"code": 9499, "msg": "Bad Request"}, "格式"),
    ],
)
async def test_what_is_wrong_is_told_to_a_person(fake: FakeRobots, kind: str, answer: dict[str, Any], why: str) -> None:
    """Not tried again: what is set up wrongly stays so until somebody looks."""
    group = fake.group(kind)
    group.bad.append(answer)
    [receipt] = await sends(group)
    assert receipt.outcome is Outcome.REFUSED
    assert why in receipt.why
    assert str(answer.get("errcode", answer.get("code"))) in receipt.why


@pytest.mark.parametrize("kind", KINDS)
async def test_a_robot_taken_out_of_its_group_is_told(fake: FakeRobots, kind: str) -> None:
    group = fake.group(kind)
    group.gone = True
    [receipt] = await sends(group)
    assert receipt.outcome is Outcome.REFUSED
    assert "机器人" in receipt.why


async def test_a_platform_that_is_away_is_tried_again_and_shows_no_key(fake: FakeRobots) -> None:
    group = fake.group("wecom")
    await fake.stop()
    [receipt] = await sends(group)
    assert receipt.outcome is Outcome.AGAIN
    assert group.token not in repr(receipt)


async def test_a_robot_that_is_configured_no_more_is_refused(fake: FakeRobots) -> None:
    [receipt] = await sends(fake.group("wecom"), to="other")
    assert receipt.outcome is Outcome.REFUSED


async def test_a_line_is_cut_to_what_the_narrowest_takes(fake: FakeRobots) -> None:
    group = fake.group("wecom")
    [receipt] = await sends(group, text="暖" * 5000)
    assert receipt.outcome is Outcome.SENT


async def test_one_slow_group_does_not_hold_up_another(fake: FakeRobots) -> None:
    import aiohttp

    first, second = fake.group("wecom"), fake.group("wecom")
    robots = {"a": Robot(**first.settings("c")), "b": Robot(**second.settings("c"))}
    channel = WeComChannel(Nothing(robots), every=1000)
    channel._session = aiohttp.ClientSession()
    try:
        await channel.send(Outgoing(1, "a", "p", LINE))
        waiting = asyncio.create_task(channel.send(Outgoing(2, "a", "p", LINE)))
        assert (await channel.send(Outgoing(3, "b", "p", LINE))).outcome is Outcome.SENT
        assert not waiting.done()
        waiting.cancel()
    finally:
        await channel.stop()


@pytest.mark.parametrize("kind", KINDS)
def test_a_log_shows_no_key(kind: str) -> None:
    group = FakeRobots().group(kind)
    assert group.token not in masked(f"Cannot connect to {group.url}&x=1")
