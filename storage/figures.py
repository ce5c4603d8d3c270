"""The roll-ups: written by difference with the case that changes, read by period, rebuilt and verified from the cases themselves.

One upsert of many rows a turn, in the order of their keys (two turns never wait for each other crosswise), as its last statement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Text, TextClause, bindparam, cast, func, select, text

from casework import figures
from casework.case import Case
from casework.figures import COUNTERS, NOTHING, Share
from casework.policy import Policy
from storage import tables as t
from storage.database import many
from storage.rows import case_from

AREA: Any = t.Area.__table__  # type: ignore[attr-defined]
CASE: Any = t.Case.__table__  # type: ignore[attr-defined]
FIGURE: Any = t.Figure.__table__  # type: ignore[attr-defined]
TOPIC: Any = t.TopicFigure.__table__  # type: ignore[attr-defined]
DURATION: Any = t.DurationFigure.__table__  # type: ignore[attr-defined]
WEEK: Any = t.WeekFigure.__table__  # type: ignore[attr-defined]
SPOKEN: Any = t.SpokenOf.__table__  # type: ignore[attr-defined]

PATH = select(AREA.c.path).where(AREA.c.id == bindparam("area"))
KIND = select(AREA.c.id, AREA.c.kind).where(AREA.c.id.in_(bindparam("areas", expanding=True)))
CHUNK = 2_000

Row = tuple[Any, ...]
Chain = tuple[tuple[str, str], ...]


class Rollup(NamedTuple):
    """A table that is added to: what its rows are of, what they count, and the statement, whose parameters are both in this order."""

    table: Any
    keys: tuple[str, ...]
    counted: tuple[str, ...]
    add: TextClause

    @classmethod
    def of(cls, table: Any, keys: tuple[str, ...], counted: tuple[str, ...]) -> Rollup:
        """Its statement adds to a row, or begins it: the same words on both databases."""
        names = (*keys, *counted)
        added = ", ".join(f'"{name}" = {table.name}."{name}" + excluded."{name}"' for name in counted)
        quoted = ", ".join(f'"{name}"' for name in names)
        values = ", ".join(f":{name}" for name in names)
        add = text(f"INSERT INTO {table.name} ({quoted}) VALUES ({values}) ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {added}")
        return cls(table, keys, counted, add.bindparams(bindparam("start", type_=table.c.start.type)) if "start" in keys else add)


NOUGHTS = dict.fromkeys(COUNTERS, 0)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ROLLUPS = (
    Rollup.of(FIGURE, ("area_id", "span", "start", "struck", "category"), COUNTERS),
    Rollup.of(TOPIC, ("span", "start", "area_id", "category", "topic"), ("filed",)),
    Rollup.of(DURATION, ("area_id", "measure", "start", "bucket"), ("cases",)),
    Rollup.of(WEEK, ("start", "area_id", "topic"), WEEKDAYS),
    Rollup.of(SPOKEN, ("who", "case_id"), ("cases",)),
)


class Ledger:
    """Gathers what a turn changes in the figures; `write` adds it to the roll-ups. `chains`: of all areas, where there are many cases."""

    def __init__(self, conn: Connection, policy: Policy, chains: Mapping[str, Chain] | None = None) -> None:
        self.conn, self.policy = conn, policy
        self._sum: figures.Sum | None = None
        self._chains = dict(chains or {})

    def changed(self, before: Case | None, after: Case) -> None:
        """A case was opened (no `before`) or moved."""
        old = figures.share(before, self._chain(before.area_id), self.policy) if before is not None else NOTHING
        self._sum = self._sum or figures.Sum()
        self._sum.take(figures.difference(old, figures.share(after, self._chain(after.area_id), self.policy)))

    def write(self) -> None:
        """Once, at the end of the turn."""
        if self._sum is not None:
            add(self.conn, self._sum.share())
            self._sum = None

    def _chain(self, area: str) -> Chain:
        if area not in self._chains:
            self._chains[area] = chain_of(self.conn, area)
        return self._chains[area]


def chain_of(conn: Connection, area: str) -> Chain:
    """The area and all above it, each with its kind, the nearest first."""
    path = conn.execute(PATH, {"area": area}).scalar()
    ids = [part for part in str(path or "").split("/") if part]
    kinds = {row.id: row.kind for row in conn.execute(KIND, {"areas": ids})}
    return tuple((id_, kinds[id_]) for id_ in reversed(ids) if id_ in kinds)


def all_chains(conn: Connection) -> dict[str, Chain]:
    """The same of every area."""
    areas = conn.execute(select(AREA.c.id, AREA.c.kind, AREA.c.path)).all()
    kinds = {area.id: area.kind for area in areas}
    return {area.id: tuple((part, kinds[part]) for part in reversed(area.path.split("/")) if part in kinds) for area in areas}


def rows(share: Share) -> tuple[list[Row], ...]:
    """The rows that a share adds, table by table as in ROLLUPS."""
    counters = [
        (key.area, *key.period, int(key.struck), key.category, *{**NOUGHTS, **told}.values())
        for key, told in share.counters.items()
    ]
    topics = [(*period, area, category, topic, filed) for (area, period, category, topic), filed in share.topics.items()]
    times = [(area, measure, period.start, bucket, cases) for (area, period, measure, bucket), cases in share.durations.items()]
    weeks: dict[tuple[date, str, str], list[int]] = {}
    for day, filed in share.days.items():
        weeks.setdefault(day[:3], [0] * len(WEEKDAYS))[day.weekday] += filed
    spoken_of = [(who, case, cases) for (who, case), cases in share.spoken_of.items()]
    return counters, topics, times, [(*week, *filed) for week, filed in weeks.items()], spoken_of


def add(conn: Connection, share: Share) -> None:
    """Add a share to the roll-ups, in the order of the keys."""
    for rollup, added in zip(ROLLUPS, rows(share), strict=True):
        added.sort()
        for at in range(0, len(added), CHUNK):
            many(conn, rollup.add, added[at : at + CHUNK])


# ---- rebuilt and verified ------------------------------------------------------------------------------------------


def _all_cases(conn: Connection) -> Iterator[Case]:
    for row in conn.execute(select(CASE).execution_options(yield_per=CHUNK)):
        yield case_from(row)


def from_cases(conn: Connection, policy: Policy, progress: Callable[[], None] = lambda: None) -> Share:
    """The roll-ups as they have to be, counted from every case."""
    chains = all_chains(conn)
    whole = figures.Sum()
    for case in _all_cases(conn):
        whole.take(figures.share(case, chains.get(case.area_id, ()), policy))
        progress()
    return whole.share()


def never_counted(conn: Connection) -> bool:
    """Whether there are cases and no roll-ups, or none of one kind: they were added to the program since."""

    def none(asked: Any) -> bool:
        return conn.execute(asked.limit(1)).first() is None

    cases = select(CASE.c.id)
    spoken_of = cases.where(CASE.c.accused_level > 0, cast(CASE.c.accused, Text).contains('"posts"'))
    kept = ((FIGURE, cases), (WEEK, cases), (SPOKEN, spoken_of))
    return any(none(select(table)) and not none(counted) for table, counted in kept)


def rebuild(conn: Connection, policy: Policy, progress: Callable[[], None] = lambda: None) -> None:
    """Throw the roll-ups away and count them anew."""
    share = from_cases(conn, policy, progress)
    for rollup in ROLLUPS:
        conn.execute(rollup.table.delete())
    add(conn, share)


@dataclass(frozen=True, slots=True)
class Wrong:
    """A row of the roll-ups that the cases do not bear out."""

    table: str
    key: Mapping[str, object]
    kept: Mapping[str, int]
    counted: Mapping[str, int]


def verify(conn: Connection, policy: Policy, progress: Callable[[], None] = lambda: None) -> list[Wrong]:
    """Every row that is not what the cases say; none where all is well."""
    wrong: list[Wrong] = []
    for (table, keys, names, _), right in zip(ROLLUPS, rows(from_cases(conn, policy, progress)), strict=True):
        noughts = (0,) * len(names)
        counted = {row[: len(keys)]: row[len(keys) :] for row in right}
        read = select(*(table.c[name] for name in (*keys, *names)))
        kept = {tuple(row[: len(keys)]): tuple(row[len(keys) :]) for row in conn.execute(read)}
        for key in counted.keys() | kept.keys():
            is_, has = counted.get(key, noughts), kept.get(key, noughts)
            if is_ != has:
                wrong.append(Wrong(table.name, *(dict(zip(*pair, strict=True)) for pair in ((keys, key), (names, has), (names, is_)))))
    return wrong


# ---- read ----------------------------------------------------------------------------------------------------------

_SUMS = [func.sum(FIGURE.c[name]).label(name) for name in COUNTERS]


def _pieces(first: date, last: date) -> list[tuple[str, date, date]]:
    """Whole months as months, the rest as days: (span, first, last) of the rows to add up."""
    months: list[date] = []
    at = first
    pieces: list[tuple[str, date, date]] = []
    while at <= last:
        following = date(at.year + at.month // 12, at.month % 12 + 1, 1)
        if at.day == 1 and following.toordinal() - 1 <= last.toordinal():
            months.append(at)
            at = following
            continue
        end = min(last, date.fromordinal(following.toordinal() - 1))
        pieces.append(("d", at, end))
        at = date.fromordinal(end.toordinal() + 1)
    if months:
        pieces.append(("m", months[0], months[-1]))
    return pieces


def by_category(
    conn: Connection, areas: Sequence[str], first: date, last: date, with_struck_out: bool = False
) -> dict[str, dict[str, int]]:
    """The counters of each category in these areas (all of one level, above the grid) over the days from first to last."""
    return _summed(conn, FIGURE.c.category, areas, _pieces(first, last), with_struck_out)


def by_area(
    conn: Connection, areas: Sequence[str], first: date, last: date, with_struck_out: bool = False
) -> dict[str, dict[str, int]]:
    """The counters of each area over the days from first to last, all categories together."""
    return _summed(conn, FIGURE.c.area_id, areas, _pieces(first, last), with_struck_out)


def by_start(
    conn: Connection, areas: Sequence[str], span: str, first: date, last: date, with_struck_out: bool = False
) -> dict[date, dict[str, int]]:
    """The counters of each day (d), week (w) or month (m) that begins between first and last, all categories together."""
    return _summed(conn, FIGURE.c.start, areas, [(span, first, last)], with_struck_out)


def _summed(
    conn: Connection, by: Any, areas: Sequence[str], pieces: Sequence[tuple[str, date, date]], with_struck_out: bool
) -> dict[Any, dict[str, int]]:
    found: dict[Any, dict[str, int]] = {}
    for span, first, last in pieces:
        query = select(by.label("by"), *_SUMS).where(
            FIGURE.c.area_id.in_(areas), FIGURE.c.span == span, FIGURE.c.start >= first, FIGURE.c.start <= last
        )
        if not with_struck_out:
            query = query.where(FIGURE.c.struck == 0)
        for row in conn.execute(query.group_by(by)).mappings():
            into = found.setdefault(row["by"], dict.fromkeys(COUNTERS, 0))
            for name in COUNTERS:
                into[name] += int(row[name] or 0)
    return found


def topics(conn: Connection, areas: Sequence[str], span: str, first: date, last: date) -> dict[tuple[str, date, str, str], int]:
    """Filed cases by (area, start, category, topic)."""
    query = select(TOPIC).where(
        TOPIC.c.span == span, TOPIC.c.start >= first, TOPIC.c.start <= last, TOPIC.c.area_id.in_(areas)
    )
    return {(r.area_id, r.start, r.category, r.topic): r.filed for r in conn.execute(query)}


def durations(conn: Connection, areas: Sequence[str], measure: str, first: date, last: date) -> dict[int, int]:
    """How many cases of the months from first to last fall into each bucket."""
    query = (
        select(DURATION.c.bucket, func.sum(DURATION.c.cases).label("cases"))
        .where(DURATION.c.area_id.in_(areas), DURATION.c.measure == measure, DURATION.c.start >= first, DURATION.c.start <= last)
        .group_by(DURATION.c.bucket)
    )
    return {row.bucket: int(row.cases) for row in conn.execute(query)}
