"""/hot: which places and which troubles have risen, with the numbers that say so, and the way to the cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from casework import figures as figures_of
from casework.case import Case
from casework.effects import Option
from casework.figures import EVERY
from casework.hotspots import Hot, hot
from handlers.summaries import counted, looking
from handlers.summaries.looking import DAY, View
from handlers.texts import load, local, text_of, word
from handlers.turn import Turn
from storage import overview
from storage import rising as rising_days
from storage.overview import Stretch

NOW, BEFORE = 7, 28
"""Full days that are looked at, and those before them with which they are compared."""
SHOWN: Final = 5
UNTOLD: Final = ("", "mentioned", "conduct")
Counts = dict[tuple[str, str], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Spot:
    """Something that rises: an area, and perhaps what in it."""

    area: str
    topic: str
    now: int
    expected: float


def rising(turn: Turn, area: str, public: bool = False) -> tuple[list[Spot], list[Spot]]:
    """Grids of an area, and topics in its communities, the surest first: of the last full days. `public`: to be shown to everybody,
    so without any complaint about somebody."""
    today = local(turn).date()
    here = looking.stretch(turn, area, today - (NOW + BEFORE) * DAY, today - DAY)
    inside = overview.inside(turn.conn, here.area, "grid")
    communities = overview.inside(turn.conn, here.area, "community") or [turn.town.ancestor(here.area.id, "community") or ""]
    without = overview.spoken_of(turn.conn, here.since, here.until) if public else counted.hidden(turn, here.since, here.until, here.area)
    counts = _of_cases(turn, here, without) if here.area.kind == "grid" else _of_weeks(turn, (inside, communities), without)
    topics = rising_days.topics_of(turn.conn, here.area.id, here.since.date(), today - DAY) - {*UNTOLD}
    in_grids = {key: told for key, told in counts.items() if key[1] == EVERY and key[0] in inside}
    in_topics = {key: told for key, told in counts.items() if key[1] in topics and key[0] in communities}
    return (
        [_spot(one, one.key[0], "") for one in _hot(in_grids, len(inside))],
        [_spot(one, *one.key) for one in _hot(in_topics, len(communities) * len(topics))],
    )


def _of_weeks(turn: Turn, areas: tuple[Sequence[str], Sequence[str]], without: Sequence[Case]) -> Counts:
    """(now, before) by grid and by community and topic, from the roll-ups; `without` is what is not to be heard of."""
    today = local(turn).date()
    middle = today - NOW * DAY
    days = (today - (NOW + BEFORE) * DAY, middle, today - DAY)
    counts = rising_days.risen(turn.conn, areas[0], *days, topic=EVERY, all_too=bool(without))
    counts |= rising_days.risen(turn.conn, areas[1], *days, all_too=bool(without))
    for case in without:
        late = figures_of.day_of(case.filed_at, turn.policy.calendar.zone) >= middle
        for key in () if case.struck_out else ((case.grid_id, EVERY), (case.community_id, case.topic)):
            if key in counts:
                now, before = counts[key]
                counts[key] = (now - late, before - (not late))
    return counts


def _of_cases(turn: Turn, here: Stretch, without: Sequence[Case]) -> Counts:
    """The same of one grid, whose topics are not in the roll-ups by day."""
    counts = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for row in overview.recent(turn.conn, here, here.until - NOW * DAY, counted.ids(without)):
        for key in ((row.grid or "", EVERY), (row.community or "", row.topic)):
            counts[0][key] += row.now
            counts[1][key] += row.before
    return {key: (counts[0][key], counts[1][key]) for key in counts[0].keys() | counts[1].keys()}


def _hot(counts: Mapping[Any, tuple[int, int]], looked_at: int) -> Sequence[Hot[Any]]:
    return hot(counts, NOW, BEFORE, looked_at=looked_at)[:SHOWN]


def _spot(one: Hot[Any], area: str, topic: str) -> Spot:
    return Spot(area, topic, one.now, one.expected)


def name(turn: Turn, spot: Spot) -> str:
    """锦绣社区 暖气不热."""
    topic = word("topic", spot.topic) if spot.topic in load()["topic"] else spot.topic
    return f"{turn.town.area(spot.area).name} {topic}".strip()


def line(turn: Turn, spot: Spot) -> str:
    """锦绣社区 暖气不热：8 件，平时约 1.5 件."""
    expected = f"{spot.expected:.1f}".removesuffix(".0")
    return text_of("summary.spot").format(name=name(turn, spot), now=spot.now, expected=expected)


def hot_spots(turn: Turn, rest: str = "") -> None:
    """/hot: of the speaker's area, or of the one that is named."""
    if not looking.may_ask(turn):
        return
    view = looking.view(turn, looking.heard(turn, rest), "hot")
    if view is not None:
        show(turn, view)


def show(turn: Turn, view: View) -> None:
    """What rises in the area of a view, whatever its days."""
    today = local(turn).date()
    first, last = today - NOW * DAY, today - DAY
    grids, topics = rising(turn, view.area)
    area, days = turn.town.area(view.area).name, looking.days(first, last, today)
    if not grids and not topics:
        turn.ask("summary.hot_none", question="summary", awaited=False, options=looking.back(view), area=area, days=days)
        return
    spots = [*topics, *grids]
    here = View(view.area, first, last, text_of("summary.seven_days"), level="hot", up=view.up)
    options = [_button(turn, here, spot) for spot in spots]
    drawn = [{"name": name(turn, spot), "now": spot.now, "expected": spot.expected} for spot in spots]
    looking.picture(
        turn, "summary.hot", ("hot_spots", {"area": area, "period": days, "spots": drawn}), [*options, *looking.back(view)],
        area=area, days=days, lines="\n".join(f"· {line(turn, spot)}" for spot in spots),
    )


def _button(turn: Turn, here: View, spot: Spot) -> Option:
    """The way to the cases."""
    return Option("spot", here.deeper(area=spot.area, level="cases", topic=spot.topic).args(), f"{name(turn, spot)} {spot.now}")
