"""Bringing records in: read, understood and written in chunks, each a transaction of its own, so that a running Jiesu goes on between
them. Broken off at any moment it can be run again: what is in stays, what is not follows."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.records.fields import Mapped
from bot.records.meaning import Meaning
from bot.records.rows import Record, Rows
from bot.records.sheet import Sheet
from casework.case import Case, State
from casework.records import Outcome, Past, state_of
from storage.database import Database, Unavailable
from storage.records import Entry, Fate, Intake, cases_of, known

CHUNK = 1000
TRIES = 5
"""How often a chunk waits for another writer; each wait is Database's own."""


@dataclass
class Brought:
    """What became of the lines, and what they were about."""

    fates: Counter[str] = field(default_factory=Counter)
    categories: Counter[str] = field(default_factory=Counter)
    topics: Counter[tuple[str, str]] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)  # grid, community, nowhere; answered, graded, responded
    first: date | None = None
    last: date | None = None

    def count(self, told: Case | Past, went: Case | Outcome, state: State, fate: Fate, day: date) -> None:
        """One more, and how it went; the counts are of all that stands in the file, not only of what is new."""
        self.fates[fate] += 1
        self.categories[told.category] += 1
        if told.topic:
            self.topics[told.category, told.topic] += 1
        self.states[state.value] += 1
        self.known["grid" if told.grid_id else "community" if told.community_id else "nowhere"] += 1
        self.known["answered"] += went.answer is not None
        self.known["graded"] += went.satisfaction is not None
        self.known["lone_grade"] += went.satisfaction is not None and went.answer is None
        self.known["responded"] += went.acknowledged_at is not None
        self.known["accused"] += bool(told.accused)
        self.first, self.last = min(self.first or day, day), max(self.last or day, day)

    @property
    def whole(self) -> int:
        return sum(self.fates.values())


@dataclass(frozen=True)
class Bringing:
    """One file on its way in. `again` reads anew what has not changed: after new rules, or more places."""

    database: Database
    meaning: Meaning
    intake: Intake
    now: datetime
    apply: bool
    again: bool = False

    def run(self, sheet: Sheet, rows: Rows, step: Callable[[int], None] = lambda lines: None, brought: Brought | None = None) -> Brought:
        """All lines of the sheet; `step` hears how many lines are done. `brought` is counted on while it goes: it may be broken off."""
        brought = brought if brought is not None else Brought()
        with _settled():
            for lines, chunk in _chunks(sheet, rows):
                if chunk:
                    self._chunk(chunk, brought)
                step(lines)
        return brought

    def _chunk(self, chunk: list[Record], brought: Brought) -> None:
        with self.database.reading() as conn:
            there = known(conn, self.intake.source, [record.key for record in chunk])
            same = {} if self.again else {r.key: there[r.key].case_id for r in chunk if r.key in there and there[r.key].fingerprint == r.fingerprint}
            for case in cases_of(conn, same.values()):
                brought.count(case, case, case.state, "same", self._day(case))
        entries = self.meaning.entries([record for record in chunk if record.key not in same])
        fates = self._written(entries) if self.apply else {e.key: "changed" if e.key in there else "new" for e in entries}
        for entry in entries:
            past = entry.past
            brought.count(past, past.outcome, state_of(past.outcome)[0], fates[entry.key], self._day(past))

    def _day(self, case: Case | Past) -> date:
        return case.filed_at.astimezone(self.intake.zone).date()

    def _written(self, entries: list[Entry]) -> Mapping[str, Fate]:
        for left in reversed(range(TRIES)):
            try:
                with self.database.writing() as conn:
                    return self.intake.write(conn, entries, self.now, self.again)
            except Unavailable:
                if not left:
                    raise
        raise AssertionError  # pragma: no cover


@contextmanager
def _settled() -> Iterator[None]:
    """What has been read (the file, the rules) stays until the end, and what is made goes by itself: looking again and again for what may
    go takes a tenth of the time."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(1_000_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _chunks(sheet: Sheet, rows: Rows) -> Iterator[tuple[int, list[Record]]]:
    """How many lines, and the records that they gave."""
    for at in range(0, len(sheet.rows), CHUNK):
        lines = sheet.rows[at : at + CHUNK]
        yield len(lines), [record for n, cells in lines if (record := rows.read(n, cells)) is not None]


def mapped_to(mapped: Mapped, sheet: Sheet) -> list[tuple[str, str, str]]:
    """(field, heading, an example) of each column that is read, for the table that is shown."""
    examples = []
    for name, column in mapped.items():
        cell = next((row[column] for _, row in sheet.rows if row[column].strip()), "")
        examples.append((name, sheet.headings[column], " ".join(cell.split())))
    return examples
