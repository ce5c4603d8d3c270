"""Jiesu that kills itself (SIGKILL) at an exact moment: `python -m tests.fakes.killer WINDOW N run`.

It dies at the Nth passage of the window. Nothing in the program knows of it: the windows are put around its functions
from here. `JiesuProcess` starts and judges such a process from a test.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
WINDOWS = {
    "before_store": "an update has come from the platform and is not yet committed to the inbox",
    "in_turn": "a turn has written some of its effects and is not committed",
    "after_commit": "a turn is committed, what it says is not yet sent",
    "after_sending": "the platform has taken a message, that is not yet noted",
}


class Passages:
    """Counts, and ends the process at the Nth, with no chance to tidy up."""

    def __init__(self, at: int) -> None:
        self._left = at

    def __call__(self) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def before_store(passage: Callable[[], None]) -> None:
    from bot.inbox import Inbox

    receive = Inbox.receive

    async def dying(self: Any, incoming: Any) -> Any:
        if incoming.channel == "telegram":
            passage()
        return await receive(self, incoming)

    Inbox.receive = dying  # type: ignore[method-assign]


def in_turn(passage: Callable[[], None]) -> None:
    from storage.effects import Writer

    write = Writer.__dict__["write"]

    def dying(self: Any, effect: Any) -> None:
        write.__get__(self, Writer)(effect)
        passage()

    Writer.write = dying  # type: ignore[method-assign, assignment]


def after_commit(passage: Callable[[], None]) -> None:
    from bot.turns import Turns

    begin = Turns.__init__

    def dying(self: Any, *args: Any, **kw: Any) -> None:
        begin(self, *args, **kw)
        committed = self._committed

        def die_or_go_on() -> None:
            passage()
            committed()

        self._committed = die_or_go_on

    Turns.__init__ = dying  # type: ignore[method-assign]


def after_sending(passage: Callable[[], None]) -> None:
    from bot.channels import Outcome
    from bot.channels.telegram import TelegramChannel

    send = TelegramChannel.send

    async def dying(self: Any, out: Any) -> Any:
        receipt = await send(self, out)
        if receipt.outcome is Outcome.SENT:
            passage()
        return receipt

    TelegramChannel.send = dying  # type: ignore[method-assign]


def main() -> None:
    window, number, *arguments = sys.argv[1:]
    assert window in WINDOWS
    globals()[window](Passages(int(number)))
    sys.argv = ["python -m bot", *arguments]
    from bot.cli import app

    app(prog_name="python -m bot")


class JiesuProcess:
    """Jiesu as a whole process, in a folder of its own, talking to a fake Bot API server."""

    def __init__(self, folder: Path, fake: Any, **settings: str) -> None:
        self.folder, self.fake = folder, fake
        self.database = folder / "jiesu.db"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.settings = settings
        self.process: asyncio.subprocess.Process | None = None

    @property
    def environment(self) -> dict[str, str]:
        clean = {key: value for key, value in os.environ.items() if not key.startswith("JIESU_")}
        return clean | {
            "JIESU_DATABASE__URL": f"sqlite:///{self.database}",
            "JIESU_DATA__FOLDER": str(self.folder / "data"),
            "JIESU_DEMO__ENABLED": "true",
            "JIESU_WEB__PORT": str(self.port),
            "JIESU_TELEGRAM__TOKEN": self.fake.token,
            "JIESU_TELEGRAM__BASE_URL": self.fake.base_url,
            "JIESU_TELEGRAM__BASE_FILE_URL": self.fake.base_file_url,
            "JIESU_LOG__LEVEL": "info",
            "PYTHONUNBUFFERED": "1",
            **self.settings,
        }

    async def start(self, window: str | None = None, number: int = 1) -> None:
        """Start it; with a window, so that it dies at the Nth passage."""
        program = ["tests.fakes.killer", window, str(number)] if window else ["bot"]
        with (self.folder / "jiesu.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", *program, "run", cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.returncode is None

    def log(self) -> str:
        return (self.folder / "jiesu.log").read_text("utf-8", "replace")

    def count(self, sql: str) -> int:
        """One number from its database, read beside it."""
        with closing(sqlite3.connect(self.database)) as conn:
            return int(conn.execute(sql).fetchone()[0])

    async def healthy(self, within: float = 60.0) -> None:
        """Until /healthz answers 200; fails with the log's end when the process ends before."""
        import aiohttp

        loop = asyncio.get_running_loop()
        end = loop.time() + within
        async with aiohttp.ClientSession() as session:
            while True:
                assert self.alive, f"Jiesu ended:\n{self.log()[-3000:]}"
                assert loop.time() < end, f"not healthy within {within} s:\n{self.log()[-3000:]}"
                try:
                    async with session.get(f"http://127.0.0.1:{self.port}/healthz") as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.05)

    async def death(self, within: float) -> bool:
        """Whether it has died by SIGKILL within so many seconds."""
        assert self.process is not None
        try:
            code = await asyncio.wait_for(self.process.wait(), within)
        except TimeoutError:
            return False
        assert code == -signal.SIGKILL, f"it ended with {code} instead of being killed:\n{self.log()[-3000:]}"
        return True

    def kill(self) -> None:
        """SIGKILL from outside."""
        if self.process is not None and self.process.returncode is None:
            self.process.kill()

    async def stop(self, within: float = 15.0) -> int:
        """SIGTERM, as an operator would; the exit status."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.terminate()
            try:
                await asyncio.wait_for(self.process.wait(), within)
            except TimeoutError:
                self.process.kill()
                await self.process.wait()
        assert self.process.returncode is not None
        return self.process.returncode


if __name__ == "__main__":
    main()
