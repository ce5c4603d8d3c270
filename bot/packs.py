"""The report of each month, at seven on the first, for every desk with a chat: made outside the writer and the loop, one area after another.

The clock does not wait for it: in a big town it takes a while, and timers of dangers must go on. Whoever waits for it (tests, the stop)
calls `settle`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from bot.papers import report
from bot.papers.report import Report
from bot.papers.sentences import brief
from handlers.reports import send, sent
from nlp.periods import Period, month_of, months_before
from storage import packs
from storage.settings import put_setting, setting

log = logging.getLogger(__name__)

AT = time(7)
MONTH = "pack_month"  # the setting with the first day of the last month whose reports were all made
TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
File = Mapping[str, object]


class Packs:
    """`app` gives database, writer, world, clock, engine, media and drawer."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._task: asyncio.Task[None] | None = None

    async def run(self, now: datetime) -> None:
        """Every day at seven; on the first the month before is begun."""
        if self._local(now).day == 1:
            self._begin(now)

    async def make_up(self) -> None:
        """After a start: if reports were made before, but not those of the last month."""
        now = self._app.clock.now()
        with self._app.database.reading() as conn:
            last = setting(conn, MONTH)
        local = self._local(now)
        if last is not None and last < _month(local.date()).first.isoformat() and (local.day > 1 or local.time() >= AT):
            self._begin(now)

    async def settle(self) -> None:
        """Wait until the reports that have been begun are sent."""
        if self._task is not None:
            await asyncio.wait([self._task])

    async def stop(self) -> None:
        """What is not made yet is made after the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    def _begin(self, now: datetime) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._make_all(now), name="reports of the month")

    async def _make_all(self, now: datetime) -> None:
        period = _month(self._local(now).date())
        with self._app.database.reading() as conn:
            readers = _waiting(conn, period)
        well = True
        for area, people in readers.items():
            try:
                await self._make(area, people, period, now)
            except Exception as error:
                well = False
                log.error("the report of %s could not be made: %s", area, type(error).__name__)
        if well:
            await self._app.writer.do(lambda conn: put_setting(conn, MONTH, period.first.isoformat()))

    async def _make(self, area: str, readers: Sequence[str], period: Period, now: datetime) -> None:
        made, files = await asyncio.to_thread(self._made, area, period, now)
        world, lines, first = self._app.world, brief(made.pack), period.first.isoformat()

        def write(conn: Any) -> None:
            packs.keep(conn, area, made.kept)
            for reader in readers:
                send(conn, world, now, reader, area, first, lines, files)

        await self._app.writer.do(write)
        self._app.engine.submit_delivery()

    def _made(self, area: str, period: Period, now: datetime) -> tuple[Report, Sequence[File]]:
        with self._app.database.reading() as conn:
            made = report.made(conn, self._app.world.policy, self._app.drawer, area, period, now)
        return made, [self._file(made, ending) for ending in report.ENDINGS]

    def _file(self, made: Report, ending: str) -> File:
        data = made.document if ending == "docx" else made.workbook
        kept = self._app.media.keep_made(data, TYPES[ending])
        return {
            "sha256": kept.sha256, "mime": kept.mime, "size": kept.size, "kind": "file", "name": made.file(ending), "channel": "jiesu",
            "tries": 0,
        }  # fmt: skip

    def _local(self, now: datetime) -> datetime:
        return now.astimezone(self._app.world.policy.calendar.zone)


def _month(today: date) -> Period:
    """The month before today's."""
    first = months_before(today, 1)
    return Period(first, month_of(first)[1], "", True)


def _waiting(conn: Any, period: Period) -> dict[str, list[str]]:
    """By area: who is at its desk, has a chat, and has not got this month's report."""
    found: dict[str, list[str]] = {}
    for area, reader in packs.desks_with_chat(conn):
        if sent(conn, area, reader) != period.first.isoformat():
            found.setdefault(area, []).append(reader)
    return found
