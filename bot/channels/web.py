"""The page as a channel: a message is delivered when it stands in the page's thread; open pages are told at once."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bot.channels import Abilities, Outcome, Outgoing, Receipt, Receive
from bot.writer import Unavailable
from storage import doors, threads

BOARDS_AT_ONCE = 6  # open boards of one session
OPEN_AT_ONCE = 12  # streams of one person: tabs and devices


class Hub:
    """Who waits for news of which thread. A waiter only learns *that* there is news and reads it from the table: so
    nothing is lost or doubled however slow it is, and nothing piles up here."""

    def __init__(self, at_once: int = OPEN_AT_ONCE) -> None:
        self.closed, self._at_once = False, at_once
        self._waiting: defaultdict[str, list[asyncio.Event]] = defaultdict(list)

    @contextmanager
    def listening(self, thread: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever the thread grows. With too many, the oldest is let go (and asks again)."""
        news = asyncio.Event()
        waiting = self._waiting[thread]
        waiting.append(news)
        if len(waiting) > self._at_once:
            waiting.pop(0).set()
        try:
            yield news
        finally:
            if news in waiting:
                waiting.remove(news)
            if not waiting:
                self._waiting.pop(thread, None)

    def let_go(self, thread: str, news: asyncio.Event) -> bool:
        """Whether this waiter has to end: the program stops, or the person opened too many."""
        return self.closed or news not in self._waiting.get(thread, ())

    def wake(self, thread: str) -> None:
        """The thread has grown; called after the commit."""
        for news in self._waiting.get(thread, ()):
            news.set()

    def dismiss(self, thread: str) -> None:
        """Every page of this thread asks anew who it is: somebody has left a device."""
        for news in self._waiting.pop(thread, ()):
            news.set()

    def wake_all(self) -> None:
        """Something has happened that anybody may want to look at."""
        for waiting in self._waiting.values():
            for news in waiting:
                news.set()

    def close(self) -> None:
        """Let everybody go: open streams would hold up the stop."""
        self.closed = True
        self.wake_all()


class WebChannel:
    """See bot.channels.Channel. Messages in come by the chat API (bot/web), which calls the inbox itself."""

    name = "web"
    abilities = Abilities(max_text=20_000)

    def __init__(self, app: Any) -> None:
        self._app = app
        self.hub = Hub()
        self._started = False

    async def start(self, receive: Receive) -> None:
        """In the demonstration all staff get the page: nobody there has another channel."""
        if self._app.settings.demo.enabled:
            mint = self._app.world.mint
            await self._app.writer.do(lambda conn: doors.give_page_to_staff(conn, mint))
        self._started = True

    async def stop(self) -> None:
        self._started = False
        self.hub.close()

    async def send(self, out: Outgoing) -> Receipt:
        """Into the thread of the address; the same message again is put there once."""
        buttons = [{"label": button.label, "value": button.value} for button in out.buttons]
        shown = {"text": out.text, "buttons": buttons, "files": list(out.files), "case_number": out.case}
        at = self._app.clock.now()
        try:
            n = await self._app.writer.do(lambda conn: threads.append(conn, out.address, out.outbox_id, at, **shown))
        except Unavailable as error:
            return Receipt(Outcome.AGAIN, why=str(error))
        self.hub.wake(out.address)
        return Receipt(Outcome.SENT, ref=str(n))

    def healthy(self) -> str | None:
        return None if self._started else "the page is not open"
