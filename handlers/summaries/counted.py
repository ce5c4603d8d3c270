"""The figures that somebody may see: the roll-ups, without the complaints that are about them or about those on their rung."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from casework import access
from casework import figures as shares
from casework.case import AreaId, Case
from handlers.summaries.looking import stretch
from handlers.turn import Turn
from storage import figures, overview

Counters = dict[str, int]


def hidden(turn: Turn, since: datetime, until: datetime) -> list[Case]:
    """Complaints about somebody, filed in these days, of which the speaker is to hear nothing, not even a number."""
    return _not_theirs(turn, overview.spoken_of(turn.conn, since, until))


def hidden_now(turn: Turn) -> frozenset[str]:
    """Those that are open, by id: what stands open is told of without them."""
    return ids(_not_theirs(turn, overview.open_spoken_of(turn.conn)))


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
    inside = [c for c in hidden(turn, here.since, here.until) if turn.town.within(c.area_id, AreaId(area))]
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
