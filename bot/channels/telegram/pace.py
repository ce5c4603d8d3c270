"""How fast Telegram lets a bot write: 30 messages a second in all, one a second to a chat, 20 a minute to a group."""

from __future__ import annotations

from aiolimiter import AsyncLimiter

KEPT = 512  # chats whose limiter is kept before idle ones are dropped


class Pacer:
    """One slow chat never holds up another: each waits for its own turn first, then for the common one."""

    def __init__(self, chat: float = 1.0, group: float = 3.0, overall: float = 30.0) -> None:
        """`chat`, `group`: seconds between two messages there; `overall`: messages a second."""
        self._chat, self._group = chat, group
        self._overall = AsyncLimiter(5, 5 / overall)
        self._limiters: dict[int, AsyncLimiter] = {}

    async def turn(self, chat: int) -> None:
        """Wait until a message may go to this chat."""
        limiter = self._limiters.get(chat)
        if limiter is None:
            self._drop_idle()
            limiter = self._limiters[chat] = AsyncLimiter(1, self._group if chat < 0 else self._chat)
        await limiter.acquire()
        await self._overall.acquire()

    def _drop_idle(self) -> None:
        if len(self._limiters) >= KEPT:
            self._limiters = {chat: one for chat, one in self._limiters.items() if not one.has_capacity()}
