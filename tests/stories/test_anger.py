"""Anger and abuse get one calm sentence and the case; advertising is turned away, without a lecture."""

from __future__ import annotations

import pytest

from tests.fakes.town import Town

CALM = "听得出您很着急"


def test_a_curse_with_a_trouble_gets_one_calm_sentence_and_the_case(town: Town) -> None:
    resident = town.resident()
    resident.says("他妈的锦绣苑3号楼2单元又没暖气了，你们都死了吗")
    assert CALM in resident.sees("登记好了").text
    resident.says("滚犊子，还冻着呢")
    town.forward(hours=1)
    resident.says("妈的锦绣苑3号楼楼道灯也坏了")
    assert [CALM in m.text for m in resident.shown].count(True) == 1
    assert [c.category for c in town.cases()] == ["heating", "building_facilities"]
    town.forward(days=1, hours=1)
    resident.says("妈的锦绣苑5号楼下水道堵了")
    assert [CALM in m.text for m in resident.shown].count(True) == 2


def test_abuse_alone_opens_nothing_and_is_asked_what_it_is_about(town: Town) -> None:
    resident = town.resident()
    resident.says("你们都是废物")
    resident.sees(CALM, "是什么事")
    resident.says("一群废物，滚蛋")
    assert CALM not in resident.sees("我在。是什么事").text
    resident.says("锦绣苑3号楼2单元没暖气")
    assert CALM not in resident.sees("登记好了").text
    assert len(town.cases()) == 1


@pytest.mark.parametrize("words", [
    "加微信群领红包 https://t.example/abc", "扫码进群领鸡蛋，每天红包", "【优惠】点击链接 http://x.example 领取补贴", "低价代办各类证件", "无抵押低息贷款，加微信详谈",
])  # fmt: skip
def test_advertising_is_turned_away_every_time(town: Town, words: str) -> None:
    resident = town.resident()
    for said in ("广告就不登记了", "发「我要登记」", "发「我要登记」"):
        assert len(resident.says(words)) == 1
        resident.sees(said)
    town.forward(minutes=30)
    assert town.cases() == []


@pytest.mark.parametrize("words", ["锦绣苑3号楼楼道里贴满小广告二维码", "领取补贴的链接打不开，我是锦绣苑3号楼的"])
def test_a_complaint_about_adverts_is_a_complaint(town: Town, words: str) -> None:
    resident = town.resident()
    resident.says(words)
    town.forward(minutes=11)
    assert len(town.cases()) == 1
