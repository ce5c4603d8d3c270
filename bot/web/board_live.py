"""What open boards are told while things change: that something did, with the fresh numbers; and what is slow, kept for a while.

A turn that was committed wakes every stream. Each looks for itself, at most once in THROTTLE seconds however much happens, and says
something only when its own numbers are others. So nothing piles up, and the writer waits for nobody.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aiohttp import web
from aiohttp_sse import EventSourceResponse

from bot.web.api import wait
from bot.web.common import APP
from handlers.summaries.board import Slow, up_to
from storage.board import Glance

THROTTLE = 2.0
HEARTBEAT = 15.0  # seconds: then it is looked at anew in any case, and whether the session still holds
KEPT = timedelta(minutes=2)
MANY = 200


def stamp(glance: Glance) -> str:
    """Changes with any of the numbers."""
    return hashlib.sha256(repr(glance).encode()).hexdigest()[:16]


def numbers(glance: Glance) -> str:
    """The first lines, for a page that is open."""
    told = {name: getattr(glance, name) for name in ("filed_today", "open", "waiting", "ended_today")}
    return json.dumps({**told, "late": up_to(glance.late), "waiting": up_to(glance.waiting), "stamp": stamp(glance)})


async def tell(request: web.Request, session: str, look: Callable[[], str | None]) -> web.StreamResponse:
    """Server-sent events: `changed` with what `look` says, when that is not what was said before; `ended` once it says None."""
    app, last = request.app[APP], ""
    hub = app.watching
    response = EventSourceResponse(ping_interval=HEARTBEAT, send_timeout=60)
    with hub.listening(session) as news:
        await response.prepare(request)
        await response.write(b"retry: 3000\r\n\r\n")
        try:
            while not hub.let_go(session, news) and response.is_connected():
                news.clear()
                told = await asyncio.to_thread(look)
                if told is None:
                    await response.send("", event="ended")
                    break
                if told != last:
                    await response.send(told, event="changed")
                    last = told
                if not await _pause(lambda: hub.let_go(session, news), news):
                    await wait(news, HEARTBEAT)
        except (ConnectionError, TimeoutError):
            pass  # nobody there any more
        finally:
            response.stop_streaming()
    return response


async def _pause(ends: Callable[[], bool], news: asyncio.Event) -> bool:
    """For THROTTLE seconds whatever happens is one; whether anything did."""
    loop = asyncio.get_running_loop()
    until, woken = loop.time() + THROTTLE, False
    while (left := until - loop.time()) > 0 and not ends():
        news.clear()
        await wait(news, left)
        woken = woken or news.is_set()
    return woken


@dataclass
class Kept:
    """What is slow to make, for each who looked at each area."""

    _made: dict[tuple[str, str], tuple[datetime, Slow]] = field(default_factory=dict)

    def get(self, who: str, area: str, now: datetime) -> Slow | None:
        """None when there is none, or it is too old."""
        at, slow = self._made.get((who, area), (None, None))
        return slow if at is not None and timedelta(0) <= now - at < KEPT else None

    def put(self, who: str, area: str, now: datetime, slow: Slow) -> None:
        """The oldest go when there are many."""
        if len(self._made) >= MANY:
            for key in sorted(self._made, key=lambda key: self._made[key][0])[: MANY // 2]:
                del self._made[key]
        self._made[who, area] = (now, slow)


SLOW: web.AppKey[Kept] = web.AppKey("board_slow")
