"""Eight and five o'clock: whoever has cases in hand hears once what is unfinished, each in a turn of their own."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, time
from functools import partial
from typing import Any

from casework.case import PersonId
from handlers import workday
from storage.settings import put_setting, setting

log = logging.getLogger(__name__)

MORNING, EVENING = time(8), time(17)
UNTIL = {MORNING: time(12), EVENING: time(20)}  # a start over the hour makes up for it until then
TRIES = 3


class Workdays:
    """`app` gives database, writer, world, clock and engine."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def morning(self, now: datetime) -> None:
        await self._run(now, MORNING)

    async def evening(self, now: datetime) -> None:
        await self._run(now, EVENING)

    async def make_up(self) -> None:
        """After a start: an hour that was told of on some day before, but not today, and is not long past."""
        try:
            now = self._app.clock.now()
            local = now.astimezone(self._app.world.policy.calendar.zone)
            for at, until in UNTIL.items():
                with self._app.database.reading() as conn:
                    last = setting(conn, _day(at))
                if last is not None and last < local.date().isoformat() and at <= local.time() < until:
                    await self._run(now, at)
        except Exception as error:
            log.error("the workers' overview could not be made up for: %s", type(error).__name__)

    async def _run(self, now: datetime, at: time) -> None:
        """One that fails keeps nobody else from being told."""
        try:
            found = await asyncio.to_thread(self._readers, now, at)
        except Exception as error:
            log.error("the workers' overview could not be made: %s", type(error).__name__)
            return
        told = await asyncio.gather(*(self._tell(now, reader, at) for reader in found))
        self._app.engine.submit_delivery()
        if all(told):
            today = now.astimezone(self._app.world.policy.calendar.zone).date().isoformat()
            await self._app.writer.do(lambda conn: put_setting(conn, _day(at), today))

    def _readers(self, now: datetime, at: time) -> list[PersonId]:
        with self._app.database.reading() as conn:
            return workday.readers(conn, self._app.world, now, at == EVENING)

    async def _tell(self, now: datetime, reader: PersonId, at: time) -> bool:
        """Whether this one's turn was written; a second try is for a database that was busy."""
        world = self._app.world
        why = ""
        for _ in range(TRIES):
            try:
                await self._app.writer.do(
                    partial(workday.tell, world=world, now=now, reader=reader, evening=at == EVENING)
                )
            except Exception as error:
                why = type(error).__name__
            else:
                return True
        log.error("somebody could not be told what is unfinished: %s", why)
        return False


def _day(at: time) -> str:
    """The setting with the last day on which everybody was told."""
    return f"workday{at.hour}_day"
