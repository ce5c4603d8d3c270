"""Tuesday: appointments, what nobody else may read, and those who cannot write for themselves."""

from __future__ import annotations

from casework.case import Satisfaction, State
from tests.stories.test_groups import CHAT, InGroup
from tests.stories.winter.week import Week, rounds


def an_appointment_is_made(week: Week) -> None:
    number = week.files("蒋叔", "锦绣苑6号楼2单元501没暖气")
    week.on("潘霞兰", number, "接单")
    week["蒋叔"].says("我七点后在家")
    week.on("潘霞兰", number, "约时间")
    week["潘霞兰"].presses("今天19:00", last=1)
    week["潘霞兰"].presses("发给居民", last=1)
    week["蒋叔"].presses("今天19:00")
    week["蒋叔"].sees("约好今天19:00")
    week["潘霞兰"].sees("约好了", number)


def another_that_will_be_missed(week: Week) -> None:
    number = week.files("沈姐", "锦绣苑19号楼1单元202下水道堵了")
    week.on("吴晓", number, "接单")
    week["沈姐"].says("几点来？")
    week["吴晓"].sees("几点来？")
    week.on("吴晓", number, "约时间")
    week["吴晓"].says("今天下午五点")
    week["沈姐"].presses("今天17:00")


def the_first_is_reminded(week: Week) -> None:
    week["蒋叔"].sees("提醒您一下：今天19:00上门")
    week["潘霞兰"].sees("快到约好的时间了")


def the_second_was_missed(week: Week) -> None:
    week["沈姐"].sees("约好的今天17:00过了", "对不住")
    week["吴晓"].sees("约好的时间过了")
    week["书记"].sees("约好今天17:00上门，过了半小时还没到场")
    week["沈姐"].says("明天上午九点吧")
    assert "最晚12月15日" in week["沈姐"].sees("定好时间我来问您").text
    week["吴晓"].sees("居民说到上门时间", "明天上午九点")
    week.on("吴晓", week.number("沈姐"), "约时间")
    week["吴晓"].says("明天上午九点")
    week["沈姐"].says("好的")
    week["沈姐"].sees("约好明天9:00")


def the_first_is_kept(week: Week) -> None:
    number = week.number("蒋叔")
    week.on("潘霞兰", number, "到场")
    week.done("潘霞兰", number, "放了气，暖气热了")
    week["蒋叔"].says("好了，谢谢")  # thanks are no grade: that is asked
    assert week.case(number).state is State.CONFIRMED
    assert week.case(number).satisfaction is None
    week["蒋叔"].sees("满意吗")
    week["蒋叔"].says("满意")
    assert week.case(number).satisfaction is Satisfaction.SATISFIED
    assert "miss_appointment" not in week.events(number)


def kept_from_worker_and_company(week: Week) -> None:
    number = week.files("韩阿姨", "锦绣苑11号楼2单元302，楼上半夜吵得睡不着", phone="13800000011")
    week["韩阿姨"].says("保密")
    week["余玉淑"].commands(f"/case {number}")
    card = week["余玉淑"].sees("居民要求保密", number)
    assert "302" not in card.text
    week.on("余玉淑", number, "接单")
    week["韩阿姨"].sees("接单")


def complaints_go_one_rung_above(week: Week) -> None:
    worker = week.files("杨先生", "锦绣苑3号楼2单元网格员态度差，还骂人")
    company = week.files("朱女士", "锦绣苑12号楼物业公司乱收费")
    for number in (worker, company):
        week["书记"].sees("反映人的事", number)
        week.on("书记", number, "接单")
        assert week.hands(number) == {"cs-s1c1"}


def english_is_understood_well_enough(week: Week) -> None:
    number = week.files("Mr Smith", "Hello, no heating in Jin Xiu Yuan building 20 unit 3")
    assert "Registered as" in " ".join(m.text for m in week["Mr Smith"].shown)
    assert week.case(number).spot.building_id == "e01b20"
    assert week.case(number).category == "heating"
    week.on("吴晓", number, "接单")


def for_an_old_neighbour(week: Week) -> None:
    number = week.files("秦小妹", "帮邻居老人报一下，锦绣苑13号楼2单元没暖气，她电话13912345678")
    week.on("余玉淑", number, "接单")
    week.done("余玉淑", number, "放了气")
    card = week["书记"].sees("要打个电话", number, "代人登记")
    assert "13912345678" not in card.text


def telephoned_back(week: Week) -> None:
    number = week.number("秦小妹")
    week.on("书记", number, "查看电话")
    week["书记"].sees("13912345678")
    week.on("书记", number, "已解决")
    week["书记"].presses("满意", last=1)
    assert week.case(number).state is State.CONFIRMED


def a_voice_is_written_down(week: Week) -> None:
    week["尤奶奶"].sends_voice()
    week["尤奶奶"].sees("会有人来听")
    week["市级"].presses("写下来")
    week["市级"].says("锦绣苑14号楼1单元没暖气")
    week["尤奶奶"].sees("登记好了", "锦绣苑14号楼1单元")
    week["尤奶奶"].says("13800000014")
    week.on("余玉淑", week.number("尤奶奶"), "接单")


def an_edited_message(week: Week) -> None:
    number = week.files("许先生", "锦绣苑1号楼楼道灯不亮")
    week["许先生"].edits("锦绣苑2号楼楼道灯不亮")
    week["许先生"].sees("改好了")
    assert week.case(number).spot.building_id == "e01b02"
    week.on("潘霞兰", number, "接单")


def in_a_group_of_neighbours(week: Week) -> None:
    """Only number, category and state are said there."""
    sister = InGroup(week.town, week["何姐"].address, "何姐")
    week["何姐"].says("你好")
    (said,) = sister.says("锦绣苑4号楼2单元501没暖气")
    assert not [secret for secret in ("锦绣苑", "4号楼", "501") if secret in said.text]
    week["何姐"].sees("登记好了", "锦绣苑4号楼2单元501")
    week.on("潘霞兰", week.number("何姐"), "接单")
    assert CHAT in sister.group.address


def mended(week: Week) -> None:
    week.mends("周大爷", words="疏通了")
    week["周大爷"].presses("已解决")
    week["周大爷"].presses("基本满意")


def two_are_done_and_one_is_not(week: Week) -> None:
    week.mends("Mr Smith", "尤奶奶", words="放了气")
    week["Mr Smith"].says("still broken")
    week["吴晓"].sees("居民说没解决", week.number("Mr Smith"))
    week.on("吴晓", week.number("Mr Smith"), "接单")


def nobody_looks_at_the_page(week: Week) -> None:
    """A question not fetched for a day, and no number: somebody goes and knocks."""
    assert any("请上门问一下" in m.text and week.number("钱老师") in m.text for m in week["书记"].shown)
    week.on("书记", week.number("钱老师"), "家里没人")


def handed_over_at_the_shifts_end(week: Week) -> None:
    """All in one action; the colleague's receipt; the residents hear nothing of it."""
    week.all_clear()
    week["余玉淑"].says("交班")
    week["余玉淑"].says("吴晓")
    week["余玉淑"].presses("交", last=1)
    week["吴晓"].sees("请您接手")
    week["吴晓"].presses("收下")
    week["余玉淑"].sees("吴晓收下了您的")
    week["韩阿姨"].sees_nothing()


def a_danger_at_night(week: Week) -> None:
    """What to do comes first; whoever has the night is woken, and after ten minutes the next rung."""
    week["吕大哥"].says("锦绣苑25号楼3单元煤气味很大")
    assert week["吕大哥"].shown[-1].text.startswith("⚠️")
    number = week.number("吕大哥")
    week["书记"].sees("🚨紧急", number)
    week.minutes(11)
    week["街道"].sees("🚨没人接单", number)
    for label in ("接单", "到场", "已无危险"):
        week.on("书记", number, label)
    week["吕大哥"].sees("已经没有危险了")


DAY = {
    "10:00": mended, "10:45": rounds, "12:45": rounds, "18:00": rounds, "16:15": rounds, "16:30": two_are_done_and_one_is_not, "14:35": nobody_looks_at_the_page,
    "08:15": an_appointment_is_made, "09:00": another_that_will_be_missed, "09:20": kept_from_worker_and_company,
    "10:30": complaints_go_one_rung_above, "11:00": english_is_understood_well_enough, "14:00": for_an_old_neighbour,
    "14:40": telephoned_back, "15:00": a_voice_is_written_down, "15:30": an_edited_message, "16:00": in_a_group_of_neighbours,
    "17:40": the_second_was_missed, "18:05": the_first_is_reminded, "19:05": the_first_is_kept,
    "21:50": handed_over_at_the_shifts_end, "23:30": a_danger_at_night,
}
