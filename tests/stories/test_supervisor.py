"""Secretary, subdistrict, city: extend, 挂账, dismiss, redirect, 督办, assign; and what they may not."""

from __future__ import annotations

import pytest

from casework import figures
from casework.case import State
from tests.fakes.town import Phone, Town

CORRIDOR = "锦绣苑3号楼楼道灯不亮"
TRAPPED = "锦绣苑3号楼电梯里有人被困了，快来"


@pytest.fixture
def people(town: Town) -> tuple[Phone, Phone, Phone]:
    """Resident, worker, secretary; a corridor lamp is out."""
    resident, worker, secretary = town.resident("王阿姨"), town.staff("w-s1c1g1"), town.staff("cs-s1c1")
    resident.says(CORRIDOR)
    worker.presses("接单")
    for phone in (resident, worker):
        phone.clears()
    return resident, worker, secretary


def more(phone: Phone, button: str) -> None:
    """The card by its number, then what stands behind 更多."""
    phone.commands("/case 26-000001")
    phone.presses("更多…")
    phone.presses(button)


def test_extend_is_asked_by_the_worker_and_approved_by_the_secretary(town: Town, people: tuple[Phone, ...]) -> None:
    resident, worker, secretary = people
    worker.presses("更多…")
    worker.presses("申请延期")
    worker.sees("为什么要延期")
    worker.says("等灯具到货")
    worker.sees("已请社区党委书记 徐娟山批延期")
    assert not town.case.extended
    secretary.sees(f"专职网格员 {worker.name}请求把 26-000001", "延到 15 天", "「等灯具到货」")
    secretary.presses("同意")
    resident.sees("经社区书记同意，最晚到12月16日（周三）18:00")
    worker.sees("同意延到12月16日（周三）18:00")
    worker.presses("更多…")
    worker.presses("申请延期")
    worker.sees("已经延过一次了")
    secretary.clears()
    secretary.sees_nothing("请求把")


def test_extend_refused(town: Town, people: tuple[Phone, ...]) -> None:
    resident, worker, secretary = people
    worker.presses("更多…")
    worker.presses("申请延期")
    worker.says("等灯具到货")
    secretary.presses("不同意")
    worker.sees("延期没批，12月8日（周二）18:00前办好")
    worker.presses("更多…")
    worker.presses("申请延期")
    worker.sees("不能再申请")
    resident.sees_nothing()
    assert not town.case.extended


def test_only_a_desk_may_defer_dismiss_or_assign(town: Town, people: tuple[Phone, ...]) -> None:
    _, worker, secretary = people
    worker.presses("更多…")
    offered = worker.shown[-1].buttons
    assert not {"挂账", "不是诉求", "转出", "督办", "指定人办"} & {b["label"] for b in offered}
    secretary.commands("/case 26-000001")
    secretary.presses("更多…")
    assert {"挂账", "不是诉求", "转出", "督办", "指定人办"} <= {b["label"] for b in secretary.shown[-1].buttons}


@pytest.mark.parametrize("yes", ["press", "同意"])
def test_defer_needs_the_residents_yes(town: Town, people: tuple[Phone, ...], yes: str) -> None:
    resident, worker, secretary = people
    more(secretary, "挂账")
    secretary.says("以后再说")
    secretary.sees("没看懂", "最长 9 个月")
    secretary.says("明年6月1日：老旧小区改造时一起换")
    secretary.sees("已问居民同不同意")
    assert town.case.state is State.ACKNOWLEDGED
    resident.sees("今年办不了", "6月1日", "老旧小区改造时一起换", "您同意吗")
    resident.presses("同意") if yes == "press" else resident.says(yes)
    assert town.case.state is State.DEFERRED
    worker.sees("居民同意挂账")
    secretary.sees("居民同意")


def test_the_residents_no_keeps_it_open(town: Town, people: tuple[Phone, ...]) -> None:
    resident, _, secretary = people
    more(secretary, "挂账")
    secretary.says("明年6月1日：改造时一起换")
    resident.presses("不同意")
    resident.sees("继续办")
    secretary.sees("居民不同意 26-000001 挂账")
    assert town.case.state is State.ACKNOWLEDGED


def test_nine_months_at_most(town: Town, people: tuple[Phone, ...]) -> None:
    resident, _, secretary = people
    more(secretary, "挂账")
    secretary.says("明年10月1日：改造时一起换")
    secretary.sees("最长 9 个月")
    resident.sees_nothing()


def test_deferred_has_a_line_a_month_and_comes_back_on_the_day(town: Town, people: tuple[Phone, ...]) -> None:
    resident, worker, secretary = people
    more(secretary, "挂账")
    secretary.says("明年3月1日：改造时一起换")
    resident.presses("同意")
    resident.clears()
    worker.clears()
    town.forward(days=30, hours=1)
    resident.sees("还挂着账，定的是2027年3月1日（周一）重新办")
    worker.sees_nothing()
    town.forward(days=60, hours=8)
    resident.sees("还挂着账")
    resident.sees("挂账的日子到了，重新开始办")
    worker.sees("挂账到期 26-000001")
    assert town.case.state is State.ASSIGNED


def test_danger_is_not_deferred_before_it_is_safe(town: Town) -> None:
    resident, worker, secretary = town.resident(), town.staff("w-s1c1g1"), town.staff("cs-s1c1")
    resident.says(TRAPPED)
    worker.presses("接单")
    resident.clears()
    more(secretary, "挂账")
    secretary.sees("报过危险")
    resident.sees_nothing("您同意吗")
    assert town.case.state is State.ACKNOWLEDGED


def test_dismissed_with_a_reason_and_the_resident_objects(town: Town, people: tuple[Phone, ...]) -> None:
    resident, worker, secretary = people
    more(secretary, "不是诉求")
    secretary.says("这盏灯归物业，居民已经自己装好")
    resident.sees("社区党委书记", "认为不是要办的事", "理由：这盏灯归物业")
    assert town.case.state is State.DISMISSED
    resident.presses("不对，请重新办")
    worker.sees("26-000001")
    assert town.case.state is State.REOPENED


def test_redirected_is_a_flag_and_the_check_back_goes_on(town: Town, people: tuple[Phone, ...]) -> None:
    resident, worker, secretary = people
    more(secretary, "转出")
    secretary.says("市供热办")
    resident.sees("需要市供热办来办", "照样跟着")
    assert town.case.redirected_to == "市供热办"
    assert town.case.state is State.ACKNOWLEDGED
    worker.presses("办好了")
    worker.says("供热办来换了")
    resident.sees("解决了吗")


def test_supervised(town: Town, people: tuple[Phone, ...]) -> None:
    _, worker, secretary = people
    more(secretary, "督办")
    worker.sees("督办 26-000001", "请今天18:00前回话：办好了，或者定个日期")
    assert town.case.supervised


def test_other_communities_see_nothing(town: Town, people: tuple[Phone, ...]) -> None:
    other = town.staff("cs-s1c2")
    other.commands("/case 26-000001")
    other.sees("这一件您看不到")


def test_the_subdistrict_has_its_communities(town: Town, people: tuple[Phone, ...]) -> None:
    subdistrict, elsewhere = town.all_staff("sd-s1", "sd-s2")
    subdistrict.commands("/case 26-000001")
    subdistrict.sees("26-000001 · 已接单")
    subdistrict.presses("查看电话")
    assert "联系电话" not in subdistrict.shown[-1].text
    elsewhere.commands("/case 26-000001")
    elsewhere.sees("这一件您看不到")


def test_a_danger_is_not_dismissed_before_it_is_safe(town: Town) -> None:
    resident, secretary = town.resident(), town.staff("cs-s1c1")
    resident.says(TRAPPED)
    town.forward(minutes=16)
    more(secretary, "不是诉求")
    secretary.says("没事")
    secretary.sees("报过危险", "已无危险")
    assert town.case.state is State.ASSIGNED


def test_supervising_awaits_an_answer_the_same_day(town: Town, people: tuple[Phone, ...]) -> None:
    _, worker, secretary = people
    more(secretary, "督办")
    town.forward(hours=9)
    worker.sees("督办了，还没回话")
    secretary.sees("督办了，还没回话")


def test_supervising_twice_is_once(town: Town, people: tuple[Phone, ...]) -> None:
    _, worker, secretary = people
    more(secretary, "督办")
    worker.clears()
    secretary.says("督办")
    secretary.sees("已经督办过了")
    worker.sees_nothing()
    assert town.case.supervised


def test_a_date_is_an_answer(town: Town, people: tuple[Phone, ...]) -> None:
    _, worker, secretary = people
    more(secretary, "督办")
    worker.presses("更多…")
    worker.presses("定个日期")
    worker.presses("后天")
    town.forward(days=1)
    worker.sees_nothing("督办了，还没回话")


@pytest.mark.parametrize("words", ["督办", "指定"])
def test_a_step_without_a_number_is_for_the_card_just_touched(town: Town, people: tuple[Phone, ...], words: str) -> None:
    _, _, secretary = people
    secretary.commands("/case 26-000001")
    secretary.says(words)
    secretary.sees("26-000001督办了" if words == "督办" else "26-000001交给谁")


def test_a_desks_question_becomes_no_note(town: Town, people: tuple[Phone, ...]) -> None:
    """For a quarter of an hour after a card was touched, words are a note there; a question is not."""
    _, _, secretary = people
    secretary.commands("/case 26-000001")
    for words in ("谁最懒", "有几件没回话", "这个月怎么这么多啊？"):
        secretary.says(words)
        secretary.sees("没有记到哪一件里", "本周汇总")
    secretary.presses("记备注")
    secretary.sees("记在 26-000001 里了")
    secretary.commands("/case 26-000001")
    secretary.says("昨天")
    secretary.sees("这段时间没有登记过诉求")
    secretary.says("明年1月")
    secretary.sees("还没到")
    secretary.says("明天再去看看")
    secretary.sees("记在 26-000001 里了")


def test_naming_an_owner_costs_no_response_rate(town: Town, people: tuple[Phone, ...]) -> None:
    """The resident was answered in time, or the limit has not passed: neither is late because somebody else was named."""
    secretary = people[2]
    more(secretary, "指定人办")
    secretary.presses("我来办")
    assert figures.counts(town.case, town.world.policy)["response_good"] == 1
    secretary.clears()
    secretary.says("谁超期了")
    secretary.sees("没有超期的")
    secretary.commands("/summary")
    secretary.sees("现在没有超期的")
