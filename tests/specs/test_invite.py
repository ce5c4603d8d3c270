"""`invite`: the first staff of a town get in with a code typed into a chat, or a link opened in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.engine import OFFSET
from bot.entry import link_mac
from bot.keys import Keys
from storage import doors, people, tables
from storage.settings import put_setting
from tests.fakes.town import START, Phone, Town, made, template

CODE = re.compile(r"绑定 ([0-9A-Z]{4}-[0-9A-Z]{4})$", re.MULTILINE)
LINK = re.compile(r"http://127\.0\.0\.1:8080/enter/(\S+)")


@pytest.fixture(scope="module")
def town_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return template(tmp_path_factory.mktemp("town"))


@pytest.fixture
def town(tmp_path: Path, town_template: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """The demonstration's database, its clock at START, its keys in the folder that the command uses too."""
    monkeypatch.setenv("JIESU_DATABASE__URL", f"sqlite:///{tmp_path}/story.db")
    monkeypatch.setenv("JIESU_DATA__FOLDER", str(tmp_path))
    for town in made(tmp_path, town_template):
        town.world = replace(town.world, code_key=Keys.load(tmp_path).codes)
        with town.database.writing() as conn:
            put_setting(conn, OFFSET, str((START - datetime.now(UTC)).total_seconds()))
        yield town


def invite(who: str, status: int = 0) -> Result:
    done = CliRunner().invoke(app, ["invite", who])
    assert done.exit_code == status, done.output
    return done


def code_for(who: str) -> str:
    found = CODE.search(invite(who).output)
    assert found is not None
    return found[1]


def test_the_code_binds_a_telegram_chat_once(town: Town):
    code = code_for("w-s1c1g1")
    chat = Phone(town, "telegram", "tg-1")
    town.phones["telegram", "tg-1"] = chat
    chat.says(f"绑定 {code.lower()}")
    chat.sees("绑定好了，潘霞兰", "专职网格员")
    with town.database.reading() as conn:
        bound = people.speaker(conn, "telegram", "tg-1")
    assert bound is not None
    assert [post.id for post in bound.person.posts] == ["w-s1c1g1"]
    another = town.resident("别人", "telegram")
    another.says(f"绑定 {code}")
    another.sees("不对或已过期")


def test_after_five_wrong_codes_the_right_one_has_to_wait_an_hour(town: Town):
    code = code_for("w-s1c1g1")
    chat = town.resident("潘", "telegram")
    for _ in range(5):
        chat.says("绑定 0000-0000")
        chat.sees("不对或已过期")
    chat.says(f"绑定 {code}")
    chat.sees("一小时以后再试")
    town.forward(hours=1, seconds=1)
    chat.says(f"绑定 {code}")
    chat.sees("绑定好了")


def test_the_code_lasts_seven_days_of_the_town_s_own_clock(town: Town):
    early, late = code_for("w-s1c1g1"), code_for("w-s1c1g2")
    town.now += timedelta(days=7, minutes=-5)
    chat = town.resident("潘", "telegram")
    chat.says(f"绑定 {early}")
    chat.sees("绑定好了")
    town.now += timedelta(minutes=10)
    chat.says(f"绑定 {late}")
    chat.sees("不对或已过期")


def test_the_link_lets_the_person_in_once_within_a_quarter_of_an_hour(town: Town, tmp_path: Path):
    found = LINK.search(invite("cs-s1c1").output)
    assert found is not None
    mac, wall = link_mac(Keys.load(tmp_path).links, found[1]), datetime.now(UTC)
    with town.database.writing() as conn:
        assert doors.good_link(conn, mac, wall + timedelta(minutes=16)) is None
        person_id = doors.use_link(conn, mac, wall)
        assert person_id is not None
        who = people.person(conn, person_id)
        assert doors.use_link(conn, mac, wall) is None
    assert who is not None
    assert [post.id for post in who.posts] == ["cs-s1c1"]


def test_it_works_while_another_process_has_the_database(town: Town):
    with town.database.reading() as conn:
        conn.execute(select(tables.Setting.name)).all()
        invite("w-s1c1g1")


@pytest.mark.parametrize("who", ["n0001", "潘霞兰", " w-s1c1g1 "])
def test_a_number_or_a_name_will_do(town: Town, who: str):
    assert "潘霞兰（专职网格员）" in invite(who).output


def test_several_are_listed_and_nobody_is_let_in(town: Town):
    told = invite("社区党委书记", 1).output
    assert "请改写岗位编号" in told
    assert "cs-s1c1  锦绣社区 社区党委书记" in told
    assert "还有 27 个" in told
    with town.database.reading() as conn:
        assert conn.execute(select(tables.Link.id)).all() == []


def test_nobody_and_a_vacant_post_are_said_in_a_sentence(town: Town):
    assert "没有找到「没有此人%」" in invite("没有此人%", 1).output
    assert "没有找到" in invite(" ", 1).output
    with town.database.writing() as conn:
        conn.execute(people.HOLDING.update().where(people.HOLDING.c.post_id == "w-s1c1g1").values(until=START))
    assert "这个岗位现在没有人" in invite("w-s1c1g1", 1).output


def test_a_town_s_own_database_is_not_entered_by_the_demonstration(town: Town, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("JIESU_DEMO__ENABLED", "false")
    assert CODE.search(invite("w-s1c1g1").output)
    monkeypatch.setenv("JIESU_DEMO__ENABLED", "true")
    assert "这个数据库是正式使用的" in invite("w-s1c1g1", 1).output


def test_a_wrong_configuration_is_said_not_traced(town: Town, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("JIESU_WEB__PRT", "1")
    told = invite("w-s1c1g1", 1).output
    assert "PRT" in told
    assert "Traceback" not in told
