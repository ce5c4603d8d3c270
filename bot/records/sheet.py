"""The sheet with the records: of a workbook (in a child process) or a CSV file, its headings found, merged cells filled."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from bot.records.fields import Mapped, guess
from bot.spreadsheet import MAX_BYTES, BadWorkbook, Grid, read_workbook

CSV_SUFFIXES = (".csv", ".txt", ".tsv")
LOOKED_AT = 20  # lines in which the headings may stand, under titles and remarks
FEW = 2  # fields that a line of headings names at least
SEPARATORS = ",\t;，|"


@dataclass(frozen=True)
class Sheet:
    """`rows` are the lines below the headings, each with its number in the file; `broken` the lines with letters nobody can read."""

    name: str
    headings: list[str]
    rows: list[tuple[int, list[str]]]
    guessed: Mapped
    broken: frozenset[int] = frozenset()


def read_sheet(path: Path, wanted: str = "") -> Sheet:
    """The sheet that looks most like records, or the `wanted` one. BadWorkbook says in plain words why there is none."""
    if not path.is_file():
        raise BadWorkbook("没有这个文件", "请核对文件名；记录是一个工作簿（.xlsx、.xls）或一个 CSV 文件")
    if path.suffix.lower() in CSV_SUFFIXES:
        grids, broken = _csv(path)
    else:
        grids, broken = read_workbook(path, {wanted.strip().casefold()} if wanted else ()), frozenset()
    if wanted and not any(each.name.strip().casefold() == wanted.strip().casefold() and each.rows for each in grids):
        raise BadWorkbook(f"没有工作表「{wanted}」", f"这个文件里有：{'、'.join(each.name for each in grids)}")
    sheets = [_sheet(each, broken) for each in grids if each.rows]
    if not sheets:
        raise BadWorkbook("里面没有内容", "请检查是不是选错了文件")
    return max(sheets, key=lambda sheet: (len(sheet.guessed), len(sheet.rows)))


def _csv(path: Path) -> tuple[list[Grid], frozenset[int]]:
    if path.stat().st_size > MAX_BYTES * 4:
        raise BadWorkbook("文件太大", "请按年份分成几个文件")
    text = _decoded(path.read_bytes())
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(SEPARATORS, key=first.count)
    csv.field_size_limit(1_000_000)
    lines: list[list[str]] = []
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=separator)
    try:
        for row in reader:
            lines += [[]] * (reader.line_num - len(lines) - 1) + [row]  # a cell of several lines: rows keep the number of their last
    except csv.Error as error:
        raise BadWorkbook(f"第 {reader.line_num} 行读不下去（{error}）", "请检查这一行的引号是否成对，或另存为 .xlsx") from None
    broken = frozenset(n for n, row in enumerate(lines, 1) if any("\ufffd" in cell for cell in row))
    return [Grid(path.name, lines, [])], broken


def _decoded(content: bytes) -> str:
    """UTF-8, else GB18030, as spreadsheets in China write it; UTF-16 by its mark. Letters that are in neither become a sign."""
    marked = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    mostly_utf8 = content.decode("utf-8-sig", "replace")  # one letter cut in half is no other encoding
    other = content.decode("utf-16" if marked else "gb18030", "replace")
    return min(mostly_utf8, other, key=lambda text: text.count("\ufffd"))


def _sheet(grid: Grid, broken: frozenset[int]) -> Sheet:
    rows = _filled(grid)
    at, depth, headings = _headings(rows)
    width = len(headings)
    below = [(n, [*row, *[""] * (width - len(row))]) for n, row in enumerate(rows[at + depth :], at + depth + 1)]
    named = {" ".join(heading.split()) for heading in headings} - {""}
    below = [(n, row) for n, row in below if any(map(str.strip, row)) and not _same_headings(row, named)]
    return Sheet(grid.name, headings, below, guess(headings, [row for _, row in below]), broken)


def _filled(grid: Grid) -> list[list[str]]:
    """The rows, with what stands in a merged cell in each of the cells that it covers; a title across the sheet stays one cell."""
    rows = [list(row) for row in grid.rows]
    for (top, left), (bottom, right) in grid.merged:
        wide = right - left + 1 > max(3, len(rows[0]) * 2 // 3) if rows else True
        if wide or top >= len(rows) or left >= len(rows[top]):
            continue
        for row in rows[top : bottom + 1]:
            for column in range(left, min(right + 1, len(row))):
                row[column] = rows[top][left]
    return rows


def _headings(rows: Sequence[Sequence[str]]) -> tuple[int, int, list[str]]:
    """Where the headings stand, in how many lines, and what they are: two lines where groups of columns have a heading above."""
    best = (0, 0, 1, [str(cell) for cell in rows[0]])
    for at in range(min(LOOKED_AT, len(rows))):
        for depth in (1, 2):
            line = _joined(rows[at : at + depth])
            score = len(guess(line, [])) * 10 - depth  # of equal ones the single line
            if score > best[0] and len(guess(line, [])) >= FEW:
                best = (score, at, depth, line)
    return best[1], best[2], best[3]


def _joined(lines: Sequence[Sequence[str]]) -> list[str]:
    """Of each column the lowest heading: the line above names the group."""
    joined: list[str] = []
    for line in lines:
        joined += [""] * (len(line) - len(joined))
        for column, cell in enumerate(line):
            joined[column] = " ".join(cell.split()) or joined[column]
    return joined


def _same_headings(row: Sequence[str], named: Set[str]) -> bool:
    """A page's headings again, in the middle of the records."""
    same = sum(cell in named for cell in row)
    return same >= FEW and same * 2 >= sum(1 for cell in row if cell.strip())
