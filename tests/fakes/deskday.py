"""A morning at the desk of 锦绣社区: a task of each kind, made in a story, and then the page of a running Jiesu on top of it."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select

from bot import first_start
from bot.app import App
from bot.channels import Attachment, Incoming
from bot.engine import OFFSET
from bot.entry import make_link
from nlp import rulebook
from storage import tables as t
from storage.settings import put_setting, setting
from tests.fakes.page import browser, page
from tests.fakes.town import Town

TASK: Any = t.Task.__table__  # type: ignore[attr-defined]
ADDRESS: Any = t.Address.__table__  # type: ignore[attr-defined]
RULES = cache(rulebook.load_rules)  # seconds each time, and the same for every test
PHONE = "13812345678"


def desk_day(path: Path) -> None:
    """Friday 11:00: 26-000001 to telephone, 26-000002 to visit, 26-000003 to sort, 26-000004 whose resident has blocked us and
    26-000005 whose resident's letter is lost, a message that failed, somebody who wants a person, a home without heat (26-000007)
    whose worker has no chat."""
    town = Town(path)
    worker, _ = town.all_staff("w-s1c1g1", "cs-s1c1")
    for phone, words in ((PHONE, "楼道灯不亮"), ("", "单元门关不上")):
        resident = town.resident("王阿姨" if phone else "李大爷", "telegram")
        resident.says(f"锦绣苑3号楼2单元{words}")
        if phone:
            resident.says(phone)
        worker.presses("办好了")
        worker.says("换了新的")
    town.forward(days=3, hours=1)
    town.resident("赵叔", "telegram").says("锦绣苑3号楼有个东西不对劲")
    town.forward(minutes=11)
    for lost, name in ((town.blocked, "孙姐"), (town.unheard, "周老师")):
        resident = town.resident(name, "telegram")
        resident.says("锦绣苑3号楼1单元楼道灯不亮")
        resident.says("13700000000")
        lost.add(resident.address)
        worker.presses("接单")
    _failed(town)
    town.resident("钱阿姨", "telegram").says("锦绣苑9号楼2单元又没暖气了")
    with town.database.writing() as conn:
        put_setting(conn, OFFSET, str((town.now - datetime.now(UTC)).total_seconds()))
    town.close()


def _failed(town: Town) -> None:
    from tests.stories.test_desk_climbs import fails

    resident = town.resident("吴姐", "telegram")
    resident.says("锦绣苑3号楼3单元楼道灯不亮")
    fails(town, resident, "锦绣苑3号楼3单元下水道堵了")
    resident.says("转人工")


@asynccontextmanager
async def at_the_desk(folder: Path, source: Path) -> AsyncIterator[App]:
    """Jiesu on that morning; `source`: a file that desk_day has filled. A town's own clock is the wall's: here it is not."""
    shutil.copy(source, folder / "jiesu.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(first_start, "_offset", lambda conn, *_: timedelta(seconds=float(setting(conn, OFFSET) or 0)))
        patch.setattr(rulebook, "load_rules", RULES)
        async with page(folder, handling=None) as app:
            yield app


def holder(app: App, post_id: str) -> str:
    with app.database.reading() as conn:
        return str(conn.execute(select(t.Holding.person_id).where(t.Holding.post_id == post_id)).scalar_one())


@asynccontextmanager
async def sitting(app: App, post_id: str) -> AsyncIterator[Desk]:
    """A browser that the post's holder has come in with."""
    async with browser(app, Accept="text/html") as client:
        link = await make_link(app, holder(app, post_id))
        async with client.post("/enter/" + link.rsplit("/", 1)[1], allow_redirects=False) as answer:
            assert answer.status == 303
        yield Desk(client)


class Desk:
    """The page as a browser without JavaScript uses it."""

    def __init__(self, client: aiohttp.ClientSession) -> None:
        self.client = client

    async def opens(self, kind: str = "", status: int = 200) -> str:
        """The page's HTML."""
        async with self.client.get("/staff/desk", params={"kind": kind} if kind else {}) as answer:
            text = await answer.text()
            assert answer.status == status, text
            return text

    async def fields(self, html: str, starts: str) -> dict[str, str]:
        """The hidden fields of the first form about a task whose id begins so."""
        for form in re.findall(r"<form method=\"post\".*?</form>", html, re.DOTALL):
            found = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
            if found.get("task", "").startswith(starts):
                return found
        raise AssertionError(f"no form for {starts}")

    async def sends(self, fields: dict[str, str], status: int = 200, **headers: str) -> str:
        """Post a form; the page that comes back."""
        async with self.client.post("/staff/desk", data=fields, headers=headers) as answer:
            text = await answer.text()
            assert answer.status == status, text
            return text

    async def presses(self, starts: str, option: str, words: str = "", kind: str = "") -> str:
        """A button of the first task whose id begins so."""
        return await self.sends(await self.fields(await self.opens(kind), starts) | {"option": option, "words": words})


def said(html: str) -> str:
    """What the last press was answered."""
    found = re.search(r'<div class="said".*?</div>', html, re.DOTALL)
    return re.sub(r"<[^>]+>", "", found[0]) if found else ""


async def spoken(app: App, sender: str = "v1", data: bytes | None = None) -> str:
    """Somebody of the estate sends a recording; its id. `data` None: it has not come from the platform yet."""
    await app.inbox.receive(Incoming("telegram", f"{sender}-a", sender, text="锦绣苑3号楼1单元楼道灯不亮", name="冯姨"))
    await app.turns.settle()
    with app.database.reading() as conn:
        who = conn.execute(select(ADDRESS.c.person_id).where(ADDRESS.c.external_id == sender)).scalar_one()
    await app.engine.forward(timedelta(minutes=20))  # past what belongs together
    file = Attachment("voice", file_id=await app.media.store(who, data)) if data else Attachment("voice", remote="telegram-file")
    await app.inbox.receive(Incoming("telegram", f"{sender}-b", sender, "media", files=(file,), name="冯姨"))
    await app.turns.settle()
    with app.database.reading() as conn:
        kept = conn.execute(select(t.Attachment.id).where(t.Attachment.person_id == who)).scalars().all()
    return str(kept[-1])
