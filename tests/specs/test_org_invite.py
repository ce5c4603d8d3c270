"""`org invite`: printed cards that let the staff in: once, for seven days, by whichever of their ways."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update
from typer.testing import CliRunner, Result

from bot import invitations
from bot.cli import app
from bot.engine import OFFSET
from bot.entry import link_mac
from bot.keys import Keys
from casework.errors import JiesuError
from storage import doors, joined, people, tables
from storage.joined import AreaOf, Standing
from storage.settings import put_setting
from tests.fakes.cards import Read, cards, sheets
from tests.fakes.town import START, Phone, Town, made, template

GRID = "s1c1g1"  # 33 of the staff, 潘霞兰 its full-time worker
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def town_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return template(tmp_path_factory.mktemp("town"))


@pytest.fixture
def town(tmp_path: Path, town_template: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    monkeypatch.setenv("JIESU_DATABASE__URL", f"sqlite:///{tmp_path}/story.db")
    monkeypatch.setenv("JIESU_DATA__FOLDER", str(tmp_path))
    monkeypatch.setenv("JIESU_WEB__PUBLIC_URL", "https://jiesu.example.org")
    monkeypatch.chdir(tmp_path)
    for town in made(tmp_path, town_template):
        town.world = replace(town.world, code_key=Keys.load(tmp_path).codes)
        with town.database.writing() as conn:
            put_setting(conn, OFFSET, str((START - datetime.now(UTC)).total_seconds()))
        yield town


def run(*args: str, status: int = 0) -> Result:
    done = CliRunner().invoke(app, ["org", "invite", *args])
    assert done.exit_code == status, done.output
    return done


def printed(*args: str, file: str = "cards.html") -> list[Read]:
    run(*args, "--out", file)
    return cards(Path(file).read_text("utf-8"))


def one(who: str = "w-s1c1g1", file: str = "cards.html") -> Read:
    found = printed("--name", who, file=file)
    assert len(found) == 1
    return found[0]


def chat(town: Town, name: str = "tg-1") -> Phone:
    return town.phones.setdefault(("telegram", name), Phone(town, "telegram", name))


def let_in(town: Town, card: Read, after: timedelta = timedelta(0)) -> str | None:
    """Whom the card's link lets in, so long after now."""
    mac = link_mac(Keys.load(Path()).links, card.token)
    with town.database.writing() as conn:
        return doors.use_link(conn, mac, datetime.now(UTC) + after)


# ---- one card, one use


def test_a_card_is_read_and_its_code_binds(town: Town):
    card = one()
    assert card.name == "潘霞兰"
    for words in ("恒安新区", "专职网格员", "锦绣社区第1网格", "12月8日 10:0", "只给本人，用一次就作废", f"绑定 {card.code}"):
        assert words in card.words
    assert card.links == (f"https://jiesu.example.org/enter/{card.token}",)
    chat(town).says(f"绑定 {card.code}")
    chat(town).sees("绑定好了，潘霞兰")


def test_who_used_the_code_cannot_use_the_link(town: Town):
    card = one()
    chat(town).says(f"绑定 {card.code}")
    chat(town).sees("绑定好了")
    assert let_in(town, card) is None


def test_who_used_the_link_cannot_use_the_code(town: Town):
    card = one()
    assert let_in(town, card) is not None
    assert let_in(town, card) is None
    chat(town).says(f"绑定 {card.code}")
    chat(town).sees("不对或已过期")


def test_one_s_card_leaves_another_s_alone(town: Town):
    mine, other = one(), one("w-s1c1g2", file="other.html")
    assert let_in(town, mine) is not None
    chat(town).says(f"绑定 {other.code}")
    chat(town).sees("绑定好了")


def test_the_link_lives_for_seven_days(town: Town):
    early, late = one(), one("w-s1c1g2", file="late.html")
    assert let_in(town, early, 7 * DAY - timedelta(minutes=5)) is not None
    assert let_in(town, late, 7 * DAY + timedelta(minutes=5)) is None


def test_the_code_lives_for_seven_days_of_the_town_s_clock(town: Town):
    early, late = one(), one("w-s1c1g2", file="late.html")
    town.now += 7 * DAY - timedelta(minutes=5)
    chat(town).says(f"绑定 {early.code}")
    chat(town).sees("绑定好了")
    town.now += timedelta(minutes=10)
    chat(town, "tg-2").says(f"绑定 {late.code}")
    chat(town, "tg-2").sees("不对或已过期")


def test_the_invitation_of_one_person_keeps_its_quarter_of_an_hour(town: Town):
    done = CliRunner().invoke(app, ["invite", "w-s1c1g1"])
    token = re.search(r"/enter/(\S+)", done.output)
    assert token is not None
    with town.database.reading() as conn:
        mac = link_mac(Keys.load(Path()).links, token[1])
        assert doors.good_link(conn, mac, datetime.now(UTC) + timedelta(minutes=14)) is not None
        assert doors.good_link(conn, mac, datetime.now(UTC) + timedelta(minutes=16)) is None


def test_printing_again_makes_the_earlier_card_worthless(town: Town):
    first = one()
    told = run("--name", "w-s1c1g1", "--out", "again.html").output
    assert "还没用过的 1 张作废了" in told
    second = cards(Path("again.html").read_text("utf-8"))[0]
    assert let_in(town, first) is None
    chat(town).says(f"绑定 {first.code}")
    chat(town).sees("不对或已过期")
    chat(town).says(f"绑定 {second.code}")
    chat(town).sees("绑定好了")


# ---- /start b…, which the square for Telegram opens


def test_the_square_for_telegram_binds(town: Town, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("JIESU_TELEGRAM__TOKEN", "4711:secret")
    with town.database.writing() as conn:
        invitations.keep_bot(conn, 4711, "hengan_bot")
    card = one()
    start, _ = card.links
    assert start == f"https://t.me/hengan_bot?start=b{card.code.replace('-', '')}"
    chat(town).commands(f"/start {start.partition('=')[2]}")
    chat(town).sees("绑定好了，潘霞兰")
    assert let_in(town, card) is None


def test_five_wrong_starts_and_the_right_one_has_to_wait(town: Town):
    card = one()
    for wrong in ("b00000000", "b1", "b" + "0" * 60, "b0000-0000", "b"):
        chat(town).commands(f"/start {wrong}")
        chat(town).sees("不对或已过期")
    chat(town).commands(f"/start b{card.code}")
    chat(town).sees("一小时以后再试")
    town.forward(hours=1, seconds=1)
    chat(town).commands(f"/start b{card.code}")
    chat(town).sees("绑定好了")


def test_a_bot_that_has_not_said_its_name_is_left_out_and_that_is_told(town: Town, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("JIESU_TELEGRAM__TOKEN", "4711:secret")
    with town.database.writing() as conn:
        invitations.keep_bot(conn, 42, "the_bot_before")
    assert "没有印 Telegram 的码" in run("--name", "w-s1c1g1").output
    card = cards(Path("cards.html").read_text("utf-8"))[0]
    assert len(card.links) == 1
    assert f"绑定 {card.code}" in card.words


# ---- for whom


def test_by_default_for_who_has_not_come_in(town: Town):
    everybody = printed("--area", GRID)
    town.staff("w-s1c1g1")
    told = run("--area", GRID, "--out", "rest.html").output
    assert "已经进来的 1 人没有印" in told
    rest = cards(Path("rest.html").read_text("utf-8"))
    assert {c.name for c in everybody} - {c.name for c in rest} == {"潘霞兰"}
    assert len(rest) == len(everybody) - 1
    assert len(printed("--area", GRID, "--all", file="all.html")) == len(everybody)


def test_a_page_that_nobody_has_opened_is_no_coming_in(town: Town):
    """In the demonstration everybody has one from the start."""
    with town.database.writing() as conn:
        doors.give_page_to_staff(conn, town.world.mint)
    card = one()
    person = let_in(town, card)
    assert person is not None
    with town.database.writing() as conn:
        doors.give_page(conn, person, "unused", town.now)  # as the page does when [进入] is pressed
    assert "都进来了" in run("--name", "w-s1c1g1", "--out", "none.html").output
    assert not Path("none.html").exists()


@pytest.mark.parametrize(
    ("used", "standing"),
    [
        ([], Standing.OUT),
        ([(None, None)], Standing.OUT),
        ([(None, START)], Standing.OUT),
        ([(START, None)], Standing.IN),
        ([(START - 7 * DAY, None)], Standing.IN),
        ([(START - 7 * DAY - timedelta(seconds=1), None)], Standing.SILENT),
        ([(START - 9 * DAY, None), (START - DAY, None)], Standing.IN),
        ([(START, START)], Standing.BLOCKED),
        ([(START, START), (None, None)], Standing.BLOCKED),
        ([(START, START), (START - 9 * DAY, None)], Standing.SILENT),
    ],
)
def test_how_far_somebody_has_come(used: list[tuple[datetime | None, datetime | None]], standing: Standing):
    assert joined.standing(used, START) is standing


def test_a_chat_that_a_colleague_took_over_lets_nobody_else_in(town: Town):
    first, second = one(), one("w-s1c1g2", file="second.html")
    chat(town).says(f"绑定 {first.code}")
    chat(town).says(f"绑定 {second.code}")
    chat(town).sees("绑定好了")
    with town.database.reading() as conn:
        found = {m.posts[0].id: m.standing for m in joined.members(conn, "/c/s1/s1c1/", town.now)}
    assert (found["w-s1c1g1"], found["w-s1c1g2"]) == (Standing.OUT, Standing.IN)


@pytest.mark.parametrize("area", ["s1c1g1", "锦绣社区第1网格", " 锦绣1网格 "])
def test_an_area_by_number_name_or_other_name(town: Town, area: str):
    found = printed("--area", area)
    assert len(found) > 10
    assert all("锦绣社区第1网格" in card.words for card in found)


def test_an_area_that_is_not_found_or_is_several():
    areas = {
        id: AreaOf(id, kind, name, f"/{id}/", ("老名",))
        for id, kind, name in (("c", "city", "城"), ("a", "community", "平安社区"), ("b", "community", "平安社区"))
    }
    assert invitations.find_area(areas, "").id == "c"
    assert invitations.find_area(areas, "a").id == "a"
    with pytest.raises(JiesuError, match="没有找到「无此地」"):
        invitations.find_area(areas, "无此地")
    for words in ("平安社区", "老名"):
        with pytest.raises(JiesuError, match=r"(?s)好几个地方.*  a  平安社区"):
            invitations.find_area(areas, words)


def test_by_role_and_by_name(town: Town):
    workers = printed("--area", "s1c1", "--role", "worker")
    assert workers
    assert all("网格员" in card.words for card in workers)
    with town.database.reading() as conn:
        person = conn.execute(select(tables.Person.org_id).where(tables.Person.name == "潘霞兰")).scalar_one()
    assert [card.name for card in printed("--name", person, file="n.html")] == ["潘霞兰"]
    assert "没有找到这样的人" in run("--name", "潘霞", "--out", "x.html", status=1).output
    assert "没有找到这样的人" in run("--area", "s1c2", "--name", "潘霞兰", "--out", "x.html", status=1).output
    assert "没有找到「东海龙宫」" in run("--area", "东海龙宫", "--out", "x.html", status=1).output
    assert not Path("x.html").exists()


def test_who_holds_two_posts_gets_one_card(town: Town):
    with town.database.writing() as conn:
        person = conn.execute(select(tables.Holding.person_id).where(tables.Holding.post_id == "w-s1c1g1")).scalar_one()
        conn.execute(
            update(tables.Holding).where(tables.Holding.post_id == "w-s1c1g2").values(person_id=person)  # type: ignore[arg-type]
        )
    assert [c.name for c in printed("--area", "s1c1", "--role", "worker")].count("潘霞兰") == 1


# ---- the file


def test_each_community_begins_on_its_own_page_by_area_and_name(town: Town):
    run("--area", "s1")
    found = sheets(Path("cards.html").read_text("utf-8"))
    assert all(len(page) <= 10 for _, page in found)
    headings = [heading for heading, _ in found]
    in_turn = list(dict.fromkeys(headings))
    assert in_turn[:2] == ["东华街道", "锦绣社区"]
    assert headings == sorted(headings, key=in_turn.index)  # nobody's pages stand among another's
    grids = [re.search(r"锦绣社区第(\d+)网格", c.words) for heading, page in found if heading == "锦绣社区" for c in page]
    numbers = [int(grid[1]) if grid else 0 for grid in grids]
    assert numbers == sorted(numbers)
    names = [c.name for heading, page in found if heading == "锦绣社区" for c in page if "锦绣社区第1网格" in c.words]
    assert names == sorted(names)


def test_the_file_is_for_its_owner_only_and_asks_nothing_of_anybody(town: Town):
    told = run("--area", GRID).output
    assert "钥匙" in told
    assert stat.S_IMODE(Path("cards.html").stat().st_mode) == 0o600
    page = Path("cards.html").read_text("utf-8")
    assert not re.search(r"<script|<link|<img|@import|url\(|src=|href=", page)
    assert "default-src &#39;none&#39;" in page
    assert [path.name for path in Path().glob(".cards*")] == []


def test_what_is_kept_are_hashes(town: Town):
    card = one()
    with town.database.reading() as conn:
        kept = str(conn.exec_driver_sql("select * from link").all())
    assert card.token not in kept
    assert card.code not in kept
    assert card.code.replace("-", "") not in kept
    assert kept.count("enter") == kept.count("bind") == 1


def test_names_are_words_not_markup(town: Town):
    with town.database.writing() as conn:
        conn.execute(update(tables.Person).where(tables.Person.name == "潘霞兰").values(name="<b>潘</b>&“兰”"))  # type: ignore[arg-type]
    assert one().name == "<b>潘</b>&“兰”"
    assert "<b>潘" not in Path("cards.html").read_text("utf-8")


def test_a_file_that_is_there_is_left_alone_and_nothing_is_void(town: Town):
    card = one()
    before = Path("cards.html").read_bytes()
    for file in ("cards.html", "-", "no/such/folder.html"):
        told = run("--name", "w-s1c1g1", "--out", file, status=1).output
        assert "Traceback" not in told
        assert "。" in told
    assert Path("cards.html").read_bytes() == before
    assert let_in(town, card) is not None


def test_what_fails_leaves_no_file_and_nothing_void(town: Town, monkeypatch: pytest.MonkeyPatch):
    card = one()

    def fails(*args: object) -> int:
        doors_add(*args)  # type: ignore[arg-type]
        raise JiesuError("磁盘满了。")

    doors_add = doors.add_cards
    monkeypatch.setattr(doors, "add_cards", fails)
    assert "磁盘满了" in run("--name", "w-s1c1g1", "--out", "b.html", status=1).output
    assert [path.name for path in Path().glob("*b.html*")] == []
    assert let_in(town, card) is not None


def test_it_works_while_another_process_has_the_database(town: Town):
    with town.database.reading() as conn:
        conn.execute(select(tables.Setting.name)).all()
        one()


def test_a_post_that_has_ended_or_is_vacant_gets_no_card(town: Town):
    with town.database.writing() as conn:
        conn.execute(people.POST.update().where(people.POST.c.id == "w-s1c1g1").values(ended_at=START))
        conn.execute(people.HOLDING.update().where(people.HOLDING.c.post_id == "w-s1c1g2").values(until=START))
    names = {card.name for card in printed("--area", "s1c1")}
    assert not names & {"潘霞兰", "余玉淑"}


def test_an_area_s_number_is_not_a_pattern(town: Town):
    """Letters that LIKE would take for any other."""
    with town.database.writing() as conn:
        for id in ("x_1", "xy1"):
            area = {"id": id, "kind": "community", "name": id, "parent_id": "s1", "path": f"/c/s1/{id}/", "aliases": []}
            conn.execute(insert(tables.Area), area)
        for post, area_id in (("w-s1c1g1", "x_1"), ("w-s1c1g2", "xy1")):
            conn.execute(people.POST.update().where(people.POST.c.id == post).values(area_id=area_id))
    assert [card.name for card in printed("--area", "x_1")] == ["潘霞兰"]
