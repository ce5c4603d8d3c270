"""The summary of a report in sentences: pure, a Pack in, lines of text out."""

from __future__ import annotations

from collections.abc import Iterator

from bot.papers.pack import Counted, Counters, Pack
from bot.papers.words import about, counted, day, length, percent, say, share
from casework.coverage import Covered
from casework.figures import MEASURES
from casework.rates import reopen_rate
from handlers.texts import word

TOP = 3
GROWN = 1.5
MOVED_LEAST = 3
"""A change of fewer cases is not worth a sentence."""


def summary(pack: Pack) -> list[str]:
    """What somebody at the table has to know, the most important first."""
    return list(_empty(pack) if pack.empty else _full(pack))


def brief(pack: Pack) -> tuple[str, str]:
    """The two lines that go with the files: how many, and how well or what is stuck."""
    whole = pack.now.whole
    first = say("sum.filed", area=pack.area, period=pack.stretch.name, count=whole["filed"], against=_against(pack))
    second = _rates(pack) + stuck(pack)
    return (first, second) if not pack.empty else (say("empty.none", area=pack.area, period=pack.stretch.name), stuck(pack))


def _empty(pack: Pack) -> Iterator[str]:
    yield say("empty.none", area=pack.area, period=pack.stretch.name)
    if before := pack.then.whole["filed"]:
        yield say("empty.before", compared=pack.before.name, count=before)
    yield say("empty.why")
    if held_up := pack.stuck.late + pack.stuck.waiting:
        yield say("empty.open", count=held_up)


def _full(pack: Pack) -> Iterator[str]:
    whole = pack.now.whole
    yield say("sum.filed", area=pack.area, period=pack.stretch.name, count=whole["filed"], against=_against(pack)) + _year(pack)
    yield _top(pack) + _moved(pack)
    yield say("sum.urgent", urgent=whole["urgent"], emergency=whole["emergency"])
    yield _rates(pack) + _unanswered(pack)
    if waits := _waits(pack):
        yield waits
    if whole["reopened"]:
        yield say("sum.reopened", count=whole["reopened"], rate=percent(reopen_rate(whole).value))
    yield _open(whole) + stuck(pack)
    if pack.covered is not None:
        yield _duty(pack, pack.covered)
    if pack.rising:
        top = pack.rising[0]
        yield say("sum.rising", count=len(pack.rising), name=top.name, now=top.now, expected=about(top.expected))
    if whole["coordinating"]:
        yield say("sum.coordinating", count=whole["coordinating"])
    if pack.now.struck.get("filed"):
        yield _struck(pack)


def _open(whole: Counters) -> str:
    """How many are still open; that none is does not mean that all are solved."""
    if whole["open"]:
        return say("sum.open", open=whole["open"])
    return say("sum.none_open_but", count=not_solved(whole)) if not_solved(whole) else say("sum.none_open")


def not_solved(counters: Counters) -> int:
    """How many residents said that it is not solved."""
    return counters["answers"] - counters["solved"] - counters["partly"]


def _waits(pack: Pack) -> str:
    """Half and nine of ten, of both measures, as far as anything is known; of a single case how long it was."""
    told = []
    for measure in MEASURES:
        if (found := pack.waits.get(measure)) is not None:
            only = "_one" if found.count == 1 else ""
            told.append(say(f"sum.wait_{measure}{only}", half=length(found.half), most=length(found.most)))
    return "".join(told)


def grown(pack: Pack) -> str:
    """Where there are far more cases altogether than before, that is said beside what rises."""
    days = (pack.so_far.last - pack.so_far.first).days + 1, (pack.before.last - pack.before.first).days + 1
    now, before = pack.now.whole["filed"] / days[0], pack.then.whole["filed"] / days[1]
    return say("hot.grown", compared=pack.before.name, times=about(now / before)) if before and now > GROWN * before else ""


def _duty(pack: Pack, covered: Covered) -> str:
    """How much of the duty was covered, and in how many grids somebody was missing by day."""
    since = say("sum.duty_since", day=day(pack.covered_since)) if pack.covered_since else ""
    gaps = say("sum.duty_gaps", count=len(pack.gaps)) if pack.gaps else say("sum.duty_whole")
    return say("sum.duty", day=share(covered.day), night=share(covered.night)) + gaps + since


def stuck(pack: Pack) -> str:
    """How many are over their limit, by how much the worst, and how many are stuck otherwise."""
    found = pack.stuck
    late = say("sum.stuck", count=found.late, days=found.worst) if found.late else say("sum.no_stuck")
    return late + (say("sum.waiting", count=found.waiting) if found.waiting else "")


def change(now: int, before: int) -> str:
    """多 3 件, 少 2 件, 一样多."""
    if now == before:
        return say("sum.same")
    return say("sum.more" if now > before else "sum.fewer", count=abs(now - before))


def known(figures: Counted) -> bool:
    """Whether anything was counted in that stretch at all: before the first case there is nothing to compare with."""
    return figures.whole["filed"] > 0


def _against(pack: Pack) -> str:
    if not known(pack.then):
        return say("sum.no_before", compared=pack.before.name)
    before = pack.then.whole["filed"]
    return say("sum.against", compared=pack.before.name, before=before, change=change(pack.now.whole["filed"], before))


def _year(pack: Pack) -> str:
    if not pack.has_year:
        return ""
    if not known(pack.year):
        return say("sum.no_year")
    before = pack.year.whole["filed"]
    return say("sum.year", period=pack.year_before.name, before=before, change=change(pack.now.whole["filed"], before))


def ranked(figures: Counted) -> list[tuple[str, int]]:
    """Categories with cases, the most frequent first."""
    found = [(name, counters["filed"]) for name, counters in figures.categories.items() if counters["filed"]]
    return sorted(found, key=lambda each: (-each[1], each[0]))


def _top(pack: Pack) -> str:
    top = ranked(pack.now)[:TOP]
    if not top:
        return ""
    names = say("sum.list").join(say("sum.top_one", name=word("category", name), count=count) for name, count in top)
    return say("sum.top", list=names, share=percent(sum(count for _, count in top) / pack.now.whole["filed"]))


def _moved(pack: Pack) -> str:
    if not known(pack.then):
        return ""
    every = {*pack.now.categories, *pack.then.categories}
    now, then = (dict(ranked(each)) for each in (pack.now, pack.then))
    name = max(sorted(every), key=lambda each: abs(now.get(each, 0) - then.get(each, 0)), default=None)
    if name is None or abs(now.get(name, 0) - then.get(name, 0)) < MOVED_LEAST:
        return ""
    return say("sum.moved", compared=pack.before.name, name=word("category", name), change=change(now.get(name, 0), then.get(name, 0)))


def _rates(pack: Pack) -> str:
    rates = pack.now.rates
    if not any(rate.of for rate in (rates.response, rates.resolution, rates.satisfaction)):
        return say("sum.rates_no_record" if pack.now.whole["from_hotline"] else "sum.rates_no_data")
    told = {name: counted(getattr(rates, name)) for name in ("response", "resolution", "satisfaction")}
    return say("sum.rates", **told)


def _unanswered(pack: Pack) -> str:
    count = pack.now.whole["unanswered"]
    if not count:
        return ""
    return say("sum.unanswered_record" if pack.now.whole["from_hotline"] else "sum.unanswered", count=count)


def _struck(pack: Pack) -> str:
    rates = pack.now.rates_with_struck
    told = {name: percent(getattr(rates, name).value) for name in ("response", "resolution", "satisfaction")}
    count = pack.now.struck["filed"]
    return say("sum.struck", count=count, whole=count + pack.now.whole["filed"], **told)
