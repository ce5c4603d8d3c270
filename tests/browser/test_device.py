"""What a person's own device adds to the page: type size and contrast, reading aloud, speaking, and an app that opens
without a network. On a shared phone nobody is shown, or speaks for, somebody else."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.app import App
from bot.entry import make_link
from storage import tables as t
from tests.browser.test_chat_page import chromium, expect, log, opened, playwright, shot, write  # noqa: F401
from tests.fakes.page import page as running

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with running(tmp_path) as app:
        yield app


def said(app: App) -> list[str]:
    """Every word that anybody said on the page, as it is stored."""
    with app.database.reading() as conn:
        return list(conn.execute(select(t.Thread.text).where(t.Thread.sender == "me").order_by(t.Thread.n)).scalars())


# ---- type size, contrast


AT_FIRST_SIGHT = """new MutationObserver(() => {
  const { size, contrast } = document.documentElement.dataset;
  if (document.body && window.atFirst === undefined) window.atFirst = `${size} ${contrast}`;
}).observe(document, { childList: true, subtree: true })"""


async def test_type_size_and_contrast_are_one_tap_away_and_remembered(app: App, chromium: Any):  # noqa: F811
    tab = await opened(chromium, app)
    await tab.get_by_role("button", name="字号：标准").click()
    await tab.get_by_role("button", name="高对比").click()
    await expect(tab.get_by_role("button", name="高对比")).to_have_attribute("aria-pressed", "true")
    assert await tab.evaluate("getComputedStyle(document.querySelector('.bubble')).fontSize") == "24px"
    await tab.add_init_script(AT_FIRST_SIGHT)
    for path in ("/chat", "/nowhere"):
        await tab.goto(app.public_url + path)
        assert await tab.evaluate("window.atFirst") == "2 high"  # before there was anything to see: no flash
    assert await tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(0, 0, 0)"
    await tab.goto(app.public_url)
    await tab.get_by_role("button", name="字号：大").click()
    await tab.get_by_role("button", name="字号：特大").click()
    await tab.get_by_role("button", name="高对比").click()
    assert await tab.evaluate("getComputedStyle(document.querySelector('.bubble')).fontSize") == "20px"


# ---- reading aloud

VOICES = """(() => {
  window.heard = [];
  const speech = { getVoices: () => [{ lang: "en-US", localService: true }, { lang: "zh-CN", localService: true, name: "中" }],
    addEventListener() {}, cancel() { window.heard.push("cancel"); },
    speak(said) { window.heard.push(said.lang + " " + said.voice.name + " " + said.text); setTimeout(() => said.onstart?.()); window.lastSaid = said; } };
  Object.defineProperty(window, "speechSynthesis", { value: speech });
  window.SpeechSynthesisUtterance = function (text) { this.text = text; };
})()"""
ONLY_ENGLISH = VOICES.replace('"zh-CN"', '"ja-JP"')
NOTHING = """for (const name of ["speechSynthesis", "SpeechSynthesisUtterance", "SpeechRecognition", "webkitSpeechRecognition", "MediaRecorder"])
  Object.defineProperty(window, name, { value: undefined })"""


async def spoken_to(chromium: Any, app: App, script: str) -> Any:  # noqa: F811
    tab = await opened(chromium, app)
    await tab.add_init_script(script)
    await tab.goto(app.public_url + "/chat")
    return tab


async def test_new_messages_are_read_aloud_once_that_is_switched_on(app: App, chromium: Any):  # noqa: F811
    tab = await spoken_to(chromium, app, VOICES)
    await write(tab, "没电")
    await expect(log(tab)).to_contain_text("收到text：没电")
    assert await tab.evaluate("window.heard") == []  # off until somebody wants it
    await tab.get_by_role("button", name="朗读", exact=True).click()
    await write(tab, "打13800000001")
    await expect(log(tab)).to_contain_text("收到text：打13800000001")
    heard = "\n".join(await tab.evaluate("window.heard"))
    assert "zh-CN 中 收到text：打1 3 8 0 0 0 0 0 0 0 1" in heard  # digit by digit
    assert "zh-CN 中 可以点：已解决，未解决。" in heard
    assert "没电" not in heard
    await tab.reload()  # what stands there already is not read again
    await expect(tab.get_by_role("button", name="朗读", exact=True)).to_have_attribute("aria-pressed", "true")
    assert await tab.evaluate("window.heard") == []


async def test_one_message_is_read_and_stopped(app: App, chromium: Any):  # noqa: F811
    tab = await spoken_to(chromium, app, VOICES)
    await tab.get_by_role("button", name="念一遍").click()
    await expect(tab.get_by_role("button", name="别念了")).to_be_visible()
    assert (await tab.evaluate("window.heard"))[1].startswith("zh-CN 中 您好，我是接诉。")
    await tab.get_by_role("button", name="别念了").click()
    assert (await tab.evaluate("window.heard"))[-1] == "cancel"
    await expect(tab.get_by_role("button", name="念一遍")).to_be_visible()


@pytest.mark.parametrize("script", [NOTHING, ONLY_ENGLISH])
async def test_what_a_browser_cannot_do_is_not_shown(app: App, chromium: Any, script: str):  # noqa: F811
    tab = await spoken_to(chromium, app, script)
    await write(tab, "你好")
    await expect(log(tab)).to_contain_text("收到text：你好")
    for name in ("朗读", "念一遍", *(("录音", "说话打字") if script == NOTHING else ())):
        await expect(tab.get_by_role("button", name=name, exact=True)).to_have_count(0)
    assert not tab.faults


# ---- speaking

HEARS = """window.webkitSpeechRecognition = window.SpeechRecognition = function () {
  this.start = () => setTimeout(() => { this.onresult({ results: [[{ transcript: "三号楼" }], [{ transcript: "没水了" }]] }); window.lang = this.lang; });
  this.stop = () => this.onend();
}"""
DEAF = """window.webkitSpeechRecognition = window.SpeechRecognition = function () {
  this.start = () => setTimeout(() => { this.onerror({ error: "network" }); this.onend(); });
}"""


async def test_what_is_spoken_is_written_into_the_field(app: App, chromium: Any):  # noqa: F811
    tab = await spoken_to(chromium, app, HEARS)
    await tab.get_by_label("要说的话").fill("急：")
    await tab.get_by_role("button", name="说话打字").click()
    await expect(tab.get_by_label("要说的话")).to_have_value("急：三号楼没水了")
    assert await tab.evaluate("window.lang") == "zh-CN"
    await tab.get_by_role("button", name="在听，说完点这里").click()
    await tab.get_by_role("button", name="发送").click()
    await expect(log(tab)).to_contain_text("收到text：急：三号楼没水了")


async def test_without_the_service_behind_it_a_recording_is_offered(app: App, chromium: Any):  # noqa: F811
    tab = await spoken_to(chromium, app, DEAF)
    await tab.get_by_role("button", name="说话打字").click()
    await expect(tab.get_by_role("alert")).to_contain_text("可以点「录音」")
    await expect(tab.get_by_role("button", name="说话打字")).to_have_count(0)


async def test_a_recording_goes_as_a_voice(app: App, chromium_path: str):
    arguments = ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    async with playwright.async_playwright() as tool:
        browser = await tool.chromium.launch(executable_path=chromium_path, args=arguments, env={**os.environ})
        tab = await opened(browser, app)
        await tab.get_by_role("button", name="录音").click()
        await tab.get_by_role("button", name="录好了（1秒）").click()
        await expect(tab.locator("#previews audio")).to_be_visible()
        await expect(tab.locator("#previews")).to_contain_text("传好了")
        await shot(tab, "phone-voice")
        await tab.get_by_role("button", name="发送").click()
        await expect(log(tab)).to_contain_text("收到media")
        await expect(log(tab).locator("audio.sound")).to_have_count(2)  # mine, and the answer that shows it again
        await tab.reload()
        await expect(log(tab).locator("audio.sound")).to_have_count(2)
        assert await log(tab).locator("audio").first.evaluate("a => a.error === null")
        await shot(tab, "phone-voice-sent")
        await browser.close()
    with app.database.reading() as conn:
        kept = conn.execute(select(t.Attachment.kind, t.Attachment.mime)).one()
    assert kept.kind == "voice"
    assert kept.mime.startswith("audio/")
    assert not tab.faults


# ---- an app on the phone


SETTLED = """async () => {
  const workers = navigator.serviceWorker, shown = () => document.querySelectorAll(".msg[data-n]").length;
  await workers.ready;
  if (!workers.controller) await new Promise((go) => workers.addEventListener("controllerchange", go));
  const kept = () => JSON.parse(localStorage["jiesu.seen."] || '{ "messages": [] }').messages.length;
  while (kept() !== shown()) await new Promise((go) => setTimeout(go, 50));
}"""


async def settled(tab: Any) -> None:
    """The service worker has taken over, and what is shown is remembered."""
    await tab.evaluate(SETTLED)


async def test_it_can_be_installed_and_keeps_nothing_that_is_somebodys(app: App, chromium: Any):  # noqa: F811
    tab = await opened(chromium, app)
    await write(tab, "一")
    await expect(log(tab)).to_contain_text("收到text：一")
    await settled(tab)
    session = await tab.context.new_cdp_session(tab)
    assert (await session.send("Page.getAppManifest"))["errors"] == []
    problems = (await session.send("Page.getInstallabilityErrors"))["installabilityErrors"]
    assert [each for each in problems if each["errorId"] != "in-incognito"] == []
    kept = await tab.evaluate("""caches.keys().then(async (names) => {
        const all = [];
        for (const name of names) for (const each of await (await caches.open(name)).keys()) all.push(new URL(each.url).pathname);
        return all;
    })""")
    assert "/offline" in kept
    assert [path for path in kept if path != "/offline" and not path.startswith("/static/")] == []
    shell = await tab.evaluate("caches.match('/offline').then((answer) => answer.text())")
    assert "收到text" not in shell
    assert await tab.evaluate("caches.match('/offline').then((answer) => answer.headers.get('set-cookie'))") is None


async def test_without_a_network_it_opens_with_what_was_last_seen_and_sends_later(app: App, chromium: Any):  # noqa: F811
    tab = await opened(chromium, app)
    await write(tab, "一")
    await expect(log(tab)).to_contain_text("收到text：一")
    await settled(tab)
    await tab.context.set_offline(True)
    await tab.goto(app.public_url)
    await expect(log(tab)).to_contain_text("收到text：一")
    await expect(log(tab)).to_contain_text("不一定是最新的")
    await expect(tab.locator("#line")).to_contain_text("现在没有网")
    await write(tab, "二")
    await write(tab, "三")
    await expect(tab.locator(".state").last).to_contain_text("已经记着，有网就自己发")
    await shot(tab, "phone-shell")
    await tab.close()
    again = await tab.context.new_page()
    await again.goto(app.public_url)  # still no network
    await expect(again.locator(".msg.me.waiting")).to_have_count(2)
    await tab.context.set_offline(False)
    await expect(log(again)).to_contain_text("收到text：三", timeout=30_000)
    await expect(again.locator("#line")).to_contain_text("刚才没网时写的 2 条，已经发出去了")
    await expect(log(again)).not_to_contain_text("不一定是最新的")
    await settled(again)
    await again.context.set_offline(True)  # gone again: what came meanwhile is kept too
    await again.goto(app.public_url)
    await expect(log(again)).to_contain_text("收到text：三")
    await again.context.set_offline(False)
    await again.reload()
    await expect(again.locator(".msg.me")).to_have_count(3)
    assert said(app) == ["一", "二", "三"]


async def test_a_message_whose_answer_was_lost_is_not_said_twice(app: App, chromium: Any):  # noqa: F811
    tab = await opened(chromium, app)
    await write(tab, "一")
    await expect(log(tab)).to_contain_text("收到text：一")

    async def cut(route: Any) -> None:  # it arrives, the answer does not
        await route.fetch()
        await route.abort()

    await tab.route("**/api/chat/stream*", lambda route: route.abort())
    await tab.reload()
    await tab.route("**/api/chat/messages", cut, times=1)
    await write(tab, "二")
    await expect(tab.locator(".state")).to_contain_text("还没发出去")
    await tab.unroute_all()
    await tab.reload()
    await expect(tab.locator(".msg")).to_have_count(5)
    await expect(tab.locator(".waiting")).to_have_count(0)
    assert said(app) == ["一", "二"]


# ---- a phone that several people use


async def comes_in(tab: Any, app: App, person: str) -> None:
    link = await make_link(app, person)
    await tab.goto(app.public_url + link[link.index("/enter") :])
    await tab.get_by_role("button", name="进入").click()
    await expect(tab.locator("#who")).to_contain_text("李书记" if person == "p-secretary" else "王网格")
    await expect(tab.locator("html")).to_have_attribute("data-ready", "yes")


async def test_who_comes_in_next_is_shown_nothing_of_who_was_here(app: App, chromium: Any):  # noqa: F811
    tab = await opened(chromium, app)
    await write(tab, "我的私事")
    await expect(log(tab)).to_contain_text("收到text：我的私事")
    await settled(tab)
    await tab.route("**/api/chat/messages", lambda route: route.abort())
    await write(tab, "没发出去的私事")
    await expect(tab.locator(".state")).to_contain_text("还没发出去")
    await tab.close()
    other = await tab.context.new_page()
    await comes_in(other, app, "p-worker")
    await expect(log(other)).not_to_contain_text("私事")
    assert "私事" not in await other.evaluate("JSON.stringify(localStorage)")
    await settled(other)
    await other.context.set_offline(True)
    await other.goto(app.public_url)
    await expect(log(other)).to_contain_text("不一定是最新的")
    await expect(log(other)).not_to_contain_text("私事")
    assert said(app) == ["我的私事"]


async def test_between_two_people_nothing_is_shown_without_a_network(app: App, chromium: Any):  # noqa: F811
    tab = await opened(chromium, app)
    await write(tab, "我的私事")
    await expect(log(tab)).to_contain_text("收到text：我的私事")
    await settled(tab)
    link = await make_link(app, "p-worker")
    await tab.goto(app.public_url + link[link.index("/enter") :])
    await tab.context.set_offline(True)  # pressed, and nobody here knows whether it arrived
    await tab.get_by_role("button", name="进入").click()
    await tab.wait_for_url("chrome-error://**")
    other = await tab.context.new_page()
    await other.goto(app.public_url)
    await expect(log(other)).to_contain_text("要连上网才看得到")
    await expect(log(other)).not_to_contain_text("私事")
    await other.context.set_offline(False)
    await other.goto(app.public_url)  # it had not: still the first one, who loses nothing
    await expect(log(other)).to_contain_text("我的私事")


async def test_a_tab_left_open_does_not_speak_for_who_came_after(app: App, chromium: Any):  # noqa: F811
    tab = await opened(chromium, app)
    await write(tab, "我的私事")
    await expect(log(tab)).to_contain_text("收到text：我的私事")
    other = await tab.context.new_page()
    await comes_in(other, app, "p-worker")
    await write(tab, "替别人说的话")
    await expect(tab.locator("#who")).to_contain_text("王网格")  # it became the page of who is here now
    await expect(log(tab)).not_to_contain_text("私事")
    assert said(app) == ["我的私事"]


OUTDATED = """() => {
  const messages = [{ n: 1, from: "me", text: "旧", buttons: [], files: [], case: null, at: null }];
  localStorage["jiesu.seen."] = JSON.stringify({ me: "x", until: "2000-01-01", at: "2000-01-01", who: "", quick: [], messages });
  localStorage["jiesu.owner."] = JSON.stringify("x");
}"""


async def test_a_session_that_ended_leaves_nothing(app: App, chromium: Any):  # noqa: F811
    tab = await opened(chromium, app)
    await write(tab, "我的私事")
    await expect(log(tab)).to_contain_text("收到text：我的私事")
    await settled(tab)
    await tab.context.clear_cookies()
    await tab.goto(app.public_url)
    assert "私事" not in await tab.evaluate("JSON.stringify(localStorage)")
    await write(tab, "新来的")
    await expect(log(tab)).to_contain_text("收到text：新来的")
    await settled(tab)
    await tab.evaluate(OUTDATED)
    await tab.context.set_offline(True)
    await tab.goto(app.public_url)
    await expect(log(tab)).to_contain_text("要连上网才看得到")  # past the end of its session
    await expect(log(tab)).not_to_contain_text("旧")
