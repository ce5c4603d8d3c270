"""The past brought in: a hotline's years become cases that have ended and count as live ones do; nobody hears of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.records.bringing import Bringing, Brought
from bot.records.meaning import Meaning
from bot.records.rows import Rows
from bot.records.sheet import read_sheet
from bot.world import ZONE, mint
from casework import figures as pure
from casework import history, rates
from casework.access import scope
from casework.case import Answer, Event, State, Who
from casework.effects import Move
from handlers.summaries.find import searched
from storage import cases, figures, people, records
from storage import tables as t
from storage.database import Connection
from storage.effects import Writer
from storage.records import Intake
from tests.fakes.exports import lines, workbook
from tests.fakes.town import Town

KEY = b"only for tests: callers"
SILENT: list[Any] = [t.Outbox, t.Timer, t.Question, t.Task, t.CasePost, t.Address, t.Thread]


def bring(town: Town, path: Path, *rows: dict[str, Any], kind: str = "a city's", apply: bool = True, again: bool = False) -> tuple[Brought, Rows]:
    sheet = read_sheet(workbook(path / "records.xlsx", lines(kind, *rows)))
    read = Rows(sheet, sheet.guessed, ZONE, town.now, True)
    meaning = Meaning(town.world, town.database, KEY, "hotline")
    intake = Intake("hotline", town.world.policy, mint, ZONE, searched)
    brought = Bringing(town.database, meaning, intake, town.now, apply, again).run(sheet, read)
    town.audit()
    return brought, read


def rows_of(conn: Connection) -> dict[str, int]:
    return {m.__tablename__: conn.execute(select(func.count()).select_from(m.__table__)).scalar_one() for m in SILENT}


def year(town: Town) -> dict[str, dict[str, int]]:
    with town.database.reading() as conn:
        city = str(conn.execute(select(figures.AREA.c.id).where(figures.AREA.c.kind == "city")).scalar_one())
        assert figures.verify(conn, town.world.policy) == []
        return figures.by_category(conn, [city], date(2025, 1, 1), date(2025, 12, 31))


PAST = (
    {"number": "1"},
    {"number": "2", "title": "", "content": "路灯不亮", "solved": "未解决", "satisfaction": "不满意", "address": "锦绣苑5号楼", "phone": "13800000002"},
    {"number": "3", "title": "", "content": "垃圾没人清，臭死了", "solved": "未联系上", "satisfaction": "", "ended_at": "2025-03-01"},
    {"number": "4", "title": "", "content": "暖气不热", "solved": "部分解决", "satisfaction": "基本满意", "filed_at": "2025-02-01 09:00:00", "ended_at": ""},
    {"number": "5", "content": "楼道灯坏了", "filed_at": "去年"},
)


def test_the_figures_after_it_are_the_figures_counted(town: Town, tmp_path: Path) -> None:
    brought, read = bring(town, tmp_path, *PAST)
    assert (brought.fates, len(read.out)) == (Counter(new=4), 1)
    told = year(town)
    whole = {name: sum(row[name] for row in told.values()) for name in pure.COUNTERS}
    assert (whole["filed"], whole["open"], whole["by_phone"], whole["from_hotline"], whole["unanswered"]) == (4, 0, 4, 4, 1)
    assert (whole["answers"], whole["solved"], whole["partly"], whole["graded"], whole["satisfied"], whole["mostly"]) == (3, 1, 1, 3, 1, 1)
    assert told["heating"]["filed"] == 2
    found = rates.rates(town.cases(), town.world.policy, town.now)
    assert (found.resolution.good, found.resolution.of, found.satisfaction.good) == (1, 3, 1.9)
    assert (found.response.of, whole["response_of"]) == (0, 0)  # the register does not say when somebody answered
    with town.database.reading() as conn:
        first = figures.by_start(conn, ["s1c1"], "m", date(2025, 1, 1), date(2025, 12, 31))
    assert {start.month: row["filed"] for start, row in first.items()} == {1: 3, 2: 1}


def test_it_counts_as_what_is_told_in_the_chat(town: Town, tmp_path: Path) -> None:
    """The same words in the same week: hot spots and categories do not ask where they came from."""
    said = ["锦绣苑3号楼2单元又没暖气了", "锦绣苑5号楼路灯不亮"]
    for text in said:
        town.resident().says(text)
    with town.database.reading() as conn:
        live = dict(figures.topics(conn, [c.grid_id or "" for c in town.cases()], "w", date(2026, 11, 30), date(2026, 11, 30)))
    assert live
    at = f"{town.now.astimezone(ZONE) - timedelta(minutes=5):%Y-%m-%d %H:%M}"
    bring(town, tmp_path, *({"number": str(n), "content": text, "address": "", "filed_at": at, "ended_at": "", "title": ""} for n, text in enumerate(said)))
    with town.database.reading() as conn:
        both = figures.topics(conn, [c.grid_id or "" for c in town.cases()], "w", date(2026, 11, 30), date(2026, 11, 30))
    assert both == {key: 2 * count for key, count in live.items()}


def test_nobody_hears_of_it_and_nothing_ticks(town: Town, tmp_path: Path) -> None:
    with town.database.reading() as conn:
        before = rows_of(conn)
    bring(town, tmp_path, *PAST)
    town.forward(days=20)
    with town.database.reading() as conn:
        assert rows_of(conn) == before
    assert {c.state for c in town.cases()} <= {State.CONFIRMED, State.CLOSED_UNANSWERED}


def test_again_it_doubles_nothing(town: Town, tmp_path: Path) -> None:
    bring(town, tmp_path, *PAST)
    told, cases_ = year(town), town.cases()
    for again in (False, True):
        assert bring(town, tmp_path, *PAST, again=again)[0].fates == Counter(same=4)
        assert (year(town), town.cases()) == (told, cases_)
    bare = [{"solved": "已解决"}, {"content": "井盖没了"}]
    assert bring(town, tmp_path, *bare, kind="a desk's")[0].fates == Counter(new=2)  # without numbers: by what is told
    assert bring(town, tmp_path, *bare, kind="a desk's")[0].fates == Counter(same=2)


def test_a_record_that_changed_changes_its_case(town: Town, tmp_path: Path) -> None:
    bring(town, tmp_path, *PAST)
    mended = {**PAST[1], "solved": "已解决", "satisfaction": "满意", "content": "路灯不亮，已有三盏"}
    assert bring(town, tmp_path, PAST[0], mended, *PAST[2:])[0].fates == Counter(same=3, changed=1)
    (case,) = [c for c in town.cases() if "三盏" in c.summary]
    assert (case.state, case.answer, case.rev) == (State.CONFIRMED, Answer.SOLVED, 2)
    assert sum(row["solved"] for row in year(town).values()) == 2
    with town.database.reading() as conn:
        assert [line.words for line in cases.lines(conn, case.id)] == ["路灯不亮", "路灯不亮，已有三盏"]


def test_what_was_done_here_since_no_file_undoes(town: Town, tmp_path: Path) -> None:
    bring(town, tmp_path, PAST[0])
    (case,) = town.cases()
    after = replace(case, struck_out=True, rev=case.rev + 1)
    event = Event(case.id, after.rev, town.now, "strike_out", Who.DESK, None, None, case.state, case.state, history.changes(case, after))
    with town.database.writing() as conn:
        writer = Writer(conn, town.world.policy, town.now, mint)
        writer.write(Move(case, after, event, "", False, ()))
        writer.ledger.write()
    assert bring(town, tmp_path, {**PAST[0], "solved": "未解决"})[0].fates == Counter(ours=1)
    assert town.cases() == [after]


def test_a_dry_run_tells_the_same_and_writes_nothing(town: Town, tmp_path: Path) -> None:
    assert bring(town, tmp_path, *PAST, apply=False)[0].fates == Counter(new=4)
    assert town.cases() == []
    bring(town, tmp_path, *PAST)
    assert bring(town, tmp_path, {**PAST[0], "solved": "否"}, apply=False)[0].fates == Counter(changed=1)


def test_who_called_is_nobody_with_a_name_and_the_same_for_the_same_number(town: Town, tmp_path: Path) -> None:
    bring(town, tmp_path, *PAST)
    callers = [c.resident_id for c in town.cases()]
    assert len(set(callers)) == 2
    with town.database.reading() as conn:
        for caller in callers:
            who = people.person(conn, caller)
            assert who is not None
            assert (who.name, who.phone, people.doors(conn, caller)) == ("", None, [])
        dump = "\n".join(conn.connection.dbapi_connection.iterdump())  # type: ignore[union-attr]
    assert "13800000001" not in dump
    assert "某某" not in dump


def test_the_files_own_category_is_kept_beside(town: Town, tmp_path: Path) -> None:
    bring(town, tmp_path, PAST[0])
    (case,) = town.cases()
    assert case.category == "heating"
    assert case.number == "25-H000001"
    with town.database.reading() as conn:
        told = records.of_case(conn, case.id)
    assert told is not None
    assert (told["category"], told["department"], told["number"]) == ("供热", "某供热公司", "1")


def test_the_card_of_a_record_says_what_its_register_says_to_whoever_may_read_it(town: Town, tmp_path: Path) -> None:
    bring(town, tmp_path, PAST[0], {**PAST[1], "category": "", "department": ""})
    secretary, other = town.staff("cs-s1c1"), town.staff("cs-s2c1")
    secretary.commands("/case 25-H000001")
    told = secretary.sees("25-H000001", "热线带进来的历史记录", "原单分类：供热，承办：某供热公司，编号：1。").text
    assert "前办好" not in told  # nothing ticks for it
    assert secretary.shown[-1].buttons == []
    secretary.commands("/case 25-H000002")
    assert "原单编号：2。" in secretary.sees("25-H000002").text
    other.commands("/case 25-H000001")
    other.sees("这一件您看不到")
    other.sees_nothing("某供热公司")


def test_whom_a_complaint_is_about_does_not_read_it_years_later(town: Town, tmp_path: Path) -> None:
    bring(town, tmp_path, {"number": "1", "title": "", "content": "我要投诉社区书记，他骂人", "solved": ""}, PAST[1])
    secretary = town.staff("cs-s1c1")
    with town.database.reading() as conn:
        speaker = people.speaker(conn, secretary.channel, secretary.address)
        assert speaker is not None
        seen = cases.visible(conn, scope(speaker.person), town.now - timedelta(days=900))
    (about,) = [c for c in town.cases() if c.accused]
    assert "cs-s1c1" in about.accused.posts
    assert [c.number for c in seen] == ["25-H000002"]


@pytest.mark.parametrize(("place", "grid", "community"), [
    ({"address": "锦绣苑3号楼"}, True, "s1c1"),
    ({"address": "一个没有的地方"}, False, None),
    ({"address": ""}, False, None),
])
def test_where_it_was(town: Town, tmp_path: Path, place: dict[str, str], grid: bool, community: str | None) -> None:
    bring(town, tmp_path, {"title": "", "content": "路灯不亮", **place})
    (case,) = town.cases()
    assert (case.grid_id is not None, case.community_id) == (grid, community)
    assert case.spot.words == ("一个没有的地方" if "没有" in place["address"] else "")


def test_the_past_is_found_by_its_words(town: Town, tmp_path: Path) -> None:
    bring(town, tmp_path, *PAST)
    secretary = town.staff("cs-s1c1")
    secretary.commands("/find 路灯")
    told = secretary.sees("25-H00000", "锦绣苑5号楼")
    number = next(word for word in told.text.split() if word.startswith("25-H"))
    secretary.commands(f"/find {number}")
    secretary.sees(number)
    secretary.commands("/find 锦绣苑5号楼")
    secretary.sees(number)
    secretary.commands("/find 15号楼")
    secretary.sees("没找到")
    secretary.commands("/summary 2025年")
    secretary.sees("锦绣社区")


@pytest.mark.parametrize(("content", "category", "topic"), [
    ("社区工作人员态度恶劣", "public_services", "conduct"),
    ("网格员骂人，不接电话", "public_services", "conduct"),
    ("物业的人骂人", "property_service", "conduct"),
    ("暖气不热，物业的人还骂人", "heating", None),
])
def test_a_complaint_about_staff_is_filed_as_a_live_one_is(town: Town, tmp_path: Path, content: str, category: str, topic: str | None) -> None:
    bring(town, tmp_path, {"title": "", "content": content, "address": "锦绣苑3号楼"})
    (case,) = town.cases()
    assert case.accused
    assert (case.category, case.topic if topic else None) == (category, topic)
