"""The board of a running Jiesu, as a browser without JavaScript reads it."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import aiohttp

from bot.app import App
from bot.engine import OFFSET
from bot.papers.drawing import Drawer
from storage.settings import put_setting
from tests.fakes.deskday import sitting
from tests.fakes.town import Town

RESIDENT, PHONE = "欧阳秀兰", "13812345678"


def board_day(path: Path) -> None:
    """Friday 10:00. In 锦绣社区 four of Tuesday are late (two without heat, a lamp, and a complaint about its secretary), one has been
    solved; in 平安社区 one without heat is late as well."""
    town = Town(path)
    worker, _ = town.all_staff("w-s1c1g1", "cs-s1c1")
    resident = town.resident(RESIDENT, "telegram")
    resident.says("锦绣苑3号楼2单元501没暖气")
    resident.says(PHONE)
    town.resident("李大爷").says("锦绣苑3号楼1单元没暖气")
    town.resident("赵姐").says("锦绣苑3号楼楼道灯不亮")
    town.resident("孙姐").says("锦绣苑3号楼2单元301室社区书记态度恶劣")
    town.resident("吴姐").says("锦绣苑29号楼1单元没暖气")
    solved = town.resident("周老师")
    solved.says("锦绣苑3号楼4单元垃圾没人清")
    worker.presses("办好了")
    worker.says("清走了")
    solved.presses("已解决")
    solved.presses("满意")
    town.forward(days=3)
    with town.database.writing() as conn:
        put_setting(conn, OFFSET, str((town.now - datetime.now(UTC)).total_seconds()))
    town.close()


@cache
def libraries(folder: Path) -> Path:
    """The libraries for the browser, made once for all tests of a session: it takes seconds."""
    drawer = Drawer()
    try:
        drawer.script(folder)
    finally:
        drawer.close()
    return next(folder.glob("charts-*.js.gz"))


class Board:
    """What somebody with a desk sees."""

    def __init__(self, client: aiohttp.ClientSession) -> None:
        self.client = client

    async def opens(self, status: int = 200, path: str = "/staff/board", **asked: str) -> str:
        """The page's HTML."""
        async with self.client.get(path, params={name.rstrip("_"): value for name, value in asked.items()}) as answer:
            text = await answer.text()
            assert answer.status == status, text
            return text


@asynccontextmanager
async def looking(app: App, post: str) -> AsyncIterator[Board]:
    """The post's holder, come in by a link."""
    async with sitting(app, post) as desk:
        yield Board(desk.client)


def words(text: str) -> str:
    """A page's words, one space between them."""
    text = re.sub(r"<(script|style|svg|noscript)\b.*?</\1>", " ", text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


def part(text: str, name: str) -> str:
    """The words of one part of the board."""
    found = re.search(rf'<(section|div)[^>]*data-part="{name}".*?</\1>', text, re.DOTALL)
    assert found is not None, f"no part {name}"
    return words(found[0])


def tiles(text: str) -> dict[str, str]:
    """What stands in the first lines, by its name."""
    return {name: value for value, name in re.findall(r"<li(?: class=\"bad\")?><b>(\S+?)</b><span>(\S+?)</span>", text)}


def charts(text: str) -> dict[str, Any]:
    """The charts by name: what they say in words."""
    return {name: html.unescape(told) for name, told in re.findall(r'<figure data-chart="(\w+)".*?data-told="(.*?)"', text, re.DOTALL)}
