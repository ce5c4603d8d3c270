"""回访: two questions, in buttons or words; reminders in daytime; reopening; the resident's word alone ends it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.case import Answer, Satisfaction, State
from tests.fakes.town import Phone, Town

HEAT = "锦绣苑3号楼2单元又没暖气了"


def done(town: Town, channel: str = "telegram") -> tuple[Phone, Phone]:
    """Resident and worker; the worker has just said done."""
    resident, worker = town.resident("王阿姨", channel), town.staff("w-s1c1g1")
    resident.says(HEAT)
    again(worker)
    return resident, worker


def again(worker: Phone, note: str = "换了阀门") -> None:
    worker.presses("接单")
    worker.presses("办好了")
    worker.says(note)


def keys(phone: Phone) -> list[str]:
    return [m.key for m in phone.shown]


def test_two_questions_as_buttons(town: Town) -> None:
    resident, worker = done(town)
    asked = resident.sees("说办好了：换了阀门", "解决了吗")
    assert [b["label"] for b in asked.buttons] == ["已解决", "部分解决", "未解决"]
    resident.presses("已解决")
    asked = resident.sees("满意吗")
    assert [b["label"] for b in asked.buttons] == ["满意", "基本满意", "不满意", "点错了"]
    worker.sees("居民说解决了，辛苦了")
    resident.presses("基本满意")
    resident.sees("谢谢您")
    case = town.case
    assert (case.state, case.answer, case.satisfaction) == (State.CONFIRMED, Answer.SOLVED, Satisfaction.MOSTLY)


@pytest.mark.parametrize(("words", "answer"), [
    ("已经好了", Answer.SOLVED), ("热了，谢谢", Answer.SOLVED), ("还是没解决", Answer.NOT_SOLVED),
    ("好是好了但是又漏了", Answer.NOT_SOLVED), ("只修好了一半", Answer.PARTLY),
])
def test_answers_in_the_residents_own_words(town: Town, words: str, answer: Answer) -> None:
    resident, _ = done(town)
    resident.says(words)
    assert town.case.answer is answer


@pytest.mark.parametrize("words", ["谢谢", "好的", "嗯", "👍"])
def test_politeness_is_no_answer(town: Town, words: str) -> None:
    resident, _ = done(town)
    resident.says(words)
    assert town.case.state is State.RESOLVED
    assert town.case.answer is None


def test_a_verdict_spoken_with_the_answer_is_not_asked_again(town: Town) -> None:
    resident, _ = done(town)
    resident.clears()
    resident.says("解决了，很满意")
    resident.sees("谢谢您")
    assert "checkback.satisfied" not in keys(resident)
    assert town.case.satisfaction is Satisfaction.SATISFIED


@pytest.mark.parametrize("channel", ["web", "telegram"])
@pytest.mark.parametrize("words", ["好了，谢谢", "修好了，谢谢师傅", "热了，多谢你们，辛苦了", "谢谢，已经解决了"])
def test_thanks_are_no_grade(town: Town, words: str, channel: str) -> None:
    resident, worker = town.resident("王阿姨", channel), town.staff("w-s1c1g1")
    resident.says("锦绣苑3号楼2单元没暖气")
    worker.says("修好了，换了阀门")
    resident.says(words)
    assert (town.case.answer, town.case.satisfaction) == (Answer.SOLVED, None)
    resident.sees("满意吗")
    for thanks in ("谢谢", "好了，谢谢", "谢谢你们"):
        resident.says(thanks)
        assert town.case.satisfaction is None, thanks
    resident.says("挺满意的，谢谢")
    assert town.case.satisfaction is Satisfaction.SATISFIED
    assert len(town.cases()) == 1


def test_praise_with_the_thanks_is_a_grade(town: Town) -> None:
    resident, _ = done(town)
    resident.says("好了，服务真好，谢谢")
    assert town.case.satisfaction is Satisfaction.SATISFIED


def test_good_with_two_cases_waiting_asks_which(town: Town) -> None:
    resident, worker = done(town)
    resident.says("锦绣苑3号楼电梯坏了")
    again(worker, "换了门机")
    resident.clears()
    resident.says("好了")
    resident.sees("哪一件")
    assert all(c.state is State.RESOLVED for c in town.cases())


def test_reminders_after_a_day_and_three_in_daytime_only(town: Town) -> None:
    town.forward(hours=11)  # Tuesday 21:00
    resident, _ = done(town)
    resident.clears()
    town.forward(hours=24)  # Wednesday 21:00: too late in the day
    resident.sees_nothing()
    town.forward(hours=11, minutes=59)
    resident.sees_nothing()
    town.forward(minutes=1)  # Thursday 09:00
    reminded = resident.sees("再问一声", "解决了吗")
    assert [b["label"] for b in reminded.buttons] == ["已解决", "部分解决", "未解决"]
    town.forward(days=1, hours=23, minutes=59)
    resident.sees_nothing("再问一声")
    town.forward(minutes=1)  # Saturday 09:00: 72 h were over on Friday 21:00
    resident.sees("再问一声")
    town.forward(days=3)
    resident.sees_nothing("再问一声")
    assert town.case.state is State.RESOLVED  # nothing closes on silence


def test_an_answer_stops_the_reminders(town: Town) -> None:
    resident, _ = done(town)
    resident.presses("已解决")
    count = len(resident.shown)
    town.forward(days=5)
    assert len(resident.shown) == count


def test_partly_stays_open_and_asks_the_worker_for_a_new_date(town: Town) -> None:
    resident, worker = done(town)
    secretary = town.staff("cs-s1c1")
    resident.presses("部分解决")
    resident.sees("满意吗")
    worker.sees("居民说只解决了一部分", "哪天能全办好")
    assert town.case.state is State.IN_PROGRESS
    assert town.case.reopens == 0
    worker.presses("后天")
    resident.sees("说12月3日（周四）18:00前办好")
    town.forward(hours=1)
    secretary.sees_nothing("还没定新的日期")


def test_a_new_date_in_words_and_none_in_time(town: Town) -> None:
    resident, worker = done(town)
    secretary = town.staff("cs-s1c1")
    resident.says("只修好了一半，卧室还不热")
    worker.sees("卧室还不热")
    town.forward(minutes=30)
    secretary.sees("还没定新的日期")
    worker.sees("还没定新的日期")
    worker.says("周五")
    resident.sees("说12月4日（周五）18:00前办好")


def test_not_solved_reopens_with_the_residents_words_and_new_limits(town: Town) -> None:
    resident, worker = done(town)
    town.forward(hours=5)
    worker.clears()
    resident.says("还是不热，没解决")
    resident.sees("明白了", "已经退回去重新办", "今天15:30前接单", "12月3日（周四）15:00前办好")
    card = worker.sees("居民说没解决 26-000001（第1次）", "还是不热，没解决")
    assert "接单" in [b["label"] for b in card.buttons]
    case = town.case
    assert (case.state, case.reopens, case.acknowledged_at) == (State.REOPENED, 1, None)
    assert town.now - case.filed_at == timedelta(hours=5)  # "open since" is always the filing
    town.forward(minutes=31)
    worker.sees("没有及时接单")


def test_the_second_time_one_level_up_and_the_third_supervised(town: Town) -> None:
    resident, worker = done(town)
    secretary, subdistrict = town.all_staff("cs-s1c1", "sd-s1")
    resident.says("没解决，还是不热")
    again(worker)
    assert secretary.shown == []
    resident.says("没解决，又凉了")
    secretary.sees("第二次没解决 26-000001，请您盯一下", "又凉了")
    assert subdistrict.shown == []
    again(worker)
    resident.says("没解决，一点没热")
    subdistrict.sees("督办 26-000001：第3次没解决", "一点没热")
    assert town.case.supervised


def test_the_same_within_15_days_reopens(town: Town) -> None:
    resident, worker = done(town)
    resident.presses("已解决")
    town.forward(days=14)
    resident.says(HEAT)
    resident.sees("又坏了？26-000001")
    resident.presses("又坏了，重新办")
    worker.sees("居民说没解决 26-000001")
    assert town.case.state is State.REOPENED


def test_after_15_days_it_is_a_new_case(town: Town) -> None:
    resident, _ = done(town)
    resident.presses("已解决")
    town.forward(days=15, minutes=1)
    resident.says(HEAT)
    assert len(town.cases()) == 2


def test_filed_for_somebody_else_is_telephoned_at_once(town: Town) -> None:
    worker, secretary = town.all_staff("w-s1c1g1", "cs-s1c1")
    worker.says("锦绣苑5号楼电梯坏了，李奶奶家，电话13900001111")
    worker.presses("替居民")
    again(worker)
    town.forward(minutes=1)
    secretary.sees("要打个电话：26-000001")


def test_an_early_word_ends_it_and_the_worker_is_told(town: Town) -> None:
    resident, worker = town.resident(), town.staff("w-s1c1g1")
    resident.says(HEAT)
    resident.says("来暖气了，好了")
    resident.sees("是已经解决了吗？")
    resident.presses("是")
    worker.sees("居民说解决了")
    assert town.case.state is State.CONFIRMED


def test_danger_is_not_withdrawn_before_somebody_says_safe(town: Town) -> None:
    resident, worker = town.resident(), town.staff("w-s1c1g1")
    resident.says("锦绣苑3号楼电梯里有人被困了，快来")
    resident.says("撤回")
    resident.sees("您说没有危险", "等他们看过")
    assert town.case.state is State.ASSIGNED
    worker.presses("到场")
    worker.presses("已无危险")
    resident.sees("到场的人说已经没有危险了")
    resident.says("撤回")
    resident.presses("撤回")
    assert town.case.state is State.WITHDRAWN


def test_the_card_that_comes_back_has_the_residents_words(town: Town) -> None:
    """Not solved by button says nothing: then no words stand there, and never what the worker did."""
    resident, worker = done(town)
    worker.clears()
    resident.presses("未解决")
    card = worker.sees("居民说没解决")
    assert "居民：「" not in card.text
    assert "换了阀门" not in card.text
    resident.says("一点没热")
    assert "一点没热" in worker.sees("居民补充").text
