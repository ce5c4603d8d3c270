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
    for name in ("华大爷", "金女士", "陶叔"):
        week[name].presses("已解决")
    week["华大爷"].presses("不满意")
    week["金女士"].presses("满意")
    week["冯叔"].says("都亮了，满意")
    assert week.case(week.number("冯叔")).state is State.CONFIRMED


def the_street_presses(week: Week) -> None:
    """督办 by number: whoever has it gets it once more, and is to answer the same day."""
    number = week.number("严叔")
    week["吴晓"].clears()
    week["街道"].says(f"督办 {number}")
    week["街道"].sees(f"{number}督办了")
    assert "前回话" in week["吴晓"].sees("督办", number).text
    assert week.case(number).supervised
    week["严叔"].sees_nothing("督办")


def _not_solved_again(week: Week, name: str = "褚先生") -> str:
    """The worker takes it up once more."""
    number = week.number(name)
    week[name].presses("未解决")
    worker = week.holder(number)
    week[worker].sees("居民说没解决", number)
    week.on(worker, number, "接单")
    week.on(worker, number, "到场")
    return number


def once_not_solved(week: Week) -> None:
    """The first time it stays where it is."""
    week["书记"].clears()
    number = _not_solved_again(week)
    week["书记"].sees_nothing(number)
    week.mends("褚先生", words="换了灯头")


def twice_not_solved(week: Week) -> None:
    """The second time it is one level up as well."""
    week["书记"].clears()
    week["街道"].clears()
    number = _not_solved_again(week)
    assert "换了灯头" not in week["书记"].sees("第二次没解决", number).text  # the worker's words, not the resident's
    week["街道"].sees_nothing(number)
    week.mends("褚先生", words="换了开关")


def three_times_and_it_is_supervised(week: Week) -> None:
    """督办: the street has it as well, until the resident says that it is solved."""
    week["街道"].clears()
    number = _not_solved_again(week)
    week["街道"].sees("督办", number, "第3次没解决")
    assert week.case(number).supervised
    assert {"cs-s1c1", "sd-s1"} <= week.hands(number)


def supervised_and_solved(week: Week) -> None:
    week.mends("褚先生", words="整条线路换了")
    week["褚先生"].presses("已解决")
    week["褚先生"].presses("满意")
    week["街道"].sees("居民说解决了", week.number("褚先生"))


def the_program_was_down(week: Week) -> None:
    """Stored, and nobody there to read it."""
    week.town.keeps(week["蒋叔"], "锦绣苑6号楼楼道灯不亮")
    assert week["蒋叔"].shown[-1].at < week.town.now


def a_message_that_waited_hours(week: Week) -> None:
    """It is taken as any other, and says that it waited."""
    before = len(week["蒋叔"].shown)
    week.town.reads_what_it_kept()
    (said,) = week["蒋叔"].shown[before:]
    assert "这条消息是今天7:20发来的，到现在才收到，让您久等了" in said.text
    assert "登记好了" in said.text
    week["潘霞兰"].sees("新诉求", week.number("蒋叔"))
    week.on("潘霞兰", week.number("蒋叔"), "接单")


def what_waited_is_mended(week: Week) -> None:
    week["潘霞兰"].commands(f"/case {week.number('蒋叔')}")
    week["潘霞兰"].says("修好了，换了灯泡")  # what was done is in it: not asked
    assert week.case(week.number("蒋叔")).state is State.RESOLVED
    week["蒋叔"].presses("已解决")
    week["蒋叔"].presses("满意")


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
    "09:30": rounds, "10:00": the_street_presses, "11:30": not_late_after_an_objection, "14:00": the_rest_is_mended,
    "14:30": who_blocked_us_is_telephoned, "14:45": once_not_solved, "15:00": complaints_are_answered, "18:30": a_task_has_climbed,
    "19:30": silent_for_three_days,
}
SATURDAY = {
    "07:20": the_program_was_down, "09:30": rounds, "10:10": a_message_that_waited_hours, "11:00": twice_not_solved,
    "14:00": at_the_second_call, "15:00": broken_again, "16:00": rounds,
}
SUNDAY = {
    "10:00": solved_for_good, "10:30": three_times_and_it_is_supervised, "11:30": what_waited_is_mended, "14:30": supervised_and_solved,
    "15:00": back_at_the_page, "22:00": the_week_is_over,
}
