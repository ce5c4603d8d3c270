"""经过, for staff: what happened to a case, step by step, with its words, reasons and hands; when, and by whom. Phones are hidden.

Whoever has a case next asks nobody what was told already.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from casework import access
from casework.case import Case, Event, Part, Who
from casework.effects import Option
from handlers.tellers import for_staff
from handlers.texts import hidden_from, load, post_name, say_time, spot_name, text_of, word
from handlers.turn import Turn, press
from storage import cases, people

SHOWN: Final = 25  # steps in one message, the newest; those before by a button
LONGEST: Final = 160  # of one step's words


@dataclass(frozen=True, slots=True)
class _Step:
    at: datetime
    said: str
    times: int = 1


def may_read(turn: Turn, case: Case) -> bool:
    """Whether the speaker may read the case, or has a task about it."""
    tasks = cases.tasks_about(turn.conn, case.id)
    return access.may_read(turn.person, case, turn.parts(case.id), tasks, turn.town.within)


@press("card", "past")
def pressed(turn: Turn, question: Any, args: dict[str, str]) -> None:
    show(turn, turn.case(question.case_id))


@press("past", "past_earlier")
def earlier(turn: Turn, question: Any, args: dict[str, str]) -> None:
    show(turn, turn.case(question.case_id), int(args["before"]))


def show(turn: Turn, case: Case, before: int | None = None) -> None:
    """The newest steps, or those before the step with this number in the row."""
    if not may_read(turn, case):
        turn.say("refusal.unreadable")
        return
    steps = list(_folded(turn, case))[:before]
    first = max(0, len(steps) - SHOWN)
    options = [Option("past_earlier", {"before": str(first)})] if first else []
    lines = "\n".join(_line(turn, step) for step in steps[first:])
    turn.ask("worker.past", case.id, options, "past", awaited=False, list=lines)
    turn.focus(case.id)


def said_since(turn: Turn, case: Case, reader: str) -> str:
    """What the resident has told after the filing, for the card of whoever gets the case next; the newest two, or nothing."""
    told = [x.words for x in cases.lines(turn.conn, case.id)
            if x.words and not x.internal and x.event.who is Who.RESIDENT and x.event.kind != "register"]
    return "".join(text_of("card.told_since").format(words=_cut(for_staff(turn, case, words, reader), 80)) for words in told[-2:])


def _line(turn: Turn, step: _Step) -> str:
    again = text_of("word.again").format(count=step.times) if step.times > 1 else ""
    return f"· {say_time(step.at, turn.now, turn)} {step.said}{again}"


def _folded(turn: Turn, case: Case) -> Iterator[_Step]:
    """What repeats by itself (an emergency rings every ten minutes) is one step, with how often."""
    last: _Step | None = None
    for line in cases.lines(turn.conn, case.id):
        said = _said(turn, case, line)
        if not said:
            continue
        if last is not None and last.said == said and line.event.who is Who.SYSTEM:
            last = _Step(line.event.at, said, last.times + 1)
            continue
        if last is not None:
            yield last
        last = _Step(line.event.at, said)
    if last is not None:
        yield last


def _said(turn: Turn, case: Case, line: cases.Line) -> str:
    """Who did what, with the words and the reason that came with it."""
    event, hidden = line.event, hidden_from(turn, case, turn.person.id)
    name = "note" if line.internal else kind_of(event)
    text = load()["event_staff"].get(name)
    text = text_of(f"event.{name}") if text is None else text
    if not text:
        return ""
    done = text.format_map({
        "who": _who(turn, event), "to": _given_to(turn, event), "answer": word("button", str(event.changes.get("answer"))),
        "satisfaction": word("button", str(event.changes.get("satisfaction"))), "mended": _mended(turn, event, hidden),
        "promise": _time(turn, event.changes.get("promise_at")), "at": _time(turn, event.changes.get("appointment_at")),
        "until": _time(turn, event.changes.get("defer_until")), "why": _why(turn, case, event),
        "where": str(event.changes.get("redirected_to") or ""), "into": _number(turn, event.changes.get("merged_into")),
    })
    words = line.words or (text_of("word.only_files") if event.kind == "add_words" else "")
    return f"{done}：「{_plain(turn, case, words)}」" if words else done


def kind_of(event: Event) -> str:
    """The name of its sentence: a merge into none is a parting."""
    return "merge_apart" if event.kind == "merge" and not event.changes.get("merged_into") else event.kind


def merged_into(turn: Turn, case: Case) -> str:
    """For a card: with which case it goes; or nothing."""
    return text_of("card.merged").format(other=_number(turn, case.merged_into)) if case.merged_into else ""


def _number(turn: Turn, case_id: object) -> str:
    return turn.case(case_id).number if isinstance(case_id, str) and case_id else ""


def _plain(turn: Turn, case: Case, words: str) -> str:
    return _cut(for_staff(turn, case, words, turn.person.id), LONGEST)


def _cut(shown: str, longest: int) -> str:
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"


def _who(turn: Turn, event: Event) -> str:
    """The one who acted, by post and by name; the resident is the resident, in what capacity ever."""
    if event.who is Who.RESIDENT:
        return text_of("word.the_resident")
    post = turn.town.post(event.post) if event.post else None
    acted = people.person(turn.conn, event.by) if event.by else None
    title = post.title if post is not None else ""
    name = acted.name if acted is not None else post.holder_name if post is not None else ""
    return f"{title} {name}".strip()


def _given_to(turn: Turn, event: Event) -> str:
    """In whose hands the step brought it."""
    parts = cases.all_parts(turn.conn, event.case_id)
    wanted = (Part.CLIMBED,) if event.kind in ("climb", "press_owner") else (Part.ASSIGNEE, Part.CLIMBED)
    given = [p.post_id for part in wanted for p in parts if p.since == event.at and p.part is part]
    post = turn.town.post(given[0]) if given else None
    return post_name(post) if post is not None else text_of("word.the_desk")


def _mended(turn: Turn, event: Event, hidden: bool) -> str:
    """供暖, 锦绣苑3号楼: what a correction put in the place of what was there."""
    told = [word("category", str(event.changes["category"]))] if "category" in event.changes else []
    spot = event.changes.get("spot")
    if isinstance(spot, dict):
        from casework.case import Spot

        told.append(spot_name(turn, Spot(**(spot | {"room": None, "words": None} if hidden else spot))))
    return "、".join(told)


def _why(turn: Turn, case: Case, event: Event) -> str:
    """The reason of a return by its button; else as it was written, unless the words stand beside it."""
    reason = str(event.changes.get("reason") or event.changes.get("end_reason") or event.changes.get("defer_why") or "")
    if reason in load()["button"]:
        return word("button", reason)
    return "" if event.remark_id else _plain(turn, case, reason)


def _time(turn: Turn, value: object) -> str:
    return say_time(datetime.fromisoformat(value), turn.now, turn) if isinstance(value, str) else ""
