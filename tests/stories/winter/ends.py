"""Friday to Sunday: what is done is asked about, what nobody answers is called, what was promised is kept or climbs."""

from __future__ import annotations

from casework.case import Satisfaction, State
from tests.stories.winter.week import Week, rounds


def a_task_has_climbed(week: Week) -> None:
    """Nobody at the desk answered 周大爷: late at first, then the street's."""
    week["书记"].sees("任务过时了：居民要人工")
    week["街道"].sees("下面的任务没人办", "居民要人工")
    week["街道"].presses(next(label for label in week["街道"].labels() if label.startswith("居民要人工")))
    week["街道"].presses("回答", last=2)
    week["街道"].says("您好，明天上午有人给您打电话")
    week["周大爷"].sees("明天上午有人给您打电话")


def not_late_after_an_objection(week: Week) -> None:
    """48 hours after the objection to a dismissal: its limits are those of a new case, and nobody is late."""
    assert week.case(week.number("华大爷")).solve_missed_at is None
    week["华大爷"].sees_nothing("还没办好，对不住", week.number("华大爷"))


def the_rest_is_mended(week: Week) -> None:
    week.mends("华大爷", "金女士", "孔师傅", "陶叔", "魏婶", "许先生", "冯叔", "褚先生")
    for name in ("华大爷", "金女士", "陶叔", "褚先生"):
        week[name].presses("已解决")
    week["华大爷"].presses("不满意")
    week["金女士"].presses("满意")
    week["冯叔"].says("都亮了，满意")
    assert week.case(week.number("冯叔")).state is State.CONFIRMED


def complaints_are_answered(week: Week) -> None:
    for name in ("杨先生", "朱女士"):
        week.done("书记", week.number(name), "核实了，谈过话，向您道歉")
        week[name].presses("已解决")
        week[name].presses("基本满意")
    said = " ".join(m.text for name in ("潘霞兰", "余玉淑", "吴晓", "四网格") for m in week[name].shown)
    assert week.number("杨先生") not in said
    assert "骂人" not in said


def who_blocked_us_is_telephoned(week: Week) -> None:
    number = week.number("魏婶")
    week["书记"].sees("要打个电话", number)
    week.on("书记", number, "查看电话")
    week["书记"].sees("13800000027")
    week.on("书记", number, "已解决")
    week["书记"].presses("满意", last=1)
    assert week.case(number).state is State.CONFIRMED


def silent_for_three_days(week: Week) -> None:
    """Twice reminded in vain: a person telephones."""
    assert sum("再问一声" in m.text for m in week["尤奶奶"].shown) == 2
    week.on("书记", week.number("尤奶奶"), "没人接")


def at_the_second_call(week: Week) -> None:
    number = week.number("尤奶奶")
    week.on("书记", number, "已解决")
    week["书记"].presses("基本满意", last=1)
    assert week.case(number).satisfaction is Satisfaction.MOSTLY


def broken_again(week: Week) -> None:
    week["王阿姨"].says("又没暖气了")
    week["王阿姨"].presses("又坏了，重新办", last=1)
    number = week.number("王阿姨")
    assert week.case(number).state is State.REOPENED
    week.on(week.holder(number), number, "接单")


def solved_for_good(week: Week) -> None:
    week.mends("王阿姨", words="整个立管换了")
    week["王阿姨"].presses("已解决", last=1)
    week["王阿姨"].presses("满意", last=1)


def back_at_the_page(week: Week) -> None:
    """What was closed without an answer is answered after all, within 15 days."""
    week.town.not_looking.clear()
    week["钱老师"].says("已经好了")
    assert week.case(week.number("钱老师")).state is State.CONFIRMED


def the_week_is_over(week: Week) -> None:
    """What is still open was put off with consent, given more time, or waits for the resident's word."""
    still = {c.number: c.state for c in week.town.cases() if not c.ended}
    assert still == {week.number("曹姐"): State.DEFERRED, week.number("严叔"): State.IN_PROGRESS, week.number("孔师傅"): State.RESOLVED,
                     week.number("许先生"): State.RESOLVED}


FRIDAY = {
    "09:30": rounds, "11:30": not_late_after_an_objection, "14:00": the_rest_is_mended, "14:30": who_blocked_us_is_telephoned,
    "15:00": complaints_are_answered, "18:30": a_task_has_climbed, "19:30": silent_for_three_days,
}
SATURDAY = {"09:30": rounds, "14:00": at_the_second_call, "15:00": broken_again, "16:00": rounds}
SUNDAY = {"10:00": solved_for_good, "15:00": back_at_the_page, "22:00": the_week_is_over}
