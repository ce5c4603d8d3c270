"""语音和视频: kept, a person listens and writes it down, and it goes on as the resident's words."""

from __future__ import annotations

import pytest

from casework.case import State, Urgency
from storage import cases
from tests.fakes.town import Phone, Town

HOME = "锦绣苑3号楼2单元"


@pytest.fixture
def desk(town: Town) -> Phone:
    return town.staff("city-1")  # nobody knows yet where the stranger lives


def open_tasks(town: Town, *posts: str) -> list[str]:
    with town.database.reading() as conn:
        return [t.kind for t in cases.tasks_of(conn, posts)]


@pytest.mark.parametrize("channel", ["web", "telegram"])
def test_a_voice_is_written_down_and_becomes_a_case(town: Town, desk: Phone, channel: str) -> None:
    resident, worker = town.resident("王奶奶", channel), town.staff("w-s1c1g1")
    resident.sends_voice()
    resident.sees("收到了，会有人来听", "有危险请先打 119")
    card = desk.sees("有一段语音或视频要听：王奶奶发来的")
    assert len(card.files) == 1
    assert [b["label"] for b in card.buttons] == ["写下来", "听不清"]
    desk.presses("写下来")
    desk.sees("照原话写")
    desk.says(f"{HOME}501没暖气")
    desk.sees("当作居民的话往下办了")
    resident.sees("登记好了", "26-000001", "供暖")
    worker.sees("新诉求 26-000001", "附照片 1 张")
    case = town.case
    assert (case.category, case.spot.unit, case.spot.room) == ("heating", "2", "501")
    with town.database.reading() as conn:
        assert cases.photos(conn, case.id) == tuple(card.files)
    assert open_tasks(town, "city-1") == []


def test_heard_too_little_the_rest_is_asked_of_the_resident(town: Town, desk: Phone) -> None:
    resident = town.resident("王奶奶")
    resident.sends_voice()
    desk.presses("写下来")
    desk.says("家里没暖气")
    town.forward(seconds=2)
    resident.sees("在哪儿")
    resident.says(HOME)
    resident.sees("登记好了", "供暖")
    assert len(town.cases()) == 1


def test_it_became_a_case_meanwhile(town: Town, desk: Phone) -> None:
    resident, worker = town.resident("王奶奶"), town.staff("w-s1c1g1")
    resident.sends_voice()
    town.forward(minutes=11)
    assert town.case.category == "other"
    desk.presses("写下来")
    desk.says(f"{HOME}没暖气")
    resident.sees("听过了，记到 26-000001 里了")
    worker.sees("26-000001", "供暖")
    case = town.case
    assert (case.category, case.summary, case.urgency) == ("heating", f"{HOME}没暖气", Urgency.URGENT)
    assert open_tasks(town, "city-1") == []


def test_a_voice_about_an_open_case(town: Town) -> None:
    resident, worker, secretary = town.resident("王阿姨"), town.staff("w-s1c1g1"), town.staff("cs-s1c1")
    resident.says(f"{HOME}没暖气")
    resident.says("不留")
    resident.sends_voice()
    resident.sees("加到 26-000001 里了，会有人来听")
    worker.sees("居民补充 26-000001", "发来的照片或录音附在这里")
    secretary.presses("写下来")
    secretary.says("家里有个三个月的小孩，麻烦快一点")
    worker.sees("居民补充 26-000001", "三个月的小孩")
    resident.sees("听过了")
    assert len(town.cases()) == 1


def test_a_danger_that_is_heard_is_an_alarm(town: Town) -> None:
    resident, worker, secretary = town.resident("王阿姨"), town.staff("w-s1c1g1"), town.staff("cs-s1c1")
    resident.says(f"{HOME}电梯有异响")
    resident.says("不留")
    resident.sends_voice()
    secretary.presses("写下来")
    secretary.says("电梯里困了人，快来救人")
    resident.sees("119")
    worker.sees("🚨")
    assert any(c.emergency for c in town.cases())
    assert not any(c.resident_id != town.cases()[0].resident_id for c in town.cases())


def test_what_is_heard_ends_no_case(town: Town) -> None:
    """办结 waits for the resident's own word."""
    resident, worker, secretary = town.resident("王阿姨"), town.staff("w-s1c1g1"), town.staff("cs-s1c1")
    resident.says(f"{HOME}没暖气")
    for words in ("收到", "办好了", "换了阀门"):
        worker.says(words)
    resident.sends_voice()
    secretary.presses("写下来")
    secretary.says("已经解决了，谢谢")
    assert town.case.state is State.RESOLVED


def test_nothing_to_be_heard(town: Town, desk: Phone) -> None:
    resident = town.resident("王奶奶")
    resident.sends_voice()
    resident.clears()
    desk.presses("听不清")
    resident.sees("没听清，麻烦写一句")
    assert open_tasks(town, "city-1") == []


def test_it_stands_in_the_list_of_tasks_and_plays_there_too(town: Town, desk: Phone) -> None:
    town.resident("王奶奶").sends_voice()
    desk.says("任务")
    desk.presses("听语音 1")
    assert len(desk.sees("有一段语音或视频要听").files) == 1
    town.forward(minutes=31)
    desk.sees("任务过时了：听语音")


def test_written_twice_it_goes_on_once(town: Town, desk: Phone) -> None:
    resident = town.resident("王奶奶")
    resident.sends_voice()
    desk.presses("写下来")
    desk.says(f"{HOME}没暖气")
    desk.presses("写下来")
    desk.sees("这个按钮是之前的了")
    assert len(town.cases()) == 1


def test_a_film_with_words_needs_nobody_to_listen(town: Town, desk: Phone) -> None:
    resident, worker = town.resident("王阿姨"), town.staff("w-s1c1g1")
    resident.says(f"{HOME}没暖气", files=[{"kind": "video", "remote": "f"}])
    worker.sees("新诉求 26-000001")
    desk.sees_nothing()
