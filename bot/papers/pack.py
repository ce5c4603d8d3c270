"""All that a report says, as values: filled by collecting.py from the database, put into words, charts, Word and Excel by the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.papers import words
from casework.coverage import Covered
from casework.figures import COUNTERS, Waits
from casework.rates import Rates, rates_of
from nlp.periods import month_of

Counters = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days of a report or of what it is compared with, both included."""

    first: date
    last: date

    @property
    def name(self) -> str:
        return words.period(self.first, self.last)

    @property
    def whole_months(self) -> bool:
        """Whether it has no month in part."""
        return (self.first, self.last) == (month_of(self.first)[0], month_of(self.last)[1])


@dataclass(frozen=True, slots=True)
class Counted:
    """The figures of a stretch: by category, without the struck-out cases; `struck`: of those alone. `unheard`: how many cases are in
    none of them, for the desk is not to hear of them; never shown."""

    categories: Mapping[str, Counters]
    struck: Counters
    unheard: int = 0

    @property
    def whole(self) -> Counters:
        return summed(self.categories.values())

    @property
    def rates(self) -> Rates:
        return rates_of(self.whole)

    @property
    def rates_with_struck(self) -> Rates:
        return rates_of(summed((self.whole, self.struck)))


def summed(counters: Iterable[Counters]) -> dict[str, int]:
    """The sum of many."""
    whole = dict.fromkeys(COUNTERS, 0)
    for each in counters:
        for name in COUNTERS:
            whole[name] += each.get(name, 0)
    return whole


@dataclass(frozen=True, slots=True)
class AreaLine:
    """An area below, with its figures, and how much of its duty was covered, if that is known."""

    name: str
    counters: Counters
    covered: Covered | None = None


@dataclass(frozen=True, slots=True)
class GridLine:
    """A grid and how much of its duty was covered."""

    name: str
    covered: Covered


@dataclass(frozen=True, slots=True)
class TopicLine:
    """A kind of trouble: its category, how many cases now and before, and in a report of several months the month with most."""

    topic: str
    category: str
    now: int
    before: int
    peak: str = ""


@dataclass(frozen=True, slots=True)
class EstateLine:
    """An estate ("" for those that name none), with its cases and those of them that are open."""

    name: str
    filed: int
    open: int


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case as a report may show it: no telephone, no name of a resident, no room. `owes`: what whoever has it has to do."""

    number: str
    place: str
    community: str
    category: str
    topic: str
    state: str
    urgency: str
    summary: str
    filed_at: datetime
    owner: str
    due: datetime | None = None
    ended_at: datetime | None = None
    answer: str | None = None
    grade: str | None = None
    nudges: int = 0
    reopens: int = 0
    origin: str = ""
    channel: str = ""
    why: str = ""
    owes: str = ""
    days: int = 0


@dataclass(frozen=True, slots=True)
class Rising:
    """A hot spot with its evidence: some of its cases, as (number, words)."""

    place: str
    topic: str
    now: int
    expected: float
    chance: float
    evidence: Sequence[tuple[str, str]] = ()

    @property
    def name(self) -> str:
        return words.say("hot.name", place=self.place, topic=self.topic)


@dataclass(frozen=True, slots=True)
class Voice:
    """What a resident said: about which category, and with which answer."""

    words: str
    category: str
    answer: str


@dataclass(frozen=True, slots=True)
class Change:
    """A figure of an earlier report that is different now."""

    period: str
    as_of: datetime
    figure: str
    was: int
    now: int


@dataclass(frozen=True, slots=True)
class Listing:
    """Cases that may be read, and how many more are only counted."""

    lines: Sequence[CaseLine] = ()
    unread: int = 0
    cut: int = 0  # readable ones beyond those that are listed
    worst: int = 0  # days over the limit, of all of them
    late: int = 0  # of stuck ones: how many are over a limit, listed or not
    waiting: int = 0  # and how many are stuck otherwise

    @property
    def count(self) -> int:
        """All, read or not."""
        return len(self.lines) + self.cut + self.unread


@dataclass(frozen=True, slots=True)
class Pack:
    """A report of one area and stretch as of a moment. `past_days`: how long the hot spots could look back; 0: not at all."""

    area_id: str
    area: str
    stretch: Stretch
    before: Stretch
    year_before: Stretch
    as_of: datetime
    over: bool
    now: Counted
    then: Counted
    year: Counted
    days: Mapping[date, int] = field(default_factory=dict)
    days_before: Mapping[date, int] = field(default_factory=dict)
    months_of: Mapping[date, Counters] = field(default_factory=dict)
    areas: Sequence[AreaLine] = ()
    covered: Covered | None = None
    covered_since: date | None = None  # where duty is not known from the first day on
    gaps: Sequence[GridLine] = ()
    topics: Sequence[TopicLine] = ()
    estates: Sequence[EstateLine] = ()
    durations: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    waits: Mapping[str, Waits] = field(default_factory=dict)
    rising: Sequence[Rising] = ()
    past_days: int = 0
    stuck: Listing = Listing()
    cases: Listing = Listing()
    ledger: Listing = Listing()
    voices: Sequence[Voice] = ()
    changes: Sequence[Change] = ()
    packed_before: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing was filed."""
        return self.now.whole["filed"] + self.now.struck.get("filed", 0) == 0

    @property
    def so_far(self) -> Stretch:
        """The days of it that have been."""
        return Stretch(self.stretch.first, min(self.stretch.last, self.as_of.date()))

    @property
    def months(self) -> int:
        """How many there are of it."""
        return (self.stretch.last.year - self.stretch.first.year) * 12 + self.stretch.last.month - self.stretch.first.month + 1

    @property
    def has_year(self) -> bool:
        """Whether the same days of the year before are something else than the period before: of a whole year they are not."""
        return self.year_before != self.before

    @property
    def title(self) -> str:
        return words.say("paper.title" if self.months == 1 else "paper.title_long", area=self.area, period=self.stretch.name)


FROZEN = ("filed", "open", "answers", "solved", "unanswered")
"""What a made report keeps, to be compared with what is counted later."""
UNHEARD = "unheard"


def frozen(counted: Counted) -> dict[str, int]:
    """The figures by which a later report shows revisions, and how many cases were left out of them."""
    return {name: counted.whole[name] for name in FROZEN} | {"struck": counted.struck.get("filed", 0), UNHEARD: counted.unheard}
