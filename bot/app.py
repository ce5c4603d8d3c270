"""The running program: builds the parts from the settings, starts them in order, stops them in the opposite one."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.channels import Channel
from bot.clock import Clock
from bot.downloads import Downloads
from bot.engine import EmbeddedEngine
from bot.entry import new_link
from bot.first_start import prepare
from bot.inbox import Inbox
from bot.keys import Keys
from bot.media import Media
from bot.morning import AT as EIGHT
from bot.morning import Mornings
from bot.nightly import AT, Nightly
from bot.outbox import Outbox
from bot.packs import AT as SEVEN
from bot.packs import Packs
from bot.papers.charts.named import spec_of
from bot.papers.drawing import Drawer
from bot.settings import Settings
from bot.turns import Handling, Turns
from bot.workday import EVENING, MORNING, Workdays
from bot.world import ZONE, Worlds
from bot.writer import Writer
from casework.errors import JiesuError
from handlers.world import World
from storage.database import Database

log = logging.getLogger(__name__)

PATIENCE = 1.5  # seconds that a part may take to stop


class App:
    """All parts of a running Jiesu. What is not told otherwise is ready after `start()`."""

    settings: Settings
    clock: Clock
    database: Database
    writer: Writer
    keys: Keys
    media: Media
    inbox: Inbox
    turns: Turns
    outbox: Outbox
    engine: EmbeddedEngine
    downloads: Downloads
    channels: dict[str, Channel]
    packs: Packs
    drawer: Drawer
    watching: Any  # the boards that are open

    def __init__(self, settings: Settings, handling: Handling | None = None) -> None:
        self.settings = settings
        self.clock = Clock()
        self.channels = {}
        self._handling = handling
        self._running: contextlib.AsyncExitStack = contextlib.AsyncExitStack()

    @property
    def world(self) -> World:
        """The town as it is now."""
        return self._worlds.current

    @property
    def port(self) -> int:
        """Where the pages are; with [web] port = 0 whichever was free."""
        return int(self._socket.getsockname()[1])

    @property
    def public_url(self) -> str:
        """How people reach the pages: as configured, else this machine."""
        web_settings = self.settings.web
        host = "127.0.0.1" if web_settings.host in ("0.0.0.0", "::", "") else web_settings.host
        return web_settings.public_url or f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    async def start(self) -> None:
        """Everything, in order; what has been started is stopped again when something later fails. JiesuError says why."""
        try:
            self._open()
            self._build()
            await self._begin()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Take nothing more in, finish what is under way, close. What was not finished is in the tables."""
        await self._running.aclose()

    def _open(self) -> None:
        """What may be refused, first: the port, the database, the keys."""
        self._socket = _listen(self.settings.web.host, self.settings.web.port)
        self._running.callback(self._socket.close)
        self.database = Database(self.settings.database.url)
        self._running.callback(self.database.close)
        prepare(self.settings, self.database, self.clock)
        _make_folder(self.settings.data.folder)
        self.keys = Keys.load(self.settings.data.folder)

    def _build(self) -> None:
        self._worlds = Worlds(
            self.settings, self.database, self.keys.buttons, lambda: self.public_url, self.keys.codes, self._link
        )
        self.writer = Writer(self.database)
        self.drawer = Drawer()
        self._running.callback(self.drawer.close)
        self.turns = Turns(
            self.database, self.writer, self.clock, lambda: self.world, self._after_turn, handling=self._handling
        )
        self.outbox = Outbox(self.database, self.writer, self.clock, self.channels, self.turns.wake, self._draw)
        self.engine = EmbeddedEngine(self.database, self.writer, self.clock, self.turns, self.outbox, ZONE)
        self.engine.dailies.append((AT, Nightly(self).run))
        self._mornings = Mornings(self)
        self.engine.dailies.append((EIGHT, self._mornings.run))
        self._workdays = Workdays(self)
        self.engine.dailies += [(MORNING, self._workdays.morning), (EVENING, self._workdays.evening)]
        self.packs = Packs(self)
        self.engine.dailies.append((SEVEN, self.packs.run))
        self.inbox = Inbox(self.writer, self.clock, self.engine.submit_turn)
        self.media = Media(self)
        fetchers = self._make_channels()
        self.downloads = Downloads(self, fetchers, self.media.keep)

    def _link(self, person_id: str) -> tuple[str, dict[str, Any]]:
        """The address of a one-time link, for a turn to tell, and the row that the turn keeps of it."""
        made = new_link(self.keys.links, person_id, self.clock.wall(), self.settings.entry.link.delta)
        return f"{self.public_url}/enter/{made.told}", made.row

    def _make_channels(self) -> dict[str, Any]:
        from bot.channels.web import BOARDS_AT_ONCE, Hub, WebChannel

        self.watching = Hub(BOARDS_AT_ONCE)
        self.channels["web"] = WebChannel(self)
        self.channels.update(_robots(self))
        if not self.settings.telegram.enabled:
            return {}
        from bot.channels.telegram import TelegramChannel  # a second of imports: only for whoever uses it

        telegram = TelegramChannel(self.settings, self)
        self.channels["telegram"] = telegram
        return {"telegram": telegram}

    async def _draw(self, person_id: str, name: str, data: Mapping[str, Any]) -> str:
        """A picture that a message only names, as a file of whoever gets it."""
        return await self.media.store(person_id, await self.drawer.drawn(spec_of(name, data)))

    def _after_turn(self) -> None:
        self.engine.submit_delivery()
        self.downloads.wake()
        self.watching.wake_all()

    async def _begin(self) -> None:
        self.writer.start()
        self._later("writer", self.writer.stop, patience=10)  # what others handed to it is finished
        await self.downloads.start()
        self._later("downloads", self.downloads.stop)
        for name, channel in self.channels.items():  # before the engine, which sends through them
            await channel.start(self.inbox.receive)
            self._later(f"channel {name}", channel.stop)
        self.engine.start()
        self._later("engine", self.engine.stop)
        watching = asyncio.create_task(self._worlds.watch(), name="worlds")
        self._running.callback(watching.cancel)
        await self._open_pages()
        warming = asyncio.create_task(asyncio.to_thread(_warm), name="warming")
        self._running.callback(warming.cancel)
        late = asyncio.create_task(self._mornings.make_up(), name="make up for the morning")
        self._running.callback(late.cancel)
        later = asyncio.create_task(self._workdays.make_up(), name="make up for the working day")
        self._running.callback(later.cancel)
        self._later("reports", self.packs.stop)
        missed = asyncio.create_task(self.packs.make_up(), name="make up for the reports")
        self._running.callback(missed.cancel)

    async def _open_pages(self) -> None:
        from bot.web.app import make_web

        runner = web.AppRunner(make_web(self), access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        self._later("pages", runner.cleanup)
        await web.SockSite(runner, self._socket).start()

    def _later(self, name: str, stop: Callable[[], Awaitable[None]], patience: float = PATIENCE) -> None:
        """Stop this part when everything is stopped; one that hangs does not keep the others."""

        async def stopping() -> None:
            try:
                async with asyncio.timeout(patience):
                    await stop()
            except Exception as error:
                log.warning("%s did not stop properly: %s", name, type(error).__name__)

        self._running.push_async_callback(stopping)


def _robots(app: App) -> dict[str, Channel]:
    """The channels of those group robots that are configured."""
    kinds = {robot.kind for robot in app.settings.robots.values()}
    if not kinds:
        return {}
    from bot.channels.dingtalk import DingTalkChannel
    from bot.channels.feishu import FeishuChannel
    from bot.channels.wecom import WeComChannel

    return {made.name: made(app) for made in (WeComChannel, DingTalkChannel, FeishuChannel) if made.name in kinds}


def _warm() -> None:
    """Rules, dictionary and texts are read now rather than while the first resident waits."""
    from handlers import route, texts
    from handlers.turn import PRESSES
    from nlp.segment import warm
    from nlp.understand import understand

    warm()
    understand("暖气不热")
    texts.load()
    log.debug("ready for %d kinds of press (%s)", len(PRESSES), route.__name__)


def main(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM. JiesuError when it cannot start."""
    asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows: Ctrl-C ends asyncio.run instead
            asyncio.get_running_loop().add_signal_handler(number, ended.set)
    app = App(settings)
    await app.start()
    try:
        _announce(app)
        warming = asyncio.create_task(asyncio.to_thread(app.drawer.warm, app.settings.data.folder), name="warm the drawing child")
        await ended.wait()
        warming.cancel()
    finally:
        await app.stop()


def _announce(app: App) -> None:
    """Where to open it: the one thing that somebody who has just started it wants to know."""
    lines = ["", f"接诉已启动。居民聊天：{app.public_url}/"]
    if app.settings.demo.enabled:
        lines.append(f"演示：{app.public_url}/demo  坐进任何一个位子（居民、网格员、书记、街道、市级），并拨动时钟")
        local = app.clock.now().astimezone(ZONE)
        lines.append(f"演示时钟现在是 {local:%Y-%m-%d %H:%M}")
    if "telegram" in app.channels:
        lines.append("Telegram：已接通")
    lines.append("按 Ctrl-C 停止。")
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)  # telephone numbers are in there
    except OSError as error:
        raise JiesuError(f"文件夹 {folder} 建不了：请看 [data] folder 写得对不对、能不能写入。") from error


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=256)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise JiesuError(
                f"端口 {port} 已被占用：可能接诉已经在运行。换一个端口请设 [web] port 或环境变量 JIESU_WEB__PORT。"
            ) from error
        raise JiesuError(
            f"不能在 {host}:{port} 上提供网页（{os.strerror(error.errno or 0)}）。请看 [web] host 和 port。"
        ) from error
