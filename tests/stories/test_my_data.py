"""我的数据: what is kept, who has looked at the number, what can be forgotten with a tap."""

from __future__ import annotations

import pytest

from storage import people
from tests.fakes.town import Phone, Town

HOME = "锦绣苑3号楼2单元501"


@pytest.fixture(params=["web", "telegram"])
def resident(town: Town, request: pytest.FixtureRequest) -> Phone:
    return town.resident("王阿姨", channel=request.param)


def test_all_that_is_kept(town: Town, resident: Phone) -> None:
    worker = town.staff("w-s1c1g1")
    resident.says(f"{HOME}暖气不热")
    resident.says("13812345678")
    resident.sends_photo()
    worker.presses("查看电话")
    town.forward(minutes=5)
    for ask in (resident.says, resident.commands):
        ask("我的数据" if ask == resident.says else "/data")
        told = resident.sees("我这里存着您的这些").text
        for words in (
            "王阿姨", "138****5678", "锦绣苑3号楼2单元501室", {"web": "网页", "telegram": "Telegram"}[resident.channel], "诉求 1 件",
            "写过的话 1 条", "照片 1 张", "专职网格员（26-000001）", "转人工",
        ):
            assert words in told
        assert "13812345678" not in told


def test_nothing_is_said_to_be_nothing(town: Town) -> None:
    stranger = town.resident()
    stranger.says("我的数据")
    told = stranger.sees("我这里存着您的这些")
    assert "电话：没有" in told.text
    assert "没有人看过" in told.text
    assert not told.buttons


def test_phone_and_home_are_forgotten_with_a_tap(town: Town, resident: Phone) -> None:
    worker = town.staff("w-s1c1g1")
    resident.says(f"{HOME}暖气不热")
    resident.says("13812345678")
    resident.says("我的数据")
    resident.presses("删掉电话")
    resident.sees("电话删掉了")
    worker.presses("查看电话")
    worker.sees("没留电话")
    resident.presses("忘掉我家")
    resident.sees("家的地址不记了")
    with town.database.reading() as conn:
        who = people.speaker(conn, resident.channel, resident.address)
    assert who is not None
    assert who.person.phone is None
    assert not who.person.home.known
    assert town.case.spot.room == "501", "the case keeps its place"
    resident.says("我的数据")
    assert not resident.sees("我这里存着您的这些", "家：没有").buttons


def test_nobody_elses_looks_are_shown(town: Town, resident: Phone) -> None:
    worker, other = town.staff("w-s1c1g1"), town.resident("李叔")
    resident.says(f"{HOME}暖气不热")
    resident.says("13812345678")
    worker.presses("查看电话")
    other.says("我的数据")
    assert "没有人看过" in other.sees("我这里存着您的这些").text


def test_staff_are_told_where_theirs_is_kept(town: Town) -> None:
    worker = town.staff("w-s1c1g1")
    worker.says("我的数据")
    told = worker.sees("组织资料")
    assert "删掉电话" not in [b["label"] for b in told.buttons]
