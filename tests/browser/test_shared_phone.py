"""A phone that several people use: leaving it (换人用), and putting the page on its desktop."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select

from bot.app import App
from bot.entry import make_link
from storage import tables as t
from tests.browser.test_accessibility import flaws
from tests.browser.test_chat_page import SIZES, chromium, expect, log, opened, shot, write  # noqa: F401
from tests.browser.test_device import settled
from tests.fakes.page import page as running

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with running(tmp_path) as app:
        yield app


# ---- 换人用: leaving a shared phone


@pytest.mark.parametrize("size", SIZES)
async def test_leaving_says_what_it_means_and_leaves_nothing(app: App, chromium: Any, size: str):  # noqa: F811
    """The cookie, what the device kept, pages that are still open, the way back with the browser's own button."""
    tab = await opened(chromium, app, size)
    await write(tab, "我的私事")
    await expect(log(tab)).to_contain_text("收到text：我的私事")
    await expect(tab.get_by_role("link", name="换人用")).to_be_visible()
    await settled(tab)
    other = await tab.context.new_page()
    await other.goto(app.public_url)
    await expect(log(other)).to_contain_text("我的私事")
    await tab.evaluate("localStorage['jiesu.size'] = '2'")
    before = next(each["value"] for each in await tab.context.cookies() if each["name"] == "jiesu")
    who = await tab.evaluate("document.getElementById('say').dataset.me")
    assert "私事" in await tab.evaluate("JSON.stringify(localStorage)")
    await tab.get_by_role("link", name="换人用").click()
    await expect(tab.locator("main")).to_contain_text("这里就认不出您了")  # before anything is done
    await shot(tab, f"{size}-leave")
    await tab.get_by_role("button", name="给我一个回来的码").click()
    await expect(tab.locator("#code")).to_have_text(re.compile(r"^[0-9A-Z]{4}-[0-9A-Z]{4}$"))
    await shot(tab, f"{size}-leave-code")
    assert await flaws(tab) == []
    await tab.get_by_role("button", name="我记下了，换人用").click()
    await expect(tab.locator("main")).to_contain_text("谁的对话也没有")
    await shot(tab, f"{size}-left")
    assert await flaws(tab) == []
    kept = await tab.evaluate("JSON.stringify(localStorage)")
    assert "私事" not in kept
    assert who not in kept
    assert await tab.evaluate("localStorage['jiesu.size']") == "2"
    assert before not in [each["value"] for each in await tab.context.cookies()]
    copied = {"Cookie": f"jiesu={before}"}  # had somebody copied it: nobody's any more
    async with aiohttp.ClientSession() as client, client.get(app.public_url + "/api/chat/messages", headers=copied) as answer:
        assert answer.status == 401
    await expect(log(other)).not_to_contain_text("我的私事")  # opened anew by itself
    await tab.goto(app.public_url)
    await expect(log(tab)).not_to_contain_text("私事")
    await write(tab, "下一位")
    await expect(log(tab)).to_contain_text("收到text：下一位")
    await expect(log(tab)).not_to_contain_text("私事")
    with app.database.reading() as conn:
        assert len(set(conn.execute(select(t.Thread.person_id)).scalars())) == 2
    assert not tab.faults


async def test_what_is_not_sent_yet_is_said_before_anybody_leaves(app: App, chromium: Any):  # noqa: F811
    tab = await opened(chromium, app)
    await write(tab, "一")
    await expect(log(tab)).to_contain_text("收到text：一")
    await tab.route("**/api/chat/messages", lambda route: route.abort())
    await write(tab, "二")
    await expect(tab.locator(".state")).to_contain_text("还没发出去")
    await tab.get_by_role("link", name="换人用").click()
    await expect(tab.get_by_role("status")).to_contain_text("还有 1 句没发出去")
    await tab.get_by_role("link", name="还是我用，回去").click()
    await expect(log(tab)).to_contain_text("收到text：一")  # nothing is changed by looking


async def test_without_a_script_one_leaves_too_and_staff_get_no_key(app: App, chromium: Any):  # noqa: F811
    link = await make_link(app, "p-worker")
    tab = await opened(chromium, app, "phone", link[link.index("/enter") :], java_script_enabled=False)
    await tab.get_by_role("button", name="进入").click()
    await tab.get_by_role("link", name="换人用").click()
    await expect(tab.locator("main")).to_contain_text("找社区书记要名片")
    await expect(tab.get_by_role("button", name="给我一个回来的码")).to_have_count(0)
    await tab.get_by_role("button", name="换人用").click()
    await tab.go_back()  # asked anew: nobody is here
    await expect(tab.locator("main")).to_contain_text("谁的对话也没有")
    await tab.get_by_role("link", name="开始用").click()
    await expect(tab.locator("#who")).not_to_contain_text("王网格")


# ---- 添加到桌面

ASKS = """(() => {
  addEventListener("DOMContentLoaded", () => setTimeout(() => {
    const event = new Event("beforeinstallprompt", { cancelable: true });
    event.prompt = async () => { document.documentElement.dataset.asked = "yes"; };
    event.userChoice = Promise.resolve({ outcome: "dismissed" });
    dispatchEvent(event);
    document.documentElement.dataset.kept = event.defaultPrevented;
  }, 300));
})()"""
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1"


async def test_installing_is_offered_after_a_talk_and_never_again_after_a_no(app: App, chromium: Any):  # noqa: F811
    tab = await opened(chromium, app)
    await tab.add_init_script(ASKS)
    await tab.goto(app.public_url)
    hint = tab.get_by_role("note", name="添加到桌面")
    await expect(tab.locator("html")).to_have_attribute("data-kept", "true")
    await expect(hint).to_have_count(0)  # nothing was said here yet
    await write(tab, "一")
    await expect(log(tab)).to_contain_text("收到text：一")
    await expect(hint).to_be_visible()
    await shot(tab, "phone-install")
    assert await flaws(tab) == []
    await expect(tab.locator("html")).not_to_have_attribute("data-asked", "yes")  # not before it is wanted
    await hint.get_by_role("button", name="添加到桌面").click()
    await expect(tab.locator("html")).to_have_attribute("data-asked", "yes")
    await expect(hint).to_have_count(0)
    await tab.reload()
    await expect(tab.locator("html")).to_have_attribute("data-kept", "true")
    await expect(hint).to_have_count(0)
    assert not tab.faults


async def test_on_an_iphone_it_is_said_in_words_and_dismissed_for_good(app: App, chromium: Any):  # noqa: F811
    tab = await opened(chromium, app, user_agent=IPHONE)
    await write(tab, "一")
    hint = tab.get_by_role("note", name="添加到桌面")
    await expect(hint).to_contain_text("点浏览器的「分享」，再点「添加到主屏幕」")
    await expect(hint.get_by_role("button", name="添加到桌面")).to_have_count(0)
    await shot(tab, "iphone-install")
    await hint.get_by_role("button", name="不用了").click()
    await expect(hint).to_have_count(0)
    await tab.reload()
    await expect(log(tab)).to_contain_text("收到text：一")
    await expect(hint).to_have_count(0)


@pytest.mark.parametrize("agent", [None, f"{IPHONE} MicroMessenger/8.0.50"])
async def test_where_it_cannot_be_installed_nothing_is_offered(app: App, chromium: Any, agent: str | None):  # noqa: F811
    """No question of the browser's own; and a page inside another app."""
    tab = await opened(chromium, app, **({"user_agent": agent} if agent else {}))
    await write(tab, "一")
    await expect(log(tab)).to_contain_text("收到text：一")
    await expect(tab.get_by_role("note", name="添加到桌面")).to_have_count(0)
