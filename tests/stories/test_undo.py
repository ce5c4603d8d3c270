"""点错了: every press can be taken back for ten minutes by whoever pressed; the case is in the old hands again, and whoever
was told of the step is told of its taking back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.case import Part, State, Urgency
from storage import cases
from storage.town import StoredTown
from tests.fakes.town import Phone, Town

HEAT = "锦绣苑3号楼2单元又没暖气了"
CORRIDOR = "锦绣苑3号楼楼道灯不亮"
TRAPPED = "锦绣苑3号楼电梯里有人被困了，快来"


@pytest.fixture
def people(town: Town) -> tuple[Phone, Phone, Phone]:
    """Resident, worker, secretary; a corridor lamp is out, and the worker has it."""
    resident, worker, secretary = town.resident("王阿姨"), town.staff("w-s1c1g1"), town.staff("cs-s1c1")
    resident.says(CORRIDOR)
    worker.presses("接单")
    for phone in (resident, worker, secretary):
        phone.clears()
    return resident, worker, secretary


def more(phone: Phone, button: str) -> None:
    phone.commands("/case 26-000001")
    phone.presses("更多…")
    phone.presses(button)


def hands(town: Town) -> dict[str, set[str]]:
    """Who has the case now, by part."""
    with town.database.reading() as conn:
        parts = cases.parts(conn, town.cases()[0].id)
    return {p.value: {x.post_id for x in parts if x.part is p} for p in Part}


def kinds(town: Town) -> list[str]:
    with town.database.reading() as conn:
        return [e.kind for e in cases.events(conn, town.cases()[0].id)]


def open_tasks(town: Town) -> list[str]:
    with town.database.reading() as conn:
        return [x.kind for x in cases.tasks_about(conn, town.cases()[0].id) if x.ended_at is None]


# ---- a worker's presses -------------------------------------------------------------------------------------------


def test_a_return_comes_back_and_who_got_it_is_told(town: Town, people: tuple[Phone, ...]) -> None:
    _, worker, secretary = people
    before, was = hands(town), town.case
    worker.presses("退单")
    worker.presses("不归我管")
    secretary.sees("转来 26-000001")
    assert hands(town) != before
    town.forward(minutes=9)
    worker.presses("点错了")
    worker.sees("撤销刚才那一步", "已接单")
    secretary.sees("26-000001刚才是点错了", "不用您办")
    assert hands(town) == before
    assert (town.case.returns, town.case.state) == (was.returns, State.ACKNOWLEDGED)
    assert kinds(town)[-1] == "take_back"
    worker.says("到了")  # it is theirs again
    assert town.case.arrived_at == town.now


def test_a_return_taken_back_counts_for_nothing(town: Town, people: tuple[Phone, ...]) -> None:
    """Who returned it by mistake may get it again."""
    _, worker, secretary = people
    worker.presses("退单")
    worker.presses("不归我管")
    worker.presses("点错了")
    more(secretary, "指定人办")
    with town.database.reading() as conn:
        assert StoredTown(conn, town.world.policy).returned_by(town.case.id) == ()


def test_the_third_return_taken_back_ends_the_task(town: Town) -> None:
    town.staff("cs-s1c1")
    resident, worker = town.resident(), town.staff("w-s1c1g1")
    resident.says(CORRIDOR)
    for back in ("w-s1c1g1", "w-s1c1g1"):
        assert back in hands(town)["assignee"]
        worker.presses("退单", last=20)
        worker.presses("不归我管")
        town.forward(minutes=1)
        more(town.staff("cs-s1c1"), "指定人办")
        town.staff("cs-s1c1").presses(town.staff("cs-s1c1").shown[-1].buttons[0]["label"])
    before = hands(town)
    worker.presses("退单", last=20)
    worker.presses("不归我管")
    assert town.case.state is State.RETURNED
    assert open_tasks(town) == ["name_owner"]
    worker.presses("点错了")
    assert hands(town) == before
    assert (town.case.state, open_tasks(town)) == (State.ASSIGNED, [])


def test_who_got_it_has_acted_and_the_return_stands(town: Town, people: tuple[Phone, ...]) -> None:
    _, worker, secretary = people
    worker.presses("退单")
    worker.presses("不归我管")
    secretary.presses("接单")
    worker.presses("点错了")
    worker.sees("后来又有了变化", "撤不回了")
    assert town.case.state is State.ACKNOWLEDGED
    assert "cs-s1c1" in hands(town)["assignee"]


def test_a_rung_above_that_took_it_by_mistake_gives_it_back(town: Town) -> None:
    resident, worker, secretary = town.resident(), town.staff("w-s1c1g1"), town.staff("cs-s1c1")
    resident.says(HEAT)
    town.forward(minutes=31)
    before = hands(town)
    secretary.presses("接单")
    worker.sees("接了，您不用管了")
    resident.sees("已经接单了")
    secretary.presses("点错了")
    worker.sees("又回到您这里 26-000001")
    resident.sees("刚才告诉您「接单」，是点错了", "等接单")
    assert hands(town) == before
    assert town.case.acknowledged_at is None


def test_safe_is_taken_back_and_the_resident_is_warned(town: Town) -> None:
    resident, worker = town.resident(), town.staff("w-s1c1g1")
    resident.says(TRAPPED)
    worker.presses("已无危险")
    worker.presses("打电话问过")
    resident.sees("已经没有危险了")
    worker.presses("点错了")
    resident.sees("是点错了，请还当有危险", "119")
    assert town.case.safe_at is None
    assert town.case.state is State.ASSIGNED


def test_the_button_takes_back_its_own_step_and_no_later_one(town: Town, people: tuple[Phone, ...]) -> None:
    _, worker, _ = people
    acknowledged = next(b["value"] for m in worker.shown for b in m.buttons if b["label"] == "点错了")
    worker.presses("到场")
    worker.presses_value(acknowledged)
    worker.sees("后来又有了变化")
    assert town.case.state is State.IN_PROGRESS
    worker.presses("点错了")
    worker.sees("撤销刚才那一步")
    assert town.case.state is State.ACKNOWLEDGED
    worker.presses("点错了")
    worker.sees("已经撤销过了")
    worker.presses_value(acknowledged)  # now it is the last one again
    assert town.case.state is State.ASSIGNED


def test_words_that_came_meanwhile_stay(town: Town, people: tuple[Phone, ...]) -> None:
    resident, worker, _ = people
    worker.presses("办好了")
    worker.says("换了灯泡")
    town.forward(minutes=1)
    worker.sends_photo()
    worker.presses("点错了")
    assert town.case.state is State.ACKNOWLEDGED
    resident.sees("是点错了，还在办")
    assert "add_words" in kinds(town)


def test_done_for_somebody_served_through_another_is_taken_back_with_its_telephone_task(town: Town) -> None:
    resident, worker, secretary = town.resident(), town.staff("w-s1c1g1"), town.staff("cs-s1c1")
    resident.says("帮邻居老人报一下，锦绣苑3号楼楼道灯不亮，13800138000")
    worker.presses("办好了")
    worker.says("换了灯泡")
    town.forward(minutes=1)
    secretary.sees("要打个电话")
    worker.presses("点错了")
    assert town.case.state is State.ASSIGNED
    assert open_tasks(town) == []


def test_what_the_resident_has_answered_is_not_taken_back(town: Town, people: tuple[Phone, ...]) -> None:
    resident, worker, _ = people
    worker.presses("办好了")
    worker.says("换了灯泡")
    resident.presses("已解决")
    worker.presses("点错了")
    worker.sees("后来又有了变化", "已解决")
    assert town.case.state is State.CONFIRMED


def test_somebody_elses_step_is_theirs_to_take_back(town: Town) -> None:
    worker, secretary = town.all_staff("w-s1c1g1", "cs-s1c1")
    town.resident().says(CORRIDOR)
    more(secretary, "申请延期")
    value = secretary.shown[-1].buttons[-1]["value"]
    more(worker, "点错了")
    worker.sees("不是您点的")
    worker.presses_value(value)
    worker.sees("这个按钮是别人的")
    assert town.case.extended
    worker.presses("接单", last=20)
    secretary.presses("点错了")
    secretary.sees("后来又有了变化")
    assert town.case.extended


def test_a_step_half_taken_is_dropped_in_words(town: Town, people: tuple[Phone, ...]) -> None:
    _, worker, secretary = people
    more(secretary, "不是诉求")
    secretary.says("点错了")
    secretary.sees("那一步不办了")
    secretary.says("今天下午三点开会")
    assert town.case.state is State.ACKNOWLEDGED
    town.forward(seconds=5)
    worker.presses("办好了")
    worker.says("按错了")
    worker.sees("那一步不办了")
    assert town.case.state is State.ACKNOWLEDGED


def test_a_reason_that_was_not_given_in_two_hours_is_not_waited_for(town: Town, people: tuple[Phone, ...]) -> None:
    _, _, secretary = people
    more(secretary, "不是诉求")
    town.forward(hours=3)
    secretary.says("今天下午三点开会")
    assert town.case.state is State.ACKNOWLEDGED


# ---- the desk's steps ---------------------------------------------------------------------------------------------


def test_dismissed_by_mistake_is_told_to_the_resident_and_the_worker(town: Town, people: tuple[Phone, ...]) -> None:
    resident, worker, secretary = people
    more(secretary, "不是诉求")
    secretary.says("没有要办的事")
    worker.sees("26-000001：书记看过，不用再办", "没有要办的事")
    resident.sees("理由：没有要办的事")
    objects = resident.shown[-1].buttons[0]["value"]
    secretary.presses("点错了")
    resident.sees("刚才告诉您「不是要办的事」，是点错了", "已接单")
    worker.sees("点错了，撤销了「不是要办的事」", "已接单")
    assert town.case.state is State.ACKNOWLEDGED
    assert town.case.end_reason is None
    resident.presses_value(objects)
    assert town.case.state is State.ACKNOWLEDGED


def test_a_dismissed_task_to_sort_is_open_again(town: Town) -> None:
    secretary, resident = town.staff("cs-s1c1"), town.resident("王阿姨")
    resident.says("锦绣苑3号楼有个东西不对劲")
    town.forward(minutes=11)
    secretary.presses("不是诉求", last=20)
    secretary.says("测试消息")
    assert open_tasks(town) == []
    secretary.presses("点错了")
    assert "sort" in open_tasks(town)
    secretary.sees("要分一件")
    town.forward(hours=5)
    secretary.sees("任务过时了：分件")  # it is due again, too


def test_sorted_by_mistake(town: Town) -> None:
    secretary, resident = town.staff("cs-s1c1"), town.resident("王阿姨")
    resident.says("锦绣苑3号楼有个东西不对劲")
    town.forward(minutes=11)
    secretary.presses("卫生绿化", last=20)
    secretary.presses("点错了")
    assert town.case.category == "other"
    assert "sort" in open_tasks(town)
    secretary.sees("要分一件")
    secretary.presses("安全秩序", last=20)
    assert town.case.category == "safety_order"


def test_redirected_and_extended_by_mistake(town: Town, people: tuple[Phone, ...]) -> None:
    resident, worker, secretary = people
    more(secretary, "转出")
    secretary.says("市供热办")
    worker.sees("转给了市供热办")
    secretary.presses("点错了")
    resident.sees("刚才告诉您「转到别处办」，是点错了")
    worker.sees("撤销了「转到别处办」")
    assert town.case.redirected_to is None
    more(secretary, "申请延期")
    resident.sees("最晚到12月16日")
    secretary.presses("点错了")
    resident.sees("刚才告诉您「延长时间」，是点错了")
    assert not town.case.extended
    more(secretary, "申请延期")  # it may be extended after all
    assert town.case.extended


def test_assigned_to_the_wrong_one(town: Town, people: tuple[Phone, ...]) -> None:
    _, worker, secretary = people
    before = hands(town)
    more(secretary, "指定人办")
    secretary.presses("我来办")
    worker.sees("已经交给", "您不用管了")
    assert hands(town)["first_owner"] == {"cs-s1c1"}
    secretary.presses("点错了")
    worker.sees("又回到您这里 26-000001")
    assert hands(town) == before
    assert town.case.state is State.ACKNOWLEDGED


def test_a_request_to_extend_is_taken_back(town: Town, people: tuple[Phone, ...]) -> None:
    _, worker, secretary = people
    worker.presses("更多…")
    worker.presses("申请延期")
    worker.says("等阀门")
    agree = secretary.sees("延到 15 天").buttons[0]["value"]
    worker.presses("点错了")
    secretary.sees("刚才请您批延期，是点错了")
    secretary.presses_value(agree)
    assert not town.case.extended


def test_granted_is_not_refused_by_a_late_no(town: Town, people: tuple[Phone, ...]) -> None:
    _, worker, secretary = people
    worker.presses("更多…")
    worker.presses("申请延期")
    worker.says("等阀门")
    asked = secretary.sees("延到 15 天").buttons
    secretary.presses_value(asked[0]["value"])
    worker.clears()
    secretary.presses_value(asked[1]["value"])
    secretary.sees("这个按钮是之前的了")
    worker.sees_nothing()


# ---- 挂账 ---------------------------------------------------------------------------------------------------------


def proposed(secretary: Phone) -> None:
    more(secretary, "挂账")
    secretary.says("明年6月1日：改造时一起换")


def test_a_proposal_to_defer_is_taken_back(town: Town, people: tuple[Phone, ...]) -> None:
    resident, _, secretary = people
    proposed(secretary)
    agree = resident.sees("您同意吗").buttons[0]["value"]
    secretary.presses("点错了")
    secretary.sees("那一步不办了")
    resident.sees("刚才问您要不要挂账，是点错了")
    resident.presses_value(agree)
    resident.sees("这个按钮是之前的了")
    assert town.case.state is State.ACKNOWLEDGED


def test_the_residents_yes_is_taken_back_and_asked_again(town: Town, people: tuple[Phone, ...]) -> None:
    resident, worker, secretary = people
    proposed(secretary)
    resident.presses("同意")
    assert town.case.state is State.DEFERRED
    secretary.sees("居民同意")
    resident.presses("点错了")
    worker.sees("居民点错了，撤销了「同意挂账」")
    secretary.sees("还没同意挂账")
    resident.sees("您同意吗")
    assert (town.case.state, town.case.defer_until) == (State.ACKNOWLEDGED, None)
    resident.presses("不同意")
    secretary.sees("居民不同意 26-000001 挂账")


def test_nobody_is_asked_to_defer_what_is_said_to_be_done(town: Town, people: tuple[Phone, ...]) -> None:
    resident, worker, secretary = people
    worker.presses("办好了")
    worker.says("换了灯泡")
    resident.clears()
    more(secretary, "挂账")
    secretary.sees("这一步用不上了")
    resident.sees_nothing()


def test_deferred_is_taken_up_again_before_its_day(town: Town, people: tuple[Phone, ...]) -> None:
    resident, worker, secretary = people
    proposed(secretary)
    resident.presses("同意")
    town.forward(days=10)
    more(secretary, "恢复办理")
    secretary.sees("恢复办理")
    resident.sees("不用等到那天了")
    worker.sees("挂账提前恢复办理 26-000001")
    assert town.case.state is State.ASSIGNED


# ---- the telephone task -------------------------------------------------------------------------------------------


@pytest.fixture
def calling(town: Town, people: tuple[Phone, ...]) -> tuple[Phone, Phone]:
    """Done, asked in vain: the secretary is to telephone."""
    resident, worker, secretary = people
    resident.says("13812345678")
    worker.presses("办好了")
    worker.says("换了灯泡")
    town.forward(days=4)
    secretary.sees("要打个电话")
    resident.clears()
    return resident, secretary


@pytest.mark.parametrize("answer", ["已解决", "部分解决", "未解决"])
def test_an_answer_heard_on_the_telephone_is_taken_back(town: Town, calling: tuple[Phone, Phone], answer: str) -> None:
    resident, secretary = calling
    before = hands(town)
    secretary.presses(answer)
    assert town.case.state is not State.RESOLVED
    secretary.presses("点错了")
    assert (town.case.state, town.case.answer) == (State.RESOLVED, None)
    assert hands(town) == before
    assert open_tasks(town) == ["telephone"]
    secretary.sees("要打个电话")
    resident.sees("刚才记错了", "解决了吗")
    secretary.presses("已解决")
    assert town.case.state is State.CONFIRMED


def test_nobody_answered_pressed_by_mistake_is_no_try(town: Town, calling: tuple[Phone, Phone]) -> None:
    _, secretary = calling
    secretary.presses("没人接")
    secretary.presses("点错了")
    with town.database.reading() as conn:
        task = next(x for x in cases.tasks_about(conn, town.case.id) if x.kind == "telephone")
    assert (task.tries, task.ended_at) == (0, None)
    for wait in (3, 24):
        secretary.presses("没人接", last=20)
        assert town.case.state is State.RESOLVED
        town.forward(hours=wait)
    secretary.presses("没人接", last=20)
    assert town.case.state is State.CLOSED_UNANSWERED


def test_closed_by_mistake_is_open_again(town: Town, calling: tuple[Phone, Phone]) -> None:
    resident, secretary = calling
    secretary.presses("不愿回答")
    resident.sees("没等到您的评价")
    secretary.presses("点错了")
    assert town.case.state is State.RESOLVED
    assert open_tasks(town) == ["telephone"]
    resident.sees("刚才记错了", "解决了吗")


def test_a_number_that_was_right_after_all(town: Town, calling: tuple[Phone, Phone]) -> None:
    _, secretary = calling
    secretary.presses("号码不对")
    assert open_tasks(town) == ["visit"]
    secretary.presses("点错了", last=20)
    assert open_tasks(town) == ["telephone"]


def test_a_task_ended_by_mistake_is_open_again(town: Town) -> None:
    city, resident = town.staff("city-1"), town.resident("王阿姨")
    resident.says("转人工")
    city.presses("办完了")
    city.presses("点错了")
    city.sees("又开着了")
    city.sees("居民想跟人说话：王阿姨")
    city.presses("办完了")
    town.forward(minutes=11)
    city.presses("点错了")
    city.sees("10 分钟以内")


# ---- the resident's own presses -----------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["已解决", "部分解决", "未解决"])
def test_an_answer_is_taken_back_by_one_tap(town: Town, people: tuple[Phone, ...], answer: str) -> None:
    resident, worker, _ = people
    worker.presses("办好了")
    worker.says("换了灯泡")
    before = hands(town)
    resident.presses(answer)
    resident.presses("点错了")
    resident.sees("再说一次", "解决了吗")
    worker.sees("居民点错了")
    assert town.case.state is State.RESOLVED
    assert hands(town) == before
    resident.presses("已解决")
    assert town.case.state is State.CONFIRMED


def test_a_second_reopening_taken_back_leaves_the_rung_above(town: Town, people: tuple[Phone, ...]) -> None:
    resident, worker, secretary = people
    for _ in range(2):
        worker.presses("办好了")
        worker.says("换了灯泡")
        before = hands(town)
        resident.presses("未解决")
        town.forward(minutes=1)
    secretary.sees("第二次没解决")
    resident.presses("点错了")
    assert hands(town) == before
    secretary.sees("刚才是点错了，这件不用您办了")


def test_a_withdrawal_taken_back_opens_the_desks_task_again(town: Town) -> None:
    resident, secretary = town.resident("王阿姨"), town.staff("cs-s1c1")
    resident.says("锦绣苑3号楼有个东西不对劲")
    town.forward(minutes=11)
    resident.says("撤回")
    resident.presses("撤回")
    assert open_tasks(town) == []
    resident.presses("点错了")
    assert "sort" in open_tasks(town)
    secretary.sees("要分一件")
    town.forward(hours=5)
    secretary.sees("任务过时了：分件")


def test_reopened_by_mistake(town: Town, people: tuple[Phone, ...]) -> None:
    resident, worker, _ = people
    worker.presses("办好了")
    worker.says("换了灯泡")
    resident.presses("已解决")
    resident.presses("满意")
    resident.says("我的诉求")
    resident.presses("又坏了，重新办")
    assert town.case.state is State.REOPENED
    resident.presses("点错了")
    assert town.case.state is State.CONFIRMED
    worker.sees("居民点错了，撤销了「重新办」")


def test_later_is_said_kindly_and_changes_nothing(town: Town, people: tuple[Phone, ...]) -> None:
    resident, worker, _ = people
    worker.presses("办好了")
    worker.says("换了灯泡")
    resident.presses("已解决")
    town.forward(minutes=10, seconds=1)
    resident.presses("点错了")
    resident.sees("过了 10 分钟", "已解决", "直接写给我")
    assert town.case.state is State.CONFIRMED


def test_the_event_keeps_what_was_taken_back_and_why_it_was_returned(town: Town, people: tuple[Phone, ...]) -> None:
    _, worker, _ = people
    worker.presses("退单")
    worker.presses("不归我管")
    worker.presses("点错了")
    with town.database.reading() as conn:
        *_, returned, back = cases.events(conn, town.case.id)
    assert returned.changes["reason"] == "not_my_trade"
    assert back.changes["takes_back"] == [returned.seq]
    assert back.by == returned.by


# ---- category and place -------------------------------------------------------------------------------------------


def limit(town: Town) -> timedelta:
    from casework.deadlines import due

    solve = due(town.case, town.world.policy).solve
    assert solve is not None
    return solve - town.case.filed_at


def test_the_receipt_mends_a_wrong_category(town: Town) -> None:
    resident, worker, heat = town.resident("王阿姨"), town.staff("w-s1c1g1"), town.staff("sp-heat")
    resident.says("锦绣苑3号楼2单元暖气管漏水，家里没暖气")
    heat.sees("请协同")
    assert town.case.category == "heating"
    resident.presses("改类别")
    offered = [b["label"] for b in resident.shown[-1].buttons]
    assert "供暖" not in offered
    assert len(offered) == 9
    resident.presses("卫生绿化")
    resident.sees("改好了", "卫生绿化")
    heat.sees("不用您协同了")
    worker.sees("改过了 26-000001", "卫生绿化")
    assert town.case.urgency is Urgency.NORMAL
    assert limit(town) > timedelta(days=6)
    resident.presses("点错了")
    assert (town.case.category, town.case.urgency) == ("heating", Urgency.URGENT)
    heat.sees("又回到您这里")
    assert limit(town) == timedelta(hours=24)


def test_a_mended_category_reads_urgency_and_topic_anew(town: Town) -> None:
    resident, worker, heat = town.resident("王阿姨"), town.staff("w-s1c1g1"), town.staff("sp-heat")
    resident.says("锦绣苑3号楼2单元又没暖气了")
    more(worker, "改类别")
    worker.presses("卫生绿化", last=1)
    assert (town.case.urgency, town.case.topic) == (Urgency.NORMAL, None)
    town.forward(hours=1)
    heat.clears()
    more(worker, "改类别")
    assert worker.shown[-1].buttons[0]["label"] == "供暖"  # what the words say comes first
    worker.presses("供暖", last=1)
    assert (town.case.urgency, town.case.topic) == (Urgency.URGENT, "no_heat")
    heat.sees("请协同")
    assert limit(town) == timedelta(hours=24)


def test_out_of_season_the_same_words_are_not_urgent(town: Town) -> None:
    town.now += timedelta(days=200)
    resident, worker = town.resident(), town.staff("w-s1c1g1")
    resident.says("锦绣苑3号楼2单元没暖气")
    more(worker, "改类别")
    worker.presses("卫生绿化", last=1)
    more(worker, "改类别")
    worker.presses("供暖", last=1)
    assert town.case.urgency is Urgency.NORMAL


def test_a_limit_that_nobody_could_know_is_not_missed(town: Town) -> None:
    """Two days as an ordinary case, then it turns out to be urgent: the urgent limits run from now."""
    resident, worker, secretary = town.resident("王阿姨"), town.staff("w-s1c1g1"), town.staff("cs-s1c1")
    resident.says("锦绣苑3号楼2单元又没暖气了")
    more(worker, "改类别")
    worker.presses("卫生绿化", last=1)
    worker.presses("接单", last=20)
    worker.says("到了")
    town.forward(days=2)
    secretary.clears()
    more(worker, "改类别")
    worker.presses("供暖", last=1)
    assert limit(town) == timedelta(days=3)
    town.forward(hours=1)
    secretary.sees_nothing()


def test_a_place_mended_by_mistake_comes_back(town: Town, people: tuple[Phone, ...]) -> None:
    _, worker, _ = people
    other = town.staff("w-s1c1g2")
    before = hands(town)
    more(worker, "改地点")
    worker.says("锦绣苑8号楼")
    assert town.case.grid_id == "s1c1g2"
    other.sees("26-000001")
    assert hands(town)["assignee"] == {"w-s1c1g2"}
    worker.presses("点错了")
    other.sees("不用您办了")
    assert hands(town) == before
    assert (town.case.grid_id, town.case.state) == ("s1c1g1", State.ACKNOWLEDGED)


def test_another_community_gets_it_and_the_desk_above_the_old_one_is_told(town: Town) -> None:
    resident, worker, secretary = town.resident("王阿姨"), town.staff("w-s1c1g1"), town.staff("cs-s1c1")
    resident.says(HEAT)
    town.forward(minutes=31)
    assert "cs-s1c1" in hands(town)["climbed"]
    resident.says("不对，是平安里8号楼")
    assert town.case.community_id == "s1c2"
    worker.sees("26-000001改了地方")
    secretary.sees("26-000001改了地方")
    assert "cs-s1c1" not in hands(town)["climbed"]
    resident.presses("点错了")
    assert "cs-s1c1" in hands(town)["climbed"]
    worker.sees("又回到您这里")
    secretary.sees("又回到您这里")
