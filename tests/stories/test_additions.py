"""More words: to an open case, or something new? Each reversible by one button."""

from __future__ import annotations

import pytest

from casework.case import State
from storage import cases
from tests.fakes.town import Phone, Town

HOME = "锦绣苑3号楼2单元"


@pytest.fixture
def resident(town: Town) -> Phone:
    phone = town.resident("王阿姨")
    phone.says(f"{HOME}没暖气")
    phone.says("不留")
    phone.clears()
    return phone


def solve(town: Town) -> None:
    worker = town.staff("w-s1c1g1")
    for words in ("收到", "办好了", "换了阀门"):
        worker.says(words)


def test_within_a_quarter_of_an_hour_words_are_added(town: Town, resident: Phone) -> None:
    worker = town.staff("w-s1c1g1")
    town.forward(minutes=10)
    resident.says("家里还有个三个月的小孩")
    assert [b["label"] for b in resident.sees("加到 26-000001").buttons] == ["这是另一件事"]
    worker.sees("居民补充", "三个月的小孩")
    assert len(town.cases()) == 1


def test_another_category_is_new(town: Town, resident: Phone) -> None:
    town.forward(minutes=5)
    resident.says("电梯坏了")
    resident.sees("登记好了", "26-000002")


def test_the_same_trouble_elsewhere_is_new(town: Town, resident: Phone) -> None:
    town.forward(minutes=5)
    resident.says("锦绣苑5号楼也没暖气")
    resident.sees("登记好了", "26-000002", "锦绣苑5号楼")


@pytest.mark.parametrize("words", ["暖气还是冰凉", f"{HOME}还是没暖气"])
def test_later_the_same_topic_is_added_and_said_so(town: Town, resident: Phone, words: str) -> None:
    town.forward(minutes=40)
    resident.says(words)
    resident.sees("这像是 26-000001")
    assert len(town.cases()) == 1


def test_one_button_makes_it_another_matter(town: Town, resident: Phone) -> None:
    town.forward(minutes=40)
    resident.says("暖气还是冰凉")
    resident.presses("这是另一件事")
    resident.sees("登记好了", "26-000002")
    assert [c.summary for c in town.cases()] == [f"{HOME}没暖气", "暖气还是冰凉"]


def test_an_unknown_topic_is_asked(town: Town) -> None:
    phone = town.resident("李叔")
    phone.says("锦绣苑3号楼楼道里有东西")
    town.forward(seconds=2)
    phone.presses("都不是")
    town.forward(seconds=2)
    phone.presses("供暖")
    town.forward(minutes=40)
    phone.clears()
    phone.says("没暖气")
    phone.sees("是在说这一件吗")
    phone.presses("是新的事")
    phone.sees("登记好了", "26-000002")


def test_an_unknown_topic_answered_yes_is_added(town: Town) -> None:
    phone = town.resident("李叔")
    phone.says("锦绣苑3号楼有个情况")
    town.forward(seconds=2)
    phone.presses("供暖")
    town.forward(minutes=40)
    phone.says("没暖气")
    phone.says("是")
    town.forward(minutes=11)
    assert len(town.cases()) == 1


def test_unanswered_the_words_are_not_lost(town: Town, resident: Phone) -> None:
    solve(town)
    resident.presses("已解决")
    town.forward(days=2)
    resident.says("又没暖气了")
    resident.sees("又坏了", "26-000001")
    town.forward(minutes=11)
    assert [c.state for c in town.cases()] == [State.CONFIRMED, State.ASSIGNED]


def test_again_after_an_end_reopens(town: Town, resident: Phone) -> None:
    solve(town)
    resident.presses("已解决")
    town.forward(days=2)
    resident.says("又没暖气了")
    resident.presses("又坏了，重新办")
    resident.sees("重新")
    assert town.case.state is State.REOPENED
    town.forward(minutes=11)
    assert len(town.cases()) == 1


def test_again_said_in_words(town: Town, resident: Phone) -> None:
    solve(town)
    resident.presses("已解决")
    town.forward(days=2)
    resident.says("又没暖气了")
    resident.says("是的")
    assert town.case.state is State.REOPENED


def test_again_but_new(town: Town, resident: Phone) -> None:
    solve(town)
    resident.presses("已解决")
    town.forward(days=2)
    resident.says("又没暖气了")
    resident.presses("是新的事")
    resident.sees("登记好了", "26-000002")


def test_sixteen_days_after_an_end_it_is_new(town: Town, resident: Phone) -> None:
    solve(town)
    resident.presses("已解决")
    town.forward(days=16)
    resident.says("又没暖气了")
    resident.sees("登记好了", "26-000002")


def test_a_photo_goes_to_the_case_just_talked_of(town: Town, resident: Phone) -> None:
    worker = town.staff("w-s1c1g1")
    resident.sends_photo()
    resident.sees("加到 26-000001")
    worker.sees("居民补充", "发来的照片")


def test_a_photo_much_later_is_asked_about_and_words_find_the_case(town: Town, resident: Phone) -> None:
    town.forward(minutes=40)
    resident.sends_photo()
    resident.sees("什么事")
    resident.says("暖气还是冰凉")
    resident.sees("这像是 26-000001")
    town.forward(minutes=11)
    with town.database.reading() as conn:
        assert len(cases.photos(conn, town.case.id)) == 1


def test_it_came_back_before_the_worker_said_so(town: Town, resident: Phone) -> None:
    worker = town.staff("w-s1c1g1")
    resident.says("暖气热了")
    resident.sees("是已经解决了吗")
    resident.says("是")
    worker.sees("居民说解决了")
    assert town.case.state is State.CONFIRMED


def test_it_came_back_hours_later(town: Town, resident: Phone) -> None:
    town.forward(hours=3)
    resident.says("来暖气了")
    resident.sees("是已经解决了吗")
    resident.presses("是")
    assert town.case.state is State.CONFIRMED


def test_it_did_not_come_back_after_all(town: Town, resident: Phone) -> None:
    resident.says("暖气热了")
    resident.presses("不是")
    resident.sees("继续办")
    assert town.case.state is State.ASSIGNED


def test_of_two_cases_it_is_asked_which_is_solved(town: Town, resident: Phone) -> None:
    resident.says("电梯坏了")
    town.forward(minutes=30)
    resident.says("已经修好了")
    resident.sees("哪一件")
    resident.presses("26-000001 供暖")
    resident.sees("是已经解决了吗", "26-000001")


def test_other_residents_same_trouble_is_their_own_case(town: Town, resident: Phone) -> None:
    worker = town.staff("w-s1c1g1")
    other = town.resident("李叔")
    other.says(f"{HOME}没暖气")
    other.sees("登记好了", "26-000002")
    worker.sees("同楼另有1件")


@pytest.mark.parametrize("words", ["谢谢", "谢谢你们", "好的", "嗯", "👍", "知道了", "您好"])
def test_courtesy_is_not_added(town: Town, resident: Phone, words: str) -> None:
    worker = town.staff("w-s1c1g1")
    worker.clears()
    heard = resident.says(words)
    assert len(heard) == 1
    worker.sees_nothing()
    assert len(town.cases()) == 1


def test_which_one_may_be_written_by_number(town: Town, resident: Phone) -> None:
    resident.says("电梯坏了")
    town.forward(minutes=30)
    resident.says("好了")
    resident.says("26-000001")
    resident.sees("是已经解决了吗", "26-000001")


def test_the_same_trouble_after_a_withdrawal_is_asked_about_too(town: Town, resident: Phone) -> None:
    resident.says("撤回")
    resident.presses("撤回")
    assert town.case.ended
    town.forward(days=2)
    resident.says("锦绣苑3号楼2单元没暖气了")
    resident.sees("又坏了？26-000001")
    resident.presses("又坏了，重新办")
    assert town.case.state is State.REOPENED
