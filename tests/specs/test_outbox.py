"""Messages out: sent after the commit, once, in order, only while true; what a platform says is written down."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels import Outcome, Receipt
from bot.clock import Clock
from bot.outbox import SCHEDULE, Outbox
from bot.writer import Unavailable, Writer
from storage import tables as t
from storage.database import Database
from tests.fakes.channel import FakeChannel
from tests.fakes.rows import NOW, all_rows, case, outgoing, person, question, seconds
from tests.fakes.waiting import until


class StoppedClock(Clock):
    """The wall stands still until the test moves it."""

    at = NOW

    def wall(self):
        return self.at


class Post:
    """An outbox with its database, a channel and a clock that stands."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self.database, self.writer = database, writer
        self.clock, self.channel, self.told = StoppedClock(), FakeChannel(), []
        self.outbox = Outbox(database, writer, self.clock, {"fake": self.channel}, self.told.append)

    def put(self, *messages: tuple[str, str], **values) -> list[int]:
        with self.database.writing() as conn:
            return [outgoing(conn, to, text, **values) for to, text in messages]

    def rows(self):
        return all_rows(self.database, t.Outbox)

    def states(self) -> list[tuple[str, str | None]]:
        return [(row.state, row.why) for row in self.rows()]

    def inbox(self) -> list[dict]:
        return [row.body["data"] for row in all_rows(self.database, t.Inbox)]

    async def later(self, wait: float) -> int:
        self.clock.at += timedelta(seconds=wait)
        return await self.outbox.flush()


@pytest.fixture
async def post(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path}/jiesu.db")
    database.migrate()
    with database.writing() as conn:
        for who in "abc":
            person(conn, who)
        case(conn, "k1", "a", "resolved")
        question(conn, "open", "a")
        question(conn, "closed", "a", closed=True)
    writer = Writer(database)
    writer.start()
    yield Post(database, writer)
    await writer.stop()
    database.close()


async def test_all_that_is_due_is_sent_in_order_and_noted(post: Post):
    post.put(("a", "1"), ("a", "2"), ("a", "3"))
    assert await post.outbox.flush() == 3
    assert post.channel.texts == ["1", "2", "3"]
    assert [(row.state, row.ref) for row in post.rows()] == [("sent", f"m{n}") for n in (1, 2, 3)]


async def test_an_emergency_goes_first(post: Post):
    post.put(("a", "1"))
    post.put(("a", "燃气！"), urgency="emergency")
    await post.outbox.flush()
    assert post.channel.texts == ["燃气！", "1"]
    assert [out.urgent for out in post.channel.sent] == [True, False]


async def test_addresses_do_not_wait_for_each_other(post: Post):
    post.put(("a", "a1"), ("b", "b1"), ("a", "a2"))
    post.channel.gate = asyncio.Event()
    flushing = asyncio.create_task(post.outbox.flush())
    await until(lambda: len(post.channel.sent) == 2)
    assert post.channel.texts == ["a1", "b1"]
    post.channel.gate.set()
    await flushing
    assert post.channel.texts == ["a1", "b1", "a2"]


async def test_the_quiet_hours_hold_a_message_by_the_clock(post: Post):
    post.put(("a", "早上好"), due_at=NOW + seconds(3600))
    assert await post.outbox.flush() == 0
    post.clock.shift(timedelta(hours=1))
    assert await post.outbox.flush() == 1


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"kind": "prompt", "question_id": "closed"}, "question_closed"),
        ({"kind": "prompt", "question_id": "open"}, None),
        ({"kind": "prompt", "case_id": "k1", "valid_states": ["assigned"]}, "case_resolved"),
        ({"kind": "prompt", "case_id": "k1", "valid_states": ["resolved"]}, None),
        ({"kind": "prompt", "case_id": "k1"}, None),
        ({"kind": "fact", "case_id": "k1", "valid_states": ["assigned"]}, None),
        ({"kind": "answer", "question_id": "closed"}, None),
        ({"kind": "card", "question_id": "closed"}, None),
    ],
)
async def test_a_prompt_is_dropped_by_name_when_no_longer_true_and_nothing_else_is(post: Post, values, why):
    post.put(("a", "?"), **values)
    await post.outbox.flush()
    assert post.states() == [("dropped", why) if why else ("sent", None)]
    assert post.channel.texts == ([] if why else ["?"])


async def test_a_platform_that_asks_to_wait_is_obeyed(post: Post):
    post.put(("a", "1"), ("a", "2"))
    post.channel.receipts.append(Receipt(Outcome.AGAIN, after=7, why="flood"))
    await post.outbox.flush()
    assert post.channel.texts == ["1"]
    assert await post.later(6) == 0
    await post.later(1)
    assert post.channel.texts == ["1", "1", "2"]


async def test_what_never_goes_through_becomes_a_dead_letter_that_a_turn_learns_of(post: Post):
    post.put(("a", "1"))
    post.channel.receipts.extend([Receipt(Outcome.AGAIN, why="away")] * 20)
    await post.outbox.flush()
    for wait in SCHEDULE:
        assert await post.later(wait - 1) == 0
        assert await post.later(1) == 1
    assert len(post.channel.sent) == len(SCHEDULE) + 1
    assert post.states() == [("dead", "away")]
    assert [(told["outcome"], told["outbox_id"], told["address_id"]) for told in post.inbox()] == [
        ("dead", 1, "a@fake")
    ]
    assert len(post.told) == 1


@pytest.mark.parametrize(("outcome", "why"), [(Outcome.BLOCKED, "blocked"), (Outcome.REFUSED, "too old")])
async def test_blocked_and_refused_come_back_as_a_message_in(post: Post, outcome: Outcome, why: str):
    post.put(("a", "1"), ("a", "2"))
    post.channel.receipts.append(Receipt(outcome, why="too old"))
    await post.outbox.flush()
    assert post.states() == [("dead", why), ("sent", None)]
    row = all_rows(post.database, t.Inbox)[0]
    assert (row.channel, row.kind, row.update_key) == ("jiesu", "receipt", f"receipt:1:{outcome}")
    assert post.told == [row.id]


async def test_a_moved_chat_gets_the_message_at_its_new_address(post: Post):
    post.put(("a", "1"))
    post.channel.receipts.append(Receipt(Outcome.MOVED, ref="ext-new"))
    await post.outbox.flush()
    assert [(told["outcome"], told["ref"]) for told in post.inbox()] == [("moved", "ext-new")]
    with post.database.writing() as conn:  # what the turn about it does
        conn.execute(
            t.Address.__table__.update().where(t.Address.__table__.c.id == "a@fake").values(external_id="ext-new")
        )
    await post.later(2)
    assert [out.address for out in post.channel.sent] == ["ext-a", "ext-new"]


async def test_a_channel_that_breaks_loses_nothing(post: Post):
    post.put(("a", "1"))
    post.channel.receipts.append(RuntimeError("a bug"))
    await post.outbox.flush()
    await post.later(SCHEDULE[0])
    assert post.states() == [("sent", "RuntimeError")]


async def test_a_message_for_a_channel_that_is_not_served_waits_as_long_as_it_takes(post: Post):
    with post.database.writing() as conn:
        person(conn, "d", "telegram")
        outgoing(conn, "d", "1", channel="telegram", address_id="d@telegram")
    await post.outbox.flush()
    for _ in range(30):
        await post.later(3600)
    assert [(row.state, row.tries) for row in post.rows()] == [("waiting", 0)]


async def test_what_is_sent_and_cannot_be_noted_is_not_sent_again(post: Post, monkeypatch: pytest.MonkeyPatch):
    busy = [Unavailable("the disk is full")] * 3
    note, sleep = post.outbox._note, asyncio.sleep

    def full(*args):
        if busy:
            raise busy.pop()
        return note(*args)

    monkeypatch.setattr(post.outbox, "_note", full)
    monkeypatch.setattr("bot.outbox.asyncio.sleep", lambda _: sleep(0))
    post.put(("a", "1"))
    await post.outbox.flush()
    assert post.channel.texts == ["1"]
    assert post.states() == [("sent", None)]


async def test_it_wakes_at_once_and_stops_at_once(post: Post):
    post.outbox.start()
    await asyncio.sleep(0)
    post.put(("a", "1"))
    post.outbox.wake()
    await until(lambda: post.channel.sent)
    async with asyncio.timeout(2):
        await post.outbox.stop()


async def test_a_message_whose_fate_was_not_noted_is_sent_again_after_a_restart(post: Post):
    post.put(("a", "1"))
    post.channel.gate = asyncio.Event()
    post.outbox.start()
    await until(lambda: post.channel.sent)
    await post.outbox.stop(patience=0)
    post.channel.gate.set()
    again = Outbox(post.database, post.writer, post.clock, {"fake": post.channel}, post.told.append)
    await again.flush()
    assert post.channel.texts == ["1", "1"]
    assert post.states() == [("sent", None)]


async def test_a_picture_is_drawn_once_at_delivery_and_goes_with_the_words(post: Post):
    drawn: list[tuple[str, str, dict]] = []

    async def draw(person_id: str, name: str, data) -> str:
        drawn.append((person_id, name, data))
        return "f9"

    post.outbox = Outbox(post.database, post.writer, post.clock, {"fake": post.channel}, post.told.append, draw)
    post.channel.receipts.append(Receipt(Outcome.AGAIN, after=1))
    post.put(("a", "本月"), files=["f1", {"chart": "categories", "data": {"bars": []}}])
    await post.outbox.flush()
    await post.later(2)
    assert [out.files for out in post.channel.sent] == [("f1", "f9"), ("f1", "f9")]
    assert [name for _, name, _ in drawn] == ["categories"]


@pytest.mark.parametrize("draws", [True, False])
async def test_words_go_alone_where_the_picture_cannot_be_drawn(post: Post, draws: bool):
    async def draw(person_id: str, name: str, data) -> str:
        raise ValueError(name)

    post.outbox = Outbox(post.database, post.writer, post.clock, {"fake": post.channel}, post.told.append, draw if draws else None)
    post.put(("a", "本月"), files=[{"chart": "categories", "data": {}}])
    await post.outbox.flush()
    assert [(out.text, out.files) for out in post.channel.sent] == [("本月", ())]
