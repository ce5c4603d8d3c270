"""The contract of the eight files as data, and the reading of one of them: bytes -> text -> headings -> rows, with every fault."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from bot.organisation import cells
from bot.organisation.faults import Fault, likely
from casework import organisation as rows

MAX_BYTES = 50_000_000  # an organisation of a city is a tenth of this


@dataclass(frozen=True)
class Column:
    """One column: its heading in the file, the field it fills, how a cell is read. A cell that may be empty then leaves the default."""

    heading: str
    parse: Callable[[str], Any]
    needed: bool = False
    fills: str = ""

    @property
    def field(self) -> str:
        return self.fills or self.heading


@dataclass(frozen=True)
class Sheet:
    name: str
    title: str
    row: type[rows.Row]
    columns: tuple[Column, ...]
    needed: bool = True  # the file has to be there

    @property
    def file(self) -> str:
        return f"{self.name}.csv"


@dataclass
class Table:
    """What was read of one file. `ids` knows the wrong rows too, so that one wrong cell does not make others wrong."""

    sheet: Sheet
    rows: list[Any] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    complete: bool = True  # the file and its headings were there: what is missing from it can be called unknown

    def fault(self, row: int, column: str, problem: str, remedy: str) -> None:
        self.faults.append(Fault(self.sheet.file, row, column, problem, remedy))

    def warn(self, row: int, column: str, problem: str, remedy: str) -> None:
        self.faults.append(Fault(self.sheet.file, row, column, problem, remedy, "warning"))


ID = Column("id", cells.code, needed=True)
NAME = Column("name", cells.text, needed=True)
ALIASES = Column("aliases", cells.words)
POST = Column("post", cells.code, needed=True)
GRID = Column("grid", cells.code, needed=True)

SHEETS = (
    Sheet(
        "areas",
        "区域",
        rows.AreaRow,
        (ID, Column("kind", cells.one_of(*rows.AREA_KINDS), needed=True), NAME, Column("parent", cells.code), ALIASES),
    ),
    Sheet(
        "places",
        "地点",
        rows.PlaceRow,
        (
            ID,
            Column("kind", cells.one_of(*rows.PLACE_KINDS), needed=True),
            NAME,
            ALIASES,
            Column("parent", cells.code),
            Column("grids", cells.codes),
            Column("units", cells.whole),
            Column("lat", cells.degrees),
            Column("lon", cells.degrees),
        ),
    ),
    Sheet("people", "人员", rows.PersonRow, (ID, NAME, Column("phone", cells.phone))),
    Sheet(
        "posts",
        "岗位",
        rows.PostRow,
        (
            ID,
            Column("role", cells.one_of(*rows.ROLES), needed=True),
            Column("kind", cells.one_of(*rows.POST_KINDS)),
            Column("area", cells.code, needed=True),
            Column("place", cells.code),
            Column("categories", cells.some_of(rows.CATEGORIES)),
            Column("title", cells.text),
            Column("person", cells.code),
            Column("phone", cells.phone),
        ),
    ),
    Sheet(
        "roster",
        "值班表",
        rows.RosterRow,
        (
            POST,
            GRID,
            Column("weekdays", cells.weekdays, needed=True),
            Column("from", cells.hour, needed=True, fills="start"),
            Column("until", cells.hour, needed=True),
            Column("duty", cells.one_of("day", "night"), needed=True),
        ),
    ),
    Sheet(
        "exceptions",
        "值班变动",
        rows.ExceptionRow,
        (
            Column("date", cells.day, needed=True, fills="day"),
            POST,
            GRID,
            Column("from", cells.hour, fills="start"),
            Column("until", cells.hour),
            Column("kind", cells.one_of("off", "on"), needed=True),
        ),
        needed=False,
    ),
    Sheet(
        "leave",
        "请假",
        rows.LeaveRow,
        (
            POST,
            Column("from", cells.day, needed=True, fills="first"),
            Column("until", cells.day, needed=True, fills="last"),
            Column("substitute", cells.code),
        ),
        needed=False,
    ),
    Sheet(
        "workdays",
        "本地工作日",
        rows.WorkdayRow,
        (
            Column("date", cells.day, needed=True, fills="day"),
            Column("kind", cells.one_of("off", "work"), needed=True),
            Column("name", cells.text),
        ),
        needed=False,
    ),
)


def read_table(folder: Path, sheet: Sheet) -> Table:
    """Reads one file of `folder`. Never raises for what stands in the file."""
    table = Table(sheet)
    path = folder / sheet.file
    if not path.is_file():
        missing_file(table, folder)
        return table
    if path.stat().st_size > MAX_BYTES:
        table.complete = False
        table.fault(0, "", f"文件超过 {MAX_BYTES // 1_000_000} MB", "请检查是不是放错了文件")
        return table
    lines = records(table, decode(table, path.read_bytes()))
    _, headings = next(lines, (0, []))
    columns = match_headings(table, headings)
    if table.complete:
        for line, record in lines:
            read_row(table, line, record, columns)
    return table


def missing_file(table: Table, folder: Path) -> None:
    known = {sheet.file for sheet in SHEETS}
    others = [path.name for path in sorted(folder.glob("*.csv")) if path.name not in known] if folder.is_dir() else []
    guess = likely(table.sheet.file, others) or next((name for name in others if table.sheet.title in name), "")
    remedy = (
        f"是不是“{guess}”？请改名为 {table.sheet.file}"
        if guess
        else f"请在文件夹里放一个 {table.sheet.file}（{table.sheet.title}）"
    )
    if table.sheet.needed:
        table.complete = False
        table.fault(0, "", "没有这个文件", remedy)
    else:
        table.warn(0, "", f"没有这个文件，当作没有{table.sheet.title}", remedy)


def decode(table: Table, content: bytes) -> str:
    """UTF-8, else GB18030, as spreadsheets in China write it; UTF-16 by its mark. What is neither is said line by line."""
    marked = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    decoded = content.decode("utf-16" if marked else "gb18030", "replace")
    broken = [n for n, line in enumerate(decoded.splitlines(), 1) if "\ufffd" in line]
    for n in broken:
        table.fault(n, "", "有不能识别的文字", "请把文件另存为“CSV UTF-8”，再核对这一行")
    return decoded


def records(table: Table, content: str) -> Iterator[tuple[int, list[str]]]:
    """The lines that are not empty, with their numbers. A line that is no CSV ends the reading and is said."""
    reader = csv.reader(StringIO(content, newline=""), strict=True)
    line = 1
    try:
        for record in reader:
            if any(cell.strip() for cell in record):
                yield line, record
            line = reader.line_num + 1
    except csv.Error as error:
        table.complete = False
        table.fault(line, "", f"从这一行起读不下去（{error}）", "请检查这一行的引号是否成对，或另存为“CSV UTF-8”")


def match_headings(table: Table, headings: list[str]) -> list[Column | None]:
    """Which column each heading is. What is missing or doubled is a fault, with the heading that was probably meant."""
    found = [cells.code(heading).lower() for heading in headings]
    wanted = {column.heading: column for column in table.sheet.columns}
    strange = [heading for heading in found if heading and heading not in wanted]
    for heading in wanted:
        if heading not in found:
            table.complete = False
            guess = likely(heading, strange)
            remedy = f"表头里的“{guess}”是不是应写作“{heading}”？" if guess else f"第一行应是：{','.join(wanted)}"
            table.fault(1, heading, "缺少这一列", remedy)
        elif found.count(heading) > 1:
            table.complete = False
            table.fault(1, heading, "这一列出现了两次", "请删去其中一列")
    for heading in strange:
        table.warn(1, heading, "不认识这一列，没有读它", "不需要可以删去")
    return [wanted.get(heading) for heading in found]


def read_row(table: Table, line: int, record: list[str], columns: list[Column | None]) -> None:
    """Reads one row; the row is kept only if all of its cells are understood."""
    if len(record) < len(columns) or any(cell.strip() for cell in record[len(columns) :]):
        table.fault(
            line, "", f"这一行有 {len(record)} 格，表头有 {len(columns)} 格", "请检查逗号：格子里的逗号要放在引号里"
        )
        remember(table, line, cells.code(record[0]) if columns[0] is ID else "")
        return
    values: dict[str, Any] = {}
    wrong = False
    for column, cell in zip(columns, record, strict=False):
        if column is None:
            continue
        try:
            if cell.strip():
                values[column.field] = column.parse(cell)
            elif column.needed:
                raise cells.WrongCell("空着", "这一格必须填写")
        except cells.WrongCell as fault:
            wrong = True
            table.fault(line, column.heading, fault.problem, fault.remedy)
    if remember(table, line, values.get("id", "")) and not wrong:
        table.rows.append(table.sheet.row(row=line, **values))


def remember(table: Table, line: int, id: str) -> bool:
    """Notes an id; False if it was used before."""
    if id and (before := table.ids.setdefault(id, line)) != line:
        table.fault(line, "id", f"编号“{id}”在第 {before} 行已经用过", "每一行的编号要不同，请改其中一个")
        return False
    return True
