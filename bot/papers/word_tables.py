"""Tables of a Word document: as wide as what stands in them, short ones whole on their page, long ones with their head on every page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.shared import Cm, Pt

from bot.papers.clean import clean
from bot.papers.words import say, wide

WIDE = 16.2  # centimetres between the margins
SIGN = 0.036  # centimetres of a Chinese sign, for each point of its size; others are half as wide
BORDERS = 0.42
WHOLE = 18
"""Tables of so many rows are not divided between pages; of longer ones the head keeps three rows beside it."""
NUMERIC = "0123456789+−–%（）/. 天小时分钟"


def add_table(doc: Any, rows: Sequence[Sequence[object]], widths: Sequence[float] = ()) -> None:
    """The first row is the head."""
    size = 9 if len(rows[0]) < 7 else 8 if len(rows[0]) < 9 else 7.5
    made = doc.add_table(rows=0, cols=len(rows[0]), style="Light Grid Accent 1")
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    together = len(rows) - 1 if len(rows) <= WHOLE else 3
    for at, row in enumerate(rows):
        _fill(made.add_row(), row, size, at < together)
    _repeat(made.rows[0])
    _widths(made, tuple(widths) or fitting(rows, size))


def fitting(rows: Sequence[Sequence[object]], size: float) -> tuple[float, ...]:
    """Widths by what stands in the columns: the widest ones give way where it is too much, and few columns are not drawn out."""
    needed = [max(wide(str(cell)) for cell in column) * SIGN * size + BORDERS for column in zip(*rows, strict=True)]
    while sum(needed) > WIDE:
        needed[needed.index(max(needed))] -= 0.1
    more = min(1.5, WIDE / sum(needed))
    return tuple(width * more for width in needed)


def _widths(table: Any, widths: Sequence[float]) -> None:
    """Fixed widths in centimetres: Word reads them from the cells, LibreOffice from the grid."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
        for cell in column.cells:
            cell.width = Cm(width)


def _fill(row: Any, cells: Sequence[object], size: float, keep: bool) -> None:
    """A row that is not divided; with `keep` it stays on the page of the next."""
    _unbroken(row)
    for at, (cell, value) in enumerate(zip(row.cells, cells, strict=True)):
        paragraph = cell.paragraphs[0]
        words = clean(str(value)).replace("%（", "%\u200b（")  # a rate that has to be broken is broken before its numbers
        run = paragraph.add_run(words or " ")  # an empty cell would be as high as a line of the text
        run.font.size = Pt(size)
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.keep_with_next = keep
        if at and _numeric(value):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _numeric(value: object) -> bool:
    return isinstance(value, int) or value == say("rate.no_data") or all(sign in NUMERIC for sign in str(value))


def _repeat(row: Any) -> None:
    """The head stands on every page that the table reaches."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _unbroken(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
