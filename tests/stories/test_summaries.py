"""What supervisors ask: in commands and in plain words, each within the own area, and from the numbers down to a card and back."""

from __future__ import annotations

from typing import Any

import pytest

from storage import tables as t
from tests.fakes.town import Phone, Town

CASES: Any = t.Case.__table__  # type: ignore[attr-defined]
HEAT = "锦绣苑3号楼2单元501没暖气"
LAMP = "锦绣苑3号楼楼道灯不亮"


@pytest.fixture
def secretary(town: Town) -> Phone:
    """Three residents have asked for something in her community; one is done."""
    town.staff("w-s1c1g1")
    for name, words in (("王阿姨", HEAT), ("李叔", "锦绣苑3号楼1单元没暖气"), ("赵姐", LAMP)):
        town.resident(name).says(words)
    return town.staff("cs-s1c1")


@pytest.mark.parametrize("words", ["本月汇总", "锦绣社区 本月", "12月汇总"])
def test_the_same_thing_by_command_and_in_plain_words(town: Town, secretary: Phone, words: str) -> None:
    secretary.clears()
    secretary.commands("/summary")
    first = secretary.sees("锦绣社区", "登记 3 件", "还在办 3 件", "供暖 2")
    secretary.clears()
    secretary.says(words)
    assert secretary.sees("锦绣社区", "登记 3 件").text.splitlines()[1:] == first.text.splitlines()[1:]
    assert first.files == [{"chart": "categories", "data": first.files[0]["data"]}]  # type: ignore[index]


def test_from_the_category_to_the_grid_to_the_list_to_the_card_and_back(town: Town, secretary: Phone) -> None:
    secretary.says("本月汇总")
    secretary.presses("供暖 2")
    secretary.sees("供暖", "锦绣社区第1网格：2 件")
    secretary.presses("锦绣社区第1网格 2")
    secretary.sees("26-000002 锦绣苑3号楼1单元", "26-000001 锦绣苑3号楼2单元501室")
    secretary.presses("26-000001")
    secretary.sees("26-000001 · 等接单")
    secretary.presses("返回列表")
    secretary.sees("26-000002", "26-000001")
    secretary.presses("返回")
    secretary.presses("返回")
    secretary.sees("登记 3 件")


def test_numbers_of_buttons_do_as_well(town: Town, secretary: Phone) -> None:
    secretary.says("本月汇总")
    secretary.says("回复1")
    secretary.sees("供暖", "锦绣社区第1网格：2 件")


def test_a_category_of_last_month_and_an_empty_stretch(town: Town, secretary: Phone) -> None:
    secretary.says("上个月供暖")
    secretary.sees("锦绣社区 供暖", "11月1日–30日", "没有登记过")
    secretary.presses("看前一段")
    secretary.sees("10月", "没有登记过")


@pytest.mark.parametrize(("words", "answer"), [
    ("明年汇总", "还没到"),
    ("平安社区 本月", "平安社区不归您管"),
    ("/summary 平安社区", "您可以看：锦绣社区"),
    ("/summary 锦秀", "没找到「锦秀」"),
    ("/summary 2月30日", "日历上没有"),
    ("一街道物业 3月", "没找到「一街道」"),
])  # fmt: skip
def test_what_cannot_be_shown_is_said_kindly(town: Town, secretary: Phone, words: str, answer: str) -> None:
    secretary.clears()
    secretary.commands(words) if words.startswith("/") else secretary.says(words)
    secretary.sees(answer)


def test_the_nearest_name_is_one_tap_away(town: Town, secretary: Phone) -> None:
    secretary.commands("/summary 锦秀社区")
    secretary.presses("锦绣社区")
    secretary.sees("登记 3 件")


def test_residents_and_workers_hear_where_theirs_is(town: Town, secretary: Phone) -> None:
    resident, worker = town.resident("新来的"), town.staff("w-s1c1g1")
    resident.commands("/summary")
    resident.sees("我的诉求")
    worker.clears()
    worker.commands("/summary")
    worker.sees("我的工单")
    before = len(town.cases())
    resident.says("锦绣苑3号楼上个月供暖就不好，没暖气")
    assert len(town.cases()) == before + 1


def test_the_subdistrict_sees_its_communities_and_nobody_elses(town: Town, secretary: Phone) -> None:
    street = town.staff("sd-s1")
    street.says("东华供暖 本月")
    street.sees("东华街道 供暖", "登记 2 件")
    street.presses("按地方看")
    street.sees("锦绣社区：2 件")
    street.commands("/summary 锦绣社区")
    street.sees("锦绣社区", "登记 3 件")


def test_a_complaint_about_somebody_is_in_no_figure_of_theirs(town: Town, secretary: Phone) -> None:
    town.resident("孙姐").says("锦绣苑3号楼2单元301室社区书记态度恶劣")
    assert town.cases()[-1].accused.level == 2
    secretary.clears()
    secretary.commands("/summary")
    secretary.sees("登记 3 件")
    street = town.staff("sd-s1")
    street.commands("/summary 锦绣社区")
    street.sees("登记 4 件")
    secretary.presses("看是哪些件")
    assert "26-000004" not in secretary.shown[-1].text
    town.forward(days=9)
    for words in ("/overdue", "/hot", "/rates", "/staff"):
        secretary.clears()
        secretary.commands(words)
        secretary.sees_nothing("26-000004")


def test_a_button_is_no_right(town: Town, secretary: Phone) -> None:
    """Whoever has left the desk sees nothing more by the buttons that are still there."""
    from sqlalchemy import update

    from storage.people import HOLDING

    secretary.says("本月汇总")
    with town.database.writing() as conn:
        conn.execute(update(HOLDING).where(HOLDING.c.post_id == "cs-s1c1").values(until=town.now))
    secretary.clears()
    secretary.presses("供暖 2")
    secretary.sees_nothing("网格：2 件")


def test_overdue_names_what_is_late_the_longest_first_and_who_owes(town: Town, secretary: Phone) -> None:
    secretary.says("谁超期了")
    secretary.sees("没有超期")
    town.forward(days=3)
    secretary.clears()
    secretary.says("谁超期了")
    seen = secretary.sees("锦绣社区超期", "26-000001", "接单")
    assert seen.text.index("26-000001") < seen.text.index("26-000002")
    secretary.presses("26-000001")
    secretary.sees("26-000001", "没暖气")
    city = town.staff("city-1")
    city.clears()
    city.commands("/overdue")
    city.sees("恒安新区超期")


def test_overdue_goes_by_what_is_asked_for(town: Town, secretary: Phone) -> None:
    town.forward(days=9)
    street = town.staff("sd-s1")
    for words, told in (("", "东华街道超期 3 件"), ("供暖", "东华街道 供暖 超期 2 件"), ("锦绣苑", "锦绣苑 超期 3 件"), ("锦绣苑供暖", "锦绣苑 供暖 超期 2 件"),
                        ("垃圾", "东华街道 垃圾 现在没有超期的")):
        street.clears()
        street.commands(f"/overdue {words}")
        assert told in street.shown[-1].text


def test_what_is_late_under_a_category_leads_back(town: Town, secretary: Phone) -> None:
    town.forward(days=9)
    secretary.says("供暖 12月")
    secretary.presses("超期的")
    seen = secretary.sees("锦绣社区 供暖 超期 2 件")
    assert "26-000003" not in seen.text
    secretary.presses("26-000001")
    secretary.presses("返回列表")
    secretary.sees("锦绣社区 供暖 超期 2 件")
    secretary.presses("返回")
    secretary.sees("锦绣社区 供暖", "登记 2 件")


@pytest.mark.parametrize(("words", "told"), [
    ("/summary 锦绣苑1号楼", "数字只到小区，「1号楼」没有单独的数"),
    ("/summary 锦绣社区 风筝", "「风筝」没看懂"),
    ("/hot 11月", "没有按「11月」看"),
    ("/staff 锦绣社区 11月", "没有按「11月」看"),
    ("/overdue 11月", "超期看的是现在"),
    ("/staff 供暖", "没有单看「供暖」"),
    ("/hot 锦绣苑", "没有单看「锦绣苑」"),
])  # fmt: skip
def test_what_the_answer_does_not_go_by_is_said(town: Town, secretary: Phone, words: str, told: str) -> None:
    secretary.clears()
    secretary.commands(words)
    secretary.sees(told)
    assert secretary.shown[-1].text != told


def test_nothing_is_said_where_the_answer_goes_by_all_of_it(town: Town, secretary: Phone) -> None:
    for words in ("/summary 锦绣苑 供暖 本月", "/hot", "/hot 最近7天", "/staff", "/overdue 锦绣苑"):
        secretary.clears()
        secretary.commands(words)
        assert not any("没有按" in each.text or "没有单" in each.text for each in secretary.shown)


def test_staff_and_overdue_count_alike(town: Town, secretary: Phone) -> None:
    town.forward(days=2)
    secretary.commands("/overdue")
    secretary.sees("锦绣社区超期 3 件")
    secretary.commands("/staff")
    lines = secretary.shown[-1].text.splitlines()
    assert sum(int(line.partition("超期 ")[2].partition(" ")[0]) for line in lines if "超期" in line) == 3


@pytest.mark.parametrize("number", ["26-000002", "26-2", "2", "000002", "编号 2", "2号"])
def test_a_case_by_a_number_as_it_is_said(town: Town, secretary: Phone, number: str) -> None:
    secretary.clears()
    secretary.commands(f"/case {number}")
    secretary.sees("26-000002", "1单元")


def test_a_case_without_a_number_is_asked_which(town: Town, secretary: Phone) -> None:
    for words in ("/case", "/case 那一件"):
        secretary.clears()
        secretary.commands(words)
        secretary.sees("看哪一件？写上编号")


def test_rates_have_both_of_their_numbers(town: Town, secretary: Phone) -> None:
    worker = town.staff("w-s1c1g1")
    worker.presses("接单")
    secretary.clears()
    secretary.commands("/rates")
    secretary.sees("响应率 100%（1/1）", "满意率 还没有数", "锦绣社区第1网格")
    secretary.says("上个月满意率")
    secretary.sees("11月1日–30日", "没有登记过")


def test_hot_says_how_many_and_how_many_are_usual(town: Town, secretary: Phone) -> None:
    for n in range(1, 7):
        town.resident(f"住户{n}").says(f"锦绣苑3号楼{n}单元没暖气")
    town.forward(days=1, hours=2)
    secretary.clears()
    secretary.commands("/hot")
    secretary.sees("锦绣社区 暖气不热：8 件，平时约 0 件")
    secretary.presses("锦绣社区 暖气不热 8")
    assert len([b for b in secretary.shown[-1].buttons if b["label"].startswith("26-")]) == 6
    secretary.presses("下一页")
    assert len([b for b in secretary.shown[-1].buttons if b["label"].startswith("26-")]) == 2
    secretary.clears()
    secretary.presses("返回")
    secretary.sees("锦绣社区 暖气不热：8 件，平时约 0 件")


def test_staff_by_grid_and_name_without_a_ranking(town: Town, secretary: Phone) -> None:
    town.staff("w-s1c1g1").presses("接单")
    secretary.clears()
    secretary.commands("/staff")
    told = secretary.sees("按网格和姓名排", "近 30 天接了 1 件，1 件按时").text
    grids = [line.split(" ")[1] for line in told.splitlines()[1:]]
    assert grids == sorted(grids)
    town.staff("sd-s1").commands("/staff")
    town.staff("sd-s1").presses("平安社区")
    town.staff("sd-s1").sees("平安社区，按网格")


def test_a_step_by_number(town: Town, secretary: Phone) -> None:
    secretary.says("督办 26-000001")
    secretary.sees("26-000001督办了")
    assert town.cases()[0].supervised
    secretary.commands("/assign 26-2")
    secretary.sees("26-000002交给谁")
    secretary.presses("我来办", 1)
    secretary.sees("指定给您 26-000002")
    with town.database.writing() as conn:
        conn.execute(CASES.update().where(CASES.c.number == "26-000002").values(state="confirmed", is_open=0, ended_at=town.now))
    town.check = False
    secretary.clears()
    secretary.says("指定 26-000002")
    secretary.sees("26-000002已经结束了")
    secretary.sees_nothing("交给谁")
    secretary.commands("/supervise 那一件")
    secretary.sees("写上编号")
    other = town.staff("cs-s1c2")
    other.says("督办 26-000003")
    other.sees("不在您手上")
    assert not town.cases()[2].supervised


def test_several_numbers(town: Town, secretary: Phone) -> None:
    secretary.says("督办 26-000001、26-000002")
    secretary.sees("26-000001督办了", "26-000002督办了")
    assert [b["label"] for b in secretary.shown[-1].buttons] == ["点错了", "点错了"]
    assert [case.supervised for case in town.cases()] == [True, True, False]
    secretary.says("指定 26-000001 26-000003")
    secretary.sees("一件一件来", "「指定 26-000001」")


@pytest.mark.parametrize(("words", "answer"), [
    ("东华街道", "不归您管"), ("锦绣社区", "登记 3 件"), ("供暖", "锦绣社区 供暖"), ("昨天", "没有登记过"), ("2026-12-01到2026-12-31", "登记 3 件"),
    ("督办 1", "写上编号"), ("督办 26-3", "26-000003督办了"), ("26-3 进展", "26-000003"), ("经过 26-000002", "26-000002"), ("三率 上个月", "11月1日–30日"), ("各网格三率", "响应率"), ("全区", "登记 3 件"),
    ("现在情况怎么样", "登记 3 件"), ("哪个网格投诉最多", "第1网格：3 件"), ("看板", "/staff/board"), ("锦绣社区和平安社区比一比", "一次看一个地方"),
    ("督办 26-000002 快点", "26-000002督办了"), ("请督办26-000003", "26-000003督办了"), ("指定 26-000002 张三", "26-000002交给谁"),
    ("26-000003也归他管", "没看懂"), ("月报", "每月 1 日"),
])
@pytest.mark.parametrize("touched", [True, False])
def test_what_a_desk_asks_is_no_note_on_the_card_in_hand(
    town: Town, secretary: Phone, words: str, answer: str, touched: bool
) -> None:
    desk = town.staff("cs-s1c1", "web")
    if touched:
        desk.commands("/case 26-000001")
        desk.sees("26-000001")
    before = town.cases()[0].rev
    desk.says(words)
    desk.sees(answer)
    assert town.cases()[0].rev == before


@pytest.mark.parametrize("words", ["找到漏点了", "锦绣苑暖气不热", "指望不上物业，让热力来"])
def test_what_is_a_note_stays_one(town: Town, secretary: Phone, words: str) -> None:
    secretary.commands("/case 26-000003")
    secretary.says(words)
    assert "没看懂" not in secretary.shown[-1].text
    assert "登记 3 件" not in secretary.shown[-1].text


def test_who_does_not_have_a_case_in_hand_is_not_told_that_it_is_over(town: Town, secretary: Phone) -> None:
    secretary.commands("/case 26-000001")
    if not any(button["label"] == "查看电话" for button in secretary.shown[-1].buttons):
        secretary.presses("更多…")
    secretary.presses("查看电话")
    secretary.sees("只有正在办26-000001的人看得到居民的电话")
