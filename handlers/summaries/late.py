"""/overdue, 谁超期了: what is past its limit, the longest first, and who owes the next step."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from casework import access, deadlines
from casework.case import WAITING, Case, Part
from casework.effects import Option
from handlers.summaries import counted, looking
from handlers.summaries.looking import View, look
from handlers.texts import local, place_name, text_of, word
from handlers.turn import Turn
from nlp.periods import month_of
from storage import overview
from storage.overview import Held

PAGE: Final = 6
LINES: Final = 8


@dataclass(frozen=True, slots=True)
class Line:
    """A case that is late, as somebody reads it: how long it has been, and who owes what."""

    number: str
    place: str
    category: str
    age: str
    owes: str
    mark: str


def overdue(turn: Turn, rest: str = "") -> None:
    """/overdue: of the speaker's area, or of the one that is named."""
    if not looking.may_ask(turn):
        return
    view = looking.view(turn, looking.heard(turn, rest), "late")
    if view is not None:
        show(turn, view)


def show(turn: Turn, view: View) -> None:
    """What is late now of the cases of a view, whatever its days."""
    today, area = local(turn).date(), turn.town.area(view.area)
    view = replace(view, level="late", first=month_of(today)[0], last=today, words=text_of("summary.this_month"))
    without, of = counted.hidden_now(turn, area), looking.what(turn, view)
    what = f"{area.name} {of} " if of else area.name
    found = overview.late(turn.conn, area, without, only=view.only)
    every = in_order(turn, found)
    if not every:
        turn.ask("summary.late_none", question="summary", awaited=False, options=looking.back(view), what=what)
        return
    read = readable(turn, every)
    shown = read[view.page * PAGE : (view.page + 1) * PAGE]
    parts = overview.parts_of(turn.conn, [case.id for _, case in shown])
    lines = [_line(turn, case, at, parts.get(case.id, ())) for at, case in shown]
    lines += _elsewhere(turn, [case for _, case in every], [case for _, case in read])
    here = json.dumps(view.args(), ensure_ascii=False)
    ways = [Option("case", {"id": case.id, "number": case.number, "up": here}) for _, case in shown]
    if (view.page + 1) * PAGE < len(read):
        ways.append(look(replace(view, page=view.page + 1), text_of("button.page_next")))
    if view.page:
        ways.append(look(replace(view, page=view.page - 1), text_of("button.page_back")))
    count = max(len(every), overview.count_late(turn.conn, area, without, view.only)) if len(found) > len(every) + PAGE else len(every)
    turn.ask("summary.late", question="summary", awaited=False, options=[*ways, *looking.back(view)], what=what, count=count,
             list="\n".join(lines))


def in_order(turn: Turn, found: Iterable[Case]) -> list[tuple[datetime, Case]]:
    """Those whose limit has passed, each with when it did, the longest first."""
    missed = [(since(turn, case), case) for case in found]
    return sorted(((at, case) for at, case in missed if at < turn.now), key=lambda pair: (pair[0], pair[1].id))


def readable(turn: Turn, every: Iterable[tuple[datetime, Case]]) -> list[tuple[datetime, Case]]:
    """Those of them that the speaker may read; the others are only counted."""
    scope = access.scope(turn.person)
    held = overview.held_by(turn.conn, scope.posts)
    return [(at, case) for at, case in every if scope.reads(case, held.get(case.id, ()), turn.town.within) >= access.Reading.MASKED]


def since(turn: Turn, case: Case) -> datetime:
    """The limit that was missed: for solving, or for taking it on."""
    return deadlines.missed(case, turn.policy) or turn.now


def told(turn: Turn, case: Case, at: datetime, held: Sequence[Held]) -> Line:
    """What is said of a case whose limit passed then."""
    step = "acknowledge" if case.state in WAITING and case.acknowledged_at is None else "solve"
    return Line(
        number=case.number, place=place_name(turn, case, turn.person.id), category=word("category", case.category),
        age=_length(turn.now - at), owes=text_of(f"summary.owes_{step}").format(who=_owes(held)), mark=word("mark", case.urgency.value),
    )  # fmt: skip


def _line(turn: Turn, case: Case, at: datetime, held: Sequence[Held]) -> str:
    return text_of("summary.late_line").format(**asdict(told(turn, case, at, held)))


def _owes(held: Sequence[Held]) -> str:
    """Whose turn it is, with a name."""
    acting = next((each for each in held if each.part.part is Part.ASSIGNEE), None)
    return f"{acting.title} {acting.holder}".strip() if acting else text_of("word.the_desk")


def _length(late: timedelta) -> str:
    """2天, 5小时."""
    if late >= timedelta(days=1):
        return text_of("summary.days_long").format(count=late.days)
    return text_of("summary.hours_long").format(count=max(1, late.seconds // 3600))


def _elsewhere(turn: Turn, every: Sequence[Case], read: Sequence[Case]) -> list[str]:
    """What may be counted and not read: how many in which community, in the order of their names."""
    known = {case.id for case in read}
    counts = Counter(case.community_id or "" for case in every if case.id not in known)
    named = sorted((area, count) for area, count in counts.items() if area)
    said = [text_of("summary.late_area").format(area=turn.town.area(area).name, count=count) for area, count in named[:LINES]]
    rest = sum(counts.values()) - sum(count for _, count in named[:LINES])
    return [*said, *([text_of("summary.late_more").format(count=rest)] if rest else [])]
