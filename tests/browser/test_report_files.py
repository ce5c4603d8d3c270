"""A report in the thread, in Chromium: two files with their kind, saved under their own names; also without JavaScript."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.packs import Packs
from nlp.periods import Period
from tests.browser.test_chat_page import SIZES, chromium, expect, shot  # noqa: F401
from tests.browser.test_joined_page import holder, sat, town_template  # noqa: F401
from tests.fakes.month import NoDrawer
from tests.fakes.page import page as running

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
MONTH = Period(date(2026, 10, 1), date(2026, 10, 31), "", True)


@pytest.fixture
async def app(tmp_path: Path, town_template: Path) -> AsyncIterator[App]:  # noqa: F811
    shutil.copy(town_template, tmp_path / "jiesu.db")
    async with running(tmp_path, handling=None) as app:
        app.drawer = NoDrawer()  # type: ignore[assignment]
        local = app.clock.now().astimezone(app.world.policy.calendar.zone)
        morning = local.replace(day=15, hour=9, minute=30)  # at night a report waits until seven; on the first the monthly one is made too
        app.clock.shift(morning - app.clock.wall())
        yield app


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
async def test_the_files_are_links_that_save_under_their_names(app: App, chromium: Any, script: bool):  # noqa: F811
    tab = await sat(chromium, app, "cs-s1c1", next(iter(SIZES)), java_script_enabled=script)
    await expect(tab.get_by_role("textbox").first).to_be_visible()
    await Packs(app)._make("s1c1", [holder(app, "cs-s1c1")], MONTH, app.clock.now())
    await app.outbox.flush()
    broken: list[str] = []
    tab.on("pageerror", lambda error: broken.append(str(error)))
    await tab.reload()  # drawn by the server now: a report is no photo that may fail to come
    for label, name in (("📄 Word 文档", "锦绣社区-2026年10月.docx"), ("📊 Excel 表格", "锦绣社区-2026年10月.xlsx")):
        link = tab.get_by_role("link", name=label)
        await expect(link).to_be_visible()
        async with tab.expect_download() as saved:
            await link.click()
        assert (await saved.value).suggested_filename == name
    assert not broken
    assert await tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await shot(tab, f"report-files-{'script' if script else 'plain'}")
