"""Spreadsheets as rows of text. A workbook is read in a child process with little memory and little time: one of five
kilobytes can ask for half a terabyte, and the library then ends the process that reads it (LIBRARIES, trap 2)."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Collection
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

MAX_BYTES = 50_000_000  # of the file; an organisation of a city is a tenth of this
MAX_UNPACKED = 400_000_000  # of what the zip holds
MAX_CELLS = 1_500_000  # of one sheet; the roster of a year has a tenth
MAX_SHEETS = 200
MEMORY = 2 << 30  # bytes, of the child
SECONDS = 120.0
SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods")


class BadWorkbook(Exception):
    """It cannot be opened: the problem and the remedy."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem, remedy)
        self.problem, self.remedy = problem, remedy


@dataclass(frozen=True)
class Grid:
    """A sheet: its name, its rows from the first on as text, and its merged ranges as ((row, column), (row, column)),
    counted from 0, both corners included."""

    name: str
    rows: list[list[str]]
    merged: list[tuple[tuple[int, int], tuple[int, int]]]


def read_workbook(path: Path, wanted: Collection[str] = ()) -> list[Grid]:
    """The sheets of a workbook (.xlsx, .xls, .ods); of those that are not `wanted` (if any are) the names only. BadWorkbook says in
    plain words why it cannot be read."""
    _look_at_the_outside(path)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_limit) as child:
        try:
            return child.submit(_read, str(path), frozenset(wanted)).result(timeout=SECONDS)
        except BadWorkbook:
            raise
        except (BrokenProcessPool, MemoryError):
            raise BadWorkbook(
                "这个表格要占用的内存太多，没有读它", "可能在很远的格子里有内容：请新建一个工作簿，只把填了字的部分复制过去"
            ) from None
        except TimeoutError:
            for process in child._processes.values():  # the library has no public way to end one that never returns
                process.kill()
            raise BadWorkbook("读这个表格花的时间太长", "请新建一个工作簿，只把填了字的部分复制过去") from None


def _look_at_the_outside(path: Path) -> None:
    if path.stat().st_size > MAX_BYTES:
        raise BadWorkbook(f"文件超过 {MAX_BYTES // 1_000_000} MB", "请检查是不是选错了文件")
    with path.open("rb") as file:
        head = file.read(8)
    if head[:4] == b"PK\x03\x04":
        try:
            with zipfile.ZipFile(path) as packed:
                unpacked = sum(each.file_size for each in packed.infolist())
        except zipfile.BadZipFile:
            raise BadWorkbook("文件不完整，打不开", "请重新保存或重新发送一次") from None
        if unpacked > MAX_UNPACKED:
            raise BadWorkbook("文件解开后太大，没有读它", "请新建一个工作簿，只把填了字的部分复制过去")
    elif path.suffix.lower() == ".csv":
        raise BadWorkbook("单独一个 CSV 文件不够", "请把几个 CSV 文件放在一个文件夹里，导入这个文件夹")
    elif head != b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise BadWorkbook("这不是 Excel 工作簿", "请用 Excel 或 WPS 打开后另存为 .xlsx，再导入")


def _limit() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # its last words are a screenful that tells nobody anything
    try:
        import resource
    except ImportError:  # no such thing on Windows: there the size is looked at only
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (int(SECONDS), int(SECONDS)))


def _read(path: str, wanted: frozenset[str]) -> list[Grid]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        book = CalamineWorkbook.from_path(path)
        if len(book.sheet_names) > MAX_SHEETS:
            raise BadWorkbook(f"有 {len(book.sheet_names)} 张工作表", "请检查是不是选错了文件")
        return [
            _grid(book, name) if not wanted or name.strip().casefold() in wanted else Grid(name, [], [])
            for name in book.sheet_names
        ]
    except PasswordError:
        raise BadWorkbook("这个工作簿加了密码", "请去掉密码，另存后再导入") from None
    except CalamineError:
        raise BadWorkbook("这个工作簿打不开，可能已损坏", "请用 Excel 或 WPS 打开后另存为 .xlsx，再导入") from None


def _grid(book: Any, name: str) -> Grid:
    sheet = book.get_sheet_by_name(name)
    if (sheet.total_height or 0) * (sheet.total_width or 0) > MAX_CELLS:
        raise BadWorkbook(
            f"工作表「{name}」太大（{sheet.total_height} 行 {sheet.total_width} 列）",
            "可能在很远的格子里有内容：请新建一个工作簿，只把填了字的部分复制过去",
        )
    rows = [[said(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    return Grid(name, rows, list(sheet.merged_cell_ranges or []))


def said(cell: object) -> str:
    """A cell as it is read aloud: a telephone number without ".0", a date as 2026-12-01, a time as 07:00."""
    if type(cell) is str:  # most are
        return cell.replace("\r\n", "\n")
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime) and cell.year < 1901:  # a time of day beyond the day, as spreadsheets count: 24:00
        return f"{cell.hour + 24 * max(0, (cell.date() - date(1899, 12, 30)).days):02}:{cell.minute:02}"
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d}" if cell.time() == time(0) else f"{cell:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, date):
        return f"{cell:%Y-%m-%d}"
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    if isinstance(cell, timedelta):  # 24:00 in a column of times
        minutes = int(cell.total_seconds()) // 60
        return f"{minutes // 60:02}:{minutes % 60:02}"
    return str(cell).replace("\r\n", "\n")
