"""A worker's phone: the card, its buttons, exact words, notes, the relay, promises, the list."""

from __future__ import annotations

from sqlalchemy import select

from casework.case import State
from storage import tables as t
from tests.fakes.town import Phone, Town

HEAT = "锦绣苑3号楼2单元又没暖气了"
CORRIDOR = "锦绣苑3号楼楼道灯不亮"


def filed(town: Town, words: str = HEAT) -> tuple[Phone, Phone]:
    """A resident who has filed, and the worker who got the card."""
    resident, worker = town.resident("王阿姨"), town.staff("w-s1c1g1")
    resident.says(words)
    return resident, worker


def views(town: Town) -> list[str]:
    with town.database.reading() as conn:
        return [r.what for r in conn.execute(select(t.ViewLog.__table__))]  # type: ignore[attr-defined]


def notes(town: Town) -> list[str]:
    with town.database.reading() as conn:
        table = t.Remark.__table__  # type: ignore[attr-defined]
        return [r.text for r in conn.execute(select(table).where(table.c.internal == True))]  # noqa: E712


def test_the_card_shows_place_limits_words_and_who_else(town: Town) -> None:
    _, worker = filed(town)
    card = worker.sees("新诉求 26-000001", "锦绣苑3号楼2单元 · 供暖", "又没暖气了", "今天10:30前接单", "今天12:00前到场", "明天10:00前办好")
    assert "恒安热力公司：0352-0000001" in card.text  # without a chat: a phone on the card
    assert [b["label"] for b in card.buttons] == ["接单", "查看电话", "回复居民", "到场", "办好了", "退单", "经过", "更多…"]


def test_a_specialist_with_a_chat_gets_a_card_and_no_phone_is_shown(town: Town) -> None:
    heat = town.staff("sp-heat")
    _, worker = filed(town)
    card = heat.sees("请协同 26-000001", "网格那边：专职网格员")
    assert "接单" not in [b["label"] for b in card.buttons]
    assert "0352" not in worker.sees("恒安热力公司也收到了").text


def test_the_card_counts_photos_neighbours_and_past_troubles(town: Town) -> None:
    _neighbour, worker = filed(town)
    second = town.resident("李师傅")
    second.sends_photo(HEAT.replace("2单元", "1单元"))
    worker.sees("26-000001")
    card = worker.sees("26-000002", "同楼另有1件一样的", "这类事有过1件", "附照片 1 张")
    assert len(card.files) == 1
    worker.presses("更多…")
    worker.presses("看照片")
    assert len(worker.sees("26-000002 的照片").files) == 1


def test_a_card_brings_four_photos_and_says_where_the_rest_is(town: Town) -> None:
    worker = town.staff("w-s1c1g1")
    town.resident().sends_photo(HEAT, count=6)
    card = worker.sees("照片 6 张，先附 4 张，其余点「看照片」")
    assert len(card.files) == 4
    worker.presses("更多…")
    worker.presses("看照片")
    assert len(worker.sees("的照片").files) == 6


def test_a_photo_added_later_comes_with_its_card_and_no_old_words(town: Town) -> None:
    resident, worker = filed(town)
    worker.clears()
    resident.sends_photo()
    card = worker.sees("居民补充 26-000001", "发来的照片")
    assert len(card.files) == 1
    assert "没暖气" not in card.text


def test_what_still_leaks_is_shown_to_whoever_gets_it_back(town: Town) -> None:
    resident, worker = filed(town)
    worker.presses("接单")
    worker.presses("办好了")
    worker.says("换了阀门")
    resident.sends_photo("没修好，还是凉的")
    card = worker.sees("居民说没解决 26-000001", "还是凉的")
    assert len(card.files) == 1


FIRE = "锦绣苑5号楼着火了，有人困在里面，快来"


def test_a_danger_that_a_worker_reports_is_no_note_about_a_lamp(town: Town) -> None:
    _, worker = filed(town, CORRIDOR)
    worker.presses("办好了")
    said = worker.says(FIRE)
    assert "119" in said[0].text
    lamp, fire = town.cases()
    assert not lamp.ended
    assert lamp.state is State.ASSIGNED
    assert fire.emergency


def test_a_worker_s_note_about_a_danger_that_was_met_is_a_note(town: Town) -> None:
    _, worker = filed(town, FIRE)
    worker.presses("接单")
    worker.presses("办好了")
    worker.says("火扑灭了，人都救出来了，着火的是厨房油锅")
    assert town.case.state is State.RESOLVED


def test_words_of_the_next_day_are_not_taken_for_the_note(town: Town) -> None:
    _, worker = filed(town, CORRIDOR)
    worker.presses("接单")
    worker.presses("办好了")
    town.forward(days=1)
    worker.says("今天休息，明天再去看3号楼那家")
    assert town.case.state is State.ACKNOWLEDGED


def test_a_reply_to_another_card_is_about_that_one(town: Town) -> None:
    _, worker = filed(town, CORRIDOR)
    second = town.resident("李师傅")
    worker.presses("办好了")
    second.says(HEAT)
    with town.database.reading() as conn:
        rows = list(conn.execute(select(t.Outbox.__table__).where(t.Outbox.key == "card.new")))  # type: ignore[attr-defined,arg-type]
    worker.says("收到", reply_to=f"ref-{rows[-1].id}")
    lamp, heat = town.cases()
    assert (lamp.state, heat.state) == (State.ASSIGNED, State.ACKNOWLEDGED)


def test_acknowledge_is_told_to_the_resident_once(town: Town) -> None:
    resident, worker = filed(town)
    resident.clears()
    worker.presses("接单")
    worker.sees("26-000001您接了")
    resident.sees("26-000001", "专职网格员", "已经接单了")
    worker.presses("接单")
    worker.sees("已接单", "用不上了")
    worker.presses("到场")
    resident.sees_nothing()
    assert town.case.state is State.IN_PROGRESS


def test_looking_at_the_phone_is_contact_and_logged(town: Town) -> None:
    resident, worker = filed(town)
    resident.says("13812345678")
    worker.clears()
    worker.presses("查看电话")
    worker.sees("联系电话：13812345678", "已记录")
    assert views(town) == ["phone"]
    assert town.case.contacted_at == town.now
    assert not any("13812345678" in m.text for m in worker.shown if m.kind == "card")


def test_no_phone_was_left(town: Town) -> None:
    _, worker = filed(town)
    worker.presses("查看电话")
    worker.sees("居民没留电话", "回复居民")
    assert town.case.contacted_at is None


def test_the_phone_is_hidden_once_the_case_is_closed(town: Town) -> None:
    resident, worker = filed(town)
    resident.says("13812345678")
    worker.presses("办好了")
    worker.says("换了阀门")
    resident.presses("已解决")
    worker.clears()
    worker.presses("查看电话")
    worker.sees("电话不能再看了")
    assert views(town) == []


def test_the_phone_is_kept_from_the_worker_when_the_resident_wants_it(town: Town) -> None:
    resident, worker = filed(town)
    resident.says("13812345678")
    resident.says("我的诉求")
    resident.presses("保密")
    worker.clears()
    worker.presses("查看电话")
    worker.sees("居民要求保密")


def test_somebody_without_a_part_sees_no_phone(town: Town) -> None:
    _resident, worker = filed(town)
    other = town.staff("w-s1c1g2")
    other.commands("/case 26-000001")
    other.sees("这一件您看不到")
    value = worker.shown[-1].buttons[1]["value"]
    other._sends("button", value)
    other.sees("这个按钮是别人的")
    assert views(town) == []


def test_the_relay_carries_words_both_ways_for_a_day(town: Town) -> None:
    resident, worker = filed(town)
    resident.clears()
    worker.presses("回复居民")
    worker.sees("24 小时内您写的话我都转给居民")
    worker.says("我下午三点到，家里有人吗")
    resident.sees("专职网格员说（26-000001）：我下午三点到，家里有人吗")
    assert town.case.contacted_at == town.now
    resident.says("有人的")
    worker.sees("居民补充", "有人的")
    town.forward(hours=23, minutes=50)
    worker.clears()
    worker.says("再等我十分钟")
    resident.sees("再等我十分钟")
    worker.says("不转了")
    worker.sees("不转了")
    resident.clears()
    worker.says("这家暖气管老化")
    resident.sees_nothing("老化")
    assert "这家暖气管老化" in notes(town)


def test_the_relay_of_a_rung_above_carries_words_both_ways_too(town: Town) -> None:
    resident, worker = filed(town)
    secretary = town.staff("cs-s1c1")
    town.forward(minutes=31)
    secretary.presses("回复居民")
    secretary.says("我是书记，马上安排人")
    resident.sees("我是书记，马上安排人")
    worker.presses("接单")
    secretary.clears()
    resident.says("好的，家里有老人")
    secretary.sees("居民补充 26-000001", "家里有老人")


def test_the_relay_ends_after_a_day(town: Town) -> None:
    resident, worker = filed(town)
    worker.presses("回复居民")
    town.forward(hours=24, minutes=1)
    resident.clears()
    worker.says("今天过来看看")
    resident.sees_nothing("今天过来看看")


def test_exact_words_act_on_the_only_card_without_a_press(town: Town) -> None:
    resident, worker = filed(town)
    worker.says("收到")
    assert town.case.state is State.ACKNOWLEDGED
    worker.says("联系了")
    assert town.case.contacted_at == town.now
    worker.says("到了")
    assert town.case.arrived_at == town.now
    worker.says("办好了")
    worker.sees("怎么办的")
    worker.says("放了气，22度")
    assert town.case.state is State.RESOLVED
    resident.sees("说办好了：放了气，22度")


def test_exact_words_with_two_cards_ask_which(town: Town) -> None:
    _, worker = filed(town)
    town.resident("李师傅").says(CORRIDOR)
    town.forward(minutes=16)
    worker.clears()
    worker.says("收到")
    asked = worker.sees("是哪一件？")
    assert [b["label"][:9] for b in asked.buttons] == ["26-000001", "26-000002"]
    worker.presses(asked.buttons[1]["label"])
    assert [c.state for c in town.cases()] == [State.ASSIGNED, State.ACKNOWLEDGED]
    worker.says("到了")  # the card just touched
    assert [c.state for c in town.cases()] == [State.ASSIGNED, State.IN_PROGRESS]


def test_words_act_on_the_card_that_was_replied_to(town: Town) -> None:
    _, worker = filed(town)
    town.resident("李师傅").says(CORRIDOR)
    with town.database.reading() as conn:
        table = t.Outbox.__table__  # type: ignore[attr-defined]
        rows = conn.execute(select(table.c.id).where(table.c.key == "card.new").order_by(table.c.id)).all()
    worker.says("收到", reply_to=f"ref-{rows[0].id}")
    assert [c.state for c in town.cases()] == [State.ACKNOWLEDGED, State.ASSIGNED]


def test_other_words_are_an_internal_note_on_the_touched_card(town: Town) -> None:
    resident, worker = filed(town)
    worker.says("收到")
    resident.clears()
    worker.says("家里没人，约了下午再来")
    worker.sees("记在 26-000001 里了", "居民看不到")
    assert notes(town) == ["家里没人，约了下午再来"]
    resident.says("我的诉求")
    resident.sees_nothing("约了下午")


def test_words_long_after_the_card_are_not_put_on_it(town: Town) -> None:
    _, worker = filed(town)
    worker.says("收到")
    town.forward(minutes=16)
    worker.clears()
    worker.says("广场边上的健身器材松了")
    asked = worker.sees("登记一件诉求吗？")
    assert [b["label"] for b in asked.buttons] == ["我自己的事", "替居民", "不登记"]
    assert notes(town) == []
    worker.presses("不登记")
    worker.sees("没有登记")
    assert len(town.cases()) == 1


def test_a_worker_files_for_a_resident(town: Town) -> None:
    worker = town.staff("w-s1c1g1")
    worker.says("锦绣苑5号楼电梯坏了，李奶奶家，13900001111")
    worker.presses("替居民")
    case = town.case
    assert case.behalf
    assert case.category == "building_facilities"
    assert case.state is State.ASSIGNED


def test_a_note_is_required_to_be_done(town: Town) -> None:
    _, worker = filed(town)
    worker.presses("办好了")
    worker.sees("写一句怎么办的", "照片")
    worker.says("办好了")
    worker.sees("写一句怎么办的")
    assert town.case.state is State.ASSIGNED


def test_the_photo_is_shown_with_the_first_question(town: Town) -> None:
    resident, worker = filed(town)
    worker.presses("办好了")
    worker.sends_photo()
    worker.sees("写一句怎么办的")
    worker.says("换了阀门")
    asked = resident.sees("说办好了：换了阀门", "解决了吗")
    assert len(asked.files) == 1
    assert [b["label"] for b in asked.buttons] == ["已解决", "部分解决", "未解决"]


def test_others_are_asked_to_help_and_the_resident_hears_it(town: Town) -> None:
    resident, worker = filed(town)
    worker.presses("更多…")
    worker.presses("请人协同")
    worker.says("请热力公司来看阀门")
    resident.sees("正在协调：请热力公司来看阀门")
    assert town.case.coordinating


def test_a_day_is_promised_within_the_limit(town: Town) -> None:
    resident, worker = filed(town, CORRIDOR)
    worker.presses("更多…")
    worker.presses("定个日期")
    worker.says("周五")
    worker.sees("定在12月4日（周五）18:00前")
    resident.sees("说12月4日（周五）18:00前办好")
    worker.presses("更多…")
    worker.presses("定个日期")
    worker.says("12月20日")
    worker.sees("最晚只能到12月8日（周二）18:00", "申请延期")
    worker.says("不知道")
    worker.sees("没看懂日期")


def test_a_promised_day_that_passes_is_told_upward(town: Town) -> None:
    _, worker = filed(town, CORRIDOR)
    secretary = town.staff("cs-s1c1")
    worker.presses("更多…")
    worker.presses("定个日期")
    worker.presses("1天后")
    secretary.clears()
    town.forward(days=1, hours=8, minutes=5)
    secretary.sees("26-000001", "过了办好时限")


def test_a_press_can_be_taken_back_for_ten_minutes(town: Town) -> None:
    resident, worker = filed(town)
    worker.presses("办好了")
    worker.says("换了阀门")
    town.forward(minutes=10)
    worker.presses("点错了")
    worker.sees("撤销刚才那一步")
    resident.sees("是点错了，还在办")
    assert town.case.state is State.ASSIGNED
    worker.presses("办好了")
    worker.says("这回真好了")
    town.forward(minutes=10, seconds=1)
    worker.presses("点错了")
    worker.sees("10 分钟以内")
    assert town.case.state is State.RESOLVED


def test_the_list_has_the_most_urgent_first(town: Town) -> None:
    town.resident("李师傅").says(CORRIDOR)
    _, worker = filed(town)
    town.resident("赵姐").says("锦绣苑3号楼一楼有人被困电梯了，快来")
    worker.says("我的工单")
    lines = worker.sees("您在办的").text.splitlines()[1:]
    assert [line.split()[0][-9:] for line in lines] == ["26-000003", "26-000002", "26-000001"]
    worker.presses("26-000002")
    worker.sees("26-000002 · 等接单", "供暖")


def test_nothing_in_hand(town: Town) -> None:
    worker = town.staff("w-s1c1g1")
    worker.says("我的工单")
    worker.sees("现在没有在办的")


def test_a_category_is_mended_in_one_tap_and_the_limits_follow(town: Town) -> None:
    heat = town.staff("sp-heat")
    _, worker = filed(town)
    heat.sees("请协同")
    worker.presses("更多…")
    worker.presses("改类别")
    worker.presses("卫生绿化")
    worker.sees("改好了", "卫生绿化")
    assert town.case.category == "sanitation"
    heat.says("我的工单")
    heat.sees("没有在办的")


def test_how_many_messages_a_smooth_case_takes(town: Town) -> None:
    """The resident five at most, the worker a card, an answer to each of his own words, and the resident's answer."""
    secretary, heat = town.staff("cs-s1c1"), town.staff("sp-heat")
    resident, worker = filed(town)
    worker.presses("接单")
    worker.presses("办好了")
    worker.says("换了阀门")
    resident.presses("已解决")
    resident.presses("满意")
    assert [m.key for m in resident.shown] == [
        "resident.receipt+resident.ask_phone", "resident.acknowledged", "checkback.solved", "checkback.satisfied",
        "resident.thanks_satisfied",
    ]
    assert [m.key for m in worker.shown if m.kind != "answer"] == ["card.new", "staff.confirmed"]
    assert [m.key for m in heat.shown] == ["card.joined", "staff.resolved", "staff.confirmed"]
    assert secretary.shown == []
    town.forward(days=20)
    assert len(resident.shown) == 5
    assert len([m for m in worker.shown if m.kind != "answer"]) == 2
