"""The page as a person sees it, in Chromium: phone and desktop, with and without JavaScript, with the network gone.

Pictures are kept when JIESU_SHOTS names a folder.
"""

from __future__ import annotations

import io
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.app import App
from bot.channels import Outgoing
from tests.fakes.page import page as running

playwright = pytest.importorskip("playwright.async_api")
expect = playwright.expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

SIZES = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 900}}
SHOTS = Path(os.environ["JIESU_SHOTS"]) if "JIESU_SHOTS" in os.environ else None


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with running(tmp_path) as app:
        yield app


@pytest.fixture
async def chromium(chromium_path: str, tmp_path: Path) -> AsyncIterator[Any]:
    async with playwright.async_playwright() as tool:
        environment = {**os.environ, "XDG_DATA_HOME": str(_fonts(tmp_path))}
        browser = await tool.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"], env=environment)
        yield browser
        await browser.close()


def _fonts(folder: Path) -> Path:
    """Chinese for the pictures, where the machine has none."""
    import pylopdf_fonts_zh_cn

    fonts = folder / "xdg" / "fonts"
    fonts.mkdir(parents=True)
    source = Path(pylopdf_fonts_zh_cn.sans_path())
    (fonts / source.name).symlink_to(source)
    return fonts.parent


async def opened(chromium: Any, app: App, size: str = "phone", path: str = "/", **more: Any) -> Any:
    """A page whose console stays clean: a refused script or style (CSP) would be an error there."""
    context = await chromium.new_context(viewport=SIZES[size], locale="zh-CN", reduced_motion="reduce", **more)
    tab = await context.new_page()
    tab.faults = []
    tab.on("pageerror", lambda error: tab.faults.append(str(error)))
    tab.on("console", lambda told: tab.faults.append(told.text) if told.type == "error" else None)
    await tab.goto(f"http://127.0.0.1:{app.port}{path}")
    return tab


async def shot(tab: Any, name: str) -> None:
    if SHOTS is not None:
        await tab.screenshot(path=SHOTS / f"{name}.png")


async def write(tab: Any, words: str) -> None:
    await tab.get_by_label("要说的话").fill(words)
    await tab.get_by_role("button", name="发送").click()


def log(tab: Any) -> Any:
    return tab.get_by_role("log")


@pytest.mark.parametrize("size", SIZES)
async def test_a_resident_writes_is_answered_presses_and_comes_back(app: App, chromium: Any, size: str):
    tab = await opened(chromium, app, size)
    await shot(tab, f"{size}-start")
    await write(tab, "3号楼没暖气 <b>急</b>")
    await expect(log(tab)).to_contain_text("收到text：3号楼没暖气 <b>急</b>")
    await tab.get_by_role("button", name="已解决").click()
    await expect(log(tab)).to_contain_text("收到button：q1.solved.mac")
    await expect(tab.locator(".msg")).to_have_count(5)  # greeting, two said, two heard: nothing twice
    await expect(tab.locator(".state")).to_have_count(0)
    await shot(tab, f"{size}-talk")
    await tab.reload()
    await expect(tab.locator(".msg")).to_have_count(5)
    await write(tab, "又来了")
    await expect(tab.locator(".msg")).to_have_count(7)
    assert not tab.faults


@pytest.mark.parametrize("size", SIZES)
async def test_everything_is_large_enough_and_fits(app: App, chromium: Any, size: str):
    tab = await opened(chromium, app, size)
    await write(tab, "长" * 300 + " " + "x" * 200)
    await expect(tab.get_by_role("button", name="已解决")).to_be_visible()
    small = await tab.evaluate(
        """() => [...document.querySelectorAll('button, a.small, label.tool, textarea, select')]
        .filter(e => e.offsetParent && (e.offsetHeight < 48 || e.offsetWidth < 48)).map(e => e.outerHTML.slice(0, 80))"""
    )
    assert small == []
    assert await tab.evaluate("parseFloat(getComputedStyle(document.querySelector('.bubble')).fontSize)") >= 20
    assert await tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    send = await tab.get_by_role("button", name="发送").bounding_box()
    assert send["y"] + send["height"] <= SIZES[size]["height"]


async def test_colours_have_contrast(app: App, chromium: Any):
    tab = await opened(chromium, app)
    await write(tab, "你好")
    await expect(tab.get_by_role("button", name="已解决")).to_be_visible()
    poor = await tab.evaluate(CONTRAST)
    assert poor == []


CONTRAST = """() => {
  const rgb = (c) => (c.match(/[\\d.]+/g) || []).map(Number);
  const lum = ([r, g, b]) => [r, g, b].map(v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((s, v, i) => s + v * [.2126, .7152, .0722][i], 0);
  const ground = (e) => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor);
    if (c.length === 3 || c[3] > 0) return c; } return [255, 255, 255]; };
  const poor = [];
  for (const e of document.querySelectorAll('body *')) {
    if (!e.offsetParent || ![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
    const a = lum(rgb(getComputedStyle(e).color)), b = lum(ground(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) poor.push(e.className + ' ' + ratio.toFixed(1));
  }
  return poor;
}"""


async def test_a_photo_is_shown_before_it_is_sent(app: App, chromium: Any):
    tab = await opened(chromium, app)
    out = io.BytesIO()
    Image.new("RGB", (300, 200), (90, 120, 160)).save(out, "PNG")
    files = [{"name": "a.png", "mimeType": "image/png", "buffer": out.getvalue()},
             {"name": "b.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff\xe0 broken"}]  # fmt: skip
    await tab.set_input_files("#photo", files)
    await expect(tab.locator("#previews")).to_contain_text("传好了")
    await expect(tab.get_by_role("alert")).to_contain_text("打不开")
    await shot(tab, "phone-photos")
    await tab.locator("#previews li.failed").get_by_role("button", name="不要").click()
    await write(tab, "看这里")
    await expect(log(tab)).to_contain_text("收到media：看这里")
    await expect(tab.locator(".pic img")).to_have_count(2)  # mine, and the answer shows it again
    assert await tab.locator(".pic img").first.evaluate("async i => { await i.decode(); return i.naturalWidth }") == 300
    await expect(tab.locator("#previews li")).to_have_count(0)


async def test_a_place_is_picked(app: App, chromium: Any):
    tab = await opened(chromium, app)
    await tab.get_by_role("button", name="地点").click()
    await expect(tab.get_by_role("dialog")).to_be_visible()
    await tab.get_by_role("searchbox").fill("锦绣")
    await expect(tab.locator("#places-list button")).to_have_count(4)
    await shot(tab, "phone-places")
    await tab.get_by_role("button", name="锦绣苑", exact=True).click()
    await shot(tab, "phone-buildings")
    await tab.get_by_role("button", name="10号楼", exact=True).click()
    await expect(log(tab)).to_contain_text("锦绣苑10号楼")
    await expect(log(tab)).to_contain_text("收到place")
    await expect(tab.locator(".msg")).to_have_count(3)
    await tab.get_by_label("要说的话").fill("没水")
    await tab.get_by_role("button", name="地点").click()  # into the sentence that is being written
    await tab.get_by_role("button", name="锦绣苑", exact=True).click()
    await tab.get_by_role("button", name="2号楼", exact=True).click()
    await expect(tab.get_by_label("要说的话")).to_have_value("锦绣苑2号楼 没水")


async def test_without_network_nothing_is_lost(app: App, chromium: Any):
    tab = await opened(chromium, app)
    await write(tab, "一")
    await expect(log(tab)).to_contain_text("收到text：一")
    await tab.context.set_offline(True)
    await write(tab, "二")
    await expect(tab.locator(".state")).to_contain_text("没发出去")
    await shot(tab, "phone-offline")
    await tab.context.set_offline(False)  # and by itself it goes
    await expect(log(tab)).to_contain_text("收到text：二", timeout=20_000)
    await expect(tab.locator(".msg")).to_have_count(5)


async def test_two_tabs_of_one_person_show_the_same(app: App, chromium: Any):
    tab = await opened(chromium, app)
    await write(tab, "一")
    await expect(log(tab)).to_contain_text("收到text：一")
    other = await tab.context.new_page()
    await other.goto(tab.url)
    await write(other, "二")
    for each in (tab, other):
        await expect(each.locator(".msg")).to_have_count(5)
        assert [m[0] for m in await each.locator(".msg.me .bubble").all_inner_texts()] == ["一", "二"]


async def test_by_keyboard_alone(app: App, chromium: Any):
    tab = await opened(chromium, app, "desktop")
    await tab.keyboard.press("Tab")
    await expect(tab.get_by_role("link", name="跳到写字的地方")).to_be_focused()
    await tab.keyboard.press("Enter")
    await tab.keyboard.type("没水了")
    await tab.keyboard.press("Enter")
    await expect(log(tab)).to_contain_text("收到text：没水了")
    await expect(tab.get_by_label("要说的话")).to_be_focused()
    for _ in range(20):  # back to the answer's buttons
        await tab.keyboard.press("Shift+Tab")
        if await tab.evaluate("document.activeElement.textContent") == "已解决":
            break
    await tab.keyboard.press("Enter")
    await expect(log(tab)).to_contain_text("收到button")


async def test_a_screen_reader_finds_its_way(app: App, chromium: Any):
    tab = await opened(chromium, app)
    await write(tab, "你好")
    await expect(tab.get_by_role("button", name="已解决")).to_be_visible()
    tree = await tab.locator("body").aria_snapshot()
    for words in ("log", "textbox", "发送", "我说：", "接诉说：", "heading", "可以点的回答"):
        assert words in tree
    assert await log(tab).get_attribute("aria-live") == "polite"


async def test_without_javascript(app: App, chromium: Any):
    tab = await opened(chromium, app, java_script_enabled=False)
    await write(tab, "没有暖气")
    await expect(log(tab)).to_contain_text("收到text：没有暖气")
    await shot(tab, "phone-plain")
    await tab.get_by_role("button", name="已解决").first.click()
    await expect(log(tab)).to_contain_text("收到button")
    await app.channels["web"].send(await _news(app))
    for _ in range(2):  # asked for again and again, the page comes anew each time
        await tab.get_by_role("button", name="看有没有新消息").click()
        await expect(log(tab)).to_contain_text("网格员已接单")


async def test_an_answer_that_is_higher_than_the_page_is_read_from_its_beginning(app: App, chromium: Any):
    tab = await opened(chromium, app)
    await write(tab, "没有暖气")
    await expect(log(tab)).to_contain_text("收到text：没有暖气")
    await app.channels["web"].send(await _news(app, "开头\n" + "一行\n" * 60 + "末尾"))
    answer = log(tab).locator(".msg").last
    await expect(answer).to_contain_text("末尾")
    begins, view = await answer.bounding_box(), await log(tab).bounding_box()
    assert begins is not None
    assert view is not None
    assert abs(begins["y"] - view["y"]) < 12
    assert begins["height"] > view["height"]


async def _news(app: App, words: str = "网格员已接单") -> Outgoing:
    """Something that Jiesu tells unasked."""
    with app.database.writing() as conn:
        row = conn.exec_driver_sql("select address_id, person_id, made_at from outbox").first()
        sql = (
            "insert into outbox (channel, address_id, person_id, key, kind, urgency, text, buttons, files, valid_states,"
            " made_at, due_at, state, tries) values ('web', ?, ?, 'k', 'fact', 'normal', '', '[]', '[]', '[]', ?, ?, 'sent', 0)"
        )
        made = conn.exec_driver_sql(sql, (row.address_id, row.person_id, row.made_at, row.made_at))
    return Outgoing(made.lastrowid, row.person_id, row.person_id, words)


@pytest.mark.slow
async def test_the_demonstrations_chairs_side_by_side(tmp_path: Path, chromium: Any):
    async with running(tmp_path, demo={"enabled": True}) as app:
        demo = await opened(chromium, app, "desktop", "/demo")
        await shot(demo, "desktop-demo")
        tabs = {}
        for name in ("居民", "网格员", "社区书记"):
            async with demo.context.expect_page() as opening:
                await demo.get_by_role("button", name=name).click()
            tabs[name] = await opening.value
        for name, tab in tabs.items():
            await write(tab, f"我是{name}")
            await expect(log(tab)).to_contain_text(f"收到text：我是{name}")
            await expect(tab.locator(".msg")).to_have_count(3)
        await shot(tabs["网格员"], "desktop-worker")
        await tabs["居民"].locator("#demo summary").click()
        before = await tabs["居民"].locator("#demo-now").inner_text()
        await tabs["居民"].get_by_role("button", name="30分钟").click()
        await expect(tabs["居民"].locator("#demo-told")).to_contain_text("拨好了")
        assert await tabs["居民"].locator("#demo-now").inner_text() != before
        await shot(tabs["居民"], "desktop-bar")
        assert not demo.faults


@pytest.mark.slow
async def test_from_a_message_to_the_residents_own_word(tmp_path: Path, chromium: Any):
    """The whole program: what /demo tells a newcomer to do, with the cards and questions that really come."""
    async with running(tmp_path, handling=None, demo={"enabled": True}) as app:
        demo = await opened(chromium, app, "desktop", "/demo")
        complaint = (await demo.locator(".steps q").inner_text()).strip("「」")
        tabs = {}
        for name in ("居民", "网格员"):
            async with demo.context.expect_page() as opening:
                await demo.get_by_role("button", name=name).click()
            tabs[name] = await opening.value
        resident, worker = tabs.values()
        await write(resident, complaint)
        await expect(log(resident)).to_contain_text("登记好了")
        await expect(log(worker)).to_contain_text("没暖气")
        await shot(worker, "desktop-card")
        await worker.get_by_role("button", name="接单").last.click()
        await expect(log(resident)).to_contain_text("接单")
        await worker.get_by_role("button", name="办好了").last.click()
        await expect(worker.locator(".msg.me").last).to_contain_text("办好了")
        await worker.wait_for_timeout(500)
        await write(worker, "换了阀门，热了")
        await expect(resident.get_by_role("button", name="已解决", exact=True)).to_be_visible()
        await shot(resident, "desktop-question")
        await resident.get_by_role("button", name="已解决", exact=True).click()
        await resident.get_by_role("button", name="满意", exact=True).click()
        await expect(resident.locator(".msg.jiesu").last).to_contain_text("谢谢")
        await shot(resident, "desktop-end")
        assert not demo.faults
