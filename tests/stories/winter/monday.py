"""Monday: the heating fails in one building, and everybody says it in their own way."""

from __future__ import annotations

from casework.case import State, Urgency
from tests.stories.test_questions import reload
from tests.stories.winter.week import Week, rounds


def a_burst_gets_one_question(week: Week) -> None:
    auntie = week["王阿姨"]
    for words in ("没暖气", "3号楼", "2单元"):
        auntie.says(words)
        week.town.forward(seconds=1)
    week.town.forward(seconds=2)
    assert [m.text for m in auntie.shown] == ["3号楼在哪个小区？"]
    auntie.says("锦绣苑")
    auntie.sees("登记好了", "锦绣苑3号楼2单元", "供暖")
    auntie.says("13800000003")
    week.on("潘霞兰", week.number("王阿姨"), "接单")
    auntie.sees("潘霞兰", "已经接单了")


def one_outage_of_three_homes(week: Week) -> None:
    for name, unit in (("李叔", 1), ("赵姐", 2), ("钱老师", 3)):
        week.files(name, f"锦绣苑5号楼{unit}单元没暖气")
    first = week.number("李叔")
    week.on("潘霞兰", first, "接单")
    week["潘霞兰"].presses("同楼 2 件一起")
    for name in ("李叔", "赵姐", "钱老师"):
        assert week.case(week.number(name)).state is State.ACKNOWLEDGED
        week[name].sees("潘霞兰", "已经接单了")


def the_secretarys_morning(week: Week) -> None:
    assert "还没进来的" in week["书记"].sees("早上好").text
    week["李叔"].sees_nothing("早上好")


def the_building_is_told(week: Week) -> None:
    week.more("潘霞兰", week.number("李叔"), "告诉同楼的人")
    week["潘霞兰"].says("热力公司在换阀门，下午两点通暖")
    week["潘霞兰"].presses("发出")
    for name in ("李叔", "赵姐", "钱老师"):
        week[name].sees("下午两点通暖")
    week["王阿姨"].sees_nothing("下午两点通暖")


def a_change_of_mind(week: Week) -> None:
    week.files("孙姐", "锦绣苑8号楼没水")
    week["孙姐"].says("不是，我说的是9号楼")
    week["孙姐"].sees("改好了", "锦绣苑9号楼")
    week.on("余玉淑", week.number("孙姐"), "接单")


def the_place_in_pieces(week: Week) -> None:
    for words in ("下水道堵了", "锦绣苑", "家里有老人", "16号楼"):
        week["周大爷"].says(words)
        week.town.forward(seconds=3)
    week["周大爷"].sees("登记好了", "锦绣苑16号楼")
    week["周大爷"].says("不留")
    week.on("吴晓", week.number("周大爷"), "接单")


def a_bare_number(week: Week) -> None:
    """Whoever has only the page is called by the group's robot."""
    for words in ("锦绣苑没电", "22"):
        week["吴婶"].says(words)
        week.town.forward(seconds=2)
    week["吴婶"].sees("登记好了", "锦绣苑22号楼")
    week["吴婶"].says("2" if week["吴婶"].labels(1)[1:2] == ["不留"] else "不留")
    week.robot.sees("新诉求", week.number("吴婶"))
    week.on("四网格", week.number("吴婶"), "接单")


def the_resident_pressed_by_mistake(week: Week) -> None:
    number = week.files("郑姐", "锦绣苑10号楼楼道灯不亮")
    week["郑姐"].says("撤回")
    week["郑姐"].presses("撤回", last=1)
    assert week.case(number).state is State.WITHDRAWN
    week.minutes(3)
    week["郑姐"].presses("点错了")
    assert week.case(number).state is State.ASSIGNED
    week["余玉淑"].sees("居民点错了", number)


def the_worker_pressed_by_mistake(week: Week) -> None:
    number = week.number("郑姐")
    week.on("余玉淑", number, "接单")
    week.on("余玉淑", number, "到场")
    week["余玉淑"].presses("点错了", last=1)
    assert week.case(number).state is State.ACKNOWLEDGED


def the_category_is_mended_in_one_tap(week: Week) -> None:
    """By the resident and by the worker; the limits are counted anew."""
    number = week.files("冯叔", "锦绣苑17号楼没暖气")
    assert week.case(number).urgency is Urgency.URGENT
    week["冯叔"].says("我的诉求")
    week["冯叔"].presses("改类别")
    week["冯叔"].presses("水电气网")
    week["冯叔"].sees("改好了", "水电气网")
    week.more("吴晓", number, "改类别")
    week["吴晓"].presses("房屋和公共设施", last=1)
    assert week.case(number).category == "building_facilities"
    assert week.events(number).count("correct") == 2
    week.on("吴晓", number, "接单")


def done_together_with_a_photo(week: Week) -> None:
    """The after-photo goes with the first question, and stays with its own home."""
    week.town.not_looking.add(week["钱老师"].address)  # the page is closed: away until Sunday
    week.done("潘霞兰", week.number("李叔"), "换了楼前阀门，热了", photo=True)
    week["潘霞兰"].presses("同楼 2 件一起")
    week["潘霞兰"].presses("带上这句")
    assert len(week["李叔"].sees("换了楼前阀门", "解决了吗").files) == 1
    assert week["赵姐"].sees("解决了吗").files == []


def asked_and_answered(week: Week) -> None:
    week["李叔"].presses("已解决")
    week["李叔"].presses("满意")
    week["李叔"].sees("谢谢您")
    week["赵姐"].says("没解决，还是冰凉")
    week["潘霞兰"].sees("居民说没解决", week.number("赵姐"))
    week.on("潘霞兰", week.number("赵姐"), "接单")


def solved_pressed_by_mistake(week: Week) -> None:
    number = week.number("郑姐")
    week.done("余玉淑", number, "换了灯泡")
    week["郑姐"].presses("已解决")
    week["郑姐"].says("点错了")
    assert week.case(number).state is State.RESOLVED
    week["郑姐"].presses("部分解决")
    week["余玉淑"].sees("哪天能全办好")
    week["余玉淑"].says("周三")
    week["郑姐"].sees("余玉淑", "12月9日")


def questions_and_the_desks_answer(week: Week) -> None:
    """An answer that is prepared, one that the desk gives, and the same question of a neighbour: the desk's answer is kept."""
    reader, secretary = week["孙姐"], week["书记"]
    reader.says("低保怎么申请")
    reader.sees("户口本", "来源")
    reader.says("请问社区图书角借书带什么证")
    reader.sees("前回您")
    secretary.sees("居民问：孙姐")
    secretary.presses("回答")
    secretary.says("带身份证就行")
    reader.sees("带身份证就行")
    secretary.presses("放进去", last=2)
    secretary.presses("就这样", last=2)
    secretary.sees("放进常见问题了")
    reload(week.town)


def the_next_who_asks(week: Week) -> None:
    week["周大爷"].says("请问社区图书角借书带什么证")
    week["周大爷"].sees("带身份证就行", "来源：锦绣社区")


def anger_and_advertising(week: Week) -> None:
    week["冯叔"].says("你们都是废物")
    week["冯叔"].sees("听得出您很着急")
    seller = week.town.resident("推销", "telegram")
    seller.says("无抵押低息贷款，加微信详谈")
    seller.sees("广告就不登记了")


def mended_the_same_day(week: Week) -> None:
    week.mends("王阿姨", "孙姐", "吴婶")


def in_the_evening_they_answer(week: Week) -> None:
    for name, grade in (("王阿姨", "满意"), ("孙姐", "满意"), ("吴婶", "基本满意")):
        week[name].presses("已解决")
        week[name].presses(grade)
        assert week.case(week.number(name)).state is State.CONFIRMED


DAY = {
    "07:10": a_burst_gets_one_question, "07:40": one_outage_of_three_homes, "08:02": the_secretarys_morning, "08:10": the_building_is_told, "08:40": a_change_of_mind,
    "09:05": rounds, "10:30": rounds, "16:05": rounds, "16:30": mended_the_same_day, "18:30": in_the_evening_they_answer,
    "09:00": the_place_in_pieces, "09:30": a_bare_number, "10:00": the_resident_pressed_by_mistake,
    "10:15": the_worker_pressed_by_mistake, "10:40": the_category_is_mended_in_one_tap, "14:00": done_together_with_a_photo,
    "14:30": asked_and_answered, "15:00": solved_pressed_by_mistake, "15:30": questions_and_the_desks_answer,
    "15:45": the_next_who_asks, "16:00": anger_and_advertising,
}
