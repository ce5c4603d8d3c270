"""A turn failed three times, and the words told of a danger: nobody waits for office hours, and the sender hears whom to call."""

from __future__ import annotations

import pytest

from handlers import failed as handling
from tests.fakes.town import Phone, Town
from tests.stories.test_desk_climbs import at_home, fails
from tests.stories.test_groups import InGroup

FIRE = "家里着火了，快来人"
SMELL = "屋里有股臭鸡蛋味"


def desks(town: Town) -> list[Phone]:
    found = town.all_staff("cs-s1c1", "sd-s1", "city-1", "city-2", "city-3", "city-4")
    return [found[0], found[1], *found[2:]]


def home(town: Town, channel: str = "web") -> Phone:
    resident = at_home(town)
    for desk in desks(town):
        desk.clears()
    resident.clears()
    return resident


def test_the_sender_hears_whom_to_call_and_the_desk_is_told_at_once(town: Town) -> None:
    resident = home(town)
    secretary = town.staff("cs-s1c1")
    fails(town, resident, FIRE)
    said = resident.shown[-1].text
    assert said.startswith("⚠️")
    assert said.index("119") < said.index("已转人工")
    card = secretary.sees("🚨紧急", FIRE, "没有派人")
    assert [b["label"] for b in card.buttons] == ["登记成诉求", "回答", "已处理"]


def test_ten_minutes_and_it_climbs_and_rings_at_the_top(town: Town) -> None:
    resident = home(town)
    secretary, subdistrict, *city = desks(town)
    fails(town, resident, FIRE)
    town.forward(minutes=9)
    subdistrict.sees_nothing()
    town.forward(minutes=1)
    secretary.sees("🚨紧急", FIRE)
    secretary.sees("任务过时了")
    subdistrict.sees("报到您这里", "危险消息没处理好")
    town.forward(minutes=5)
    assert any("报到您这里" in m.text for phone in city for m in phone.shown[phone.read :])
    before = sum(len(phone.shown) for phone in city)
    town.forward(minutes=20)
    assert sum(len(phone.shown) for phone in city) == before + 2


def test_at_night_it_wakes_the_desk(town: Town) -> None:
    resident = home(town)
    secretary = town.staff("cs-s1c1")
    town.forward(hours=16)  # two in the morning
    fails(town, resident, FIRE)
    assert secretary.sees("🚨紧急", FIRE).at == town.now


def test_a_smell_at_night_is_told_to_a_desk_that_is_awake(town: Town) -> None:
    resident = home(town)
    secretary = town.staff("cs-s1c1")
    town.forward(hours=16)
    fails(town, resident, SMELL)
    assert secretary.sees("❗", SMELL).at == town.now  # she is on the night row


def test_one_press_and_somebody_is_sent(town: Town) -> None:
    resident = home(town)
    secretary, worker = town.staff("cs-s1c1"), town.staff("w-s1c1g1")
    fails(town, resident, f"锦绣苑3号楼2单元{FIRE}")
    secretary.presses("登记成诉求")
    case = town.cases()[-1]
    assert (case.emergency, case.danger) == (True, "fire")
    worker.sees("🚨紧急", case.number)
    worker.presses("接单")
    town.forward(minutes=60)
    assert not [m for m in secretary.shown if "任务过时了" in m.text]


def test_a_smell_that_may_be_gas_is_urgent_and_said_what_to_do(town: Town) -> None:
    resident = home(town)
    secretary = town.staff("cs-s1c1")
    fails(town, resident, SMELL)
    assert "开窗关阀" in resident.shown[-1].text
    secretary.sees("❗", SMELL)
    town.forward(minutes=31)
    secretary.sees("任务过时了")


@pytest.mark.parametrize("words", ["没暖气", "去年这里着过火", "楼道灯不亮"])
def test_what_is_no_danger_waits_as_ever(town: Town, words: str) -> None:
    resident = home(town)
    secretary = town.staff("cs-s1c1")
    fails(town, resident, words)
    assert resident.shown[-1].text == "收到了，已转人工，会有人看您的话并联系您。"
    secretary.sees("系统没处理好", words)
    town.forward(minutes=60)
    secretary.sees_nothing("任务过时了")


def test_words_that_cannot_even_be_read_are_urgent(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever made the turns fall over may be the reading itself."""

    def broken(*_: object) -> None:
        raise ValueError("bug")

    resident = home(town)
    secretary = town.staff("cs-s1c1")
    monkeypatch.setattr(handling, "danger_in", broken)
    fails(town, resident, "锦绣苑没暖气")
    resident.sees("有生命危险请先打电话", "已转人工")
    secretary.sees("❗", "锦绣苑没暖气")
    town.forward(minutes=31)
    secretary.sees("任务过时了")


def test_nobody_can_say_whom_the_words_accuse_and_the_city_reads_them(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError("bug")

    resident = home(town)
    secretary, _, *city = desks(town)
    monkeypatch.setattr(handling, "desk_for", broken)
    fails(town, resident, FIRE)
    resident.sees("119", "已转人工")
    secretary.sees_nothing()
    assert any(FIRE in m.text for phone in city for m in phone.shown[phone.read :])


def test_on_the_list_it_stands_with_its_name(town: Town) -> None:
    resident = home(town)
    secretary = town.staff("cs-s1c1")
    fails(town, resident, FIRE)
    secretary.says("任务")
    assert "危险消息没处理好 · " in secretary.shown[-1].text


def test_in_a_group_too_the_sentence_is_said(town: Town) -> None:
    auntie = InGroup(town, "77", "王阿姨")
    auntie.says("你好")
    before = len(auntie.group.shown)
    fails_in_a_group(town, auntie, FIRE)
    assert "119" in auntie.group.shown[before].text


def fails_in_a_group(town: Town, sender: InGroup, text: str) -> None:
    from handlers import turn as turns
    from storage.queues import inbox

    with town.database.writing() as conn:
        stored = inbox.store_incoming(
            conn, channel="telegram", update_key=f"broken {text}", sender=sender.user, kind="text", text=text,
            body={"name": sender.name, "chat": sender.chat}, group_key=None, received_at=town.now, ready_at=town.now)
        rows = inbox.take(conn, stored.id)
        turns.failed(conn, town.world, town.now, rows[0])
        inbox.mark_failed(conn, rows, "bug", 3)
    town.deliver()
