"""The figures that somebody may see: the roll-ups, without the complaints that are about them or about those on their rung."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from casework import access
from casework import figures as shares
from casework.case import AreaId, Case
from casework.figures import Waits
from handlers.summaries.looking import View, stretch
from handlers.turn import Turn
from nlp.periods import month_of
from storage import figures, overview
from storage.overview import Doubtful, Only

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


def by_category(turn: Turn, view: View, days: tuple[date, date] | None = None, with_struck_out: bool = False) -> dict[str, Counters]:
    """The counters of each category that a view looks at, over its days or others."""
    first, last = days or (view.first, view.last)
    found: dict[str, Counters] = {}
    if not rolled_up(turn, view):
        _add(turn, found, [c for c in cases(turn, view, first, last) if with_struck_out or not c.struck_out], 1)
        return found
    found = figures.by_category(turn.conn, [view.area], first, last, with_struck_out)
    _add(turn, found, [c for c in unseen(turn, view.area, first, last) if with_struck_out or not c.struck_out], -1)
    return {name: told for name, told in found.items() if view.category in ("", name)}


def rolled_up(turn: Turn, view: View) -> bool:
    """Whether the roll-ups know it: they have no days of a grid, and categories alone are told apart."""
    return turn.town.area(view.area).kind != "grid" and view.only == Only(view.category)


def cases(turn: Turn, view: View, first: date, last: date) -> list[Case]:
    """The cases themselves, struck out or not, that the speaker may have counted."""
    here = stretch(turn, view.area, first, last)
    without = ids(hidden(turn, here.since, here.until, here.area))
    return [case for case in overview.to_count(turn.conn, here, view.only) if case.id not in without]


def unseen(turn: Turn, area: str, first: date, last: date) -> list[Case]:
    """What the roll-ups count in an area and the speaker is to hear nothing of."""
    here = stretch(turn, area, first, last)
    return [c for c in hidden(turn, here.since, here.until, here.area) if turn.town.within(c.area_id, AreaId(area))]


def _add(turn: Turn, found: dict[str, Counters], cases: Iterable[Case], sign: int) -> None:
    for case in cases:
        into = found.setdefault(case.category, dict.fromkeys(shares.COUNTERS, 0))
        for name, count in shares.counts(case, turn.policy).items():
            into[name] += sign * count


def whole(found: Mapping[str, Counters]) -> Counters:
    """All categories together."""
    summed = dict.fromkeys(shares.COUNTERS, 0)
    for told in found.values():
        for counter, count in told.items():
            summed[counter] += count
    return summed


def waits(turn: Turn, view: View, filed: int) -> dict[str, Waits]:
    """How long the cases of a view waited, by measure, without the struck-out ones: read off the roll-ups where they are many of whole
    months, else from the cases. `filed`: how many they are."""
    ends = min(month_of(view.last)[1], turn.now.astimezone(turn.policy.calendar.zone).date())
    months = rolled_up(turn, view) and not view.category and view.first.day == 1 and view.last >= ends
    if filed < shares.FEW or not months:
        return shares.waits(case for case in cases(turn, view, view.first, view.last) if not case.struck_out)
    without = [case for case in unseen(turn, view.area, view.first, view.last) if not case.struck_out]
    told = {measure: shares.read_off(_buckets(turn, view, measure, without)) for measure in shares.MEASURES}
    return {measure: each for measure, each in told.items() if each is not None}


def _buckets(turn: Turn, view: View, measure: str, without: Iterable[Case]) -> dict[int, int]:
    """How many waited how long, by bucket."""
    found = figures.durations(turn.conn, [view.area], measure, view.first, view.last)
    for case in without:
        if (minutes := shares.durations(case).get(measure)) is not None:
            found[shares.bucket(minutes)] -= 1
    return found
