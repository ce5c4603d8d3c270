"""/summary, 本周汇总, 上个月供暖: a few lines, a picture, and buttons into what is behind the numbers."""

from __future__ import annotations

from typing import Final

from casework.effects import Option
from handlers.summaries import closer, counted, hot, looking, rates
from handlers.summaries.counted import Counters
from handlers.summaries.looking import View, look
from handlers.texts import load, local, text_of, word
from handlers.turn import Turn
from nlp.periods import before, year_before
from storage import overview
from storage.overview import ANY

TOP: Final = 5
RISING: Final = 3


def summary(turn: Turn, rest: str = "") -> None:
    """The speaker's own area and this month, or what was named."""
    if not looking.may_ask(turn):
        return
    asked = looking.heard(turn, rest)
    view = looking.view(turn, asked, "closer" if asked.closer else "summary")
    if view is not None:
        (closer.show if asked.closer else show)(turn, view)


def show(turn: Turn, view: View) -> None:
    """The lines of a view, its picture and its buttons."""
    found = counted.by_category(turn, view)
    now, today = counted.whole(found), local(turn).date()
    title = rates.title(turn, view)
    first, last = before(looking.period(turn, view))
    if not now["filed"]:
        rates.empty(turn, view)
        return
    past = counted.by_category(turn, view, (first, last))
    lines = [
        text_of("summary.counts").format(filed=now["filed"], open=now["open"], solved=now["solved"], late=_late(turn, view)),
        _against(turn, view, now, counted.whole(past)["filed"], looking.days(first, last, today)),
        *closer.pressing(view, now), rates.line(now), *_most(turn, view, found), *_rising(turn, view),
    ]
    bars = [{"name": word("category", c), "count": told["filed"], "before": past.get(c, {}).get("filed", 0)} for c, told in _ranked(found)]
    drawn = {"area": turn.town.area(view.area).name, "period": view.words, "compared": looking.days(first, last, today), "bars": bars}
    ways = [*_ways(turn, view, found), *looking.back(view)]
    looking.picture(turn, "summary.picture", ("categories", drawn), ways, title=title, lines="\n".join(lines))


def _late(turn: Turn, view: View) -> str:
    """How many are late now; nothing beside days that are over."""
    if looking.period(turn, view).whole:
        return ""
    area = turn.town.area(view.area)
    late = overview.count_late(turn.conn, area, counted.hidden_now(turn, area), view.only)
    return text_of("summary.late_now" if late else "summary.none_late_now").format(count=late)


def _against(turn: Turn, view: View, now: Counters, past: int, days: str) -> str:
    """Beside the stretch before, and the same days of the last year."""
    year = counted.whole(counted.by_category(turn, view, year_before(looking.period(turn, view))))
    change = now["filed"] - past
    key = "same" if not change else "more" if change > 0 else "fewer"
    if not past and not _known(turn, view):
        key = "no_before"
    said = text_of(f"summary.{key}").format(days=days, count=abs(change))
    return said + (text_of("summary.year").format(count=year["filed"]) if year["filed"] else text_of("summary.no_year"))


def _known(turn: Turn, view: View) -> bool:
    """Whether anything at all was filed in the area in the stretch before: else there is nothing to compare with."""
    every = View(view.area, view.first, view.last, view.words)
    return counted.whole(counted.by_category(turn, every, before(looking.period(turn, view))))["filed"] > 0


def _ranked(found: dict[str, Counters]) -> list[tuple[str, Counters]]:
    """Those with most cases first."""
    return sorted(((c, told) for c, told in found.items() if told["filed"] > 0), key=lambda pair: (-pair[1]["filed"], pair[0]))


def _most(turn: Turn, view: View, found: dict[str, Counters]) -> list[str]:
    """The most frequent categories, and the most frequent topics."""
    lines = []
    if not view.category and not view.topic:
        several = "、".join(f"{word('category', c)} {told['filed']}" for c, told in _ranked(found)[:TOP])
        lines.append(text_of("summary.categories").format(list=several))
    most = _topics(turn, view)
    if most:
        lines.append(text_of("summary.topics").format(list="；".join(f"{word('topic', t)} {n}" for t, n in most)))
    return lines


def _topics(turn: Turn, view: View) -> list[tuple[str, int]]:
    """Those with most cases first; none of a topic itself."""
    if view.topic:
        return []
    here = looking.stretch(turn, view.area, view.first, view.last)
    told = overview.topics(turn.conn, here, counted.ids(counted.hidden(turn, here.since, here.until, here.area)), view.only)
    known = [(t, n) for t, n in told.items() if t in load()["topic"] and t not in hot.UNTOLD]
    return sorted(known, key=lambda pair: (-pair[1], pair[0]))[:TOP]


def _rising(turn: Turn, view: View) -> list[str]:
    """What is hot now: only where the present is looked at."""
    if view.last < local(turn).date() or view.only != ANY:
        return []
    grids, topics = hot.rising(turn, view.area)
    return [text_of("summary.rising").format(list="；".join(hot.line(turn, s) for s in [*topics, *grids][:RISING]))] if grids or topics else []


def _ways(turn: Turn, view: View, found: dict[str, Counters]) -> list[Option]:
    """Into a category, into the areas below, to the cases; to what is late, and to the stretch before."""
    below = "parts" if _divided(turn, view.area) else "cases"
    if view.topic:
        ways = []
    elif view.category:
        ways = [look(view.deeper(level=below, topic=topic), f"{word('topic', topic)} {count}") for topic, count in _topics(turn, view)]
    else:
        ways = [look(view.deeper(level=below, category=c), f"{word('category', c)} {told['filed']}") for c, told in _ranked(found)[:TOP]]
    if _divided(turn, view.area):
        ways.append(look(view.deeper(level="parts"), text_of("button.parts")))
    ways.append(look(view.deeper(level="cases"), text_of("button.these_cases")))
    ways.append(look(view.deeper(level="closer"), text_of("button.closer")))
    return [*ways, Option("late", view.deeper().args()), Option("rates", view.deeper().args()), Option("hot", view.deeper().args())]


def _divided(turn: Turn, area: str) -> bool:
    return str(turn.town.area(area).kind) != "grid"
