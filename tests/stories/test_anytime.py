"""Said at any time: my cases, nudge, withdraw, add, a person, a question; and the small talk between."""

from __future__ import annotations

import pytest

from casework.case import State
from tests.fakes.town import Phone, Town

HOME = "锦绣苑3号楼2单元"


@pytest.fixture
def resident(town: Town) -> Phone:
    return town.resident("王阿姨")


@pytest.fixture
def filed(resident: Phone) -> Phone:
    resident.says(f"{HOME}没暖气")
    resident.says("不留")
    resident.clears()
    return resident


@pytest.fixture
def lift(resident: Phone) -> Phone:
    """An ordinary case."""
    resident.says("锦绣苑3号楼电梯坏了")
    resident.says("不留")
    resident.clears()
    return resident


def solve(town: Town) -> None:
    worker = town.staff("w-s1c1g1")
    for words in ("收到", "办好了", "换了阀门"):
        worker.says(words)


# ---- my cases ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["我的诉求", "进展", "我报的事怎么样了", "办到哪了"])
def test_my_case_as_a_timeline(town: Town, filed: Phone, words: str) -> None:
    town.staff("w-s1c1g1").says("收到")
    filed.clears()
    filed.says(words)
    filed.sees("26-000001", "已接单", "登记", "接单", "前办好")


def test_no_cases(resident: Phone) -> None:
    resident.commands("/my")
    resident.sees("没有在办的事")


def test_several_cases_are_listed_and_opened(town: Town, filed: Phone) -> None:
    filed.says("电梯坏了")
    filed.commands("/my")
    filed.sees("26-000001", "26-000002", "点一件")
    filed.presses("26-000001")
    filed.sees("26-000001", "登记", "派给了")


def test_withdrawn_ones_are_listed_for_thirty_days(town: Town, filed: Phone) -> None:
    filed.says("撤回")
    filed.presses("撤回")
    town.forward(days=20)
    filed.says("我的诉求")
    filed.sees("已撤回")
    town.forward(days=12)
    filed.says("我的诉求")
    filed.sees("没有在办的事")


def test_internal_notes_are_not_shown(town: Town, filed: Phone) -> None:
    worker = town.staff("w-s1c1g1")
    worker.says("收到")
    worker.says("这家人难缠")
    filed.says("我的诉求")
    filed.sees_nothing("难缠")


def test_the_check_back_can_be_answered_in_the_timeline(town: Town, filed: Phone) -> None:
    solve(town)
    filed.says("我的诉求")
    filed.presses("已解决")
    assert town.case.state is State.CONFIRMED


def test_category_and_place_are_mended_in_one_tap(town: Town, filed: Phone) -> None:
    filed.says("我的诉求")
    filed.presses("改类别")
    filed.presses("水电气网")
    filed.sees("改好了", "水电气网")
    filed.says("我的诉求")
    filed.presses("改地点")
    filed.says("5号楼")
    filed.sees("改好了", "锦绣苑5号楼")


# ---- nudge ------------------------------------------------------------------------------------------------------


def test_a_nudge_counts_four_hours_after_filing(town: Town, lift: Phone) -> None:
    worker = town.staff("w-s1c1g1")
    lift.says("催办")
    lift.sees("今天14:00以后")
    town.forward(hours=4)
    lift.clears()
    lift.says("怎么还没人来，催一下")
    lift.sees("已经催了")
    worker.sees("居民催办")
    lift.says("催办")
    lift.sees("今天18:00以后")


def test_an_urgent_case_may_be_nudged_at_any_time_and_the_third_climbs(town: Town, filed: Phone) -> None:
    secretary = town.case.rung
    filed.says("催办")
    filed.says("催办")
    assert town.case.rung == secretary
    filed.says("催办")
    filed.sees("催了三次", "上一级")
    assert town.case.rung > 0


def test_which_one_is_nudged(town: Town, filed: Phone) -> None:
    filed.says("电梯坏了")
    filed.says("催办")
    filed.sees("催哪一件")
    filed.presses("26-000001 供暖")
    filed.sees("已经催了", "26-000001")


def test_nothing_to_nudge(resident: Phone) -> None:
    resident.says("催办")
    resident.sees("没有在办的事")


# ---- withdraw, take back ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["撤回", "不用来了，我自己弄好了", "/withdraw"])
def test_withdraw_is_asked_once_more(town: Town, filed: Phone, words: str) -> None:
    (filed.commands if words.startswith("/") else filed.says)(words)
    filed.sees("要撤回 26-000001")
    assert town.case.state is State.ASSIGNED
    filed.says("是")
    filed.sees("撤回了")
    assert town.case.state is State.WITHDRAWN


def test_not_withdrawn(town: Town, filed: Phone) -> None:
    filed.says("撤回")
    filed.presses("不撤回")
    filed.sees("继续办")
    assert town.case.state is State.ASSIGNED


def test_a_withdrawal_is_taken_back_within_ten_minutes(town: Town, filed: Phone) -> None:
    worker = town.staff("w-s1c1g1")
    filed.says("撤回")
    filed.presses("撤回")
    worker.sees("撤回了")
    town.forward(minutes=9)
    filed.presses("点错了")
    filed.sees("撤销", "等接单")
    worker.sees("居民点错了")
    assert town.case.state is State.ASSIGNED


def test_after_ten_minutes_it_stays(town: Town, filed: Phone) -> None:
    filed.says("撤回")
    filed.presses("撤回")
    town.forward(minutes=11)
    filed.presses("点错了")
    filed.sees("10 分钟以内")
    assert town.case.state is State.WITHDRAWN


@pytest.mark.parametrize("graded", [False, True])
def test_solved_is_taken_back_in_words(town: Town, filed: Phone, graded: bool) -> None:
    solve(town)
    filed.presses("已解决")
    if graded:
        filed.presses("满意")
    filed.says("点错了")
    filed.sees("撤销")
    assert town.case.state is State.RESOLVED
    filed.presses("未解决")
    assert town.case.state is State.REOPENED


# ---- add, a person ----------------------------------------------------------------------------------------------


def test_add_asks_what(town: Town, filed: Phone) -> None:
    town.forward(minutes=30)
    filed.presses("补充")
    filed.sees("补充什么")
    filed.says("次卧也不热")
    filed.sees("加到 26-000001")
    filed.presses("补充", last=30)
    filed.sends_photo()
    filed.sees("加到 26-000001")


def test_what_is_said_long_after_add_is_not_taken_for_it(town: Town, filed: Phone) -> None:
    filed.presses("补充")
    town.forward(hours=5)
    filed.says("电梯坏了")
    filed.sees("登记好了", "26-000002")


@pytest.mark.parametrize("words", ["转人工", "我要找书记", "/human"])
def test_a_person(town: Town, filed: Phone, words: str) -> None:
    (filed.commands if words.startswith("/") else filed.says)(words)
    filed.sees("联系您", "前给您回话")


# ---- questions, small talk --------------------------------------------------------------------------------------


def test_a_question_is_answered_with_its_source(town: Town, resident: Phone) -> None:
    resident.says("低保怎么申请")
    resident.sees("户口本", "来源")
    assert town.cases() == []


def test_a_question_without_an_answer_goes_to_the_desk(town: Town, resident: Phone) -> None:
    resident.says("请问社区图书角借书带什么证")
    resident.sees("这个问题", "前回您")
    assert town.cases() == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("你好", "您好，我是接诉"), ("在吗", "您好"), ("谢谢", "不客气"), ("你是谁", "我是接诉"), ("你是机器人吗", "我是接诉"),
        ("你们都是废物", "是什么事"), ("无抵押低息贷款，加微信详谈", "广告就不登记了"), ("😀😀", "没看懂"), ("好的", "您好"),
        ("/help", "我的诉求"), ("/start", "您好"), ("？？？", "没看懂"), ("123", "没看懂"),
    ],
)
def test_small_talk(town: Town, resident: Phone, words: str, said: str) -> None:
    heard = (resident.commands if words.startswith("/") else resident.says)(words)
    assert len(heard) == 1
    resident.sees(said)
    town.forward(minutes=20)
    assert town.cases() == []


def test_a_greeting_with_a_trouble_is_a_trouble(town: Town, resident: Phone) -> None:
    resident.says(f"你好，{HOME}没暖气")
    resident.sees("登记好了")


def test_a_curse_with_a_trouble_is_a_trouble(town: Town, resident: Phone) -> None:
    resident.says(f"妈的{HOME}又没暖气了")
    resident.sees("登记好了")


# ---- asides while something is awaited --------------------------------------------------------------------------


@pytest.mark.parametrize("aside", ["/my", "/help", "我的诉求", "你是谁", "低保怎么申请", "转人工", "在吗", "谢谢", "😀", "你们都是废物"])
def test_what_is_awaited_is_left_alone_and_repeated(town: Town, resident: Phone, aside: str) -> None:
    resident.says("没暖气")
    town.forward(seconds=2)
    resident.clears()
    heard = (resident.commands if aside.startswith("/") else resident.says)(aside)
    assert len(heard) == 1
    resident.sees("在哪儿")
    resident.says(HOME)
    resident.sees("登记好了", HOME, "供暖")
    assert town.case.summary == f"没暖气 {HOME}"


def test_buttons_are_repeated_too(town: Town, resident: Phone) -> None:
    resident.says("锦绣苑没水")
    town.forward(seconds=2)
    resident.commands("/help")
    resident.presses("5号楼", last=1)
    resident.sees("登记好了", "锦绣苑5号楼")


def test_one_message_a_turn(town: Town, resident: Phone) -> None:
    for words in ("你好", "没暖气", "我的诉求", "锦绣苑", "5号楼", "不对，是3号楼", "13800138000", "谢谢", "催办", "撤回", "不"):
        before = len(resident.shown)
        resident.says(words)
        town.forward(seconds=2)
        assert len(resident.shown) - before <= 1, words
