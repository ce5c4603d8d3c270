"""The engine: everything at its time, and the demonstration's clock that is moved on."""

import asyncio
from datetime import time, timedelta
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from bot.channels import Incoming
from bot.clock import Clock
from bot.engine import OFFSET, EmbeddedEngine
from bot.inbox import Inbox
from bot.outbox import Outbox
from bot.turns import Handling, Turns
from bot.writer import Writer
from storage import tables as t
from storage.database import Database
from storage.settings import setting
from tests.fakes.channel import FakeChannel
from tests.fakes.rows import all_rows, outgoing, person, timer
from tests.fakes.waiting import until


class Town:
    """An engine; each timer "say X" sends X to a, each "again" sets one more an hour later, "held" sends at 7 hours."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self.database, self.writer = database, writer
        self.clock, self.channel = Clock(), FakeChannel()
        self.began = self.clock.now()
        self.happened: list[tuple[str, int]] = []
        handling = Handling(self.hear, self.fire, lambda *_: None)
        self.turns = Turns(database, writer, self.clock, lambda: SimpleNamespace(), lambda: None, handling)
        self.outbox = Outbox(database, writer, self.clock, {"fake": self.channel}, self.turns.wake)
        self.engine = EmbeddedEngine(database, writer, self.clock, self.turns, self.outbox, ZoneInfo("Asia/Shanghai"))
        self.inbox = Inbox(writer, self.clock, self.engine.submit_turn)

    def minutes(self, now) -> int:
        return round((now - self.began).total_seconds() / 60)

    def hear(self, conn, world, now, rows) -> None:
        self.happened.append((rows[0].text, self.minutes(now)))
        outgoing(conn, "a", f"re {rows[0].text}", due_at=now)

    def fire(self, conn, world, now, row) -> None:
        self.happened.append((row.kind, self.minutes(now)))
        if row.kind == "again":
            timer(conn, "again", now + timedelta(hours=1))
        if row.kind == "say":
            outgoing(conn, "a", "said", due_at=now + timedelta(minutes=30))

    def timers(self, *wanted: tuple[str, int]) -> None:
        with self.database.writing() as conn:
            for kind, minutes in wanted:
                timer(conn, kind, self.began + timedelta(minutes=minutes))


@pytest.fixture
async def town(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path}/jiesu.db")
    database.migrate()
    with database.writing() as conn:
        person(conn, "a")
    writer = Writer(database)
    writer.start()
    yield Town(database, writer)
    await writer.stop()
    database.close()


async def test_overdue_timers_fire_in_order_and_once(town: Town):
    town.timers(("second", -5), ("first", -60), ("future", 60))
    assert await town.engine.fire_due() == 2
    assert await town.engine.fire_due() == 0
    assert [kind for kind, _ in town.happened] == ["first", "second"]


async def test_one_failing_timer_does_not_keep_the_others(town: Town, monkeypatch: pytest.MonkeyPatch):
    town.timers(("bad", -60), ("good", -5))
    fire = town.turns._handling.fire

    def failing(conn, world, now, row):
        if row.kind == "bad":
            raise ValueError
        fire(conn, world, now, row)

    object.__setattr__(town.turns._handling, "fire", failing)
    await town.engine.fire_due()
    assert [kind for kind, _ in town.happened] == ["good"]
    assert await town.engine.fire_due() == 0


async def test_forward_lets_each_thing_happen_at_its_own_time(town: Town):
    town.timers(("b", 120), ("a", 30), ("later", 600))
    now = await town.engine.forward(timedelta(hours=5))
    assert town.happened == [("a", 30), ("b", 120)]
    assert town.minutes(now) == 300
    await town.engine.forward(timedelta(hours=5))
    assert town.happened[-1] == ("later", 600)


async def test_what_a_timer_sets_on_the_way_happens_too(town: Town):
    town.timers(("again", 60))
    await town.engine.forward(timedelta(hours=4, minutes=30))
    assert town.happened == [("again", 60), ("again", 120), ("again", 180), ("again", 240)]


async def test_what_is_held_on_the_way_is_sent_on_the_way(town: Town):
    town.timers(("say", 60))
    await town.engine.forward(timedelta(hours=1, minutes=10))
    assert town.channel.texts == []
    await town.engine.forward(timedelta(minutes=30))
    assert town.channel.texts == ["said"]
    sent = all_rows(town.database, t.Outbox)[0]
    assert town.minutes(sent.sent_at) == 90


async def test_messages_that_wait_are_heard_first(town: Town):
    town.timers(("a", 30))
    await town.inbox.receive(Incoming("fake", "1", "x", text="hello"))
    await town.engine.forward(timedelta(hours=1))
    assert town.happened == [("hello", 0), ("a", 30)]
    assert town.channel.texts == ["re hello"]


async def test_the_offset_is_kept_and_never_goes_back(town: Town):
    await town.engine.forward(timedelta(days=1))
    with town.database.reading() as conn:
        assert float(setting(conn, OFFSET)) == pytest.approx(86400, abs=5)
    with pytest.raises(ValueError, match="forward"):
        await town.engine.forward(timedelta(seconds=-1))


async def test_dailies_run_at_their_hour_of_each_day(town: Town):
    days: list[str] = []

    async def daily(now) -> None:
        days.append(f"{now.astimezone(ZoneInfo('Asia/Shanghai')):%H:%M}")

    town.engine.dailies.append((time(8), daily))
    await town.engine.forward(timedelta(days=3))
    assert days == ["08:00"] * 3


async def test_started_it_fires_by_itself_and_stops_at_once(town: Town):
    town.timers(("a", -1))
    town.engine.start()
    await until(lambda: town.happened)
    async with asyncio.timeout(2):
        await town.engine.stop()
