"""What makes the town tick: whose turn it is, what is to be sent, what falls due.

Behind this small protocol stands the embedded engine: one process, and APScheduler for the one job "fire what is due at
clock.now()". The tables are the truth; the engine can be ended at any moment and finds everything again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock
from bot.outbox import Outbox
from bot.turns import Turns
from bot.writer import Writer
from storage.database import Database
from storage.queues import inbox, outbox, timers
from storage.settings import put_setting

log = logging.getLogger(__name__)

OFFSET = "clock_offset"  # the setting that keeps the demonstration's clock, in seconds
STALE = timedelta(minutes=5)
ROUNDS = 1000  # of one moment of the demonstration: more means that something follows from itself for ever

Daily = Callable[[datetime], Awaitable[None]]


class Engine(Protocol):
    """How work is shared out. `submit_…` are called after the commit that made the row."""

    def submit_turn(self, inbox_id: int | None = None) -> None:
        """A message waits for its turn."""

    def submit_delivery(self) -> None:
        """Something may be there to send."""

    def wake_at(self, at: datetime) -> None:
        """A timer falls due then, by the clock."""


class EmbeddedEngine:
    """Everything in this process. `dailies` are called once each day at their time, by the clock, in the town's zone."""

    def __init__(
        self, database: Database, writer: Writer, clock: Clock, turns: Turns, sending: Outbox, zone: ZoneInfo
    ) -> None:
        self._database, self._writer, self._clock = database, writer, clock
        self._turns, self._outbox, self._zone = turns, sending, zone
        self._lock = asyncio.Lock()
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._dailies_done = clock.now()
        self.dailies: list[tuple[time, Daily]] = []

    def start(self) -> None:
        self._turns.start()
        self._outbox.start()
        once = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._scheduler.add_job(self._every_second, "interval", seconds=1, **once)
        self._scheduler.add_job(self._every_minute, "interval", minutes=1, **once)
        self._scheduler.start()

    async def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.pause()
            await asyncio.sleep(0)  # what was handed over this moment begins: cancelled before that, the library tells it as an error
            self._scheduler.shutdown(wait=False)
        await self._turns.stop()
        await self._outbox.stop()

    def submit_turn(self, inbox_id: int | None = None) -> None:
        self._turns.wake(inbox_id)

    def submit_delivery(self) -> None:
        self._outbox.wake()

    def wake_at(self, at: datetime) -> None:
        """Nothing to do: the table is looked at every second."""

    async def fire_due(self) -> int:
        """Fire every timer that is due at clock.now(), the longest overdue first; how many there were."""
        async with self._lock:
            return await self._fire_due()

    async def forward(self, by: timedelta) -> datetime:
        """The demonstration: move the clock on, and let everything that falls due on the way happen at *its* time.

        Returns when all timers, turns and deliveries due by then have run.
        """
        if by < timedelta(0):
            raise ValueError("the clock is only moved forward: timers that have fired cannot be taken back")
        async with self._lock:
            target = self._clock.now() + by
            await self._settle()
            while (moment := self._next_moment()) is not None and moment < target:
                await self._move_to(moment)
                await self._settle()
            await self._move_to(target)
            await self._settle()
        return self._clock.now()

    async def _settle(self) -> None:
        """All that can happen at this moment of the clock: timers, then turns, then deliveries, until nothing follows."""
        for _ in range(ROUNDS):
            fired = await self._fire_due()  # first: whoever goes off duty at five is told of what they have then
            await self._run_dailies()
            fired += await self._fire_due()
            heard = await self._turns.settle()
            sent = await self._outbox.flush()
            if not fired + heard + sent:
                return
        log.error("one moment did not come to an end after %d rounds", ROUNDS)

    async def _move_to(self, moment: datetime) -> None:
        offset = max(moment - self._clock.wall(), self._clock.offset)  # never back
        self._clock.shift(offset)
        await self._writer.do(lambda conn: put_setting(conn, OFFSET, str(offset.total_seconds())))

    def _next_moment(self) -> datetime | None:
        now = self._clock.now()
        with self._database.reading() as conn:
            moments = [timers.next_due(conn, now), outbox.next_due(conn, now)]
        moments += [self._next_daily(at, now) for at, _ in self.dailies]
        return min((moment for moment in moments if moment is not None), default=None)

    async def _fire_due(self) -> int:
        count = 0
        tried: set[int] = set()
        while True:
            with self._database.reading() as conn:
                due = timers.due(conn, self._clock.now(), self._clock.wall())
            fresh = [timer for timer in due if timer.id not in tried]  # the others could not be written: next second
            if not fresh:
                return count
            for timer in fresh:
                tried.add(timer.id)
                await self._turns.fire(timer)
            count += len(fresh)

    async def _run_dailies(self) -> None:
        since, now = self._dailies_done, self._clock.now()
        self._dailies_done = now
        for at, daily in self.dailies:
            if self._next_daily(at, since) <= now:
                await daily(now)

    def _next_daily(self, at: time, after: datetime) -> datetime:
        """When it is next `at` o'clock in the town."""
        local = after.astimezone(self._zone)
        today = datetime.combine(local.date(), at, self._zone)
        return (today if today > local else today + timedelta(days=1)).astimezone(UTC)

    async def _every_second(self) -> None:
        if self._lock.locked():  # the demonstration is being moved on and does this itself
            return
        async with self._lock:
            try:
                await self._fire_due()
                await self._run_dailies()
            except asyncio.CancelledError:
                if self._scheduler.running:
                    raise  # else Jiesu is being stopped: what was due is due at the next start
            except Exception as error:
                log.warning("timers could not be fired: %s", type(error).__name__)

    async def _every_minute(self) -> None:
        """A look at what should not be there: messages that have been ready for minutes and nobody has handled."""
        self.submit_turn()
        self.submit_delivery()
        with self._database.reading() as conn:
            late = inbox.stale(conn, self._clock.wall() - STALE)
        if late:
            log.warning("%d messages have waited for their turn for more than %d minutes", late, STALE.seconds // 60)
