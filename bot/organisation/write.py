"""An organisation as a workbook or as a folder of CSV files; and the empty workbook that a clerk fills in.

References are written by the shortest name that comes back to the same row; every cell is text, so that a spreadsheet leaves
telephone numbers and dates alone, and nothing becomes a formula.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from datetime import date, time
from io import StringIO
from math import ceil
from pathlib import Path
from typing import Any, BinaryIO

from bot.organisation.names import Names
from bot.organisation.sheets import SHEETS, Column, Sheet
from bot.organisation.tables import EXAMPLE, letter
from casework.organisation import Organisation

CHOICES = "选项"  # the hidden sheet with the words of the drop-downs
EXPLAINED = "说明"
EXPLAINED_WIDTHS = (3, 16, 7, 60, 44, 30)
ROWS = 20_000  # for which there are drop-downs
WIDTHS = {"phone": 16, "name": 22, "title": 20, "aliases": 26, "text": 60, "grids": 30, "categories": 26, "any": 30, "with": 26}
STEPS = (
    "怎么填这个工作簿",
    "1. 从「区域」填起，再填地点、人员、岗位、值班表；后面四张表没有内容可以空着。",
    "2. 每张表的第一行是表头，请不要改；灰色的“示例”行导入时跳过，可以删去。",
    "3. 引用别的表时写名称就行，如“锦绣社区第1网格”“锦绣苑3号楼”“王强”；同名的写全，或写电话。",
    "4. “编号”一列不用填。导出的表里已有的编号请不要改：靠它认出是同一个人、同一个岗位。",
    "5. 表里的岗位和人就是全部：删去一行，就是这个岗位不设了，或这个人不做了，他手上的诉求会转给别人。",
    "6. 导入前系统先列出会改动什么、哪里填错了；确认以后才会真的改。",
)


def cell_of(column: Column, value: Any, names: Names | None, sheet: Sheet, row: Any) -> str:
    """A value as a cell; `names`: references by name (a workbook), None: codes and ids (CSV)."""
    if value is None or value == ():
        return ""
    if isinstance(value, tuple) and not (column.refers or column.words):
        return "".join(map(str, value)) if column.heading == "weekdays" else ";".join(value)
    if isinstance(value, tuple):
        return ";".join(_one(column, each, names, sheet, row) for each in value)
    return _one(column, value, names, sheet, row)


def _one(column: Column, value: Any, names: Names | None, sheet: Sheet, row: Any) -> str:
    if isinstance(value, time):
        return "24:00" if column.heading == "until" and value == time(0) else f"{value:%H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return repr(value)
    if names is not None and column.words:
        return str(column.words.get(value, value))
    if names is not None and column.refers and value:
        return names.best(column.refers, value, *names.meant(sheet.name, column.heading, row), read=column.parse)
    return str(value)


def _cells(organisation: Organisation, sheet: Sheet, names: Names | None) -> Iterator[list[str]]:
    for row in getattr(organisation, sheet.name):
        yield [cell_of(column, getattr(row, column.field), names, sheet, row) for column in sheet.columns]


def write_folder(organisation: Organisation, folder: Path) -> None:
    """CSV files with codes and ids, in UTF-8 with the mark by which spreadsheets know it."""
    folder.mkdir(parents=True, exist_ok=True)
    for sheet in SHEETS:
        text = StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(column.heading for column in sheet.columns)
        writer.writerows(_cells(organisation, sheet, None))
        with _private(folder / sheet.file) as file:
            file.write(text.getvalue().encode("utf-8-sig"))


def write_workbook(organisation: Organisation, path: Path) -> None:
    """The organisation as the workbook that `read` reads back to the same."""
    names = Names(organisation)
    book = _Book()
    for sheet in SHEETS:
        book.add(sheet, _cells(organisation, sheet, names))
    book.save(path)


def write_template(path: Path) -> None:
    """The empty workbook: an example row, drop-downs, and a page that explains each column."""
    book = _Book()
    for sheet in SHEETS:
        book.add(sheet, [], example=True)
    book.save(path)


def _private(path: Path) -> BinaryIO:
    """A file that only its owner reads: telephone numbers stand in it."""
    file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
    path.chmod(0o600)
    return file


class _Book:
    """A workbook with its explanations and its hidden words."""

    def __init__(self) -> None:
        from openpyxl import Workbook  # 17 MB: only where a workbook is written

        self.book = Workbook()
        self.explained = self.book.active
        self.explained.title = EXPLAINED
        self.choices = self.book.create_sheet(CHOICES)
        self.choices.sheet_state = "hidden"
        self._explain()

    def add(self, sheet: Sheet, rows: Any, example: bool = False) -> None:
        from openpyxl.styles import Alignment, Font, PatternFill

        page = self.book.create_sheet(sheet.title, index=len(self.book.sheetnames) - 1)
        for n, column in enumerate(sheet.columns, 1):
            cell = page.cell(1, n, column.title + ("*" if column.needed else ""))
            cell.font, cell.fill = Font(bold=True), PatternFill("solid", start_color="DCE9F5")
            cell.alignment = Alignment(wrap_text=True, vertical="center")
            page.column_dimensions[letter(n - 1)].width = WIDTHS.get(column.heading, 15)
            page.column_dimensions[letter(n - 1)].number_format = "@"
            self._drop_down(page, sheet, column, letter(n - 1))
        page.freeze_panes = "A2"
        if example:
            shown = [column.example for column in sheet.columns]
            shown[0] = EXAMPLE[0] + shown[0]
            self._put(page, 2, shown, Font(italic=True, color="808080"))
        for n, row in enumerate(rows, 2):
            self._put(page, n, row)
        if example:  # empty cells are text too, before anybody types a telephone number
            for n in range(3, 303):
                self._put(page, n, [""] * len(sheet.columns), keep=True)

    @staticmethod
    def _put(page: Any, n: int, row: list[str], font: Any = None, keep: bool = False) -> None:
        for at, value in enumerate(row, 1):
            if value or keep:
                cell = page.cell(n, at)
                if value:
                    cell.value = value
                    cell.data_type = "s"  # or "=1+1" would be a formula
                cell.number_format = "@"
                if font is not None:
                    cell.font = font

    def _drop_down(self, page: Any, sheet: Sheet, column: Column, at: str) -> None:
        from openpyxl.worksheet.datavalidation import DataValidation

        if column.words and column.heading != "categories":  # of these several may stand in a cell
            used = self.choices.max_column + 1 if self.choices["A1"].value else 1
            for n, word in enumerate(column.words.values(), 1):
                self.choices.cell(n, used, word)
            source = f"{CHOICES}!${letter(used - 1)}$1:${letter(used - 1)}${len(column.words)}"
            rule = DataValidation("list", formula1=f"={source}", allow_blank=not column.needed)
            rule.error, rule.errorTitle = f"请从下拉里选：{'、'.join(column.words.values())}", column.title
            rule.showErrorMessage = True
        elif column.refers and column.heading != "grids":
            other = next(each for each in SHEETS if each.name == column.refers)
            name = next((n for n, each in enumerate(other.columns) if each.heading == "name"), None)
            if name is None:
                return
            rule = DataValidation("list", formula1=f"={other.title}!${letter(name)}$2:${letter(name)}${ROWS}", allow_blank=True)
            rule.showErrorMessage = False  # a longer name, a telephone number: all that is understood may be written
        else:
            return
        rule.prompt, rule.promptTitle = column.explain[:250] or column.title, column.title
        rule.showInputMessage = True
        rule.add(f"{at}2:{at}{ROWS}")
        page.add_data_validation(rule)

    def _explain(self) -> None:
        from openpyxl.styles import Alignment, Font

        page, n = self.explained, len(STEPS) + 2
        for at, step in enumerate(STEPS, 1):
            page.cell(at, 1, step).font = Font(bold=at == 1, size=14 if at == 1 else 11)
        for sheet in SHEETS:
            page.cell(n, 1, f"「{sheet.title}」{sheet.explain}").font = Font(bold=True)
            for column in sheet.columns:
                n += 1
                texts = (column.title, "必填" if column.needed else "", column.explain, "、".join(column.words.values()), column.example)
                for at, value in enumerate(texts, 2):
                    cell = page.cell(n, at, value)
                    cell.alignment = Alignment(wrap_text=True, vertical="top")
                lines = max(ceil(2 * len(text) / width) for text, width in zip(texts, EXPLAINED_WIDTHS[1:], strict=True))
                page.row_dimensions[n].height = 15 * max(1, lines)  # a Chinese sign is two wide; no program does this by itself
            n += 2
        for name, width in zip("ABCDEF", EXPLAINED_WIDTHS, strict=True):
            page.column_dimensions[name].width = width

    def save(self, path: Path) -> None:
        from openpyxl.worksheet.properties import PageSetupProperties

        for page in self.book.worksheets:  # printed, all columns stand on one page
            page.page_setup.orientation, page.page_setup.fitToHeight = "landscape", 0
            page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
            if page not in (self.explained, self.choices):
                page.print_title_rows = "1:1"
        self.book.active = 0
        with _private(path) as file:
            self.book.save(file)
