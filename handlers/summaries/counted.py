"""The figures that somebody may see: the roll-ups, without the complaints that are about them or about those on their rung."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from casework import access
from casework import figures as shares
from casework.case import AreaId, Case
from handlers.summaries.looking import stretch
from handlers.turn import Turn
from storage import figures, overview
from storage.overview import Doubtful

Counters = dict[str, int]


def hidden(turn: Turn, since: datetime, until: datetime, area: Any = None) -> list[Case]:
    """Complaints about somebody, filed in these days (in this area, a row), of which the speaker is to hear nothing, not even a number."""
    return _not_theirs(turn, overview.spoken_of(turn.conn, since, until, _doubtful(turn, area)))


def hidden_now(turn: Turn, area: Any = None) -> frozenset[str]:
    """Those that are open, by id: what stands open is told of without them."""
    return ids(_not_theirs(turn, overview.open_spoken_of(turn.conn, _doubtful(turn, area))))


def _doubtful(turn: Turn, area: Any) -> Doubtful | None:
    """Which complaints of an area have to be looked at one by one; all, where no area is told of."""
    if area is None:
        return None
    least, about = access.doubtful(turn.person, AreaId(area.id), turn.town.within)
    return Doubtful(area, least, about)


def _not_theirs(turn: Turn, found: Iterable[Case]) -> list[Case]:
    return [case for case in found if not access.counts(turn.person, case, turn.town.within)]


def ids(cases: Iterable[Case]) -> frozenset[str]:
    """Their ids."""
    return frozenset(case.id for case in cases)


def by_category(turn: Turn, area: str, first: date, last: date, with_struck_out: bool = False) -> dict[str, Counters]:
    """The counters of each category in an area over the days from first to last."""
    here = stretch(turn, area, first, last)
    if here.area.kind == "grid":
        found: dict[str, Counters] = {}
        _add(turn, found, [c for c in overview.of_grid(turn.conn, here) if with_struck_out or not c.struck_out], 1)
    else:
        found = figures.by_category(turn.conn, [area], first, last, with_struck_out)
    inside = hidden(turn, here.since, here.until, here.area)
    _add(turn, found, [c for c in inside if with_struck_out or not c.struck_out], -1)
    return found


def _add(turn: Turn, found: dict[str, Counters], cases: Iterable[Case], sign: int) -> None:
    for case in cases:
        into = found.setdefault(case.category, dict.fromkeys(shares.COUNTERS, 0))
        for name, count in shares.counts(case, turn.policy).items():
            into[name] += sign * count


def whole(found: Mapping[str, Counters], category: str = "") -> Counters:
    """All categories together, or the one."""
    summed = dict.fromkeys(shares.COUNTERS, 0)
    for name, told in found.items():
        if category in ("", name):
            for counter, count in told.items():
                summed[counter] += count
    return summed
