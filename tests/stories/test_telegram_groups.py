"""A group on the fake Bot API server, Jiesu as a whole process: taken in the group, asked alone, and the group moves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

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


async def test_a_case_from_a_group_of_neighbours(fake: FakeTelegram, jiesu: JiesuProcess) -> None:
    await jiesu.start()
    await jiesu.healthy()
    user, group = fake.user(42, "张大妈"), fake.group(-500)
    fake.never_started(user)
    fake.says(user, "大家好，谁家还没暖气", chat=group)
    fake.says(user, f"@{fake.username} 没暖气了", chat=group)
    await fake.until(lambda: fake.sent(group), 30)
    (said,) = fake.sent(group)
    assert said.params["text"].startswith("张大妈：地方、电话、照片请私下说")
    assert said.buttons == {"私下说": f"https://t.me/{fake.username}?start=g"}
    fake.gone.pop(user.id)  # the button opens the private chat, and 开始 is pressed there
    fake.says(user, "/start g")
    await fake.until(lambda: any("在哪儿" in call.text for call in fake.sent(user)), 30)
    fake.says(user, "锦绣苑3号楼2单元501")
    await fake.until(lambda: any("登记好了" in call.text for call in fake.sent(user)), 30)
    fake.upgrades(user, group, -100500)
    supergroup = fake.group(-100500)
    fake.says(user, f"@{fake.username} 催办", chat=supergroup)
    await fake.until(lambda: fake.sent(supergroup), 30)
    assert "26-000001，供暖，等接单" in fake.sent(supergroup)[-1].text
    assert not any("锦绣苑" in call.text for chat in (group, supergroup) for call in fake.sent(chat))
    assert jiesu.count("select count(*) from cases") == 1
    assert jiesu.count("select count(*) from address where group_id = '-100500'") == 1
    assert await jiesu.stop() == 0
    assert "Traceback" not in jiesu.log()
