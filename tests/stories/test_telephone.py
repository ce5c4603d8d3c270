"""The telephone task: after the reminders, never by who said done, three tries on two days, a visit without a number."""

from __future__ import annotations

from sqlalchemy import select

from casework.case import Answer, Satisfaction, State
from storage import cases
from storage import tables as t
from tests.fakes.town import Phone, Town

HEAT = "锦绣苑3号楼2单元又没暖气了"


def silent(town: Town, phone: str = "13812345678", doer: str = "w-s1c1g1") -> tuple[Phone, Phone]:
    """Resident and secretary; done, reminded twice in vain: Friday 11:00."""
    resident, worker, secretary = town.resident("王阿姨", "telegram"), town.staff(doer), town.staff("cs-s1c1")
    resident.says(HEAT)
    if phone:
        resident.says(phone)
    if doer == "cs-s1c1":
        secretary.commands("/case 26-000001")
    worker.presses("接单")
    worker.presses("办好了")
    worker.says("换了阀门")
    for phone_ in (resident, secretary):
        phone_.clears()
    town.forward(days=3, hours=1)
    return resident, secretary


def tries(town: Town) -> int:
    with town.database.reading() as conn:
        return sum(e.kind == "try_call" for e in cases.events(conn, town.case.id))


def test_after_the_second_reminder_one_task_for_a_person(town: Town) -> None:
    _resident, secretary = silent(town)
    card = secretary.sees("要打个电话：26-000001", "找：王阿姨", "① 您看，解决了没有？", "② 这次办得您满意吗？")
    assert [b["label"] for b in card.buttons] == ["查看电话", "已解决", "部分解决", "未解决", "没人接", "号码不对", "不愿回答"]
    assert "13812345678" not in card.text
    secretary.presses("查看电话")
    secretary.sees("联系电话：13812345678")
    secretary.says("任务")
    secretary.sees("打电话 · 26-000001", "12月8日（周二）11:00前")  # two working days


def test_what_the_resident_says_over_the_telephone_counts(town: Town) -> None:
    resident, secretary = silent(town)
    secretary.presses("已解决")
    secretary.sees("第二句：满意吗？")
    secretary.presses("基本满意")
    secretary.sees("记下了，谢谢")
    case = town.case
    assert (case.state, case.answer, case.satisfaction) == (State.CONFIRMED, Answer.SOLVED, Satisfaction.MOSTLY)
    secretary.says("任务")
    secretary.sees("没有要办的任务")
    count = len(resident.shown)
    town.forward(days=5)
    assert len(resident.shown) == count


def test_not_solved_over_the_telephone_reopens(town: Town) -> None:
    _, secretary = silent(town)
    worker = town.staff("w-s1c1g1")
    secretary.presses("未解决")
    worker.sees("居民说没解决")
    assert town.case.state is State.REOPENED


def test_never_by_who_said_done(town: Town) -> None:
    subdistrict = town.staff("sd-s1")
    _, secretary = silent(town, doer="cs-s1c1")
    secretary.sees_nothing("要打个电话")
    subdistrict.sees("要打个电话")


def test_three_tries_on_two_days_then_closed_unanswered_with_a_reason(town: Town) -> None:
    resident, secretary = silent(town)
    secretary.presses("没人接")
    secretary.sees("没找到人", "今天14:00再试一次")
    town.forward(hours=3)
    secretary.sees("再打一次电话")
    secretary.presses("没人接")
    assert town.case.state is State.RESOLVED
    town.forward(hours=1)
    secretary.presses("没人接")  # before the time that was named: no try
    secretary.sees("这一次不算", "再试")
    assert (town.case.state, tries(town)) == (State.RESOLVED, 2)
    town.forward(days=1)
    resident.clears()
    secretary.presses("没人接")
    secretary.sees("三次都没找到人", "不算解决")
    case = town.case
    assert (case.state, case.end_reason, case.answer, tries(town)) == (State.CLOSED_UNANSWERED, "no_answer", None, 3)
    resident.sees("先按「没有评价」收起来，不算解决", "15 天内您随时说一声")


def test_pressed_twice_in_a_second_is_one_try(town: Town) -> None:
    _, secretary = silent(town)
    secretary.presses("没人接")
    secretary.presses("没人接")
    assert tries(town) == 1
    town.forward(days=1)
    secretary.presses("没人接")
    town.forward(hours=1)
    secretary.presses("没人接")
    assert (town.case.state, tries(town)) == (State.RESOLVED, 2)
    town.forward(days=1)
    secretary.presses("没人接")
    assert town.case.state is State.CLOSED_UNANSWERED


def test_declined_closes_with_that_reason(town: Town) -> None:
    _, secretary = silent(town)
    secretary.presses("不愿回答")
    assert (town.case.state, town.case.end_reason) == (State.CLOSED_UNANSWERED, "declined")


def test_a_late_answer_counts_for_fifteen_days(town: Town) -> None:
    resident, secretary = silent(town)
    secretary.presses("不愿回答")
    town.forward(days=14, hours=23)
    resident.says("已经好了")
    assert (town.case.state, town.case.answer) == (State.CONFIRMED, Answer.SOLVED)


def test_a_late_not_solved_reopens(town: Town) -> None:
    worker = town.staff("w-s1c1g1")
    resident, secretary = silent(town)
    secretary.presses("不愿回答")
    resident.presses("未解决")
    worker.sees("居民说没解决")
    assert town.case.state is State.REOPENED


def test_later_than_fifteen_days_changes_nothing(town: Town) -> None:
    resident, secretary = silent(town)
    secretary.presses("不愿回答")
    town.forward(days=15, minutes=1)
    resident.presses("未解决")
    resident.sees("过了时间")
    assert town.case.state is State.CLOSED_UNANSWERED


def test_without_a_number_a_person_goes_and_knocks(town: Town) -> None:
    _, secretary = silent(town, phone="")
    card = secretary.sees("请上门问一下：26-000001")
    assert [b["label"] for b in card.buttons] == ["已解决", "部分解决", "未解决", "家里没人", "不愿回答"]
    secretary.presses("家里没人")
    town.forward(days=1)
    secretary.presses("家里没人")
    town.forward(days=1)
    secretary.sees("再上门一次")
    secretary.presses("家里没人")
    assert (town.case.state, town.case.end_reason) == (State.CLOSED_UNANSWERED, "no_answer")


def test_a_wrong_number_becomes_a_visit(town: Town) -> None:
    _, secretary = silent(town)
    secretary.presses("号码不对")
    secretary.sees("改成上门问")
    secretary.sees("请上门问一下")
    secretary.presses("已解决")
    assert town.case.state is State.CONFIRMED


def test_the_resident_answers_meanwhile_and_the_task_is_gone(town: Town) -> None:
    resident, secretary = silent(town)
    resident.presses("已解决")
    secretary.presses("没人接")
    secretary.sees("这个按钮是之前的了")
    assert tries(town) == 0


def test_a_late_task_is_said_again_and_climbs(town: Town) -> None:
    subdistrict = town.staff("sd-s1")
    _, secretary = silent(town)
    secretary.clears()
    town.forward(days=4)
    secretary.sees("任务过时了：打电话 26-000001")
    town.forward(days=1)
    subdistrict.sees("下面的任务没人办", "打电话 26-000001")
    town.forward(days=12)
    assert town.case.state is State.RESOLVED
    assert [m.key for m in secretary.shown].count("task.telephone") == 1


def test_a_question_nobody_fetched_on_the_page_for_a_day_brings_it_forward(town: Town) -> None:
    resident, worker, secretary = town.resident("王阿姨"), town.staff("w-s1c1g1"), town.staff("cs-s1c1")
    resident.says(HEAT)
    worker.presses("办好了")
    worker.says("换了阀门")
    on_the_page(town, fetched=False)
    town.forward(hours=24)
    secretary.sees("请上门问一下")


def test_a_question_that_was_fetched_is_reminded_of(town: Town) -> None:
    resident, worker, secretary = town.resident("王阿姨"), town.staff("w-s1c1g1"), town.staff("cs-s1c1")
    resident.says(HEAT)
    worker.presses("办好了")
    worker.says("换了阀门")
    on_the_page(town, fetched=True)
    town.forward(hours=24)
    resident.sees("再问一声")
    assert secretary.shown == []


def on_the_page(town: Town, fetched: bool) -> None:
    """The channel of the page keeps a thread; the fake phones do not."""
    outbox, thread = t.Outbox.__table__, t.Thread.__table__  # type: ignore[attr-defined]
    with town.database.writing() as conn:
        row = conn.execute(select(outbox).where(outbox.c.key.like("%checkback.solved%"))).one()
        conn.execute(thread.insert().values(
            person_id=row.person_id, sender="jiesu", text=row.text, buttons=[], files=[], outbox_id=row.id, at=town.now,
            fetched_at=town.now if fetched else None,
        ))


def test_a_resident_who_blocked_us_is_telephoned_at_once(town: Town) -> None:
    resident, worker, secretary = town.resident("王阿姨", "telegram"), town.staff("w-s1c1g1"), town.staff("cs-s1c1")
    resident.says(HEAT)
    resident.says("13812345678")
    town.blocked.add(resident.address)
    worker.presses("办好了")
    worker.says("换了阀门")
    secretary.sees("要打个电话")
    assert len([m for m in secretary.shown if m.key.startswith("task")]) == 1
