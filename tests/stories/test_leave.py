"""请假: the days, a substitute who must accept, the secretary when nobody answers; and where the cases go meanwhile."""

from __future__ import annotations

from datetime import date

import pytest

from casework.roster import Leave
from storage import roster
from tests.fakes.town import Phone, Town
from tests.stories.test_duty import holder, keys, row
from tests.stories.test_night import building

LAMP = "锦绣苑3号楼楼道灯不亮"
ME, COLLEAGUE = "w-s1c1g1", "w-s1c1g2"  # 潘霞兰, 余玉淑; their secretary: cs-s1c1, 徐娟山


@pytest.fixture
def three(town: Town) -> tuple[Phone, Phone, Phone]:
    me, colleague, secretary = town.all_staff(ME, COLLEAGUE, "cs-s1c1")
    return me, colleague, secretary


def leaves(town: Town, *posts: str) -> list[Leave]:
    with town.database.reading() as conn:
        return roster.leaves_to_come(conn, list(posts or (ME,)), date(2026, 11, 1))


def where_a_case_goes(town: Town, words: str = LAMP) -> str:
    town.resident().says(words)
    return holder(town)


# ---- the happy path ----------------------------------------------------------------------------------------------


def test_all_in_one_sentence(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, secretary = three
    me.says("请假 12月3日到4日 余玉淑顶班")
    me.sees("问专职网格员 余玉淑了：后天（12月3日周四）到12月4日（周五）", "他同意了才算")
    assert leaves(town) == []
    colleague.sees("潘霞兰后天（12月3日周四）到12月4日（周五）请假", "行吗")
    colleague.presses("同意")
    colleague.sees("您替潘霞兰顶班")
    me.sees("假请好了", "顶班：专职网格员 余玉淑")
    secretary.sees("潘霞兰", "请假，顶班：专职网格员 余玉淑")
    assert leaves(town) == [Leave(ME, date(2026, 12, 3), date(2026, 12, 4), COLLEAGUE)]


def test_cases_go_to_the_substitute_on_these_days_only(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, _ = three
    me.says("请假 后天 余玉淑顶班")
    colleague.presses("同意")
    assert where_a_case_goes(town) == ME
    town.forward(days=2)
    assert where_a_case_goes(town, "锦绣苑3号楼电梯坏了") == COLLEAGUE
    town.forward(days=1)
    assert where_a_case_goes(town, "锦绣苑3号楼下水道堵了") == ME


def test_asked_one_thing_at_a_time(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, _ = three
    for said, seen in (("我要请假", "请哪几天"), ("１２月５号到６号", "谁来顶班")):
        me.says(said)
        me.sees(seen)
    me.presses("余玉淑（锦绣2网格）")
    me.sees("问专职网格员 余玉淑了：12月5日（周六）到12月6日（周日）")
    colleague.says("同意")
    assert leaves(town) == [Leave(ME, date(2026, 12, 5), date(2026, 12, 6), COLLEAGUE)]


def test_by_buttons_and_command(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, _ = three
    me.commands("/leave")
    me.presses("明天")
    me.says("余玉淑")
    colleague.presses("同意")
    assert leaves(town) == [Leave(ME, date(2026, 12, 2), date(2026, 12, 2), COLLEAGUE)]


def test_leave_from_today_hands_over_what_is_not_acknowledged(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, _ = three
    town.resident().says(LAMP)
    me.presses("接单")
    town.resident().says("锦绣苑3号楼电梯坏了")
    me.says("请假 今天到明天 余玉淑顶班")
    assert holder(town, 1) == ME  # not before the substitute agrees
    colleague.presses("同意")
    colleague.sees("交班转来 26-000002")
    assert (holder(town, 0), holder(town, 1)) == (ME, COLLEAGUE)
    me.sees("假请好了", "1 件还在您名下")


def test_a_building_lead_stands_in_by_day(town: Town, three: tuple[Phone, ...]) -> None:
    me, _, _ = three
    lead = town.staff("b-e01b01-1")
    me.says(f"请假 今天 {lead.name}顶班")
    lead.presses("同意")
    assert where_a_case_goes(town) == "b-e01b01-1"


def test_a_substitute_who_goes_on_leave_has_a_substitute_too(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, _ = three
    third = town.staff("w-s1c1g3")
    me.says("请假 今天到后天 余玉淑顶班")
    colleague.presses("同意")
    colleague.says(f"请假 今天 {third.name}顶班")
    third.presses("同意")
    assert where_a_case_goes(town) == "w-s1c1g3"
    town.forward(days=1)
    assert where_a_case_goes(town, "锦绣苑3号楼电梯坏了") == COLLEAGUE


def test_who_says_off_duty_and_then_goes_on_leave_is_still_replaced(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, _ = three
    me.says("请假 今天 余玉淑顶班")
    colleague.presses("同意")
    me.says("下班")
    assert where_a_case_goes(town) == COLLEAGUE
    colleague.says("下班")
    assert where_a_case_goes(town, "锦绣苑3号楼电梯坏了") == "cs-s1c1"


# ---- no, and silence ---------------------------------------------------------------------------------------------


def test_a_refusal_is_told_and_another_may_be_named(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, _ = three
    third = town.staff("w-s1c1g3")
    me.says("请假 后天 余玉淑顶班")
    colleague.presses("不行")
    me.sees("余玉淑说后天（12月3日周四）不方便顶班", "换一位")
    assert leaves(town) == []
    assert not any(label.startswith("余玉淑") for label in me.labels(1))
    me.says(third.name)
    third.presses("同意")
    assert leaves(town)[0].substitute == "w-s1c1g3"


def test_silence_is_told_to_the_secretary_within_a_day(town: Town, three: tuple[Phone, ...]) -> None:
    me, _colleague, secretary = three
    third = town.staff("w-s1c1g3")
    me.says("请假 12月4日 余玉淑顶班")
    town.forward(hours=23)
    secretary.sees_nothing()
    town.forward(hours=1)
    secretary.sees("潘霞兰12月4日（周五）请假，等余玉淑同意", "您来定")
    me.sees("还没回话", "请社区党委书记 徐娟山来安排")
    secretary.presses(f"{third.name}（锦绣3网格）")
    third.sees("潘霞兰", "想请您顶班")
    third.presses("同意")
    assert leaves(town)[0].substitute == "w-s1c1g3"
    secretary.says("任务")
    secretary.sees("没有要办的任务")


def test_before_a_leave_that_begins_sooner_the_secretary_hears_in_time(town: Town, three: tuple[Phone, ...]) -> None:
    me, _colleague, secretary = three
    me.says("请假 明天 余玉淑顶班")
    town.forward(hours=21, minutes=1)  # 07:01 of that day
    secretary.sees("请假，等余玉淑同意")
    assert where_a_case_goes(town) == ME  # nothing is granted by silence
    secretary.presses("准假，不派人顶")
    me.sees("假请好了", "没有专人")
    assert leaves(town) == [Leave(ME, date(2026, 12, 2), date(2026, 12, 2), None)]
    assert where_a_case_goes(town, "锦绣苑3号楼电梯坏了") == "cs-s1c1"


def test_the_late_substitute_may_still_agree_but_not_after_somebody_decided(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, secretary = three
    me.says("请假 12月4日 余玉淑顶班")
    town.forward(days=1, hours=1)
    secretary.presses("不准")
    me.sees("书记没有批")
    colleague.presses("同意")
    colleague.sees("这个按钮是之前的了")
    assert leaves(town) == []


def test_nobody_to_name_and_the_secretary_arranges(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, secretary = three
    me.says("请假 12月4日")
    me.presses("请书记安排")
    me.sees("请社区党委书记 徐娟山来安排了")
    secretary.sees("还没找到顶班的人")
    secretary.says("任务")
    secretary.presses("请假顶班 1")
    secretary.presses("余玉淑（锦绣2网格）")
    colleague.presses("不行")
    secretary.sees("余玉淑说12月4日（周五）不方便顶班")  # who asked is asked for another


def test_a_silent_secretary_is_reminded(town: Town, three: tuple[Phone, ...]) -> None:
    me, _, secretary = three
    me.says("请假 12月9日 余玉淑顶班")
    town.forward(days=3)
    secretary.sees("您来定")
    secretary.sees("任务过时了：请假顶班")


def test_the_question_of_long_ago_about_days_that_are_over(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, _ = three
    me.says("请假 明天")
    town.forward(days=3)
    me.presses("余玉淑（锦绣2网格）")
    me.sees("这个假已经过了日子")
    assert keys(colleague) == []


def test_a_post_that_is_no_more_has_no_leave(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, _ = three
    me.says("请假 12月9日 余玉淑顶班")
    with town.database.writing() as conn:
        conn.exec_driver_sql("update post set ended_at = '2026-12-01 02:00:00' where id = 'w-s1c1g1'")
    colleague.presses("同意")
    colleague.sees("这个假已经过了日子")
    assert leaves(town) == []


# ---- pressed twice, late, by others ------------------------------------------------------------------------------


def test_pressed_twice_is_written_once(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, _ = three
    me.says("请假 后天 余玉淑顶班")
    colleague.presses("同意")
    colleague.presses("同意")
    colleague.sees("这个按钮是之前的了")
    colleague.presses("不行")
    assert len(leaves(town)) == 1


def test_a_new_request_takes_the_place_of_the_old(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, _ = three
    me.says("请假 后天 余玉淑顶班")
    old = colleague.shown[-1]
    me.says("请假 12月4日 余玉淑顶班")
    colleague.presses_value(old.buttons[0]["value"])
    assert leaves(town) == []
    colleague.presses("同意")
    assert [leave.first for leave in leaves(town)] == [date(2026, 12, 4)]


def test_agreed_after_the_leave_is_over(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, _ = three
    me.says("请假 今天 余玉淑顶班")
    town.forward(days=2)
    colleague.presses("同意")
    colleague.sees("这个按钮是之前的了")
    assert leaves(town) == []


def test_somebody_elses_button(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, secretary = three
    me.says("请假 后天 余玉淑顶班")
    value = colleague.shown[-1].buttons[0]["value"]
    for other in (secretary, me, town.resident()):
        other.presses_value(value)
        other.sees("这个按钮是别人的")
    assert leaves(town) == []


def test_a_yes_to_something_else_the_next_day_is_no_consent(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, _ = three
    me.says("请假 12月9日 余玉淑顶班")
    town.forward(hours=3)
    colleague.says("好的")
    assert leaves(town) == []
    colleague.says("同意")
    assert len(leaves(town)) == 1


# ---- bad input ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("words", "seen"), [
    ("11月20日", "已经过去了"), ("昨天", "已经过去了"), ("2028年1月1日", "只能请一年以内"), ("2月30日", "日历上没有"),
    ("12月5日到12月3日", "后面的日期比前面的早"), ("3天", "请哪几天"), ("", "请哪几天"),
])  # fmt: skip
def test_a_bad_date_gets_a_clear_answer_and_another_try(town: Town, three: tuple[Phone, ...], words: str, seen: str) -> None:
    me, _, _ = three
    me.says(f"请假 {words} 余玉淑顶班")
    me.sees(seen)
    me.says("12月3日")
    me.sees("问专职网格员 余玉淑了：后天（12月3日周四）")


@pytest.mark.parametrize(("name", "seen"), [("张三丰", "没找到这位同事"), ("潘霞兰", "没找到这位同事"), ("吴晓", "还没有绑定聊天")])
def test_a_substitute_who_cannot_be(town: Town, three: tuple[Phone, ...], name: str, seen: str) -> None:
    me, _, _ = three
    me.says("请假 后天")
    me.says(name)
    me.sees(seen)
    me.says("余玉淑")
    me.sees("问专职网格员 余玉淑了")


def test_a_substitute_on_leave_is_not_asked(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, _ = three
    row(town, roster.LEAVE, post_id=COLLEAGUE, first=date(2026, 12, 3), last=date(2026, 12, 3), substitute_id=None)
    me.says("请假 12月3日到5日 余玉淑顶班")
    me.sees("余玉淑这几天也请了假")
    assert keys(colleague) == []


def test_half_a_day_and_days_taken_already(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, _ = three
    me.says("明天下午请假")
    me.sees("按整天算")
    me.says("余玉淑")
    colleague.presses("同意")
    me.clears()
    me.says("请假 明天到后天")
    me.sees("您明天（12月2日周三）已经请了假")


def test_a_note_with_a_day_in_it_is_no_answer(town: Town, three: tuple[Phone, ...]) -> None:
    me, _, _ = three
    town.resident().says(LAMP)
    me.presses("接单")
    me.says("请假")
    me.clears()
    me.says("明天上午再去一趟看看")
    me.sees("记在 26-000001 里了")
    me.says("居民说他明天请假在家")
    me.sees("记在 26-000001 里了")


def test_words_about_leave_that_ask_for_none(town: Town, three: tuple[Phone, ...]) -> None:
    me, _, _ = three
    me.says("请假条去哪儿领")
    me.sees("登记一件诉求吗")


# ---- back, and what stands ---------------------------------------------------------------------------------------


def test_back_early(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, secretary = three
    me.says("请假 今天到12月5日 余玉淑顶班")
    colleague.presses("同意")
    town.forward(days=2)
    me.says("销假")
    me.sees("销假了，从今天起照常派给您")
    colleague.sees("潘霞兰提前销假了")
    secretary.sees("潘霞兰提前销假了")
    assert where_a_case_goes(town) == ME
    assert leaves(town) == [Leave(ME, date(2026, 12, 1), date(2026, 12, 2), COLLEAGUE)]
    me.says("销假")
    me.sees("您没有请假")


def test_a_leave_to_come_is_taken_back_and_of_two_one_is_chosen(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, _ = three
    for day in ("12月5日", "12月7日"):
        me.says(f"请假 {day} 余玉淑顶班")
        colleague.presses("同意")
    me.says("我的请假")
    me.sees("12月5日（周六） · 顶班：专职网格员 余玉淑\n12月7日（周一） · 顶班：专职网格员 余玉淑")
    me.commands("/back")
    me.presses("12月7日（周一）")
    me.sees("12月7日（周一）的假不请了")
    colleague.sees("潘霞兰12月7日（周一）的假不请了")
    me.presses("12月7日（周一）")
    me.sees("您没有请假")
    assert [leave.first for leave in leaves(town)] == [date(2026, 12, 5)]


def test_what_is_not_decided_yet_is_taken_back_too(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, secretary = three
    me.says("请假 后天 余玉淑顶班")
    me.says("我的请假")
    me.sees("等余玉淑同意")
    me.says("销假")
    me.sees("还没定下来的假不请了")
    colleague.presses("同意")
    town.forward(days=2)
    assert leaves(town) == []
    secretary.sees_nothing("请假")


# ---- others ------------------------------------------------------------------------------------------------------


def test_a_secretary_asks_for_somebody(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, secretary = three
    secretary.says("给潘霞兰请假 12月3日到4日 余玉淑顶班")
    secretary.sees("问专职网格员 余玉淑了", "替潘霞兰顶班")
    colleague.presses("同意")
    me.sees("假请好了")
    secretary.sees("潘霞兰", "请假，顶班")
    assert leaves(town)[0].substitute == COLLEAGUE


@pytest.mark.parametrize(("who", "words", "seen"), [
    ("cs-s1c1", "给张三丰请假 明天", "没找到张三丰"), ("cs-s1c2", "给潘霞兰请假 明天", "没找到潘霞兰"),
    ("w-s1c1g3", "给潘霞兰请假 明天", "要社区书记来"), ("cs-s1c1", "请假 明天", "您的岗位不排班"),
    ("sp-heat", "请假 明天", "不在值班表上"), ("sd-s1", "给潘霞兰请假 明天", "要社区书记来"),
])  # fmt: skip
def test_who_may_not(town: Town, who: str, words: str, seen: str) -> None:
    phone = town.staff(who)
    phone.says(words)
    phone.sees(seen)
    assert leaves(town) == []


@pytest.mark.parametrize("words", ["请假", "销假", "我的请假"])
def test_residents_are_told_kindly(town: Town, words: str) -> None:
    resident = town.resident()
    resident.says(words)
    resident.sees("这是给工作人员用的")
    resident.commands("/leave 明天")
    resident.sees("这是给工作人员用的")
    assert town.cases() == []


def test_a_resident_who_speaks_of_leave_is_heard_as_a_resident(town: Town) -> None:
    resident = town.resident()
    resident.says("我请假在家等了一天，锦绣苑3号楼暖气还是不热")
    assert town.case.category == "heating"


def test_a_shift_that_ends_while_on_leave_finds_the_substitute(town: Town, three: tuple[Phone, ...]) -> None:
    """What nobody has acknowledged the evening before goes to the substitute in the morning."""
    me, colleague, _ = three
    me.says("请假 明天 余玉淑顶班")
    colleague.presses("同意")
    town.forward(hours=9, minutes=30)  # 19:30
    where = building(town, "s1c1g1")
    town.resident().says(where + "楼道灯不亮")
    assert holder(town) == ME
    town.forward(hours=12)
    colleague.sees("交班转来 26-000001")
    assert holder(town) == COLLEAGUE
