"""The hot spots of a report: each grid and topic of the stretch against the months before, with some of its cases as evidence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import product
from typing import Any

from bot.papers.heard import Heard
from bot.papers.listing import Read, Reader
from bot.papers.pack import Rising, Stretch
from bot.papers.words import load, topic
from casework.hotspots import Hot, hot
from nlp.periods import DAY, months_before
from storage import packs

BACK = 3
"""So many months before the stretch it is compared with, or as many as it has itself; fewer where there are fewer."""
SHOWN = 10
EVIDENCE = 3
UNKNOWN = ("", "mentioned")
Key = tuple[str, str]


def found(heard: Heard, row: Any, stretch: Stretch, today: date, read: Read, reader: Reader) -> tuple[Sequence[Rising], int]:
    """The hot spots, the surest first, and how many days they are compared with; 0 where there is no past."""
    own = (stretch.last.year - stretch.first.year) * 12 + stretch.last.month - stretch.first.month + 1
    first = _first_month(heard, months_before(stretch.first, max(BACK, own)), stretch.first)
    if first is None:
        return (), 0
    now, past = (_counts(heard, reader, *span) for span in ((stretch.first, stretch.last), (first, stretch.first - DAY)))
    days_now = (min(stretch.last, today) - stretch.first).days + 1
    days_past = (stretch.first - first).days
    grids = [grid.id for grid in packs.below(reader.conn, row, "grid")]
    looked = product(grids, sorted({key[1] for key in (*now, *past)}))
    counts = {key: (now.get(key, 0), past.get(key, 0)) for key in looked}
    spots = hot(counts, days_now, days_past)[:SHOWN] if counts else []
    return [_told(spot, row, read, reader) for spot in spots], days_past


def _first_month(heard: Heard, earliest: date, until: date) -> date | None:
    """The first month since `earliest` in which there was a case, before `until`."""
    months = heard.by_start("m", earliest, months_before(until, 1), with_struck=True)
    return min((month for month, told in months.items() if told["filed"]), default=None)


def _counts(heard: Heard, reader: Reader, first: date, last: date) -> dict[Key, int]:
    """Cases by grid and topic; what is not told apart is no topic."""
    grids = [grid.id for grid in packs.below(reader.conn, reader.area, "grid")]
    counts: dict[Key, int] = {}
    for at in range(0, len(grids), packs.CHUNK):
        for (grid, _, _, name), count in heard.topics(grids[at : at + packs.CHUNK], Stretch(first, last)).items():
            if name not in UNKNOWN:
                counts[grid, name] = counts.get((grid, name), 0) + count
    return counts


def _told(spot: Hot[Key], row: Any, read: Read, reader: Reader) -> Rising:
    grid, name = spot.key
    cases = [case for case in read.found if case.grid_id == grid and case.topic == name and not case.confidential]
    evidence = [(case.number, read.lines[case.id].summary) for case in cases[-EVIDENCE:]]
    place = reader.names[grid].removeprefix(row.name) or reader.names[grid]
    known = topic(name) if name in load()["topic"] else name
    return Rising(place, known, spot.now, spot.expected, spot.chance, evidence)
