"""Messages out: sent after the commit that made them, in order for each address, emergencies first.

A message is sent at least once; twice only when the program dies between sending and noting it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.channels import Button, Channel, Outcome, Outgoing, Receipt
from bot.clock import Clock
from bot.writer import Unavailable, Writer
from casework import held
from casework.case import State
from storage.database import Connection, Database
from storage.queues import OutboxRow, outbox, store_incoming

log = logging.getLogger(__name__)

AT_ONCE = 32  # addresses being written to …
EMERGENCIES = 8  # … and so many more when it is an emergency
PATIENCE = 60.0  # seconds a channel may take to say what became of a message
SCHEDULE = (2, 5, 15, 60, 300, 900, 900, 900, 1800, 1800, 1800)  # seconds to the next try; then it is a dead letter
DRAWING = 20.0  # seconds a picture may take
MOVED_AGAIN = 2.0  # seconds until the turn about the new address has surely been
NO_CHANNEL = 60.0


Draw = Callable[[str, str, Mapping[str, Any]], Awaitable[str]]
"""(whose, the picture's name, what it shows) -> the id of the file."""


class Outbox:
    """`told` is called with the id of an inbox row when a receipt needs a turn (blocked, moved, never); `draw` makes the pictures that
    messages only name, outside the writer."""

    def __init__(
        self,
        database: Database,
        writer: Writer,
        clock: Clock,
        channels: Mapping[str, Channel],
        told: Callable[[int], None],
        draw: Draw | None = None,
    ) -> None:
        self._database, self._writer, self._clock = database, writer, clock
        self._channels, self._told, self._draw = channels, told, draw
        self._ready: dict[int, Sequence[str]] = {}  # files with the pictures drawn, while a message waits for another try
        self._sending: dict[str, asyncio.Task[None]] = {}
        self._unnoted: set[int] = set()  # sent, but there is a bug in the noting: not again before a restart
        self._awake = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._loop = asyncio.create_task(self._run(), name="outbox")

    async def stop(self, patience: float = 1.0) -> None:
        """No new deliveries; those under way get a moment to be noted, else they are sent again at the next start."""
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)
        if self._sending:
            _, late = await asyncio.wait(self._sending.values(), timeout=patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def wake(self) -> None:
        """A turn was committed: there may be something to send."""
        self._awake.set()

    async def flush(self) -> int:
        """Send all that is due now, and wait until it is noted; how many messages there were."""
        count = 0
        while True:
            count += self._start_due()
            if not self._sending:
                return count
            await asyncio.wait(self._sending.values(), return_when=asyncio.FIRST_COMPLETED)

    async def _run(self) -> None:
        while True:
            self._awake.clear()
            try:
                self._start_due()
                pause = self._until_next()
            except Exception as error:
                log.warning("messages to send could not be read: %s", type(error).__name__)
                pause = 1.0
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):  # not wait_for: before Python 3.12 that may swallow stop()'s cancel
                    await self._awake.wait()

    def _start_due(self) -> int:
        with self._database.reading() as conn:
            rows = outbox.due(conn, self._clock.now(), self._clock.wall())
            free = [row for row in rows if row.address_id not in self._sending and row.id not in self._unnoted]
            roles = outbox.roles(conn, [row.person_id for row in free])
        started = 0
        for row in free:
            if len(self._sending) >= AT_ONCE + (EMERGENCIES if row.urgency == "emergency" else 0):
                continue
            send = self._deliver(row, roles.get(row.person_id, "resident"))
            self._sending[row.address_id] = asyncio.create_task(send, name=f"send {row.id}")
            started += 1
        return started

    def _until_next(self) -> float:
        """Seconds until something held or retried is let go; a second at most, for what another process wrote."""
        now, wall = self._clock.now(), self._clock.wall()
        with self._database.reading() as conn:
            waits = [
                (at - since).total_seconds()
                for at, since in ((outbox.next_due(conn, now), now), (outbox.next_retry(conn, wall), wall))
                if at is not None
            ]
        return min(1.0, max(0.0, min(waits, default=1.0)))

    async def _deliver(self, row: OutboxRow, role: str) -> None:
        try:
            if why := untrue(row):
                await self._writer.do(lambda conn: outbox.mark_dropped(conn, row.id, why))
                return
            receipt = await self._send(row, role)
            if receipt is None or receipt.outcome is not Outcome.AGAIN:
                self._ready.pop(row.id, None)
            inbox_id = await self._noted(row, receipt)
            if inbox_id is not None:
                self._told(inbox_id)
        except Unavailable as error:
            log.warning("message %d waits: %s", row.id, error)
            await asyncio.sleep(1)
        except Exception as error:
            self._unnoted.add(row.id)
            log.error("what became of message %d cannot be noted: %s", row.id, type(error).__name__)
        finally:
            del self._sending[row.address_id]
            self._awake.set()

    async def _noted(self, row: OutboxRow, receipt: Receipt | None) -> int | None:
        """Note what became of a message, however long the database cannot be written: it must not be sent again."""
        while True:
            try:
                return await self._writer.do(lambda conn: self._note(conn, row, receipt))
            except Unavailable as error:
                log.warning("message %d is sent and not noted yet: %s", row.id, error)
                await asyncio.sleep(1)

    async def _send(self, row: OutboxRow, role: str) -> Receipt | None:
        """Hand it to its channel; None: no such channel is served now."""
        channel = self._channels.get(row.channel)
        if channel is None:
            return None
        files = await self._drawn(row)
        try:
            async with asyncio.timeout(PATIENCE):
                return await channel.send(outgoing(replace(row, files=files), role))
        except TimeoutError:
            return Receipt(Outcome.AGAIN, why="no answer")
        except Exception as error:  # a bug of the channel: the message is kept for when it is mended
            log.error("channel %s failed with message %d: %s", row.channel, row.id, type(error).__name__)
            return Receipt(Outcome.AGAIN, why=type(error).__name__)

    async def _drawn(self, row: OutboxRow) -> Sequence[str]:
        """The row's files; a picture that is still to be drawn is drawn now. Where that fails, or takes long, the words go alone."""
        if row.id in self._ready:
            return self._ready[row.id]
        files: list[str] = []
        for file in row.files:
            if isinstance(file, str):
                files.append(file)
            elif self._draw is not None:
                try:
                    async with asyncio.timeout(DRAWING):
                        files.append(await self._draw(row.person_id, str(file["chart"]), file["data"]))
                except Exception as error:
                    log.warning("a picture of message %d could not be drawn: %s", row.id, type(error).__name__)
        if len(files) != sum(isinstance(file, str) for file in row.files):
            self._ready[row.id] = files
        return files

    def _note(self, conn: Connection, row: OutboxRow, receipt: Receipt | None) -> int | None:
        """Write what became of a message; the id of the inbox row by which a turn learns of it, if one must."""
        wall = self._clock.wall()
        if receipt is None:
            outbox.wait_for_channel(conn, row.id, wall + timedelta(seconds=NO_CHANNEL))
        elif receipt.outcome is Outcome.SENT:
            outbox.mark_sent(conn, row.id, self._clock.now(), receipt.ref)
        elif receipt.outcome in (Outcome.AGAIN, Outcome.MOVED) and row.tries < len(SCHEDULE):
            after = MOVED_AGAIN if receipt.outcome is Outcome.MOVED else receipt.after or SCHEDULE[row.tries]
            outbox.try_again(conn, row.id, wall + timedelta(seconds=after), wall, receipt.why)
            return self._tell(conn, row, receipt) if receipt.outcome is Outcome.MOVED else None
        elif receipt.outcome in (Outcome.BLOCKED, Outcome.REFUSED):
            outbox.mark_dead(
                conn, row.id, "blocked" if receipt.outcome is Outcome.BLOCKED else receipt.why or "refused"
            )
            return self._tell(conn, row, receipt)
        else:
            outbox.mark_dead(conn, row.id, receipt.why or "unreachable")
            return self._tell(conn, row, receipt, "dead")
        return None

    def _tell(self, conn: Connection, row: OutboxRow, receipt: Receipt, outcome: str = "") -> int | None:
        """What a receipt changes comes back as a message in, of channel jiesu: nothing but a turn changes a case."""
        outcome = outcome or str(receipt.outcome)
        told = {
            "outbox_id": row.id,
            "address_id": row.address_id,
            "outcome": outcome,
            "ref": receipt.ref,
            "why": receipt.why,
        }
        stored = store_incoming(
            conn,
            channel="jiesu",
            update_key=f"receipt:{row.id}:{outcome}",
            sender=row.address_id,
            kind="receipt",
            body={"data": told},
            received_at=self._clock.now(),
            ready_at=self._clock.wall(),
        )
        return None if stored.duplicate else stored.id


def untrue(row: OutboxRow) -> str | None:
    """Why a prompt or a question needs no answer any more, or a line that the quiet hours held is not so any more; None for all
    that is to be sent: other facts, answers and cards always are."""
    if row.kind in ("prompt", "question"):
        if row.question_closed:
            return "question_closed"
        if row.valid_states and row.case_state is not None and row.case_state not in row.valid_states:
            return f"case_{row.case_state}"
    if row.held and row.case_state is not None:
        return held.untrue(row.key, State(row.case_state), bool(row.reader_has_part), bool(row.newer))
    return None


def outgoing(row: OutboxRow, role: str) -> Outgoing:
    """The row as its channel gets it."""
    return Outgoing(
        outbox_id=row.id,
        address=row.external_id,
        person_id=row.person_id,
        text=row.text,
        buttons=_buttons(row.buttons),
        files=tuple(file for file in row.files if isinstance(file, str)),
        case=row.case_number,
        urgent=row.urgency == "emergency",
        role=role,
    )


def _buttons(kept: Sequence[Mapping[str, str]]) -> tuple[Button, ...]:
    return tuple(Button(button["label"], button["value"]) for button in kept)
