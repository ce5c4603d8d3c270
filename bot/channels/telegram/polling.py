"""Long polling by python-telegram-bot's Updater, with the offset behind the inbox table.

What PTB 22.8 does (telegram/ext/_updater.py): it fetches with `offset`, awaits `queue.put(update)` for each, and only
after the last put sets the offset to the last number + 1; the next getUpdates, or the one extra call at stop, sends it.
So with a `put` that returns once the update is committed the offset never passes an update that is not stored.
Three things end or wedge its polling for good, and are prevented here: an exception from `put`; an update that it
cannot read (the whole batch is fetched again, at once, for ever); a 401 or 404 (the loop ends, `running` stays True).
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from telegram import Bot, Update
from telegram.error import Conflict, NetworkError, TelegramError
from telegram.ext import Updater
from telegram.request import HTTPXRequest

from bot.channels.telegram.updates import ALLOWED, parse

log = logging.getLogger(__name__)

LONG_POLL = timedelta(seconds=10)
SILENT_TOO_LONG = 120.0  # seconds without a completed poll
RESTART = (1.0, 60.0)  # seconds between tries to begin: the first, the longest
STOP_PATIENCE = (0.8, 0.2, 0.2)  # seconds for the extra getUpdates; then to get out of a wait; then to give up
_REFUSALS = {401: "Unauthorized: Telegram 不认这个 token", 404: "Unauthorized: Telegram 不认这个 token"}


class Health:
    """When a poll last completed, and what the platform last said instead."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._completed = clock()
        self._why: str | None = None
        self._last = ""

    def completed(self) -> None:
        self._completed, self._why, self._last = self._clock(), None, ""

    def failed(self, code: int, said: str) -> None:
        """401, 404 and 409 need a person at once; anything else only when it lasts."""
        self._last = said
        if code in _REFUSALS:
            self._why = _REFUSALS[code]
        elif code == 409:
            self._why = "Conflict: 另有程序在用这个 token 收消息"

    def undelivered(self, said: str) -> None:
        """Telegram does not get through to our webhook: a person has to look at proxy, certificate or name."""
        self._why = f"Telegram 送不到 public_url（{said}）"

    def trouble(self, said: str) -> None:
        """A connection that failed: told only when it lasts."""
        self._last = said

    @property
    def failing(self) -> bool:
        return bool(self._why or self._last)

    def why(self) -> str | None:
        if self._why:
            return self._why
        silent = self._clock() - self._completed
        if silent <= SILENT_TOO_LONG:
            return None
        return f"{int(silent)} 秒没有和 Telegram 说上话" + (f"（{self._last}）" if self._last else "")


class PollingRequest(HTTPXRequest):
    """The connection that getUpdates uses: notes how polling fares, and lets no update end it."""

    def __init__(self, health: Health, scrub: Callable[[str], str], **kw: Any) -> None:
        super().__init__(**kw)
        self._health = health
        self._scrub = scrub

    async def do_request(self, *args: Any, **kw: Any) -> tuple[int, bytes]:
        try:
            code, payload = await super().do_request(*args, **kw)
        except TelegramError as error:
            self._health.trouble(self._scrub(f"{type(error).__name__}: {error}"))
            raise
        if 200 <= code <= 299:
            self._health.completed()
            return code, payload
        self._health.failed(code, f"HTTP {code}")
        if code in _REFUSALS:  # PTB would make it InvalidToken and never poll again
            raise NetworkError(f"getUpdates answered with {code}")
        return code, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Replace each update that PTB could not read by a bare one, so that the others and the offset go on."""
        answer = _loads(payload)
        if answer.get("ok") and "result" in answer:
            if not isinstance(answer["result"], list):
                raise TelegramError("getUpdates did not answer with a list")
            read = ((raw, parse(raw)) for raw in answer["result"])
            answer["result"] = [_carrier(raw, update) for raw, update in read if update]
        return answer


def _loads(payload: bytes) -> dict[str, Any]:
    """Without PTB's own error line, which would log residents' words."""
    try:
        answer = json.loads(payload.decode("utf-8", "replace"))
    except ValueError:
        raise TelegramError("the answer is not JSON") from None
    if not isinstance(answer, dict):
        raise TelegramError("the answer is not an object")
    return answer


def _carrier(raw: dict[str, Any], update: Update) -> dict[str, Any]:
    return {"update_id": update.update_id, **update.api_kwargs} if update.api_kwargs else raw


class StoringQueue(asyncio.Queue[object]):
    """The Updater's queue: `put` returns once the update is dealt with. It never raises, for that ends PTB's polling,
    but tries again until stored. (Cancelled at stop it does end: then the offset has not moved.)"""

    def __init__(self, store: Callable[[Update], Awaitable[None]], delays: tuple[float, float] = (0.2, 5.0)) -> None:
        super().__init__()
        self._store = store
        self._delays = delays

    async def put(self, item: object) -> None:
        delay, longest = self._delays
        while True:
            try:
                await self._store(item)  # type: ignore[arg-type]
                return
            except Exception:
                log.exception("an update could not be stored; trying again in %.1f s", delay)
                await asyncio.sleep(delay)
                delay = min(delay * 2, longest)


class Poller:
    """Begins polling whenever the platform can be reached, and stops it within a few seconds."""

    def __init__(
        self, bot: Bot, queue: StoringQueue, health: Health, scrub: Callable[[str], str], reached: Callable[[], Awaitable[None]]
    ) -> None:
        self._updater = Updater(bot, queue)
        self._reached = reached  # called once the platform has said who the bot is; never raises
        self._health = health
        self._scrub = scrub
        self._bot = bot
        self._task: asyncio.Task[None] | None = None
        self._clearing: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Returns at once. A webhook that is still set is removed first (by PTB); what waits for it comes by polling."""
        self._task = asyncio.create_task(self._begin(), name="telegram: begin polling")

    async def _begin(self) -> None:
        delay, longest = RESTART
        while True:
            try:
                await self._updater.initialize()
                await self._reached()
                await self._updater.start_polling(
                    timeout=LONG_POLL,
                    allowed_updates=ALLOWED,
                    drop_pending_updates=False,
                    error_callback=self._on_error,
                )
                return
            except Exception as error:
                said = self._scrub(f"{type(error).__name__}: {error}")
                self._health.failed(401 if type(error).__name__ == "InvalidToken" else 0, said)
                log.warning("Telegram cannot be reached yet (%s); trying again in %.0f s", said, delay)
            await asyncio.sleep(delay)
            delay = min(delay * 2, longest)

    def _on_error(self, error: TelegramError) -> None:
        log.warning("polling: %s", self._scrub(f"{type(error).__name__}: {error}"))
        if isinstance(error, Conflict) and "webhook" in str(error).lower():
            self._clear_webhook()

    def _clear_webhook(self) -> None:
        """A webhook was set after we had begun, as by an earlier run that was still ending: without this, deaf for good."""
        if self._clearing is None or self._clearing.done():
            self._clearing = asyncio.create_task(self._remove_webhook(), name="telegram: remove the webhook")

    async def _remove_webhook(self) -> None:
        await asyncio.sleep(RESTART[0])
        try:
            await self._bot.delete_webhook(drop_pending_updates=False)
        except TelegramError as error:  # the next Conflict tries again
            log.warning("the webhook was not removed: %s", self._scrub(str(error)))

    async def stop(self) -> None:
        """End polling. PTB's one extra getUpdates acknowledges what is stored; it gets a moment, not a minute."""
        for task in (self._task, self._clearing):
            if task:
                task.cancel()
                await asyncio.wait([task])
        if self._updater.running:
            stopping = asyncio.create_task(self._updater.stop())
            for patience in STOP_PATIENCE[1:] if self._health.failing else STOP_PATIENCE:
                await asyncio.wait([stopping], timeout=patience)
                if stopping.done():
                    break
                stopping.cancel()  # out of the Updater's sleep after an error, which takes up to 30 s
            if stopping.done() and not stopping.cancelled() and stopping.exception():
                log.warning("stopping: %s", self._scrub(repr(stopping.exception())))
