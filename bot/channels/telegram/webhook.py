"""Telegram delivers to us: the address is told until Telegram takes it, and looked after every minute.

At the stop nothing is taken back: what is written meanwhile waits at Telegram, up to a day, for the next start, be that by
webhook or by polling. An update stored before a kill comes again and is known by its number.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from telegram import Bot, WebhookInfo
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram.errors import seconds
from bot.channels.telegram.polling import RESTART, Health
from bot.channels.telegram.updates import ALLOWED

log = logging.getLogger(__name__)

LOOK_EVERY = 60.0  # seconds; Health calls silence of two minutes a fault


@dataclass(frozen=True, slots=True)
class Address:
    """Where to deliver, and the word by which we know that it is Telegram who does."""

    url: str
    secret: str


class Webhook:
    """`reached`: called once Telegram has said who the bot is. `refused`: called when Telegram will not deliver to this
    address at all; then there is nothing more to do here."""

    def __init__(
        self,
        bot: Bot,
        address: Address,
        health: Health,
        scrub: Callable[[str], str],
        reached: Callable[[], Awaitable[None]],
        refused: Callable[[], None],
    ) -> None:
        self._bot, self._address, self._health, self._scrub = bot, address, health, scrub
        self._reached, self._refused = reached, refused
        self._failed_at: object = None  # when Telegram last failed to deliver, as it said at the last look
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Returns at once."""
        self._task = asyncio.create_task(self._run(), name="telegram: webhook")

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _run(self) -> None:
        if not await self._begin():
            return self._refused()
        while True:
            await asyncio.sleep(LOOK_EVERY)
            try:
                await self._look()
            except Exception as error:
                self._trouble(error)

    async def _begin(self) -> bool:
        """Tell the address until Telegram takes it; False when it never will."""
        delay, longest = RESTART
        while True:
            wait = delay
            try:
                await self._bot.initialize()
                await self._reached()
                await self._tell()
                return True
            except BadRequest as error:
                log.error("Telegram will not deliver to [web] public_url: %s. Polling instead", self._scrub(str(error)))
                return False
            except RetryAfter as error:
                wait = seconds(error)
            except Exception as error:
                self._trouble(error)
            log.warning("the webhook is not set yet; trying again in %.0f s", wait)
            await asyncio.sleep(wait)
            delay = min(delay * 2, longest)

    async def _tell(self) -> None:
        """What waits at Telegram is kept and delivered."""
        before = await self._bot.get_webhook_info()
        await self._bot.set_webhook(
            self._address.url,
            allowed_updates=ALLOWED,
            drop_pending_updates=False,
            secret_token=self._address.secret,
        )
        self._failed_at = before.last_error_date  # of an earlier run
        self._health.completed()

    async def _look(self) -> None:
        """Whether Telegram gets through to us; who took the address away gets it back."""
        info = await self._bot.get_webhook_info()
        if info.url != self._address.url:
            log.warning("another program has changed where Telegram delivers to; it is set back")
            await self._tell()
            self._health.failed(409, "another webhook")
            return
        stuck = info.pending_update_count > 0 and info.last_error_date not in (None, self._failed_at)
        self._failed_at = info.last_error_date
        if stuck:
            self._health.undelivered(self._why(info))
        else:
            self._health.completed()

    def _why(self, info: WebhookInfo) -> str:
        return self._scrub(f"{info.last_error_message or '没有说明'}；等着 {info.pending_update_count} 条")

    def _trouble(self, error: Exception) -> None:
        said = self._scrub(f"{type(error).__name__}: {error}" if isinstance(error, TelegramError) else repr(error))
        self._health.failed(401 if isinstance(error, InvalidToken) else 0, said)
        log.warning("webhook: %s", said)
