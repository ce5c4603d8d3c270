"""A desk's report and what it asks in the chat are one thing: the same figures, and the same that is not heard of."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.papers import sentences, tables
from bot.papers.collecting import collect
from bot.papers.pack import Pack, frozen
from casework.figures import counts
from nlp.periods import Period, month_of
from storage import packs
from storage.packs import Kept
from tests.fakes.town import Phone, Town

HOME = "锦绣苑3号楼2单元301室"
DESKS = {"cs-s1c1": "s1c1", "sd-s1": "s1", "city-1": "c"}
HEARD = {"cs-s1c1": 3, "sd-s1": 4, "city-1": 5}
"""Of the five: a secretary hears of the two plain ones and the worker's, the desks above of one more each."""


@pytest.fixture
def complained(town: Town) -> Town:
    """Two plain cases, and a complaint about each of those above one another; all of it late by now."""
    for name, words in (
        ("王阿姨", "没暖气"), ("赵姐", "楼道灯不亮"), ("李叔", "网格员骂人"), ("孙姐", "社区书记态度恶劣"), ("钱叔", "街道办推诿扯皮"),
    ):  # fmt: skip
        town.resident(name).says(f"{HOME}{words}")
    assert sorted(case.accused.level for case in town.cases()) == [0, 0, 1, 2, 3]
    town.forward(days=9)
    return town


def report(town: Town, area: str) -> Pack:
    first, today = month_of(town.now.date())[0], town.now.date()
    with town.database.reading() as conn:
        return collect(conn, town.world.policy, area, Period(first, today, "本月", False), town.now)


def asked(phone: Phone, words: str, pattern: str) -> int:
    """The number in what the chat answers."""
    phone.clears()
    phone.commands(words)
    found = re.search(pattern, "\n".join(message.text for message in phone.shown))
    assert found is not None, phone.shown
    return int(found.group(1))


@pytest.mark.parametrize("post", DESKS)
def test_a_report_counts_what_its_desk_counts_in_the_chat(complained: Town, post: str) -> None:
    pack, phone = report(complained, DESKS[post]), complained.staff(post)
    assert pack.now.whole["filed"] == asked(phone, "/summary 本月", r"登记 (\d+) 件") == HEARD[post]
    assert pack.now.whole["open"] == asked(phone, "/summary 本月", r"还在办 (\d+) 件")
    assert pack.stuck.late == asked(phone, "/overdue", r"超期\D*(\d+) 件") == HEARD[post]
    assert f"已经过了期限、还没办完的有 {HEARD[post]} 件" in sentences.stuck(pack)


def test_where_nothing_was_before_both_say_that_there_is_nothing_to_compare_with(complained: Town) -> None:
    secretary = complained.staff("cs-s1c1")
    secretary.commands("/summary 本月")
    secretary.sees("前一段（11月1日–10日）没有数据可比，去年同期还没有数据。")
    assert "共收到诉求 3 件，2026年11月1日–10日没有数据可比。去年同期还没有数据。" in sentences.summary(report(complained, "s1c1"))[0]


@pytest.mark.parametrize("post", DESKS)
def test_no_part_of_a_report_gives_away_what_another_leaves_out(complained: Town, post: str) -> None:
    pack, heard = report(complained, DESKS[post]), HEARD[post]
    assert sum(pack.days.values()) == heard
    assert sum(each["filed"] for each in pack.months_of.values()) == heard
    assert sum(line.filed for line in pack.estates) == heard
    assert sum(line.counters["filed"] for line in pack.areas) == heard
    assert sum(told["filed"] for told in pack.now.categories.values()) == heard
    assert sum(pack.durations["acknowledge"].values()) == sum(c.acknowledged_at is not None for c in complained.cases())
    assert sum(row[1] for row in tables.categories(pack).rows[1:]) == heard  # type: ignore[misc]
    level = {"cs-s1c1": 2, "sd-s1": 3, "city-1": 4}[post]
    left = [counts(case, complained.world.policy) for case in complained.cases() if case.accused.level < level]
    for name in ("response_of", "response_good", "open", "urgent", "from_resident"):
        assert pack.now.whole[name] == sum(told.get(name, 0) for told in left), name


def test_what_turns_out_to_be_about_the_desk_is_no_revision(complained: Town) -> None:
    """A report that was made before counted one more: what is left out now is not told by the difference."""
    pack = report(complained, "s1c1")
    month = pack.stretch
    with complained.database.writing() as conn:
        for figures, days in (({**frozen(pack.now), "filed": 4, "unheard": 1}, 2), ({**frozen(pack.now), "filed": 2}, 1)):
            packs.keep(conn, "s1c1", Kept(month.first, month.last, complained.now - timedelta(days=days), figures))
    assert [(each.was, each.now) for each in report(complained, "s1c1").changes] == [(2, 3)]
    with complained.database.writing() as conn:
        figures = {**frozen(pack.now), "filed": 5, "unheard": 0}
        packs.keep(conn, "s1c1", Kept(month.first, month.last, complained.now - timedelta(hours=1), figures))
    assert report(complained, "s1c1").changes == []


def test_whoever_sits_at_the_desk_now_is_spared_what_they_are_meant_by_in_another_chair(town: Town) -> None:
    """The worker who was complained about has become the secretary."""
    from sqlalchemy import update

    from storage.people import HOLDING

    town.resident("李叔").says(f"{HOME}网格员骂人")
    worker = town.staff("w-s1c1g1")
    with town.database.writing() as conn:
        conn.execute(update(HOLDING).where(HOLDING.c.post_id == "cs-s1c1", HOLDING.c.until.is_(None)).values(until=town.now))
        person = next(iter(town.cases()[0].accused.people))
        conn.execute(HOLDING.insert().values(post_id="cs-s1c1", person_id=person, since=town.now))
    assert report(town, "s1c1").now.whole["filed"] == 0
    assert report(town, "s1").now.whole["filed"] == 1
    assert asked_nothing(worker)


def asked_nothing(phone: Phone) -> bool:
    """In the chat too."""
    phone.clears()
    phone.commands("/summary 本月")
    return "没有登记过" in phone.shown[-1].text


def test_few_waits_are_told_exactly_and_one_alone_by_one_number(town: Town) -> None:
    worker, secretary = town.staff("w-s1c1g1"), town.staff("cs-s1c1")
    waited = (7, 21, 50)
    for n, minutes in enumerate(waited, 1):
        town.resident(f"住户{n}").says(f"锦绣苑3号楼{n}单元没暖气")
        town.forward(minutes=minutes)
        worker.presses("接单")
        said, pack = closer(secretary), report(town, "s1c1")
        if n == 1:
            assert "多久有人接：7分钟（1 件）" in said
            assert "有人接的 1 件，登记后7分钟接的。" in sentences.summary(pack)
    assert f"多久有人接：一半在21分钟内，九成在{max(waited)}分钟内（3 件）" in said
    assert "一半的诉求在21分钟内有人接，九成在50分钟内。" in sentences.summary(pack)
    assert tables.durations(pack)[0].rows[1] == ("多久有人接", 3, "21分钟", "50分钟")


def test_what_took_no_minute_is_not_said_to_have_taken_none(town: Town) -> None:
    worker, secretary = town.staff("w-s1c1g1"), town.staff("cs-s1c1")
    town.resident("王阿姨").says("锦绣苑3号楼2单元没暖气")
    worker.presses("接单")
    assert "多久有人接：不到1分钟（1 件）" in closer(secretary)
    assert "0分钟" not in "".join(sentences.summary(report(town, "s1c1")))


def closer(phone: Phone) -> str:
    """What 细看 says of this month."""
    phone.clears()
    phone.commands("/summary 本月")
    phone.presses("细看")
    return phone.shown[-1].text
