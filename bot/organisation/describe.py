"""A difference as people read it: sheet by sheet, what is added, changed and ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.organisation.names import Names
from bot.organisation.sheets import BY_NAME, SHEETS, Sheet
from bot.organisation.vocabulary import ROLES
from bot.organisation.write import cell_of
from casework.reorganising import Changed, Difference


@dataclass(frozen=True)
class SheetLines:
    """What becomes of a sheet: each row as one line."""

    title: str
    added: tuple[str, ...]
    changed: tuple[str, ...]
    ended: tuple[str, ...]

    @property
    def counts(self) -> str:
        """加 3，改 1，停 2."""
        parts = (("加", self.added), ("改", self.changed), ("停", self.ended))
        return "，".join(f"{word} {len(lines):,}" for word, lines in parts if lines)


def describe(diff: Difference, before: Names, after: Names) -> list[SheetLines]:
    """The sheets in which something changes."""
    return [
        SheetLines(
            sheet.title,
            tuple(line(sheet, row, after) for row in part.added),
            tuple(change(sheet, each, before, after) for each in part.changed),
            tuple(line(sheet, row, before) for row in part.ended),
        )
        for sheet in SHEETS
        if (part := diff[sheet.name])
    ]


def line(sheet: Sheet, row: Any, names: Names) -> str:
    """A row in one line: what stands in its cells, without its id."""
    return " · ".join(cell for column, cell in _cells(sheet, row, names) if cell and column != "id")


def change(sheet: Sheet, changed: Changed, before: Names, after: Names) -> str:
    """Who or what, and each cell that differs: 王强：电话 13800000001 → 13900000001."""
    old, new = dict(_cells(sheet, changed.before, before)), dict(_cells(sheet, changed.after, after))
    titles = {column.heading: column.title for column in BY_NAME[sheet.name].columns}
    differing = [f"{titles[at]} {old[at] or '（空）'} → {new[at] or '（空）'}" for at in new if old[at] != new[at]]
    differing += [f"{column.title}换了一个同名的" for column in sheet.columns
                  if column.field in changed.columns and old[column.heading] == new[column.heading]]  # fmt: skip
    called = _called(sheet, changed.before, before)
    return f"{called}：{'，'.join(differing)}"


def _called(sheet: Sheet, row: Any, names: Names) -> str:
    if sheet.name == "posts":  # by the post, not by who holds it
        area = names.areas.get(row.area)
        return f"{area.name if area else ''}{row.title or ROLES[row.role]}"
    return row.name if sheet.name == "people" else names.best(sheet.name, row.id)


def _cells(sheet: Sheet, row: Any, names: Names) -> Iterable[tuple[str, str]]:
    for column in sheet.columns:
        yield column.heading, cell_of(column, getattr(row, column.field), names, sheet, row)
