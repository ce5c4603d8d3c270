"""Binding a chat in which something was filed before: there was one human behind both, and nothing of theirs is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.entry import new_code
from storage import cases, doors, people, tables
from storage.town import StoredTown
from tests.fakes.town import CODE_KEY, Phone, Town, made, template


@pytest.fixture(scope="module")
def town_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return template(tmp_path_factory.mktemp("town"))


@pytest.fixture
def town(tmp_path: Path, town_template: Path) -> Iterator[Town]:
    yield from made(tmp_path, town_template)


def bind(town: Town, chat: Phone, post_id: str) -> str:
    """Types the code of whoever holds the post; that person's id."""
    with town.database.writing() as conn:
        post = StoredTown(conn, town.world.policy).post(post_id)  # type: ignore[arg-type]
        assert post is not None
        assert post.holder_id is not None
        code = new_code(CODE_KEY, post.holder_id, town.now, timedelta(days=7))
        doors.add_link(conn, **code.row)
    chat.says(f"绑定 {code.told}")
    chat.sees("绑定好了")
    return post.holder_id


def person_at(town: Town, chat: Phone) -> str:
    with town.database.reading() as conn:
        speaker = people.speaker(conn, chat.channel, chat.address)
    assert speaker is not None
    return speaker.person.id


def merged_into(town: Town, person_id: str) -> str | None:
    with town.database.reading() as conn:
        return conn.execute(select(tables.Person.merged_into).where(tables.Person.id == person_id)).scalar_one()


def filed(town: Town, channel: str = "telegram") -> Phone:
    """Somebody whom nobody knows yet, with an open case."""
    chat = town.resident("潘", channel)
    chat.says("锦绣苑20号楼2单元暖气不热")
    town.forward(minutes=1)
    chat.sees("登记好了")
    return chat


def test_the_case_filed_before_is_still_under_my_cases(town: Town):
    chat = filed(town)
    bind(town, chat, "w-s3c3g3")
    chat.says("我的诉求")
    chat.sees("26-000001", "供暖")


def test_the_case_goes_on_and_its_question_is_answered_in_that_chat(town: Town):
    chat = filed(town)
    bind(town, chat, "w-s3c3g3")
    worker = town.staff("w-s1c1g3")
    worker.says("我的工单")
    worker.presses("26-000001")
    worker.presses("接单")
    worker.presses("办好了", 20)
    worker.says("阀门换了")
    chat.sees("您看，解决了吗")
    chat.presses("已解决")
    chat.presses("满意")
    assert town.case.state.value == "confirmed"


def test_a_question_asked_before_is_answered_afterwards(town: Town):
    chat = town.resident("潘", "telegram")
    chat.says("暖气不热")
    town.forward(seconds=5)
    chat.sees("在哪儿")
    bind(town, chat, "w-s3c3g3")
    chat.says("锦绣苑20号楼")
    town.forward(minutes=1)
    assert town.case.resident_id == person_at(town, chat)
    assert town.case.spot.building_id == "e01b20"


def test_both_persons_are_kept_and_the_events_tell_whose_the_case_was(town: Town):
    chat = filed(town)
    stranger = person_at(town, chat)
    staff = bind(town, chat, "w-s3c3g3")
    assert merged_into(town, stranger) == staff
    with town.database.reading() as conn:
        events = cases.events(conn, town.case.id)
        assert cases.recent_of(conn, stranger, town.now - timedelta(days=30)) == []
        assert [c.id for c in cases.open_of(conn, staff)] == [town.case.id]
    assert events[0].changes["resident_id"] == stranger
    assert events[-1].changes == {"resident_id": staff}


def test_a_colleague_s_chat_is_handed_over_and_nobody_is_merged(town: Town):
    chat = town.staff("w-s1c1g1")
    first = person_at(town, chat)
    second = bind(town, chat, "w-s1c1g2")
    assert person_at(town, chat) == second
    assert merged_into(town, first) is None


def test_who_has_another_door_stays_a_person_of_their_own(town: Town):
    chat = filed(town)
    stranger = person_at(town, chat)
    with town.database.writing() as conn:
        conn.execute(people.ADDRESS.insert().values(id="other", person_id=stranger, channel="web", external_id="x"))
    bind(town, chat, "w-s3c3g3")
    assert merged_into(town, stranger) is None
    assert town.case.resident_id == stranger


def test_the_desk_s_answer_reaches_who_asked_before(town: Town):
    chat, secretary = town.resident("潘", "telegram"), town.staff("city-1")
    chat.says("转人工")
    bind(town, chat, "w-s3c3g3")
    for desk in [secretary, *town.all_staff("city-2", "city-3", "city-4")]:
        desk.says("任务")
        if "居民要人工 1" in desk.labels(1):
            desk.presses("居民要人工 1", 1)
            desk.presses("回答", 1)
            desk.says("马上联系您")
    chat.sees("马上联系您")


def test_a_press_on_a_bound_page_is_shown_as_the_words_on_the_button(town: Town):
    chat = filed(town, "web")
    bind(town, chat, "w-s3c3g3")
    chat.says("我的诉求")
    chat.presses("催办")
    with town.database.reading() as conn:
        shown = conn.execute(select(tables.Thread.text).where(tables.Thread.sender == "me").order_by(tables.Thread.n)).scalars()
        assert list(shown)[-1] == "催办"
