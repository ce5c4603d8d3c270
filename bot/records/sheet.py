"""The sheet with the records: of a workbook (in a child process) or a CSV file, its headings found, merged cells filled."""

from __future__ import annotations

import csv
import io
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from bot.organisation.tables import letter
from bot.records.fields import NEEDED, Mapped, bare, guess
from bot.records.values import when
from bot.spreadsheet import MAX_BYTES, BadWorkbook, Grid, read_workbook

CSV_SUFFIXES = (".csv", ".txt", ".tsv")
LOOKED_AT = 20  # lines in which the headings may stand, under titles and remarks
FEW = 2  # fields that a line of headings names at least
SEPARATORS = ",\t;，|"
LONG = 30
"""A cell of so many letters is no heading."""


@dataclass(frozen=True)
class Sheet:
    """`rows` are the lines below the headings, each with its number in the file; `broken` the lines with letters nobody can read. Of
    several sheets the numbers go on from one to the next: `parts` says after which number each begins."""

    name: str
    headings: list[str]
    rows: list[tuple[int, list[str]]]
    guessed: Mapped
    broken: frozenset[int] = frozenset()
    parts: tuple[tuple[int, str], ...] = ()
    left: tuple[str, ...] = ()  # sheets that are not read
    headless: bool = False

    def where(self, row: int) -> tuple[str, int]:
        """The sheet that the line stands in, and its number there."""
        if not self.parts:
            return self.name, row
        before, name = self.parts[bisect_right(self.parts, row - 1, key=lambda part: part[0]) - 1]
        return name, row - before


def read_sheet(path: Path, wanted: str = "") -> Sheet:
    """The sheet that looks most like records with all that have its headings, or the `wanted` one. BadWorkbook says in plain words why
    there is none."""
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
    best = max(sheets, key=lambda sheet: (len(sheet.guessed), len(sheet.rows)))
    return _together(best, sheets) if len(sheets) > 1 else best


def _together(best: Sheet, sheets: Sequence[Sheet]) -> Sheet:
    """The sheets with the same headings, or at least all that are read, one after the other, whatever the order of their columns."""
    known = _bare(best.headings)
    used = [known[column] for column in best.guessed.values()] if best.guessed.keys() >= set(NEEDED) and not best.headless else known
    rows, parts, last = list[tuple[int, list[str]]](), list[tuple[int, str]](), 0
    for sheet in sheets:
        here = _bare(sheet.headings)
        if sheet.headless or (here != known and any(known.count(name) != 1 or here.count(name) != 1 for name in used)):
            continue
        parts.append((last, sheet.name))
        columns = range(len(known)) if here == known else [here.index(name) if name in here else -1 for name in known]
        rest = [""] * (len(best.headings) - len(known))
        rows += [(last + n, [row[column] if column >= 0 else "" for column in columns] + rest) for n, row in sheet.rows]
        last = rows[-1][0] if rows else 0
    left = tuple(sheet.name for sheet in sheets if sheet.name not in {name for _, name in parts} and sheet is not best and sheet.rows)
    if len(parts) < 2:
        return replace(best, left=left)
    return replace(best, name="」「".join(name for _, name in parts), rows=rows, parts=tuple(parts), left=left)


def _bare(headings: Sequence[str]) -> list[str]:
    """Without the empty columns at the end."""
    names = [bare(heading) for heading in headings]
    while names and not names[-1]:
        names.pop()
    return names


def _csv(path: Path) -> tuple[list[Grid], frozenset[int]]:
    if path.stat().st_size > MAX_BYTES * 4:
        raise BadWorkbook("文件太大", "请按年份分成几个文件")
    text = _decoded(path.read_bytes())
    csv.field_size_limit(1_000_000)
    text = text.replace("\0", "")
    lines: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    try:
        for row in reader:
            lines += [[]] * (reader.line_num - len(lines) - 1) + [row]  # a cell of several lines: rows keep the number of their last
    except csv.Error as error:
        raise BadWorkbook(f"第 {reader.line_num} 行读不下去（{error}）", "请检查这一行的引号是否成对，或另存为 .xlsx") from None
    broken = frozenset(n for n, row in enumerate(lines, 1) if any("\ufffd" in cell for cell in row))
    return [Grid(path.name, lines, [])], broken


def _separator(text: str) -> str:
    """The one by which most headings are known, else by which most lines have the same number of columns: a title has marks of its own."""
    head = text[:100_000]
    return max((mark for mark in SEPARATORS if mark in head), key=lambda mark: _fit(head, mark), default=SEPARATORS[0])


def _fit(text: str, separator: str) -> tuple[int, int]:
    try:
        rows = [row for row in islice(csv.reader(io.StringIO(text, newline=""), delimiter=separator), LOOKED_AT) if row]
    except csv.Error:
        return 0, 0
    known = max((len(guess(row, [])) for row in rows), default=0)
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return known if known >= FEW else 0, max((width * lines for width, lines in widths.items()), default=0)


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
    if depth == 0:
        headings = [letter(column) for column in range(max(map(len, rows)))]
    width = len(headings)
    below = [(n, [*row, *[""] * (width - len(row))]) for n, row in enumerate(rows[at + depth :], at + depth + 1)]
    named = {" ".join(heading.split()) for heading in headings} - {""}
    below = [(n, row) for n, row in below if any(map(str.strip, row)) and not _same_headings(row, named)]
    return Sheet(grid.name, headings, below, guess(headings, [row for _, row in below]), broken, headless=depth == 0)


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
    """Where the headings stand, in how many lines, and what they are: two lines where groups of columns have a heading above, none
    where the first line is a record already."""
    best = (0, 0, 1, [str(cell) for cell in rows[0]])
    for at in range(min(LOOKED_AT, len(rows))):
        for depth in (1, 2):
            line = _joined(rows[at : at + depth])
            known = len(guess(line, []))
            score = known * 10 - depth  # of equal ones the single line
            if score > best[0] and known >= FEW and not any(map(_moment, line)):
                best = (score, at, depth, line)
    if not best[0]:
        first = next((at for at, row in enumerate(rows) if sum(map(bool, map(str.strip, row))) >= FEW), 0)
        if any(_moment(cell) or len(cell) > LONG for cell in rows[first]):
            return first, 0, []
    return best[1], best[2], best[3]


def _moment(cell: str) -> bool:
    """A day or a moment is no heading."""
    return cell[:1].isdigit() and when(cell) is not None


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
