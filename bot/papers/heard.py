"""The figures as the desk of an area may hear them: the roll-ups, without the complaints that are about those who sit at it.

Everything that a report counts is counted here, so that no part of it gives away what another leaves out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from bot.papers.listing import Reader
from bot.papers.pack import Counted, Stretch, summed
from casework import figures as shares
from casework.case import AreaId, Case
from casework.figures import Waits
from nlp.periods import month_of
from storage import figures, overview, packs

Month = tuple[str, date, str, str]
"""(area, month, category, topic)."""


class Heard:
    """Of the area of a reader, or of areas in it."""

    def __init__(self, reader: Reader) -> None:
        self._reader, self._conn, self._area = reader, reader.conn, str(reader.area.id)

    def counted(self, stretch: Stretch) -> Counted:
        """Without the struck-out cases by category, and those alone."""
        clean, every = (self._by_category(stretch, with_struck) for with_struck in (False, True))
        whole, counted = summed(every.values()), summed(clean.values())
        return Counted(clean, {name: whole[name] - counted[name] for name in whole}, unheard=len(self._unheard(stretch, True)))

    def _by_category(self, stretch: Stretch, with_struck: bool) -> dict[str, dict[str, int]]:
        found = figures.by_category(self._conn, [self._area], stretch.first, stretch.last, with_struck)
        return self._less(found, stretch, lambda case: [case.category], with_struck)

    def by_start(self, span: str, first: date, last: date, with_struck: bool = False) -> dict[date, dict[str, int]]:
        """Each day (d) or month (m) that begins between first and last, all categories together."""
        found = figures.by_start(self._conn, [self._area], span, first, last, with_struck)
        days = Stretch(first, month_of(last)[1] if span == "m" else last)
        return self._less(found, days, lambda case: [self._begins(case, span)], with_struck)

    def by_area(self, areas: Collection[str], stretch: Stretch) -> dict[str, dict[str, int]]:
        """Each of these areas, all of one level."""
        found = figures.by_area(self._conn, list(areas), stretch.first, stretch.last)
        return self._less(found, stretch, lambda case: self._among(case, areas))

    def topics(self, areas: Sequence[str], stretch: Stretch) -> dict[Month, int]:
        """Filed cases of whole months."""
        found = figures.topics(self._conn, areas, "m", stretch.first, stretch.last)
        for case in self._unheard(stretch):
            for area in self._among(case, areas):
                key = (area, self._begins(case, "m"), case.category, case.topic or shares.NO_TOPIC)
                found[key] = found.get(key, 0) - 1
        return {key: count for key, count in found.items() if count}

    def kinds(self, stretch: Stretch) -> dict[tuple[str, str], int]:
        """Filed cases by (category, topic), of any days."""
        if not stretch.whole_months:
            without = [case.id for case in self._reader.unheard]
            return packs.by_kind(self._conn, self._reader.area, *self._reader.moments(stretch), without)
        found: dict[tuple[str, str], int] = {}
        for (_, _, category, topic), count in self.topics([self._area], stretch).items():
            found[category, topic] = found.get((category, topic), 0) + count
        return found

    def waits(self, stretch: Stretch, filed: int) -> dict[str, Waits]:
        """How long they waited, by measure: of few from the cases, of many read off. `filed`: how many they are."""
        if filed >= shares.FEW:
            told = {measure: shares.read_off(self.durations(measure, stretch)) for measure in shares.MEASURES}
            return {measure: each for measure, each in told.items() if each is not None}
        unheard = {case.id for case in self._reader.unheard}
        cases = overview.to_count(self._conn, overview.Stretch(self._reader.area, *self._reader.moments(stretch)))
        return shares.waits(case for case in cases if not case.struck_out and case.id not in unheard)

    def durations(self, measure: str, stretch: Stretch) -> dict[int, int]:
        """How many waited how long, by bucket."""
        found = figures.durations(self._conn, [self._area], measure, stretch.first, stretch.last)
        for case in self._unheard(stretch):
            if (minutes := shares.durations(case).get(measure)) is not None:
                bucket = shares.bucket(minutes)
                found[bucket] = found.get(bucket, 0) - 1
        return {bucket: count for bucket, count in found.items() if count}

    # -- what is not to be heard of

    def _unheard(self, stretch: Stretch, with_struck: bool = False) -> list[Case]:
        """Of these days."""
        return [
            case for case in self._reader.unheard
            if stretch.first <= self._day(case) <= stretch.last and (with_struck or not case.struck_out)
        ]  # fmt: skip

    def _less(
        self, found: Mapping[Any, Mapping[str, int]], stretch: Stretch, keys: Callable[[Case], Iterable[Any]], with_struck: bool = False
    ) -> dict[Any, dict[str, int]]:
        """The counters without those cases; what is left of nothing is left out."""
        less = {key: dict(told) for key, told in found.items()}
        for case in self._unheard(stretch, with_struck):
            for key in keys(case):
                into = less.setdefault(key, summed(()))
                for name, count in shares.counts(case, self._reader.policy).items():
                    into[name] -= count
        return {key: told for key, told in less.items() if any(told.values())}

    def _among(self, case: Case, areas: Collection[str]) -> list[str]:
        """Those of the areas in which the case lies."""
        return [area for area in areas if self._reader.within(case.area_id, AreaId(area))]

    def _day(self, case: Case) -> date:
        return shares.day_of(case.filed_at, self._reader.policy.calendar.zone)

    def _begins(self, case: Case, span: str) -> date:
        return next(period.start for period in shares.periods(self._day(case)) if period.span == span)
