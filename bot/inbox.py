"""Messages in: committed first, then acknowledged, then handled. A crash after the commit loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from bot.channels import Incoming, Stored
from bot.clock import Clock
from bot.writer import Writer
from storage.database import Connection
from storage.queues import StoredRow, store_incoming


class Inbox:
    """`wake` is called with the row's id once a message is committed: somebody has a turn to run."""

    def __init__(self, writer: Writer, clock: Clock, wake: Callable[[int], None]) -> None:
        self._writer, self._clock, self._wake = writer, clock, wake

    async def receive(self, incoming: Incoming) -> Stored:
        """Store the message; returns once it is committed, so that the channel may acknowledge it.

        Raises only when it was not stored (Unavailable, or what the database says): the channel lets the platform
        send it again.
        """
        received_at, wall = self._clock.now(), self._clock.wall()

        def store(conn: Connection) -> StoredRow:
            return store_incoming(
                conn,
                channel=incoming.channel,
                update_key=incoming.update_key,
                sender=incoming.sender,
                kind=incoming.kind,
                text=incoming.text,
                body=_body(incoming),
                group_key=incoming.group_key,
                received_at=received_at,
                ready_at=wall,
            )

        stored = await self._writer.store(store)
        if not stored.duplicate:
            self._wake(stored.id)
        return Stored(stored.id, stored.duplicate, stored.n)


def _body(incoming: Incoming) -> dict[str, Any]:
    """What is kept beside the words; what is absent is left out."""
    body = {
        "files": [{key: value for key, value in asdict(file).items() if value is not None} for file in incoming.files],
        "data": dict(incoming.data),
        "name": incoming.name,
        "reply_to": incoming.reply_to,
        "chat": incoming.chat,
    }
    return {key: value for key, value in body.items() if value}
