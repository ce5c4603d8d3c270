"""Thursday: a worker on leave, the worklist, those whom no message reaches, and a failed one."""

from __future__ import annotations

from casework.case import State
from tests.stories.test_desk_climbs import fails
from tests.stories.winter.week import Week, rounds


def the_substitute_has_it(week: Week) -> None:
    week.all_clear()
    week["李叔"].says("锦绣苑5号楼楼道灯不亮")
    number = week.number("李叔")
    week["余玉淑"].sees("新诉求", number)
    week["潘霞兰"].sees_nothing()
    week.on("余玉淑", number, "接单")


def nobody_at_home_three_times(week: Week) -> None:
    """Three tries on three days: closed as unanswered, never as solved."""
    number = week.number("钱老师")
    week.on("书记", number, "家里没人")
    assert week.case(number).state is State.CLOSED_UNANSWERED


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


def on_the_desks_list(week: Week) -> None:
    week["书记"].says("任务")
    assert "居民要人工" in week["书记"].sees("要办的任务").text


def mended(week: Week) -> None:
    week.mends("韩阿姨", words="上门调解了，写了保证")
    week.mends("冯叔", "李叔", words="换了灯泡")
    week["韩阿姨"].says("已经好了，不吵了")
    week["李叔"].presses("已解决")
    for name in ("李叔", "韩阿姨"):
        week[name].presses("满意")
    week["冯叔"].presses("部分解决")
    week["吴晓"].sees("哪天能全办好")
    week["吴晓"].says("明天")


def late_in_the_afternoon(week: Week) -> None:
    """Nobody has taken it by five: the digest names it, once."""
    week.files("褚先生", "锦绣苑12号楼2单元楼道灯不亮")


def the_digest_at_five(week: Week) -> None:
    number = week.number("褚先生")
    assert "今天还没办完的" in week["余玉淑"].sees("等您接单 1 件", number).text
    week.on("余玉淑", number, "接单")
    week.on("余玉淑", number, "到场")


DAY = {
    "08:30": the_substitute_has_it, "09:30": nobody_at_home_three_times, "09:50": rounds, "15:50": rounds, "16:20": mended, "10:00": not_reached, "10:20": a_dead_letter,
    "11:00": told_by_a_person_and_sent_again, "14:00": a_message_that_failed, "14:30": somebody_wants_a_person,
    "16:40": late_in_the_afternoon, "17:05": the_digest_at_five, "16:00": on_the_desks_list,
}
