"""大屏: the hall's computer comes in by a code, sees figures of its area and nothing else, and opens no other page."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select, update

from bot.app import App
from bot.web import board_live, screen
from storage import doors, people
from tests.fakes.boards import PHONE, RESIDENT, Board, board_day, charts, looking, tiles, words
from tests.fakes.deskday import at_the_desk
from tests.fakes.page import browser
from tests.fakes.town import template
from tests.specs.test_board_page import Stream

OTHERS = ("/staff/board", "/staff/desk", "/staff/joined", "/staff/organisation", "/staff/board/stream", "/staff/screen?area=s1c1")


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = template(tmp_path_factory.mktemp("screen"))
    board_day(path)
    return path


@pytest.fixture
async def app(tmp_path: Path, day: Path) -> AsyncIterator[App]:
    async with at_the_desk(tmp_path, day) as app:
        yield app


async def code(board: Board, area: str, status: int = 200) -> str:
    """Ask for a code on the board."""
    found = re.search(r'name="token" value="(\w+)"', await board.opens())
    assert found is not None
    async with board.client.post("/staff/screen/link", data={"token": found[1], "area": area}) as answer:
        text = await answer.text()
        assert answer.status == status, text
    made = re.search(r'id="code">(\S+)</p>', text)
    return made[1] if made else text


async def enters(hall: Board, told: str, status: int = 303) -> None:
    """The hall's computer writes it."""
    async with hall.client.post("/screen", data={"code": told}, allow_redirects=False) as answer:
        assert answer.status == status
        if status == 303:
            assert answer.headers["Location"] == "/staff/screen"


async def test_a_code_shows_the_screen_and_nothing_else(app: App):
    async with looking(app, "cs-s1c1") as board, browser(app, Accept="text/html") as client:
        hall = Board(client)
        told = await code(board, "s1c1")
        assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", told)
        await enters(hall, told.lower().replace("-", " "))
        text = await hall.opens(path="/staff/screen")
        assert tiles(text) == {"今天登记": "0", "今天了结": "0", "还在办": "3", "最近30天登记": "4", "最近30天居民说解决了": "1"}
        assert "锦绣社区第1网格 登记 4 在办 3" in words(text)
        for secret in (PHONE, RESIDENT, "26-0000", "没暖气", "锦绣苑", "/staff/board", "/staff/desk", "潘霞兰"):
            assert secret not in text
        for path in OTHERS:
            await hall.opens(401, path)
        async with client.post("/staff/screen/link", data={"area": "s1c1"}) as answer:
            assert answer.status == 401
        async with client.get("/chat") as answer:
            assert "您说，我记" in await answer.text()  # to the chat it is nobody
        await hall.opens(path="/staff/screen/vega.js")
        async with client.get("/staff/screen/chart/categories.png") as answer:
            assert answer.content_type == "image/png"


@pytest.mark.parametrize(("few", "young", "span", "past"), [(4, 3, "本月", "上月"), (5, 3, "最近30天", "再之前30天"), (4, 4, "最近30天", "再之前30天")])
async def test_a_month_that_is_young_or_has_few_cases_gives_way_to_the_last_days(
    app: App, monkeypatch: pytest.MonkeyPatch, few: int, young: int, span: str, past: str
):
    """Friday 4 December, and four cases of Tuesday."""
    monkeypatch.setattr(screen, "FEW", few)
    monkeypatch.setattr(screen, "YOUNG", young)
    async with looking(app, "cs-s1c1") as board, board.client.get("/staff/screen/stream?area=s1c1") as answer:
        text = await board.opens(path="/staff/screen", area="s1c1")
        assert tiles(text)[f"{span}登记"] == "4"
        for heading in (f"{span}走势", f"{span}各类多少件", f"各处{span}", f"三率 {span}和{past}", f"{past} 没有数据"):
            assert heading in words(text)
        other = {"本月": "最近30天", "最近30天": "本月"}[span]
        assert other not in words(text)
        assert charts(text)["categories"].startswith(f"锦绣社区{span}各类件数")
        assert f'data-stamp="{(await Stream(answer).next())[1]["stamp"]}"' in text
        async with board.client.get("/staff/screen/chart/trend.png?area=s1c1") as drawn, board.client.get("/staff/board/chart/trend.png?area=s1c1") as light:
            corners = [Image.open(io.BytesIO(await each.read())).convert("RGB").getpixel((2, 2)) for each in (drawn, light)]
        assert corners == [(10, 58, 48), (255, 255, 255)]  # on the wall without JavaScript: no white boxes


async def test_a_wrong_code_may_be_mistyped_and_a_dark_screen_says_where_a_new_one_is_written(app: App):
    async with browser(app, Accept="text/html") as client:
        async with client.post("/screen", data={"code": "ABCD-EFGH-JKMN"}) as answer:
            assert "没有这个码：可能打错了，也可能用过或过了时间" in await answer.text()
        text = await Board(client).opens(401, "/staff/screen")
        assert "已经关掉" in text
        assert f"{app.public_url}/screen" in text


async def test_a_code_is_good_once_and_for_minutes(app: App):
    async with looking(app, "cs-s1c1") as board, browser(app, Accept="text/html") as client, browser(app, Accept="text/html") as second:
        told = await code(board, "s1c1")
        for wrong in ("", "ABCD-EFGH-JKMN", "x" * 500, "\x00"):
            await enters(Board(client), wrong, 410)
        await enters(Board(client), told)
        await enters(Board(second), told, 410)
        late = await code(board, "s1c1")
        with app.database.writing() as conn:
            conn.execute(update(doors.LINK).where(doors.LINK.c.used_at.is_(None)).values(expires_at=app.clock.wall() - timedelta(seconds=1)))
        await enters(Board(second), late, 410)


async def test_a_code_is_no_way_in_for_a_person_nor_the_other_way_round(app: App):
    async with looking(app, "cs-s1c1") as board, browser(app, Accept="text/html") as client:
        told = await code(board, "s1c1")
        async with client.post(f"/enter/{told}", allow_redirects=False) as answer:
            assert answer.status == 410
        await enters(Board(client), told)
        (cookie,) = [each for each in client.cookie_jar if each.key == "jiesu_screen."]
        client.cookie_jar.update_cookies({"jiesu": cookie.value})
        await Board(client).opens(401)
        with app.database.reading() as conn:
            session = conn.execute(select(doors.SESSION.c.id).where(doors.SESSION.c.area_id == "s1c1")).scalar_one()
            assert doors.visitor(conn, session, app.clock.wall()) is None


@pytest.mark.parametrize(("post", "area", "status"), [
    ("cs-s1c1", "s1c2", 403), ("cs-s1c1", "s1", 403), ("cs-s1c1", "s1c1g1", 403), ("sd-s1", "s2", 403), ("sd-s1", "nowhere", 404),
])  # fmt: skip
async def test_nobody_hands_out_more_than_their_own(app: App, post: str, area: str, status: int):
    async with looking(app, post) as board:
        await code(board, area, status)
        await board.opens(status, "/staff/screen", area=area)


async def test_only_our_own_form_makes_codes_and_closes(app: App):
    async with looking(app, "cs-s1c1") as board, looking(app, "sd-s1") as other:
        theirs = re.search(r'name="token" value="(\w+)"', await other.opens())
        assert theirs is not None
        for path in ("/staff/screen/link", "/staff/screen/close"):
            for token in ("", "x", theirs[1]):
                async with board.client.post(path, data={"token": token, "area": "s1c1"}) as answer:
                    assert answer.status == 403
            async with board.client.post(path, data={"token": theirs[1]}, headers={"Sec-Fetch-Site": "cross-site"}) as answer:
                assert answer.status == 403


async def test_screens_go_dark_when_they_are_closed_or_the_desk_is_lost(app: App, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(board_live, "THROTTLE", 0.05)
    async with looking(app, "cs-s1c1") as board, browser(app, Accept="text/html") as client:
        hall = Board(client)
        await enters(hall, await code(board, "s1c1"))
        text = await board.opens()
        assert "关掉您开的 1 个大屏" in text
        token = re.search(r'name="token" value="(\w+)"', text)
        assert token is not None
        async with client.get("/staff/screen/stream") as answer:
            stream = Stream(answer)
            name, numbers = await stream.next()
            assert (name, numbers["open"]) == ("changed", 3)
            async with board.client.post("/staff/screen/close", data={"token": token[1], "area": "s1c1"}) as closed:
                assert closed.status == 200
            assert (await stream.next())[0] == "ended"
        await hall.opens(401, "/staff/screen")
        assert "关掉您开的" not in await board.opens()
        await enters(hall, await code(board, "s1c1"))
        await hall.opens(path="/staff/screen")
        with app.database.writing() as conn:
            conn.execute(people.HOLDING.update().where(people.HOLDING.c.post_id == "cs-s1c1").values(until=app.clock.now()))
        for path in ("/staff/screen", "/staff/screen/stream", "/staff/screen/chart/trend.png"):
            assert await hall.opens(403, path)


async def test_a_supervisor_may_look_without_a_code(app: App):
    async with looking(app, "sd-s1") as board:
        text = await board.opens(path="/staff/screen", area="s1")
        assert "东华街道" in text
        assert "回到看板" in text
        assert set(charts(text)) <= {"trend", "categories", "hot_spots"}
        assert all(charts(text).values())
