"""Group robots: what WeCom, DingTalk and Feishu have in common. One address a group, text only, nobody answers.

The address of a robot is its key: it stands in no log, no Receipt and no error.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Mapping
from typing import Any, ClassVar

import aiohttp
from aiolimiter import AsyncLimiter

from bot.channels import Abilities, Outcome, Outgoing, Receipt, Receive
from bot.settings_robots import Robot
from bot.world import groups_of, mint
from storage import groups

log = logging.getLogger(__name__)

EVERY = 3.0  # seconds between two messages to a group: 20 a minute is what the narrowest of them allow
MINUTE = 60.0  # their limits are counted by the minute
PATIENCE = aiohttp.ClientTimeout(total=20)
LONGEST_ANSWER = 65_536  # bytes


class RobotChannel:
    """See bot.channels.Channel. A platform says what it wants (`request`) and what its answers mean (`AGAIN`, `WHY`)."""

    name: str = ""
    abilities = Abilities(max_text=600, buttons=False, pictures=False)
    CODES: ClassVar[tuple[str, ...]] = ("errcode",)  # where its answer says how it went; 0 is well
    WAITS: ClassVar[tuple[str, ...]] = ("Retry-After",)  # the heading that says how long to wait under status 429
    AGAIN: ClassVar[Mapping[int, float]] = {}  # code -> seconds until it may be tried again
    WHY: ClassVar[Mapping[int, str]] = {}  # code -> what a person should look at

    def __init__(self, app: Any, every: float = EVERY) -> None:
        self._app = app
        self._robots: dict[str, Robot] = {n: r for n, r in app.settings.robots.items() if r.kind == self.name}
        self._pace = {name: AsyncLimiter(1, every) for name in self._robots}
        self._session: aiohttp.ClientSession | None = None

    async def start(self, receive: Receive) -> None:
        """Each group gets its address in the database. The platforms are not asked anything: a robot can only be spoken to."""
        self._session = aiohttp.ClientSession(timeout=PATIENCE)
        mine = [group for group in groups_of(self._app.settings) if group.channel == self.name]
        now = self._app.clock.now()
        await self._app.writer.do(lambda conn: groups.keep(conn, mine, mint, now))
        with self._app.database.reading() as conn:
            unknown = groups.unknown_areas(conn, mine)
        if unknown:
            log.warning("[robots] names areas that this town does not have: %s", ", ".join(unknown))

    async def stop(self) -> None:
        if self._session is not None:
            await self._session.close()

    def healthy(self) -> str | None:
        return None  # nothing comes in by it; what does not go out is a dead letter

    async def send(self, out: Outgoing) -> Receipt:
        """Never raises. Paced: each group waits for its own turn only."""
        robot = self._robots.get(out.address)
        if robot is None or self._session is None:
            return Receipt(Outcome.REFUSED, why=f"没有叫 {out.address} 的{self.name}机器人")
        await self._pace[out.address].acquire()
        try:
            return await self._post(self._session, robot, self.worded(robot, out))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return Receipt(Outcome.AGAIN, why=type(error).__name__)  # its words would show the address

    def worded(self, robot: Robot, out: Outgoing) -> str:
        """A robot that passes only messages with its word gets the word."""
        text = out.text[: self.abilities.max_text]
        return text if robot.keyword in text else f"{robot.keyword} {text}"

    def request(self, robot: Robot, text: str, at: float) -> tuple[str, dict[str, Any]]:
        """Where to post, and what; `at` is the wall's time, for signatures."""
        raise NotImplementedError

    async def _post(self, session: aiohttp.ClientSession, robot: Robot, text: str) -> Receipt:
        url, body = self.request(robot, text, time.time())
        async with asyncio.timeout(PATIENCE.total), session.post(url, json=body, allow_redirects=False) as answer:
            raw = await answer.content.read(LONGEST_ANSWER)
            wait = next((answer.headers[name] for name in self.WAITS if name in answer.headers), "")
            return self.read(answer.status, wait, raw)

    def read(self, status: int, retry_after: str, raw: bytes) -> Receipt:
        """What an answer means: these platforms say most of it in the body, under status 200."""
        if status == 429:
            return Receipt(Outcome.AGAIN, after=float(retry_after) if retry_after.isdigit() else MINUTE, why="HTTP 429")
        if status >= 500:
            return Receipt(Outcome.AGAIN, why=f"HTTP {status}")
        said = _read(raw)
        code = next((said[name] for name in self.CODES if name in said), None)
        if not isinstance(code, int) or isinstance(code, bool):
            return self._unread(status)
        if code == 0:
            return Receipt(Outcome.SENT)
        words = f"{code} {str(said.get('errmsg') or said.get('msg') or '')[:120]}".strip()
        if self.busy(code, words):
            return Receipt(Outcome.AGAIN, after=self.AGAIN.get(code, MINUTE), why=words)
        why = self.reason(code, words)
        return Receipt(Outcome.REFUSED, why=f"{why}（{code}）" if why else words)

    def reason(self, code: int, words: str) -> str:
        """What a person should look at; "" where only the platform's own words are known."""
        return self.WHY.get(code, "")

    def busy(self, code: int, words: str) -> bool:
        """Whether it is only to be tried later."""
        return code in self.AGAIN

    def _unread(self, status: int) -> Receipt:
        """No answer of theirs: a proxy's page under 200 may pass, a 404 does not."""
        outcome = Outcome.REFUSED if 400 <= status < 500 else Outcome.AGAIN
        return Receipt(outcome, why=f"HTTP {status}，答的不是{self.name}的格式")


def _read(raw: bytes) -> dict[str, Any]:
    try:
        said = json.loads(raw)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
