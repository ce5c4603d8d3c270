"""The command menus, per role, in Chinese. Not essential: set in the background, tried again until it works."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from bot.channels.telegram.errors import seconds

log = logging.getLogger(__name__)

RETRY = (2.0, 600.0)  # seconds: the first wait, the longest

# What handlers/commands.py answers to (a test holds them together).
RESIDENT = (
    ("my", "我的诉求：看看办到哪一步了"),
    ("nudge", "催办"),
    ("withdraw", "撤回诉求"),
    ("human", "转人工"),
    ("help", "怎么用"),
)
WORKER = (
    ("cards", "我的工单：最急的在前"),
    ("tasks", "我的任务"),
    ("on", "上班"),
    ("off", "下班"),
    ("hand", "交班：把手上的都交给同事"),
    ("leave", "请假：要有人顶班"),
    ("back", "销假"),
    ("swap", "换班"),
    ("duty", "谁值班"),
    ("web", "网页：在浏览器里用，给一个一次性的链接"),
    ("my", "我自己的诉求"),
    ("help", "怎么用"),
)
SUPERVISOR = (
    ("tasks", "我的任务：分拣、电话回访、联系不上"),
    ("cards", "要我管的工单"),
    ("summary", "汇总：本月，或写「上个月供暖」"),
    ("overdue", "谁超期了"),
    ("hot", "哪里、什么问题在上升"),
    ("rates", "三率"),
    ("merge", "合并：/merge 26-000124 26-000123"),
    ("notice", "给一栋楼或一个网格的居民发通知"),
    ("find", "找说过某个词的：/find 暖气"),
    ("case", "按编号看一件：/case 26-000123"),
    ("duty", "谁值班：/duty 锦绣社区第3网格"),
    ("gaps", "空岗：哪里没人值班，点两下补上"),
    ("joined", "谁进来了，给没进来的人印名片"),
    ("web", "网页：任务台，给一个一次性的链接"),
    ("my", "我自己的诉求"),
    ("help", "怎么用"),
)
GROUP = (("help", "怎么用"),)
BY_ROLE = {
    "worker": WORKER,
    "secretary": SUPERVISOR,
    "subdistrict": SUPERVISOR,
    "city": SUPERVISOR,
}  # whoever else: the residents' menu

Wish = tuple[str, BotCommandScope, tuple[tuple[str, str], ...] | None]


class Menus:
    """Wishes by scope, the latest wins; one task works them off. Failing calls wait and never hold up a message."""

    def __init__(self, bot: Bot, scrub: Callable[[str], str]) -> None:
        self._bot = bot
        self._scrub = scrub
        self._wishes: OrderedDict[str, Wish] = OrderedDict()
        self._roles: dict[str, str] = {}
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._wish("default", BotCommandScopeDefault(), RESIDENT)
        self._wish("groups", BotCommandScopeAllGroupChats(), GROUP)
        self._task = asyncio.create_task(self._work(), name="telegram: menus")

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])

    def want(self, chat: str, role: str) -> None:
        """The chat belongs to somebody of this role: show that menu there. Known already: nothing happens."""
        staff = role in BY_ROLE
        if self._roles.get(chat, "resident") == (role if staff else "resident") or not chat.isdigit():
            return
        self.set(chat, role)

    def set(self, chat: str, role: str) -> None:
        """The same, without asking whether it is known: after binding or unbinding."""
        self._roles[chat] = role if role in BY_ROLE else "resident"
        self._wish(chat, BotCommandScopeChat(int(chat)), BY_ROLE.get(role))

    def _wish(self, key: str, scope: BotCommandScope, commands: tuple[tuple[str, str], ...] | None) -> None:
        self._wishes[key] = (key, scope, commands)
        self._wake.set()

    async def _work(self) -> None:
        delay = RETRY[0]
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._wishes:
                wish = next(iter(self._wishes.values()))
                wait = await self._fulfil(wish, delay)
                if wait is None:
                    delay = RETRY[0]
                    if self._wishes.get(wish[0]) is wish:
                        del self._wishes[wish[0]]
                    continue
                self._wishes.move_to_end(wish[0])
                await asyncio.sleep(wait)
                delay = min(delay * 2, RETRY[1])

    async def _fulfil(self, wish: Wish, delay: float) -> float | None:
        """None: done, or never to be done. Else the seconds to wait."""
        key, scope, commands = wish
        try:
            if commands is None:
                await self._bot.delete_my_commands(scope=scope)
            else:
                await self._bot.set_my_commands([BotCommand(*one) for one in commands], scope=scope)
            return None
        except (BadRequest, Forbidden) as error:
            log.warning("the menu of %s was refused: %s", key, self._scrub(str(error)))
            return None
        except RetryAfter as error:
            return seconds(error)
        except TelegramError as error:
            log.info("the menu of %s waits: %s", key, self._scrub(f"{type(error).__name__}: {error}"))
            return delay
