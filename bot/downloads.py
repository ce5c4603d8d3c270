"""Files that came with a message are fetched after the commit: a slow platform never holds up a message."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from storage import downloads as rows

log = logging.getLogger(__name__)

EVERY = 5.0  # seconds between looks for new rows, when nobody wakes the loop
AT_ONCE = 4  # files fetched at the same time
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a platform gave for a file: bytes, or why not, and whether it ever will (`gone`: never)."""

    content: bytes | None
    gone: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """Where the bytes are now (content-addressed)."""

    sha256: str
    mime: str
    size: int


class Refused(Exception):
    """Raised by `keep`: these bytes are not kept, however often they are fetched (a broken photo)."""


class Fetcher(Protocol):
    """A channel that can fetch files by what the platform calls them. Never raises."""

    async def fetch(self, remote: str) -> Fetched: ...


Keep = Callable[[bytes, str], Awaitable[Kept]]
"""(bytes, kind) -> on disk, or Refused."""


class Downloads:
    """`app` gives clock, database and writer; `channels` those that can fetch, by name; `keep` stores bytes."""

    def __init__(self, app: Any, channels: Mapping[str, Fetcher], keep: Keep) -> None:
        self._app, self._channels, self._keep = app, channels, keep
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="downloads")

    async def stop(self) -> None:
        """What is not fetched yet is fetched after the next start."""
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])

    def wake(self) -> None:
        """A turn has just kept rows with files: look now."""
        self._wake.set()

    async def _run(self) -> None:
        while True:
            try:
                while await self.round():
                    pass
            except Exception:
                log.exception("looking for files to fetch failed")
            try:
                await asyncio.wait_for(self._wake.wait(), EVERY)
            except TimeoutError:
                continue
            self._wake.clear()

    async def round(self) -> int:
        """Fetch what is due now, a few at a time; says how many rows were looked at."""
        now = self._app.clock.wall()
        with self._app.database.reading() as conn:
            todo = [row for row in rows.due(conn, now, AT_ONCE * 5) if row.channel in self._channels]
        for at in range(0, len(todo), AT_ONCE):
            await asyncio.gather(*(self._one(row) for row in todo[at : at + AT_ONCE]))
        return len(todo)

    async def _one(self, row: rows.Due) -> None:
        fetched = await self._channels[row.channel].fetch(row.remote)
        if fetched.content is None:
            await self._missed(row, fetched)
            return
        try:
            kept = await self._keep(fetched.content, row.kind)
        except Refused as error:
            await self._missed(row, Fetched(None, gone=True, why=str(error)))
        except OSError as error:
            await self._missed(row, Fetched(None, why=str(error)))
        else:
            await self._app.writer.do(lambda conn: rows.kept(conn, row.id, kept.sha256, kept.mime, kept.size))

    async def _missed(self, row: rows.Due, fetched: Fetched) -> None:
        if fetched.gone or row.tries + 1 >= rows.TRIES:
            log.warning("file %s is given up after %d tries: %s", row.id, row.tries + 1, fetched.why)
            await self._app.writer.do(lambda conn: rows.gave_up(conn, row.id))
            return
        wait = min(FIRST_WAIT * 2**row.tries, LONGEST_WAIT)
        retry_at = self._app.clock.wall() + wait
        log.info("file %s comes later (%s): again in %s", row.id, fetched.why, wait)
        await self._app.writer.do(lambda conn: rows.failed(conn, row.id, retry_at))
