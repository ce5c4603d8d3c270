"""The report as an Excel workbook: the figures, the list of cases, the coordination ledger. Words never become formulas."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties

from bot.papers.clean import harmless
from bot.papers.document import moment
from bot.papers.pack import CaseLine, Listing, Pack
from bot.papers.sentences import summary
from bot.papers.tables import Table, tables
from bot.papers.words import chance, say, wide

CASES = (
    "number", "filed_at", "community", "place", "category", "topic", "urgency", "summary", "state", "owner", "due", "ended_at", "answer",
    "grade", "nudges", "reopens", "origin", "channel",
)  # fmt: skip
STUCK = ("number", "filed_at", "community", "place", "category", "topic", "summary", "why", "owner", "owes", "due")
LEDGER = ("number", "filed_at", "community", "place", "category", "topic", "summary", "state", "owner", "due", "why")
WIDE = {
    "number": 12, "filed_at": 16, "due": 16, "ended_at": 16, "community": 12, "place": 20, "category": 11, "topic": 13, "urgency": 8,
    "summary": 46, "state": 11, "owner": 18, "owes": 22, "why": 16, "answer": 9, "grade": 8, "nudges": 6, "reopens": 6, "origin": 11,
    "channel": 9,
}  # fmt: skip
WRAPPED = ("state", "summary", "place", "owner", "owes", "why", "topic", "community")
TOP = Alignment(vertical="top")
WRAP = Alignment(wrap_text=True, vertical="top")
FIRST, OTHERS = 26, 18  # how wide the columns of the figures are, in digits
ACROSS = 6  # columns over which a sentence of the summary goes
SIGNS = (FIRST + OTHERS * (ACROSS - 1)) / 2.2  # Chinese signs that have room in a line of it
HIGH = 15.5  # points of a line
HEAD = PatternFill("solid", fgColor="DCE6F1")


def workbook(pack: Pack) -> bytes:
    """The .xlsx."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = say("sheet.figures")
    _figures(sheet, pack)
    _list(book.create_sheet(say("sheet.stuck")), pack, pack.stuck, STUCK, say("stuck.none_listed" if pack.stuck.late + pack.stuck.waiting else "stuck.none"))
    _list(book.create_sheet(say("sheet.cases")), pack, pack.cases, CASES, say("sheet.no_cases"))
    _list(book.create_sheet(say("sheet.ledger")), pack, pack.ledger, LEDGER, say("sheet.no_ledger"))
    book.properties.title, book.properties.creator = harmless(pack.title), say("paper.author")
    for each in book.worksheets:
        _printable(each)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _figures(sheet: Any, pack: Pack) -> None:
    """The summary, and each table under its title."""
    _title(sheet, pack)
    for sentence in summary(pack):
        _sentence(sheet, sentence)
    for table in tables(pack):
        _row(sheet, [])
        _table(sheet, table)
    if pack.rising:
        _row(sheet, [])
        _table(sheet, _hot(pack))
    if pack.changes:
        _row(sheet, [])
        _table(sheet, _revisions(pack))
    sheet.column_dimensions["A"].width = FIRST
    for column in "BCDEFGHI":
        sheet.column_dimensions[column].width = OTHERS


def _sentence(sheet: Any, sentence: str) -> None:
    """In one cell across the sheet, as high as it needs: no program makes a merged cell high enough by itself."""
    _row(sheet, [sentence])
    row = sheet.max_row
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=ACROSS)
    sheet.cell(row, 1).alignment = WRAP
    sheet.row_dimensions[row].height = HIGH * math.ceil(wide(sentence) / SIGNS)


def _hot(pack: Pack) -> Table:
    head = tuple(say(f"column.{name}") for name in ("place", "topic", "count", "expected", "chance"))
    rows = [(each.place, each.topic, each.now, round(each.expected, 1), chance(each.chance)) for each in pack.rising]
    return Table(say("paper.rising"), [head, *rows])


def _revisions(pack: Pack) -> Table:
    head = tuple(say(f"column.{name}") for name in ("period", "figure", "was", "is"))
    rows = [(each.period, each.figure, each.was, each.now) for each in pack.changes]
    return Table(say("paper.revisions"), [head, *rows])


def _printable(sheet: Any) -> None:
    """Across the sheet, as wide as the page."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.8)
    sheet.oddFooter.center.text = "&P / &N"


def _title(sheet: Any, pack: Pack) -> None:
    _row(sheet, [pack.title])
    sheet.cell(sheet.max_row, 1).font = Font(bold=True, size=14)
    _row(sheet, [say("sheet.note", as_of=moment(pack.as_of))])


def _table(sheet: Any, table: Table) -> None:
    _row(sheet, [table.title])
    sheet.cell(sheet.max_row, 1).font = Font(bold=True)
    for at, row in enumerate(table.rows):
        _row(sheet, row)
        if at == 0:
            _head(sheet, len(row))
        for cell in sheet[sheet.max_row][1 : len(row)]:
            cell.alignment = Alignment(horizontal="right", vertical="top", wrap_text=True)


def _list(sheet: Any, pack: Pack, listing: Listing, columns: Sequence[str], none: str) -> None:
    """Cases, a row each under a head that stays, with filters."""
    _title(sheet, pack)
    if listing.unread:
        _row(sheet, [say("sheet.counted", count=listing.unread)])
    if listing is pack.cases and pack.now.struck.get("filed"):
        _row(sheet, [say("sheet.with_struck", count=pack.now.struck["filed"])])
    if listing.cut:
        _row(sheet, [say("sheet.cut", most=len(listing.lines), count=len(listing.lines) + listing.cut)])
    if not listing.lines:
        _row(sheet, [none])
        return
    _row(sheet, [say(f"column.{name}") for name in columns])
    _head(sheet, len(columns))
    head = sheet.max_row
    sheet.print_title_rows = f"{head}:{head}"
    sheet.freeze_panes = sheet.cell(head + 1, 2)
    for line in listing.lines:
        _row(sheet, [_value(line, name) for name in columns])
        for at, name in enumerate(columns, 1):
            sheet.cell(sheet.max_row, at).alignment = WRAP if name in WRAPPED else TOP
    sheet.auto_filter.ref = f"A{head}:{get_column_letter(len(columns))}{sheet.max_row}"
    for at, name in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(at)].width = WIDE.get(name, 14)


def _value(line: CaseLine, name: str) -> object:
    value = getattr(line, name)
    return value.replace(tzinfo=None, second=0, microsecond=0) if isinstance(value, datetime) else value  # a sheet knows no zones


def _head(sheet: Any, columns: int) -> None:
    for cell in sheet[sheet.max_row][:columns]:
        cell.font, cell.fill, cell.alignment = Font(bold=True), HEAD, Alignment(wrap_text=True, vertical="top")


def _row(sheet: Any, values: Sequence[object]) -> None:
    """Append; words are kept as words, whatever they begin with."""
    at = sheet._current_row + 1
    sheet._current_row = at
    for column, value in enumerate(values, 1):
        if value is None or value == "":
            continue
        cell = sheet.cell(at, column)
        if isinstance(value, str):
            cell.value = harmless(value)
            cell.data_type = "s"
        else:
            cell.value = value
            if isinstance(value, datetime):
                cell.number_format = "yyyy-mm-dd hh:mm"
