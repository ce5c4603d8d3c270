"""The README's numbered click path, walked in Chromium against the real program.

The path is read from README.zh-CN.md: 打开 <address>, 点「button」 (次: how often), 写「words」, 看到「words」, 回到「page」. So a label that changes
in the program or in the README, a step that no longer leads where it says, or an English README that says otherwise, fails here.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

sync = pytest.importorskip("playwright.sync_api")
expect = sync.expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

ROOT = Path(__file__).parents[2]
CHINESE, ENGLISH = ROOT / "README.zh-CN.md", ROOT / "README.md"
SIZES = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 900}}
TOKEN = re.compile(r"打开 <(?P<open>[^>]+)>|(?P<verb>点|写|看到|回到)「(?P<words>[^」]+)」(?:\s*(?P<times>\d+) 次)?")
STEP = re.compile(r"^(\d+)\. (.*(?:\n   .*)*)", re.M)
SOON = 15_000  # ms until an answer must be there
DEMO = "演示"


def steps(readme: Path, heading: str) -> list[str]:
    """The numbered steps of a section, which must count 1, 2, 3 …"""
    section = readme.read_text("utf-8").split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    found = STEP.findall(section)
    assert [int(number) for number, _ in found] == list(range(1, len(found) + 1))
    return [text for _, text in found]


def test_both_readmes_name_the_same_buttons_and_words():
    """Step by step, in the same order: whoever changes one changes the other."""
    chinese, english = steps(CHINESE, "先点哪里"), steps(ENGLISH, "What to click first")
    assert len(chinese) >= 8
    assert [re.findall("「([^」]+)」", step) for step in chinese] == [
        re.findall("「([^」]+)」", step) for step in english
    ]
    for step in chinese:  # nothing quoted that the walk would pass over
        assert len(re.findall("「", step)) == sum(1 for found in TOKEN.finditer(step) if found["verb"])


@pytest.fixture
def jiesu(tmp_path: Path) -> Iterator[str]:
    """The real program on a free port, with a folder of its own; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {name: value for name, value in os.environ.items() if not name.startswith("JIESU_")}
    own |= {
        "JIESU_WEB__PORT": str(port),
        "JIESU_DATABASE__URL": f"sqlite:///{tmp_path / 'jiesu.db'}",
        "JIESU_DATA__FOLDER": str(tmp_path / "data"),
    }
    log = tmp_path / "log"
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-m", "bot", "run"], cwd=ROOT, env=own, stdout=out, stderr=out)
    address = f"http://127.0.0.1:{port}"
    try:
        _until_healthy(address, process, log)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    wrong = [line for line in log.read_text("utf-8", "replace").splitlines() if "[error" in line or "Traceback" in line]
    assert not wrong, wrong  # the log too says that nothing failed on the way


def _until_healthy(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text("utf-8", "replace")[-2000:]
        with suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            if urllib.request.urlopen(f"{address}/healthz", timeout=5).status == 200:
                return
        time.sleep(0.1)
    raise AssertionError(f"not healthy after a minute: {log.read_text('utf-8', 'replace')[-2000:]}")


@dataclass
class Walk:
    """A newcomer with a browser: the pages that are open, the one looked at, and how much of each has been read."""

    context: Any
    address: str
    tabs: dict[str, Any]
    read: dict[str, int]
    at: str = DEMO

    @property
    def tab(self) -> Any:
        return self.tabs[self.at]

    def open(self, address: str) -> None:
        tab = self.context.new_page()
        tab.goto(re.sub(r"http://127\.0\.0\.1:\d+", self.address, address))
        self.tabs[self.at] = tab

    def goes_back_to(self, name: str) -> None:
        assert name in self.tabs, f"no page {name} is open yet"
        self.at = name
        self.tab.bring_to_front()

    def presses(self, label: str) -> None:
        chair = self.tab.locator("button.chair").filter(has=self.tab.locator("b", has_text=re.compile(f"^{label}$")))
        if chair.count():
            with self.context.expect_page() as opening:
                chair.click()
            self.tabs[label], self.at = opening.value, label
            expect(self.tab.get_by_role("log")).to_be_visible(timeout=SOON)
            return
        button = self.tab.get_by_role("button", name=label, exact=True).last
        expect(button).to_be_visible(timeout=SOON)
        self.marks()
        button.click()
        if self.at == DEMO:
            expect(self.tab.locator("#demo-told")).to_contain_text("拨好了", timeout=60_000)

    def writes(self, words: str) -> None:
        self.marks()
        self.tab.get_by_label("要说的话").fill(words)
        self.tab.get_by_role("button", name="发送").click()

    def marks(self) -> None:
        """What is on the page by now is no answer to what is done next."""
        self.read[self.at] = self.tab.locator(".msg").count()

    def sees(self, words: str) -> None:
        """A message, not older than the last thing done on this page, has these words."""
        read = self.read.get(self.at, 0)
        found = self.tab.locator(f".msg:nth-child(n+{read + 1})").filter(has_text=words)
        expect(found.last, f"{self.at} 看到「{words}」").to_be_visible(timeout=SOON)


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
def test_the_click_path(chromium_path: str, jiesu: str, size: str):
    """Every step leads where the README says, at this width, and no page has a fault in its console."""
    faults: list[str] = []
    with sync.sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        context = browser.new_context(viewport=SIZES[size], locale="zh-CN")
        context.on("weberror", lambda error: faults.append(str(error.error)))
        walk = Walk(context, jiesu, {}, {})
        act = {"点": walk.presses, "写": walk.writes, "看到": walk.sees, "回到": walk.goes_back_to}
        for number, step in enumerate(steps(CHINESE, "先点哪里"), 1):
            for found in TOKEN.finditer(step):
                try:
                    if found["open"]:
                        walk.open(found["open"])
                    for _ in range(int(found["times"] or 1) if found["verb"] else 0):
                        act[found["verb"]](found["words"])
                except (AssertionError, sync.Error) as error:
                    text = walk.tab.locator("body").inner_text()[-1500:] if walk.at in walk.tabs else ""
                    raise AssertionError(f"step {number}, {found[0]}: {error}\n--- the page:\n{text}") from error
        for name, tab in walk.tabs.items():
            assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
                f"{name} is wider than the screen"
            )
        browser.close()
    assert not faults
