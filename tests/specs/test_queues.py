"""What waits: who comes next, what is held, what a repeat does. The same on SQLite and PostgreSQL."""

from pathlib import Path
from typing import Any

import pytest

from storage import tables as t
from storage.database import Connection, Database
from storage.queues import inbox, outbox, store_incoming, timers
from tests.fakes.rows import NOW, add, case, outgoing, person, question, seconds, timer

pytest_plugins = ["tests.fakes.postgres"]


@pytest.fixture(params=["sqlite", "postgresql"])
def conn(request: pytest.FixtureRequest, tmp_path: Path):
    url = f"sqlite:///{tmp_path}/jiesu.db" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    database = Database(url)
    database.migrate()
    with database.writing() as made:
        yield made
    database.close()


def store(conn: Connection, sender: str, key: str, **values: Any):
    row = {"channel": "fake", "kind": "text", "text": key, "received_at": NOW, "ready_at": NOW}
    return store_incoming(conn, **(row | {"sender": sender, "update_key": key} | values))


def waiting(conn: Connection, wall=NOW) -> list[str]:
    return [row.update_key for row in inbox.ready(conn, wall)]


def done(conn: Connection, *keys: str) -> None:
    inbox.mark_done(conn, [row for row in inbox.ready(conn, NOW + seconds(60)) if row.update_key in keys])


# ---- messages in


def test_a_repeat_changes_nothing(conn):
    first = store(conn, "a", "1")
    again = store(conn, "a", "1", text="other words")
    assert (first.duplicate, again.duplicate, again.id) == (False, True, first.id)
    assert [row.text for row in inbox.take(conn, first.id)] == ["1"]


def test_the_oldest_message_of_each_sender_is_next(conn):
    for sender, key in (("a", "a1"), ("b", "b1"), ("a", "a2"), ("c", "c1")):
        store(conn, sender, key)
    assert waiting(conn) == ["a1", "b1", "c1"]
    done(conn, "a1")
    assert waiting(conn) == ["b1", "a2", "c1"]


def test_an_older_message_that_waits_holds_the_younger_ones_of_its_sender(conn):
    store(conn, "a", "album", group_key="g")
    store(conn, "a", "words after it")
    store(conn, "b", "somebody else")
    assert waiting(conn) == ["somebody else"]
    assert waiting(conn, NOW + seconds(1.5)) == ["album", "somebody else"]
    assert inbox.next_ready(conn, NOW) == NOW + seconds(1.5)


def test_each_picture_puts_its_album_off_but_not_for_ever(conn):
    for n in range(10):
        at = NOW + seconds(n)
        store(conn, "a", f"p{n}", group_key="g", received_at=at, ready_at=at)
    assert waiting(conn, NOW + seconds(7.9)) == []
    assert waiting(conn, NOW + seconds(9)) == ["p0"]
    first = inbox.ready(conn, NOW + seconds(9))[0]
    assert [row.update_key for row in inbox.take(conn, first.id)] == [f"p{n}" for n in range(10)]


def test_albums_of_two_senders_are_two(conn):
    store(conn, "a", "1", group_key="g")
    store(conn, "b", "2", group_key="g")
    assert [len(inbox.take(conn, row.id)) for row in inbox.ready(conn, NOW + seconds(2))] == [1, 1]


def test_a_handled_message_is_not_taken_again(conn):
    stored = store(conn, "a", "1")
    done(conn, "1")
    assert inbox.take(conn, stored.id) == []
    assert waiting(conn) == []


def test_a_failed_message_is_kept_with_the_reason_and_lets_the_next_through(conn):
    stored = store(conn, "a", "1")
    store(conn, "a", "2")
    inbox.mark_failed(conn, inbox.take(conn, stored.id), "KeyError at x.py:1", 3)
    assert waiting(conn) == ["2"]


def test_what_waits_too_long_is_counted(conn):
    store(conn, "a", "1", ready_at=NOW - seconds(600))
    store(conn, "b", "2")
    assert inbox.stale(conn, NOW - seconds(300)) == 1


def test_a_message_of_the_page_stands_in_its_thread_at_once(conn):
    person(conn, "p")
    first = store(conn, "p", "1", channel="web", text="没暖气", body={"files": [{"kind": "photo", "file_id": "f1"}]})
    second = store(conn, "p", "2", channel="web")
    assert first.n < second.n
    assert store(conn, "p", "1", channel="web").n == first.n
    thread = conn.execute(t.Thread.__table__.select().order_by(t.Thread.__table__.c.n)).first()
    assert (thread.sender, thread.text, thread.files, thread.inbox_id) == ("me", "没暖气", ["f1"], first.id)


def test_a_press_and_a_place_stand_there_in_words(conn):
    person(conn, "p", "web")
    question(conn, "q1", "p", options=[{"name": "solved", "label": "已解决"}, {"name": "not", "label": "未解决"}])
    add(conn, t.Place, id="e1", kind="estate", name="锦绣苑", aliases=[], grids=[])
    add(conn, t.Place, id="b1", kind="building", name="3号楼", aliases=[], grids=[], parent_id="e1")
    store(conn, "p", "1", channel="web", kind="button", text="q1.1.mac")
    store(conn, "p", "2", channel="web", kind="button", text="q1.9.forged")
    store(conn, "p", "3", channel="web", kind="place", text="", body={"data": {"building": "b1"}})
    shown = conn.execute(t.Thread.__table__.select().order_by(t.Thread.__table__.c.n)).all()
    assert [row.text for row in shown] == ["未解决", "…", "锦绣苑3号楼"]


# ---- timers


def test_timers_fall_due_in_their_order(conn):
    late, soon = timer(conn, "b", NOW - seconds(1)), timer(conn, "a", NOW - seconds(60))
    timer(conn, "future", NOW + seconds(60))
    timer(conn, "cancelled", NOW, is_open=0)
    assert [row.id for row in timers.due(conn, NOW, NOW)] == [soon, late]
    assert timers.next_due(conn, NOW) == NOW + seconds(60)


def test_a_timer_fires_once(conn):
    one = timer(conn, "a", NOW)
    assert timers.take(conn, one, NOW).kind == "a"
    assert timers.take(conn, one, NOW) is None
    assert timers.due(conn, NOW, NOW) == []


def test_a_timer_that_failed_comes_again_later(conn):
    one = timer(conn, "a", NOW)
    timers.put_off(conn, one, NOW + seconds(300))
    assert timers.due(conn, NOW, NOW + seconds(299)) == []
    assert [row.tries for row in timers.due(conn, NOW, NOW + seconds(300))] == [1]


# ---- messages out


def due(conn: Connection, now=NOW, wall=NOW) -> list[str]:
    return [row.text for row in outbox.due(conn, now, wall)]


def test_one_message_of_each_address_is_next_emergencies_first(conn):
    for who in "abc":
        person(conn, who)
    outgoing(conn, "a", "a1")
    outgoing(conn, "a", "a2")
    outgoing(conn, "b", "b1")
    outgoing(conn, "b", "燃气！", urgency="emergency")
    outgoing(conn, "c", "held", due_at=NOW + seconds(60))
    assert due(conn) == ["燃气！", "a1"]
    assert outbox.next_due(conn, NOW) == NOW + seconds(60)
    assert "held" in due(conn, NOW + seconds(60))


def test_a_sent_message_lets_the_next_through(conn):
    person(conn, "a")
    first = outgoing(conn, "a", "a1")
    outgoing(conn, "a", "a2")
    outbox.mark_sent(conn, first, NOW, "m1")
    assert due(conn) == ["a2"]


def test_a_message_to_be_tried_again_keeps_its_address_for_two_minutes_at_most(conn):
    person(conn, "a")
    person(conn, "b")
    first = outgoing(conn, "a", "a1")
    outgoing(conn, "a", "a2")
    outgoing(conn, "b", "b1")
    outbox.try_again(conn, first, NOW + seconds(300), NOW, "away")
    assert due(conn) == ["b1"]
    assert outbox.next_retry(conn, NOW) == NOW + seconds(300)
    assert due(conn, wall=NOW + seconds(119)) == ["b1"]
    assert due(conn, wall=NOW + seconds(121)) == ["a2", "b1"]
    assert due(conn, wall=NOW + seconds(300)) == ["a1", "b1"]


def test_an_emergency_is_not_held_by_what_is_tried_again(conn):
    person(conn, "a")
    first = outgoing(conn, "a", "a1")
    outgoing(conn, "a", "燃气！", urgency="emergency")
    outbox.try_again(conn, first, NOW + seconds(60), NOW, "away")
    assert due(conn) == ["燃气！"]


def test_what_ended_is_not_sent_again(conn):
    person(conn, "a")
    outbox.mark_dropped(conn, outgoing(conn, "a", "1"), "question_closed")
    outbox.mark_dead(conn, outgoing(conn, "a", "2"), "blocked")
    outbox.wait_for_channel(conn, outgoing(conn, "a", "3"), NOW + seconds(60))
    assert due(conn) == []
    assert due(conn, wall=NOW + seconds(60)) == ["3"]


def test_a_row_says_what_decides_whether_it_is_still_true(conn):
    person(conn, "a")
    case(conn, "k1", "a", "resolved")
    question(conn, "q1", "a", closed=True)
    outgoing(conn, "a", "1", case_id="k1", question_id="q1", valid_states=["resolved"])
    row = outbox.due(conn, NOW, NOW)[0]
    assert (row.external_id, row.case_number, row.case_state, bool(row.question_closed)) == (
        "ext-a",
        "26-k1",
        "resolved",
        True,
    )


def test_the_highest_post_says_as_what_somebody_is_addressed(conn):
    for who in "abc":
        person(conn, who)
    add(conn, t.Area, id="c", kind="city", name="恒安", path="/c/", aliases=[])
    for post, role, holder in (("w", "worker", "a"), ("s", "community_secretary", "a"), ("x", "specialist", "b")):
        add(conn, t.Post, id=post, role=role, area_id="c", title="", categories=[])
        add(conn, t.Holding, post_id=post, person_id=holder, since=NOW)
    assert outbox.roles(conn, ["a", "b", "c"]) == {"a": "secretary", "b": "worker"}
    assert outbox.roles(conn, []) == {}
