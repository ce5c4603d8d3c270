"""谁进来了: the page, its borders, and the cards that a secretary prints from it."""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import insert, select

from bot.app import App
from bot.entry import link_mac, make_link
from bot.web.pages import linked
from casework import access
from casework.case import AreaId, Person, PersonId, Post, PostId, Role
from handlers.doors import code_mac
from storage import doors, people, talk
from storage import tables as t
from storage.town import StoredTown
from tests.fakes.cards import cards, sheets
from tests.fakes.page import browser, page
from tests.fakes.town import template

HTML = {"Accept": "text/html"}
Client = aiohttp.ClientSession


@pytest.fixture(scope="module")
def town_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return template(tmp_path_factory.mktemp("town"))


@pytest.fixture
async def app(tmp_path: Path, town_template: Path) -> AsyncIterator[App]:
    shutil.copy(town_template, tmp_path / "jiesu.db")
    async with page(tmp_path) as app:
        yield app


def holder(app: App, post_id: str) -> str:
    with app.database.reading() as conn:
        return str(conn.execute(select(t.Holding.person_id).where(t.Holding.post_id == post_id)).scalar_one())


@asynccontextmanager
async def sitting(app: App, post_id: str) -> AsyncIterator[Client]:
    """A browser that the post's holder has come in with."""
    async with browser(app, **HTML) as client:
        link = await make_link(app, holder(app, post_id))
        async with client.post("/enter/" + link.rsplit("/", 1)[1], allow_redirects=False) as answer:
            assert answer.status == 303
        yield client


async def seen(client: Client, area: str = "", status: int = 200) -> str:
    """The page's words."""
    async with client.get("/staff/joined", params={"area": area} if area else {}) as answer:
        text = await answer.text()
        assert answer.status == status, text
        return plain(text)


def plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


async def printed(client: Client, area: str, status: int = 200, token: str | None = None, **headers: str) -> str:
    if token is None:
        async with client.get("/staff/joined") as answer:
            found = re.search(r'name="token" value="(\w+)"', await answer.text())
        token = found[1] if found else ""
    async with client.post("/staff/joined/cards", data={"token": token, "area": area}, headers=headers) as answer:
        text = await answer.text()
        assert answer.status == status, text
        return text


# ---- who sees what


async def test_the_city_sees_every_subdistrict_and_community_and_opens_one(app: App):
    async with sitting(app, "city-1") as client:
        town = await seen(client)
        with app.database.reading() as conn:
            areas = list(conn.execute(select(t.Area.kind, t.Area.name)))
        assert all(name in town for kind, name in areas if kind in ("subdistrict", "community"))
        assert "新区治理中心值班员" in town  # its own staff, by name
        assert "潘霞兰" not in town
        assert "印名片" not in town
        community = await seen(client, "s1c1")
        assert "潘霞兰 第1网格 专职网格员" in community
        assert not re.search(r"1\d{10}|印名片", community)


async def test_a_secretary_sees_the_own_community_and_nothing_else(app: App):
    async with sitting(app, "cs-s1c1") as client:
        mine = await seen(client)
        assert "锦绣社区" in mine
        assert "潘霞兰" in mine
        assert not re.search(r"1\d{10}", mine)
        assert await seen(client, "s1c1") == mine
        refusals = {await seen(client, area, 404) for area in ("s1c2", "s1", "s2", "c", "s1c1g1", "no-such", "s1c1%")}
        assert len(refusals) == 1  # what there is elsewhere is not told


async def test_a_subdistrict_sees_its_communities(app: App):
    async with sitting(app, "sd-s1") as client:
        mine = await seen(client)
        assert "锦绣社区" in mine
        assert "街道值班室" in mine
        assert "潘霞兰" in await seen(client, "s1c1")
        for area in ("c", "s2", "s2c1"):
            await seen(client, area, 404)


@pytest.mark.parametrize("post", ["w-s1c1g1", "b-e01b01-1", "el-e01", "sp-heat", "pm-e01"])
async def test_staff_below_a_desk_see_nothing(app: App, post: str):
    async with sitting(app, post) as client:
        assert "社区书记、街道和市级" in await seen(client, status=403)
        await seen(client, "s1c1", 403)
        await printed(client, "s1c1", 403, "x")


async def test_a_stranger_sees_nothing(app: App):
    async with browser(app, **HTML) as client:
        assert "点「进入」" in await seen(client, status=401)
        await printed(client, "s1c1", 401, "x")
    async with browser(app) as client:
        async with client.post("/api/chat/session", json={}):
            pass
        async with client.get("/staff/joined") as answer:
            assert (answer.status, (await answer.json())["error"]["code"]) == (403, "not_yours")


async def test_who_loses_the_post_loses_the_page(app: App):
    async with sitting(app, "cs-s1c1") as client:
        await seen(client)
        with app.database.writing() as conn:
            conn.execute(people.HOLDING.update().where(people.HOLDING.c.post_id == "cs-s1c1").values(until=app.clock.now()))
        await seen(client, status=403)


async def test_in_the_demonstration_the_page_stays_in_its_chair(tmp_path: Path, town_template: Path):
    shutil.copy(town_template, tmp_path / "jiesu.db")
    async with page(tmp_path, demo={"enabled": True}) as app, browser(app, **HTML) as client:
        for chair in ("cs-s1c1", "sd-s1"):
            async with client.post(f"/demo/chair/{chair}", allow_redirects=False) as answer:
                assert answer.status == 303
        async with client.get("/staff/joined?chair=sd-s1") as answer:
            text = await answer.text()
        links = re.findall(r'href="(/(?:staff|chat)[^"]*)"', text)
        assert len(links) > 5
        assert all("chair=sd-s1" in link for link in links)
        async with client.get("/staff/joined?chair=cs-s1c1") as answer:
            text = await answer.text()
        assert 'action="/staff/joined/cards?chair=cs-s1c1"' in text
        assert "进来了 1 人" in plain(text)  # of all who have a page here, who has sat down
        await seen(client, status=401)


# ---- what is counted


async def test_they_are_counted_by_how_far_they_have_come(app: App):
    now = app.clock.now()
    stands = {"w-s1c1g1": (now, None), "w-s1c1g2": (now - timedelta(days=8), None), "w-s1c1g3": (now, now)}
    with app.database.writing() as conn:
        doors.give_page_to_staff(conn, app.world.mint)  # nobody has opened these
        for post, (at, blocked) in stands.items():
            person = conn.execute(select(t.Holding.person_id).where(t.Holding.post_id == post)).scalar_one()
            conn.execute(insert(t.Address), {
                "id": post, "person_id": person, "channel": "telegram", "external_id": post, "seen_at": at, "blocked_at": blocked,
            })  # fmt: skip
    async with sitting(app, "cs-s1c1") as client:  # who has come in too now
        words = await seen(client)
        total = re.search(r"(\d+) 人，进来了 4 人， 还有 (\d+) 人没进来", words)
        assert total is not None
        assert int(total[1]) - int(total[2]) == 4
        assert f"锦绣社区 {total[1]} 4 {total[2]} 1 1 " in words
        assert f"还没进来 {total[2]} 人" in words
        order = [words.index(f"{heading} ") for heading in ("还没进来", "进来过，现在收不到 1 人", "7 天没有动静 1 人", "进来了 2 人")]
        assert order[1:] == sorted(order[1:])
        assert f"印名片（{int(total[2]) - 1} 张）" in words  # the property company has other communities too
        assert "另有 1 人在别处也有岗位" in words


# ---- printing


async def test_a_secretary_prints_who_is_missing_and_the_cards_work(app: App):
    async with sitting(app, "cs-s1c1") as client:
        page = await printed(client, "s1c1")
        found = cards(page)
        missing = re.search(r"印名片（(\d+) 张）", await seen(client))
        assert missing is not None
        assert len(found) == int(missing[1])
        assert {heading for heading, _ in sheets(page)} == {"锦绣社区"}
        assert not re.search(r"<script|<link|<img|url\(", page)
        card = next(c for c in found if c.name == "潘霞兰")
        assert card.links[0].startswith(f"{app.public_url}/enter/")
    async with browser(app, **HTML) as other, other.post(f"/enter/{card.token}", allow_redirects=False) as answer:
        assert answer.status == 303
        with app.database.reading() as conn:
            code = talk.code(conn, code_mac(app.keys.codes, card.code))
            assert code.used_at is not None  # the other way in is used up with it
            assert code.person_id == holder(app, "w-s1c1g1")


async def test_the_printed_page_loads_nothing_and_is_kept_nowhere(app: App):
    async with sitting(app, "cs-s1c1") as client:
        async with client.get("/staff/joined") as answer:
            found = re.search(r'name="token" value="(\w+)"', await answer.text())
        assert found is not None
        async with client.post("/staff/joined/cards", data={"token": found[1], "area": "s1c1"}) as answer:
            assert answer.headers["Cache-Control"] == "no-store"
            said = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'; style-src 'sha256-" in said
            assert "unsafe" not in said


async def test_printing_again_makes_the_earlier_cards_worthless(app: App):
    async with sitting(app, "cs-s1c1") as client:
        first = cards(await printed(client, "s1c1"))[0]
        second = next(c for c in cards(await printed(client, "s1c1")) if c.name == first.name)
    with app.database.writing() as conn:
        assert doors.good_link(conn, link_mac(app.keys.links, first.token), app.clock.wall()) is None
        assert doors.good_link(conn, link_mac(app.keys.links, second.token), app.clock.wall()) == first.name


@pytest.mark.parametrize(("post", "area", "status"), [
    ("cs-s1c1", "s1c2", 404), ("cs-s1c1", "s1", 404), ("cs-s1c1", "c", 404), ("cs-s1c1", "s1c1g1", 404),
    ("sd-s1", "s1c1", 403), ("sd-s1", "s1", 403), ("city-1", "s1c1", 403), ("city-1", "c", 403),
])  # fmt: skip
async def test_nobody_prints_beyond_the_own_community(app: App, post: str, area: str, status: int):
    async with sitting(app, post) as client:
        async with client.get("/chat") as answer:
            token = re.search(r'name="token" value="(\w+)"', await answer.text())
        assert token is not None
        await printed(client, area, status, token[1])
    with app.database.reading() as conn:
        assert conn.execute(select(t.Link.id).where(t.Link.card.is_not(None))).first() is None  # type: ignore[union-attr]


async def test_only_our_own_form_prints(app: App):
    async with sitting(app, "cs-s1c1") as client, sitting(app, "cs-s1c2") as other:
        async with other.get("/staff/joined") as answer:
            theirs = re.search(r'name="token" value="(\w+)"', await answer.text())
        assert theirs is not None
        for token in ("", "x", theirs[1]):
            await printed(client, "s1c1", 403, token)
        await printed(client, "s1c1", 403, **{"Sec-Fetch-Site": "cross-site"})
        async with client.get("/staff/joined/cards") as answer:
            assert answer.status == 405


async def test_a_key_to_more_than_the_community_is_not_printed(app: App):
    """Whoever comes in with a card is that person, with all their posts: also those at the city's desk. (The third is the
    property company, which works in another community as well.)"""
    now = app.clock.now()
    with app.database.writing() as conn:
        for post, more in (("w-s1c1g1", "city-2"), ("w-s1c1g2", "w-s1c2g1")):
            person = conn.execute(select(t.Holding.person_id).where(t.Holding.post_id == post)).scalar_one()
            conn.execute(insert(t.Holding), {"post_id": more, "person_id": person, "since": now})
    async with sitting(app, "cs-s1c1") as client:
        words = await seen(client)
        assert "潘霞兰" in words
        assert "另有 3 人在别处也有岗位" in words
        assert "新区治理中心" not in words  # the post elsewhere is none of theirs to see
        assert not {"潘霞兰", "余玉淑"} & {card.name for card in cards(await printed(client, "s1c1"))}


def test_whom_a_secretary_may_let_in(town_template: Path):
    def person(*posts: tuple[Role, str]) -> Person:
        held = tuple(Post(PostId(f"p{n}"), role, AreaId(area), "") for n, (role, area) in enumerate(posts))
        return Person(PersonId("p"), posts=held)

    def may(who: Person, *posts: tuple[Role, str]) -> bool:
        return access.may_let_in(who, ((role, AreaId(area)) for role, area in posts), town.within)

    from storage.database import Database

    database = Database(f"sqlite:///{town_template}")
    with database.reading() as conn:
        town = StoredTown(conn, None)  # type: ignore[arg-type]
        secretary = person((Role.SECRETARY, "s1c1"))
        assert may(secretary, (Role.WORKER, "s1c1g1"))
        assert may(secretary, (Role.WORKER, "s1c1g1"), (Role.SPECIALIST, "s1c1"))
        assert not may(secretary)
        assert not may(secretary, (Role.WORKER, "s1c1g1"), (Role.WORKER, "s1c2g1"))
        assert not may(secretary, (Role.SECRETARY, "s1c1"))
        assert not may(secretary, (Role.SPECIALIST, "s1"))
        assert may(person((Role.SECRETARY, "s1c1"), (Role.SECRETARY, "s1c2")), (Role.WORKER, "s1c1g1"), (Role.WORKER, "s1c2g1"))
        for role, area in ((Role.CITY, "c"), (Role.SUBDISTRICT, "s1"), (Role.WORKER, "s1c1g1"), (Role.SPECIALIST, "s1c1")):
            assert not may(person((role, area)), (Role.WORKER, "s1c1g1"))
        assert access.staff_areas(person((Role.WORKER, "s1c1g1"), (Role.SPECIALIST, "s1"))) == frozenset()
        assert access.staff_areas(person((Role.SUBDISTRICT, "s1"), (Role.WORKER, "s2c1g1"))) == {"s1"}
    database.close()


# ---- the link in the chat


def test_only_our_own_pages_become_links():
    home = "https://jiesu.example.org"
    told = f"看 {home}/staff/joined 和 https://evil.example/staff/joined <b>"
    assert linked(told, home) == (
        '看 <a href="/staff/joined">https://jiesu.example.org/staff/joined</a> 和 https://evil.example/staff/joined &lt;b&gt;'
    )
    assert 'href="/staff/joined?chair=cs-1"' in linked(told, home, "cs-1")
    assert linked("<i>没有</i>", home) == "&lt;i&gt;没有&lt;/i&gt;"


