"""More words about a danger that is known already: they are added to it, and a 已无危险 that was none is taken back."""

from __future__ import annotations

from typing import Any

from casework import actions as a
from casework.case import Case, Spot, State
from casework.effects import CloseQuestions
from handlers.additions import same_place
from handlers.danger import move, second_place
from handlers.meaning import spot_of
from handlers.texts import load
from handlers.turn import Turn, press
from nlp.understand import Understanding
from storage import cases


def meant(turn: Turn, mine: list[Case], got: Understanding, spot: Spot) -> Case | None:
    """The open danger that words of danger are about: the one just spoken of, or the same trouble at no other place, however long ago."""
    open_ = [case for case in mine if case.emergency]
    return next((c for c in open_ if _just_now(turn, c, got, spot)), None) or next((c for c in open_ if _alike(c, got, spot)), None)


def _just_now(turn: Turn, case: Case, got: Understanding, spot: Spot) -> bool:
    """More words within a quarter of an hour belong to it; to one said to be over only where nothing speaks of another."""
    fresh = max(case.filed_at, case.clock_from) >= turn.now - turn.policy.danger_join
    return fresh and (not said_over(case) or _alike(case, got, spot))


def _alike(case: Case, got: Understanding, spot: Spot) -> bool:
    """Same topic or same kind of danger, and same or no place."""
    same = got.topic == case.topic if None not in (got.topic, case.topic) else got.danger == case.danger
    return same_place(spot, case) and (same or (got.danger == case.danger and got.category == case.category))


def said_over(case: Case) -> bool:
    """Whether staff have said that it is over: 已无危险, or done."""
    return case.emergency and (case.safe_at is not None or case.state is State.RESOLVED)


def still_on(turn: Turn) -> Case | None:
    """The speaker's danger that was said to be over last, and which may not be."""
    over = [c for c in cases.open_of(turn.conn, turn.person.id) if c.emergency and c.safe_at is not None]
    return max(over, key=lambda c: c.safe_at or c.filed_at, default=None)


def add(turn: Turn, case: Case, text: str, spot: Spot) -> None:
    """The words go to it; a place told now, to one that had none, is its place."""
    if said_over(case):
        again(turn, case, text)
    else:
        turn.act(case.id, a.AddWords(words=text, files=turn.heard.files))
        turn.say("resident.added_danger", case.id)
    if spot.known and not case.spot.building_id:
        turn.write(CloseQuestions(turn.person.id, "danger.where", case.id))
        move(turn, case.id, spot)
        second_place(turn, spot)
    turn.focus(case.id)


def again(turn: Turn, case: Case, text: str) -> None:
    """It is not over: whoever has it must take it anew, everybody is told again, and it climbs."""
    if turn.act(case.id, a.Raise(danger=case.danger or "unknown", words=text, files=turn.heard.files)):
        turn.say("resident.still_danger", case.id)


def warn(turn: Turn, kind: str) -> None:
    """What to do now, and whom to call."""
    turn.say(f"danger.{kind if kind in load()['danger'] else 'unknown'}")


def goes_on(turn: Turn, case: Case, text: str, got: Understanding) -> None:
    """没救出来: words that are a danger only because there was one."""
    warn(turn, case.danger or "unknown")
    add(turn, case, text, spot_of(got.where))


@press("safe", "still_danger")
def pressed(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """还有危险, under the sentence that it is over."""
    case = turn.case(question.case_id)
    if not said_over(case):
        turn.say("resident.late_button", case.id)
        return
    warn(turn, case.danger or "unknown")
    add(turn, case, "", Spot())
