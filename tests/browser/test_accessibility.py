"""Every page under axe-core in Chromium, on a phone and on a desk: nothing serious or critical is left.

A page that is added is added here: the last test compares what is looked at with the addresses that the program has.
Pictures are kept when JIESU_SHOTS names a folder.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from bot.app import App
from bot.entry import make_link
from bot.organisation.write import write_workbook
from bot.web.app import make_web
from casework.reorganising import current
from storage.organisation import stored_organisation
from tests.browser.test_chat_page import SIZES, chromium, expect, log, opened, shot, write  # noqa: F401
from tests.browser.test_joined_page import holder, sat, town_template  # noqa: F401
from tests.fakes.page import page as running

axe = pytest.importorskip("axe_playwright_python.async_playwright")

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

SERIOUS = ("serious", "critical")
RULES = {"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
async def app(tmp_path: Path, town_template: Path) -> AsyncIterator[App]:  # noqa: F811
    """The demonstration, whole: it has every page that there is."""
    shutil.copy(town_template, tmp_path / "jiesu.db")
    async with running(tmp_path, None, demo={"enabled": True}) as app:
        yield app


async def flaws(tab: Any) -> list[str]:
    """What axe finds serious, and whether anything sticks out of the screen."""
    response = (await axe.Axe().run(tab, options=RULES)).response
    found = [
        f"{each['id']}: {node['html'][:120]} {node.get('failureSummary', '')}"
        for each in response["violations"] if each["impact"] in SERIOUS
        for node in each["nodes"]
    ]  # fmt: skip
    wide = await tab.evaluate("document.documentElement.scrollWidth > innerWidth")
    return found + (["wider than the screen"] if wide else [])


async def talk(tab: Any, app: App) -> None:
    await write(tab, "锦绣苑3号楼2单元没暖气了")
    await expect(log(tab)).to_contain_text("登记好了", timeout=20_000)


async def danger(tab: Any, app: App) -> None:
    await write(tab, "锦绣苑3号楼煤气味很大")
    await expect(tab.locator(".msg.danger").first).to_be_visible(timeout=20_000)


async def places(tab: Any, app: App) -> None:
    await tab.get_by_role("button", name="地点").click()
    await tab.locator("#places-list button").first.click()
    await expect(tab.locator("#places-title")).to_contain_text("几号楼")


async def refused(tab: Any, app: App) -> None:
    await tab.get_by_role("button", name="发送").click()
    await expect(tab.get_by_role("alert")).to_contain_text("还没写内容")


async def demobar(tab: Any, app: App) -> None:
    await tab.locator("#demo summary").click()


async def nothing(tab: Any, app: App) -> None:
    """The page as it opens."""


async def leave(tab: Any, app: App) -> None:
    await talk(tab, app)
    await tab.get_by_role("link", name="换人用").click()
    await tab.get_by_role("button", name="给我一个回来的码").click()
    await expect(tab.locator("#code")).to_be_visible()


async def cut_off(tab: Any, app: App) -> None:
    await talk(tab, app)
    await tab.context.set_offline(True)
    await write(tab, "还有电梯也坏了")
    await expect(tab.locator(".state")).to_contain_text("还没发出去")


Doing = Callable[[Any, App], Awaitable[None]]
OPEN: dict[str, tuple[str, Doing]] = {  # name -> (address, what is done before axe looks): for who has not come in
    "chat": ("/", nothing), "talk": ("/chat", talk), "danger": ("/chat", danger), "places": ("/chat", places),
    "refused": ("/chat", refused), "demobar": ("/chat", demobar), "cut-off": ("/chat", cut_off),
    "shell": ("/offline", nothing), "demo": ("/demo", nothing), "missing": ("/nowhere", nothing),
    "not-in": ("/staff/joined", nothing), "used-link": ("/enter/nonsense", nothing), "leave": ("/chat", leave), "left": ("/leave", nothing),
    "screen-door": ("/screen", nothing),
}  # fmt: skip


@pytest.mark.parametrize("size", SIZES)
async def test_pages_that_anybody_may_open(app: App, chromium: Any, size: str):  # noqa: F811
    found = {}
    for name, (path, doing) in OPEN.items():
        tab = await opened(chromium, app, size, path)
        await doing(tab, app)
        await shot(tab, f"axe-{size}-{name}")
        found[name] = await flaws(tab)
        await tab.context.close()
    assert not any(found.values()), found


@pytest.mark.parametrize("size", SIZES)
async def test_with_large_type_and_high_contrast(app: App, chromium: Any, size: str):  # noqa: F811
    found = {}
    for name in ("talk", "danger", "places", "refused", "cut-off", "demobar", "demo", "missing", "leave"):
        path, doing = OPEN[name]
        tab = await opened(chromium, app, size, path)
        await tab.evaluate("localStorage['jiesu.size'] = '3'; localStorage['jiesu.contrast'] = 'high'")
        await tab.reload()
        await doing(tab, app)
        await shot(tab, f"axe-{size}-{name}-large")
        found[name] = await flaws(tab)
        await tab.context.close()
    assert not any(found.values()), found


@pytest.mark.parametrize("size", SIZES)
async def test_pages_of_the_staff(app: App, chromium: Any, size: str, tmp_path: Path):  # noqa: F811
    link = await make_link(app, holder(app, "w-s1c1g1"))
    door = await opened(chromium, app, size, link[link.index("/enter") :])
    assert await flaws(door) == [], "enter"
    await door.get_by_role("button", name="进入").click()
    await door.get_by_role("button", name="我的工单").click()
    await expect(door.locator(".msg.me")).to_have_count(1)
    assert await flaws(door) == [], "worker"
    secretary = await sat(chromium, app, "cs-s1c1", size)
    for path in ("/", "/staff/joined", "/staff/organisation", "/staff/desk", "/staff/board", "/staff/screen?area=s1c1"):
        await secretary.goto(app.public_url + path)
        assert await flaws(secretary) == [], path
    await secretary.goto(app.public_url + "/staff/joined")
    await secretary.get_by_role("button", name="印名片").click()
    await expect(secretary.locator("article").first).to_be_visible()
    assert [flaw for flaw in await flaws(secretary) if "wider" not in flaw] == [], "cards"  # paper is as wide as paper is
    city = await sat(chromium, app, "city-1", size)
    for path in ("/staff/joined", "/staff/joined?area=s1", "/staff/organisation"):
        await city.goto(app.public_url + path)
        assert await flaws(city) == [], path
    await _workbooks(city, app, size, tmp_path)


async def _workbooks(city: Any, app: App, size: str, folder: Path) -> None:
    """A workbook with a fault, then one with a change, looked at and brought in."""
    with app.database.reading() as conn:
        write_workbook(current(stored_organisation(conn), app.clock.now().date()), folder / "a.xlsx")
    book = load_workbook(folder / "a.xlsx")
    for phone, told, name in (("138000", "处要改", "faults"), ("13800009999", "还没有改", "difference")):
        book["人员"]["B3"] = phone
        book.save(folder / "a.xlsx")
        await city.get_by_label("填好的工作簿").set_input_files(folder / "a.xlsx")
        await city.get_by_role("button", name="看看会改什么").click()
        await expect(city.locator(".big")).to_contain_text(told, timeout=60_000)
        await shot(city, f"axe-{size}-{name}")
        assert await flaws(city) == [], name


@pytest.mark.parametrize("size", SIZES)
async def test_the_plain_form_without_javascript(app: App, chromium: Any, size: str):  # noqa: F811
    """axe is a script itself: so the page's own scripts are kept away, and what stands in noscript is let out."""
    tab = await opened(chromium, app, size)

    async def plain(route: Any) -> None:
        answer = await route.fetch()
        text = re.sub(r"<script.*?</script>|</?noscript>", "", await answer.text(), flags=re.DOTALL)
        await route.fulfill(response=answer, body=text)

    await talk(tab, app)
    await tab.context.unroute_all()
    await tab.route(re.compile(r"/chat$"), plain)
    await tab.evaluate("navigator.serviceWorker.getRegistrations().then((all) => Promise.all(all.map((each) => each.unregister())))")
    await tab.goto(app.public_url + "/chat")
    await expect(tab.get_by_role("button", name="看有没有新消息")).to_be_visible()
    await shot(tab, f"axe-{size}-plain")
    assert await flaws(tab) == []


NO_PAGES = {  # addresses that a browser does not draw
    "/api/chat/messages", "/api/chat/stream", "/api/chat/files/{id}", "/api/chat/places", "/healthz", "/demo/chairs", "/demo/clock",
    "/manifest.webmanifest", "/service-worker.js", "/staff/organisation/template.xlsx", "/staff/organisation/export.xlsx", "/static",
    "/staff/desk/files/{id}", "/staff/board/stream", "/staff/board/vega.js", "/staff/board/chart/{name}.png",
    "/staff/screen/stream", "/staff/screen/vega.js", "/staff/screen/chart/{name}.png",
}  # fmt: skip
PAGES = {
    "/", "/chat", "/leave", "/offline", "/demo", "/enter/{token}", "/staff/joined", "/staff/organisation", "/staff/desk", "/staff/board",
    "/staff/screen", "/screen",
}  # fmt: skip


async def test_no_page_is_left_out(app: App):
    """Every address that can be opened is looked at above, or is no page."""
    routes = make_web(app).router.routes()
    opened_by_get = {route.resource.canonical for route in routes if route.method == "GET" and route.resource}
    assert opened_by_get - NO_PAGES == PAGES
