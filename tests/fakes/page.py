"""Jiesu with its page, on real SQLite and a real port, and a handler that says back what it heard."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import insert

from bot.app import App
from bot.settings_model import Settings
from bot.turns import Handling
from storage import people, talk
from storage import tables as t
from storage.database import Database

AT = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
SCRIPT = {"X-Requested-With": "test"}
BUTTONS = [{"label": "已解决", "value": "q1.solved.mac"}, {"label": "未解决", "value": "q1.not_solved.mac"}]


def settings(folder: Path, **sections: Any) -> Settings:
    given = {
        "demo": {"enabled": False}, "data": {"folder": folder}, "web": {"port": 0},
        "database": {"url": f"sqlite:///{folder / 'jiesu.db'}"},
    }  # fmt: skip
    return Settings(**(given | sections))


def hear(conn: Any, world: Any, now: datetime, rows: list[Any]) -> None:
    """Says back what kind of message came and its words. Falls over when told to."""
    for row in rows:
        if row.channel != "web":
            continue
        who = people.welcome(conn, "web", row.sender, row.name if hasattr(row, "name") else "", now, world.mint)
        talk.insert_outbox(
            conn, channel="web", address_id=who.address_id, person_id=who.person.id, key="echo", kind="answer",
            urgency="normal", text=f"收到{row.kind}：{row.text[:200]}", buttons=BUTTONS,
            files=[file["file_id"] for file in row.body.get("files", ())], valid_states=[], made_at=now, due_at=now,
        )  # fmt: skip


ECHO = Handling(hear, lambda *_: None, lambda *_: None)


def town(folder: Path) -> None:
    """A small organisation: an estate with three buildings, a worker and a secretary."""
    database = Database(f"sqlite:///{folder / 'jiesu.db'}")
    database.migrate()
    with database.writing() as conn:
        areas = [("c", "city", "恒安新区", None), ("s1", "subdistrict", "东华街道", "c"), ("s1c1", "community", "锦绣社区", "s1"),
                 ("g1", "grid", "锦绣社区第1网格", "s1c1")]  # fmt: skip
        for id, kind, name, parent in areas:
            conn.execute(
                insert(t.Area),
                {"id": id, "kind": kind, "name": name, "parent_id": parent, "path": f"/{id}/", "aliases": []},
            )
        places = [("e1", "estate", "锦绣苑", None), ("e2", "estate", "平安里", None), ("r1", "road", "东华路", None)]
        places += [(f"b{n}", "building", f"{n}号楼", "e1") for n in (1, 2, 10)]
        for id, kind, name, parent in places:
            conn.execute(
                insert(t.Place),
                {"id": id, "kind": kind, "name": name, "parent_id": parent, "grids": ["g1"], "aliases": []},
            )
        for id, name in (("p-worker", "王网格"), ("p-secretary", "李书记")):
            conn.execute(
                insert(t.Person),
                {"id": id, "name": name, "home": {}, "language": "zh", "phone_asked": False, "created_at": AT},
            )
        for id, role, area, who in (
            ("w1", "worker", "g1", "p-worker"),
            ("cs1", "community_secretary", "s1c1", "p-secretary"),
        ):
            conn.execute(insert(t.Post), {"id": id, "role": role, "area_id": area, "categories": [], "title": role})
            conn.execute(insert(t.Holding), {"post_id": id, "person_id": who, "since": AT})
    database.close()


@asynccontextmanager
async def page(folder: Path, handling: Handling | None = ECHO, **sections: Any) -> AsyncIterator[App]:
    """A running Jiesu; its page is at app.public_url."""
    if not (folder / "jiesu.db").exists() and "demo" not in sections:
        town(folder)
    app = App(settings(folder, **sections), handling=handling)
    await app.start()
    try:
        yield app
    finally:
        await app.stop()


@asynccontextmanager
async def browser(app: App, **headers: str) -> AsyncIterator[aiohttp.ClientSession]:
    """Somebody with a cookie jar of their own. A script says X-Requested-With."""
    jar = aiohttp.CookieJar(unsafe=True)
    local = f"http://127.0.0.1:{app.port}"
    async with aiohttp.ClientSession(local, cookie_jar=jar, headers=headers or SCRIPT) as client:
        yield client
