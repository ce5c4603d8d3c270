"""The reports of the month in the running program: at seven on the first, to every desk with a chat, once, also after a restart."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import aiohttp
import pytest
from sqlalchemy import select

from bot import packs as made
from bot.app import App
from bot.channels.telegram.sending import File, _upload
from bot.packs import MONTH, Packs
from storage import packs, threads
from storage import tables as t
from storage.settings import put_setting, setting
from tests.fakes.month import NoDrawer
from tests.fakes.page import browser, page

OUT: Any = t.Outbox.__table__  # type: ignore[attr-defined]
ADDRESS: Any = t.Address.__table__  # type: ignore[attr-defined]
HOLDING: Any = t.Holding.__table__  # type: ignore[attr-defined]
PACK: Any = t.Pack.__table__  # type: ignore[attr-defined]


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with page(tmp_path, None, demo={"enabled": True}) as app:
        app.drawer.close()
        app.drawer = NoDrawer()  # type: ignore[assignment]
        yield app


def holder(app: App, post: str) -> str:
    with app.database.reading() as conn:
        return str(conn.execute(select(HOLDING.c.person_id).where(HOLDING.c.post_id == post)).scalar_one())


async def comes_in(app: App, post: str) -> str:
    """Whoever holds the post has opened their page; their id."""
    person = holder(app, post)
    await app.writer.do(lambda conn: conn.execute(ADDRESS.update().where(ADDRESS.c.person_id == person).values(seen_at=app.clock.now())))
    return person


async def to_the_first(app: App) -> datetime:
    """The clock stands just before seven on the first of the next month, and goes on past it."""
    local = app.clock.now().astimezone(app.world.policy.calendar.zone)
    first = (local.replace(day=1) + timedelta(days=32)).replace(day=1, hour=6, minute=59, second=0, microsecond=0)
    app.clock.shift(first - app.clock.wall())
    await app.engine.forward(timedelta(minutes=2))
    await app.packs.settle()
    await app.outbox.flush()
    return first


def told(app: App) -> dict[str, list[Any]]:
    """The messages with a report, by person."""
    found: dict[str, list[Any]] = {}
    with app.database.reading() as conn:
        for row in conn.execute(select(OUT).where(OUT.c.key == "pack.monthly", OUT.c.state == "sent")):
            found.setdefault(row.person_id, []).append(row)
    return found


async def test_at_seven_on_the_first_each_desk_with_a_chat_gets_its_own(app: App):
    secretary, subdistrict = await comes_in(app, "cs-s1c1"), await comes_in(app, "sd-s1")
    first = await to_the_first(app)
    month = f"{(first - timedelta(days=5)).year}年{(first - timedelta(days=5)).month}月"
    got = told(app)
    assert set(got) == {secretary, subdistrict}
    ((message,), (above,)) = got[secretary], got[subdistrict]
    assert message.text.startswith(f"锦绣社区{month}没有收到诉求")
    assert above.text.startswith(f"东华街道{month}")
    assert len(message.text.splitlines()) == 2
    with app.database.reading() as conn:
        names = [threads.file(conn, file).name for file in message.files]  # type: ignore[union-attr]
        assert names == [f"锦绣社区-{month}.docx", f"锦绣社区-{month}.xlsx"]
        assert {row.area_id for row in conn.execute(select(PACK))} == {"s1", "s1c1"}


async def test_nobody_gets_it_twice_and_who_was_missed_gets_it_after_a_restart(app: App):
    await comes_in(app, "cs-s1c1")
    await to_the_first(app)
    await Packs(app).run(app.clock.now())
    again = Packs(app)
    await again.make_up()  # all were made: nothing to make up for
    assert again._task is None
    late = await comes_in(app, "cs-s1c2")
    await app.writer.do(lambda conn: put_setting(conn, MONTH, "2020-01-01"))
    await again.make_up()
    await again.settle()
    await app.outbox.flush()
    assert {person: len(rows) for person, rows in told(app).items()} == {late: 1, holder(app, "cs-s1c1"): 1}


async def test_on_any_other_day_nothing_is_made_and_a_first_start_makes_up_for_nothing(app: App):
    await comes_in(app, "cs-s1c1")
    new = Packs(app)
    await new.make_up()
    zone = app.world.policy.calendar.zone
    await new.run(datetime(2026, 10, 2, 7, tzinfo=zone))
    assert new._task is None
    assert told(app) == {}


async def test_one_that_fails_keeps_nobody_else_and_is_tried_again(app: App, monkeypatch: pytest.MonkeyPatch):
    await comes_in(app, "cs-s1c1")
    other = await comes_in(app, "cs-s1c2")
    real = made.report.made

    def failing(conn: Any, policy: Any, drawer: Any, area: str, *rest: Any) -> Any:
        if area == "s1c1":
            raise ValueError
        return real(conn, policy, drawer, area, *rest)

    monkeypatch.setattr(made.report, "made", failing)
    await to_the_first(app)
    assert set(told(app)) == {other}
    with app.database.reading() as conn:
        assert setting(conn, MONTH) is None


async def test_who_has_left_the_desk_meanwhile_gets_nothing(app: App):
    person = await comes_in(app, "cs-s1c1")
    with app.database.reading() as conn:
        assert ("s1c1", person) in packs.desks_with_chat(conn)
    await app.writer.do(lambda conn: conn.execute(HOLDING.update().where(HOLDING.c.person_id == person).values(until=app.clock.now())))
    from handlers.reports import send

    effects = await app.writer.do(lambda conn: send(conn, app.world, app.clock.now(), person, "s1c1", "2026-10-01", ("甲", "乙"), ()))
    assert effects == []


async def test_on_the_page_the_files_are_opened_under_their_names_and_by_nobody_else(app: App):
    async with browser(app) as client, browser(app) as stranger:
        await enter(app, client, "s1c1")
        await (await stranger.post("/api/chat/session", json={})).json()
        await to_the_first(app)
        messages = (await (await client.get("/api/chat/messages?after=0")).json())["messages"]
        files = next(each["files"] for each in messages if each["files"])
        assert [file.rpartition(".")[2] for file in files] == ["docx", "xlsx"]
        for file in files:
            async with client.get(f"/api/chat/files/{file}") as answer:
                assert answer.status == 200
                assert (await answer.read()).startswith(b"PK")
                assert "锦绣社区-" in unquote(answer.headers["Content-Disposition"])
            assert (await stranger.get(f"/api/chat/files/{file}")).status == 404
        text = await (await client.get("/")).text()
        assert "📄 Word 文档" in text
        assert "📊 Excel 表格" in text


async def enter(app: App, client: aiohttp.ClientSession, area: str) -> None:
    """Sit in the chair of an area's desk, and look at the page."""
    chairs = (await (await client.get("/demo/chairs")).json())["chairs"]
    with app.database.reading() as conn:
        name = packs.area(conn, area).name
    link = next(each["link"] for each in chairs if each["role"] == "secretary" and each["area"] == name)
    assert (await client.post(link)).status == 200
    await client.get("/api/chat/messages?after=0")


async def test_telegram_gets_a_file_under_its_name(tmp_path: Path):
    path = tmp_path / "0a1b"
    path.write_bytes(b"PK")
    sent = await _upload(File(path, "file", "application/x", name="锦绣社区-2026年10月.docx"), album=False)
    assert not isinstance(sent, str)
    assert sent.filename == "锦绣社区-2026年10月.docx"
