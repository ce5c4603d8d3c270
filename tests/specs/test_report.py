"""The report of a month: its sentences, tables and lists on a small made-up month; the files reopened; who may read what in it."""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from typer.testing import CliRunner

from bot.cli import app as commands
from bot.papers import report, sentences, tables, words
from bot.papers.clean import clean, harmless
from bot.papers.collecting import collect
from bot.papers.document import document
from bot.papers.hiding import hider
from bot.papers.pack import Pack
from bot.papers.pictures import pictures
from bot.papers.report import Report
from casework.access import Scope
from casework.case import Answer, PersonId, State
from casework.errors import JiesuError
from casework.figures import CHANNELS, ORIGINS
from nlp.periods import Period
from storage import packs
from storage import tables as t
from tests.fakes.month import MADE_AT, NAME, PHONE, ROOM, Month, NoDrawer, two_months
from tests.fakes.town import Town, template

HERE = Path(__file__).parents[2]
OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31), "", True)
SEPTEMBER = Period(date(2026, 9, 1), date(2026, 9, 30), "", True)
NUMBER = re.compile(r"26-\d{6}")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("report")
    made = Town(template(folder))
    two_months(made)
    yield made
    made.close()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Town]:
    made = Town(template(tmp_path))
    yield made
    made.close()


def packed(town: Town, area: str, period: Period = OCTOBER, at: datetime = MADE_AT) -> Pack:
    with town.database.reading() as conn:
        return collect(conn, town.world.policy, area, period, at)


def made(town: Town, area: str, period: Period = OCTOBER) -> Report:
    with town.database.reading() as conn:
        return report.made(conn, town.world.policy, NoDrawer(), area, period, MADE_AT)  # type: ignore[arg-type]


# ---- said ------------------------------------------------------------------------------------------------------------


def test_the_summary_says_what_there_is_and_against_what(town: Town) -> None:
    told = "\n".join(sentences.summary(packed(town, "s1c1")))
    for words_ in (
        "锦绣社区2026年10月共收到诉求 8 件，比2026年9月（3 件）多 5 件。去年同期还没有数据。",
        "最多的是供暖 6 件、安全秩序 1 件、卫生绿化 1 件，占 100%。比2026年9月变化最大的是供暖，多 6 件。",
        "响应率 87.5%（7/8），解决率 83.3%（5/6），满意率 81.7%（4.9/6）。",
        "到现在还有 2 件没办完。已经过了期限、还没办完的有 3 件",
        "明显多起来的有 1 处，最明显的是第1网格 暖气不热（6 件，照以前该有 0 件）。",
        "要几家一起协调的 1 件",
    ):
        assert words_ in told


def test_struck_out_cases_are_shown_beside_and_not_inside(town: Town) -> None:
    pack = packed(town, "s1c2")
    assert pack.now.whole["filed"] == 1
    assert "另有剔除的 1 件没有算在里面；算上共 2 件" in "\n".join(sentences.summary(pack))
    assert ("剔除（不在上面各数里）", 1, 0, "+1", 0) in tables.whole(pack).rows


def test_two_lines_go_with_the_files(town: Town) -> None:
    first, second = sentences.brief(packed(town, "s1"))
    assert first == "东华街道2026年10月共收到诉求 10 件，比2026年9月（3 件）多 7 件。"
    assert second.startswith("响应率 80%（8/10），解决率 83.3%（5/6），满意率 81.7%（4.9/6）。已经过了期限、还没办完的有")


def test_a_month_without_any_is_a_page_that_helps(town: Town) -> None:
    pack = packed(town, "s2c1")
    told = "\n".join(sentences.summary(pack))
    assert "没有收到诉求" in told
    assert "空岗" in told
    assert list(pictures(pack)) == []
    text = in_document(made(town, "s2c1").document)
    assert "一、情况概述" in text
    assert "没有卡住的事" in text


def test_a_month_that_is_not_over_is_said_to_be_so(town: Town) -> None:
    pack = packed(town, "s1c1", replace(OCTOBER, last=date(2026, 10, 20), whole=False))
    assert pack.now.whole["filed"] == 8
    assert "还没有过完" in in_document(document(pack, {}, ()))


def test_a_month_that_is_not_over_is_compared_with_as_many_days_before(fresh: Town) -> None:
    month = Month(fresh)
    for day in ("09-02", "09-25", "10-05", "10-06", "10-07"):
        month.case(day)
    month.counted()
    at = datetime(2026, 10, 20, 2, tzinfo=UTC)
    pack = packed(fresh, "s1c1", replace(OCTOBER, last=date(2026, 10, 20), whole=False), at)
    assert "锦绣社区2026年10月共收到诉求 3 件，比2026年9月11日–30日（1 件）多 2 件。" in sentences.summary(pack)[0]
    assert tables.topics(pack).rows[1:] == [("暖气不热", "供暖", 3, "100%", 1, "+2")]
    assert "和2026年9月11日–30日比" in in_document(document(pack, {}, ()))
    assert sentences.grown(pack) == "这一期全部诉求是2026年9月11日–30日的 3 倍，下面的也要这样看。"
    assert next(each.name for each in pictures(pack)) == "trend"


def test_days_that_are_no_whole_months_are_named_as_days() -> None:
    named = words.period
    assert named(date(2026, 10, 3), date(2026, 10, 3)) == "2026年10月3日"
    assert named(date(2026, 10, 3), date(2026, 11, 2)) == "2026年10月3日–11月2日"
    assert named(date(2025, 12, 3), date(2026, 1, 5)) == "2025年12月3日–2026年1月5日"
    assert named(date(2026, 10, 1), date(2026, 12, 31)) == "2026年10–12月"


# ---- tables ------------------------------------------------------------------------------------------------------------


def test_the_tables_say_each_figure_beside_the_period_before(town: Town) -> None:
    pack = packed(town, "s1c1")
    assert tables.whole(pack).rows[:3] == [("项目", "本期", "上期", "比上期", "去年同期"), ("诉求", 8, 3, "+5", "–"), ("还在办", 2, 0, "+2", "–")]
    assert ("解决率", "83.3%（5/6）", "100%（3/3）", "", "–") in tables.whole(pack).rows
    heating = next(row for row in tables.categories(pack).rows if row[0] == "供暖")
    assert heating == ("供暖", 6, "75%", 0, "+6", 0, "100%（6/6）", "83.3%（5/6）", "81.7%（4.9/6）")
    assert [row[:3] for row in tables.areas(packed(town, "s1")).rows[1:3]] == [("锦绣社区", 8, 2), ("平安社区", 2, 2)]


def test_areas_stand_in_their_own_order_and_not_in_that_of_their_rates(town: Town) -> None:
    names = [row[0] for row in tables.areas(packed(town, "s1c1")).rows[1:]]
    assert names == sorted(names)
    assert names[0] == "第1网格"


# ---- stuck, rising, revised --------------------------------------------------------------------------------------------


def test_what_is_stuck_says_who_owes_what_the_longest_first(town: Town) -> None:
    found = packed(town, "s1c1").stuck
    assert [line.number for line in found.lines] == ["26-000015", "26-000010", "26-000011"]
    _, first, second = found.lines
    assert (first.owes, second.owes) == ("该接单", "该办完，并告诉居民")
    assert first.why.startswith("没人接")
    assert first.days >= second.days > 0
    assert "网格员" in first.owner


def test_a_hot_spot_brings_its_evidence(town: Town) -> None:
    (spot,) = packed(town, "s1c1").rising
    assert (spot.name, spot.now, spot.expected) == ("第1网格 暖气不热", 6, 0)
    assert len(spot.evidence) == 3
    assert {number for number, _ in spot.evidence} <= {f"26-{n:06d}" for n in range(4, 10)}


def test_without_a_past_nothing_is_called_hot(town: Town) -> None:
    pack = packed(town, "s1c1", Period(date(2026, 7, 1), date(2026, 7, 31), "", True))
    assert (pack.rising, pack.past_days) == ((), 0)


def test_a_later_change_shows_as_a_revision(fresh: Town) -> None:
    month = Month(fresh)
    case = month.case("09-02")
    month.counted()
    before = made(fresh, "s1c1", SEPTEMBER)
    with fresh.database.writing() as conn:
        packs.keep(conn, "s1c1", replace(before.kept, as_of=MADE_AT - timedelta(days=30)))
    assert packed(fresh, "s1c1").changes == []
    with fresh.database.writing() as conn:
        answered = {"state": State.CONFIRMED.value, "is_open": 0, "answer": Answer.SOLVED.value, "answered_at": MADE_AT, "ended_at": MADE_AT}
        conn.execute(t.Case.__table__.update().where(t.Case.__table__.c.id == case.id).values(**answered))  # type: ignore[attr-defined]
    month.counted()
    changes = packed(fresh, "s1c1").changes
    assert [(each.period, each.figure, each.was, each.now) for each in changes] == [
        ("2026年9月", "还在办", 1, 0), ("2026年9月", "有回答", 0, 1), ("2026年9月", "说解决了", 0, 1),
    ]  # fmt: skip
    assert "说解决了" in in_document(made(fresh, "s1c1").document).partition("修订")[2]


# ---- who may read what -------------------------------------------------------------------------------------------------


def numbers(town: Town, area: str) -> set[str]:
    return {line.number for line in packed(town, area).cases.lines}


def test_each_desk_has_the_cases_that_it_may_read_and_counts_the_others(town: Town) -> None:
    own = {f"26-{n:06d}" for n in range(4, 12)}
    assert numbers(town, "s1c1") == own
    assert numbers(town, "s1") == own | {"26-000012", "26-000013"}
    assert numbers(town, "c") == {"26-000012"}  # the emergency only
    assert packed(town, "c").cases.unread == 10
    found = packed(town, "c").stuck
    assert found.unread >= 2
    assert {line.number for line in found.lines} <= {"26-000012"}


def test_that_there_is_a_complaint_about_them_is_not_for_those_at_the_table_to_learn(town: Town) -> None:
    for area in ("s1c2", "s1"):
        pack = packed(town, area)
        assert (pack.cases.unread, pack.stuck.unread) == (0, 0)
        assert "只计数，" not in in_document(made(town, area).document)
        assert "26-000016" not in {line.number for line in (*pack.cases.lines, *pack.stuck.lines)}


@pytest.mark.parametrize("area", ["s1c1", "s1c2", "s1", "c"])
def test_no_telephone_name_or_room_and_no_word_of_a_confidential_case_is_in_the_files(town: Town, area: str) -> None:
    both = made(town, area)
    for data in (both.document, both.workbook):
        with zipfile.ZipFile(io.BytesIO(data)) as packed_:
            text = "".join(packed_.read(name).decode("utf-8", "replace") for name in packed_.namelist() if name.endswith(".xml"))
        assert [secret for secret in (PHONE, NAME, ROOM, "赌场", "别说是我", "收钱", "收了钱") if secret in text] == []


def test_no_telephone_in_whatever_dress_is_in_the_files(fresh: Town) -> None:
    month = Month(fresh)
    said = ("电话5123456", "手机139.8765.4321", "打１３９８７６５４３２１", "电话一三九八七六五四三二一")
    for day, dress in enumerate(said, 5):
        month.solved(f"10-{day:02}", summary=f"路灯不亮，{dress}", words=f"第{day}盏路灯亮了，有事{dress}")
    month.counted()
    both = made(fresh, "s1c1")
    assert "盏路灯亮了，有事电话…" in in_document(both.document)
    for data in (both.document, both.workbook):
        with zipfile.ZipFile(io.BytesIO(data)) as packed_:
            text = "".join(packed_.read(name).decode("utf-8", "replace") for name in packed_.namelist() if name.endswith(".xml"))
        assert [secret for secret in ("5123456", "8765", "８７６５", "八七六五") if secret in text] == []


def test_what_residents_said_is_quoted_without_names(town: Town) -> None:
    told = {voice.words: voice.answer for voice in packed(town, "s1c1").voices}
    assert told == {"暖和了，多谢师傅某某，我电话…": "说解决了", "还是有点凉，再给看看吧": "说解决了"}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("我姓孙，叫我孙阿姨", "我姓某某，叫我某某"),
        ("师傅王建国来修好了", "师傅某某来修好了"),
        ("2单元1501，打13800138000", "2单元某室，打…"),
        ("找王秀英和欧阳锋", "找某某和某某"),
        ("暖气18度，100块钱", "暖气18度，100块钱"),
    ],
)
def test_names_telephones_and_rooms_are_taken_out(said: str, kept: str) -> None:
    assert hider(frozenset({"王秀英", "欧阳锋"}))(said) == kept


# ---- the files reopened ------------------------------------------------------------------------------------------------


def in_document(data: bytes) -> str:
    opened = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in opened.paragraphs), *cells])


def test_the_document_is_whole(town: Town) -> None:
    opened = docx.Document(io.BytesIO(made(town, "s1c1").document))
    heads = [each.text for each in opened.paragraphs if each.style is not None and each.style.name == "Heading 1"]
    assert heads == ["一、情况概述", "二、数字", "三、明显多起来的问题", "四、卡住的事", "五、居民怎么说", "六、修订", "七、这些数是怎么算的"]
    assert opened.paragraphs[0].text == "锦绣社区 2026年10月居民诉求月报"
    described = [shape._inline.docPr.get("descr") for shape in opened.inline_shapes]
    assert len(described) == 6
    assert all(words_ and "锦绣社区2026年10月" in words_ for words_ in described)
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        fonts: Any = opened.styles[name].element.rPr.rFonts
        assert fonts.get(docx.oxml.ns.qn("w:eastAsia")) in ("宋体", "黑体")
        assert fonts.get(docx.oxml.ns.qn("w:eastAsiaTheme")) is None


def test_a_chart_that_could_not_be_drawn_is_said_in_words(town: Town) -> None:
    class Broken:
        def png(self, spec: Any) -> bytes:
            raise OSError

    with town.database.reading() as conn:
        got = report.made(conn, town.world.policy, Broken(), "s1c1", OCTOBER, MADE_AT)  # type: ignore[arg-type]
    assert "锦绣社区2026年10月共 8 件，10月5日最多（1 件）" in in_document(got.document)


def test_the_workbook_has_figures_lists_and_ledger_and_no_formula(town: Town) -> None:
    book = openpyxl.load_workbook(io.BytesIO(made(town, "s1c1").workbook))
    assert book.sheetnames == ["数字", "卡住的事", "诉求清单", "协调台账"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    ledger = [cell.value for row in book["协调台账"].iter_rows() for cell in row]
    assert "'=HYPERLINK(A1)点我" in ledger
    assert "路修了一半" in ledger  # from July, and still open
    assert any(str(cell).startswith("过期") for cell in ledger)
    listed = [row[0].value for row in book["诉求清单"].iter_rows() if NUMBER.fullmatch(str(row[0].value))]
    assert listed == [f"26-{n:06d}" for n in range(4, 12)]
    assert ("诉求", 8, 3, "+5") in [tuple(cell.value for cell in row[:4]) for row in book["数字"].iter_rows()]


def test_a_sentence_of_the_summary_stands_whole_in_one_cell_high_enough_for_it(town: Town) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(made(town, "s1c1").workbook))["数字"]
    told = sentences.summary(packed(town, "s1c1"))
    rows = {cell.value: cell.row for cell in sheet["A"]}
    for sentence in told:
        row = rows[sentence]
        assert f"A{row}:F{row}" in {str(merged) for merged in sheet.merged_cells.ranges}
        assert sheet.cell(row, 1).alignment.wrap_text
        assert sheet.row_dimensions[row].height >= 15 * math.ceil(words.wide(sentence) / 55)


@pytest.mark.parametrize("bad", ["=1+1", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "  =1"])
def test_what_could_be_a_formula_is_text(bad: str) -> None:
    assert harmless(bad) == f"'{bad}"


def test_numbers_and_plain_words_stay_as_they_are_and_what_xml_does_not_know_goes() -> None:
    assert [harmless(each) for each in ("+5", "-3", "暖气=冷", "")] == ["+5", "-3", "暖气=冷", ""]
    assert clean("暖\x00气\x0b\ud800") == "暖气"
    assert len(harmless("长" * 40_000)) < 32_767


# ---- by command --------------------------------------------------------------------------------------------------------


@pytest.fixture
def command(fresh: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    two_months(fresh)
    monkeypatch.setenv("JIESU_DATABASE__URL", f"sqlite:///{tmp_path / 'town.db'}")
    return lambda *told: CliRunner().invoke(commands, ["report", *told, "--out", str(tmp_path / "out")])


def test_the_command_writes_both_files_and_never_over_others(command: Any, tmp_path: Path, fresh: Town) -> None:
    done = command("2026-10", "--area", "锦绣社区")
    assert done.exit_code == 0, done.output
    files = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert files == ["锦绣社区-2026年10月.docx", "锦绣社区-2026年10月.xlsx"]
    assert command("2026-10", "--area", "s1c1").exit_code == 1
    assert command("2026-10", "--area", "s1c1", "--overwrite").exit_code == 0
    with fresh.database.reading() as conn:
        (kept,) = packs.kept_since(conn, "s1c1", OCTOBER.first, MADE_AT + timedelta(days=3650))
    assert (kept.figures["filed"], kept.figures["solved"]) == (8, 5)


def test_what_nobody_has_got_is_not_kept(command: Any, tmp_path: Path, fresh: Town) -> None:
    (tmp_path / "out").write_text("no folder")
    done = command("2026-10", "--area", "s1c1")
    assert done.exit_code == 1
    with fresh.database.reading() as conn:
        assert list(packs.kept_since(conn, "s1c1", OCTOBER.first, MADE_AT + timedelta(days=3650))) == []


@pytest.mark.parametrize(
    ("told", "answer"),
    [
        (("2026-10", "--area", "东方社区"), "没有「东方社区」这个地方"),
        (("2026-10", "--area", "s1c1g1"), "是网格"),
        (("2026-10", "--area", "锦绣社区第1网格"), "是网格"),
        (("2099-10",), "还没有到"),
        (("猴年马月",), "看不懂"),
        (("2026-10-05",), "按整月、季度或年"),
        (("2026-10 供暖",), "不能只做「供暖」"),
        (("0999-10",), "看不懂"),
    ],
)
def test_what_cannot_be_made_is_said_plainly(command: Any, told: tuple[str, ...], answer: str) -> None:
    done = command(*told)
    assert done.exit_code == 1
    assert answer in done.output


def test_a_name_of_several_areas_asks_for_the_number(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    with town.database.reading() as conn:
        two = packs.areas_named(conn, "s1c1") + packs.areas_named(conn, "s1c2")
        monkeypatch.setattr(packs, "areas_named", lambda _conn, _words: two)
        with pytest.raises(JiesuError, match="s1c1 锦绣社区、s1c2 平安社区"):
            report.area_of(conn, "社区")


def test_a_community_is_read_by_its_index_however_many_cases_the_city_has(town: Town) -> None:
    with town.database.reading() as conn:
        row = packs.area(conn, "s1c1")
        asked = packs.filed_between(row, Scope(PersonId(""), communities=frozenset({row.id})), MADE_AT - timedelta(days=31), MADE_AT)
        plain = asked.compile(conn, compile_kwargs={"render_postcompile": True})
        values = plain.construct_params()
        ordered = tuple(str(values[name]) for name in plain.positiontup)
        plan = " | ".join(line[3] for line in conn.exec_driver_sql(f"explain query plan {plain}", ordered))
    assert "case_community (community_id=? AND filed_at>? AND filed_at<?)" in plan


# ---- words -------------------------------------------------------------------------------------------------------------

KEY = re.compile(r'f?"((?:unit|rate|chart|paper|empty|sum|hot|stuck|voice|revision|column|row|origin|channel|urgency|answer|grade|table|how|sheet|report)\.[a-z_0-9{}.]+)"')


def test_every_sentence_of_the_papers_is_there_and_is_used() -> None:
    source = "\n".join(path.read_text("utf-8") for path in [*(HERE / "bot" / "papers").rglob("*.py"), HERE / "bot" / "cli_report.py"])
    used = [re.compile(re.sub(r"\\\{.*?\\\}", "[a-z_0-9]+", re.escape(key))) for key in KEY.findall(source)]
    there = {f"{section}.{name}" for section, lines in words.load().items() if section != "topic" for name in lines}
    assert [key.pattern for key in used if not any(key.fullmatch(name) for name in there)] == []
    by_name = {f"column.{name}" for name in re.findall(r'"([a-z_]+)"', source)} | {f"how.{n}" for n in re.findall(r'"([a-z_]+)"', source)}
    by_name |= {f"origin.{name}" for name in (*ORIGINS, "other")} | {f"channel.{name}" for name in (*CHANNELS, "other")}
    assert by_name >= {name for name in there if name.startswith(("origin.", "channel."))}
    assert sorted(name for name in there if not any(key.fullmatch(name) for key in used) and name not in by_name) == []


def test_every_topic_of_the_rules_has_a_name() -> None:
    found = {topic for path in (HERE / "nlp" / "rules").glob("*.toml") if path.stem not in ("intents",) for topic in re.findall(r'^topic *= *"([a-z_]+)"', path.read_text("utf-8"), re.MULTILINE)}
    assert found - set(words.load()["topic"]) == set()


