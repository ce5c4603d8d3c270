"""组织资料 in Chromium: the city's chair downloads, changes a cell, uploads, looks, confirms; on a phone and on a desk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from bot.app import App
from bot.entry import make_link
from storage.organisation import stored_organisation
from storage.people import staff_id
from tests.browser.test_chat_page import chromium, expect, opened, shot  # noqa: F401 (chromium is a fixture)
from tests.fakes.organisations import small
from tests.fakes.page import page as running

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    town = {"enabled": True, "organisation": small(tmp_path / "organisation")}
    async with running(tmp_path, None, demo=town) as app:
        yield app


@pytest.mark.parametrize("size", ["phone", "desktop"])
async def test_a_clerk_brings_a_workbook_in(app: App, chromium: Any, tmp_path: Path, size: str) -> None:  # noqa: F811
    with app.database.reading() as conn:
        link = await make_link(app, staff_id(conn, "n5") or "")
    tab = await opened(chromium, app, size, link[link.index("/enter") :])
    await tab.get_by_role("button", name="进入").click()
    await tab.goto(f"http://127.0.0.1:{app.port}/staff/organisation")
    await shot(tab, f"organisation_{size}")
    async with tab.expect_download() as download:
        await tab.get_by_role("link", name="现在的组织资料").click()
    path = tmp_path / "组织.xlsx"
    await (await download.value).save_as(path)
    book = load_workbook(path)
    next(row for row in book["岗位"].iter_rows() if row[3].value == "王一")[3].value = ""
    book["人员"].delete_rows(2)  # 王一 leaves, and nobody is in the post
    book["值班表"].delete_rows(2)
    book["人员"]["B3"] = "138000"
    book.save(path)
    await tab.get_by_label("填好的工作簿").set_input_files(path)
    await tab.get_by_role("button", name="看看会改什么").click()
    await expect(tab.get_by_role("alert")).to_contain_text("1 处要改")
    await expect(tab.get_by_text("B3「电话」")).to_be_visible()
    await shot(tab, f"organisation_wrong_{size}")
    book["人员"]["B3"] = "13800000009"
    book.save(path)
    await tab.get_by_label("填好的工作簿").set_input_files(path)
    await tab.get_by_role("button", name="看看会改什么").click()
    await expect(tab.get_by_role("status")).to_contain_text("还没有改")
    await shot(tab, f"organisation_difference_{size}")
    await tab.get_by_role("button", name="确认导入").click()
    await expect(tab.get_by_role("status")).to_contain_text("导入好了")
    await shot(tab, f"organisation_done_{size}")
    with app.database.reading() as conn:
        assert {p.name for p in stored_organisation(conn).people} == {"李二", "赵三", "周四", "吴五"}
    assert await tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert [fault for fault in tab.faults if "422" not in fault] == []  # the refused workbook is answered with that
