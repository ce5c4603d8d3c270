"""Jiesu as a whole process against the fake Bot API server: from start to answer, and when the platform misbehaves."""

from __future__ import annotations

import asyncio
import io
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest
from PIL import Image

from tests.fakes.killer import JiesuProcess
from tests.fakes.telegram import Call, FakeTelegram, User

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


async def test_one_case_from_message_to_solved(fake: FakeTelegram, jiesu: JiesuProcess) -> None:
    """The transcript of a whole case, resident and worker both on Telegram."""
    await jiesu.start()
    await jiesu.healthy()
    await jiesu.stop()
    workers = staff_on_telegram(fake, jiesu, "worker", "s1c1%")
    await jiesu.start()
    await jiesu.healthy()
    resident = fake.user(42, "张大妈")
    fake.says(resident, "锦绣苑3号楼2单元501没暖气")
    await fake.until(lambda: fake.sent(resident))
    card = await fake.until(lambda: next((call for call in fake.sent() if call.chat in workers), None))
    worker = workers[card.chat]
    for label in ("接单", "到场", "办好了"):
        seen = len(fake.sent(worker))
        fake.presses(worker, with_button(fake, worker, label), label)
        await fake.until(lambda seen=seen: len(fake.sent(worker)) > seen)
    fake.says(worker, "换了阀门，现在22度")
    for label in ("已解决", "满意"):
        await fake.until(lambda label=label: with_button(fake, resident, label))
        fake.presses(resident, with_button(fake, resident, label), label)
    await fake.until(lambda: jiesu.count("select count(*) from cases where state = 'confirmed'") == 1)
    await fake.until(lambda: len(fake.acknowledged) == len(fake.updates))
    assert await jiesu.stop() == 0
    print("\n" + transcript(fake, {resident.id: "居民", worker.id: "网格员"}))
    assert "default" in fake.menus
    assert {"command": "on", "description": "上班"} in fake.menus[str(worker.id)]


def staff_on_telegram(fake: FakeTelegram, jiesu: JiesuProcess, role: str, areas: str) -> dict[int, User]:
    """Staff whose chats are bound, as a code would bind them."""
    bound = {}
    with closing(sqlite3.connect(jiesu.database)) as conn:
        people = conn.execute(
            "select distinct p.id, p.name from person p join holding h on h.person_id = p.id"
            " join post o on o.id = h.post_id where o.role = ? and o.area_id like ?",
            (role, areas),
        ).fetchall()
        for n, (person, name) in enumerate(people):
            bound[5000 + n] = fake.user(5000 + n, name)
            conn.execute(
                "insert into address (id, person_id, channel, external_id, seen_at) values (?, ?, 'telegram', ?, ?)",
                (f"bound{n}", person, str(5000 + n), "2026-01-01 00:00:00.000000"),
            )
        conn.commit()
    return bound


def with_button(fake: FakeTelegram, user: User, label: str) -> Call | None:
    """The newest message in this chat with such a button."""
    return next((call for call in reversed(fake.sent(user)) if label in call.buttons), None)


def transcript(fake: FakeTelegram, names: dict[int, str]) -> str:
    """Both chats in the order in which things happened."""
    lines = []
    for _, kind, chat, text in fake.history:
        if chat in names:
            lines.append(f"{names[chat]} {kind} {text}")
    return "\n".join(lines)


async def test_an_album_is_one_message_and_its_photos_are_fetched(fake: FakeTelegram, jiesu: JiesuProcess) -> None:
    await jiesu.start()
    await jiesu.healthy()
    user = fake.user(42, "张大妈")
    fake.fail_next("getFile", 500)
    fake.fail_next("download", cut="before")
    group = "album1"
    for n in range(3):
        caption = "锦绣苑3号楼2单元楼道灯坏了" if n == 0 else ""
        fake.sends_photo(user, caption, photo((n * 80, 10, 10)), media_group_id=group)
    await fake.until(lambda: fake.sent(user), 30)
    assert "登记好了" in fake.sent(user)[0].text
    kept = "select count(*) from attachment where sha256 is not null and case_id is not null"
    await fake.until(lambda: jiesu.count(kept) == 3, 30)
    assert len(fake.sent(user)) == 1
    assert jiesu.count("select count(*) from cases") == 1
    assert await jiesu.stop() == 0


def photo(colour: tuple[int, int, int]) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(out, "JPEG")
    return out.getvalue()


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
                await asyncio.sleep(0.05)
        assert status == 503
        assert "Unauthorized" in said
    assert await jiesu.stop() == 0
    assert "AAwrong" not in jiesu.log()
