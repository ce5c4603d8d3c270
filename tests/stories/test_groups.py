"""In a group Jiesu takes a case and says its number, category and state; everything else is said alone."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from casework.case import State
from storage import people
from storage import tables as t
from tests.fakes.town import Arrived, Phone, Town

CHAT = "-1001"
PLACE = "锦绣苑3号楼2单元501"
SECRETS = ("锦绣苑", "3号楼", "501", "13812345678")


class InGroup:
    """Somebody in the group of neighbours, and what the group reads."""

    def __init__(self, town: Town, user: str, name: str, chat: str = CHAT) -> None:
        self.town, self.user, self.name, self.chat = town, user, name, chat
        self.alone = town._phone("telegram", user, name)

    @property
    def group(self) -> Phone:
        return self.town._phone("telegram", f"{self.chat}:{self.user}", self.name)

    def says(self, text: str, kind: str = "text", **body: Any) -> list[Arrived]:
        before = len(self.group.shown)
        self.town.hears("telegram", self.user, kind, text, {"name": self.name, "chat": self.chat, **body})
        self.town.deliver()
        return self.group.shown[before:]

    def presses(self, label: str, of: InGroup | None = None) -> list[Arrived]:
        shown = (of or self).group.shown
        value = next(b["value"] for m in reversed(shown) for b in m.buttons if b["label"] == label)
        return self.says(value, "button")

    def news(self, kind: str, **data: str) -> None:
        self.town.hears("telegram", self.user, kind, "", {"chat": self.chat, "data": data})
        self.town.deliver()


@pytest.fixture
def auntie(town: Town) -> InGroup:
    with town.database.writing() as conn:
        conn.execute(t.Setting.__table__.insert().values(name="telegram_bot", value="1 jiesu_bot"))  # type: ignore[attr-defined]
    return InGroup(town, "77", "王阿姨")


def nothing_private(town: Town) -> None:
    for (_, address), phone in town.phones.items():
        if ":" in address:
            for message in phone.shown:
                assert not any(secret in message.text for secret in SECRETS), message.text
                assert not any(secret in b["label"] for b in message.buttons for secret in SECRETS)
                assert not message.files
                assert message.kind != "card"


def test_a_case_taken_in_a_group(town: Town, auntie: InGroup) -> None:
    worker = town.staff("w-s1c1g1")
    auntie.alone.says("你好")
    auntie.alone.clears()
    (said,) = auntie.says(f"{PLACE}没暖气")
    assert said.text == "王阿姨：26-000001，供暖，等接单。\n详细的私下发给您了；地方、电话、照片请私下发给我。"
    assert said.buttons == [{"label": "私下说", "value": "https://t.me/jiesu_bot?start=g"}]
    auntie.alone.sees("登记好了，编号 26-000001", PLACE, "留个电话")
    worker.sees("新诉求 26-000001")
    auntie.alone.says("13812345678")
    nothing_private(town)


def test_the_place_is_asked_alone(town: Town, auntie: InGroup) -> None:
    auntie.alone.says("你好")
    (said,) = auntie.says("没暖气了")
    assert "在哪儿" not in said.text
    assert "地方、电话、照片请私下发给我" in said.text
    town.forward(seconds=2)
    auntie.alone.sees("在哪儿")
    auntie.alone.says(PLACE)
    auntie.alone.sees("登记好了", PLACE)
    nothing_private(town)


def test_who_never_started_the_bot_is_shown_the_way(town: Town, auntie: InGroup) -> None:
    (said,) = auntie.says("没暖气了")
    assert said.text == "王阿姨：地方、电话、照片请私下说：点「私下说」，再点「开始」。"
    assert auntie.alone.shown == []
    auntie.alone.commands("/start g")
    auntie.alone.sees("这里只有您和我", "在哪儿")
    auntie.alone.says(PLACE)
    auntie.alone.sees("登记好了", "供暖")
    assert town.case.resident_id == person(town, "77")


def person(town: Town, user: str) -> str:
    with town.database.reading() as conn:
        found = people.speaker(conn, "telegram", user)
        assert found is not None
        return found.person.id


def test_who_stays_in_the_group_hears_number_and_state_there(town: Town, auntie: InGroup) -> None:
    worker = town.staff("w-s1c1g1")
    auntie.says(f"{PLACE}没暖气")
    for words in ("收到", "办好了", "换了501的阀门"):
        worker.says(words)
    asked = auntie.group.shown[-1]
    assert asked.text == "26-000001，供暖，等您说解决没有。\n地方、电话、照片请私下说：点「私下说」，再点「开始」。"
    assert [b["label"] for b in asked.buttons] == ["已解决", "部分解决", "未解决", "私下说"]
    auntie.presses("已解决")
    assert town.case.state is State.CONFIRMED
    nothing_private(town)


def test_a_stranger_presses_anothers_button(town: Town, auntie: InGroup) -> None:
    worker = town.staff("w-s1c1g1")
    auntie.says(f"{PLACE}没暖气")
    for words in ("收到", "办好了", "换了阀门"):
        worker.says(words)
    stranger = InGroup(town, "78", "李叔")
    (said,) = stranger.presses("已解决", of=auntie)
    assert said.text == "李叔：这个按钮是别人的，您直接写给我就行。"
    assert town.case.state is State.RESOLVED


def test_two_neighbours_in_one_group_have_their_own_cases(town: Town, auntie: InGroup) -> None:
    uncle = InGroup(town, "78", "李叔")
    auntie.says(f"{PLACE}没暖气")
    uncle.says("锦绣苑3号楼楼道灯不亮")
    (said,) = uncle.says("我的诉求")
    assert "26-000001" not in said.text
    assert [c.resident_id for c in town.cases()] == [person(town, "77"), person(town, "78")]
    nothing_private(town)


def test_danger_is_answered_in_the_group_at_once(town: Town, auntie: InGroup) -> None:
    (said,) = auntie.says("着火了，快救人")
    assert said.text.startswith("王阿姨：⚠️ 先离开现场")
    assert "119" in said.text
    assert "在哪儿" not in said.text
    nothing_private(town)


def test_staff_cards_never_go_to_a_group(town: Town, auntie: InGroup) -> None:
    """A worker who also writes in the group gets the cards alone."""
    worker = town.staff("w-s1c1g1")
    in_group = InGroup(town, worker.address, worker.name)
    (said,) = in_group.says("我的工单")
    assert "私下发给您了" in said.text
    auntie.alone.says(f"{PLACE}没暖气")
    worker.sees("新诉求 26-000001")
    in_group.says("我的工单")
    nothing_private(town)


def test_a_binding_code_is_not_taken_in_a_group(town: Town, auntie: InGroup) -> None:
    (said,) = auntie.says("绑定 ABCD-EFGH")
    assert "绑定码不要发在群里" in said.text


def test_taken_out_of_the_group_nothing_is_said_there_added_again_it_is(town: Town, auntie: InGroup) -> None:
    worker = town.staff("w-s1c1g1")
    auntie.says(f"{PLACE}没暖气")
    auntie.news("group_left")
    count = len(auntie.group.shown)
    worker.says("收到")
    assert len(auntie.group.shown) == count
    auntie.news("group_joined")
    worker.says("办好了")
    worker.says("换了阀门")
    assert "等您说解决没有" in auntie.group.shown[-1].text


def test_a_group_that_moved_keeps_its_conversations(town: Town, auntie: InGroup) -> None:
    worker = town.staff("w-s1c1g1")
    auntie.says(f"{PLACE}没暖气")
    auntie.news("group_moved", to="-2002")
    worker.says("收到")
    assert "26-000001，供暖，已接单" in town.phones["telegram", "-2002:77"].shown[-1].text
    moved = InGroup(town, "77", "王阿姨", "-2002")
    moved.says("催办")
    with town.database.reading() as conn:
        table = people.ADDRESS
        assert [r.external_id for r in conn.execute(select(table).where(table.c.group_id.is_not(None)))] == ["-2002:77"]
    assert len(town.cases()) == 1


def test_what_the_outbox_learns_of_a_move(town: Town, auntie: InGroup) -> None:
    auntie.says("你好")
    with town.database.reading() as conn:
        row = conn.execute(select(people.ADDRESS).where(people.ADDRESS.c.group_id == CHAT)).one()
        sent = conn.execute(select(t.Outbox.__table__.c.id).where(t.Outbox.__table__.c.address_id == row.id)).scalar()  # type: ignore[attr-defined]
    told = {"outbox_id": sent, "address_id": row.id, "outcome": "moved", "ref": "-3003"}
    town.hears("jiesu", row.id, "receipt", "", {"data": told})
    with town.database.reading() as conn:
        assert people.speaker(conn, "telegram", "-3003:77") is not None


def test_somebody_who_only_takes_the_bot_out_is_nobody_we_know(town: Town, auntie: InGroup) -> None:
    InGroup(town, "99", "").news("group_left")
    with town.database.reading() as conn:
        assert people.speaker(conn, "telegram", "99") is None


def test_small_talk_is_answered_there(town: Town, auntie: InGroup) -> None:
    (said,) = auntie.says("你是谁")
    assert "我是接诉" in said.text
    assert said.buttons == []


def test_a_question_is_answered_there_and_may_go_on_to_the_desk(town: Town, auntie: InGroup) -> None:
    city = town.staff("city-1")
    (said,) = auntie.says("低保怎么申请")
    assert "带户口本" in said.text
    (said,) = auntie.presses("没答上，问社区")
    assert "前回您" in said.text
    city.sees("居民问：王阿姨", "低保怎么申请")
    nothing_private(town)


def test_an_advertiser_is_answered_once_an_hour(town: Town, auntie: InGroup) -> None:
    """Everybody reads what is said in a group; alone it is turned away every time."""
    seller, other = InGroup(town, "88", "推销"), InGroup(town, "89", "另一个")
    advert = "无抵押低息贷款，加微信详谈"
    assert "广告就不登记了" in seller.says(advert)[0].text
    for _ in range(3):
        town.forward(minutes=15)
        assert seller.says(advert) == []
    assert len(other.says(advert)) == 1
    town.forward(minutes=16)
    assert len(seller.says(advert)) == 1
    assert seller.says(advert) == []
    assert town.cases() == []


@pytest.mark.parametrize("started", [False, True])
def test_the_calm_sentence_is_said_once_an_hour(town: Town, auntie: InGroup, started: bool) -> None:
    """And a trouble told in anger is taken each time."""
    town.staff("w-s1c1g1")
    if started:
        auntie.alone.says("你好")
    calm = "听得出您很着急"
    assert calm in auntie.says("你们都是废物")[0].text
    assert auntie.says("一群废物，滚蛋") == []
    (said,) = auntie.says(f"妈的{PLACE}没暖气")
    assert calm not in said.text
    assert "26-000001" in said.text
    town.forward(minutes=61)
    assert len(auntie.says("你们都是废物")) == 1
    assert auntie.says("你们都是废物") == []


# ---- who writes English --------------------------------------------------------------------------------------------


def test_who_writes_english_is_answered_in_both_languages_in_the_group(town: Town, auntie: InGroup) -> None:
    worker, anna = town.staff("w-s1c1g1"), InGroup(town, "79", "Anna")
    (said,) = anna.says("no heating in Jin Xiu Yuan building 3 unit 2")
    assert said.text.splitlines() == [
        "Anna：26-000001，供暖，等接单。", "26-000001, heating: waiting to be taken.", "地方、电话、照片请私下说：点「私下说」，再点「开始」。",
        "Place, phone and photos in private, please: press the button, then Start.",
    ]
    assert [b["label"] for b in said.buttons] == ["In private · 私下说"]
    for words in ("收到", "办好了", "换了501的阀门"):
        worker.says(words)
    asked = anna.group.shown[-1]
    assert "26-000001, heating: waiting for your word." in asked.text
    assert [b["label"] for b in asked.buttons] == ["Fixed · 已解决", "Partly · 部分解决", "Not fixed · 未解决", "In private · 私下说"]
    (said,) = auntie.presses("Fixed · 已解决", of=anna)  # a neighbour who writes Chinese
    assert said.text == "王阿姨：这个按钮是别人的，您直接写给我就行。"
    anna.presses("Fixed · 已解决")
    assert town.case.state is State.CONFIRMED
    nothing_private(town)


def test_danger_in_english_is_told_in_the_group_in_both_languages(town: Town, auntie: InGroup) -> None:
    (said,) = InGroup(town, "79", "Anna").says("fire!! help")
    assert said.text.startswith("Anna：⚠️")
    assert "call now: 119" in said.text
    (said,) = InGroup(town, "80", "Bob").says("thank you")
    assert said.text == "Bob：不客气，有事随时说。\nYou are welcome."


# ---- what nobody there may know ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["锦绣苑3号楼2单元楼下麻将馆半夜吵 别说是我说的", "锦绣苑3号楼2单元网格员潘霞兰骂我还威胁我"])
def test_a_hidden_case_and_one_about_somebody_are_not_even_named_to_the_neighbours(auntie: InGroup, town: Town, words: str) -> None:
    auntie.alone.says(words)
    town.forward(minutes=11)
    assert town.case.confidential or town.case.accused
    for said in ("我的诉求", "怎么样了", "催办"):
        told = "\n".join(m.text for m in auntie.says(said))
        assert "26-000001" not in told
        assert "噪音" not in told
        assert "物业" not in told
        assert "私下" in told
        assert not [b for m in auntie.group.shown for b in m.buttons if b["label"] in ("点错了", "撤回", "不撤回")]


def test_what_is_told_to_who_is_only_in_the_group_names_no_hidden_case(auntie: InGroup, town: Town) -> None:
    worker = town.staff("w-s1c1g1")
    auntie.says("锦绣苑3号楼2单元楼下麻将馆半夜吵 别说是我说的")
    before = len(auntie.group.shown)
    worker.says("收到")
    told = "\n".join(m.text for m in auntie.group.shown)
    assert "26-000001" not in told
    assert len(auntie.group.shown) >= before
