"""What the first page of the supervisors' board (看板) asks: today at a glance, the tree of areas, the trend, what is late.

Cheap, however many cases there are: periods are read from the roll-ups, what stands open or is late by indexes that hold nothing else,
and what is late is counted up to MOST. `counts` says which cases are in figures shown to the reader (casework.access.counts): the few
complaints about somebody that are not are taken off again, as storage.overview's callers do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from casework.access import Scope
from casework.case import Case
from casework.figures import counts as counts_of
from casework.figures import day_of
from casework.policy import Policy
from storage import board_statements as st
from storage.board_statements import COUNTERS, MOST
from storage.figures import _pieces
from storage.overview import Doubtful, open_spoken_of, spoken_of
from storage.rows import case_from

DAY: Final = timedelta(days=1)
Counters = dict[str, int]
Counts = Callable[[Case], bool]


def everything(case: Case) -> bool:
    """For whoever may count every case."""
    return True


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked at: an area, days (both included) and those they are compared with, perhaps one category."""

    area: str
    first: date
    last: date
    before: tuple[date, date]
    category: str = ""
    with_struck_out: bool = False


@dataclass(frozen=True, slots=True)
class Glance:
    """How it stands now. `late` goes no further than MOST; `month` and `month_before`, by category, are for the three rates."""

    filed_today: int
    open: int
    waiting: int
    late: int
    ended_today: int
    month: Mapping[str, Counters]
    month_before: Mapping[str, Counters]


@dataclass(frozen=True, slots=True)
class FirstPage:
    """`below`: rows of areas, two levels at most, above before below; `tree`: their counters, `late_in`: how many are late in each.
    `late`: those of them that the scope may be able to read, LISTED at most."""

    glance: Glance
    now: Mapping[str, Counters]
    before: Mapping[str, Counters]
    by_day: Mapping[date, int]
    by_day_before: Mapping[date, int]
    below: Sequence[Any] = ()
    tree: Mapping[str, Counters] = field(default_factory=dict)
    late_in: Mapping[str, int] = field(default_factory=dict)
    late: Sequence[Case] = ()


def this_month(area: str, now: datetime, policy: Policy) -> Asked:
    """What the page shows when nothing else is asked for: this month so far, beside as much of the time right before it."""
    today = day_of(now, policy.calendar.zone)
    first = today.replace(day=1)
    return Asked(area, first, today, (first - (today - first + DAY), first - DAY))


# ---- the page ----------------------------------------------------------------------------------------------------------


def first_page(
    conn: Connection, asked: Asked, now: datetime, policy: Policy, counts: Counts = everything, scope: Scope | None = None,
    doubtful: tuple[int, frozenset[str]] | None = None,
) -> FirstPage:
    """All of it in one look. `scope`: who reads; None: somebody who may read every case. `doubtful`: of which complaints `counts` need
    be asked at all (casework.access.doubtful); None: of each."""
    taken = _Taken(conn, asked, now, policy, counts, doubtful)
    below = list(conn.execute(st.TWO_BELOW if taken.area.kind in ("city", "subdistrict") else st.CHILDREN, {"area": asked.area}))
    late = taken.late()
    return FirstPage(
        glance=taken.glance(sum(late.values())),
        now=taken.by_category(asked.first, asked.last), before=taken.by_category(*asked.before),
        by_day=taken.by_day(asked.first, asked.last), by_day_before=taken.by_day(*asked.before),
        below=below, tree=taken.by_area(below), late_in=_added_up(below, late, taken.paths),
        late=[case_from(row) for row in conn.execute(st.late(taken.area.kind, scope, taken.which), taken.only)],
    )  # fmt: skip


def glance(
    conn: Connection, asked: Asked, now: datetime, policy: Policy, counts: Counts = everything,
    doubtful: tuple[int, frozenset[str]] | None = None,
) -> Glance:
    """The numbers of the first lines alone: what is told to a page that is open."""
    taken = _Taken(conn, asked, now, policy, counts, doubtful)
    return taken.glance(sum(taken.late().values()))


class _Taken:
    """The figures of an area, with what is not the reader's to count taken off. `hidden`: such cases of the days that are looked at;
    `which` and `only`: what the statements ask, and with what."""

    def __init__(
        self, conn: Connection, asked: Asked, now: datetime, policy: Policy, counts: Counts, doubtful: tuple[int, frozenset[str]] | None
    ) -> None:
        self.conn, self.asked, self.now, self.policy, self.counts = conn, asked, now, policy, counts
        self.zone = policy.calendar.zone
        self.today = day_of(now, self.zone)
        self.area = conn.execute(st.ONE_AREA, {"area": asked.area}).one()
        self.paths: dict[str, str] = {row.id: row.path for row in conn.execute(st.PATHS)}
        here, kind = {"area": self.area.id, "path": self.area.path}, self.area.kind
        first = min(asked.first, asked.before[0], (self.today.replace(day=1) - DAY).replace(day=1))
        since, until = self._midnight(first), self._midnight(self.today + DAY)
        if doubtful is None:
            spoken: Iterable[Case] = map(case_from, conn.execute(st.spoken_of(kind), here | {"since": since, "until": until}))
            open_spoken: Iterable[Case] = map(case_from, conn.execute(st.open_spoken_of(kind), here))
        else:
            among = Doubtful(self.area, *doubtful)
            spoken, open_spoken = spoken_of(conn, since, until, among), open_spoken_of(conn, among)
        self.hidden = [case for case in spoken if not counts(case)]
        self.days = {case.id: day_of(case.filed_at, self.zone) for case in self.hidden}
        self.open_hidden = [case for case in open_spoken if not counts(case)]
        self.which: st.Only = (bool(asked.category), bool(self.open_hidden))
        self.only = here | {"category": asked.category, "without": [case.id for case in self.open_hidden]}

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone)

    # -- how it stands now

    def glance(self, late: int) -> Glance:
        """`late`: how many are late."""
        month = self.today.replace(day=1)
        earlier = (month - DAY).replace(day=1)
        return Glance(
            filed_today=added(self.by_category(self.today, self.today).values())["filed"], open=self._open(), late=min(MOST, late),
            waiting=int(self.conn.execute(st.waiting(self.area.kind, self.which), self.only).scalar_one()), ended_today=self._ended(),
            month=self.by_category(month, self.today), month_before=self.by_category(earlier, month - DAY),
        )  # fmt: skip

    def late(self) -> dict[str, int]:
        """How many are late, by the smallest area known."""
        return {row.area_id: int(row.late) for row in self.conn.execute(st.late_in(self.area.kind, self.which), self.only)}

    def _open(self) -> int:
        """All that stand open, whenever they were filed: the sum over all months."""
        every = int(self.conn.execute(st.STANDS_OPEN, self._of([self.area.id], "m", self.today, self.today)).scalar() or 0)
        return every - sum(map(self._asked_for, self.open_hidden))

    def _ended(self) -> int:
        asked = {"since": self._midnight(self.today), "now": self.now, **self.only}
        del asked["without"]
        spoken = map(case_from, self.conn.execute(st.ended(self.area.kind, True, self.which[0]), asked))
        others = self.conn.execute(st.ended(self.area.kind, False, self.which[0]), asked).scalar_one()
        return int(others) + sum(map(self.counts, spoken))

    # -- periods, from the roll-ups

    def by_category(self, first: date, last: date) -> dict[str, Counters]:
        """The counters of each category over these days."""
        found = self._rolled(st.BY_CATEGORY, [self.area], first, last, lambda case: case.category)
        for case in self._hidden_of(first, last):
            self._add(found, case.category, case, -1)
        return found

    def by_day(self, first: date, last: date) -> dict[date, int]:
        """How many were filed on each day."""
        if self.area.kind == "grid":
            told = self._counted([self.area.id], first, last, lambda case: day_of(case.filed_at, self.zone))
            found = {at: counters["filed"] for at, counters in told.items()}
        else:
            rows = self.conn.execute(st.BY_DAY, self._of([self.area.id], "d", first, last))
            found = {row.by: int(row.filed or 0) for row in rows}
        for case in self._hidden_of(first, last):
            found[self.days[case.id]] = found.get(self.days[case.id], 0) - 1
        return found

    def by_area(self, rows: Sequence[Any]) -> dict[str, Counters]:
        """The counters of each of these areas."""
        first, last = self.asked.first, self.asked.last
        grids, larger = ([row for row in rows if (row.kind == "grid") is is_] for is_ in (True, False))
        found = {row.id: dict.fromkeys(COUNTERS, 0) for row in rows}
        for some in (larger, grids):
            found |= self._rolled(st.BY_AREA, some, first, last, lambda case: case.grid_id) if some else {}
        for case in self._hidden_of(first, last):
            for above in self.paths.get(case.area_id, "").split("/"):
                if above in found:
                    self._add(found, above, case, -1)
        return found

    def _rolled(self, query: Any, areas: Sequence[Any], first: date, last: date, of: Callable[[Case], Any]) -> dict[Any, Counters]:
        """Summed by a column of the roll-ups. Days of a grid are not in them: then its cases are counted, `of` says by what."""
        ids = [row.id for row in areas]
        pieces = _pieces(first, _to_its_end(last, self.today)) if areas[0].kind != "grid" else _pieces_of_grid(first, last, self.today)
        if pieces is None:
            return self._counted(ids, first, last, of)
        found: dict[Any, Counters] = {}
        for span, start, end in pieces:
            for row in self.conn.execute(query, self._of(ids, span, start, end)).mappings():
                into = found.setdefault(row["by"], dict.fromkeys(COUNTERS, 0))
                for name in COUNTERS:
                    into[name] += int(row[name] or 0)
        return found

    def _of(self, areas: Sequence[str], span: str, first: date, last: date) -> dict[str, Any]:
        struck = int(self.asked.with_struck_out)
        return {"areas": areas, "span": span, "first": first, "last": last, "struck": struck, "category": self.asked.category}

    def _counted(self, grids: Sequence[str], first: date, last: date, of: Callable[[Case], Any]) -> dict[Any, Counters]:
        found: dict[Any, Counters] = {}
        days = {"since": self._midnight(first), "until": self._midnight(last + DAY)}
        for case in map(case_from, self.conn.execute(st.OF_GRIDS, {"areas": grids, **days})):
            if self._asked_for(case):
                self._add(found, of(case), case, 1)
        return found

    def _hidden_of(self, first: date, last: date) -> list[Case]:
        return [case for case in self.hidden if first <= self.days[case.id] <= last and self._asked_for(case)]

    def _asked_for(self, case: Case) -> bool:
        return self.asked.category in ("", case.category) and (self.asked.with_struck_out or not case.struck_out)

    def _add(self, found: dict[Any, Counters], key: Any, case: Case, times: int) -> None:
        into = found.setdefault(key, dict.fromkeys(COUNTERS, 0))
        for name, count in counts_of(case, self.policy).items():
            if name in into:
                into[name] += times * count


def added(several: Iterable[Counters]) -> Counters:
    """Counters added up."""
    whole = dict.fromkeys(COUNTERS, 0)
    for told in several:
        for name in COUNTERS:
            whole[name] += told[name]
    return whole


def _to_its_end(last: date, today: date) -> date:
    """Of a month that is not over no case lies ahead: its one row is enough."""
    following = date(last.year + last.month // 12, last.month % 12 + 1, 1)
    return following - DAY if last >= today else last


def _pieces_of_grid(first: date, last: date, today: date) -> list[tuple[str, date, date]] | None:
    """Whole months, else whole weeks (the present ones count as whole); None where the days are no such thing."""
    pieces = _pieces(first, _to_its_end(last, today))
    if all(span == "m" for span, _, _ in pieces):
        return pieces
    if first.weekday() == 0 and (last.weekday() == 6 or last >= today):
        return [("w", first, last)]
    return None


def _added_up(below: Sequence[Any], late: Mapping[str, int], paths: Mapping[str, str]) -> dict[str, int]:
    """What is late in each area of the tree, with what lies in it."""
    found = {row.id: 0 for row in below}
    for area, count in late.items():
        for above in paths.get(area, "").split("/"):
            if above in found:
                found[above] += count
    return found
