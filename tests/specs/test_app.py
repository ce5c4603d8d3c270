"""The whole program: it starts, says where it is, refuses in sentences, and stops cleanly."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.app import App
from bot.settings import load
from casework.errors import JiesuError

HOUSE = Path(__file__).parents[2]


def told(tmp_path: Path, **more: str) -> dict[str, str]:
    environ = {
        "DATABASE__URL": f"sqlite:///{tmp_path}/jiesu.db",
        "DATA__FOLDER": str(tmp_path),
        "WEB__PORT": "0",
    } | more
    return {f"JIESU_{name}": value for name, value in environ.items()}


@pytest.fixture
async def app(tmp_path: Path):
    made = App(load(environ=told(tmp_path)))
    await made.start()
    yield made
    await made.stop()


async def test_it_serves_where_it_says(app: App):
    async with aiohttp.ClientSession() as browser, browser.get(f"{app.public_url}/healthz") as answer:
        assert answer.status == 200


async def test_a_port_in_use_is_said_in_a_sentence(app: App, tmp_path: Path):
    second = App(load(environ=told(tmp_path, WEB__PORT=str(app.port))))
    with pytest.raises(JiesuError, match=f"端口 {app.port} 已被占用"):
        await second.start()


async def test_it_can_be_started_and_stopped_again(tmp_path: Path):
    offsets = []
    for _ in range(2):
        app = App(load(environ=told(tmp_path)))
        await app.start()
        offsets.append(app.clock.offset)
        async with asyncio.timeout(3):
            await app.stop()
    assert offsets[0] == offsets[1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(tmp_path: Path, number: signal.Signals):
    environ = {name: value for name, value in os.environ.items() if not name.startswith("JIESU_")}
    running = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"], cwd=HOUSE, env=environ | told(tmp_path), text=True, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert running.stdout is not None
        said = [running.stdout.readline() for _ in range(3)]
        assert "接诉已启动" in said[1]
        assert "/demo" in said[2]
        running.send_signal(number)
        _, errors = running.communicate(timeout=30)
        assert running.returncode == 0
        assert "Traceback" not in errors
    finally:
        running.kill()
        running.communicate()


async def test_a_summary_comes_with_its_picture(app: App):
    """The whole way: asked on the page, drawn at delivery outside the writer, served to whoever asked and to nobody else."""
    async with _browser(app) as resident, _browser(app) as desk:
        chairs = (await (await desk.get("/demo/chairs")).json())["chairs"]
        await _sit(desk, next(c["link"] for c in chairs if c["role"] == "secretary" and "锦绣社区" in c["area"]))
        await _say(resident, "m1", "锦绣苑3号楼2单元没暖气")
        assert await _hears(resident, "登记好了")
        await _say(desk, "m2", "本月汇总")
        told = await _hears(desk, "登记 1 件")
        [file] = told["files"]
        picture = await desk.get(f"/api/chat/files/{file}")
        assert picture.status == 200
        assert (await picture.read())[:2] == b"\xff\xd8"
        assert (await resident.get(f"/api/chat/files/{file}")).status in (403, 404)


def _browser(app: App) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(app.public_url, cookie_jar=aiohttp.CookieJar(unsafe=True))  # an address without a name


async def _sit(browser: aiohttp.ClientSession, link: str) -> None:
    await browser.post(link)


async def _say(browser: aiohttp.ClientSession, client_id: str, text: str) -> None:
    headers = {"X-Requested-With": "test"}
    await browser.post("/api/chat/session", json={}, headers=headers)
    sent = await browser.post("/api/chat/messages", json={"client_id": client_id, "text": text}, headers=headers)
    assert sent.status == 202, await sent.text()


async def _hears(browser: aiohttp.ClientSession, words: str) -> dict[str, Any]:
    """The message with these words, once it is there."""
    async with asyncio.timeout(60):
        while True:
            found = (await (await browser.get("/api/chat/messages?after=0")).json())["messages"]
            for message in found:
                if message["from"] == "jiesu" and words in message["text"]:
                    return dict(message)
            await asyncio.sleep(0.05)
