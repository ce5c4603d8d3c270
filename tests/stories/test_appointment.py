"""约时间: the worker offers times, the resident picks, both are reminded, a missed one is said; either can move it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from casework.case import State
from storage import cases
from tests.fakes.town import Phone, Town

HEAT = "锦绣苑3号楼2单元501没暖气"
SEVEN = datetime(2026, 12, 1, 11, 0, tzinfo=UTC)  # today 19:00 in the town


def filed(town: Town, channel: str = "web", words: str = HEAT) -> tuple[Phone, Phone]:
    resident, worker = town.resident("王阿姨", channel), town.staff("w-s1c1g1")
    resident.says(words)
    resident.says("不留")
    worker.presses("接单")
    town.forward(seconds=1)
    for phone in (resident, worker):
        phone.clears()
    return resident, worker


def agreed(town: Town, channel: str = "web") -> tuple[Phone, Phone]:
    resident, worker = filed(town, channel)
    resident.says("我七点后在家")
    worker.presses("约时间")
    worker.presses("今天19:00")
    worker.presses("发给居民")
    resident.presses("今天19:00")
    for phone in (resident, worker):
        phone.clears()
    return resident, worker


def kinds(town: Town) -> list[str]:
    with town.database.reading() as conn:
        return [e.kind for e in cases.events(conn, town.case.id)]


@pytest.mark.parametrize("channel", ["web", "telegram"])
def test_i_am_home_after_seven(town: Town, channel: str) -> None:
    resident, worker = filed(town, channel)
    resident.says("我七点后在家")
    resident.sees("告诉专职网格员", "定好时间我来问您")
    card = worker.sees("居民说到上门时间 26-000001", "「我七点后在家」")
    assert [b["label"] for b in card.buttons] == ["约时间", "回复居民", "查看电话", "更多…"]
    worker.presses("约时间")
    asked = worker.sees("约什么时间上门", "居民说：「我七点后在家」")
    assert [b["label"] for b in asked.buttons] == ["今天19:00", "今天20:00", "明天19:00", "明天20:00", "12月3日（周四）19:00", "12月3日（周四）20:00"]
    worker.presses("今天19:00")
    worker.sees("选了：今天19:00")
    worker.presses("明天19:00")
    worker.presses("发给居民")
    worker.sees("把今天19:00、明天19:00发给居民挑了")
    offered = resident.sees("想上门来看，您哪个时间在家")
    assert [b["label"] for b in offered.buttons] == ["今天19:00", "明天19:00", "都不行"]
    resident.presses("今天19:00")
    resident.sees("约好今天19:00", "专职网格员", "上门", "锦绣苑3号楼2单元501室")
    worker.sees("约好了 26-000001：今天19:00上门", "锦绣苑3号楼2单元501室")
    assert town.case.appointment_at == SEVEN


def test_both_are_reminded_and_being_there_keeps_it(town: Town) -> None:
    resident, worker = agreed(town)
    town.forward(hours=7)  # 17:00
    resident.sees("提醒您一下：今天19:00上门")
    worker.sees_nothing("快到约好的时间了")
    town.forward(hours=1)
    worker.sees("快到约好的时间了 26-000001：今天19:00")
    town.forward(hours=1, minutes=10)
    worker.presses("到场")
    assert town.case.appointment_at is None
    resident.clears()
    town.forward(hours=2)
    resident.sees_nothing("约好的")
    assert "miss_appointment" not in kinds(town)


def test_a_missed_one_is_said_to_the_resident_and_the_secretary(town: Town) -> None:
    secretary = town.staff("cs-s1c1")
    resident, worker = agreed(town)
    secretary.clears()
    town.forward(hours=9, minutes=31)
    resident.sees("约好的今天19:00过了，人还没到，对不住", "书记")
    worker.sees("约好的时间过了", "没看到您到场")
    secretary.sees("约好今天19:00上门，过了半小时还没到场", "在办：专职网格员")
    resident.says("明天晚上七点吧")
    worker.sees("居民说到上门时间", "明天晚上七点吧")
    worker.presses("约时间")
    worker.sees("约什么时间上门")


def test_when_do_you_come(town: Town) -> None:
    resident, worker = filed(town)
    resident.says("几点来？")
    resident.sees("告诉专职网格员")
    worker.sees("居民说到上门时间", "几点来？")
    resident.says("到底什么时候来修")
    resident.sees("已经问过", "还没定下来")
    worker.sees_nothing("居民说到上门时间")
    worker.presses("约时间")
    worker.says("明天下午三点，或者周六上午九点")
    offered = resident.sees("您哪个时间在家")
    assert [b["label"] for b in offered.buttons] == ["明天15:00", "12月5日（周六）9:00", "都不行"]
    resident.says("回复2")
    resident.sees("约好12月5日（周六）9:00")
    resident.says("几点来？")
    resident.sees("约的是12月5日（周六）9:00上门")


def test_when_the_water_comes_is_no_appointment(town: Town) -> None:
    resident, worker = filed(town)
    resident.says("什么时候来暖气")
    worker.sees_nothing("居民说到上门时间")


def test_told_with_the_trouble_the_times_are_fitted_all_the_same(town: Town) -> None:
    resident, worker = town.resident("李叔"), town.staff("w-s1c1g1")
    resident.says("锦绣苑3号楼2单元501没暖气，我明天下午两点到五点在家")
    worker.presses("更多…")
    worker.presses("约时间")
    asked = worker.sees("约什么时间上门")
    assert [b["label"] for b in asked.buttons] == ["明天14:00", "明天15:00", "明天16:00"]


def test_three_times_go_out_by_themselves_and_it_counts_as_contact(town: Town) -> None:
    resident, worker = town.resident("王阿姨"), town.staff("w-s1c1g1")
    resident.says(HEAT)
    resident.clears()
    worker.presses("更多…")
    worker.presses("约时间")
    for label in ("今天14:00", "今天16:00", "今天19:00"):
        worker.presses(label)
    resident.sees("已经接单了", "您哪个时间在家")
    case = town.case
    assert case.state is State.IN_PROGRESS
    assert case.contacted_at == case.acknowledged_at == town.now
    town.forward(hours=1)
    assert town.case.rung == 0


@pytest.mark.parametrize(("words", "at"), [
    ("第二个", "明天19:00"), ("2", "明天19:00"), ("明天19:00", "明天19:00"), ("今晚七点吧", "今天19:00"), ("都可以", "今天19:00"),
])
def test_picked_in_plain_words(town: Town, words: str, at: str) -> None:
    resident, worker = filed(town)
    worker.says("约今晚七点，或者明天晚上七点")
    resident.says(words)
    resident.sees(f"约好{at}")
    worker.sees("约好了", at)


def test_none_fits_and_another_is_told(town: Town) -> None:
    resident, worker = filed(town)
    worker.says("约今晚七点")
    resident.presses("都不行")
    resident.sees("您哪天几点在家")
    resident.says("周六上午十点以后")
    resident.sees("告诉专职网格员")
    worker.sees("周六上午十点以后")
    worker.says("约周六上午十点")
    resident.says("好的")
    resident.sees("约好12月5日（周六）10:00")


def test_the_resident_names_a_time_of_their_own(town: Town) -> None:
    resident, worker = filed(town)
    worker.says("约今晚七点")
    resident.says("明天中午十二点行不行")
    resident.sees("告诉专职网格员")
    worker.sees("居民说到上门时间", "明天中午十二点行不行")
    assert town.case.appointment_at is None


def test_the_resident_moves_it(town: Town) -> None:
    resident, worker = agreed(town)
    resident.presses("改个时间")
    resident.sees("您哪天几点在家")
    assert town.case.appointment_at == SEVEN  # it stands until another is told
    resident.says("明天上午")
    resident.sees("今天19:00不来了", "您说的时间告诉")
    card = worker.sees("居民说今天19:00不行了", "明天上午")
    assert card.buttons[0]["label"] == "约时间"
    town.forward(hours=10)
    resident.sees_nothing("约好的")


def test_the_resident_cannot_keep_it(town: Town) -> None:
    resident, worker = agreed(town)
    resident.says("我今晚临时有事")
    resident.sees("今天19:00不来了", "您哪天几点在家")
    worker.sees("居民说今天19:00不行了", "我今晚临时有事")
    assert town.case.appointment_at is None


def test_the_worker_cannot_keep_it_and_it_may_be_taken_back(town: Town) -> None:
    resident, worker = agreed(town)
    worker.presses("取消约定")
    worker.sees("今天19:00取消了，告诉居民了")
    resident.sees("专职网格员", "今天19:00来不了了，对不住", "您哪天几点在家")
    worker.presses("点错了")
    resident.sees("是点错了，还是今天19:00上门")
    assert town.case.appointment_at == SEVEN


def test_the_worker_offers_another_and_the_first_stands_until_then(town: Town) -> None:
    resident, worker = agreed(town)
    worker.presses("改个时间")
    worker.says("今晚八点")
    assert town.case.appointment_at == SEVEN
    resident.presses("今天20:00")
    worker.sees("约好了 26-000001：今天20:00上门")


def test_an_offer_taken_back_cannot_be_picked(town: Town) -> None:
    resident, worker = filed(town)
    worker.says("约今晚七点")
    worker.presses("点错了")
    resident.presses("今天19:00")
    resident.sees("这个按钮是之前的了")
    assert town.case.appointment_at is None


@pytest.mark.parametrize(("words", "why"), [
    ("约今天上午八点", "这个时间已经过了"), ("约明天半夜两点", "晚上 10 点到早上 7 点不上门"), ("约12月30日下午三点", "只能约两周以内"),
])
def test_odd_times_are_refused_clearly(town: Town, words: str, why: str) -> None:
    resident, worker = filed(town)
    worker.says(words)
    worker.sees(why)
    resident.sees_nothing()


def test_picked_too_late_it_is_asked_again(town: Town) -> None:
    resident, worker = filed(town)
    worker.says("约中午十二点")
    town.forward(hours=3)
    resident.presses("今天12:00")
    resident.sees("这个时间已经过了", "您哪天几点在家")


def test_offered_at_night_it_says_the_day_of_the_morning(town: Town) -> None:
    resident, worker = filed(town)
    town.forward(hours=13)  # 23:00
    resident.clears()
    worker.says("更多")
    worker.commands("/case 26-000001")
    worker.presses("更多…")
    worker.presses("约时间")
    worker.says("明天上午九点")
    resident.sees_nothing()
    town.forward(hours=8)
    offered = resident.sees("您哪个时间在家")
    assert offered.buttons[0]["label"] == "今天9:00"


def test_nobody_opens_a_time_is_offered_instead_of_a_return(town: Town) -> None:
    resident, worker = filed(town)
    worker.presses("退单")
    worker.presses("进不去")
    worker.sees("可以和居民约个时间再去，不用退")
    worker.presses("约时间")
    worker.presses("今天19:00")
    worker.presses("发给居民")
    resident.sees("您哪个时间在家")
    assert town.case.returns == 0


def test_nobody_opens_and_it_is_returned_all_the_same(town: Town) -> None:
    _resident, worker = filed(town)
    worker.presses("退单")
    worker.presses("进不去")
    worker.presses("还是退单")
    assert town.case.returns == 1


def test_who_gets_it_next_sees_the_appointment(town: Town) -> None:
    secretary = town.staff("cs-s1c1")
    _resident, worker = agreed(town)
    worker.presses("退单")
    worker.presses("我请假了")
    town.forward(hours=8)  # 18:00
    cards = [p for p in town.phones.values() if any("约好今天19:00上门" in m.text for m in p.shown) and p is not worker]
    assert cards or "约好今天19:00上门" in secretary.sees("26-000001").text
    assert town.case.appointment_at == SEVEN


def test_what_ends_takes_the_appointment_with_it(town: Town) -> None:
    resident, worker = agreed(town)
    resident.says("撤回")
    resident.presses("撤回")
    assert (town.case.state, town.case.appointment_at) == (State.WITHDRAWN, None)
    town.forward(days=1)
    resident.sees_nothing("约好的")
    worker.sees_nothing("快到约好的")


def test_done_without_a_press_on_the_spot_ends_it_too(town: Town) -> None:
    resident, worker = agreed(town)
    worker.says("办好了")
    worker.says("换了阀门")
    assert (town.case.state, town.case.appointment_at) == (State.RESOLVED, None)
    town.forward(hours=10)
    resident.sees_nothing("约好的")


def test_of_two_cases_it_is_asked_which(town: Town) -> None:
    resident, worker = filed(town)
    resident.says("电梯坏了")
    town.forward(minutes=20)
    resident.says("我明天上午在家")
    resident.sees("哪一件")
    resident.presses("26-000001 供暖")
    worker.sees("居民说到上门时间 26-000001", "我明天上午在家")


def test_another_trouble_told_with_the_time_is_another_case(town: Town) -> None:
    resident, _worker = filed(town)
    resident.says("电梯坏了，我七点后在家")
    assert len(town.cases()) == 2


def test_the_timeline_tells_it_and_offers_the_buttons(town: Town) -> None:
    resident, _worker = agreed(town)
    shown = resident.says("我的诉求")[0]
    assert "约好今天19:00上门" in shown.text
    assert {"改个时间", "取消约定"} <= {b["label"] for b in shown.buttons}


def test_a_stranger_cannot_pick(town: Town) -> None:
    resident, worker = filed(town)
    stranger = town.resident("李叔")
    worker.says("约今晚七点")
    value = next(b["value"] for m in resident.shown for b in m.buttons if b["label"] == "今天19:00")
    stranger.presses_value(value)
    stranger.sees("这个按钮是别人的")
    assert town.case.appointment_at is None


TOGETHER = "锦绣苑3号楼2单元501没暖气，网格员还骂人"


@pytest.mark.parametrize("channel", ["web", "telegram"])
@pytest.mark.parametrize("words", ["几点来？", "什么时候来修", "我七点后在家"])
def test_told_with_a_complaint_it_is_for_whom_somebody_visits(town: Town, words: str, channel: str) -> None:
    """The complaint was talked of last, and nobody comes for it; nor does the worker's name reach it."""
    secretary = town.staff("cs-s1c1")
    resident, worker = town.resident("王阿姨", channel), town.staff("w-s1c1g1")
    resident.says(TOGETHER)
    heat = next(c for c in town.cases() if not c.accused)
    assert len(town.cases()) == 2
    for phone in (secretary, worker, resident):
        phone.clears()
    resident.says(words)
    worker.sees("居民说到上门时间", heat.number, words)
    secretary.sees_nothing(words)
    resident.sees("告诉专职网格员", heat.number)


def test_two_that_are_visited_and_a_complaint_it_is_asked_which(town: Town) -> None:
    resident, worker = town.resident("王阿姨"), town.staff("w-s1c1g1")
    resident.says(TOGETHER)
    resident.says("锦绣苑3号楼楼道灯不亮")
    heat, lamp = (c.number for c in town.cases() if not c.accused)
    town.forward(minutes=20)
    for phone in (resident, worker):
        phone.clears()
    resident.says("几点来？")
    asked = resident.sees("哪一件")
    assert {b["label"].split(" ")[0] for b in asked.buttons} == {heat, lamp}
    resident.presses(next(label for label in resident.labels(1) if label.startswith(lamp)))
    worker.sees("居民说到上门时间", lamp, "几点来？")


def test_a_complaint_alone_is_asked_about_at_the_desk_that_has_it(town: Town) -> None:
    secretary, resident = town.staff("cs-s1c1"), town.resident("王阿姨")
    resident.says("锦绣苑3号楼的网格员骂人")
    assert town.case.accused
    secretary.clears()
    resident.says("你们几点来？")
    secretary.sees("居民说到上门时间", town.case.number)
