"""保密: one tap, on the receipt or in 我的诉求 or in a word; the place stays, who said it does not. And the way back."""

from __future__ import annotations

import pytest

from storage import cases
from tests.fakes.town import Phone, Town

HOME = "锦绣苑3号楼2单元501"


@pytest.fixture(params=["web", "telegram"])
def resident(town: Town, request: pytest.FixtureRequest) -> Phone:
    return town.resident("王阿姨", channel=request.param)


def test_the_place_stays_and_the_reporter_goes(town: Town, resident: Phone) -> None:
    """Room, name, number and voice are not for worker and company; the secretary sees them."""
    worker, secretary = town.staff("w-s1c1g1"), town.staff("cs-s1c1")
    resident.says(f"{HOME}，我是王阿姨，暖气不热")
    resident.says("13812345678")
    assert "501" in worker.sees("新诉求").text
    resident.presses("保密")
    resident.sees("不让办事的人和公司看到是谁说的", "收不回来")
    number = town.case.number
    for button in ("查看电话",):
        worker.presses(button)
        worker.sees("要求保密")
    resident.says("补充")
    resident.presses("补充")
    resident.says("我是501的王阿姨，2单元501室还是冰凉")
    card = worker.sees("居民补充", "锦绣苑3号楼2单元")
    assert "501" not in card.text
    assert "王阿姨" not in card.text
    resident.sends_voice()
    added = worker.sees("居民补充")
    assert not added.files
    worker.commands(f"/case {number}")
    shown = worker.sees("居民要求保密", "锦绣苑3号楼2单元")
    assert "501" not in shown.text
    assert "王阿姨" not in shown.text
    worker.says("我的工单")
    assert "501" not in worker.shown[-1].text
    worker.clears()
    town.forward(hours=3)
    assert "501" in secretary.sees("没人接单", "居民要求保密").text


def test_one_tap_and_back(town: Town, resident: Phone) -> None:
    worker = town.staff("w-s1c1g1")
    resident.says(f"{HOME}暖气不热")
    resident.says("13812345678")
    resident.says("保密")
    assert town.case.confidential
    resident.says("我的诉求")
    assert "保密" not in resident.shown[-1].buttons[0]["label"]
    labels = [b["label"] for b in resident.shown[-1].buttons]
    assert "取消保密" in labels
    assert "保密" not in labels
    resident.presses("取消保密")
    resident.sees("不再保密")
    assert not town.case.confidential
    worker.presses("查看电话")
    worker.sees("13812345678")


@pytest.mark.parametrize(("words", "hidden"), [("保密", True), ("不保密了", False)])
def test_in_plain_words_with_several_cases(town: Town, resident: Phone, words: str, hidden: bool) -> None:
    resident.says(f"{HOME}暖气不热")
    resident.says("不留")
    resident.says("楼道灯不亮")
    first = town.cases()[0]
    if not hidden:
        resident.says("保密")
        resident.presses(f"{first.number} 供暖")
    resident.says(words)
    resident.presses(f"{first.number} 供暖")
    assert [c.confidential for c in town.cases()] == [hidden, False]


def test_a_company_beside_the_grid_sees_no_more(town: Town, resident: Phone) -> None:
    company = town.staff("sp-heat")
    resident.says(f"{HOME}暖气不热")
    resident.presses("保密")
    company.commands(f"/case {town.case.number}")
    shown = company.sees("居民要求保密")
    assert "501" not in shown.text


def test_only_a_desk_telephones(town: Town, resident: Phone) -> None:
    """The check-back of a hidden reporter: the desk has the number, the worker never."""
    worker, secretary = town.staff("w-s1c1g1"), town.staff("cs-s1c1")
    resident.says(f"{HOME}暖气不热")
    resident.says("13812345678")
    resident.says("保密")
    for words in ("收到", "办好了", "放了气"):
        worker.says(words)
    town.forward(days=6)
    secretary.sees("要打个电话", "居民要求保密")
    secretary.presses("查看电话")
    secretary.sees("13812345678")
    worker.sees_nothing("13812345678")


@pytest.mark.parametrize("wish", ["别说是我说的", "能不能匿名啊", "不想让邻居知道", "请保密", "千万别跟他讲是我反映的"])
def test_a_wish_in_the_same_message_is_heard_before_any_card_goes_out(town: Town, resident: Phone, wish: str) -> None:
    worker = town.staff("w-s1c1g1")
    resident.says(f"{HOME}楼上半夜打麻将太吵，{wish}")
    assert town.case.confidential
    resident.sees("登记好了", "不让办事的人和公司看到是谁说的", "取消保密")
    card = worker.sees("新", town.case.number)
    assert wish not in card.text
    assert "501" not in card.text


@pytest.mark.parametrize("wish", ["别让人知道是我说的", "能不能匿名啊"])
def test_a_wish_alone_is_for_the_case_just_talked_of(town: Town, resident: Phone, wish: str) -> None:
    resident.says(f"{HOME}暖气不热")
    resident.says("不留")
    resident.says("楼道灯不亮")
    resident.says(wish)
    assert [case.confidential for case in town.cases()] == [False, True]


def test_a_wish_while_the_place_is_still_asked(town: Town) -> None:
    stranger = town.resident("新来的")
    stranger.says("楼上半夜打麻将太吵")
    stranger.says("别说是我说的啊")
    stranger.sees("会保密", "在哪儿")
    stranger.says("锦绣苑3号楼")
    assert town.case.confidential


def test_a_wish_before_anything_is_told(town: Town) -> None:
    stranger = town.resident("新来的")
    stranger.says("可以匿名吗")
    stranger.sees("带上「保密」两个字")
    assert not town.cases()


# ---- 点错了 -------------------------------------------------------------------------------------------------------


def test_a_tap_by_mistake_is_taken_back(town: Town, resident: Phone) -> None:
    """An event more, none less; who has the case sees the reporter as before."""
    worker = town.staff("w-s1c1g1")
    resident.says(f"{HOME}暖气不热")
    resident.says("13812345678")
    resident.presses("保密")
    assert town.case.confidential
    worker.presses("接单")  # what others do meanwhile is no part of it
    town.forward(minutes=9)
    resident.presses("点错了")
    resident.sees("不再保密")
    assert not town.case.confidential
    assert town.case.acknowledged_at is not None
    with town.database.reading() as conn:
        kinds = [e.kind for e in cases.events(conn, town.case.id)]
    assert kinds[-3:] == ["hide", "acknowledge", "take_back"]
    worker.presses("查看电话")
    worker.sees("13812345678")
    resident.presses("点错了")
    resident.sees("已经撤销过了")
    assert not town.case.confidential


def test_in_words_too_and_no_longer_than_ten_minutes(town: Town, resident: Phone) -> None:
    resident.says(f"{HOME}暖气不热")
    resident.says("保密")
    resident.says("点错了")
    assert not town.case.confidential
    resident.says("保密")
    town.forward(minutes=11)
    resident.presses("点错了")
    resident.sees("过了 10 分钟")
    assert town.case.confidential


def test_shown_by_mistake_is_hidden_again(town: Town, resident: Phone) -> None:
    """The newest of the two counts: the button of the one before is past."""
    resident.says(f"{HOME}暖气不热")
    resident.presses("保密")
    hidden = resident.shown[-1].buttons[0]["value"]
    resident.says("取消保密")
    resident.presses_value(hidden)
    resident.sees("撤不回了")
    assert not town.case.confidential
    resident.presses("点错了")
    resident.sees("不让办事的人和公司看到是谁说的")
    assert town.case.confidential


@pytest.mark.parametrize("staff", ["w-s1c1g1", "cs-s1c1"])
def test_nobody_else_takes_it_back(town: Town, resident: Phone, staff: str) -> None:
    """Not with the resident's button, not in words, and not with a step of their own from before."""
    other = town.staff(staff)
    resident.says(f"{HOME}暖气不热")
    number = town.case.number
    other.commands(f"/case {number}")
    other.presses("接单")
    resident.presses("保密")
    other.presses_value(resident.shown[-1].buttons[0]["value"])
    assert town.case.confidential
    other.presses("点错了")
    assert town.case.acknowledged_at is None
    assert town.case.confidential
    other.commands(f"/case {number}")
    other.says("点错了")
    assert town.case.confidential
    worker = town.staff("w-s1c1g1")
    worker.commands(f"/case {number}")
    assert "501" not in worker.sees("居民要求保密").text


# ---- what tells who spoke, wherever it stands ---------------------------------------------------------------------------

TOLD = "锦绣苑9号楼3单元401水管漏水，请保密，业主赵铁柱，电话5123456，微信 zhao_tz，住在401，我老婆叫钱多多，车牌晋B12345"
LATER = "铁柱再说一句：401还在漏，微信wxid_a8b7c6d5，手机一三九八七六五四三二一"
SECRETS = ("赵铁柱", "铁柱", "5123456", "zhao_tz", "401", "钱多多", "B12345", "wxid_", "八七六五")


LOOKED_FOR = ("赵铁柱", "铁柱", "zhao_tz", "401", "钱多多", "晋B12345", "12345", "5123456")


def told(town: Town) -> str:
    """The number of a case that tells in many ways who spoke."""
    resident = town.resident("铁柱")
    resident.says(TOLD)
    resident.sees("不让办事的人和公司看到是谁说的")
    resident.says(LATER)
    return town.case.number


@pytest.mark.parametrize("post", ["w-s1c1g2", "sd-s1"])
def test_nobody_below_the_right_to_know_reads_or_finds_who_it_was(town: Town, post: str) -> None:
    """Card, what was added, history, list, search."""
    reader = town.staff(post)
    number = told(town)
    reader.commands(f"/case {number}")
    reader.presses("经过")
    reader.sees("经过", "水管漏水", "业主…", "微信…")
    reader.says("我的工单")
    shown = "\n".join(each.text for each in reader.shown)
    assert not [secret for secret in SECRETS if secret in shown], shown
    for word in LOOKED_FOR:
        reader.commands(f"/find {word}")
        assert number not in reader.shown[-1].text
    reader.commands("/find 水管")
    reader.sees(number)


def test_the_desk_reads_and_finds_it(town: Town) -> None:
    secretary = town.staff("cs-s1c1")
    number = told(town)
    for word in ("赵铁柱", "钱多多"):
        secretary.commands(f"/find {word}")
        secretary.sees(number)
    secretary.commands(f"/case {number}")
    secretary.sees("401室", "业主赵铁柱")
    secretary.commands("/find 5123456")
    assert number not in secretary.shown[-1].text


def test_what_is_no_secret_is_read_as_it_was_written(town: Town) -> None:
    """Without 保密 only the telephone goes."""
    worker = town.staff("w-s1c1g2")
    town.resident("铁柱").says(TOLD.replace("，请保密", ""))
    worker.sees("业主赵铁柱，电话…，微信 zhao_tz")


def test_no_telephone_stands_where_a_time_is_offered(town: Town, resident: Phone) -> None:
    """The resident's words about being at home are shown to whoever comes: without the number; 保密: without the name."""
    worker = town.staff("w-s1c1g1")
    resident.says(f"{HOME}暖气不热，明天下午在家，业主赵铁柱，电话5123456")
    resident.says("不留")
    worker.presses("更多…")
    worker.presses("约时间")
    assert "5123456" not in worker.sees("居民说", "下午在家，业主赵铁柱").text
    resident.says("保密")
    worker.presses("更多…")
    worker.presses("约时间")
    assert "铁柱" not in worker.sees("居民说", "下午在家").text
