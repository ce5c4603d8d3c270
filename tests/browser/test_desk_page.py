"""任务台 in Chromium: phone and desktop, without JavaScript, from the chat's link to an empty list.

Pictures are kept when JIESU_SHOTS names a folder.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.channels import Incoming
from bot.entry import make_link
from tests.browser.test_accessibility import flaws
from tests.browser.test_chat_page import SIZES, chromium, expect, opened, shot  # noqa: F401
from tests.fakes.deskday import PHONE, at_the_desk, desk_day, holder, spoken
from tests.fakes.sounds import voice
from tests.fakes.town import template

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = template(tmp_path_factory.mktemp("desk"))
    desk_day(path)
    return path


@pytest.fixture
async def app(tmp_path: Path, day: Path) -> AsyncIterator[App]:
    async with at_the_desk(tmp_path, day) as app:
        yield app


async def sat(chromium: Any, app: App, size: str, script: bool = False) -> Any:  # noqa: F811
    """The secretary's tab, come in by a link of the chat; no script is needed for anything here."""
    link = await make_link(app, holder(app, "cs-s1c1"))
    tab = await opened(chromium, app, size, "/enter/" + link.rsplit("/", 1)[1] + "?to=desk", java_script_enabled=script)
    await tab.get_by_role("button", name="进入").click()
    return tab


async def fits(tab: Any) -> None:
    """Nothing sticks out, and what is pressed is large enough for a thumb."""
    assert await tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = await tab.evaluate(
        """[...document.querySelectorAll('main button, main a, main summary, main input:not([type=hidden]), main textarea')]
        .filter(e => e.checkVisibility() && e.offsetHeight < 48).map(e => e.outerHTML.slice(0, 120))"""
    )
    assert small == []


@pytest.mark.parametrize("size", SIZES)
async def test_a_morning_at_the_desk(app: App, chromium: Any, size: str):  # noqa: F811
    tab = await sat(chromium, app, size)
    await expect(tab.get_by_role("heading", level=1)).to_have_text("任务台")
    await expect(tab.locator("article")).to_have_count(8)
    await fits(tab)
    await shot(tab, f"desk-{size}-all")

    await tab.get_by_role("link", name="打电话 1").click()
    card = tab.get_by_role("article", name="26-000001")
    await expect(card).to_contain_text("您看，解决了没有？")
    await card.get_by_role("button", name="查看电话").click()
    await expect(tab.get_by_role("link", name=PHONE)).to_have_attribute("href", f"tel:{PHONE}")
    await shot(tab, f"desk-{size}-telephone")
    await card.get_by_role("button", name="没人接").click()
    await expect(card).to_contain_text("试过 1 次")
    await card.get_by_role("button", name="部分解决").click()
    await expect(tab.get_by_text("第二句：这次办得您满意吗？")).to_be_visible()
    await fits(tab)
    await shot(tab, f"desk-{size}-second")
    await tab.get_by_role("button", name="基本满意").click()
    await expect(tab.locator("main")).to_contain_text("没有要办的任务")

    await tab.get_by_role("link", name="分件 1").click()
    await shot(tab, f"desk-{size}-sort")
    await tab.get_by_label("在哪儿").fill("锦绣苑5号楼")
    await tab.get_by_role("button", name="卫生绿化").click()
    await expect(tab.get_by_role("status")).to_contain_text("分好了：卫生绿化")

    await tab.get_by_role("link", name="其他 1").click()
    await tab.locator("summary", has_text="回答").click()
    await fits(tab)
    await tab.get_by_label("您的回答").fill("您好，请到社区来一趟")
    await shot(tab, f"desk-{size}-answer")
    await tab.locator("details").get_by_role("button", name="回答").click()
    await expect(tab.get_by_role("status")).to_contain_text("转给居民了")
    assert not tab.faults


@pytest.mark.parametrize("size", SIZES)
async def test_enter_in_the_place_mends_the_place_and_sorts_nothing(app: App, chromium: Any, size: str):  # noqa: F811
    tab = await sat(chromium, app, size)
    await tab.get_by_role("link", name="分件 1").click()
    place = tab.get_by_label("在哪儿")
    await place.fill("火星路8号")
    await place.press("Enter")
    await expect(tab.get_by_role("status")).to_contain_text("没找到这个地方")
    await expect(place).to_have_value("火星路8号")
    await place.fill("锦绣苑5号楼")
    await place.press("Enter")
    await expect(tab.get_by_role("article")).to_contain_text("26-000003 锦绣苑5号楼 其他")
    await shot(tab, f"desk-{size}-place")
    assert not tab.faults


@pytest.mark.parametrize("size", SIZES)
async def test_axe_finds_nothing_with_plain_and_with_large_type(app: App, chromium: Any, size: str):  # noqa: F811
    tab = await sat(chromium, app, size, script=True)
    for summary in await tab.locator("summary").all():
        await summary.click()
    assert await flaws(tab) == []
    await tab.evaluate("localStorage['jiesu.size'] = '3'; localStorage['jiesu.contrast'] = 'high'")
    await tab.reload()
    await tab.get_by_role("article", name="26-000001").get_by_role("button", name="部分解决").click()
    await expect(tab.get_by_text("第二句：这次办得您满意吗？")).to_be_visible()
    await shot(tab, f"desk-{size}-large")
    assert await flaws(tab) == []


PLAYED = """a => new Promise((go) => {
  a.addEventListener("ended", () => go("ended"));
  a.addEventListener("error", () => go("error " + a.error.code));
  a.muted = true; a.play().catch((why) => go(String(why)));
})"""


@pytest.mark.parametrize("size", SIZES)
async def test_a_voice_is_heard_and_written_down(app: App, chromium: Any, size: str):  # noqa: F811
    """As Telegram sends it (Opus in Ogg), from our own server under the page's policy; nothing of it needs a script."""
    await spoken(app, data=voice())
    tab = await sat(chromium, app, size)
    await tab.get_by_role("link", name="听语音 1").click()
    player = tab.locator("audio[controls]")
    await expect(player).to_be_visible()
    await expect(tab.get_by_role("link", name="下载下来听")).to_be_visible()
    words = tab.get_by_label("照原话写")
    await expect(words).to_be_visible()
    await fits(tab)
    await shot(tab, f"desk-{size}-listen")
    async with tab.expect_download() as saving:
        await tab.get_by_role("link", name="下载下来听").click()
    assert (await saving.value).suggested_filename == "录音.ogg"
    await words.fill("锦绣苑3号楼2单元501没暖气")
    await tab.get_by_role("button", name="写下来").click()
    await expect(tab.get_by_role("status")).to_contain_text("当作居民的话往下办了")
    await expect(tab.locator("audio")).to_have_count(0)
    assert not tab.faults


async def test_the_voice_really_plays_and_axe_finds_nothing(app: App, chromium: Any):  # noqa: F811
    await spoken(app, data=voice())
    tab = await sat(chromium, app, "phone", script=True)
    await tab.get_by_role("link", name="听语音 1").click()
    assert await flaws(tab) == []
    assert await tab.locator("audio").evaluate(PLAYED) == "ended"
    assert not tab.faults


@pytest.mark.parametrize("size", SIZES)
async def test_an_answer_is_kept_for_the_next_who_asks(app: App, chromium: Any, size: str):  # noqa: F811
    for n, words in enumerate(("锦绣苑3号楼1单元楼道灯不亮", "请问社区图书角借书带什么证")):
        await app.inbox.receive(Incoming("telegram", f"q-{n}", "q", text=words, name="冯姨"))
        await app.turns.settle()
    tab = await sat(chromium, app, size, script=True)
    await tab.get_by_role("link", name="其他 2").click()
    card = tab.get_by_role("article").filter(has_text="图书角")
    await card.locator("summary").click()
    await card.get_by_label("您的回答").fill("带身份证就行，周六也开")
    await card.get_by_role("button", name="回答").click()
    asked = tab.get_by_role("region", name="放进常见问题")
    await expect(asked).to_contain_text("要不要放进常见问题？")
    await fits(tab)
    await asked.get_by_role("button", name="放进去").click()
    await expect(asked).to_contain_text("问的是：图书角")
    await fits(tab)
    await shot(tab, f"desk-{size}-keep")
    await asked.get_by_label("要改问法或日期").fill("图书角 借书，带什么 证件")
    await asked.get_by_role("button", name="改", exact=True).click()
    await expect(asked).to_contain_text("问的是：图书角、借书")
    assert await flaws(tab) == []
    await asked.get_by_role("button", name="就这样").click()
    await expect(asked).to_contain_text("放进常见问题了：图书角")
    await expect(asked.get_by_role("button", name="撤下来")).to_be_visible()
    assert not tab.faults
