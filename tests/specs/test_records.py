"""Records of a hotline: whatever their headings are, what is in them is found, and what cannot be read is said at its cell."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.records import answers, fields, saved, values
from bot.records.rows import Record, Rows
from bot.records.sheet import Sheet, read_sheet
from bot.spreadsheet import BadWorkbook
from casework.case import Answer, State
from casework.errors import JiesuError
from casework.records import Outcome, state_of
from tests.fakes.exports import KINDS, csv_file, lines, workbook

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 12, 1, 2, tzinfo=UTC)


def read(sheet: Sheet, workbook: bool = True) -> tuple[list[Record], Rows]:
    rows = Rows(sheet, sheet.guessed, ZONE, NOW, workbook)
    return [record for n, cells in sheet.rows if (record := rows.read(n, cells))], rows


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_the_headings_are_what_is_below_them_is_found(kind: str, tmp_path: Path) -> None:
    sheet = read_sheet(workbook(tmp_path / "a.xlsx", lines(kind, {})))
    told = {name: heading for heading, name in KINDS[kind].items() if name in fields.BY_NAME}
    assert fields.told(sheet.headings, sheet.guessed).items() >= told.items()
    unread = {heading for heading, name in KINDS[kind].items() if name not in fields.BY_NAME} - {"小区名称", "详细地址"}
    assert unread.isdisjoint(fields.told(sheet.headings, sheet.guessed).values())
    (record,), rows = read(sheet)
    assert record.filed_at == datetime(2025, 1, 5, 0, 30, tzinfo=UTC)
    assert "三楼暖气冰凉" in record.words
    assert "3号楼2单元" in record.where
    assert rows.faults == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030", "utf-16"])
def test_a_csv_file_in_any_usual_encoding(encoding: str, tmp_path: Path) -> None:
    sheet = read_sheet(csv_file(tmp_path / "a.csv", lines("a city's", {"content": "路灯不亮，\n晚上看不见"}), encoding))
    (record,), _ = read(sheet, workbook=False)
    assert record.words == "暖气不热。路灯不亮，\n晚上看不见"
    assert record.outcome.answer is Answer.SOLVED


@pytest.mark.parametrize("separator", [",", "\t", ";", "，", "|"])
@pytest.mark.parametrize("title", ["", "某市热线工单，2025 年，全部；\n", '"某市热线，工单",共|1|件\n\n'])
def test_a_title_above_a_csv_file_does_not_choose_its_separator(separator: str, title: str, tmp_path: Path) -> None:
    heads, row = lines("a city's", {"content": "路灯，楼道，门口，都不亮；请修"})
    path = tmp_path / "a.csv"
    path.write_text(title + "".join(separator.join(f'"{cell}"' for cell in line) + "\n" for line in (heads, row)), "utf-8")
    (record,), _ = read(read_sheet(path), workbook=False)
    assert record.words == "暖气不热。路灯，楼道，门口，都不亮；请修"


def test_a_letter_cut_in_half_costs_its_line_only(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", lines("a desk's", {}, {"content": "井盖没了"}), "utf-8")
    path.write_bytes(path.read_bytes().replace("冰".encode(), "冰".encode()[:2]))
    (record,), rows = read(read_sheet(path), workbook=False)
    assert record.words == "井盖没了"
    assert [(f.row, f.problem) for f in rows.faults] == [(2, "有不能识别的文字")]


def test_titles_above_groups_of_headings_and_sums_below_do_no_harm(tmp_path: Path) -> None:
    heads, row = lines("a city's", {})
    above = ["", "工单", "", "", "", "", "", "办理", "", "", "回访", "", "", ""]
    table = [["某市 2025 年热线工单一览表"], above, heads, row, heads, ["合计：1 件"], ["制表人：某某"]]
    sheet = read_sheet(workbook(tmp_path / "a.xlsx", table, ["A1:N1", "B2:G2", "H2:J2", "K2:M2"]))
    records, rows = read(sheet)
    assert [record.row for record in records] == [4]
    assert rows.faults == []


def test_a_cell_merged_over_several_records_is_each_ones(tmp_path: Path) -> None:
    table = lines("a city's", {"number": "1"}, {"number": "2", "department": None, "filed_at": None})
    sheet = read_sheet(workbook(tmp_path / "a.xlsx", table, ["H2:H3", "C2:C3"]))
    records, _ = read(sheet)
    assert [r.told["department"] for r in records] == ["某供热公司", "某供热公司"]
    assert records[0].filed_at == records[1].filed_at


ODD = [  # what a row has otherwise, the cell where it is said, words of the problem, whether the row is in
    ({"filed_at": "不详"}, "C2", "不是时间", False),
    ({"filed_at": None}, "C2", "没有受理时间", False),
    ({"filed_at": "2062-01-05"}, "C2", "在将来", False),
    ({"filed_at": "1925-01-05"}, "C2", "太早", False),
    ({"filed_at": "2025-02-30 10:00"}, "C2", "不是时间", False),
    ({"ended_at": "2024-12-31 10:00"}, "I2", "早于受理时间", True),
    ({"ended_at": "下周"}, "I2", "不是时间", True),
    ({"solved": "解释说明"}, "K2", "看不懂", True),
    ({"satisfaction": "5"}, "L2", "看不懂", True),
    ({"number": 202501050830000123.0}, "B2", "后几位已经丢失", True),
]


@pytest.mark.parametrize(("otherwise", "cell", "problem", "is_in"), ODD)
def test_what_cannot_be_read_is_said_at_its_cell_and_stops_nothing(
    otherwise: dict[str, str], cell: str, problem: str, is_in: bool, tmp_path: Path
) -> None:
    good = [{"number": f"G{n}"} for n in range(9)]  # enough of them that the column is known by what is in it
    records, rows = read(read_sheet(workbook(tmp_path / "a.xlsx", lines("a city's", otherwise, *good))))
    (fault,) = rows.faults
    assert (fault.cell, problem in fault.problem, bool(fault.remedy)) == (cell, True, True), fault
    assert (fault.severity, len(records)) == (("warning", 10) if is_in else ("error", 9))


def test_a_number_that_is_there_twice_is_said(tmp_path: Path) -> None:
    records, rows = read(read_sheet(workbook(tmp_path / "a.xlsx", lines("a city's", {}, {"content": "路灯不亮"}))))
    assert [r.row for r in records] == [2]
    assert "和第 2 行相同" in rows.faults[0].problem


def test_the_content_is_needed_and_a_number_is_not(tmp_path: Path) -> None:
    table = lines("a desk's", {}, {"content": None, "solved": None, "phone": None}, {"content": "路灯不亮"})
    records, rows = read(read_sheet(workbook(tmp_path / "a.xlsx", table)))
    assert [r.row for r in records] == [2, 4]
    assert len({r.key for r in records}) == 2
    assert "没有内容" in rows.faults[0].problem


@pytest.mark.parametrize("cell", ["2024-03-05 08:30:00", "2024/3/5 8:30", "2024年3月5日8时30分", "20240305 0830", "20240305083000", "2024.03.05 08:30", "45356.354166667"])
def test_a_moment_as_registers_write_it(cell: str) -> None:
    found = values.when(cell)
    assert found is not None
    assert (f"{found.at:%Y-%m-%d %H:%M}", found.whole_day) == ("2024-03-05 08:30", False)


@given(st.text(max_size=30))
def test_no_cell_is_too_odd(cell: str) -> None:
    values.when(cell), answers.outcome(cell), answers.grade(cell), values.yes(cell), values.phone_of(cell)


CLOCKS = [
    ("2024/3/5 12:30 AM", "05 00:30"), ("2024/3/5 上午12:30", "05 00:30"), ("2024/3/5 12:30 PM", "05 12:30"), ("2024年3月5日中午12点", "05 12:00"), ("2024年3月5日中午1点", "05 13:00"),
    ("2024年3月5日晚上12点", "06 00:00"), ("2024年3月5日晚上8点", "05 20:00"), ("2024年3月5日凌晨2点", "05 02:00"), ("2024年3月5日 8点半", "05 08:30"), ("2024年3月5日下午2点一刻", "05 14:15"),
    ("２０２４／３／５　８：３０", "05 08:30"), ("2024-03-05 (周二) 8:30", "05 08:30"), ("2024年3月5日（星期二）下午3:05", "05 15:05"), ("2024-03-05 2:30 下午", "05 14:30"),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "moment"), CLOCKS)
def test_a_time_of_day_as_people_write_it(cell: str, moment: str) -> None:
    found = values.when(cell)
    assert found is not None
    assert (f"{found.at:%Y-%m-%d %H:%M}", found.whole_day) == (f"2024-03-{moment}", False)


@pytest.mark.parametrize("cell", ["2024年3月5日晚上2点", "2024-03-05 08:30-09:30", "2024-03-05 25:10", "2024-03-05 08:75", "0001-01-01 00:00:00", "9999-12-31 24:00"])
def test_a_time_that_may_be_two_or_is_none_is_not_read(cell: str) -> None:
    assert values.when(cell) is None


@pytest.mark.parametrize("cell", ["2025-01-05T00:30:00Z", "2025-01-05T08:30:00+08:00", "2025-01-04 16:30:00-0800"])
def test_a_moment_with_an_offset_is_that_moment_in_the_town(cell: str, tmp_path: Path) -> None:
    (record,), _ = read(read_sheet(workbook(tmp_path / "a.xlsx", lines("a city's", {"filed_at": cell}))))
    assert record.filed_at == datetime(2025, 1, 5, 0, 30, tzinfo=UTC)


def test_a_masked_telephone_is_nobodys() -> None:
    assert values.phone_of("138****0001") is None
    assert values.phone_of("电话 138 0000 0001 / 13800000002") == "13800000002"


ENDS = [
    (Outcome(answer=Answer.SOLVED), State.CONFIRMED, ""),
    (Outcome(answer=Answer.PARTLY), State.CLOSED_UNANSWERED, "一部分"),
    (Outcome(answer=Answer.NOT_SOLVED), State.CLOSED_UNANSWERED, "没有解决"),
    (Outcome(), State.CLOSED_UNANSWERED, "还没有办结"),
    (Outcome(ended_at=NOW), State.CLOSED_UNANSWERED, "没有回访结果"),
    (Outcome(withdrawn=True), State.WITHDRAWN, ""),
    (Outcome(dismissed=True, answer=Answer.SOLVED), State.DISMISSED, "不是诉求"),
]


@pytest.mark.parametrize(("outcome", "state", "why"), ENDS)
def test_only_the_residents_word_confirms(outcome: Outcome, state: State, why: str) -> None:
    ended, reason = state_of(outcome)
    assert ended is state
    assert why in (reason or "")


def test_of_a_day_only_the_time_is_the_closing_hour(tmp_path: Path) -> None:
    table = lines("a city's", {"ended_at": "2025-01-05"}, {"number": "2", "ended_at": "2025-01-07"})
    records, rows = read(read_sheet(workbook(tmp_path / "a.xlsx", table)))
    assert [r.outcome.ended_at for r in records] == [datetime(2025, 1, 5, 18, tzinfo=ZONE), datetime(2025, 1, 7, 18, tzinfo=ZONE)]
    assert rows.faults == []


# ---- which column is what ---------------------------------------------------------------------------------------------


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    return read_sheet(workbook(tmp_path / "a.xlsx", lines("a city's", {})))


def test_what_is_said_goes_before_what_was_kept_and_that_before_what_is_guessed(sheet: Sheet) -> None:
    kept = {"department": "诉求类别", "category": "", "content": "一列没有的"}
    choice = saved.choose(sheet, kept, saved.said(["编号=A", "满意度="], sheet))
    told = fields.told(sheet.headings, choice.mapped)
    assert (told["number"], told["department"], told["content"]) == ("序号", "诉求类别", "诉求内容")
    assert not {"satisfaction", "category"} & told.keys()
    assert (choice.by["number"], choice.by["department"], choice.by["content"]) == ("said", "kept", "guessed")


def test_a_choice_is_kept_for_the_next_time(sheet: Sheet, tmp_path: Path) -> None:
    path = saved.file_of(tmp_path, "../热线 1")
    assert path.parent == tmp_path / "imports"
    saved.save(path, sheet, saved.choose(sheet, {}, saved.said(["满意度="], sheet)))
    kept = saved.load(path)
    assert (kept["satisfaction"], kept["content"]) == ("", "诉求内容")
    assert "satisfaction" not in saved.choose(sheet, kept, {}).mapped


@pytest.mark.parametrize(("words", "hint"), [("内容=诉求内荣", "是不是“诉求内容”"), ("内荣=诉求内容", "是不是“内容”"), ("内容", "里没有等号：要写成 内容=列名")])
def test_what_is_said_wrongly_is_met_with_what_would_be_right(words: str, hint: str, sheet: Sheet) -> None:
    with pytest.raises(JiesuError, match=hint):
        saved.said([words], sheet)


def test_a_file_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_text("not a workbook")
    for path in (tmp_path / "a.xlsx", tmp_path / "b.xlsx"):
        with pytest.raises(BadWorkbook):
            read_sheet(path)


