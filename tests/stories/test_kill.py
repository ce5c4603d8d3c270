"""SIGKILL and start again: nothing that was acknowledged is lost, no case is doubled, nothing is said twice without need.

200 messages from 40 chats, at least five kills in each of the four windows, judged by the fake server's own log and by
the database. Jiesu runs as a whole process; see tests/fakes/killer.py for how it dies.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.engine import OFFSET
from bot.settings import Settings
from bot.world import make_policy
from casework.audit import faults
from storage.audit import snapshot
from storage.database import Database
from storage.settings import setting
from tests.fakes.killer import WINDOWS, JiesuProcess
from tests.fakes.telegram import Call, FakeTelegram, User

CHATS, MESSAGES, KILLS = 40, 200, 5  # kills in each window
BATCH = MESSAGES // (KILLS * len(WINDOWS))
NUMBERS = (1, 2, 3, 5, 8)  # at which passage each of the kills of a window falls
LATER = ("/my", "谢谢", "我的诉求", "/help")  # each chat's messages after the one that files its case

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@dataclass
class Judge:
    """What happened, as the platform and the database saw it."""

    fake: FakeTelegram
    jiesu: JiesuProcess
    kills: Counter[str] = field(default_factory=Counter)
    between: Counter[tuple[int, str]] = field(default_factory=Counter)  # accepted, but not noted when it was killed
    resent: dict[str, int] = field(default_factory=dict)

    def rows(self, sql: str, *values: Any) -> list[Any]:
        if not self.jiesu.database.exists():
            return []
        with closing(sqlite3.connect(self.jiesu.database)) as conn:
            return conn.execute(sql, values).fetchall()

    def accepted(self) -> Counter[tuple[int, str]]:
        return Counter((call.chat or 0, call.text.strip()) for call in self.fake.sent())

    def noted(self, states: str = "'sent'") -> Counter[tuple[int, str]]:
        found = self.rows(
            "select a.external_id, o.text from outbox o join address a on a.id = o.address_id"
            f" where o.channel = 'telegram' and o.state in ({states})"
        )
        return Counter((int(chat), text.strip()) for chat, text in found)

    def killed(self, window: str) -> None:
        """Called with the process dead: what the platform has and the database does not know of may come once more."""
        self.kills[window] += 1
        now = self.accepted() - self.noted() - self.between
        self.between += now
        self.resent[window] = self.resent.get(window, 0) + now.total()

    def acknowledged_but_absent(self) -> list[int]:
        kept = {key for (key,) in self.rows("select update_key from inbox where channel = 'telegram'")}
        return [number for number in self.fake.acknowledged if str(number) not in kept]

    def unhandled(self) -> list[Any]:
        return self.rows("select id, state, error from inbox where state <> 'done'")

    def unsent(self) -> list[Any]:
        """What was to go out at once and has not. (Times are the demonstration's: only differences say anything.)"""
        return self.rows(
            "select id, key, state, why from outbox where channel = 'telegram' and state in ('waiting', 'dead')"
            " and julianday(due_at) - julianday(made_at) < 10.0 / 86400"
        )

    def cases(self) -> Counter[str]:
        return Counter(
            chat
            for (chat,) in self.rows(
                "select a.external_id from cases c join address a on a.person_id = c.resident_id and a.channel = 'telegram'"
            )
        )

    def broken_promises(self) -> tuple[str, ...]:
        """What casework.audit finds, at the demonstration's present."""
        database = Database(f"sqlite:///{self.jiesu.database}")
        try:
            with database.reading() as conn:
                offset = timedelta(seconds=float(setting(conn, OFFSET) or 0))
                return faults(snapshot(conn, make_policy(Settings(), {}), datetime.now(UTC) + offset))
        finally:
            database.close()

    def repeated(self) -> Counter[tuple[int, str]]:
        return self.accepted() - self.noted()

    def table(self) -> str:
        lines = [f"{'window':<15}{'kills':>7}{'sent, not noted':>18}"]
        lines += [f"{one:<15}{self.kills[one]:>7}{self.resent.get(one, 0):>18}" for one in WINDOWS]
        lines += [
            f"messages {len(self.fake.updates)}, acknowledged {len(self.fake.acknowledged)}, "
            f"lost {len(self.acknowledged_but_absent())}, cases {self.cases().total()} in {len(self.cases())} chats, "
            f"notifications {self.noted().total()}, repeated {self.repeated().total()}"
        ]
        return "\n".join(lines)


@pytest.fixture
async def judge(tmp_path: Path) -> AsyncIterator[Judge]:
    fake = FakeTelegram()
    await fake.start()
    jiesu = JiesuProcess(tmp_path, fake)
    yield Judge(fake, jiesu)
    if jiesu.process:
        jiesu.kill()
        await jiesu.process.wait()
    await fake.stop()


def script(fake: FakeTelegram) -> Iterator[tuple[User, str]]:
    """Who writes what, in order: everybody files one case, then asks, thanks, asks again."""
    users = [fake.user(1000 + n, f"居民{n}") for n in range(CHATS)]
    for turn in range(MESSAGES // CHATS):
        for n, user in enumerate(users):
            estate, building = ("锦绣苑", n + 1) if n < CHATS // 2 else ("平安里", n - CHATS // 2 + 1)
            yield user, LATER[turn - 1] if turn else f"{estate}{building}号楼2单元501没暖气"


async def _until_killed(judge: Judge, window: str, number: int, batch: list[tuple[User, str]], outside: bool) -> None:
    """One life: the batch is written while Jiesu runs, until it dies in the window."""
    take_away = None
    if outside:  # the platform has accepted a message, and Jiesu will never read its answer

        async def kill(_: Call) -> None:
            judge.jiesu.kill()
            assert judge.jiesu.process is not None
            await judge.jiesu.process.wait()

        left = [number]

        def count(call: Call) -> Any:
            left[0] -= 1
            return kill(call) if left[0] == 0 else None

        take_away = judge.fake.on_call("sendMessage", count)
    await judge.jiesu.start(None if outside else window, number)
    for user, text in batch:
        judge.fake.says(user, text)
        await asyncio.sleep(0.01)
    extra = 0
    while not await judge.jiesu.death(within=30 if extra == 0 else 10):
        extra += 1
        assert extra < 6, f"window {window} was not passed {number} times:\n{judge.jiesu.log()[-3000:]}"
        judge.fake.says(batch[extra % len(batch)][0], "/my")
    if take_away:
        take_away()
    judge.killed(window)


async def test_nothing_is_lost_and_nothing_doubled(judge: Judge) -> None:
    fake, jiesu = judge.fake, judge.jiesu
    await jiesu.start()  # the first start loads the organisation: not what is tested here
    await jiesu.healthy()
    await jiesu.stop()
    words = script(fake)
    for kill in range(KILLS):
        for window in WINDOWS:
            batch = [next(words) for _ in range(BATCH)]
            outside = window == "after_sending" and kill % 2 == 1
            await _until_killed(judge, window, NUMBERS[kill], batch, outside)
            assert judge.acknowledged_but_absent() == []
    await jiesu.start()
    await jiesu.healthy()
    await fake.until(lambda: len(fake.acknowledged) == len(fake.updates), 60)
    await fake.until(lambda: not judge.unhandled() and not judge.unsent(), 120)
    await jiesu.stop()
    print("\n" + judge.table())
    assert len(fake.updates) >= MESSAGES
    assert {window: count >= KILLS for window, count in judge.kills.items()} == dict.fromkeys(WINDOWS, True)
    assert judge.acknowledged_but_absent() == []
    assert judge.unhandled() == []
    assert judge.unsent() == []
    assert judge.cases() == Counter({str(1000 + n): 1 for n in range(CHATS)})
    assert judge.broken_promises() == ()
    assert judge.repeated() <= judge.between, judge.repeated() - judge.between
    for chat in range(1000, 1000 + CHATS):
        assert len(fake.sent(chat)) >= MESSAGES // CHATS, f"{chat} was not answered each time"
