"""The whole program: it starts, says where it is, refuses in sentences, and stops cleanly."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

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
