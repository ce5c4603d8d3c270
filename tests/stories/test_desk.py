"""受理员: the list of tasks and every way in which each of them ends."""

from __future__ import annotations

from casework.case import State
from tests.fakes.town import Phone, Town

HEAT = "锦绣苑3号楼2单元又没暖气了"


def keys(phone: Phone) -> list[str]:
    return [m.key for m in phone.shown]


def test_a_person_is_asked_for_and_answers(town: Town) -> None:
    city, resident = town.staff("city-1"), town.resident("王阿姨")
    resident.says("转人工")
    resident.sees("今天14:00前给您回话")
    city.sees("居民想跟人说话：王阿姨")
    city.presses("回答")
    city.sees("写您的回答")
    city.says("您好，请说是什么事")
    resident.sees("回复您：您好，请说是什么事")
    city.says("任务")
    city.sees("没有要办的任务")


def test_at_home_the_own_community_has_the_desk(town: Town) -> None:
    secretary, resident = town.staff("cs-s1c1"), town.resident("王阿姨")
    resident.says(HEAT)
    resident.says("转人工")
    secretary.sees("居民想跟人说话")
    secretary.presses("办完了")
    secretary.sees("这件任务完成")


def test_a_task_is_late_and_climbs(town: Town) -> None:
    secretary, subdistrict, resident = town.staff("cs-s1c1"), town.staff("sd-s1"), town.resident("王阿姨")
    resident.says(HEAT)
    resident.says("转人工")
    secretary.clears()
    subdistrict.clears()
    town.forward(hours=4)
    secretary.sees("任务过时了：居民要人工")
    subdistrict.sees_nothing("居民要人工")
    town.forward(days=1)
    subdistrict.sees("下面的任务没人办，报到您这里：居民要人工")


def test_the_list_shows_what_is_due_first_and_opens_with_a_tap(town: Town) -> None:
    secretary = town.staff("cs-s1c1")
    resident = town.resident("王阿姨")
    resident.says(HEAT)
    secretary.sees("发不到他那里")
    town.forward(minutes=5)
    resident.says("转人工")
    secretary.clears()
    secretary.says("任务")
    lines = secretary.sees("要办的任务").text.splitlines()[1:3]
    assert [line.split(" · ")[0] for line in lines] == ["联系不上", "居民要人工"]
    secretary.presses("联系不上 1")
    secretary.sees("要给专职网格员，但发不到他那里")
    secretary.presses("我来办")
    assert town.case.state is State.ACKNOWLEDGED
    secretary.says("任务")
    assert "联系不上" not in secretary.sees("要办的任务").text


def test_unreached_told_by_a_person(town: Town) -> None:
    secretary = town.staff("cs-s1c1")
    town.resident().says(HEAT)
    secretary.presses("已告诉他")
    secretary.sees("任务完成")
    assert town.case.state is State.ASSIGNED  # told is not acknowledged: it climbs on
    town.forward(minutes=31)
    secretary.sees("报到您这里")


def test_what_nobody_can_place_is_sorted_by_the_city_desk(town: Town) -> None:
    city, resident = town.staff("city-1"), town.resident()
    resident.says("楼道灯不亮")
    town.forward(minutes=11)
    case = town.case
    assert case.grid_id is None
    city.sees("要分一件：26-000001")
    city.presses("改地点", last=20)
    city.says("锦绣苑3号楼")
    assert town.case.grid_id == "s1c1g1"
    city.says("任务")
    assert "分件" not in city.sees("要办的任务").text


def test_the_sort_task_takes_a_category(town: Town) -> None:
    secretary, resident = town.staff("cs-s1c1"), town.resident()
    resident.says("锦绣苑3号楼有个东西不对劲")
    town.forward(minutes=11)
    secretary.sees("要分一件")
    secretary.presses("卫生绿化", last=20)
    secretary.sees("分好了：卫生绿化")
    assert town.case.category == "sanitation"
    secretary.says("任务")
    assert "分件" not in secretary.sees("任务").text


def test_the_sort_task_dismisses_with_a_reason(town: Town) -> None:
    secretary, resident = town.staff("cs-s1c1"), town.resident()
    resident.says("锦绣苑3号楼有个东西不对劲")
    town.forward(minutes=11)
    secretary.presses("不是诉求", last=20)
    secretary.says("测试消息，没有要办的事")
    resident.sees("理由：测试消息，没有要办的事")
    assert town.case.state is State.DISMISSED


def test_a_message_that_failed_becomes_a_task(town: Town) -> None:
    from handlers import turn as turns
    from storage.queues import inbox

    city, resident = town.staff("city-1"), town.resident("王阿姨")
    with town.database.writing() as conn:
        stored = inbox.store_incoming(
            conn, channel=resident.channel, update_key="broken", sender=resident.address, kind="text", text="没暖气",
            body={}, group_key=None, received_at=town.now, ready_at=town.now)
        rows = inbox.take(conn, stored.id)
        turns.failed(conn, town.world, town.now, rows[0])
    town.deliver()
    resident.sees("已转人工")
    city.sees("系统没处理好", "没暖气")
    city.presses("回答")
    city.says("请再说一次在哪儿")
    resident.sees("请再说一次在哪儿")


def test_a_question_goes_to_the_desk(town: Town) -> None:
    city, resident = town.staff("city-1"), town.resident("王阿姨")
    resident.says("怎么办理老年证")
    if "resident.question_taken" in keys(resident):
        city.sees("居民问：王阿姨")
        city.presses("回答")
        city.says("带身份证到社区就行")
        resident.sees("带身份证到社区就行")


def test_a_task_card_of_somebody_elses_does_nothing(town: Town) -> None:
    secretary, other = town.all_staff("cs-s1c1", "cs-s1c2")
    town.resident().says(HEAT)
    card = secretary.sees("发不到他那里")
    other._sends("button", card.buttons[0]["value"])
    other.sees("这个按钮是别人的")


def test_who_cannot_be_reached_any_more_becomes_a_task(town: Town) -> None:
    resident, worker, secretary = town.resident("王阿姨", "telegram"), town.staff("w-s1c1g1"), town.staff("cs-s1c1")
    resident.says(HEAT)
    resident.says("13812345678")
    town.blocked.add(resident.address)
    worker.presses("接单")
    secretary.sees("居民收不到消息了：26-000001")
    secretary.presses("查看电话")
    secretary.sees("13812345678")
    secretary.presses("已告诉他")
    secretary.sees("任务完成")


# ---- 任务: who waits, since when, with which words ------------------------------------------------------------------


def test_the_list_says_who_wants_a_person_since_when_and_what_they_said(town: Town) -> None:
    city, aunt, stranger = town.staff("city-1"), town.resident("王阿姨"), town.resident()
    aunt.says("转人工")
    town.forward(minutes=90)
    stranger.says("转人工")
    stranger.says("请问社区图书角借书带什么证")
    city.says("任务")
    lines = city.sees("要办的任务").text.splitlines()
    assert "居民要人工 · 王阿姨 今天10:00说「转人工」 · 今天14:00前" in lines
    assert "居民要人工 · 一位居民 今天11:30说「转人工」 · 今天15:30前" in lines
    assert any(line.startswith("居民提问 · 一位居民 今天11:30说「请问社区图书角借书带什么证」") for line in lines)


def test_a_long_word_is_cut_in_the_list_and_a_voice_has_its_sender(town: Town) -> None:
    city, aunt, uncle = town.staff("city-1"), town.resident("王阿姨"), town.resident("李叔")
    aunt.says("请问" + "这个那个" * 30 + "怎么办")
    uncle.sends_voice()
    city.says("任务")
    text = city.sees("要办的任务").text
    assert "听语音 · 李叔 今天10:00发来的 · 今天10:30前" in text
    line = next(line for line in text.splitlines() if "王阿姨" in line)
    assert line.count("这个") < 12
    assert "…」" in line
