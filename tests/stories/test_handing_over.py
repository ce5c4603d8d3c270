"""交班: all that somebody has in hand goes to a colleague in one action, with a receipt from who takes it."""

from __future__ import annotations

import pytest

from casework.case import Part, State
from storage import cases
from storage.town import StoredTown
from tests.fakes.town import Phone, Town
from tests.stories.test_duty import holder

LAMP, HEAT, LIFT = "锦绣苑3号楼楼道灯不亮", "锦绣苑3号楼又没暖气了", "锦绣苑5号楼电梯坏了"
FIRE = "锦绣苑5号楼着火了，有人困在里面，快来"
ME, COLLEAGUE, THIRD, SECRETARY = "w-s1c1g1", "w-s1c1g2", "w-s1c1g3", "cs-s1c1"
BUTTON = "余玉淑（锦绣2网格）"


@pytest.fixture(params=["telegram", "web"])
def three(town: Town, request: pytest.FixtureRequest) -> tuple[Phone, Phone, Phone]:
    return town.staff(ME, request.param), town.staff(COLLEAGUE, request.param), town.staff(SECRETARY)


def filed(town: Town, *words: str) -> list[Phone]:
    phones = [town.resident() for _ in words]
    for phone, each in zip(phones, words, strict=True):
        phone.says(each)
    town.forward(seconds=5)
    return phones


def hand(me: Phone, why: str = "交班") -> None:
    me.clears()
    me.says(why)
    me.presses(BUTTON)
    me.presses("交")


def owners(town: Town, part: Part = Part.ASSIGNEE) -> list[str]:
    return [holder(town, n, part=part) for n in range(len(town.cases()))]


def kinds(town: Town, index: int = 0) -> list[str]:
    with town.database.reading() as conn:
        return [e.kind for e in cases.events(conn, town.cases()[index].id)]


# ---- the happy path -----------------------------------------------------------------------------------------------


def test_all_of_it_in_one_action_with_a_receipt(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, _ = three
    filed(town, LAMP, HEAT)
    me.says("我的工单")
    me.presses("26-000002")
    me.presses("接单")
    me.clears()
    me.says("交班")
    me.sees("您手上 2 件，交给谁")
    me.presses(BUTTON)
    me.sees("把 2 件交给专职网格员 余玉淑", "❗26-000002 锦绣苑3号楼 供暖 · 已接单", "26-000001 锦绣苑3号楼")
    assert owners(town) == [ME, ME]
    me.presses("交")
    me.sees("问专职网格员 余玉淑了，2 件", "他收下之前还在您名下")
    offered = [m for m in colleague.shown if "请您接手" in m.text]
    assert len(offered) == 1  # one message, not a card each
    assert [b["label"] for b in offered[0].buttons] == ["收下", "收不了"]
    assert owners(town) == [ME, ME]
    colleague.presses("收下")
    colleague.sees("好，2 件归您了：26-000002、26-000001")
    me.sees("专职网格员 余玉淑收下了您的 2 件")
    assert owners(town) == [COLLEAGUE, COLLEAGUE]
    assert owners(town, Part.FIRST_OWNER) == [ME, ME]  # 首接负责 stays
    assert [c.state for c in town.cases()] == [State.ASSIGNED, State.ACKNOWLEDGED]
    me.says("我的工单")
    me.sees("没有在办的")
    colleague.presses("我的工单")
    colleague.sees("26-000002", "26-000001")


def test_in_words_without_a_button(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, _ = three
    filed(town, LAMP)
    me.says("交班给余玉淑")
    me.sees("把 1 件交给专职网格员 余玉淑")
    me.says("好的")
    colleague.sees("请您接手 1 件")
    colleague.says("收下")
    assert owners(town) == [COLLEAGUE]


def test_the_clocks_run_on(town: Town, three: tuple[Phone, ...]) -> None:
    """Who takes over an unacknowledged case has still to acknowledge it, by the same hour."""
    me, colleague, _ = three
    filed(town, HEAT)
    before = town.case
    hand(me)
    colleague.presses("收下")
    assert town.case.clock_from == before.clock_from
    assert town.case.acknowledged_at is None
    colleague.presses("我的工单")
    colleague.sees("等接单 · 今天10:30前接单")
    me.presses("接单", last=30)
    me.sees("不在您手上")


def test_at_a_shifts_end_the_residents_hear_nothing(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, _ = three
    (resident,) = filed(town, LAMP)
    me.presses("接单")
    resident.clears()
    hand(me)
    colleague.presses("收下")
    resident.sees_nothing()
    resident.says("我的诉求")
    resident.sees("换成专职网格员 余玉淑接着办")


def test_after_going_off_duty_one_press_leads_there(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, _ = three
    filed(town, LAMP)
    me.presses("接单")
    me.says("下班")
    me.presses("都交给同事")
    me.presses(BUTTON)
    me.presses("交")
    colleague.presses("收下")
    assert owners(town) == [COLLEAGUE]


def test_emergencies_are_first_and_both_are_told_to_call(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, _ = three
    filed(town, LAMP, FIRE)
    hand(me)
    sure = me.sees("把 2 件交给")
    assert "打电话当面交代" in sure.text
    assert sure.text.index("26-000002") < sure.text.index("26-000001")
    offered = colleague.sees("请您接手 2 件", "马上给潘霞兰打电话问清楚")
    assert offered.text.index("26-000002") < offered.text.index("26-000001")


# ---- leave, and for good ------------------------------------------------------------------------------------------


def test_before_leave_to_who_stands_in_and_the_resident_hears_the_name(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, _ = three
    acknowledged, waiting = filed(town, LAMP, LIFT)
    me.says("我的工单")
    me.presses("26-000001")
    me.presses("接单")
    me.says("请假 明天 余玉淑顶班")
    colleague.presses("同意")
    me.sees("您接了的 1 件还在您名下")
    me.presses("都交给同事")
    me.sees("把 2 件交给专职网格员 余玉淑（请假期间）")
    for phone in (acknowledged, waiting):
        phone.clears()
    me.presses("交")
    colleague.presses("收下")
    assert owners(town) == [COLLEAGUE, COLLEAGUE]
    acknowledged.sees("26-000001以后由专职网格员 余玉淑接着办")
    waiting.sees_nothing()  # nobody's name was told there yet


def test_for_good_the_secretary_says_who_answers_for_it(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, secretary = three
    filed(town, LAMP)
    me.says("交班")
    me.presses("以后都不归我管了")
    me.presses(BUTTON)
    me.sees("以后都不归原来的人管")
    me.presses("交")
    colleague.presses("收下")
    me.sees("首接负责要不要一起换", "社区党委书记 徐娟山")
    assert owners(town, Part.FIRST_OWNER) == [ME]
    secretary.says("任务")
    secretary.sees("换首接负责")
    secretary.presses("同意")
    colleague.sees("1 件以后都由专职网格员 余玉淑负责到底")
    me.sees("社区党委书记 徐娟山同意了")
    assert owners(town, Part.FIRST_OWNER) == owners(town) == [COLLEAGUE]


def test_for_good_the_secretary_may_say_no(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, secretary = three
    filed(town, LAMP)
    hand(me, "移交")
    colleague.presses("收下")
    secretary.presses("不同意")
    me.sees("没有同意换首接负责")
    assert (owners(town), owners(town, Part.FIRST_OWNER)) == ([COLLEAGUE], [ME])


# ---- no, silence, a change of mind ----------------------------------------------------------------------------------


def test_who_cannot_take_it_says_so_and_another_is_asked(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, _ = three
    third = town.staff(THIRD)
    filed(town, LAMP)
    hand(me)
    colleague.presses("收不了")
    me.sees("余玉淑收不了", "换一位")
    assert BUTTON not in me.labels(1)
    me.says(third.name)
    me.presses("交")
    third.presses("收下")
    assert owners(town) == [THIRD]


def test_silence_becomes_the_secretarys_task(town: Town, three: tuple[Phone, ...]) -> None:
    """As soon as the most urgent of them would have to be acknowledged."""
    me, colleague, secretary = three
    filed(town, HEAT)
    me.presses("接单")
    secretary.clears()
    hand(me)
    town.forward(minutes=29)
    secretary.sees_nothing("还没收下")
    town.forward(minutes=2)
    secretary.sees("潘霞兰交班给余玉淑，1 件，还没收下。您来定")
    me.sees("还没回话，已经请社区党委书记 徐娟山来定")
    assert owners(town) == [ME]
    colleague.presses("收下")  # late, but nobody has decided
    assert owners(town) == [COLLEAGUE]
    secretary.presses("我来接")
    secretary.sees("用不上")
    assert owners(town) == [COLLEAGUE]


@pytest.mark.parametrize(("label", "to"), [("我来接", SECRETARY), ("还由他办", ME)])
def test_the_secretary_decides(town: Town, three: tuple[Phone, ...], label: str, to: str) -> None:
    me, colleague, secretary = three
    filed(town, HEAT)
    me.presses("接单")
    hand(me)
    town.forward(minutes=31)
    secretary.presses(label)
    me.sees("收下了您的 1 件" if to == SECRETARY else "还由您办")
    assert owners(town) == [to]
    colleague.sees("不用您接了")
    colleague.presses("收下", last=30)
    assert owners(town) == [to]


def test_the_secretary_asks_somebody_else(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, secretary = three
    third = town.staff(THIRD)
    filed(town, HEAT)
    me.presses("接单")
    hand(me)
    town.forward(minutes=31)
    secretary.presses(next(label for label in secretary.labels(2) if third.name in label))
    secretary.sees("他收下之前还在潘霞兰名下")
    colleague.sees("不用您接了")
    third.presses("收下")
    me.sees(f"专职网格员 {third.name}收下了您的 1 件")
    assert owners(town) == [THIRD]


def test_taken_back_before_anybody_answers(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, _ = three
    filed(town, LAMP)
    hand(me)
    me.presses("不交了")
    me.sees("不交了，还在您名下")
    colleague.sees("不用您接了")
    colleague.presses("收下")
    assert owners(town) == [ME]


@pytest.mark.parametrize("who", [0, 1])
def test_undone_within_ten_minutes_by_either(town: Town, three: tuple[Phone, ...], who: int) -> None:
    me, colleague, _ = three
    filed(town, LAMP, HEAT)
    hand(me)
    colleague.presses("收下")
    town.forward(minutes=9)
    three[who].says("点错了")
    three[who].sees("2 件退回给潘霞兰了")
    three[1 - who].sees("把 2 件退回来了")
    assert owners(town) == [ME, ME]
    assert kinds(town)[-2:] == ["pass_on", "pass_on"]
    three[who].presses("点错了")
    three[who].sees_nothing("2 件退回给潘霞兰了", "潘霞兰把")
    assert owners(town) == [ME, ME]


def test_not_undone_after_ten_minutes(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, _ = three
    filed(town, LAMP)
    hand(me)
    colleague.presses("收下")
    town.forward(minutes=10, seconds=1)
    for phone in (me, colleague):
        phone.presses("点错了")
        phone.sees("没有可以撤销的")
    assert owners(town) == [COLLEAGUE]


def test_not_undone_where_something_was_done_since(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, _ = three
    filed(town, LAMP, LIFT)
    hand(me)
    colleague.presses("收下")
    colleague.presses("我的工单")
    colleague.presses("26-000001")
    colleague.presses("接单")
    me.presses("点错了")
    me.sees("1 件退回给潘霞兰了：26-000002")
    assert owners(town) == [COLLEAGUE, ME]


def test_what_has_gone_meanwhile_is_named_in_the_receipt(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, _ = three
    resident, _other = filed(town, LAMP, LIFT)
    hand(me)
    resident.says("撤回")
    resident.presses("撤回")
    colleague.presses("收下")
    colleague.sees("1 件归您了：26-000002", "没交过去的", "26-000001")
    me.sees("收下了您的 1 件", "没交过去的", "26-000001")


def test_nobody_is_handed_their_own_complaint(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, _ = three
    colleague.says("登记")
    colleague.presses("我自己的事")
    colleague.says(LAMP)
    filed(town, LIFT)
    hand(me)
    colleague.presses("收下")
    assert owners(town) == [ME, COLLEAGUE]
    me.sees("没交过去的", "26-000001")


# ---- who may -------------------------------------------------------------------------------------------------------


def test_not_to_another_community_nor_to_somebody_whom_nothing_reaches(town: Town, three: tuple[Phone, ...]) -> None:
    me, _colleague, _ = three
    stranger = town.staff("w-s1c2g1")
    filed(town, LAMP)
    me.says(f"交班给{stranger.name}")
    me.sees("社区里没找到这位同事")
    assert not [label for label in me.labels(1) if stranger.name in label]
    with town.database.reading() as conn:
        third = StoredTown(conn, town.world.policy).post(THIRD)  # type: ignore[arg-type]
    assert third is not None
    me.says(f"交班给{third.holder_name}")  # without a chat
    me.sees("发不到他那里")
    assert not [label for label in me.labels(1) if third.holder_name in label]


def test_somebody_elses_button_and_a_resident_hand_over_nothing(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, secretary = three
    (resident,) = filed(town, LAMP)
    hand(me)
    button = next(b["value"] for m in colleague.shown for b in m.buttons if b["label"] == "收下")
    secretary.presses_value(button)
    secretary.sees("这个按钮是别人的")
    resident.commands("/hand")
    resident.sees("这是给工作人员用的")
    assert owners(town) == [ME]


def test_nothing_in_hand(three: tuple[Phone, ...]) -> None:
    me, _, _ = three
    me.says("交班")
    me.sees("没有在办的，不用交班")


def test_a_day_that_is_still_to_be_named_is_asked_of_the_new_one(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, _ = three
    (resident,) = filed(town, LAMP)
    me.presses("办好了")
    me.says("换了灯泡")
    resident.presses("部分解决")
    me.sees("哪天能全办好")
    hand(me)
    colleague.presses("收下")
    colleague.sees("26-000001哪天能办好")
    colleague.says("周五")
    resident.sees("专职网格员 余玉淑说12月4日（周五）18:00前办好")


def test_who_is_on_duty_next_stands_first_and_hears_of_it_at_night(town: Town, three: tuple[Phone, ...]) -> None:
    """21:55: the building's lead has the night; five minutes later the offer still rings, for it is the lead's shift."""
    me, _colleague, _ = three
    lead = town.staff("b-e01b01-2")
    filed(town, LAMP)
    me.presses("接单")
    town.forward(hours=11, minutes=54)
    me.clears()
    me.says("交班")
    asked = me.sees("交给谁")
    assert asked.buttons[0]["label"].startswith(lead.name)
    town.forward(minutes=8)
    me.presses(asked.buttons[0]["label"])
    me.presses("交")
    assert lead.sees("请您接手 1 件").at == town.now
    lead.presses("收下")
    assert me.sees("收下了您的 1 件").at == town.now
    assert owners(town) == ["b-e01b01-2"]


def test_who_sleeps_is_not_woken_for_it(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, _ = three
    filed(town, LAMP)
    me.presses("接单")
    town.forward(hours=12, minutes=30)
    colleague.clears()
    hand(me)
    colleague.sees_nothing()
    town.forward(hours=9)
    colleague.sees("请您接手 1 件")
