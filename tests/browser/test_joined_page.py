"""谁进来了 in Chromium: phone and desktop, without JavaScript, from the chat; and the cards as they come out of the printer.

Pictures are kept when JIESU_SHOTS names a folder.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import insert, select

from bot.app import App
from bot.entry import make_link
from bot.invitations import keep_bot
from bot.settings_model import Telegram
from storage import tables as t
from tests.browser.test_chat_page import SHOTS, SIZES, chromium, expect, opened, shot, write  # noqa: F401
from tests.fakes.page import page as running
from tests.fakes.town import template

zxingcpp = pytest.importorskip("zxingcpp")

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def town_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return template(tmp_path_factory.mktemp("town"))


@pytest.fixture
async def app(tmp_path: Path, town_template: Path) -> AsyncIterator[App]:
    shutil.copy(town_template, tmp_path / "jiesu.db")
    async with running(tmp_path, handling=None) as app:
        with app.database.writing() as conn:
            for post, blocked in (("w-s1c1g1", None), ("w-s1c1g2", app.clock.now()), ("w-s1c2g1", None)):
                conn.execute(insert(t.Address), {
                    "id": post, "person_id": holder(app, post), "channel": "telegram", "external_id": post,
                    "seen_at": app.clock.now(), "blocked_at": blocked,
                })  # fmt: skip
        yield app


def holder(app: App, post_id: str) -> str:
    with app.database.reading() as conn:
        return str(conn.execute(select(t.Holding.person_id).where(t.Holding.post_id == post_id)).scalar_one())


async def sat(chromium: Any, app: App, post: str, size: str, **more: Any) -> Any:  # noqa: F811
    """A tab in which the post's holder has come in."""
    link = await make_link(app, holder(app, post))
    tab = await opened(chromium, app, size, "/enter/" + link.rsplit("/", 1)[1], **more)
    await tab.get_by_role("button", name="进入").click()
    return tab


@pytest.mark.parametrize("size", SIZES)
async def test_from_the_chat_to_the_names(app: App, chromium: Any, size: str):  # noqa: F811
    tab = await sat(chromium, app, "cs-s1c1", size)
    await tab.get_by_role("button", name="谁进来了").click()
    link = tab.get_by_role("link", name="/staff/joined")
    await expect(link).to_be_visible()
    assert await tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await shot(tab, f"joined-{size}-chat")
    await link.click()
    await expect(tab.get_by_role("heading", level=1)).to_have_text("谁进来了 · 锦绣社区")
    await expect(tab.locator(".figures tbody tr").last).to_contain_text("182")
    await expect(tab.locator(".names").first).to_contain_text("单元长")
    await fits(tab)
    await shot(tab, f"joined-{size}-community")
    assert not tab.faults


@pytest.mark.parametrize("size", SIZES)
async def test_the_city_goes_down_to_a_community_without_javascript(app: App, chromium: Any, size: str):  # noqa: F811
    tab = await sat(chromium, app, "city-1", size, java_script_enabled=False)
    await tab.get_by_role("button", name="谁进来了").click()
    link = tab.get_by_role("link", name="/staff/joined")
    while not await link.count():  # a busy machine has not answered yet
        await tab.get_by_role("button", name="看有没有新消息").click()
    await link.click()
    await shot(tab, f"joined-{size}-city")
    await tab.get_by_role("link", name="东华街道").click()
    await expect(tab.get_by_role("heading", level=1)).to_have_text("谁进来了 · 东华街道")
    await shot(tab, f"joined-{size}-subdistrict")
    await tab.get_by_role("link", name="锦绣社区").click()
    await expect(tab.locator("main")).to_contain_text("潘霞兰")
    await expect(tab.get_by_role("button", name="印名片")).to_have_count(0)
    await fits(tab)
    await tab.get_by_role("link", name="东华街道").click()
    await tab.get_by_role("link", name="恒安新区").click()
    await expect(tab.locator(".figures tbody tr")).to_have_count(7 + 47 + 1)
    assert not tab.faults


async def fits(tab: Any) -> None:
    """Nothing sticks out, and what is pressed is large enough."""
    assert await tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = await tab.evaluate(
        "[...document.querySelectorAll('button, nav a, .figures a')].filter(e => e.offsetParent && e.offsetHeight < 48).map(e => e.outerHTML)"
    )
    assert small == []


async def test_the_printed_cards_are_read_by_a_phone(app: App, chromium: Any):  # noqa: F811
    with app.database.writing() as conn:
        keep_bot(conn, 4711, "hengan_jiesu_bot")
    served = Telegram.model_validate({"token": "4711:secret"})
    app.settings = app.settings.model_copy(update={"telegram": served})  # as if it had been started with it
    tab = await sat(chromium, app, "cs-s1c1", "desktop", java_script_enabled=False)
    await tab.goto(f"{app.public_url}/staff/joined")
    await tab.get_by_role("button", name="印名片").click()
    await expect(tab.locator("article")).to_have_count(178)
    await shot(tab, "cards-screen")
    await tab.emulate_media(media="print")
    assert await tab.get_by_text("请现在就打印").is_hidden()
    cards = tab.locator("article")
    for at in (0, 9, 177):
        card, picture = cards.nth(at), Image.open(io.BytesIO(await cards.nth(at).screenshot()))
        found = {each.text for each in zxingcpp.read_barcodes(picture)}
        code = (await card.locator(".code b").inner_text()).split()[1].replace("-", "")
        assert f"https://t.me/hengan_jiesu_bot?start=b{code}" in found
        assert any(text.startswith(f"{app.public_url}/enter/") for text in found)
        assert await card.evaluate("e => e.scrollHeight <= e.clientHeight + 1 && e.scrollWidth <= e.clientWidth + 1")
    paper = await tab.pdf(prefer_css_page_size=True)
    if SHOTS is not None:
        (SHOTS / "cards.pdf").write_bytes(paper)
    assert paper.count(b"/Type /Page\n") == 18  # ten a page, and no empty one
    assert not tab.faults
