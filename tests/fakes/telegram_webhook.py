"""How the Bot API server delivers to a webhook: in order for each chat, again after a while until it is answered with 2xx."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import aiohttp

if TYPE_CHECKING:
    from tests.fakes.telegram import FakeTelegram

PORTS = (443, 80, 88, 8443)
RETRY = (0.05, 1.0)  # seconds: the first wait, the longest. (The real ones are longer.)


def objection(url: str) -> str | None:
    """What the real server says to an address it will not deliver to."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        return "bad webhook: An HTTPS URL must be provided for webhook"
    if (parts.port or 443) not in PORTS:
        return "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"
    return None


class Deliveries:
    """`leads_to` is the proxy with the certificate: public address -> where it really is. An address that leads nowhere
    cannot be connected to."""

    def __init__(self, fake: FakeTelegram) -> None:
        self._fake = fake
        self.leads_to: dict[str, str] = {}
        self.secret = ""
        self.answers: list[tuple[int, int]] = []  # (update id, status; 0: no answer), in order
        self.last_error: tuple[int, str] | None = None
        self._tries: dict[int, int] = {}
        self._not_before: dict[int, float] = {}

    def set_to(self, url: str, secret: str) -> None:
        if url != self._fake.webhook:
            self.last_error = None
        self.secret = secret
        self._not_before.clear()

    def info(self) -> dict[str, Any]:
        told = {"url": self._fake.webhook, "has_custom_certificate": False, "pending_update_count": len(self._fake.pending)}
        if self.last_error:
            told |= {"last_error_date": self.last_error[0], "last_error_message": self.last_error[1]}
        return told

    async def run(self) -> None:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(10)) as session:
            while True:
                update = self._next()
                if update is None:
                    await asyncio.sleep(0.01)
                else:
                    await self._deliver(session, update)

    def _next(self) -> dict[str, Any] | None:
        """The first that may be delivered: never before an earlier one of its chat."""
        if not self._fake.webhook or not self._fake.online:
            return None
        held = set()
        for update in self._fake._ready(1000):
            chat = _chat(update)
            if chat not in held and self._not_before.get(update["update_id"], 0) <= time.monotonic():
                return update
            held.add(chat)
        return None

    async def _deliver(self, session: aiohttp.ClientSession, update: dict[str, Any]) -> None:
        number, fake = update["update_id"], self._fake
        status, why = await self._post(session, fake.webhook, json.dumps(update))
        fake.delivered[number] = fake.delivered.get(number, 0) + 1
        self.answers.append((number, status))
        if 200 <= status <= 299:
            if update in fake.pending:
                fake.pending.remove(update)
            fake.acknowledged.setdefault(number, time.monotonic())
        else:
            tries = self._tries[number] = self._tries.get(number, 0) + 1
            self._not_before[number] = time.monotonic() + min(RETRY[0] * 2**tries, RETRY[1])
            self.last_error = (int(time.time()) + len(self.answers), why)
        fake._notify()

    async def _post(self, session: aiohttp.ClientSession, url: str, body: str) -> tuple[int, str]:
        public = next((each for each in self.leads_to if url.startswith(each + "/")), None)
        if public is None:
            return 0, "Connection refused"
        headers = {"Content-Type": "application/json"}
        if self.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.secret
        to = self.leads_to[public] + url.removeprefix(public)
        try:
            async with session.post(to, data=body.encode(), headers=headers, allow_redirects=False) as answer:
                await answer.read()
                return answer.status, f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except (aiohttp.ClientError, TimeoutError):
            return 0, "Connection refused"


def _chat(update: dict[str, Any]) -> Any:
    for part in update.values():
        if isinstance(part, dict) and isinstance(part.get("from"), dict):
            return part["from"].get("id")
    return None
