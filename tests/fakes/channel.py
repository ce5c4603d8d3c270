"""A channel without a platform: keeps what was sent, and answers as the test tells it to."""

from __future__ import annotations

import asyncio
from collections import deque

from bot.channels import Abilities, Incoming, Outcome, Outgoing, Receipt, Receive, Stored


class FakeChannel:
    """`receipts` are handed out one a message, then everything is SENT. `gate`, when set, holds every send until it is set."""

    def __init__(self, name: str = "fake") -> None:
        self.name = name
        self.abilities = Abilities(max_text=4000)
        self.receipts: deque[Receipt | Exception] = deque()
        self.sent: list[Outgoing] = []
        self.gate: asyncio.Event | None = None
        self._receive: Receive | None = None

    async def start(self, receive: Receive) -> None:
        self._receive = receive

    async def stop(self) -> None:
        pass

    async def send(self, out: Outgoing) -> Receipt:
        self.sent.append(out)
        if self.gate is not None:
            await self.gate.wait()
        receipt = self.receipts.popleft() if self.receipts else Receipt(Outcome.SENT, ref=f"m{out.outbox_id}")
        if isinstance(receipt, Exception):
            raise receipt
        return receipt

    def healthy(self) -> str | None:
        return None

    async def hears(self, incoming: Incoming) -> Stored:
        """Somebody writes."""
        assert self._receive is not None
        return await self._receive(incoming)

    @property
    def texts(self) -> list[str]:
        """What was handed over, in order, repeats included."""
        return [out.text for out in self.sent]
