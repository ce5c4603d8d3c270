"""The tables of a report: topics, estates, what was done again, years, records of the past; how wide they are, and what is cut."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bot.papers import sentences, tables
from bot.papers.word_tables import fitting
from casework.case import Spot, State
from nlp.periods import Period
from storage.people import HOLDING
from storage.roster import LEAVE, ROSTER
from tests.fakes.month import MADE_AT, Month, two_months
from tests.fakes.town import Town, template
from tests.specs.test_report import in_document, made, packed


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Town]:
    town = Town(template(tmp_path))
    yield town
    town.close()


def test_topics_and_estates_have_their_own_tables(fresh: Town) -> None:
    month = Month(fresh)
    month.case("09-02")
    for day in ("10-05", "10-06"):
        month.case(day, spot=Spot(estate_id="e01"))
    month.case("10-07", spot=Spot(estate_id="e02"), category="sanitation", topic="rubbish", state=State.CONFIRMED, ended_at=MADE_AT)
    month.case("10-08", category="other", topic="mentioned", struck_out=True)
    month.case("10-09", category="sanitation", topic=None)
    month.counted()
    pack = packed(fresh, "s1c1")
    assert tables.topics(pack).rows[1:] == [("暖气不热", "供暖", 2, "50%", 1, "+1"), ("垃圾", "卫生绿化", 1, "25%", 0, "+1")]
    (estates,) = tables.estates(pack)
    assert estates.rows == [("小区", "诉求", "还在办"), ("锦绣苑", 2, 2), ("平安里", 1, 0), ("没有说小区", 1, 1)]
    quarter = packed(fresh, "s1c1", Period(date(2026, 7, 1), date(2026, 9, 30), "", True))
    assert tables.topics(quarter).rows[1:] == [("暖气不热", "供暖", 1, "100%", "–", "–", "9月（1 件）")]  # nothing was counted before
    assert tables.estates(quarter) == []


def test_a_long_table_is_cut_in_the_document_and_whole_in_the_workbook(fresh: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "TOPICS", 1)
    two_months(fresh)
    both = made(fresh, "s1c1")
    assert "另有 2 行在工作簿里" in in_document(both.document)
    assert "赌博" not in in_document(both.document).partition("各种问题")[2].partition("各处")[0]
    names = [row[0].value for row in openpyxl.load_workbook(io.BytesIO(both.workbook))["数字"].iter_rows()]
    assert {"暖气不热", "赌博", "垃圾"} <= set(names)


def test_what_was_done_again_is_said_with_its_rate(fresh: Town) -> None:
    month = Month(fresh)
    month.solved("10-05", reopens=2)
    for day in ("10-06", "10-07", "10-08"):
        month.solved(day)
    month.counted()
    pack = packed(fresh, "s1c1")
    assert ("重办率", "25%（1/4）", "–", "", "–") in tables.whole(pack).rows
    told = "\n".join(sentences.summary(pack))
    assert "重新办过的 1 件，重办率 25%。" in told
    assert ("综合", "100.0 分", "–", "", "–") in tables.whole(pack).rows  # as in the chat
    assert "居民说解决了的，一半在登记后" in told
    assert "这一期登记的没有还在办的。" in told


def test_records_of_the_past_say_that_they_have_no_rates_and_not_noughts(fresh: Town) -> None:
    month = Month(fresh)
    past: dict[str, Any] = {"acknowledged_at": None, "state": State.CLOSED_UNANSWERED, "origin": "hotline", "channel": "phone", "ended_at": MADE_AT}
    for day in ("10-05", "10-06"):
        month.case(day, **past)
    month.counted()
    year = packed(fresh, "s1c1", Period(date(2026, 1, 1), date(2026, 12, 31), "", True), MADE_AT + timedelta(days=90))
    told = "\n".join(sentences.summary(year))
    assert {line.owner for line in year.cases.lines} == {""}  # nobody has what has ended
    assert "三率没有数据：带进来的热线记录里没有写" in told
    assert "2 件没有回访结果" in told
    assert "0%" not in told.replace("100%", "")
    rows = {row[0]: row for row in tables.whole(year).rows}
    assert rows["响应率"] == ("响应率", "没有数据", "–", "")  # no column twice: the year before is the period before
    assert rows["项目"] == ("项目", "本期", "上期", "比上期")
    for table in (tables.categories(year), tables.areas(year)):
        assert "响应率" not in table.rows[0]


def test_columns_are_as_wide_as_what_stands_in_them_and_never_wider_than_the_page() -> None:
    short = fitting([("名称", "诉求"), ("第1网格", 8)], 9)
    assert short[0] > short[1]
    assert sum(short) < 8
    long = fitting([("类别", *["满意率"] * 8), ("很长的名字" * 4, *["100%（1234/1234）"] * 8)], 8)
    assert sum(long) < 16.21
    assert fitting([("类别", "诉求", "比上期"), ("民生政务", 2584, "+2035")], 8)[1] > 4 * 0.55 * 8 * 0.036  # a number stays on its line


def test_how_much_of_the_duty_was_covered_stands_in_summary_and_tables(fresh: Town) -> None:
    """November, of which the roster is known from the 30th on: one day and one night of each grid. In 锦绣社区 one worker is away."""
    with fresh.database.writing() as conn:
        conn.execute(HOLDING.update().values(since=MADE_AT + timedelta(days=29)))
        conn.execute(LEAVE.insert().values(post_id="w-s1c1g2", first=date(2026, 11, 30), last=date(2026, 11, 30)))
        conn.execute(ROSTER.delete().where(ROSTER.c.area_id.in_(["s1c1", "s1c1g3"]), ROSTER.c.duty == "night"))
    Month(fresh).case("11-10")
    pack = packed(fresh, "s1c1", Period(date(2026, 11, 1), date(2026, 11, 30), "", True), MADE_AT + timedelta(days=30))
    told = "\n".join(sentences.summary(replace(pack, now=replace(pack.now, categories={"heating": {"filed": 1}}))))
    assert "值班覆盖率：白天 83.3%，夜里 25%。白天有空着的钟点的网格 1 个，列在后面。11月30日以前没有留下排班，没有算。" in told
    assert [row[-2:] for row in tables.areas(pack).rows] == [
        ("白天值班", "夜里值班"), ("100%", "100%"), ("33.3%", "0%"), ("100%", "0%"), ("100%", "0%"),
    ]  # fmt: skip
    (gaps,) = tables.gaps(pack)
    assert gaps.rows == [("网格", "白天值班", "夜里值班", "白天空着（小时）"), ("第2网格", "33.3%", "0%", "10")]


def test_of_a_month_before_the_first_roster_nothing_is_said_of_duty(fresh: Town) -> None:
    two_months(fresh)
    pack = packed(fresh, "s1c1")
    assert pack.covered is None
    assert "值班覆盖率" not in "\n".join(sentences.summary(pack))
    assert "白天值班" not in tables.areas(pack).rows[0]
    assert tables.gaps(pack) == []


def test_a_year_stands_month_by_month_beside_the_year_before(fresh: Town) -> None:
    month = Month(fresh)
    for day in ("02-03", "02-04", "09-02"):
        month.solved(day)
    month.counted()
    pack = packed(fresh, "s1c1", Period(date(2026, 1, 1), date(2026, 12, 31), "", False))
    (months,) = tables.months(pack)
    assert [row[:3] for row in months.rows] == [("月份", "诉求", "还在办"), ("2026年2月", 2, 0), ("2026年9月", 1, 0)]
    assert tables.topics(pack).rows[1][-1] == "2月（2 件）"
    assert tables.months(packed(fresh, "s1c1", Period(date(2026, 9, 1), date(2026, 9, 30), "", True))) == []
    assert "一、情况概述" in in_document(made(fresh, "s1c1", Period(date(2026, 1, 1), date(2026, 12, 31), "", False)).document)


def test_where_there_is_far_more_than_before_that_is_said_beside_what_rises(fresh: Town) -> None:
    month = Month(fresh)
    month.case("09-02")
    for _ in range(6):
        month.case("10-05")
    month.counted()
    pack = packed(fresh, "s1c1")
    assert sentences.grown(pack) == "这一期全部诉求是2026年9月的 5.8 倍，下面的也要这样看。"
    assert "5.8 倍" in in_document(made(fresh, "s1c1").document)
    assert sentences.grown(packed(fresh, "s1c1", Period(date(2026, 9, 1), date(2026, 9, 30), "", True))) == ""


def test_a_short_table_stays_on_one_page_and_a_long_one_keeps_its_head(fresh: Town) -> None:
    import docx

    from bot.papers.word_tables import WHOLE, add_table

    doc = docx.Document()
    add_table(doc, [("名称", "诉求"), *[("第1网格", n) for n in range(4)]])
    add_table(doc, [("名称", "诉求"), *[("第1网格", n) for n in range(WHOLE + 5)]])
    short, long = ([bool(row.cells[0].paragraphs[0].paragraph_format.keep_with_next) for row in table.rows] for table in doc.tables)
    assert short == [True] * 4 + [False]
    assert long[:4] == [True] * 3 + [False]
    assert not any(long[3:])
