"""The reading of one sheet, from a CSV file or out of a workbook: records -> headings -> rows, with every fault."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from bot.organisation import cells
from bot.organisation.faults import Fault, Severity, likely
from bot.organisation.names import plain
from bot.organisation.sheets import SHEETS, Column, Sheet
from bot.spreadsheet import MAX_BYTES, Grid

MOST_FAULTS = 500  # of a sheet: nobody reads more at once
EXAMPLE = ("示例：", "示例:")  # the template's own row begins so, and is passed over
ALSO = {  # what else clerks head a column with
    "phone": ("手机", "手机号", "手机号码", "电话号码", "联系电话", "联系方式"),
    "name": ("名字",),
    "aliases": ("曾用名", "俗称"),
}
HEADING_WITHIN = 10  # rows: above the headings somebody may have put a title
Record = tuple[int, list[str]]  # the row's number, counted from 1, and its cells


@dataclass
class Table:
    """What was read of one sheet. `ids` knows the wrong rows too, so that one wrong cell does not make others wrong."""

    sheet: Sheet
    label: str  # the file, or the sheet of the workbook
    workbook: bool = False
    rows: list[Any] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)  # the words of rows that could not be read: they are not unknown
    faults: list[Fault] = field(default_factory=list)
    letters: dict[str, str] = field(default_factory=dict)  # where each column stands in a workbook
    more: int = 0  # errors beyond those that are told
    given: bool = True  # the sheet was there
    complete: bool = True  # and so were its headings: what is missing from it can be called unknown

    def fault(self, row: int, column: str, problem: str, remedy: str, severity: Severity = "error") -> None:
        """Note what is wrong; `column` is the heading of a CSV file."""
        title = next((c.title for c in self.sheet.columns if c.heading == column), column) if self.workbook else column
        cell = f"{self.letters[column]}{row}" if row and column in self.letters else ""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(self.label, row, title, problem, remedy, severity, cell))
        elif severity == "error":
            self.more += 1

    def warn(self, row: int, column: str, problem: str, remedy: str) -> None:
        self.fault(row, column, problem, remedy, "warning")

    def title(self, column: Column) -> str:
        return column.title if self.workbook else column.heading


# ---- where the records come from -----------------------------------------------------------------------------------


def from_folder(folder: Path, sheet: Sheet) -> Table:
    """Reads one CSV file of `folder`. Never raises for what stands in the file."""
    table = Table(sheet, sheet.file)
    path = folder / sheet.file
    if not path.is_file():
        known = {each.file for each in SHEETS}
        others = [path.name for path in sorted(folder.glob("*.csv")) if path.name not in known] if folder.is_dir() else []
        _missing(table, others, "这个文件", f"请在文件夹里放一个 {sheet.file}（{sheet.title}）")
    elif path.stat().st_size > MAX_BYTES:
        table.complete = False
        table.fault(0, "", f"文件超过 {MAX_BYTES // 1_000_000} MB", "请检查是不是放错了文件")
    else:
        _read(table, list(_csv_records(table, _decode(table, path.read_bytes()))))
    return table


def from_workbook(grids: Sequence[Grid], sheet: Sheet) -> Table:
    """Reads one sheet of a workbook."""
    table = Table(sheet, f"工作表「{sheet.title}」", workbook=True)
    grid = next((g for g in grids if g.name.strip().casefold() in (sheet.title, sheet.name)), None)
    if grid is None:
        titles = {each.title for each in SHEETS}
        others = [g.name for g in grids if g.name.strip() not in titles]
        _missing(table, others, "这张工作表", f"请加一张名叫「{sheet.title}」的工作表，或用模板重新填写")
        return table
    for (top, left), (bottom, right) in grid.merged:
        _merged(table, grid, top, left, bottom, right)
    _read(table, [(n, row) for n, row in enumerate(grid.rows, 1) if any(cell.strip() for cell in row)])
    return table


def _missing(table: Table, others: Sequence[str], what: str, otherwise: str) -> None:
    sheet, table.given = table.sheet, False
    wanted = sheet.title if table.workbook else sheet.file
    guess = likely(wanted, others) or next((name for name in others if sheet.title in name), "")
    remedy = f"是不是“{guess}”？请改名为 {wanted}" if guess else otherwise
    if sheet.needed:
        table.complete = False
        table.fault(0, "", f"没有{what}", remedy)
    elif guess or not sheet.quiet:
        table.warn(0, "", f"没有{what}，{sheet.title}不动", remedy)


def _merged(table: Table, grid: Grid, top: int, left: int, bottom: int, right: int) -> None:
    """Merged cells of one row are a title or a wide word; over several rows all but the first are empty for us."""
    if top >= len(grid.rows) or (top == bottom and top < HEADING_WITHIN and sum(bool(c.strip()) for c in grid.rows[top]) <= 1):
        return  # a title above the headings
    for row in grid.rows[top : bottom + 1]:  # read as it was meant: nothing else follows from it
        row[left : right + 1] = [grid.rows[top][left]] * len(row[left : right + 1])
    place = f"{letter(left)}{top + 1}:{letter(right)}{bottom + 1}"
    table.faults.append(
        Fault(
            table.label,
            top + 1,
            "",
            f"{place} 是合并的单元格，只有第一格有内容",
            "请选中它，取消合并，再把每一格都填上",
            cell=f"{letter(left)}{top + 1}",
        )
    )


def letter(column: int) -> str:
    """A column's letters in a workbook: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _decode(table: Table, content: bytes) -> str:
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


def _csv_records(table: Table, content: str) -> Iterator[Record]:
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


# ---- from records to rows --------------------------------------------------------------------------------------------


def _read(table: Table, records: list[Record]) -> None:
    at = _heading_at(table.sheet, records)
    line, headings = records[at] if records else (1, [])
    columns = _match_headings(table, line, headings)
    if not table.complete:
        return
    full_width: dict[str, list[int]] = {}
    for number, record in records[at + 1 :]:
        if not next(cell for cell in record if cell.strip()).strip().startswith(EXAMPLE):
            _read_row(table, number, record, columns, full_width)
    for heading, rows in full_width.items():
        more = f" 等 {len(rows)} 格" if len(rows) > 1 else ""
        table.warn(rows[0], heading, f"这里{more}有全角的数字或字母，已按半角读", "下次请用半角输入")


def _heading_at(sheet: Sheet, records: Sequence[Record]) -> int:
    """Which record holds the headings: of the first ones that with the most of them."""
    wanted = {name for column in sheet.columns for name in (_plain(column.heading), _plain(column.title))}
    scores = [sum(_plain(cell) in wanted for cell in cells_) for _, cells_ in records[:HEADING_WITHIN]]
    return scores.index(max(scores)) if scores else 0


def _plain(heading: str) -> str:
    return "".join(cells.code(heading).split()).strip("*＊:").casefold()


def _match_headings(table: Table, line: int, headings: list[str]) -> list[Column | None]:
    """Which column each heading is. What is missing or doubled is a fault, with the heading that was probably meant."""
    names = {_plain(name): c for c in table.sheet.columns for name in (c.heading, c.title, *ALSO.get(c.heading, ()))}
    found = [names.get(_plain(heading)) for heading in headings]
    strange = [heading.strip() for heading, column in zip(headings, found, strict=True) if heading.strip() and not column]
    if table.workbook:
        table.letters = {column.heading: letter(n) for n, column in enumerate(found) if column}
    for column in table.sheet.columns:
        title, count = table.title(column), found.count(column)
        if count > 1:
            table.complete = False
            table.fault(line, column.heading, "这一列出现了两次", "请删去其中一列")
        elif not count and (column.needed or not table.workbook) and column.heading != "id":
            table.complete = False
            guess = likely(title, strange)
            if guess and table.workbook:
                continue  # said at that heading
            wanted = "、" if table.workbook else ","
            every = wanted.join(table.title(each) for each in table.sheet.columns)
            remedy = f"表头里的“{guess}”是不是应写作“{title}”？" if guess else f"这一行应是：{every}"
            table.fault(line, column.heading, f"缺少“{title}”这一列", remedy)
    for heading in strange:
        _strange(table, line, heading, headings, [table.title(c) for c in table.sheet.columns if c not in found])
    return found


def _strange(table: Table, line: int, heading: str, headings: list[str], missing: list[str]) -> None:
    """A heading that is none of ours. If it is probably one of those that are missing, its column would be lost unseen."""
    if table.workbook:
        table.letters[heading] = letter([each.strip() for each in headings].index(heading))
    guess = likely(heading, missing)
    if not guess:
        table.warn(line, heading, "不认识这一列，没有读它", "不需要可以删去")
    elif table.workbook:
        table.complete = False
        table.fault(line, heading, "不认识这一列", f"是不是“{guess}”？")


def _read_row(
    table: Table, line: int, record: list[str], columns: list[Column | None], full_width: dict[str, list[int]]
) -> None:
    """Reads one row; the row is kept only if all of its cells are understood."""
    if not table.workbook and (len(record) < len(columns) or any(cell.strip() for cell in record[len(columns) :])):
        remedy = "请检查逗号：格子里的逗号要放在引号里"
        table.fault(line, "", f"这一行有 {len(record)} 格，表头有 {len(columns)} 格", remedy)
        table.broken |= {plain(cells.text(cell)) for cell in record if cell.strip()}
        _remember(table, line, cells.code(record[0]) if columns[0] and columns[0].heading == "id" else "")
        return
    values: dict[str, Any] = {}
    wrong = False
    for column, cell in zip(columns, record, strict=False):
        if column is None:
            continue
        try:
            if cell.strip():
                values[column.field] = column.parse(cell)
                if cells.is_full_width(cell):
                    full_width.setdefault(column.heading, []).append(line)
            elif column.needed:
                raise cells.WrongCell("空着", "这一格必须填写")
        except cells.WrongCell as fault:
            wrong = True
            table.fault(line, column.heading, fault.problem, fault.remedy)
    if table.sheet.has_ids:
        values.setdefault("id", "")
    if _remember(table, line, values.get("id", "")) and not wrong:
        table.rows.append(table.sheet.row(row=line, **values))
    else:
        table.broken |= {plain(cells.text(cell)) for cell in record if cell.strip()}


def _remember(table: Table, line: int, id: str) -> bool:
    """Notes an id; False if it was used before."""
    if id and (before := table.ids.setdefault(id, line)) != line:
        table.fault(line, "id", f"编号“{id}”在第 {before} 行已经用过", "每一行的编号要不同，请改其中一个；新加的行可以空着")
        return False
    return True
