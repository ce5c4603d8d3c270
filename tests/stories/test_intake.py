"""From message to case, as it happens on a resident's phone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from casework.case import State, Urgency
from storage import cases, people
from storage.queues import inbox
from tests.fakes.town import Phone, Town

HOME = "锦绣苑3号楼2单元"
GRID = "s1c1g1"


@pytest.fixture
def resident(town: Town) -> Phone:
    return town.resident("王阿姨")


def waits(town: Town) -> None:
    """Long enough for a held question to go out."""
    town.forward(seconds=2)


def home_of(town: Town, phone: Phone) -> str | None:
    with town.database.reading() as conn:
        known = people.speaker(conn, phone.channel, phone.address)
    return known.person.home.building_id if known else None


def phone_of(town: Town, phone: Phone) -> str | None:
    with town.database.reading() as conn:
        known = people.speaker(conn, phone.channel, phone.address)
    return known.person.phone if known else None


def test_one_message_is_enough(town: Town, resident: Phone) -> None:
    worker = town.staff("w-s1c1g1")
    heard = resident.says(f"{HOME}又没暖气了，家里有老人")
    assert len(heard) == 1
    message = resident.sees("登记好了", HOME, "供暖", "前接单", "前到场", "前办好", "留个电话")
    assert worker.name in message.text
    worker.sees("新诉求", HOME, "家里有老人")
    assert (town.case.category, town.case.urgency, town.case.grid_id) == ("heating", Urgency.URGENT, GRID)


def test_the_smooth_path_takes_five_messages(town: Town, resident: Phone) -> None:
    worker = town.staff("w-s1c1g1")
    resident.says(f"{HOME}没暖气")
    for words in ("收到", "到了", "办好了", "换了阀门，现在22度"):
        worker.says(words)
    resident.presses("已解决")
    resident.presses("满意")
    town.forward(days=5)
    assert [m.key for m in resident.shown] == [
        "resident.receipt+resident.ask_phone", "resident.acknowledged", "checkback.solved", "checkback.satisfied",
        "resident.thanks_satisfied",
    ]
    assert town.case.state is State.CONFIRMED


def test_the_place_is_asked_once(town: Town, resident: Phone) -> None:
    resident.says("没暖气了")
    resident.sees_nothing()
    waits(town)
    resident.sees("在哪儿")
    resident.says("锦绣苑3号楼2单元501")
    resident.sees("登记好了", "锦绣苑3号楼2单元501室")


def test_an_estate_of_several_grids_asks_for_the_building(town: Town, resident: Phone) -> None:
    resident.says("锦绣苑没水")
    waits(town)
    assert "3号楼" in resident.sees("锦绣苑几号楼").buttons[2]["label"]
    resident.presses("3号楼")
    resident.sees("登记好了", "锦绣苑3号楼")
    assert town.case.grid_id == GRID


def test_a_building_may_be_chosen_by_number(town: Town, resident: Phone) -> None:
    resident.says("锦绣苑没水")
    waits(town)
    resident.says("回复 12")
    resident.sees("登记好了", "锦绣苑12号楼")


def test_the_place_in_pieces(town: Town, resident: Phone) -> None:
    for words in ("没暖气", "锦绣苑", "3号楼"):
        resident.says(words)
        waits(town)
    resident.sees("在哪儿")
    resident.sees("几号楼")
    resident.sees("登记好了", "锦绣苑3号楼")
    resident.says("2单元501")
    resident.sees("加到")
    assert (town.case.spot.building_id, town.case.spot.unit, town.case.spot.room) == ("e01b03", "2", "501")


def test_a_number_without_an_estate_asks_for_the_estate(town: Town, resident: Phone) -> None:
    resident.says("3号楼2单元没暖气")
    waits(town)
    resident.sees("3号楼在哪个小区")
    resident.says("锦绣苑")
    resident.sees("登记好了", HOME)


def test_a_burst_gets_one_question(town: Town, resident: Phone) -> None:
    for words in ("没暖气", "3号楼", "2单元"):
        resident.says(words)
    waits(town)
    assert len(resident.shown) == 1
    resident.says("锦绣苑")
    resident.sees("登记好了", HOME)
    assert len(town.cases()) == 1


def test_a_burst_that_tells_all_gets_no_question(town: Town, resident: Phone) -> None:
    for words in ("没暖气", "锦绣苑", "3号楼"):
        resident.says(words)
    assert [m.key for m in resident.shown] == ["resident.receipt+resident.ask_phone"]
    waits(town)
    assert len(resident.shown) == 1


def test_a_change_of_mind_before_the_case(town: Town, resident: Phone) -> None:
    resident.says("锦绣苑没水")
    waits(town)
    resident.says("不是，我说的是5号楼")
    resident.sees("登记好了", "锦绣苑5号楼")


def test_a_change_of_mind_after_the_case(town: Town, resident: Phone) -> None:
    worker = town.staff("w-s1c1g1")
    resident.says("锦绣苑3号楼没水")
    town.forward(minutes=2)
    resident.says("不是，我说的是5号楼")
    resident.sees("改好了", "锦绣苑5号楼")
    worker.sees("锦绣苑5号楼")
    assert town.case.spot.building_id == home_of(town, resident) == "e01b05"


def test_another_building_alone_is_asked_about(town: Town, resident: Phone) -> None:
    resident.says("锦绣苑3号楼没水")
    town.forward(minutes=2)
    resident.says("5号楼2单元")
    resident.sees("写错了", "5号楼2单元")
    resident.presses("是")
    resident.sees("改好了", "锦绣苑5号楼2单元")
    assert town.case.spot.building_id == "e01b05"


def test_a_building_that_does_not_exist(town: Town, resident: Phone) -> None:
    resident.says("锦绣苑99号楼没暖气")
    waits(town)
    assert [b["label"] for b in resident.sees("没有找到99号楼").buttons] == ["38号楼", "37号楼", "36号楼", "都不是"]
    resident.presses("都不是")
    resident.sees("登记好了", "99号楼")
    assert town.case.grid_id is None
    assert town.case.spot.estate_id == "e01"


def test_a_building_that_does_not_exist_is_asked_only_once(town: Town, resident: Phone) -> None:
    resident.says("锦绣苑99号楼没暖气")
    waits(town)
    resident.says("98号楼")
    resident.sees("没有找到99号楼")
    resident.sees("登记好了", "98号楼")


def test_a_building_corrected_in_words(town: Town, resident: Phone) -> None:
    resident.says("锦绣苑99号楼没暖气")
    waits(town)
    resident.says("9号楼")
    waits(town)
    resident.sees("登记好了", "锦绣苑9号楼")


def this_or_that(town: Town, resident: Phone) -> tuple[str, str]:
    """Words that do not tell which of two it is; which two is for the rules to say."""
    resident.says("锦绣苑3号楼楼道里有东西")
    waits(town)
    first, second, neither = [button["label"] for button in resident.sees("，还是").buttons]
    assert neither == "都不是"
    return first, second


@pytest.mark.parametrize("answer", [">{}", "2", "{}", "是{}的事"])
def test_this_or_that_is_offered(town: Town, resident: Phone, answer: str) -> None:
    """Not sure: both are offered, and either may be pressed, numbered or named."""
    _, second = this_or_that(town, resident)
    answer = answer.format(second)
    if answer.startswith(">"):
        resident.presses(answer[1:])
    else:
        resident.says(answer)
    resident.sees("登记好了", second)
    assert town.case.topic is None


def test_yes_to_this_or_that_is_the_first(town: Town, resident: Phone) -> None:
    first, _ = this_or_that(town, resident)
    resident.says("是的")
    resident.sees("登记好了", first)


@pytest.mark.parametrize("answer", [">都不是", "都不是", "不是"])
def test_neither(town: Town, resident: Phone, answer: str) -> None:
    resident.says("锦绣苑3号楼楼道里有东西")
    waits(town)
    if answer.startswith(">"):
        resident.presses(answer[1:])
    else:
        resident.says(answer)
    waits(town)
    resident.sees("是哪方面的事")
    resident.presses("卫生绿化")
    resident.sees("登记好了", "卫生绿化")
    assert (town.case.category, town.case.topic) == ("sanitation", None)


def test_a_matter_nobody_knows_asks_for_its_kind(town: Town, resident: Phone) -> None:
    resident.says("锦绣苑3号楼有个情况")
    waits(town)
    resident.sees("哪方面")
    resident.says("供暖")
    resident.sees("登记好了", "供暖")


def test_the_home_is_remembered(town: Town, resident: Phone) -> None:
    resident.says(f"{HOME}没暖气")
    town.forward(minutes=30)
    resident.says("电梯坏了")
    resident.sees("登记好了", HOME, "房屋和公共设施")
    town.forward(minutes=30)
    resident.says("5号楼没人扫楼道，垃圾堆着")
    resident.sees("登记好了", "锦绣苑5号楼")
    assert home_of(town, resident) == "e01b03"


def test_two_troubles_apart(town: Town, resident: Phone) -> None:
    resident.says("没暖气，电梯也坏了")
    waits(town)
    resident.sees("两件事", "供暖", "房屋和公共设施")
    resident.presses("分开登记")
    waits(town)
    resident.sees("在哪儿")
    heard = resident.says(HOME)
    assert len(heard) == 1
    assert [b["label"] for b in heard[0].buttons] == ["我的诉求", "不留"]
    first, second = town.cases()
    assert (first.category, first.topic, first.urgency) == ("heating", "no_heat", Urgency.URGENT)
    assert (second.category, second.topic, second.urgency) == ("building_facilities", "lift", Urgency.NORMAL)
    assert first.spot == second.spot
    assert first.also == second.also == ()


def test_photos_go_to_both(town: Town, resident: Phone) -> None:
    resident.sends_photo(f"{HOME}没暖气，电梯也坏了")
    waits(town)
    resident.says("分开")
    with town.database.reading() as conn:
        assert [len(cases.photos(conn, c.id)) for c in town.cases()] == [1, 1]


def test_two_troubles_together(town: Town, resident: Phone) -> None:
    resident.says(f"{HOME}没暖气，电梯也坏了")
    waits(town)
    resident.presses("就一件")
    assert (town.case.category, town.case.also) == ("heating", ("building_facilities",))


def test_two_troubles_unanswered_are_one_case(town: Town, resident: Phone) -> None:
    resident.says(f"{HOME}没暖气，电梯也坏了")
    town.forward(minutes=11)
    resident.sees("登记好了", "留个电话")
    assert (town.case.category, town.case.also) == ("heating", ("building_facilities",))


@pytest.mark.parametrize("words", ["没暖气，物业也不管", "停电了，家里一片黑", "楼上漏水，把我家墙都泡了"])
def test_one_trouble_told_in_two_clauses_is_one(town: Town, resident: Phone, words: str) -> None:
    resident.says(f"{HOME}{words}")
    waits(town)
    resident.sees("登记好了")


def test_silent_for_ten_minutes(town: Town, resident: Phone) -> None:
    began = town.now
    resident.says("没暖气了")
    town.forward(minutes=9)
    assert town.cases() == []
    town.forward(minutes=2)
    resident.sees("登记好了", "供暖", "留个电话")
    assert town.case.filed_at == began
    assert town.case.area_id == "c"


def test_a_place_told_after_the_silence_mends_the_case(town: Town, resident: Phone) -> None:
    worker = town.staff("w-s1c1g1")
    resident.says("没暖气了")
    town.forward(minutes=11)
    resident.says(HOME)
    resident.sees("加到")
    worker.sees(HOME)
    assert (town.case.grid_id, town.case.spot.building_id) == (GRID, "e01b03")
    with town.database.reading() as conn:
        assert [t.outcome for t in cases.tasks_about(conn, town.case.id) if t.kind == "sort"] == ["told"]


def test_half_told_goes_to_the_desk_of_the_smallest_known_area(town: Town, resident: Phone) -> None:
    resident.says("锦绣社区门口垃圾没人清")
    town.forward(minutes=11)
    assert (town.case.area_id, town.case.community_id, town.case.grid_id) == ("s1c1", "s1c1", None)
    with town.database.reading() as conn:
        assert [t.kind for t in cases.tasks_about(conn, town.case.id)].count("sort") == 1


def test_what_nobody_can_sort_is_not_lost(town: Town, resident: Phone) -> None:
    resident.says("有个情况反映一下")
    town.forward(minutes=11)
    assert (town.case.category, town.case.summary) == ("other", "有个情况反映一下")


def test_a_withdrawn_draft_is_no_case(town: Town, resident: Phone) -> None:
    resident.says("没暖气")
    waits(town)
    resident.says("算了，不报了")
    resident.sees("不登记了")
    town.forward(minutes=20)
    assert town.cases() == []


def test_outside_the_area(town: Town, resident: Phone) -> None:
    resident.says("我在太原市，家里没暖气")
    resident.sees("太原", "不归我们管", "12345")
    town.forward(minutes=20)
    assert town.cases() == []


def test_not_outside_after_all(town: Town, resident: Phone) -> None:
    resident.says("我在太原市，家里没暖气")
    resident.says("锦绣苑3号楼")
    resident.sees("登记好了", "锦绣苑3号楼", "供暖")


def test_for_somebody_else(town: Town, resident: Phone) -> None:
    worker = town.staff("w-s1c1g1")
    resident.says("帮邻居老人报一下，锦绣苑5号楼没暖气")
    resident.sees("登记好了", "锦绣苑5号楼", "他本人的电话")
    resident.says("13800138000")
    resident.sees("记下了")
    assert town.case.behalf
    assert home_of(town, resident) is None
    assert phone_of(town, resident) is None
    assert not any("13800138000" in m.text for m in worker.shown)
    worker.presses("查看电话")
    worker.sees("13800138000")


def test_the_sender_can_be_asked_in_place_of_somebody_else(town: Town, resident: Phone) -> None:
    resident.says("我爸家暖气不热，锦绣苑5号楼")
    resident.presses("不留")
    worker = town.staff("w-s1c1g1")
    for words in ("收到", "办好了", "放了气"):
        worker.says(words)
    resident.sees("解决了吗")


def test_the_own_home_is_not_taken_for_somebody_elses(town: Town, resident: Phone) -> None:
    resident.says(f"{HOME}没暖气")
    town.forward(minutes=30)
    resident.says("我爸家没水了")
    waits(town)
    resident.sees("在哪儿")


def test_the_phone_is_asked_once(town: Town, resident: Phone) -> None:
    resident.says(f"{HOME}没暖气")
    resident.sees("留个电话")
    resident.presses("不留")
    resident.sees("不留也行")
    town.forward(minutes=30)
    resident.says("电梯坏了")
    resident.sees_nothing("留个电话")


def test_on_telegram_no_page_is_spoken_of(town: Town) -> None:
    resident = town.resident("李叔", channel="telegram")
    resident.says(f"{HOME}没暖气")
    assert "页" not in resident.sees("留个电话").text


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("13800138000", "13800138000"), ("138 0013 8000", "13800138000"), ("138-0013-8000", "13800138000"),
        ("+86 13800138000", "13800138000"), ("我的电话是13800138000", "13800138000"), ("１３８００１３８０００", "13800138000"),
        ("0352-6012345", "03526012345"), ("不留", None), ("不用了。", None), ("不方便", None),
    ],
)
def test_phones_as_people_write_them(town: Town, resident: Phone, words: str, kept: str | None) -> None:
    resident.says(f"{HOME}没暖气")
    resident.clears()
    resident.says(words)
    resident.sees("记下了" if kept else "不留也行")
    assert phone_of(town, resident) == kept
    assert len(town.cases()) == 1


def test_a_wrong_phone_is_said_so(town: Town, resident: Phone) -> None:
    resident.says(f"{HOME}没暖气")
    resident.says("138001380")
    resident.sees("11 位")
    resident.says("13800138000")
    resident.sees("记下了")


def test_a_phone_with_the_complaint_is_not_asked_for_and_in_no_card(town: Town, resident: Phone) -> None:
    worker = town.staff("w-s1c1g1")
    resident.says(f"{HOME}没暖气，电话13800138000")
    resident.sees_nothing("留个电话")
    assert phone_of(town, resident) == "13800138000"
    assert not any("13800138000" in m.text for m in worker.shown)


def test_a_phone_answered_with_more_is_heard_whole(town: Town, resident: Phone) -> None:
    resident.says(f"{HOME}没暖气")
    resident.says("13800138000，另外电梯也坏了两天了")
    assert phone_of(town, resident) == "13800138000"
    assert [c.category for c in town.cases()] == ["heating", "building_facilities"]


def test_a_photo_alone_then_words(town: Town, resident: Phone) -> None:
    resident.sends_photo()
    resident.sees("照片收到了", "什么事")
    resident.says("锦绣苑3号楼楼道灯坏了")
    resident.sees("登记好了")
    with town.database.reading() as conn:
        assert len(cases.photos(conn, town.case.id)) == 1


def test_a_photo_alone_and_silence(town: Town, resident: Phone) -> None:
    resident.sends_photo()
    town.forward(minutes=11)
    assert town.case.category == "other"
    assert "照片" in town.case.summary


def test_a_voice_is_kept(town: Town, resident: Phone) -> None:
    resident.sends_voice()
    resident.sees("有人来听")
    town.forward(minutes=11)
    assert len(town.cases()) == 1


def test_a_photo_with_text(town: Town, resident: Phone) -> None:
    worker = town.staff("w-s1c1g1")
    resident.sends_photo("锦绣苑3号楼楼道灯坏了")
    worker.sees("新诉求", "照片 1 张")


def test_a_place_on_the_map(town: Town, resident: Phone) -> None:
    with town.database.reading() as conn:
        row = conn.execute(select(people.PLACE).where(people.PLACE.c.id == "e01b03")).first()
    assert row is not None
    resident.says("没暖气")
    waits(town)
    if row.lat is None:
        pytest.skip("the demonstration town has no such coordinates")
    resident.points(row.lat, row.lon)
    resident.sees("登记好了", "锦绣苑3号楼")


def test_a_picked_building(town: Town, resident: Phone) -> None:
    resident.says("没暖气")
    waits(town)
    resident.picks("e01b03")
    resident.sees("登记好了", "锦绣苑3号楼")


def test_a_picked_building_first(town: Town, resident: Phone) -> None:
    resident.picks("e01b03")
    waits(town)
    resident.sees("哪方面")
    resident.says("暖气不热")
    resident.sees("登记好了", "锦绣苑3号楼", "供暖")


def test_a_contact_card(town: Town, resident: Phone) -> None:
    resident.says(f"{HOME}没暖气")
    resident.shares_contact("+86 13800138000")
    resident.sees("记下了")
    assert phone_of(town, resident) == "13800138000"


def test_an_edited_message_replaces_the_draft(town: Town, resident: Phone) -> None:
    resident.says("锦绣苑没水")
    waits(town)
    resident.edits("锦绣苑3号楼没电")
    resident.sees("登记好了", "锦绣苑3号楼")
    assert town.case.topic == "no_power" or town.case.category == "water_power_gas"


def test_an_edited_message_replaces_the_words_before_acknowledgement(town: Town, resident: Phone) -> None:
    worker = town.staff("w-s1c1g1")
    resident.says("锦绣苑3号楼没水")
    resident.edits("锦绣苑5号楼没水")
    resident.sees("改好了")
    worker.sees("锦绣苑5号楼")
    worker.sees_nothing("居民补充")
    assert (town.case.summary, town.case.spot.building_id) == ("锦绣苑5号楼没水", "e01b05")


def test_an_edited_message_is_added_after_acknowledgement(town: Town, resident: Phone) -> None:
    worker = town.staff("w-s1c1g1")
    resident.says("锦绣苑3号楼没水")
    worker.says("收到")
    resident.edits("锦绣苑3号楼没水，厨房也没有")
    worker.sees("更正", "厨房也没有")
    assert town.case.summary == "锦绣苑3号楼没水"


def test_on_the_page_where_nothing_can_be_edited_a_sentence_does_it(town: Town, resident: Phone) -> None:
    worker = town.staff("w-s1c1g1")
    resident.says("锦绣苑3号楼没水")
    resident.says("不是，我说的是5号楼")
    resident.sees("改好了", "锦绣苑5号楼")
    worker.sees("改过了", "锦绣苑5号楼")
    assert len(town.cases()) == 1


def test_who_waited_is_told_so(town: Town, resident: Phone) -> None:
    with town.database.writing() as conn:
        row = inbox.store_incoming(
            conn, channel="web", update_key="late", sender=resident.address, kind="text", text=f"{HOME}没暖气",
            received_at=town.now - timedelta(hours=3), ready_at=town.now)
    town.turn(row.id)
    town.deliver()
    resident.sees("今天7:00发来的", "久等", "登记好了")
