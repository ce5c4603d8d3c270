"""看板 and 大屏 in Chromium: on a phone and on a desk, live, charts drawn without eval, and what stands there when they cannot be.

Pictures are kept when JIESU_SHOTS names a folder.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.channels import Incoming
from bot.entry import make_link
from tests.browser.test_accessibility import flaws
from tests.browser.test_chat_page import SHOTS, SIZES, chromium, expect, opened  # noqa: F401
from tests.fakes.boards import board_day, libraries
from tests.fakes.deskday import at_the_desk, holder
from tests.fakes.town import template

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

DRAWN = "figure[data-drawn=yes] canvas"
SIZES["hall"] = {"width": 1920, "height": 1080}
HANDHELD = ("phone", "desktop")
LINES = "all => all.map(e => { const words = document.createRange(); words.selectNodeContents(e); return words.getClientRects().length; })"


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = template(tmp_path_factory.mktemp("board"))
    board_day(path)
    return path


@pytest.fixture
async def app(tmp_path: Path, day: Path) -> AsyncIterator[App]:
    shutil.copy(libraries(day.parent), tmp_path)
    async with at_the_desk(tmp_path, day) as app:
        yield app


async def sat(chromium: Any, app: App, size: str, post: str = "cs-s1c1", to: str = "board", **more: Any) -> Any:  # noqa: F811
    """The tab of whoever holds the post, come in by a link."""
    link = await make_link(app, holder(app, post))
    tab = await opened(chromium, app, size, "/enter/" + link.rsplit("/", 1)[1] + f"?to={to}", **more)
    await tab.get_by_role("button", name="进入").click()
    return tab


async def fits(tab: Any) -> None:
    """Nothing sticks out, and what is pressed is large enough for a thumb; a tick has its line."""
    assert await tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = await tab.evaluate(
        """[...document.querySelectorAll('button, a:not(.skip), summary, input:not([type=hidden], [type=checkbox]), select, .tick label')]
        .filter(e => e.checkVisibility() && e.offsetHeight < 48).map(e => e.outerHTML.slice(0, 120))"""
    )
    assert small == []


async def whole(tab: Any, name: str) -> None:
    if SHOTS is not None:
        await tab.screenshot(path=SHOTS / f"{name}.png", full_page=True)


async def files(app: App, text: str) -> None:
    """A resident writes, and it becomes a case."""
    await app.inbox.receive(Incoming("telegram", f"k{text}", "r-new", "text", text, name="新来的"))
    await app.turns.settle()
    await app.engine.forward(timedelta(minutes=11))


def tile(tab: Any, name: str) -> Any:
    return tab.locator(".tiles li", has_text=name).locator("b")


@pytest.mark.parametrize("size", HANDHELD)
async def test_a_morning_at_the_board(app: App, chromium: Any, size: str):  # noqa: F811
    tab = await sat(chromium, app, size, "sd-s1", to="desk")
    await tab.get_by_role("link", name="看板").click()
    await expect(tab.get_by_role("heading", level=1)).to_have_text("看板")
    await expect(tab.locator("#live-words")).to_have_text("实时")
    await expect(tab.locator(DRAWN)).to_have_count(4, timeout=30_000)  # by the interpreter: under our policy eval is an error in the console
    await expect(tab.locator("[data-part=slow]")).to_contain_text("明显多")
    await expect(tab.locator("[data-part=duty]")).to_contain_text("今天")
    await fits(tab)
    await whole(tab, f"board-{size}")

    await tab.locator("summary", has_text="锦绣社区下面").click()
    await tab.get_by_role("link", name="锦绣社区", exact=True).click()
    await expect(tab.locator("[data-part=period]")).to_contain_text("锦绣社区 本月（12月1日–4日） 登记 5 件")
    assert "area=s1c1" in tab.url
    await tab.get_by_role("link", name="本周").click()
    await expect(tab.locator("[data-part=period]")).to_contain_text("本周")
    await tab.locator("summary", has_text="换时间").click()
    await tab.get_by_label("或者写出来").fill("上个月")
    await tab.get_by_label("类别").select_option("供暖")
    await tab.get_by_role("button", name="看", exact=True).click()
    await expect(tab.locator("[data-part=period]")).to_contain_text("供暖 上个月（11月1日–30日） 这段时间没有登记过诉求")
    await tab.get_by_label("或者写出来").fill("明年")
    faults = len(tab.faults)
    await tab.get_by_role("button", name="看", exact=True).click()
    await expect(tab.get_by_role("alert")).to_contain_text("还没到")
    await fits(tab)
    await whole(tab, f"board-{size}-wrong")
    assert all("400" in fault for fault in tab.faults[faults:])
    del tab.faults[faults:]  # Chromium tells of every answer that is none
    await tab.get_by_role("navigation", name="地方").get_by_role("link", name="东华街道").click()
    await expect(tab.locator("[data-part=period]")).to_contain_text("东华街道")
    assert not tab.faults


@pytest.mark.parametrize("size", HANDHELD)
async def test_numbers_change_while_one_looks(app: App, chromium: Any, size: str):  # noqa: F811
    tab = await sat(chromium, app, size)
    await expect(tab.locator("#live-words")).to_have_text("实时")
    await expect(tab.locator(DRAWN)).to_have_count(3, timeout=30_000)
    await expect(tile(tab, "今天登记")).to_have_text("0")
    await tab.locator("#numbers-trend summary").click()
    await tab.locator("#numbers-trend summary").focus()
    await files(app, "锦绣苑3号楼3单元楼道灯不亮")
    await expect(tile(tab, "今天登记")).to_have_text("1", timeout=15_000)
    await expect(tile(tab, "还在办")).to_have_text("4")
    await expect(tab.locator("[data-part=tree]")).to_contain_text(re.compile(r"锦绣社区第1网格\s*登记 5\s*在办 4"))
    await expect(tab.locator(DRAWN)).to_have_count(3)
    await expect(tab.locator("#numbers-trend")).to_have_attribute("open", "")  # what was open stays so, and the focus where it was
    assert await tab.evaluate("document.activeElement.closest('details')?.id") == "numbers-trend"
    assert not tab.faults


@pytest.mark.parametrize("size", HANDHELD)
async def test_areas_and_rates_of_days_that_are_over_stand_in_their_columns(app: App, chromium: Any, size: str):  # noqa: F811
    tab = await sat(chromium, app, size)
    await tab.goto(f"{app.public_url}/staff/board?period=own&from=2026-12-01&to=2026-12-02")
    await expect(tab.locator(DRAWN)).to_have_count(3, timeout=30_000)
    assert min(await tab.locator(".row .meter").evaluate_all("all => all.map(e => e.clientWidth)")) > 40
    assert {1} == set(await tab.locator(".row i").evaluate_all(LINES))  # 没有数据 is not broken
    rows = await tab.locator(".row").evaluate_all("all => all.map(e => [...e.querySelectorAll('.share')].map(s => s.getBoundingClientRect().top))")
    if size == "phone":
        assert all(len(set(tops)) == 1 for tops in rows)  # side by side
    await tab.locator("#numbers-three_rates summary").click()
    assert {1} == set(await tab.locator("#numbers-three_rates tbody th").evaluate_all(LINES))
    await fits(tab)
    await whole(tab, f"board-{size}-over")


async def test_whoever_says_when_in_one_way_empties_the_others(app: App, chromium: Any):  # noqa: F811
    tab = await sat(chromium, app, "desktop")
    await tab.goto(f"{app.public_url}/staff/board?words=昨天")
    words, since, until, choice = (tab.get_by_label(name, exact=True) for name in ("或者写出来", "从", "到", "哪段时间"))
    await since.fill("2026-12-01")
    await expect(words).to_have_value("")
    await expect(choice).to_have_value("own")
    await words.fill("最近7天")
    await expect(since).to_have_value("")
    await expect(choice).to_have_value("month")
    await since.fill("2026-12-01")
    await until.fill("2026-12-02")
    await choice.select_option("上月")
    for field in (words, since, until):
        await expect(field).to_have_value("")
    await tab.get_by_role("button", name="看", exact=True).click()
    await expect(tab.locator("[data-part=period]")).to_contain_text("上月（11月1日–30日）")
    await expect(tab.locator(".asked")).to_have_count(0)
    await tab.locator("summary", has_text="换时间").click()
    await since.fill("2026-12-02")
    await tab.get_by_role("button", name="看", exact=True).click()
    await expect(tab.locator("[data-part=period]")).to_contain_text("12月2日–4日")
    await expect(tab.locator(".asked")).to_have_count(0)
    assert not tab.faults


async def test_a_chart_tells_its_numbers_when_pointed_at_and_fits_a_window_that_changes(app: App, chromium: Any):  # noqa: F811
    tab = await sat(chromium, app, "desktop")
    canvas = tab.locator("figure[data-chart=categories] canvas")
    await expect(canvas).to_be_visible(timeout=30_000)
    await canvas.scroll_into_view_if_needed()
    box = await canvas.bounding_box()
    await tab.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 20)
    await expect(tab.locator(".tip")).to_contain_text("供暖")
    await expect(tab.locator(".tip")).to_contain_text("本月：2")
    assert (await tab.locator("figure[data-chart=categories] .drawn").get_attribute("aria-label")).startswith("锦绣社区本月各类件数")
    await tab.set_viewport_size(SIZES["phone"])
    await tab.wait_for_function("document.querySelector('figure[data-chart=categories] canvas').clientWidth < 390")
    await fits(tab)
    assert not tab.faults


async def test_without_the_library_the_servers_picture_stands_there(app: App, chromium: Any):  # noqa: F811
    tab = await sat(chromium, app, "desktop", to="desk")
    await tab.route("**/vega.js", lambda route: route.abort())
    await tab.get_by_role("link", name="看板").click()
    for name in ("trend", "categories", "three_rates"):
        picture = tab.locator(f"figure[data-chart={name}] img")
        await expect(picture).to_be_visible(timeout=30_000)
        await tab.wait_for_function("(img) => img.complete && img.naturalWidth > 300", arg=await picture.element_handle())
        assert await picture.get_attribute("alt")


async def test_without_javascript_everything_stands_there(app: App, chromium: Any):  # noqa: F811
    tab = await sat(chromium, app, "phone", java_script_enabled=False)
    await expect(tile(tab, "还在办")).to_have_text("3")
    await tab.get_by_role("link", name="点这里看").click()
    await expect(tab.locator("[data-part=slow]")).to_contain_text("没有明显多起来的")
    await expect(tab.locator("figure img")).to_have_count(3)
    await tab.locator("summary", has_text="换时间").click()
    await tab.get_by_label("哪段时间").select_option("本周")
    await tab.get_by_role("button", name="看", exact=True).click()
    await expect(tab.locator("[data-part=period]")).to_contain_text("本周")
    await whole(tab, "board-phone-plain")


async def test_a_line_that_is_cut_is_said_and_a_tab_that_nobody_sees_is_not_fed(app: App, chromium: Any):  # noqa: F811
    tab = await sat(chromium, app, "desktop")
    await expect(tab.locator("#live-words")).to_have_text("实时")
    await tab.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true}); document.dispatchEvent(new Event('visibilitychange'))")
    for _ in range(100):  # the stream ends on the server's side when it next tries to speak
        app.watching.wake_all()
        await tab.wait_for_timeout(50)
        if not app.watching._waiting:
            break
    await files(app, "锦绣苑3号楼3单元楼道灯不亮")
    await expect(tile(tab, "今天登记")).to_have_text("0")
    await tab.evaluate("Object.defineProperty(document, 'hidden', {value: false, configurable: true}); document.dispatchEvent(new Event('visibilitychange'))")
    await expect(tile(tab, "今天登记")).to_have_text("1", timeout=15_000)
    await tab.context.set_offline(True)
    await tab.route("**/stream*", lambda route: route.abort())
    app.watching.close()
    await expect(tab.locator("#live-words")).to_have_text("断开了，正在重连", timeout=15_000)


@pytest.mark.parametrize("size", HANDHELD)
async def test_axe_finds_nothing_with_plain_and_with_large_type(app: App, chromium: Any, size: str):  # noqa: F811
    tab = await sat(chromium, app, size, "sd-s1")
    await expect(tab.locator(DRAWN)).to_have_count(4, timeout=30_000)
    for summary in await tab.locator("main > div summary, main > details > summary, main section > ul > li > details > summary").all():
        await summary.click()
    assert await flaws(tab) == []
    await tab.evaluate("localStorage['jiesu.size'] = '3'; localStorage['jiesu.contrast'] = 'high'")
    await tab.reload()
    await expect(tab.locator(DRAWN)).to_have_count(4, timeout=30_000)
    await whole(tab, f"board-{size}-large")
    assert await flaws(tab) == []


async def on_the_wall(tab: Any) -> None:
    """All of it is there at once."""
    assert await tab.evaluate("document.documentElement.scrollHeight <= innerHeight && document.documentElement.scrollWidth <= innerWidth")
    outside = await tab.evaluate("""[...document.querySelectorAll('main *')].filter(e => e.checkVisibility() && !e.matches('.visually-hidden'))
        .filter(e => { const r = e.getBoundingClientRect(); return r.bottom > innerHeight + 1 || r.right > innerWidth + 1; }).map(e => e.outerHTML.slice(0, 80))""")
    assert outside == []


async def test_what_is_pressed_can_be_read_under_the_pointer_in_high_contrast(app: App, chromium: Any):  # noqa: F811
    tab = await sat(chromium, app, "phone")
    contrast = tab.get_by_role("button", name="高对比")
    await contrast.click()
    await contrast.hover()
    assert await contrast.evaluate("e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]") == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]


async def test_header_ways_and_figures_begin_in_one_line_and_no_way_is_cut(app: App, chromium: Any):  # noqa: F811
    tab = await sat(chromium, app, "desktop")
    left = "all => all.map(e => { const words = document.createRange(); words.selectNodeContents(e); return Math.round(words.getBoundingClientRect().left); })"
    for width in (910, 1024, 1120, 1125, 1280, 1920):
        await tab.set_viewport_size({"width": width, "height": 800})
        assert await tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        assert len(set(await tab.locator("h1, .pages a:first-child, .crumbs li:first-child > *").evaluate_all(left))) == 1, width
    await tab.set_viewport_size(SIZES["phone"])
    for _ in range(3):
        await tab.get_by_role("button", name="字号").click()
        assert await tab.locator(".pages").evaluate("e => e.scrollWidth <= e.clientWidth")
        assert await tab.locator(".pages a").evaluate_all("all => new Set(all.map(e => e.offsetTop)).size") == 1
        await fits(tab)


async def test_the_halls_computer_from_the_code_to_the_screen(app: App, chromium: Any):  # noqa: F811
    board = await sat(chromium, app, "desktop")
    await board.get_by_role("button", name="给大厅一个大屏码").click()
    code = await board.locator("#code").inner_text()
    assert await flaws(board) == []
    tab = await opened(chromium, app, "hall", "/screen")
    await tab.get_by_label("大屏码").fill(code)
    await tab.get_by_role("button", name="打开大屏").click()
    await expect(tab.get_by_role("heading", level=1)).to_contain_text("锦绣社区")
    await expect(tab.locator("#live-words")).to_have_text("实时")
    await expect(tab.locator(DRAWN)).to_have_count(2, timeout=30_000)
    await on_the_wall(tab)
    await whole(tab, "screen-hall")
    await tab.get_by_role("button", name="各处").click()
    await expect(tab.locator("#panel-areas")).to_contain_text(re.compile(r"锦绣社区第1网格\s*登记 4\s*在办 3"))
    await expect(tab.locator("#panel-categories")).to_be_hidden()
    await whole(tab, "screen-hall-areas")
    await files(app, "锦绣苑3号楼3单元楼道灯不亮")
    await expect(tile(tab, "今天登记")).to_have_text("1", timeout=15_000)
    await expect(tab.locator("#panel-areas")).to_contain_text(re.compile(r"锦绣社区第1网格\s*登记 5\s*在办 4"))  # the panel that was chosen stays
    await tab.get_by_role("button", name="多起来的").click()
    await expect(tab.locator("#panel-hot")).to_be_visible()
    assert await flaws(tab) == []
    assert not tab.faults


async def test_the_screen_turns_its_panels_unless_less_movement_is_wished(app: App, chromium: Any):  # noqa: F811
    tab = await sat(chromium, app, "hall", to="desk")
    await tab.clock.install()
    await tab.goto(f"{app.public_url}/staff/screen?area=s1c1")
    await expect(tab.locator("#panel-categories")).to_be_visible()
    await expect(tab.get_by_role("button", name="停住")).to_be_hidden()  # opened() wishes for less movement: nothing moves
    await tab.clock.run_for(45_000)
    await expect(tab.locator("#panel-categories")).to_be_visible()
    await tab.emulate_media(reduced_motion="no-preference")
    await tab.clock.run_for(21_000)
    await expect(tab.locator("#panel-categories")).to_be_hidden()
    await tab.get_by_role("button", name="停住").click()
    shown = await tab.locator(".panel:not([hidden])").get_attribute("id")
    await tab.clock.run_for(45_000)
    assert await tab.locator(".panel:not([hidden])").get_attribute("id") == shown


async def test_the_screen_on_a_phone(app: App, chromium: Any):  # noqa: F811
    tab = await sat(chromium, app, "phone", to="desk")
    await tab.goto(f"{app.public_url}/staff/screen?area=s1c1")
    await expect(tab.locator(DRAWN)).to_have_count(2, timeout=30_000)
    await whole(tab, "screen-phone")
    assert await flaws(tab) == []
    assert re.search(r"scroll|auto|visible", await tab.evaluate("getComputedStyle(document.body).overflowY"))
    assert not tab.faults


async def test_a_screen_that_is_closed_shows_no_number_and_where_a_new_code_is_written(app: App, chromium: Any):  # noqa: F811
    board = await sat(chromium, app, "desktop")
    tab = await opened(chromium, app, "hall", "/screen")
    for early, said in ((True, "大屏已经关掉"), (False, "大屏的时间到了")):
        await board.get_by_role("button", name="给大厅一个大屏码").click()
        code = await board.locator("#code").inner_text()
        await board.get_by_role("link", name="回到看板").click()
        await tab.get_by_label("大屏码").fill(code)
        await tab.get_by_role("button", name="打开大屏").click()
        await expect(tab.locator("#live-words")).to_have_text("实时")
        if not early:
            await tab.evaluate("Date.now = () => 4e12")  # a year has gone by on the wall
        await board.reload()
        await board.get_by_role("button", name="关掉您开的 1 个大屏").click()
        await expect(tab.get_by_role("alert")).to_contain_text(said, timeout=15_000)
        await expect(tab.locator("main")).to_contain_text(f"{app.public_url}/screen")
        await expect(tab.locator(".tiles, .rates, figure, .areas")).to_have_count(0)
        assert await flaws(tab) == []
        await whole(tab, f"screen-gone-{early}")
        await tab.get_by_role("link", name="/screen").click()
    assert not tab.faults


async def test_the_screen_on_a_small_wall(app: App, chromium: Any):  # noqa: F811
    SIZES["small"] = {"width": 1024, "height": 768}
    tab = await sat(chromium, app, "small", "sd-s1", to="desk")
    await tab.goto(f"{app.public_url}/staff/screen?area=s1")
    await expect(tab.locator(DRAWN)).to_have_count(2, timeout=30_000)
    for panel in ("各类", "多起来的", "各处"):
        await tab.get_by_role("button", name=panel).click()
        await on_the_wall(tab)
        await whole(tab, f"screen-small-{panel}")
    assert not tab.faults


async def test_the_screen_without_javascript_holds_every_list_in_its_panel(app: App, chromium: Any):  # noqa: F811
    SIZES["plain"] = {"width": 1280, "height": 800}
    tab = await sat(chromium, app, "plain", "sd-s1", to="desk", java_script_enabled=False)
    await tab.goto(f"{app.public_url}/staff/screen?area=s1")
    panels, areas, base = [await tab.locator(each).bounding_box() for each in ("#panels", "#panel-areas .areas", ".base")]
    assert areas["y"] + areas["height"] <= panels["y"] + panels["height"] <= base["y"]
    assert await tab.locator("figure img").count() == 2
    await whole(tab, "screen-plain")
