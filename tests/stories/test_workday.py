"""Eight and five o'clock for whoever has cases in hand: one message with what is unfinished, or none."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from storage import roster
from tests.fakes.town import START, Arrived, Phone, Town
from tests.stories.test_duty import HEAT, LAMP, row

FIVE = timedelta(hours=7)  # from START, Tuesday 10:00, to 17:00
WORKER = "w-s1c1g1"


def told(phone: Phone) -> list[Arrived]:
    return [m for m in phone.shown if m.key.startswith("digest.worker")]


def until_five(town: Town, days: int = 0) -> None:
    town.forward(seconds=(START + FIVE + timedelta(days=days) - town.now).total_seconds())
    town.workday(evening=True)


def until_eight(town: Town) -> None:
    town.forward(seconds=(START + timedelta(hours=22) - town.now).total_seconds())
    town.workday(evening=False)


@pytest.mark.parametrize("channel", ["telegram", "web"])
def test_at_five_what_is_unfinished_and_a_button_to_it(town: Town, channel: str) -> None:
    worker = town.staff(WORKER, channel)
    town.resident().says(LAMP)
    town.resident().says(HEAT)
    worker.says("我的工单")
    worker.presses("26-000002")
    worker.presses("接单")  # due tomorrow: nothing of it is unfinished today
    until_five(town)
    (message,) = told(worker)
    assert message.text.splitlines()[:2] == ["今天还没办完的：", "等您接单 1 件："]
    assert message.at == START + FIVE
    worker.presses("我的工单")
    worker.sees("您在办的", "26-000001", "26-000002")


def test_late_and_due_today_each_case_once(town: Town) -> None:
    worker = town.staff(WORKER)
    town.resident().says(HEAT)
    worker.presses("接单")
    town.forward(days=1, minutes=1)
    town.resident().says("锦绣苑5号楼没暖气了")
    worker.presses("接单")
    until_five(town, days=1)
    assert told(worker)[-1].text.splitlines()[1:-1] == ["超期 1 件：", "· ❗26-000001 锦绣苑3号楼2单元 供暖，过了时限 7小时（昨天10:00登记）"]
    town.forward(hours=16)  # Thursday 09:00: the second is due at 10:01
    town.workday(evening=False)
    assert told(worker)[-1].text.splitlines() == [
        "早上好。您手上的：", "超期 1 件：", "· ❗26-000001 锦绣苑3号楼2单元 供暖，过了时限 23小时（12月1日（周二）10:00登记）",
        "今天到期 1 件：", "· ❗26-000002 锦绣苑5号楼 供暖，今天10:01前办好",
    ]


def test_nothing_unfinished_is_not_said(town: Town) -> None:
    worker = town.staff(WORKER)
    town.resident().says(LAMP)
    worker.presses("接单")
    until_five(town)
    assert told(worker) == []
    worker.presses("办好了")
    worker.says("换了灯泡")
    town.forward(days=9)
    town.workday(evening=True)
    assert told(worker) == []  # it waits for the resident's word


def test_once_an_hour_of_a_day(town: Town) -> None:
    worker = town.staff(WORKER)
    town.resident().says(LAMP)
    until_five(town)
    town.workday(evening=True)  # started anew
    until_eight(town)
    town.workday(evening=False)
    assert [m.key for m in told(worker)] == ["digest.worker_evening", "digest.worker_morning"]


def test_not_to_who_is_off_duty(town: Town) -> None:
    worker, secretary = town.all_staff(WORKER, "cs-s1c1")
    town.resident().says(HEAT)
    worker.presses("接单")
    town.forward(days=1, minutes=1)
    worker.says("下班")
    until_five(town, days=1)
    assert told(worker) == []
    assert "超期 1 件：\n· ❗26-000001" in told(secretary)[-1].text


def test_not_to_who_has_no_shift_today(town: Town) -> None:
    worker = town.staff(WORKER)
    town.resident().says(LAMP)
    for area in ("s1c1g1", "s1c1"):
        row(town, roster.EXCEPTION, day=date(2026, 12, 1), post_id=WORKER, area_id=area, starts=time(7), ends=time(22), kind="off")
    until_five(town)
    assert told(worker) == []


def test_not_to_who_is_on_leave(town: Town) -> None:
    worker, colleague = town.all_staff(WORKER, "w-s1c1g2")
    town.resident().says(HEAT)
    worker.presses("接单")
    worker.says("请假 明天 余玉淑顶班")
    colleague.presses("同意")
    until_eight(town)
    assert told(worker) == []


def test_the_desk_hears_at_five_what_is_its_own(town: Town) -> None:
    """In the morning it has the overview of the community."""
    worker, secretary = town.all_staff(WORKER, "cs-s1c1")
    town.resident("王阿姨").says(LAMP)
    worker.presses("退单")
    worker.presses("不归我管")
    town.resident().says("转人工")
    until_five(town)
    assert "等您接单 1 件：\n· 26-000001" in told(secretary)[0].text
    until_eight(town)
    assert len(told(secretary)) == 1


@pytest.mark.parametrize("channel", ["telegram", "web"])
def test_the_after_photo_comes_with_the_first_question(town: Town, channel: str) -> None:
    resident, worker = town.resident("王阿姨", channel), town.staff(WORKER)
    resident.sends_photo(HEAT)
    worker.presses("接单")
    worker.presses("办好了")
    worker.sends_photo("换了阀门，22度")
    asked = resident.sees("说办好了：换了阀门，22度", "解决了吗")
    assert len(asked.files) == 1  # the one after, not the one before
    assert asked.files != worker.shown[0].files
    assert [b["label"] for b in asked.buttons] == ["已解决", "部分解决", "未解决"]


@pytest.mark.parametrize("channel", ["telegram", "web"])
def test_what_is_normal_and_falls_due_has_no_message_of_its_own(town: Town, channel: str) -> None:
    worker = town.staff(WORKER, channel)
    town.resident().says(LAMP)  # until the next Tuesday 18:00
    worker.presses("接单")
    worker.presses("到场")
    worker.clears()
    town.forward(days=6, hours=22)
    town.workday(evening=False)
    worker.sees("今天到期 1 件：", "26-000001")
    town.forward(hours=9)
    worker.sees_nothing()
    town.workday(evening=True)
    worker.sees("今天到期 1 件：", "26-000001")
    town.forward(minutes=59)
    worker.sees_nothing()
    town.forward(minutes=2)
    worker.sees("过了办好时限")


def test_what_is_urgent_is_told_at_once(town: Town) -> None:
    worker = town.staff(WORKER)
    town.resident().says(HEAT)
    worker.presses("接单")
    town.forward(hours=22)
    assert worker.sees("快到期了").at == START + timedelta(hours=21)  # in the morning: four hours are left at six


def test_what_falls_due_before_the_next_morning_is_told_in_the_evening(town: Town) -> None:
    """Once only: at eight it would be late."""
    resident, worker = town.resident(), town.staff(WORKER)
    resident.says(LAMP)
    worker.says("修好了，换了灯泡")
    town.forward(hours=10)
    resident.says("没解决")  # Tuesday 20:00: until Thursday 20:00
    worker.presses("接单")
    town.forward(hours=4, minutes=30)
    worker.says("修好了，换了灯泡")
    resident.says("没解决")  # at half past midnight: until Friday 00:30
    worker.presses("接单")
    until_five(town, days=2)
    assert all(w in told(worker)[-1].text for w in ("今晚到明早到期 1 件：", "26-000001"))


def test_at_five_the_desk_hears_what_is_late_below_and_what_climbed_to_it(town: Town) -> None:
    """Two emergencies that nobody has mended, and a lamp that nobody took: place, kind, 🚨 and how late, the worst first."""
    _worker, secretary, street, city = town.all_staff(WORKER, "cs-s1c1", "sd-s1", "city-1")
    town.resident().says("锦绣苑9号楼2单元电梯里困了人")
    town.resident().says(LAMP)
    until_five(town)
    for desk in (secretary, street, city):
        lines = told(desk)[-1].text.splitlines()
        late = lines.index("超期 1 件：")
        assert lines[late + 1].startswith("· 🚨26-000001 锦绣苑9号楼2单元 "), lines
        assert "过了时限 5小时（今天10:00登记）" in lines[late + 1]
    assert "26-000002 " in told(secretary)[-1].text


def test_at_most_eight_lines_and_how_many_more(town: Town) -> None:
    worker = town.staff(WORKER)
    for number in range(1, 12):
        town.resident().says(f"锦绣苑{number}号楼2单元楼道灯不亮")
    mine = sum(m.key == "card.new" for m in worker.shown)
    until_five(town)
    lines = told(worker)[-1].text.splitlines()
    assert sum(line.startswith("· ") for line in lines) == min(8, mine)
    assert (f"……还有 {mine - 8} 件" in lines) is (mine > 8)
