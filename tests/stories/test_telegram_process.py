"""Jiesu as a whole process against the fake Bot API server: from start to answer, and when the platform misbehaves."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.fakes.killer import JiesuProcess
from tests.fakes.telegram import FakeTelegram

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    server = FakeTelegram()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def jiesu(fake: FakeTelegram, tmp_path: Path) -> AsyncIterator[JiesuProcess]:
    process = JiesuProcess(tmp_path, fake)
    yield process
    if process.process:
        process.kill()
        await process.process.wait()


async def test_from_start_to_answer(fake: FakeTelegram, jiesu: JiesuProcess) -> None:
    began = time.monotonic()
    await jiesu.start()
    await jiesu.healthy()
    healthy = time.monotonic()
    user = fake.user(42, "张大妈")
    fake.says(user, "锦绣苑3号楼2单元501没暖气")
    await fake.until(lambda: fake.sent(user), 30)
    print(f"\nstart to /healthz {healthy - began:.1f} s, message to answer {time.monotonic() - healthy:.2f} s")
    print(fake.sent(user)[0].text)
    assert "登记好了" in fake.sent(user)[0].text
    assert "default" in fake.menus
    assert await jiesu.stop() == 0
    assert fake.token not in jiesu.log()
    assert "Traceback" not in jiesu.log()


async def test_service_goes_on_while_the_platform_misbehaves(fake: FakeTelegram, jiesu: JiesuProcess) -> None:
    fake.fail_next("getMe", 502, raw="<html>Bad Gateway</html>")
    fake.fail_next("setMyCommands", 500, times=2)
    fake.fail_next("getUpdates", cut="after")
    await jiesu.start()
    await jiesu.healthy()
    slow, other, gone = fake.user(1, "甲"), fake.user(2, "乙"), fake.user(3, "丙")
    fake.fail_next("sendMessage", retry_after=3, chat=1)
    fake.fail_next("sendMessage", cut="before", chat=2)
    fake.delivers(message={"message_id": 1, "date": "never"})
    for user in (slow, other, gone):
        fake.says(user, "你好")
    fake.blocks(gone)
    fake.reorder()
    fake.repeat(fake.says(slow, "谢谢"))
    await fake.until(lambda: fake.sent(other), 20)
    await fake.until(lambda: len(fake.sent(slow)) >= 2, 20)
    await fake.until(lambda: len(fake.acknowledged) == len(fake.updates), 20)
    assert len(fake.sent(slow)) == 2
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{jiesu.port}/healthz") as answer,
    ):
        assert answer.status == 200
    assert await jiesu.stop() == 0
    assert fake.token not in jiesu.log()


async def test_a_wrong_token_is_not_health_but_the_pages_are_served(fake: FakeTelegram, jiesu: JiesuProcess) -> None:
    jiesu.settings["JIESU_TELEGRAM__TOKEN"] = "99:AAwrongwrongwrongwrongwrongwrongwrongwr"
    await jiesu.start()
    async with aiohttp.ClientSession() as session:
        end, status = time.monotonic() + 60, 0
        while status != 503 and time.monotonic() < end and jiesu.alive:
            try:
                async with session.get(f"http://127.0.0.1:{jiesu.port}/healthz") as answer:
                    status, said = answer.status, await answer.text()
            except aiohttp.ClientError:
                continue
        assert status == 503
        assert "Unauthorized" in said
    assert await jiesu.stop() == 0
    assert "AAwrong" not in jiesu.log()
