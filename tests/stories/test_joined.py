"""谁进来了, asked in the chat: figures for whoever answers for an area, and where the names are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fakes.town import Town

PAGE = "https://jiesu.example.org/staff/joined"


@pytest.fixture(autouse=True)
def at_an_address(town: Town) -> None:
    town.world = replace(town.world, public_url="https://jiesu.example.org")


@pytest.mark.parametrize("words", ["谁进来了", "谁进来了？", "邀请", "/joined"])
def test_a_secretary_hears_how_many_are_missing(town: Town, words: str) -> None:
    secretary = town.staff("cs-s1c1")
    worker = town.staff("w-s1c1g1")
    (secretary.commands if words.startswith("/") else secretary.says)(words)
    told = secretary.sees("锦绣社区：", "进来了 2 人", "没进来", PAGE).text
    assert "收不到" not in told
    assert "潘霞兰" not in told
    town.blocked.add(worker.address)
    worker.commands("/start")
    secretary.says("谁进来了")
    secretary.sees("进来了 2 人", "1 人现在收不到，0 人 7 天没有动静")


def test_silence_is_told_after_seven_days(town: Town) -> None:
    secretary, worker = town.all_staff("cs-s1c1", "w-s1c1g1")
    worker.says("帮助")
    town.forward(days=7, minutes=1)
    secretary.says("谁进来了")
    secretary.sees("0 人现在收不到，1 人 7 天没有动静")
    worker.says("帮助")
    secretary.says("谁进来了")
    secretary.sees_nothing("没有动静")


def test_each_hears_of_the_own_area(town: Town) -> None:
    city, subdistrict = town.all_staff("city-1", "sd-s1")
    city.says("邀请")
    everybody = city.sees("恒安新区：", "进来了 2 人").text
    subdistrict.says("邀请")
    some = subdistrict.sees("东华街道：", "进来了 1 人").text
    assert everybody.split("：")[1] != some.split("：")[1]


def test_nobody_else_hears_anything(town: Town) -> None:
    worker, resident = town.staff("w-s1c1g1"), town.resident("张大妈")
    worker.says("谁进来了")
    worker.sees("由社区书记、街道和市级看")
    worker.sees_nothing("没进来")
    resident.commands("/joined")
    resident.sees("没有这个命令")
    resident.says("邀请")
    resident.sees_nothing("没进来")
