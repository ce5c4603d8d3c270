"""Turns: each waiting message, and each timer that is due, gets one: a savepoint, whole or not at all.

Messages of one sender are handled in order, those of different senders do not wait for each other. A turn that keeps
failing becomes a task for a person and blocks nobody.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.clock import Clock
from bot.writer import Unavailable, Writer
from handlers.world import World
from storage.database import Connection, Database
from storage.queues import InboxRow, TimerRow, inbox, timers

log = logging.getLogger(__name__)

TRIES = 3
AT_ONCE = 64  # turns handed to the writer at a time: two groups, so that it never idles
TIMER_RETRY = timedelta(minutes=5)
HOUSE = Path(__file__).parent.parent


@dataclass(frozen=True)
class Handling:
    """What happens in a turn. As shipped: handlers.turn."""

    hear: Callable[[Connection, World, datetime, list[InboxRow]], Any]
    fire: Callable[[Connection, World, datetime, TimerRow], Any]
    failed: Callable[[Connection, World, datetime, InboxRow], Any]

    @classmethod
    def shipped(cls) -> Handling:
        from handlers import turn

        return cls(turn.hear, turn.fire, turn.failed)


class Turns:
    """Takes ready messages from table inbox as they come, and runs their turns and those of timers.

    `world` gives the town as it now is; `committed` is called after each turn: there may be something to send.
    """

    def __init__(
        self,
        database: Database,
        writer: Writer,
        clock: Clock,
        world: Callable[[], World],
        committed: Callable[[], None],
        handling: Handling | None = None,
    ) -> None:
        self._database, self._writer, self._clock = database, writer, clock
        self._world, self._committed = world, committed
        self._handling = handling or Handling.shipped()
        self._running: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._awake = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin with whatever was left waiting when the program last ended."""
        self._loop = asyncio.create_task(self._run(), name="turns")

    async def stop(self) -> None:
        """No new turns; those that run are finished. What waits is in the table."""
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    def wake(self, inbox_id: int | None = None) -> None:
        """A message was committed."""
        self._awake.set()

    async def settle(self) -> int:
        """Run every message that is ready now, and what follows from it; how many there were."""
        count = 0
        while True:
            count += self._start_ready()
            if not self._running:
                return count
            await asyncio.wait(self._running.values(), return_when=asyncio.FIRST_COMPLETED)

    async def _run(self) -> None:
        while True:
            self._awake.clear()
            try:
                self._start_ready()
                pause = self._until_next()
            except Exception as error:
                log.warning("waiting messages could not be read: %s", type(error).__name__)
                pause = 1.0
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):  # not wait_for: before Python 3.12 that may swallow stop()'s cancel
                    await self._awake.wait()

    def _start_ready(self) -> int:
        with self._database.reading() as conn:
            rows = inbox.ready(conn, self._clock.wall())
        started = 0
        for row in rows:
            sender = (row.channel, row.sender)
            if sender in self._running or len(self._running) >= AT_ONCE:
                continue
            self._running[sender] = asyncio.create_task(self._turn(row), name=f"turn {row.id}")
            started += 1
        return started

    def _until_next(self) -> float:
        """Seconds until a waiting album is complete; a second at most, for rows that another process stored."""
        wall = self._clock.wall()
        with self._database.reading() as conn:
            at = inbox.next_ready(conn, wall)
        return min(1.0, max(0.0, (at - wall).total_seconds())) if at else 1.0

    async def _turn(self, row: InboxRow) -> None:
        try:
            await self.hear(row)
        except Unavailable as error:
            log.warning("message %d waits: %s", row.id, error)
            await asyncio.sleep(1)
        except Exception as error:
            log.error("message %d waits: its failure could not be kept (%s)", row.id, _place(error))
            await asyncio.sleep(1)
        finally:
            del self._running[(row.channel, row.sender)]
            self._awake.set()

    async def hear(self, row: InboxRow) -> None:
        """The turn of one message (an album is one), tried three times. Unavailable when nothing could be written."""
        why = ""
        for _ in range(TRIES):
            try:
                await self._writer.do(lambda conn: self._hear(conn, row.id))
            except Unavailable:
                raise
            except Exception as error:  # Conflict too: whatever it was, the whole turn is run again
                why = _place(error)
            else:
                self._committed()
                return
        log.error("message %d failed %d times: %s", row.id, TRIES, why)
        await self._give_up(row, why)
        self._committed()

    def _hear(self, conn: Connection, inbox_id: int) -> None:
        if rows := inbox.take(conn, inbox_id):
            self._handling.hear(conn, self._world(), self._clock.now(), rows)
            inbox.mark_done(conn, rows)

    async def _give_up(self, row: InboxRow, why: str) -> None:
        """Kept as failed, whatever happens; then, apart from it, the desk gets it as a task and the sender is told."""
        rows = await self._writer.do(lambda conn: self._keep_failed(conn, row.id, why))
        if not rows or row.channel == "jiesu":  # a receipt has no sender to answer; the log has it
            return
        try:
            await self._writer.do(lambda conn: self._handling.failed(conn, self._world(), self._clock.now(), rows[0]))
        except Exception as error:
            log.error("message %d failed and could not be given to the desk: %s", row.id, _place(error))

    @staticmethod
    def _keep_failed(conn: Connection, inbox_id: int, why: str) -> list[InboxRow]:
        rows = inbox.take(conn, inbox_id)
        if rows:
            inbox.mark_failed(conn, rows, why, TRIES)
        return rows

    async def fire(self, timer: TimerRow) -> None:
        """The turn of one timer. When it fails it stays open and is tried again later: never lost, in nobody's way."""
        why = ""
        for _ in range(TRIES):
            try:
                await self._writer.do(lambda conn: self._fire(conn, timer.id))
            except Unavailable as error:
                log.warning("timer %d waits: %s", timer.id, error)
                return
            except Exception as error:
                why = _place(error)
            else:
                self._committed()
                return
        log.error("timer %d (%s) failed: %s", timer.id, timer.kind, why)
        until = self._clock.wall() + TIMER_RETRY
        await self._writer.do(lambda conn: timers.put_off(conn, timer.id, until))

    def _fire(self, conn: Connection, timer_id: int) -> None:
        now = self._clock.now()
        if (timer := timers.take(conn, timer_id, now)) is not None:
            self._handling.fire(conn, self._world(), now, timer)


def _place(error: BaseException) -> str:
    """The kind of an error and where it arose, never its words: they may be a resident's."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(HOUSE) and ".venv" not in frame.filename]
    at = [f" at {Path(frame.filename).name}:{frame.lineno} in {frame.name}" for frame in ours or frames]
    return type(error).__name__ + (at[-1] if at else "")
