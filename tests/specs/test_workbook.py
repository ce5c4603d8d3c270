"""The workbook: what openpyxl and LibreOffice write is read, what is wrong is said at its cell, what is hostile does no harm."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from bot import spreadsheet
from bot.organisation.faults import Fault
from bot.organisation.read import read
from bot.organisation.sheets import SHEETS
from bot.organisation.write import write_template, write_workbook
from casework.organisation import LeaveRow, Organisation, PersonRow
from casework.reorganising import current, difference, without_leave_of_who_left
from tests.fakes.organisations import TODAY, small

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Organisation:
    return read(small(tmp_path_factory.mktemp("town")), TODAY).organisation


@pytest.fixture
def path(town: Organisation, tmp_path: Path) -> Path:
    written = tmp_path / "town.xlsx"
    write_workbook(town, written)
    return written


def edited(path: Path, change: Callable[[Any], object]) -> list[Fault]:
    """The faults after somebody's hand was in the workbook."""
    book = load_workbook(path)
    change(book)
    book.save(path)
    return read(path, TODAY).faults


def put(sheet: str, cell: str, value: object) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        book[sheet][cell] = value

    return change


def merge(sheet: str, cells: str) -> Callable[[Any], None]:
    return lambda book: book[sheet].merge_cells(cells)


def drop(sheet: str) -> Callable[[Any], None]:
    return lambda book: book.remove(book[sheet])


def rename(sheet: str, name: str) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        book[sheet].title = name

    return change


def row(sheet: str, *values: object) -> Callable[[Any], None]:
    return lambda book: book[sheet].append(values)


WRONG = [  # what was done, where it is said, words of the problem, words of the remedy
    (merge("区域", "C4:C6"), "工作表「区域」", "C4", "C4:C6 是合并的单元格", "取消合并"),
    (put("人员", "B1", "电活"), "工作表「人员」", "B1", "不认识这一列", "“电话”"),
    (put("人员", "A1", "名子"), "工作表「人员」", "A1", "不认识这一列", "“姓名”"),
    (put("人员", "A1", "甲"), "工作表「人员」", "", "缺少“姓名”", "这一行应是"),
    (put("区域", "C5", None), "工作表「区域」", "C5", "没有写所属的社区", "社区"),
    (row("地点", "楼栋", "1号楼", "", "锦绣苑", "东社区第1网格"), "工作表「地点」", "B5", "已经有了", "不能重名"),
    (row("人员", "王一一", "19900000001"), "工作表「人员」", "B7", "号码相同", "一个号码只能属于一个人"),
    (row("请假", "王一", "2062-12-01", "2062-12-03", "李二"), "工作表「请假」", "B2", "年份不对", "2020"),
    (row("请假", "王一", "2031-12-01", "2031-12-03", "李二"), "工作表「请假」", "B2", "年份不对", "今年是 2026"),
    (put("人员", "B2", "1.38E+10"), "工作表「人员」", "B2", "后几位已经丢失", "文本"),
    (put("人员", "B2", "１９９０００００００１"), "工作表「人员」", "B2", "全角", "半角"),
    (put("值班表", "A2", "王乙"), "工作表「值班表」", "A2", "没有“王乙”", "王一"),
    (put("岗位", "C2", "东社区第1网络"), "工作表「岗位」", "C2", "没有“东社区第1网络”", "东社区第1网格"),
    (put("岗位", "A2", "网隔员"), "工作表「岗位」", "A2", "不认识“网隔员”", "网格员"),
    (put("值班表", "D2", "七点"), "工作表「值班表」", "D2", "不是时间", "07:00"),
    (rename("值班表", "排班表"), "工作表「值班表」", "", "没有这张工作表", "排班表"),
    (drop("岗位"), "工作表「岗位」", "", "没有这张工作表", "加一张"),
    (put("人员", "A3", "王一"), "工作表「岗位」", "D2", "“王一”有 2 个", "19900000001"),
]


@pytest.mark.parametrize(("change", "where", "cell", "problem", "remedy"), WRONG)
def test_what_is_wrong_is_said_at_its_cell(
    path: Path, change: Callable[[Any], object], where: str, cell: str, problem: str, remedy: str
) -> None:
    faults = edited(path, change)
    said = [f for f in faults if f.file == where and problem in f.problem and remedy in f.remedy and f.cell == cell]
    assert said, "\n".join(map(str, faults))
    assert cell in str(said[0])


def test_a_town_without_a_city_desk_is_refused(path: Path) -> None:
    def vacate(book: Any) -> None:
        next(cells for cells in book["岗位"].iter_rows() if cells[0].value == "市（区）值班")[3].value = None

    (fault,) = [f for f in edited(path, vacate) if f.severity == "error"]
    assert "没有市（区）值班" in fault.problem


def test_nothing_follows_from_a_wrong_cell(path: Path) -> None:
    """People without names: that is said, not that nobody of the roster is known."""
    errors = [f for f in edited(path, put("人员", "A1", "名子")) if f.severity == "error"]
    assert [f.cell for f in errors] == ["A1"]


def test_nor_from_merged_cells(path: Path) -> None:
    assert [f.cell for f in edited(path, merge("区域", "C5:C6")) if f.severity == "error"] == ["C5"]


def test_all_of_it_is_said_at_once(path: Path) -> None:
    def ruin(book: Any) -> None:
        for change, *_ in (WRONG[0], WRONG[8], WRONG[12], WRONG[13]):
            change(book)

    assert len([f for f in edited(path, ruin) if f.severity == "error"]) >= 4


def test_a_title_above_and_a_remark_beside_do_no_harm(path: Path, town: Organisation) -> None:
    def change(book: Any) -> None:
        sheet = book["人员"]
        sheet.insert_rows(1)
        sheet["A1"] = "新区人员一览表"
        sheet.merge_cells("A1:C1")
        sheet["E2"], sheet["E3"] = "备注", "老同志"

    faults = edited(path, change)
    assert [f.severity for f in faults] == ["warning"]
    assert read(path, TODAY).organisation.people == town.people


def test_dates_and_numbers_as_a_spreadsheet_keeps_them(path: Path) -> None:
    def change(book: Any) -> None:
        book["人员"]["B2"] = 19900000001
        book["请假"].append(("王一", datetime(2026, 12, 1), date(2026, 12, 3), "李二"))  # noqa: DTZ001 (as Excel has it)
        book["值班表"]["D2"], book["值班表"]["E2"], book["值班表"]["C2"] = time(7), time(22), 1234567
        for cell in book["值班表"][2]:
            cell.number_format = "General"
        book["值班表"]["D2"].number_format = book["值班表"]["E2"].number_format = "hh:mm"

    assert edited(path, change) == []
    organisation = read(path, TODAY).organisation
    assert organisation.people[0].phone == "19900000001"
    assert (organisation.leave[0].first, organisation.leave[0].last) == (date(2026, 12, 1), date(2026, 12, 3))
    assert organisation.roster[0].start == time(7)


def test_no_name_becomes_a_formula(town: Organisation, tmp_path: Path) -> None:
    evil = replace(town, people=(replace(town.people[0], name='=HYPERLINK("x")'), *town.people[1:]))
    write_workbook(evil, tmp_path / "evil.xlsx")
    assert load_workbook(tmp_path / "evil.xlsx")["人员"]["A2"].data_type == "s"
    assert [f.cell for f in read(tmp_path / "evil.xlsx", TODAY).errors] == ["A2"]  # nor does it come in: a CSV file has no types


def test_the_template_explains_itself_and_is_empty(tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx")
    book = load_workbook(tmp_path / "t.xlsx")
    assert book.sheetnames == ["说明", *(sheet.title for sheet in SHEETS), "选项"]
    assert book["选项"].sheet_state == "hidden"
    explained = {cell.value for cells in book["说明"].iter_rows() for cell in cells}
    for sheet in SHEETS:
        assert book[sheet.title]["A2"].value.startswith("示例：")
        assert {column.title for column in sheet.columns} <= explained
        lists = {str(r.sqref): r.formula1 for r in book[sheet.title].data_validations.dataValidation}
        wanted = [c for c in sheet.columns if c.words and c.heading != "categories"]
        assert len([f for f in lists.values() if f.startswith("=选项!")]) == len(wanted)
    faults = read(tmp_path / "t.xlsx", TODAY).faults
    assert [(f.file, f.problem) for f in faults] == [("工作表「区域」", "还没有填")]


def test_a_filled_template_is_a_town(tmp_path: Path) -> None:
    """As a clerk fills it in: names only, no ids, and the example rows left where they are."""
    write_template(tmp_path / "t.xlsx")
    book = load_workbook(tmp_path / "t.xlsx")
    rows = {
        "区域": [("市（区）", "新区"), ("街道", "东街道", "新区"), ("社区", "东社区", "东街道"), ("网格", "第1网格", "东社区"),
               ("社区", "西社区", "东街道"), ("网格", "第1网格", "西社区")],
        "地点": [("小区", "恒安小区", "恒安新区一期", "", "东社区第1网格"), ("楼栋", "3号楼", "", "恒安小区", "东社区第1网格", "4"),
               ("道路", "东华路", "", "", "东社区第1网格;西社区第1网格")],
        "人员": [("王强", "13800000001"), ("李梅", "13800000002"), ("王强", "13800000003"), ("张书记", "13800000004")],
        "岗位": [("网格员", "专职网格员", "东社区第1网格", "13800000001", "专职"), ("网格员", "专职网格员", "西社区/第1网格", "李梅", "专职"),
               ("楼栋长", "楼栋长", "东社区第1网格", "13800000003", "辅助", "恒安小区3号楼"), ("社区书记", "书记", "东社区", "张书记"),
               ("市（区）值班", "值班员", "新区", "李梅"),
               ("专业单位", "热力公司", "新区", "", "", "", "供暖", "0352-1234567")],
        "值班表": [("王强", "东社区第1网格", "1234567", "07:00", "22:00", "白班"), ("李梅", "西社区第1网格", "1234567", "07:00", "22:00", "白班"),
                ("13800000003", "东社区第1网格", "1234567", "22:00", "07:00", "夜班")],
        "常见问题": [("供暖时间", "供暖;暖气", "几点;什么时候", "", "十月中旬开始供暖。", "供热办法", "2027-12-31")],
    }  # fmt: skip
    for sheet, cells in rows.items():
        for n, values in enumerate(cells, 3):
            for at, value in enumerate(values, 1):
                book[sheet].cell(n, at, value)
    book.save(tmp_path / "t.xlsx")
    reading = read(tmp_path / "t.xlsx", TODAY)
    assert [str(f) for f in reading.faults] == []
    found = reading.organisation
    assert [a.name for a in found.areas] == ["新区", "东街道", "东社区", "第1网格", "西社区", "第1网格"]
    assert len({a.id for a in found.areas}) == 6
    worker = next(p for p in found.posts if p.kind == "full_time" and p.area == found.areas[3].id)
    assert found.roster[0].post == worker.id  # the worker of the grid, not the lead of the same name
    assert found.answers[0].any_of == ("供暖", "暖气")
    again = read(tmp_path / "t.xlsx", TODAY, found)
    assert not difference(current(found, TODAY), current(again.organisation, TODAY))


def test_a_new_holder_in_the_same_row_keeps_the_post(tmp_path: Path, town: Organisation, path: Path) -> None:
    """Without ids: the post is known by what it is, so the cases stay with it."""
    book = load_workbook(path)
    for sheet in book.worksheets:
        for cell in sheet[1]:
            if cell.value == "编号":
                sheet.delete_cols(cell.column)
    book["人员"].append(("新来的", "19900000077"))
    for cells in book["岗位"].iter_rows(min_row=2):
        if cells[3].value == "王一":
            cells[3].value = "新来的"
    book["值班表"]["A2"] = "新来的"
    book.save(path)
    reading = read(path, TODAY, town)
    assert reading.errors == []
    diff = difference(town, current(reading.organisation, TODAY))
    assert diff.taken_over == ("w-s1c1g1",)
    assert (diff.gone, len(diff["people"].added), diff["areas"].changed) == ((), 1, ())


def test_another_person_under_an_old_id_is_refused(path: Path, town: Organisation) -> None:
    book = load_workbook(path)
    book["人员"]["A2"], book["人员"]["B2"] = "新来的", "19900000077"
    book.save(path)
    (fault,) = read(path, TODAY, town).errors
    assert "原来是“王一”" in fault.problem
    assert "清空" in fault.remedy


def without_ids(book: Any) -> None:
    for sheet in book.worksheets:
        for cell in sheet[1]:
            if cell.value == "编号":
                sheet.delete_cols(cell.column)


def person(book: Any, name: str) -> Any:
    return next(cells for cells in book["人员"].iter_rows() if cells[0].value == name)


def test_a_duty_telephone_goes_on_to_the_next_without_the_chat(path: Path, town: Organisation) -> None:
    """No id, the same number, another name: somebody new, who has to come in themselves."""
    book = load_workbook(path)
    without_ids(book)
    person(book, "王一")[0].value = "新来的"
    for sheet, column in (("岗位", 3), ("值班表", 0)):
        for cells in book[sheet].iter_rows(min_row=2):
            cells[column].value = "新来的" if cells[column].value == "王一" else cells[column].value
    book.save(path)
    reading = read(path, TODAY, town)
    assert reading.errors == []
    diff = difference(town, reading.over(town))
    assert [p.name for p in diff["people"].ended] == ["王一"]
    assert [p.id for p in diff["people"].added] != ["n1"]


def test_nobody_comes_in_under_the_id_of_who_has_left(path: Path, town: Organisation) -> None:
    left = (PersonRow(id="n9", name="郑九", phone="19900000009"),)
    book = load_workbook(path)
    book["人员"].append(("新来的", "19900000088", "n9"))
    book.save(path)
    assert ["以前的“郑九”" in f.problem for f in read(path, TODAY, town, left).errors] == [True]
    book["人员"]["A7"], book["人员"]["B7"], book["人员"]["C7"] = "郑十", "19900000009", None
    book.save(path)
    reading = read(path, TODAY, town, left)
    assert reading.errors == []
    assert "n9" not in {p.id for p in reading.organisation.people}
    book["人员"]["A7"] = "郑九"  # the same name and number: who was here before
    book.save(path)
    assert "n9" in {p.id for p in read(path, TODAY, town, left).organisation.people}


def test_only_the_names_sorted_is_seen(path: Path, town: Organisation) -> None:
    book = load_workbook(path)
    names = sorted((cells[0].value for cells in book["人员"].iter_rows(min_row=2)), reverse=True)
    for cells, name in zip(book["人员"].iter_rows(min_row=2), names, strict=True):
        cells[0].value = name
    book.save(path)
    faults = read(path, TODAY, town).errors
    assert any("原来是另一行的" in f.problem and "排过序" in f.remedy for f in faults)


def test_two_telephones_exchanged_are_seen(path: Path, town: Organisation) -> None:
    book = load_workbook(path)
    book["人员"]["B2"], book["人员"]["B3"] = book["人员"]["B3"].value, book["人员"]["B2"].value
    book.save(path)
    assert [f.cell for f in read(path, TODAY, town).errors] == ["B2", "B3"]


def test_another_number_without_an_id_is_said(path: Path, town: Organisation) -> None:
    book = load_workbook(path)
    without_ids(book)
    person(book, "王一")[1].value = "19900000077"
    book.save(path)
    (fault,) = read(path, TODAY, town).faults
    assert ("现在当作换了人" in fault.problem, "n1" in fault.remedy, fault.severity) == (True, True, "warning")


def test_a_roster_row_stays_with_its_post_though_the_name_moved_up(path: Path, town: Organisation) -> None:
    """王一 becomes the secretary, somebody new takes the grid; the roster was exported with 王一's name."""
    book = load_workbook(path)
    book["人员"].append(("新来的", "19900000077"))
    for cells in book["岗位"].iter_rows(min_row=2):
        cells[3].value = {"王一": "新来的", "赵三": "王一"}.get(cells[3].value, cells[3].value)
    book.save(path)
    reading = read(path, TODAY, town)
    assert reading.errors == []
    assert not difference(town, reading.over(town))["roster"]


def test_leave_does_not_go_on_to_the_next_holder(path: Path, town: Organisation) -> None:
    leave = LeaveRow(post="w-s1c1g1", first=date(2026, 12, 1), last=date(2026, 12, 9), substitute="w-s1c1g2")
    known = replace(town, leave=(leave,))
    write_workbook(known, path)
    book = load_workbook(path)
    book["人员"].append(("新来的", "19900000077"))
    next(cells for cells in book["岗位"].iter_rows() if cells[3].value == "王一")[3].value = "新来的"
    book.save(path)
    (fault,) = read(path, TODAY, known).errors
    assert (fault.file, fault.cell) == ("工作表「请假」", "A2")
    after = replace(known, posts=tuple(replace(p, person="n2") if p.id == "w-s1c1g1" else p for p in known.posts))
    assert without_leave_of_who_left(known, after).leave == ()
    assert without_leave_of_who_left(known, known).leave == (leave,)


@pytest.mark.parametrize(
    ("cell", "value", "said"),
    [("A2", "王强\n请把验证码发到 13800000000", "换行"), ("A2", "王" * 31, "太长"), ("A2", "@王", "公式"), ("C2", "a/b", "编号")],
)
def test_what_would_break_a_card_is_refused(path: Path, cell: str, value: str, said: str) -> None:
    assert any(said in f.problem and f.cell == cell for f in edited(path, put("人员", cell, value)) if f.severity == "error")


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "expected"),
    [("值班表", "C2", "每天", (1, 2, 3, 4, 5, 6, 7)), ("值班表", "C2", "周一至周五", (1, 2, 3, 4, 5)),
     ("值班表", "C2", "周六、周日", (6, 7)), ("值班表", "D2", "7点", time(7)), ("值班表", "D2", "0.2916667", time(7)),
     ("人员", "B2", "138-0000-0001", "13800000001"), ("人员", "A2", "王 一", "王一")],
)  # fmt: skip
def test_what_clerks_write_is_understood(path: Path, sheet: str, cell: str, value: str, expected: object) -> None:
    assert [f for f in edited(path, put(sheet, cell, value)) if f.severity == "error"] == []
    row = getattr(read(path, TODAY).organisation, {"值班表": "roster", "人员": "people"}[sheet])[0]
    assert expected in (getattr(row, name) for name in row.__dataclass_fields__)


def test_another_heading_for_the_telephone_is_known(path: Path, town: Organisation) -> None:
    assert edited(path, put("人员", "B1", "手机号")) == []


# ---- LibreOffice ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["libreoffice.xlsx", "libreoffice.ods"])
def test_what_libreoffice_wrote(town: Organisation, name: str) -> None:
    """The small town, exported, opened and saved by LibreOffice 7.4; dates, times and numbers are cells of its own."""
    reading = read(DATA / name, TODAY)
    assert [str(f) for f in reading.faults] == []
    assert reading.organisation == replace(town, leave=reading.organisation.leave)
    (leave,) = reading.organisation.leave
    assert (leave.first, leave.last, leave.substitute) == (date(2026, 12, 1), date(2026, 12, 3), "w-s1c1g2")


# ---- hostile --------------------------------------------------------------------------------------------------------------


def far(path: Path) -> None:
    book = Workbook()
    book.active.title = "区域"
    book.active["A1"] = "x"
    book.active["XFD1048576"] = "x"
    book.save(path)


def wide(path: Path) -> None:
    book = Workbook()
    book.active.title = "区域"
    book.active["A1"] = "x"
    book.active["F1048576"] = "x"
    book.save(path)


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 500_000_000)


def liar(path: Path) -> None:
    """A zip that says it is a workbook and holds none."""
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")


def entities(path: Path) -> None:
    far_small = Workbook()
    far_small.save(path)
    laugh = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><sst><si><t>&b;</t></si></sst>'
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("xl/sharedStrings.xml", laugh)


HOSTILE: list[tuple[Callable[[Path], object], str]] = [
    (far, "内存"),
    (wide, "太大"),
    (bomb, "解开后太大"),
    (liar, "打不开"),
    (entities, ""),
    (lambda path: path.write_bytes(b"PK\x03\x04" + b"\0" * 100), "不完整"),
    (lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n"), "不是 Excel"),
    (lambda path: path.write_bytes(b""), "不是 Excel"),
    (lambda path: path.write_text("姓名,电话\n王强,1", "utf-8"), "不是 Excel"),
    (lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600), "打不开"),
]


@pytest.mark.parametrize(("make", "said"), HOSTILE)
def test_a_hostile_file_is_a_sentence(tmp_path: Path, make: Callable[[Path], object], said: str) -> None:
    path = tmp_path / "x.xlsx"
    make(path)
    reading = read(path, TODAY)
    assert reading.errors
    assert any(said in str(fault) for fault in reading.errors), reading.errors


def test_one_that_never_ends_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    monkeypatch.setattr(spreadsheet, "SECONDS", 0.001)
    (fault,) = read(path, TODAY).errors
    assert "时间太长" in fault.problem


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    (fault,) = read(tmp_path / "no.xlsx", TODAY).errors
    assert "没有这个文件" in fault.problem
