"""An operator gives Jiesu a public address, kills it, takes the address away again: what residents wrote meanwhile is there."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.fakes.killer import JiesuProcess
from tests.fakes.telegram import FakeTelegram

PUBLIC = "https://jiesu.example.org"
ADDRESS = "JIESU_WEB__PUBLIC_URL"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    server = FakeTelegram()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def jiesu(fake: FakeTelegram, tmp_path: Path) -> AsyncIterator[JiesuProcess]:
    process = JiesuProcess(tmp_path, fake)
    fake.deliveries.leads_to[PUBLIC] = f"http://127.0.0.1:{process.port}"
    yield process
    if process.process:
        process.kill()
        await process.process.wait()


class Residents:
    """Each writes once about the own home, and wants to hear that it is registered."""

    def __init__(self, fake: FakeTelegram) -> None:
        self.fake, self.count = fake, 0

    def write(self, many: int) -> None:
        for _ in range(many):
            self.count += 1
            self.fake.says(self.fake.user(1000 + self.count), f"锦绣苑3号楼2单元{100 + self.count}楼道灯坏了")

    async def heard(self, within: float = 60.0) -> None:
        """All that was written has been taken, and everybody was answered."""
        await self.fake.until(lambda: not self.fake.pending, within)
        people = [1000 + n for n in range(1, self.count + 1)]
        await self.fake.until(lambda: all(self.fake.sent(person) for person in people), within)


async def test_a_public_address_comes_and_goes(fake: FakeTelegram, jiesu: JiesuProcess) -> None:
    residents = Residents(fake)
    await jiesu.start()
    residents.write(4)
    await residents.heard()
    jiesu.kill()  # by polling: the last offset may not have been told
    assert jiesu.process
    await jiesu.process.wait()

    residents.write(4)
    jiesu.settings[ADDRESS] = PUBLIC
    for window, passage in (("before_store", 3), ("after_commit", 2)):
        await jiesu.start(window, passage)
        residents.write(4)
        assert await jiesu.death(60), window
    await jiesu.start()
    residents.write(4)
    await residents.heard()
    assert fake.webhook.startswith(PUBLIC)
    for number in list(fake.updates)[:6]:
        fake.repeat(number)  # a delivery whose answer was lost
    await residents.heard()
    assert await jiesu.stop() == 0

    residents.write(4)
    jiesu.settings[ADDRESS] = ""
    await jiesu.start()
    residents.write(4)
    await residents.heard()
    assert fake.webhook == ""
    assert await jiesu.stop() == 0

    assert written(jiesu) == Counter(str(number) for number in fake.updates)
    assert jiesu.count("select count(*) from inbox where state <> 'done'") == 0
    assert jiesu.count("select count(*) from cases") == residents.count
    assert jiesu.count("select count(*) from address where channel = 'telegram'") == residents.count
    log = jiesu.log()
    assert fake.token not in log
    assert fake.deliveries.secret
    assert fake.deliveries.secret not in log


def written(jiesu: JiesuProcess) -> Counter[str]:
    """The numbers of the stored updates, each as often as it was stored."""
    with closing(sqlite3.connect(jiesu.database)) as conn:
        rows = conn.execute("select update_key from inbox where channel = 'telegram'")
        return Counter(key for (key,) in rows)
