"""The one writer: a thread that owns every write, so that nobody waits for a lock and the loop never for a disk.

Messages that wait to be stored are committed together and acknowledged first. Then everything else, turns above all, up
to 32 in a commit, each in a savepoint of its own: whole or not at all, and none hurts its neighbours (MEASURED section 1).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from storage.database import Connection, Database, Unavailable, savepoint

T = TypeVar("T")
Write = Callable[[Connection], T]

log = logging.getLogger(__name__)

GROUP = 32  # turns that share a commit: beyond this there is nothing more to gain
STORES = 256


@dataclass(eq=False)
class _Request:
    """A write that somebody awaits; after the commit it holds the result or the error."""

    write: Write[Any]
    future: asyncio.Future[Any]
    result: Any = None
    error: Exception | None = field(default=None)

    def run(self, conn: Connection) -> None:
        """In a savepoint: an exception of the write is its own affair, one of the savepoint is everybody's."""
        self.result, self.error = None, None
        with contextlib.suppress(_Undo), savepoint(conn):
            try:
                self.result = self.write(conn)
            except Exception as error:
                self.error = error
                raise _Undo from error


class _Undo(Exception):
    """Rolls the savepoint of one request back."""


class Writer:
    """Runs functions on the writing connection. `do` and `store` return once the commit is done."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue: SimpleQueue[tuple[bool, _Request] | None] = SimpleQueue()
        self._thread: Thread | None = None
        self._stopping = False

    def start(self) -> None:
        self._thread = Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    async def stop(self) -> None:
        """Finish what was asked for until now, then end."""
        self._stopping = True
        if self._thread is not None:
            self._queue.put(None)
            await asyncio.to_thread(self._thread.join)
            self._thread = None

    async def do(self, write: Write[T]) -> T:
        """Run `write` in a transaction, whole or not at all, and return what it returned.

        Unavailable: nothing was written, the database could not be reached or is busy; to be asked for again. Any other
        exception is the function's own. Should a commit of many fail, each is run once more: a function that writes
        must not change anything but the database.
        """
        return await self._ask(False, write)

    async def store(self, write: Write[T]) -> T:
        """As `do`, for a message in: goes before all turns that wait, so that it is acknowledged at once."""
        return await self._ask(True, write)

    async def _ask(self, first: bool, write: Write[T]) -> T:
        if self._stopping or self._thread is None:
            raise Unavailable("接诉正在停止，没有写入。")
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._queue.put((first, _Request(write, future)))
        return await future

    # -- in the thread

    def _run(self) -> None:
        stores: deque[_Request] = deque()
        others: deque[_Request] = deque()
        stopping = False
        while not stopping or stores or others:
            stopping = self._collect(stores, others, wait=not (stopping or stores or others)) or stopping
            self._commit(_some(stores, STORES))
            self._commit(_some(others, GROUP))

    def _collect(self, stores: deque[_Request], others: deque[_Request], wait: bool) -> bool:
        """Take all that waits, at least one when there is nothing to do; True: no more will come."""
        with contextlib.suppress(Empty):
            asked = self._queue.get(block=wait)
            while asked is not None:
                (stores if asked[0] else others).append(asked[1])
                asked = self._queue.get_nowait()
            return True
        return False

    def _commit(self, group: Sequence[_Request]) -> None:
        if not group:
            return
        try:
            self._together(group)
        except Unavailable as error:
            for request in group:
                request.error = error
        except Exception as error:  # one of them broke the transaction itself: find out which
            log.warning("a group of %d writes could not be committed (%s)", len(group), type(error).__name__)
            self._one_by_one(group)
        _acknowledge(group)

    def _together(self, group: Sequence[_Request]) -> None:
        with self._database.writing() as conn:
            for request in group:
                request.run(conn)

    def _one_by_one(self, group: Sequence[_Request]) -> None:
        for request in group:
            try:
                self._together([request])
            except Exception as error:
                request.error = error


def _some(waiting: deque[_Request], many: int) -> list[_Request]:
    return [waiting.popleft() for _ in range(min(many, len(waiting)))]


def _acknowledge(group: Sequence[_Request]) -> None:
    """One call into the loop for the whole group, not one a message."""
    loop = group[0].future.get_loop()
    with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
        loop.call_soon_threadsafe(_settle, group)


def _settle(group: Sequence[_Request]) -> None:
    for request in group:
        if request.future.done():  # whoever asked has been cancelled
            continue
        if request.error is not None:
            request.future.set_exception(request.error)
        else:
            request.future.set_result(request.result)


__all__ = ["Unavailable", "Writer"]
