"""组织资料 over real HTTP: the city's chair uploads, looks, confirms; nobody else comes near it."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from openpyxl import load_workbook

from bot.app import App
from bot.entry import make_link
from bot.organisation.read import read
from bot.organisation.write import write_workbook
from storage.organisation import REVISION, revision, stored_organisation
from storage.people import staff_id
from storage.settings import put_setting
from tests.fakes.organisations import TODAY, small
from tests.fakes.page import browser, page

PAGE = "/staff/organisation"
HTML = {"Accept": "text/html"}


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    town = {"enabled": True, "organisation": small(tmp_path / "organisation")}
    async with page(tmp_path, None, demo=town) as app:
        yield app


def holder(app: App, post: str) -> str:
    with app.database.reading() as conn:
        org = next(row.person for row in stored_organisation(conn).posts if row.id == post)
        return staff_id(conn, org) or ""


async def enter(app: App, client: aiohttp.ClientSession, post: str) -> None:
    """Sit in the chair of a post, by a link of its own."""
    link = await make_link(app, holder(app, post))
    async with client.post(f"{link[link.index('/enter'):]}", headers=HTML) as answer:
        assert answer.status == 200


@pytest.fixture
async def city(app: App) -> AsyncIterator[aiohttp.ClientSession]:
    async with browser(app) as client:
        await enter(app, client, "city-1")
        yield client


async def get(client: aiohttp.ClientSession, path: str = PAGE, status: int = 200) -> str:
    async with client.get(path, headers=HTML) as answer:
        assert answer.status == status
        return await answer.text()


def hidden(text: str, name: str) -> str:
    found = re.search(f'name="{name}" value="([^"]*)"', text)
    assert found is not None, name
    return found[1]


async def book(client: aiohttp.ClientSession, change: Callable[[Any], None]) -> bytes:
    """The organisation as it is exported, changed by hand."""
    async with client.get(f"{PAGE}/export.xlsx") as answer:
        assert answer.status == 200
        workbook = load_workbook(io.BytesIO(await answer.read()))
    change(workbook)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


async def upload(
    client: aiohttp.ClientSession, content: bytes, status: int = 200, name: str = "组织.xlsx", token: str | None = None
) -> str:
    form = aiohttp.FormData()
    form.add_field("token", hidden(await get(client), "token") if token is None else token)
    form.add_field("file", io.BytesIO(content), filename=name)
    async with client.post(PAGE, data=form, headers=HTML) as answer:
        assert answer.status == status, await answer.text()
        return await answer.text()


async def confirm(client: aiohttp.ClientSession, shown: str, status: int = 200) -> str:
    data = {"token": hidden(shown, "token"), "seen": hidden(shown, "seen")}
    async with client.post(f"{PAGE}/confirm", data=data, headers=HTML) as answer:
        assert answer.status == status, await answer.text()
        return await answer.text()


def rename(workbook: Any) -> None:
    sheet = workbook["人员"]
    assert sheet["A1"].value.startswith("姓名")
    sheet["A2"] = "王一新"


def new_name(app: App) -> bool:
    with app.database.reading() as conn:
        return any(row.name == "王一新" for row in stored_organisation(conn).people)


async def test_upload_look_confirm(app: App, city: aiohttp.ClientSession) -> None:
    shown = await upload(city, await book(city, rename))
    assert "还没有改" in shown
    assert "→ 王一新" in shown
    assert not new_name(app)
    done = await confirm(city, shown)
    assert "导入好了" in done
    assert new_name(app)
    await confirm(city, shown, 409)  # pressed twice


async def test_what_is_wrong_is_shown_and_nothing_changes(app: App, city: aiohttp.ClientSession) -> None:
    def wrong(workbook: Any) -> None:
        rename(workbook)
        workbook["人员"]["B3"] = "1.38E+10"

    shown = await upload(city, await book(city, wrong), 422)
    assert "工作表「人员」 第 3 行 B3「电话」" in shown
    assert "确认导入" not in shown
    assert not new_name(app)


async def test_an_unchanged_export_says_so(city: aiohttp.ClientSession) -> None:
    assert "没有什么要改" in await upload(city, await book(city, lambda workbook: None))


@pytest.mark.parametrize("content", [b"", b"nonsense", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old"])
async def test_a_file_that_is_no_workbook(app: App, city: aiohttp.ClientSession, content: bytes) -> None:
    shown = await upload(city, content, 422 if content else 400)
    assert "工作簿" in shown or "文件" in shown


async def test_something_else_happened_between_looking_and_confirming(app: App, city: aiohttp.ClientSession) -> None:
    shown = await upload(city, await book(city, rename))

    def meanwhile(conn: Any) -> None:
        put_setting(conn, REVISION, "another")

    await app.writer.do(meanwhile)
    assert "重新看" in await confirm(city, shown, 409)
    assert not new_name(app)


@pytest.mark.parametrize("post", ["w-s1c1g1", "cs-s1c1", "sd-s1"])
async def test_nobody_below_the_city(app: App, post: str) -> None:
    with app.database.reading() as conn:
        before = revision(conn)
    async with browser(app) as client:
        await enter(app, client, post)
        for path in ("", "/export.xlsx", "/template.xlsx"):
            await get(client, PAGE + path, 403)
        await upload_refused(client, 403)
    with app.database.reading() as conn:
        assert revision(conn) == before


async def upload_refused(client: aiohttp.ClientSession, status: int) -> None:
    form = aiohttp.FormData()
    form.add_field("file", io.BytesIO(b"x"), filename="a.xlsx")
    for path in (PAGE, f"{PAGE}/confirm"):
        async with client.post(path, data=form() if path == PAGE else {"token": "x"}, headers=HTML) as answer:
            assert answer.status == status


async def test_nor_a_stranger(app: App) -> None:
    async with browser(app) as client:
        for path in ("", "/export.xlsx", "/template.xlsx"):
            await get(client, PAGE + path, 401)
        await upload_refused(client, 401)


async def test_a_form_of_another_browser_is_refused(app: App, city: aiohttp.ClientSession) -> None:
    await upload(city, b"x", 403, token="0" * 32)
    await upload(city, b"x", 403, token="密")


async def test_one_workbook_at_a_time(app: App, city: aiohttp.ClientSession) -> None:
    content = await book(city, rename)
    answers = await asyncio.gather(*(posted(city, content) for _ in range(3)))
    assert sorted(status for status, _ in answers) == [200, 409, 409]
    assert any("正在读另一个" in text for _, text in answers)


async def posted(client: aiohttp.ClientSession, content: bytes) -> tuple[int, str]:
    form = aiohttp.FormData({"token": hidden(await get(client), "token")})
    form.add_field("file", io.BytesIO(content), filename="a.xlsx")
    async with client.post(PAGE, data=form, headers=HTML) as answer:
        return answer.status, await answer.text()


async def test_a_wrong_confirmation_loses_nothing(app: App, city: aiohttp.ClientSession) -> None:
    shown = await upload(city, await book(city, rename))
    await confirm(city, shown.replace(hidden(shown, "seen"), "0" * 64), 409)
    assert "导入好了" in await confirm(city, shown)


async def test_a_form_that_is_none_is_a_sentence(city: aiohttp.ClientSession) -> None:
    for path in (PAGE, f"{PAGE}/confirm", "/staff/joined/cards", "/chat"):
        for kind in ("multipart/form-data", "application/x-www-form-urlencoded; charset=foo"):
            async with city.post(path, data=b"x=1", headers={**HTML, "Content-Type": kind}) as answer:
                assert 400 <= answer.status < 500, (path, kind)


async def test_another_towns_workbook_has_to_be_meant(tmp_path: Path) -> None:
    """The demonstration town is there, a small one is uploaded."""
    write_workbook(read(small(tmp_path / "small"), TODAY).organisation, tmp_path / "small.xlsx")
    async with page(tmp_path, None, demo={"enabled": True}) as app, browser(app) as city:
        await enter(app, city, "city-1")
        content = (tmp_path / "small.xlsx").read_bytes()
        assert "大部分岗位都停掉" in await upload(city, content, 409)
        form = aiohttp.FormData({"token": hidden(await get(city), "token"), "sweeping": "yes"})
        form.add_field("file", io.BytesIO(content), filename="a.xlsx")
        async with city.post(PAGE, data=form, headers=HTML) as answer:
            assert "还没有改" in await answer.text()
