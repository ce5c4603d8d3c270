"""看板: each desk sees its own area and no more, in figures that can be counted by hand; what cannot be shown is said kindly."""

from __future__ import annotations

import asyncio
import html
import json
import re
import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.app import App
from bot.channels import Incoming
from bot.web import board_live
from storage import doors, people
from storage import tables as t
from tests.fakes.boards import PHONE, RESIDENT, board_day, charts, looking, part, tiles, words
from tests.fakes.deskday import at_the_desk, holder
from tests.fakes.page import browser, page
from tests.fakes.town import template

ROUTES = (
    "/staff/board", "/staff/board/stream", "/staff/board/vega.js", "/staff/board/chart/trend.png",
    "/staff/screen", "/staff/screen/stream", "/staff/screen/vega.js", "/staff/screen/chart/trend.png",
)  # fmt: skip


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = template(tmp_path_factory.mktemp("board"))
    board_day(path)
    return path


@pytest.fixture
async def app(tmp_path: Path, day: Path) -> AsyncIterator[App]:
    async with at_the_desk(tmp_path, day) as app:
        yield app


# ---- the figures


async def test_a_secretary_sees_how_the_community_stands(app: App):
    async with looking(app, "cs-s1c1") as board:
        text = await board.opens(all="yes")
        assert tiles(text) == {"今天登记": "0", "还在办": "3", "等接单": "3", "超期": "3", "今天了结": "0"}
        assert "锦绣社区 本月（12月1日–4日）" in part(text, "period")
        assert "登记 4 件，还在办 3 件，居民说解决了 1 件" in part(text, "period")
        assert "解决率 100%（1/1） 上月 没有数据" in part(text, "glance")
        assert "锦绣社区第1网格 登记 4 在办 3 超期 3" in part(text, "tree")
        assert "锦绣社区第2网格 登记 0 在办 0 超期 0 响应 没有数据 解决 没有数据 满意 没有数据" in part(text, "tree")
        late = part(text, "late")
        assert "26-000001 锦绣苑3号楼2单元501室 供暖" in late
        assert "超了" in late
        assert "接单" in late
        assert "共 4 个" in part(text, "duty")
        assert charts(text)["categories"].startswith("锦绣社区本月各类件数")


async def test_a_rate_is_said_alike_in_words_in_the_tree_and_beside_a_chart(app: App):
    async with looking(app, "sd-s1") as board:
        text = await board.opens()
        assert "响应率 16.7%（1/6）" in part(text, "glance")
        assert "锦绣社区 登记 5 在办 4 超期 4 响应 20% 解决 100% 满意 100%" in part(text, "tree")
        assert "响应率 16.7%（1/6），原来 –；解决率 100%（1/1）" in charts(text)["three_rates"]
    async with looking(app, "city-1") as board:
        assert re.search(r"东华街道 登记 6 .*? 响应 16\.7% 解决 100%", part(await board.opens(), "tree"))


async def test_what_is_late_now_does_not_stand_beside_days_that_are_over(app: App):
    async with looking(app, "cs-s1c1") as board:
        text = await board.opens(all="yes", period="own", **{"from": "2026-12-01", "to": "2026-12-02"})
        assert "锦绣社区第1网格 登记" in part(text, "tree")
        assert "超期" not in part(text, "tree")
        assert tiles(text)["超期"] == "3"  # the first line says how it stands now


@pytest.mark.parametrize("days", [("1000-01-01", "9999-12-31"), ("0001-01-01", "0001-01-02"), ("0202-01-01", "2026-12-01")])
async def test_a_year_that_was_mistyped_is_said_and_this_month_is_shown(app: App, days: tuple[str, str]):
    async with looking(app, "cs-s1c1") as board:
        text = await board.opens(400, all="yes", period="own", **{"from": days[0], "to": days[1]})
        assert "日历上没有这一天" in text
        assert "登记" in part(text, "period")


async def test_a_complaint_about_the_secretary_is_counted_only_above(app: App):
    async with looking(app, "cs-s1c1") as mine, looking(app, "sd-s1") as above:
        text = await above.opens(area="s1c1")
        assert tiles(text)["还在办"] == "4"
        assert tiles(text)["超期"] == "4"
        assert "登记 5 件" in part(text, "period")
        whole = words(await mine.opens(all="yes"))
        assert "书记态度" not in whole
        assert "26-000004" not in whole


async def test_nobody_reads_phones_names_of_residents_or_their_words(app: App):
    for post in ("cs-s1c1", "sd-s1", "city-1"):
        async with looking(app, post) as board:
            for area in ("", "s1c1") if post != "cs-s1c1" else ("",):
                text = await board.opens(all="yes", **({"area": area} if area else {}))
                assert PHONE not in text
                assert RESIDENT not in text
                assert "没暖气" not in text


async def test_the_city_reads_only_what_has_come_up_to_it(app: App):
    """What nobody has taken for three days has; what was filed an hour ago is only late."""
    await files(app, "锦绣苑3号楼4单元没暖气")
    await app.engine.forward(timedelta(minutes=40))
    async with looking(app, "city-1") as board, looking(app, "cs-s1c1") as below:
        text = await board.opens()
        assert tiles(text)["超期"] == "6"
        assert "东华街道 登记 7 在办 6 超期 6" in part(text, "tree")
        assert "26-000001" in part(text, "late")
        assert "26-000007" not in text
        assert "另有 1 件没有报上来" in part(text, "late")
        assert "26-000007" in part(await below.opens(), "late")


async def test_the_tree_leads_down_and_the_crumbs_up_again(app: App):
    async with looking(app, "city-1") as board:
        text = await board.opens()
        assert "锦绣社区 登记 5" in part(text, "tree")
        assert 'href="/staff/board?area=s1c1"' in text
        grid = await board.opens(area="s1c1g1", period="week")
        assert 'href="/staff/board?area=s1&amp;period=week"' in grid
        assert "锦绣社区第1网格 本周" in part(grid, "period")
        assert "登记 5 件" in part(grid, "period")


# ---- filters


@pytest.mark.parametrize(("asked", "title", "filed"), [
    ({"period": "week"}, "本周（11月30日–12月4日）", 4),
    ({"words": "最近7天"}, "最近7天（11月28日–12月4日）", 4),
    ({"words": "12月1日"}, "锦绣社区 12月1日", 4),
    ({"period": "own", "from": "2026-12-01", "to": "2026-12-02"}, "12月1日–2日", 4),
    ({"period": "own", "from": "2026-12-01", "to": "2027-12-02"}, "12月1日–4日", 4),
    ({"category": "heating"}, "供暖 本月", 2),
    ({"category": "sanitation", "period": "week"}, "卫生绿化 本周", 1),
    ({"struck": "yes"}, "本月", 4),
    ({"area": "s1c1g1", "words": "最近7天"}, "锦绣社区第1网格 最近7天", 4),
])  # fmt: skip
async def test_the_address_says_what_is_looked_at(app: App, asked: dict[str, str], title: str, filed: int):
    async with looking(app, "cs-s1c1") as board:
        text = await board.opens(**asked)
        assert title in part(text, "period")
        assert f"登记 {filed} 件" in part(text, "period")


async def test_what_is_struck_out_is_in_or_out(app: App):
    with app.database.writing() as conn:
        from storage import figures

        conn.execute(update(t.Case.__table__).where(t.Case.__table__.c.number == "26-000003").values(struck_out=True))  # type: ignore[attr-defined]
        figures.rebuild(conn, app.world.policy)
    async with looking(app, "cs-s1c1") as board:
        assert "登记 3 件" in part(await board.opens(), "period")
        assert "登记 4 件" in part(await board.opens(struck="yes"), "period")


@pytest.mark.parametrize("asked", [{"period": "last_month"}, {"words": "上个月"}, {"category": "drainage"}])
async def test_an_empty_stretch_says_so_and_offers_another(app: App, asked: dict[str, str]):
    async with looking(app, "cs-s1c1") as board:
        text = await board.opens(**asked)
        assert "没有登记过诉求" in part(text, "period")
        assert "words=%E4%BB%8A%E5%B9%B4" in text


@pytest.mark.parametrize(("asked", "said"), [
    ({"words": "明年"}, "这段时间还没到"), ({"words": "2月30日"}, "日历上没有"), ({"words": "暖气不热"}, "没看懂「暖气不热」"),
    ({"period": "nonsense"}, "没看懂「nonsense」"), ({"period": "own"}, "从哪天到哪天"), ({"period": "own", "from": "x", "to": "2026-12-01"}, "从哪天到哪天"),
    ({"period": "own", "from": "2026-12-03", "to": "2026-12-01"}, "后面的日期比前面的早"),
    ({"period": "own", "from": "2027-01-01", "to": "2027-01-02"}, "还没到"), ({"category": "nonsense"}, "没有这一类"),
    ({"words": "<script>alert(1)</script>"}, "没看懂"), ({"words": "x" * 5000}, "没看懂"), ({"words": "今天\x00"}, "没看懂"), ({"category": "'; drop table"}, "没有这一类"),
])  # fmt: skip
async def test_a_wrong_filter_is_a_sentence_and_this_month(app: App, asked: dict[str, str], said: str):
    async with looking(app, "cs-s1c1") as board:
        if asked == {"words": "今天\x00"}:
            assert "今天（12月4日）" in part(await board.opens(**asked), "period")  # what no page can hold is left out
            return
        text = await board.opens(400, **asked)
        assert said in words(text)
        assert "锦绣社区 本月" in part(text, "period")
        assert "<script>alert" not in text


# ---- who may


@pytest.mark.parametrize("path", ROUTES)
async def test_nothing_without_a_session(app: App, path: str):
    async with browser(app, Accept="text/html") as client, client.get(path) as answer:
        assert answer.status == 401
        assert ("大屏没有打开" if "screen" in path else "先要进来") in await answer.text()


@pytest.mark.parametrize("path", ROUTES)
async def test_nothing_once_the_session_has_ended(app: App, path: str):
    async with looking(app, "cs-s1c1") as board:
        with app.database.writing() as conn:
            conn.execute(update(doors.SESSION).values(expires_at=app.clock.wall()))
        async with board.client.get(path) as answer:
            assert answer.status == 401


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize("post", ["w-s1c1g1", "b-e01b01-1", "sp-heat"])
async def test_nothing_for_staff_below_a_desk(app: App, post: str, path: str):
    async with looking(app, post) as board:
        assert "社区书记、街道和市级" in await board.opens(403, path)


@pytest.mark.parametrize(("post", "area", "status"), [
    ("cs-s1c1", "s1c2", 403), ("cs-s1c1", "s1", 403), ("cs-s1c1", "c", 403), ("cs-s1c1", "s1c2g1", 403), ("sd-s1", "s2", 403),
    ("sd-s1", "s2c1", 403), ("city-1", "nowhere", 404), ("cs-s1c1", "nowhere", 404), ("cs-s1c1", "s1c1' or 1", 404),
])  # fmt: skip
async def test_another_area_is_refused_kindly(app: App, post: str, area: str, status: int):
    async with looking(app, post) as board:
        for path in ROUTES[:2] + ROUTES[3:6] + ROUTES[7:]:
            text = await board.opens(status, path, area=area)
            assert "不归您管" in text if status == 403 else "没有这个地方" in text
            assert "登记" not in text


async def test_who_lost_the_desk_sees_nothing_more(app: App):
    async with looking(app, "cs-s1c1") as board:
        await board.opens()
        with app.database.writing() as conn:
            conn.execute(people.HOLDING.update().where(people.HOLDING.c.post_id == "cs-s1c1").values(until=app.clock.now()))
        await board.opens(403)


# ---- charts


async def test_charts_are_drawn_by_the_server_too(app: App):
    async with looking(app, "cs-s1c1") as board:
        for name in ("trend", "categories", "three_rates"):
            async with board.client.get(f"/staff/board/chart/{name}.png") as answer:
                assert (answer.status, answer.content_type) == (200, "image/png")
                assert (await answer.read()).startswith(b"\x89PNG")
        for name in ("hot_spots", "nonsense", "..%2f..%2fetc"):
            async with board.client.get(f"/staff/board/chart/{name}.png") as answer:
                assert answer.status == 404


async def test_every_chart_has_its_words_and_its_numbers(app: App):
    async with looking(app, "cs-s1c1") as board:
        text = await board.opens(all="yes")
        for name, told in charts(text).items():
            assert told
            assert f'alt="{told}"' in text, name  # for who has no JavaScript
            assert f'id="numbers-{name}"' in text
        assert "供暖 2 0" in words(text)


# ---- live


class Stream:
    """Events as they come."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    async def next(self) -> tuple[str, Any]:
        """The next event: its name and what it says."""
        name = ""
        async with asyncio.timeout(30):
            async for line in self.answer.content:
                line = line.decode().strip()
                if line.startswith("event:"):
                    name = line[6:].strip()
                elif line.startswith("data:") and name:
                    return name, json.loads(line[5:]) if line[5:].strip() else None
        raise AssertionError("the stream ended")


async def files(app: App, text: str) -> None:
    """A resident writes."""
    await app.inbox.receive(Incoming("telegram", f"k{text}", "r-new", "text", text, name="新来的"))
    await app.turns.settle()
    await app.engine.forward(timedelta(minutes=11))


async def test_an_open_board_hears_when_its_own_numbers_change(app: App, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(board_live, "THROTTLE", 0.05)
    async with looking(app, "cs-s1c1") as board, board.client.get("/staff/board/stream") as answer:
        stream = Stream(answer)
        name, first = await stream.next()
        assert (name, first["open"], first["filed_today"], first["late"]) == ("changed", 3, 0, "3")
        assert f'data-stamp="{first["stamp"]}"' in await board.opens()
        await files(app, "锦绣苑29号楼2单元没暖气")  # next door: nothing of theirs
        await files(app, "锦绣苑3号楼3单元楼道灯不亮")
        name, then = await stream.next()
        assert (name, then["open"], then["filed_today"]) == ("changed", 4, 1)
        assert then["stamp"] != first["stamp"]


async def test_a_stream_ends_with_the_session(app: App, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(board_live, "THROTTLE", 0.05)
    async with looking(app, "cs-s1c1") as board, board.client.get("/staff/board/stream") as answer:
        stream = Stream(answer)
        await stream.next()
        with app.database.writing() as conn:
            conn.execute(update(doors.SESSION).values(expires_at=app.clock.wall()))
        app.watching.wake_all()
        assert (await stream.next())[0] == "ended"


async def test_many_streams_of_one_session_let_the_oldest_go(app: App, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(board_live, "THROTTLE", 0.05)
    async with looking(app, "cs-s1c1") as board:
        opened = [await board.client.get("/staff/board/stream") for _ in range(7)]
        try:
            await Stream(opened[0]).next()
            with pytest.raises(AssertionError, match="ended"):
                await Stream(opened[0]).next()
            assert (await Stream(opened[6]).next())[0] == "changed"
        finally:
            for answer in opened:
                answer.close()


# ---- the ways between the pages


async def test_the_pages_of_a_supervisor_lead_to_each_other(app: App):
    async with looking(app, "cs-s1c1") as board:
        for path in ("/staff/board", "/staff/desk"):
            text = await board.opens(path=path)
            for other in ("/staff/board", "/staff/desk", "/chat"):
                assert f'href="{other}"' in text
        assert 'href="/staff/board"' in await board.opens(path="/chat")
        assert ">/case 26-000001</textarea>" in await board.opens(path="/chat", case="26-000001")
        assert "<b>x" not in await board.opens(path="/chat", case="<b>x</b>")
    async with looking(app, "w-s1c1g1") as worker:
        assert "/staff/board" not in await worker.opens(path="/chat")


async def test_a_link_may_lead_to_the_board_at_once(app: App):
    from bot.entry import make_link

    link = await make_link(app, holder(app, "cs-s1c1"))
    path = "/enter/" + link.rsplit("/", 1)[1] + "?to=board"
    async with browser(app, Accept="text/html") as client, client.post(path, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, "/staff/board")


OWN_DAYS = {"was": "own", "from": "2026-10-01", "to": "2026-10-31", "was_from": "2026-10-01", "was_to": "2026-10-31"}


@pytest.mark.parametrize(("asked", "says"), [
    ({"period": "month", "was": "month", "from": "2026-10-01", "to": "2026-10-31"}, "10月1日–31日"),  # who fills in two days means them
    ({"from": "2026-10-01", "to": "2026-10-31"}, "10月1日–31日"),
    ({"period": "own", "was": "own", "from": "2026-10-01", "to": "2026-10-31"}, "10月1日–31日"),
    (OWN_DAYS | {"period": "month"}, "12月1日–4日"),  # who chooses anew means the choice
    ({"period": "month", "was": "month", "from": "2026-10-01", "to": ""}, "10月1日–12月4日"),  # from there until today
    ({"period": "own", "was": "own", "from": "2026-12-02", "to": "", "was_from": "2026-10-01", "was_to": "2026-10-31"}, "12月2日–4日"),
])
async def test_two_days_or_a_choice(app: App, asked: dict[str, str], says: str):
    async with looking(app, "cs-s1c1") as board:
        text = await board.opens(**asked)
        assert says in part(text, "period")
        assert 'name="was" value="' in text


YESTERDAY = {"period": "month", "was": "month", "words": "昨天", "was_words": "昨天"}


@pytest.mark.parametrize(("asked", "title", "unused"), [
    (YESTERDAY, "昨天（12月3日）", ""),
    (YESTERDAY | {"category": "heating"}, "供暖 昨天", ""),
    (YESTERDAY | {"period": "last_month"}, "上月（11月1日–30日）", "写出来的「昨天」没有用上，下面是「上月」的。"),
    (YESTERDAY | {"from": "2026-12-01", "to": "2026-12-02"}, "12月1日–2日", "写出来的「昨天」没有用上，下面是「12月1日–2日」的。"),
    (YESTERDAY | {"from": "2026-12-02"}, "12月2日–4日", "写出来的「昨天」没有用上，下面是「12月2日–4日」的。"),
    (YESTERDAY | {"words": "最近7天", "period": "last_month", "from": "2026-12-01", "to": "2026-12-02"}, "最近7天",
     "填的「2026-12-01–2026-12-02」、选的「上月」没有用上，下面是「最近7天」的。"),
    (YESTERDAY | {"words": ""}, "本月", ""),
    (OWN_DAYS | {"period": "own", "words": "昨天"}, "昨天", "填的「2026-10-01–2026-10-31」没有用上，下面是「昨天」的。"),
    (OWN_DAYS | {"period": "own", "words": "昨天", "from": "", "to": ""}, "昨天", ""),  # so a browser sends it that empties the others
    (OWN_DAYS | {"period": "week"}, "本周", "填的「2026-10-01–2026-10-31」没有用上，下面是「本周」的。"),
    ({"words": "昨天"}, "昨天", ""),
])  # fmt: skip
async def test_of_several_ways_to_say_when_the_one_used_last_is_gone_by_and_the_others_are_named(app: App, asked: dict[str, str], title: str, unused: str):
    async with looking(app, "cs-s1c1") as board:
        text = await board.opens(**asked)
        assert title in part(text, "period")
        told = re.search(r'<p class="asked" role="status">(.*?)</p>', text)
        assert (html.unescape(told[1]) if told else "") == unused


@pytest.mark.parametrize("asked", [{"to": "2026-12-01", "period": "month", "was": "month"}, YESTERDAY | {"period": "own"}])
async def test_a_day_that_is_missing_is_asked_for(app: App, asked: dict[str, str]):
    async with looking(app, "cs-s1c1") as board:
        assert "自己定时间要写上从哪天到哪天" in words(await board.opens(400, **asked))


async def test_a_reader_changes_nothing(app: App):
    def rows() -> list[Any]:
        with app.database.reading() as conn:
            return [conn.execute(select(table)).fetchall() for table in (t.Case.__table__, t.Question.__table__, t.Outbox.__table__)]  # type: ignore[attr-defined]

    await app.outbox.flush()  # what was due before is none of the reader's
    before = rows()
    async with looking(app, "cs-s1c1") as board:
        await board.opens(all="yes")
    assert rows() == before


@pytest.mark.parametrize("path", ["/staff/board", "/staff/screen"])
async def test_in_the_demonstration_all_that_a_page_asks_for_stays_in_its_chair(tmp_path: Path, day: Path, path: str):
    """The library of the charts too: without its chair nobody is let in to it."""
    shutil.copy(day, tmp_path / "jiesu.db")
    async with page(tmp_path, demo={"enabled": True}) as app, browser(app, Accept="text/html") as client:
        async with client.post("/demo/chair/cs-s1c1", allow_redirects=False) as answer:
            assert answer.status == 303
        async with client.get(f"{path}?chair=cs-s1c1") as answer:
            text = await answer.text()
        asked = re.findall(r'data-(?:stream|whole|vega|picture)="([^"]+)"', text)
        assert {link.partition("?")[0] for link in asked} >= {f"{path}/stream", f"{path}/vega.js", path}
        assert all("chair=cs-s1c1" in link for link in asked)
