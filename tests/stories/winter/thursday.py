"""Thursday: a worker on leave, the worklist, those whom no message reaches, and a failed one."""

from __future__ import annotations

from casework.case import State
from tests.stories.test_desk_climbs import fails
from tests.stories.winter.week import Week


def the_substitute_has_it(week: Week) -> None:
    week.all_clear()
    week["李叔"].says("锦绣苑5号楼楼道灯不亮")
    number = week.number("李叔")
    week["余玉淑"].sees("新诉求", number)
    week["潘霞兰"].sees_nothing()
    week.on("余玉淑", number, "接单")


def one_thumb(week: Week) -> None:
    """Most urgent first, by state and by building, the next card after each step, and the way back."""
    week["余玉淑"].says("我的工单")
    found = week["余玉淑"].sees("您在办的（急的在前）")
    lines = [line for line in found.text.splitlines() if "26-" in line]
    late = [("超期" in line or "已过时限" in line) for line in lines]
    assert late == sorted(late, reverse=True), lines
    week["余玉淑"].presses("按楼栋看", last=1)
    week["余玉淑"].sees("看哪一栋的")
    week["余玉淑"].presses(next(label for label in week["余玉淑"].labels(1) if label.startswith("锦绣苑5号楼")))
    week["余玉淑"].presses(week.number("李叔"), last=1)
    week["余玉淑"].presses("到场", last=1)
    assert week["余玉淑"].labels(1)[0] == "点错了"


def solved_at_last(week: Week) -> None:
    number = week.number("赵姐")
    week.done("余玉淑", number, "又换了一个阀门，这回热了")
    week["赵姐"].presses("已解决")
    week["赵姐"].presses("满意")
    assert week.case(number).state is State.CONFIRMED


def not_reached(week: Week) -> None:
    """She has blocked Jiesu: a person tells her."""
    number = week.files("魏婶", "锦绣苑27号楼楼道灯不亮", phone="13800000027")
    week.town.blocked.add(week["魏婶"].address)
    week.on("四网格", number, "接单")
    week["书记"].sees("居民收不到消息了", number)


def a_dead_letter(week: Week) -> None:
    number = week.files("陶叔", "锦绣苑28号楼单元门关不上", phone="13800000028")
    week.town.unheard.add(week["陶叔"].address)
    week.on("四网格", number, "接单")
    week["书记"].sees("有 1 条消息没送到")


def told_by_a_person_and_sent_again(week: Week) -> None:
    week.on("书记", week.number("魏婶"), "已告诉他")
    week.town.unheard.clear()
    week["书记"].presses("再发一次", last=200)
    week["陶叔"].sees("已经接单了")


def a_message_that_failed(week: Week) -> None:
    fails(week.town, week["许先生"], "锦绣苑2号楼1单元下水道堵了")
    week["许先生"].sees("已转人工")
    week["书记"].sees("系统没处理好", "下水道堵了")
    week["书记"].presses("登记成诉求")
    week["许先生"].sees("登记好了")
    week.on("余玉淑", week.number("许先生"), "接单")


def somebody_wants_a_person(week: Week) -> None:
    """Nobody answers him: the task is late, and climbs to the street."""
    week["周大爷"].says("转人工")
    week["周大爷"].sees("前给您回话")


def silent_since_monday(week: Week) -> None:
    """Twice reminded; then a person, by telephone, or at the door without a number."""
    week["书记"].sees("请上门问一下", week.number("钱老师"))


def on_the_desks_list(week: Week) -> None:
    week["书记"].says("任务")
    kinds = {line.split(" · ")[0] for line in week["书记"].sees("要办的任务").text.splitlines() if " · " in line}
    assert {"上门", "居民要人工"} <= kinds, kinds
    week.on("书记", week.number("钱老师"), "家里没人")


DAY = {
    "08:30": the_substitute_has_it, "09:00": one_thumb, "09:30": solved_at_last, "10:00": not_reached, "10:20": a_dead_letter,
    "11:00": told_by_a_person_and_sent_again, "14:00": a_message_that_failed, "14:30": somebody_wants_a_person,
    "15:30": silent_since_monday, "16:00": on_the_desks_list,
}
