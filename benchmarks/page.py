"""How long the supervisors' board takes as a page, over HTTP, with a million cases and with a tenth of them.

    python -m benchmarks.page [--cases 1000000] [--keep FOLDER]

Jiesu runs on the invented town of benchmarks.summaries on SQLite; the city's desk comes in by a link and opens its board again and
again, in turns with a page that asks the database for nothing. What is told are medians in milliseconds of this machine.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import aiohttp
from sqlalchemy import select

from benchmarks.databases import towns
from benchmarks.questions import HOLDING
from benchmarks.town import NOW
from bot.app import App
from bot.entry import make_link
from bot.settings_model import Settings

ROUNDS = 25
LIMIT = 50
PAGES = {"the board": "/staff/board", "the board, one subdistrict": "/staff/board?area=s1", "a page that asks for nothing": "/offline"}


@asynccontextmanager
async def seated(folder: Path, database: Path) -> AsyncIterator[aiohttp.ClientSession]:
    """A browser in which the city's desk has come in, at a Jiesu that runs on this database at the time of the invented cases."""
    app = App(
        Settings(
            demo={"enabled": False}, data={"folder": folder}, web={"port": 0}, database={"url": f"sqlite:///{database}"},
        )
    )
    await app.start()
    try:
        app.clock.shift(NOW - app.clock.wall())
        with app.database.reading() as conn:
            holder = conn.execute(select(HOLDING.c.person_id).where(HOLDING.c.post_id == "city-1", HOLDING.c.until.is_(None))).scalar_one()
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(f"http://127.0.0.1:{app.port}", cookie_jar=jar, headers={"Accept": "text/html"}) as browser:
            link = await make_link(app, holder)
            async with browser.post("/enter/" + link.rsplit("/", 1)[1], allow_redirects=False) as answer:
                assert answer.status == 303, await answer.text()
            yield browser
    finally:
        await app.stop()


async def took(browser: aiohttp.ClientSession, path: str) -> float:
    """Milliseconds until the last byte of the page."""
    began = perf_counter()
    async with browser.get(path) as answer:
        text = await answer.text()
        assert answer.status == 200, text
    return (perf_counter() - began) * 1000


async def measure(folder: Path, databases: dict[str, Path]) -> dict[tuple[str, str], float]:
    """(page, town) -> its median, all of them in turns."""
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    async with AsyncExitStack() as stack:
        browsers = {name: await stack.enter_async_context(seated(folder / name, path)) for name, path in databases.items()}
        await asyncio.sleep(5)  # what is made up for after a start
        for turn in range(ROUNDS + 2):
            for name, browser in browsers.items():
                for page, path in PAGES.items():
                    ms = await took(browser, path)
                    if turn > 1:
                        found[page, name].append(ms)
    return {key: median(each) for key, each in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, help="where the databases of benchmarks.summaries are kept")
    args = parser.parse_args()
    logging.disable(logging.CRITICAL)
    with TemporaryDirectory() as folder:
        place = args.keep or Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        sizes = {"small": args.cases // 10, "large": args.cases}
        for cases in sizes.values():
            with towns(place, cases, ["sqlite"]):
                pass
        found = asyncio.run(measure(Path(folder), {name: place / f"cases-{cases}.db" for name, cases in sizes.items()}))
    print(f"| page on SQLite | promised | {sizes['small']:,} | {sizes['large']:,} | growth |")
    print("|---|---|---|---|---|")
    for page in PAGES:
        few, many = found[page, "small"], found[page, "large"]
        print(f"| {page} | {LIMIT} | {few:.1f} | **{many:.1f}** | {many / few:.2f} |")


if __name__ == "__main__":
    main()
