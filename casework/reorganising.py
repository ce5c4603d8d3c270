"""What changes between two organisations: pure. Posts own cases, so a post that ends, or that nobody holds any more, is named apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, time
from typing import Any, Final

from casework.organisation import ExceptionRow, Organisation, Row

KEYED: Final = ("areas", "places", "people", "posts")  # a row is the same as long as its id is; elsewhere it is its own key
MANY: Final = 20  # posts: below, whoever tries things out is not asked twice
MIDNIGHT: Final = time(0)
SHEETS: Final = tuple(field.name for field in fields(Organisation))


@dataclass(frozen=True, slots=True)
class Changed:
    """A row before and after."""

    before: Any
    after: Any

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the fields that differ."""
        names = (field.name for field in fields(self.before) if field.compare)
        return tuple(name for name in names if getattr(self.before, name) != getattr(self.after, name))


@dataclass(frozen=True, slots=True)
class SheetDifference:
    """What becomes of one sheet, each in the order of the sheet it stands in."""

    added: tuple[Any, ...] = ()
    changed: tuple[Changed, ...] = ()
    ended: tuple[Any, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.ended)


@dataclass(frozen=True, slots=True)
class Difference:
    """What becomes of an organisation, by the name of the sheet."""

    sheets: dict[str, SheetDifference]
    posts_before: int = 0

    def __bool__(self) -> bool:
        return any(self.sheets.values())

    def __getitem__(self, sheet: str) -> SheetDifference:
        return self.sheets[sheet]

    @property
    def gone(self) -> tuple[str, ...]:
        """The posts that end, and those that nobody holds any more: what they have goes to others."""
        vacated = (c.after.id for c in self["posts"].changed if c.before.person and not c.after.person)
        return (*(post.id for post in self["posts"].ended), *vacated)

    @property
    def transferred(self) -> tuple[str, ...]:
        """The posts that lie in another area now."""
        return tuple(c.after.id for c in self["posts"].changed if "area" in c.columns)

    @property
    def sweeping(self) -> bool:
        """Whether more than half of a town's posts would end: likely another town's workbook, or a part of one."""
        ended, kept = len(self["posts"].ended), self.posts_before
        return kept >= MANY and ended * 2 > kept

    @property
    def taken_over(self) -> tuple[str, ...]:
        """The posts that somebody else holds now: what they have stays with them, the new holder is told."""
        return tuple(
            c.after.id for c in self["posts"].changed if c.after.person and c.before.person and "person" in c.columns
        )

    @property
    def redrawn(self) -> bool:
        """Whether what lies where has changed, so that open cases may lie elsewhere."""
        places = self["places"]
        moved = any({"grids", "parent"} & set(c.columns) for c in places.changed) or places.ended
        areas = self["areas"]
        return bool(moved or areas.ended or any("parent" in c.columns for c in areas.changed))


def current(organisation: Organisation, today: date) -> Organisation:
    """Without exceptions and leave of the past: they are history, neither brought in nor ended. Off for the whole day is said in
    one way."""
    return replace(
        organisation,
        exceptions=tuple(_whole_day(row) for row in organisation.exceptions if row.day >= today),
        leave=tuple(row for row in organisation.leave if row.last >= today),
    )


def without_leave_of_who_left(before: Organisation, after: Organisation) -> Organisation:
    """Leave is a person's: with another holder the post's leave of before is over."""
    was = {post.id: post.person for post in before.posts}
    changed = {post.id for post in after.posts if post.person and was.get(post.id, post.person) != post.person}
    old = set(before.leave)
    return replace(after, leave=tuple(row for row in after.leave if row.post not in changed or row not in old))


def _whole_day(row: ExceptionRow) -> ExceptionRow:
    whole = row.kind == "off" and (row.start or MIDNIGHT) == (row.until or MIDNIGHT) == MIDNIGHT
    return replace(row, start=None, until=None) if whole else row


def difference(before: Organisation, after: Organisation) -> Difference:
    """All that is added, changed and ended on the way from `before` to `after`."""
    return Difference(
        {name: _by_id(getattr(before, name), getattr(after, name)) if name in KEYED
         else _by_value(getattr(before, name), getattr(after, name)) for name in SHEETS},
        len(before.posts),
    )  # fmt: skip


def _by_id(before: Iterable[Any], after: Iterable[Any]) -> SheetDifference:
    old, new = {row.id: row for row in before}, {row.id: row for row in after}
    return SheetDifference(
        tuple(row for row in new.values() if row.id not in old),
        tuple(Changed(old[row.id], row) for row in new.values() if row.id in old and old[row.id] != row),
        tuple(row for row in old.values() if row.id not in new),
    )


def _by_value(before: Iterable[Row], after: Iterable[Row]) -> SheetDifference:
    """Rows without ids: a changed one is one that ends and one that is added. The same row twice counts twice."""
    return SheetDifference(added=_beyond(after, before), ended=_beyond(before, after))


def _beyond(these: Iterable[Row], those: Iterable[Row]) -> tuple[Row, ...]:
    left, found = Counter(those), []
    for row in these:
        if left[row] > 0:
            left[row] -= 1
        else:
            found.append(row)
    return tuple(found)
