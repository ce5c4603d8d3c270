"""Turns: in order for each sender, whole or not at all, three tries, and a failure that blocks nobody."""

import asyncio
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.channels import Incoming
from bot.clock import Clock
from bot.inbox import Inbox
from bot.turns import Handling, Turns
from bot.writer import Writer
from casework.errors import Conflict
from storage import tables as t
from storage.database import Connection, Database
from storage.settings import put_setting, setting
from tests.fakes.rows import all_rows, seconds, timer
from tests.fakes.waiting import until


class Town:
    """Turns with handlers that keep what they were given, and fail as told."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self.database, self.writer, self.clock = database, writer, Clock()
        self.heard: list[list[str]] = []
        self.fired: list[str] = []
        self.given_up: list[str] = []
        self.troubles: dict[str, list[Exception]] = {}
        self.commits = 0
        handling = Handling(self.hear, self.fire, self.failed)
        world = SimpleNamespace()
        self.turns = Turns(database, writer, self.clock, lambda: world, self.committed, handling)
        self.inbox = Inbox(writer, self.clock, self.turns.wake)

    def committed(self) -> None:
        self.commits += 1

    def _trouble(self, conn: Connection, what: str) -> None:
        put_setting(conn, f"did {what}", "1")
        if self.troubles.get(what):
            raise self.troubles[what].pop(0)

    def hear(self, conn, world, now, rows) -> None:
        self._trouble(conn, rows[0].text)
        self.heard.append([row.text for row in rows])

    def fire(self, conn, world, now, timer) -> None:
        self._trouble(conn, timer.kind)
        self.fired.append(timer.kind)

    def failed(self, conn, world, now, row) -> None:
        self._trouble(conn, f"failed {row.text}")
        self.given_up.append(row.text)

    async def write(self, sender: str, text: str, **values):
        return await self.inbox.receive(Incoming("fake", text, sender, text=text, **values))

    def states(self) -> list[str]:
        return [row.state for row in all_rows(self.database, t.Inbox)]

    def did(self, what: str) -> bool:
        with self.database.reading() as conn:
            return setting(conn, f"did {what}") is not None


@pytest.fixture
async def town(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path}/jiesu.db")
    database.migrate()
    writer = Writer(database)
    writer.start()
    yield Town(database, writer)
    await writer.stop()
    database.close()


async def test_messages_of_one_sender_are_handled_in_order(town: Town):
    for n in range(20):
        await town.write("a", f"a{n}")
        await town.write("b", f"b{n}")
    assert await town.turns.settle() == 40
    assert [text for (text,) in town.heard if text[0] == "a"] == [f"a{n}" for n in range(20)]
    assert set(town.states()) == {"done"}


async def test_a_repeat_of_a_message_has_no_second_effect(town: Town):
    first, again = await town.write("a", "1"), await town.write("a", "1")
    assert (first.inbox_id, again.duplicate) == (again.inbox_id, True)
    await town.turns.settle()
    await town.write("a", "1")
    assert await town.turns.settle() == 0
    assert town.heard == [["1"]]


async def test_an_album_is_one_message(town: Town, monkeypatch: pytest.MonkeyPatch):
    for n in range(5):
        await town.write("a", f"p{n}", group_key="g")
    await town.write("a", "after")
    assert await town.turns.settle() == 0
    soon = town.clock.wall() + seconds(2)
    monkeypatch.setattr(town.clock, "wall", lambda: soon)
    await town.turns.settle()
    assert town.heard == [["p0", "p1", "p2", "p3", "p4"], ["after"]]


async def test_what_came_with_a_message_is_kept(town: Town):
    await town.write("a", "1", data={"building": "b1"}, name="王", reply_to="m7", chat="g1")
    assert all_rows(town.database, t.Inbox)[0].body == {
        "data": {"building": "b1"}, "name": "王", "reply_to": "m7", "chat": "g1",
    }  # fmt: skip


async def test_a_conflict_runs_the_whole_turn_again(town: Town):
    town.troubles["1"] = [Conflict("stale"), Conflict("stale")]
    await town.write("a", "1")
    await town.turns.settle()
    assert (town.heard, town.states(), town.given_up) == ([["1"]], ["done"], [])


async def test_a_message_that_keeps_failing_goes_to_the_desk_and_blocks_nobody(town: Town):
    town.troubles["bad"] = [KeyError("her phone is 13800138000")] * 9
    for text in ("bad", "next"):
        await town.write("a", text)
    await town.write("b", "other")
    await town.turns.settle()
    row = all_rows(town.database, t.Inbox)[0]
    assert (row.state, row.tries) == ("failed", 3)
    assert row.error.startswith("KeyError at test_turns.py:")
    assert "138" not in row.error
    assert not town.did("bad")
    assert sorted(town.heard) == [["next"], ["other"]]
    assert town.given_up == ["bad"]


async def test_even_a_failing_desk_blocks_nobody(town: Town):
    town.troubles["bad"] = [ValueError()] * 9
    town.troubles["failed bad"] = [ValueError()] * 9
    await town.write("a", "bad")
    await town.write("a", "next")
    await town.turns.settle()
    assert town.states() == ["failed", "done"]
    assert not town.did("failed bad")


async def test_messages_left_waiting_are_taken_up_at_the_start(town: Town):
    await town.write("a", "1")
    town.turns.start()
    await until(lambda: town.heard)
    async with asyncio.timeout(2):
        await town.turns.stop()


async def test_a_message_wakes_the_turns(town: Town):
    town.turns.start()
    await asyncio.sleep(0)
    await town.write("a", "1")
    await until(lambda: town.heard, within=0.9)  # not at the look once a second
    await town.turns.stop()


async def test_a_busy_database_costs_no_try(town: Town, monkeypatch: pytest.MonkeyPatch):
    from bot.writer import Unavailable

    await town.write("a", "1")
    row = (await _ready(town))[0]
    with monkeypatch.context() as patched:
        patched.setattr(town.writer, "do", _unavailable)
        with pytest.raises(Unavailable):
            await town.turns.hear(row)
    assert town.states() == ["waiting"]
    await town.turns.settle()
    assert town.heard == [["1"]]


async def _ready(town: Town):
    from storage.queues import inbox

    with town.database.reading() as conn:
        return inbox.ready(conn, town.clock.wall())


async def _unavailable(write):
    from bot.writer import Unavailable

    raise Unavailable("busy")


async def test_a_timer_that_fails_stays_open_for_later(town: Town):
    from storage.queues import timers

    now = town.clock.now()
    with town.database.writing() as conn:
        timer(conn, "bad", now)
    town.troubles["bad"] = [ValueError()] * 3
    with town.database.reading() as conn:
        due = timers.due(conn, now, now)
    await town.turns.fire(due[0])
    row = all_rows(town.database, t.Timer)[0]
    assert (row.is_open, row.tries, town.fired) == (1, 1, [])
    assert seconds(290) < row.retry_at - now < seconds(310)
    await town.turns.fire(due[0])
    row = all_rows(town.database, t.Timer)[0]
    assert (row.is_open, town.fired) == (0, ["bad"])
