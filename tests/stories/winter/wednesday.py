"""Wednesday: the night's urgent trouble, the climb, leave, and what a secretary decides."""

from __future__ import annotations

from casework.case import State
from tests.stories.winter.week import Week, rounds


def urgent_by_night(week: Week) -> None:
    """Whoever is rostered for the night hears it; the workers sleep."""
    week.all_clear()
    week["施奶奶"].says("锦绣苑9号楼1单元没暖气了")
    number = week.number("施奶奶")
    week["书记"].sees("新诉求", number)
    week["余玉淑"].sees_nothing()
    week.on("书记", number, "接单")


def what_was_kept_and_what_was_safe(week: Week) -> None:
    """The appointment that was moved is kept; the gas is answered for."""
    number = week.number("沈姐")
    week.on("吴晓", number, "到场")
    week.done("吴晓", number, "疏通了")
    week["沈姐"].presses("已解决")
    week["沈姐"].presses("基本满意")
    week.done("书记", week.number("吕大哥"), "阀门没关严，关好了")
    week["吕大哥"].presses("已解决")
    week["吕大哥"].presses("满意")


def nobody_accepts(week: Week) -> None:
    week.all_clear()
    week.files("张大妈", "锦绣苑23号楼2单元没暖气", phone="13800000023")


def it_has_climbed(week: Week) -> None:
    number = week.number("张大妈")
    week["书记"].sees("没人接单，报到您这里", number)
    week["张大妈"].sees("还没有人接单，已经报给")
    week["街道"].sees_nothing(number)


def the_street_takes_it(week: Week) -> None:
    number = week.number("张大妈")
    week["街道"].sees("没人接单，报到您这里", number)
    week.on("街道", number, "接单")
    week["四网格"].sees("接了，您不用管了", number)
    week["张大妈"].sees("已经接单了")
    week.done("街道", number, "热力公司换了阀门")
    week["张大妈"].presses("已解决")
    week["张大妈"].presses("不满意")


def leave_with_a_substitute(week: Week) -> None:
    """The substitute agrees, and takes what is in hand; the residents hear the name."""
    week["潘霞兰"].says("请假 明天 余玉淑顶班")
    week["余玉淑"].presses("同意")
    week["潘霞兰"].sees("假请好了")
    week["潘霞兰"].presses("都交给同事")
    week["潘霞兰"].presses("交", last=1)
    week["余玉淑"].presses("收下")
    week["赵姐"].sees("以后由", "余玉淑接着办")


def more_time(week: Week) -> None:
    number = week.files("严叔", "锦绣苑15号楼电梯坏了")
    week.on("吴晓", number, "接单")
    week.more("吴晓", number, "申请延期")
    week["吴晓"].says("配件要从厂里发来")
    week["书记"].sees("延到 15 天", number)
    week.on("书记", number, "同意")
    week["严叔"].sees("经社区书记同意")


def put_off_with_consent(week: Week) -> None:
    number = week.files("曹姐", "锦绣苑24号楼楼顶漏水")
    week.on("四网格", number, "接单")
    week.more("书记", number, "挂账")
    week["书记"].says("明年6月1日：老旧小区改造时一起修")
    week["曹姐"].sees("您同意吗")
    week["曹姐"].presses("同意")
    assert week.case(number).state is State.DEFERRED


def dismissed_and_objected(week: Week) -> None:
    number = week.files("华大爷", "锦绣苑21号楼楼道灯不亮")
    week.on("吴晓", number, "接单")
    week.minutes(5)
    week.more("书记", number, "不是诉求")
    week["书记"].says("这盏灯已经换好了")
    week["华大爷"].sees("理由：这盏灯已经换好了")
    week.minutes(2)
    week["华大爷"].presses("不对，请重新办")
    assert week.case(number).state is State.REOPENED
    week.on("吴晓", number, "接单")


def redirected(week: Week) -> None:
    number = week.files("金女士", "锦绣苑26号楼前面马路路灯全灭了")
    week.on("四网格", number, "接单")
    week.more("书记", number, "转出")
    week["书记"].says("市政路灯所")
    week["金女士"].sees("需要市政路灯所来办")


def one_thumb(week: Week) -> None:
    """Most urgent first, by state and by building, the next card after each step, and the way back."""
    worker = week["吴晓"]
    worker.says("我的工单")
    lines = [line for line in worker.sees("您在办的（急的在前）").text.splitlines() if "26-" in line]
    urgent = [line.startswith("❗") for line in lines]
    assert urgent == sorted(urgent, reverse=True), lines
    worker.presses("按楼栋看", last=1)
    worker.presses(next(label for label in worker.labels(1) if label.startswith("锦绣苑15号楼")), last=1)
    worker.presses(week.number("严叔"), last=1)
    worker.presses("到场", last=1)
    assert worker.labels(1)[0] == "点错了"


def to_sort(week: Week) -> None:
    week["孔师傅"].says("锦绣苑7号楼有个东西不对劲")


def sorted_with_one_tap(week: Week) -> None:
    number = week.number("孔师傅")
    week["书记"].sees("要分一件", number)
    week.on("书记", number, "卫生绿化")
    assert week.case(number).category == "sanitation"
    week.on("潘霞兰", number, "接单")


def what_is_kept_of_me(week: Week) -> None:
    week["王阿姨"].says("我的数据")
    week["王阿姨"].sees("138****0003", "锦绣苑3号楼2单元")


def knocked_again(week: Week) -> None:
    week.on("书记", week.number("钱老师"), "家里没人")


def mended(week: Week) -> None:
    """赵姐's within its 48 hours, by who took over; 施奶奶's by the secretary."""
    week.mends("赵姐", "施奶奶", "Mr Smith", words="换了阀门，热了")
    for name, solved, grade in (
        ("赵姐", "已解决", "满意"), ("施奶奶", "已解决", "满意"), ("Mr Smith", "Fixed · 已解决", "Not satisfied · 不满意"),
    ):
        week[name].presses(solved)
        week[name].presses(grade)
    week["书记"].sees("不满意", week.number("Mr Smith"))


def what_was_promised(week: Week) -> None:
    """余 said Wednesday; 吴晓 took over."""
    week.mends("郑姐", words="三盏都换了")
    week["郑姐"].presses("已解决")
    week["郑姐"].presses("满意")
    week.mends("何姐", "许先生")
    week["何姐"].says("热了")
    week["许先生"].presses("已解决")


DAY = {
    "02:00": urgent_by_night, "07:30": nobody_accepts, "08:05": it_has_climbed, "08:35": the_street_takes_it,
    "09:05": what_was_kept_and_what_was_safe, "09:30": leave_with_a_substitute, "10:00": more_time, "10:30": put_off_with_consent,
    "11:00": dismissed_and_objected, "11:12": one_thumb, "11:30": redirected, "14:00": to_sort, "14:12": sorted_with_one_tap,
    "15:00": what_is_kept_of_me, "15:50": what_was_promised, "09:40": rounds, "11:40": rounds, "15:40": rounds,
    "12:00": knocked_again, "13:30": mended,
}
