"""Questions are answered, not registered: prepared answers, the desk, the desk's answer kept for the next who asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from casework.case import State
from nlp.answers import Answer
from storage import answers as kept
from tests.fakes.town import Phone, Town

HOME = "锦绣苑3号楼2单元"
LIBRARY = "请问社区图书角借书带什么证"


def reload(town: Town) -> None:
    """What bot/world.py does a few seconds after a desk has kept an answer."""
    with town.database.reading() as conn:
        given = tuple(Answer(**each) for each in kept.given(conn))
    town.world = replace(town.world, answers=(*[a for a in town.world.answers if a.area == "" and a.source.endswith("（示例）")], *given))


def test_an_answer_names_its_source_and_until_when(town: Town) -> None:
    resident = town.resident()
    resident.says("低保怎么申请")
    assert "有效到2027年12月31日（周五）" in resident.sees("带户口本", "来源：恒安新区民政窗口（示例）").text
    resident.presses("有用")
    resident.sees("不客气")
    town.forward(minutes=30)
    assert town.cases() == []


def test_an_answer_that_does_not_help_goes_to_the_desk(town: Town) -> None:
    city, resident = town.staff("city-1"), town.resident("王阿姨")
    resident.says("低保怎么申请")
    resident.presses("没答上，问社区")
    resident.sees("我请", "明天10:00前回您")
    city.sees("居民问：王阿姨", "低保怎么申请")


def test_the_buttons_may_be_written_too(town: Town) -> None:
    city, resident = town.staff("city-1"), town.resident()
    resident.says("低保怎么申请")
    resident.says("回复2")
    city.sees("低保怎么申请")
    resident.says("低保怎么申请")
    resident.clears()
    resident.says("没答上")
    resident.sees("我请")


def test_what_has_ended_is_never_said(town: Town) -> None:
    ended = tuple(replace(a, valid_until=date(2026, 11, 30)) for a in town.world.answers)
    town.world = replace(town.world, answers=ended)
    resident = town.resident()
    resident.says("低保怎么申请")
    resident.sees("前回您")
    resident.sees_nothing("户口本")


def test_two_that_fit_equally_are_asked_about(town: Town) -> None:
    more = [Answer(f"{who}优惠", (f"{who}",), ("优惠",), (), f"{who}：减半。", "交通（示例）", date(2027, 1, 1)) for who in ("老人", "学生")]
    town.world = replace(town.world, answers=(*town.world.answers, *more))
    resident = town.resident()
    resident.says("请问老人和学生坐公交有优惠吗")
    resident.sees("您问的是哪一个")
    resident.presses("学生优惠")
    resident.sees("学生：减半。")


def test_the_desk_answers_in_time_and_keeps_the_answer(town: Town) -> None:
    secretary, resident, neighbour, stranger = town.staff("cs-s1c1"), town.resident("王阿姨"), town.resident("李叔"), town.resident()
    for phone in (resident, neighbour):
        phone.says(f"{HOME}没暖气")
        phone.clears()
    resident.says(LIBRARY)
    resident.sees("明天10:00前回您")
    secretary.sees("居民问：王阿姨", "图书角")
    secretary.presses("回答")
    secretary.says("带身份证就行，周六也开，问小李 13812345678")
    resident.sees("您问的「请问社区图书角借书带什么证」", "回您：", "带身份证就行")
    secretary.sees("要不要放进常见问题")
    secretary.presses("放进去")
    assert "13812345678" not in secretary.sees("问的是：图书角", "问法：", "带什么", "锦绣社区", "2027年12月1日").text
    secretary.says("天气，怎么样")
    secretary.sees("自己都对不上")
    secretary.says("图书角 借书，带什么 证件 材料")
    secretary.sees("改好了", "问的是：图书角、借书", "问法：带什么、证件、材料")
    secretary.says("到明年6月1日")
    secretary.sees("2027年6月1日")
    secretary.presses("就这样")
    secretary.sees("放进常见问题了：图书角")
    with town.database.reading() as conn:
        (row,) = kept.in_use(conn)
    assert (row.added_post, row.added_name, row.area_id, row.question) == ("cs-s1c1", secretary.name, "s1c1", LIBRARY)
    reload(town)
    neighbour.says("图书角借书要带什么")
    neighbour.sees("带身份证就行", "来源：锦绣社区社区党委书记，有效到2027年6月1日")
    stranger.says("图书角借书要带什么")
    stranger.sees("前回您")  # another community may do it otherwise
    secretary.presses("撤下来")
    secretary.sees("图书角撤下来了")
    reload(town)
    neighbour.clears()
    neighbour.says("图书角借书要带什么")
    neighbour.sees("前回您")


def test_nothing_is_kept_without_the_desks_yes(town: Town) -> None:
    city, resident = town.staff("city-1"), town.resident()
    resident.says(LIBRARY)
    city.presses("回答")
    city.says("带身份证")
    city.presses("不用")
    city.sees("好，不放")
    with town.database.reading() as conn:
        assert kept.in_use(conn) == []


def test_a_question_nobody_answers_goes_up_and_the_resident_hears(town: Town) -> None:
    secretary, subdistrict, resident = town.staff("cs-s1c1"), town.staff("sd-s1"), town.resident("王阿姨")
    resident.says(f"{HOME}没暖气")
    resident.says(LIBRARY)
    for phone in (secretary, subdistrict, resident):
        phone.clears()
    town.forward(hours=23)
    subdistrict.sees_nothing("居民问")
    town.forward(hours=2)
    secretary.sees("任务过时了：居民提问")
    resident.sees_nothing("还没人答上来")
    town.forward(hours=5)  # its limit, and the desk's own four working hours
    subdistrict.sees("下面的任务没人办", "居民提问")
    resident.sees("还没人答上来", "前回您")
    subdistrict.presses("居民提问")
    subdistrict.sees("居民问：王阿姨", "图书角")
    subdistrict.presses("回答")
    subdistrict.says("带身份证就行")
    resident.sees("街道", "带身份证就行")
    city = town.staff("city-1")
    town.forward(days=3)
    city.sees_nothing("图书角")


def test_on_the_last_level_it_is_reminded_of_every_day(town: Town) -> None:
    city, resident = town.staff("city-1"), town.resident()
    resident.says(LIBRARY)
    city.clears()
    resident.clears()
    town.forward(days=1, minutes=1)
    city.sees("任务过时了：居民提问")
    resident.sees_nothing("还没人答上来")
    city.presses("回答", last=20)
    city.says("带身份证")
    resident.sees("带身份证")


@pytest.mark.parametrize("words", ["为什么还没来暖气", "怎么又没暖气了？", "暖气怎么几天都不热"])
def test_a_trouble_put_as_a_question_is_registered(town: Town, words: str) -> None:
    resident = town.resident()
    resident.says(f"{HOME}{words}")
    resident.sees("登记好了")
    assert town.case.category == "heating"


def test_rubbish_that_nobody_takes_away_is_no_question(town: Town) -> None:
    resident = town.resident()
    resident.says("锦绣苑3号楼垃圾怎么几天没人清")
    resident.sees("登记好了")


def _filed(town: Town, phone: Phone) -> None:
    phone.says(f"{HOME}没暖气")
    phone.sees("登记好了")


@pytest.mark.parametrize("words", ["什么时候能修好啊", "暖气什么时候来人修", "什么时候来暖气", "啥时候有人来"])
def test_a_question_about_the_own_case_is_how_it_stands(town: Town, words: str) -> None:
    worker, resident = town.staff("w-s1c1g1"), town.resident()
    _filed(town, resident)
    worker.clears()
    town.forward(hours=1)
    resident.says(words)
    said = resident.shown[-1]
    assert said.key in ("resident.timeline", "refusal.nudge_later", "resident.wish_told"), said.text
    assert "26-000001" in said.text
    assert len(town.cases()) == 1


def test_another_question_beside_an_open_case_is_answered(town: Town) -> None:
    resident = town.resident()
    _filed(town, resident)
    resident.says("暖气费怎么交")
    resident.sees("9 月 1 日到 10 月 31 日收")
    assert len(town.cases()) == 1


def test_whoever_wants_it_registered_gets_it_registered(town: Town) -> None:
    city, resident = town.staff("city-1"), town.resident()
    resident.says("锦绣苑3号楼的老年证怎么办")
    resident.says("我要登记")
    town.forward(minutes=11)
    assert "老年证" in town.case.summary
    resident.says("请问社区图书角借书带什么证")
    city.clears()
    resident.presses("我要登记")
    resident.says("锦绣苑3号楼")
    town.forward(minutes=11)
    assert len(town.cases()) == 2
    city.says("任务")
    city.sees_nothing("居民提问")


def test_registered_from_nothing(town: Town) -> None:
    resident = town.resident()
    resident.says("我要登记")
    resident.sees("写一句：什么事、在哪儿")
    resident.says("锦绣苑3号楼几点供暖")
    town.forward(minutes=11)
    assert town.case.category == "heating"
    other = town.resident()
    other.says("我要登记：锦绣苑5号楼低保怎么申请")
    town.forward(minutes=11)
    assert {c.state for c in town.cases()} <= {State.ASSIGNED, State.REGISTERED}
    assert len(town.cases()) == 2
