"""The cases of a report, as its desk may read them: listed, stuck, to be coordinated, and what their residents said.

No telephone, no resident's name, no room: the paper lies on a table before many people. 保密 leaves out the words altogether.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import Any

from rapidfuzz import fuzz

from bot.papers.hiding import hider
from bot.papers.pack import CaseLine, Listing, Stretch, Voice
from bot.papers.words import load, say, topic
from casework.access import Reading, Scope, counts, doubtful, may_print, scope
from casework.case import WAITING, Answer, AreaId, Case, Part, Person, State
from casework.deadlines import due, missed
from casework.policy import Policy
from handlers.texts import staff_state, word
from nlp.shortwords import hide_phone
from storage import overview, packs
from storage.database import Connection

MOST = 20_000
"""Cases in a workbook's list; what is beyond them is said."""
VOICES = 8
UNHEARD = 7
"""Days after which somebody should have telephoned about what is done (three days of reminders, two working days for the call)."""
ALIKE = 70
"""Of a hundred: two sentences that are so alike say the same (锦绣苑1号楼没暖气, 锦绣苑3号楼没暖气)."""
QUOTED = (6, 60)  # characters: shorter says nothing, longer nobody reads at the table
ASKED = ("reply", "grade", "reopen")  # what residents say when they are asked whether it is solved


@dataclass(frozen=True)
class Reader:
    """For whom the report is: its area's desk, and whoever sits at it, on one connection, at one moment."""

    conn: Connection
    policy: Policy
    area: Any
    readers: Sequence[Person]
    as_of: datetime

    @cached_property
    def scope(self) -> Scope:
        """Of the desk itself, which is the first of them."""
        return scope(self.readers[0])

    @cached_property
    def unheard(self) -> Sequence[Case]:
        """Complaints in the area of which one of the readers is to hear nothing, not even a number: they are in no figure of the report."""
        least, about = zip(*(doubtful(each, AreaId(self.area.id), self.within) for each in self.readers), strict=True)
        found = overview.ever_spoken_of(self.conn, overview.Doubtful(self.area, least[0], frozenset().union(*about)))
        return [case for case in found if not all(counts(each, case, self.within) for each in self.readers)]

    @cached_property
    def paths(self) -> dict[str, str]:
        return packs.paths(self.conn)

    @cached_property
    def names(self) -> dict[str, str]:
        return packs.names(self.conn)

    def moments(self, stretch: Stretch) -> tuple[datetime, datetime]:
        """From the first day's midnight to that after the last, in the town."""
        zone = self.policy.calendar.zone
        return datetime.combine(stretch.first, time(), zone), datetime.combine(stretch.last + timedelta(days=1), time(), zone)

    def hider(self, cases: Sequence[Case]) -> Callable[[str], str]:
        """What takes names, telephones and rooms out of words about these cases."""
        return hider(self._staff | packs.residents_names(self.conn, cases))

    @cached_property
    def _staff(self) -> frozenset[str]:
        return packs.staff_names(self.conn)

    def within(self, area: AreaId | None, above: AreaId) -> bool:
        return area is not None and f"/{above}/" in self.paths.get(area, "")

    def reads(self, case: Case, held: Sequence[packs.Held]) -> bool:
        """Whether the desk may read the case in a report, rather than count it."""
        return may_print(case) and self.scope.reads(case, [each.part for each in held], self.within) >= Reading.MASKED

    @property
    def says_unread(self) -> bool:
        """Whether what is only counted is spoken of: the city reads few cases anyhow; below it only complaints about somebody are not
        listed, and whom they are about may sit at the table."""
        return bool(self.area.kind == "city")


@dataclass(frozen=True)
class Read:
    """The cases of the stretch that may be read, and their lists."""

    found: Sequence[Case]
    cases: Listing
    lines: dict[str, CaseLine] = field(default_factory=dict)


def read(reader: Reader, since: datetime, until: datetime) -> Read:
    """The cases filed in the stretch that may be read."""
    may = list(packs.filed(reader.conn, reader.area, reader.scope, since, until))
    found, lines = _lines(reader, may)
    shown = found[:MOST]
    every = [lines[case.id] for case in shown]
    return Read(found, Listing(every, 0, len(found) - len(shown)), lines)


def ledger(reader: Reader, read_: Read, until: datetime, stuck_: Listing) -> Listing:
    """What several have to settle together: of this stretch, and what is still open from before. With why it is stuck, if it is."""
    before = [case for case in packs.still_open(reader.conn, reader.area, until) if case.coordinating and case.id not in read_.lines]
    older, lines = _lines(reader, before)
    whys = {line.number: line.why for line in stuck_.lines}
    mine = [lines[case.id] for case in older] + [read_.lines[case.id] for case in read_.found if case.coordinating]
    mine.sort(key=lambda line: (line.filed_at, line.number))
    return Listing([replace(line, why=whys.get(line.number, "")) for line in mine])


def stuck(reader: Reader) -> Listing:
    """Open cases that are over a limit, deferred, or without an owner, the longest first. All that the desk may count are counted, those
    over a limit as its /overdue does; listed is what may be read."""
    unheard = {case.id for case in reader.unheard}
    late = {case.id for case in overview.late(reader.conn, reader.area, unheard, limit=None)}
    held_up = [
        (case, told) for case in packs.still_open(reader.conn, reader.area, reader.as_of)
        if case.id not in unheard and (told := why(case, reader.policy, reader.as_of, case.id in late))
    ]  # fmt: skip
    readable, lines = _lines(reader, [case for case, _ in held_up])
    whys = {case.id: told for case, told in held_up}
    made = [replace(lines[c.id], why=whys[c.id].why, owes=whys[c.id].owes, days=whys[c.id].days) for c in readable]
    made.sort(key=lambda line: (-line.days, line.number))
    over = [told.days for told in whys.values() if told.late]
    unread = len(whys) - len(readable) if reader.says_unread else 0
    return Listing(made, unread, worst=max(over, default=0), late=len(over), waiting=len(whys) - len(over))


@dataclass(frozen=True, slots=True)
class Why:
    """Why a case is stuck, what is owed, for how many days. `late`: a limit is over and it is not done."""

    why: str
    owes: str
    days: int
    late: bool = False


def why(case: Case, policy: Policy, now: datetime, late: bool) -> Why | None:
    """What keeps an open case, and what whoever has it has to do; None while it is in time. `late`: it is among those that are late."""
    limit = missed(case, policy) if late else None
    if limit is not None and limit < now:
        days = (now - limit).days
        step = "not_taken" if case.state in WAITING and case.acknowledged_at is None else "over"
        return Why(say(f"stuck.{step}", days=days), say("stuck.owes_acknowledge" if step == "not_taken" else "stuck.owes_solve"), days, True)
    if case.state is State.DEFERRED:
        day = case.defer_until.astimezone(policy.calendar.zone) if case.defer_until else now
        told = say("stuck.deferred", until=f"{day:%Y-%m-%d}")
        return Why(told, say("stuck.owes_wait", why=hide_phone(case.defer_why or "")), (now - case.filed_at).days)
    if case.state is State.RETURNED:
        return Why(say("stuck.returned"), say("stuck.owes_owner"), (now - (case.returned_at or case.filed_at)).days)
    if case.state is State.RESOLVED:
        days = (now - (case.resolved_at or case.filed_at)).days
        return Why(say("stuck.unheard", days=days), say("stuck.owes_answer"), days) if days >= UNHEARD else None
    return None


def _lines(reader: Reader, may: Sequence[Case]) -> tuple[list[Case], dict[str, CaseLine]]:
    held = packs.parts_of(reader.conn, may)
    found = [case for case in may if reader.reads(case, held.get(case.id, ()))]
    places = packs.place_names(reader.conn, found)
    hide = reader.hider(found)
    return found, {case.id: _line(reader, case, held.get(case.id, ()), places, hide) for case in found}


def _line(reader: Reader, case: Case, held: Sequence[packs.Held], places: dict[str, str], hide: Callable[[str], str]) -> CaseLine:
    zone = reader.policy.calendar.zone
    solve = due(case, reader.policy).solve
    return CaseLine(
        number=case.number, place=place(case, places, hide, reader.names), community=reader.names.get(case.community_id or "", ""),
        category=word("category", case.category), topic=topic(case.topic or ""), state=staff_state(case),
        urgency=say(f"urgency.{case.urgency}"), summary=hide(case.summary) if not case.confidential else word("reporter", "hidden"),
        filed_at=case.filed_at.astimezone(zone), owner="" if case.ended else owner(held), due=solve and solve.astimezone(zone),
        ended_at=case.ended_at and case.ended_at.astimezone(zone), answer=case.answer and say(f"answer.{case.answer}"),
        grade=case.satisfaction and say(f"grade.{case.satisfaction}"), nudges=case.nudges, reopens=case.reopens,
        origin=_named("origin", case.origin), channel=_named("channel", case.channel),
    )  # fmt: skip


def _named(section: str, name: str) -> str:
    return load()[section].get(name, load()[section]["other"])


def owner(held: Iterable[packs.Held]) -> str:
    """Who has the case now: the post, and who holds it."""
    mine = [each for each in held if each.part.part is Part.ASSIGNEE] or [each for each in held if each.part.part is Part.FIRST_OWNER]
    return f"{mine[0].title} {mine[0].holder}".strip() if mine else say("stuck.nobody")


def place(case: Case, places: dict[str, str], hide: Callable[[str], str], areas: dict[str, str]) -> str:
    """锦绣苑3号楼2单元: never the room."""
    spot = case.spot
    named = [places[id_] for id_ in (spot.estate_id, spot.building_id, spot.place_id) if id_ in places]
    if spot.unit and not case.confidential:
        named.append(f"{spot.unit}单元")
    if spot.words and not (spot.building_id or spot.place_id):
        named.append(hide(spot.words))
    return "".join(named) or areas.get(case.area_id, "")


def voices(reader: Reader, read_: Read) -> list[Voice]:
    """What residents said, answers to the check-back first; one of a category before a second of any."""
    may: dict[str, Case] = {case.id: case for case in read_.found if not case.confidential}
    hide = reader.hider(list(may.values()))
    told = [(case, answer, hide(" ".join(text.split()))) for case, answer, text in _said(reader, may)]
    told.sort(key=lambda each: each[1] is None)
    told = [each for each in {each[2]: each for each in reversed(told)}.values() if QUOTED[0] <= len(each[2]) <= QUOTED[1]][::-1]
    seen: dict[str, int] = {}
    ranked = []
    for case, answer, text in told:
        seen[case.category] = seen.get(case.category, 0) + 1
        ranked.append((seen[case.category], Voice(text, word("category", case.category), _answer(answer))))
    ranked.sort(key=lambda each: each[0])
    chosen: list[Voice] = []
    for _, voice in ranked:
        if len(chosen) < VOICES and all(fuzz.ratio(voice.words, other.words) < ALIKE for other in chosen):
            chosen.append(voice)
    return chosen


def _said(reader: Reader, may: dict[str, Case]) -> Iterator[tuple[Case, Answer | None, str]]:
    """What was said about which case, with the answer as which it was said then, not with what the case's answer became later."""
    last: dict[str, Answer] = {}
    for case_id, kind, text, answer in packs.residents_words(reader.conn, list(may.values())):
        if answer is not None or kind == "reopen":
            last[case_id] = Answer(answer or Answer.NOT_SOLVED)
        yield may[case_id], (last.get(case_id) or may[case_id].answer) if kind in ASKED else None, text


def _answer(answer: Answer | None) -> str:
    if answer is None:
        return say("voice.filed")
    return say({Answer.SOLVED: "voice.solved", Answer.PARTLY: "voice.partly", Answer.NOT_SOLVED: "voice.not_solved"}[answer])
