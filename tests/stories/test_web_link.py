"""网页: a one-time link in the chat, for staff alone, and never where others read it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.entry import link_mac, new_link
from casework.case import PostId
from storage import doors
from storage import tables as t
from storage.town import StoredTown
from tests.fakes.town import Phone, Town

LINK: Any = t.Link.__table__  # type: ignore[attr-defined]
KEY = b"only for tests: links"


@pytest.fixture
def linked(town: Town) -> Town:
    """The town with the way to make a link that the running program gives it."""

    def links(person: str) -> tuple[str, dict[str, Any]]:
        made = new_link(KEY, person, town.now, timedelta(minutes=15))
        return f"https://jiesu.example.org/enter/{made.told}", made.row

    town.world = replace(town.world, links=links, public_url="https://jiesu.example.org")
    return town


def links(town: Town) -> list[Any]:
    with town.database.reading() as conn:
        return list(conn.execute(select(LINK)))


def token(phone: Phone) -> str:
    return phone.sees("/enter/").text.partition("/enter/")[2].split()[0].partition("?")[0]


def on_the_page(town: Town, post: str) -> Phone:
    """The post's holder at the page, where the address is the person."""
    with town.database.writing() as conn:
        holder = StoredTown(conn, town.world.policy).post(PostId(post))
        assert holder is not None
        doors.give_page(conn, str(holder.holder_id), f"page-{post}", town.now)
        return town.phones.setdefault(("web", str(holder.holder_id)), Phone(town, "web", str(holder.holder_id)))


@pytest.mark.parametrize("words", ["网页", "/web"])
def test_a_secretary_gets_a_link_to_the_desk(linked: Town, words: str) -> None:
    secretary = linked.staff("cs-s1c1")
    (secretary.commands if words.startswith("/") else secretary.says)(words)
    assert "?to=desk\n15 分钟内有效，只能用一次" in secretary.shown[-1].text
    (row,) = links(linked)
    key = link_mac(KEY, token(secretary))
    assert row.mac == key  # only the keyed hash is kept of it
    with linked.database.writing() as conn:
        assert doors.good_link(conn, key, linked.now) == secretary.name
        assert doors.good_link(conn, key, linked.now + timedelta(minutes=16)) is None
        assert doors.use_link(conn, key, linked.now) == row.person_id
        assert doors.use_link(conn, key, linked.now) is None


def test_a_worker_gets_a_link_to_the_chat(linked: Town) -> None:
    worker = linked.staff("w-s1c1g1")
    worker.says("网页")
    worker.sees("/enter/", "别转给别人")
    assert "to=desk" not in worker.shown[-1].text


def test_on_the_page_the_pages_are_named_and_no_key_is_made(linked: Town) -> None:
    secretary, city = on_the_page(linked, "cs-s1c1"), on_the_page(linked, "city-1")
    secretary.says("网页")
    secretary.sees("任务台：https://jiesu.example.org/staff/desk", "/staff/joined")
    assert "organisation" not in secretary.shown[-1].text
    city.says("任务台")
    city.sees("组织资料：https://jiesu.example.org/staff/organisation")
    assert links(linked) == []


def test_a_resident_gets_none(linked: Town) -> None:
    resident = linked.resident("王阿姨", "telegram")
    resident.commands("/web")
    resident.says("网页")
    assert links(linked) == []
    assert not [m for m in resident.shown if "/enter/" in m.text]


def test_never_in_a_group(linked: Town) -> None:
    secretary = linked.staff("cs-s1c1")
    secretary.says("网页", chat="-100")
    secretary.sees("不能发在这里")
    assert links(linked) == []
