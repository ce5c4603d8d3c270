"""Friday to Sunday: what is done is asked about, what nobody answers is called, what was promised is kept or climbs."""

from __future__ import annotations

from casework.case import State
from tests.stories.winter.week import Week


def what_is_in_hand_is_done(week: Week) -> None:
    """Whoever has a case says what was done; the resident is asked."""
    for case in week.town.cases():
        if case.state in (State.ACKNOWLEDGED, State.IN_PROGRESS) and not case.accused and case.category != "roads_parking":
            who = week.holder(case.number)
            week.in_hand(who, case.number, "办好了")
            week[who].says("修好了")


def they_answer(week: Week) -> None:
    for name in ("王阿姨", "孙姐", "周大爷", "吴婶", "冯叔", "韩阿姨"):
        week[name].says("已经好了")
    for name in ("王阿姨", "孙姐", "周大爷"):
        week[name].presses("满意", last=2)
    week["冯叔"].says("一般吧")
    assert week.case(week.number("王阿姨")).state is State.CONFIRMED


def the_visit_again(week: Week) -> None:
    week.on("书记", week.number("钱老师"), "家里没人")


def a_task_has_climbed(week: Week) -> None:
    week["书记"].sees("任务过时了：居民要人工")
    week["街道"].sees("下面的任务没人办", "居民要人工")
    week["街道"].presses(next(label for label in week["街道"].labels() if label.startswith("居民要人工")))
    week["街道"].presses("回答", last=2)
    week["街道"].says("您好，明天上午有人给您打电话")
    week["周大爷"].sees("明天上午有人给您打电话")


def complaints_are_answered(week: Week) -> None:
    for name in ("杨先生", "朱女士"):
        week.done("书记", week.number(name), "核实了，谈过话，向您道歉")
        week[name].presses("已解决")
        week[name].presses("基本满意")
    said = " ".join(m.text for name in ("潘霞兰", "余玉淑", "吴晓", "四网格") for m in week[name].shown)
    assert week.number("杨先生") not in said
    assert "骂人" not in said


def nobody_at_home(week: Week) -> None:
    """The third try on the third day: closed as unanswered, never as solved; the resident may still speak."""
    number = week.number("钱老师")
    week.on("书记", number, "家里没人")
    assert week.case(number).state is State.CLOSED_UNANSWERED
    week["钱老师"].sees("不算解决")


def broken_again(week: Week) -> None:
    week["王阿姨"].says("又没暖气了")
    week["王阿姨"].presses("又坏了，重新办", last=1)
    number = week.number("王阿姨")
    assert week.case(number).state is State.REOPENED
    week.on("潘霞兰", number, "接单")
    week.done("潘霞兰", number, "换了新阀门")
    week["王阿姨"].presses("已解决", last=1)
    week["王阿姨"].presses("满意", last=1)


FRIDAY = {"09:00": what_is_in_hand_is_done, "10:00": they_answer, "10:30": the_visit_again, "11:00": complaints_are_answered,
          "18:30": a_task_has_climbed}
SATURDAY = {"10:30": nobody_at_home}
SUNDAY = {"09:30": broken_again, "22:00": lambda week: None}
