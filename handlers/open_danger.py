"""More words about a danger that is known already: they are added to it, and a 已无危险 that was none is taken back."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from casework import actions as a
from casework.case import Case, Spot, State
from casework.effects import CloseQuestions
from handlers.additions import in_focus, same_place
from handlers.danger import move, second_place, told_so_far
from handlers.meaning import PART_OF, SURE, more_exact, only_courtesy, polite, spot_in, spot_of
from handlers.texts import load
from handlers.turn import Turn, press
from nlp.shortwords import hide_phone, read_phone
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
    spot = _in_pieces(turn, case, text, spot)
    if spot != case.spot and spot.known and not case.ended:
        turn.write(CloseQuestions(turn.person.id, "danger.where", case.id))
        move(turn, case.id, spot)
        second_place(turn, spot)
    turn.focus(case.id)


def _in_pieces(turn: Turn, case: Case, text: str, spot: Spot) -> Spot:
    """锦绣苑 … 9号楼 … 三单元四楼: what is told now completes what was told before. Where it is exact already, it stays."""
    here = case.spot
    if here.building_id:
        told = spot_in(turn, text, here)
        return replace(here, unit=here.unit or told.unit, room=here.room or told.room) if told.building_id == here.building_id else here
    if spot.estate_id is None and here.estate_id:
        spot = spot_in(turn, text, Spot(here.estate_id))
    if spot.estate_id and not spot.building_id and not spot.words:
        spot = more_exact(spot, spot_in(turn, told_so_far(turn, case), Spot(spot.estate_id)))
    return more_exact(here, spot)


# ---- words while it is open -----------------------------------------------------------------------------------------

ANOTHER = re.compile(r"还有一件|另外|对了|顺便|再就是|还有(?:个|件)事")
NO_DANGER = re.compile(
    r"没有?(?:着火|起火|火|什么?危险|危险|漏气|漏|困人|出?事)|不是(?:着火|火灾|起火|失火|煤气|燃气|漏气|危险|紧急|急事|急病|这个意思|那个意思|要命)|误报|虚惊|误会"
    r"|[搞弄报说]错了?|打错了|看错|听错|没病|不用(?:来|救|派)|我是说|[火烟]?已?经?灭了|没味了|没事儿?了|不危险|安全了"
)
ASKS_WHAT_TO_DO = re.compile("怎么办|咋办|怎么弄|咋弄|咋整")
IS_ONE = re.compile(r"(?<!不)是(?:煤气|燃气|漏|着火|火)|还在?|又|没灭|没出来|没救")


def said_safe(turn: Turn, text: str) -> bool:
    """没有着火，我是说我等着: who reported a danger says that there is none. It ends only by who has looked; they hear it."""
    open_ = [c for c in cases.open_of(turn.conn, turn.person.id) if c.emergency and not said_over(c)]
    case = in_focus(turn, open_) or (open_[0] if len(open_) == 1 else None)
    if turn.person.staff or case is None or len(text) > 30 or not NO_DANGER.search(text) or IS_ONE.search(text):
        return False
    tell_safe(turn, case, text)
    return True


def tell_safe(turn: Turn, case: Case, text: str) -> None:
    """Whoever was called for it hears that there is none."""
    if turn.act(case.id, a.AddWords(words=text, files=turn.heard.files, safe=True)):
        turn.say("resident.safe_told", case.id)
        turn.focus(case.id)


def more(turn: Turn, text: str, got: Understanding) -> bool:
    """Within a quarter of an hour whatever is written belongs to the open danger: nobody is quizzed in front of a fire. What asks
    how it stands or for a person, and what is plainly another matter, does not."""
    case = in_focus(turn, [c for c in cases.open_of(turn.conn, turn.person.id) if c.emergency and not said_over(c)])
    if case is None or got.intent in ("status", "nudge", "human", "about", "withdraw") or polite(text) or only_courtesy(text):
        return False
    if read_phone(text) is not None and len(hide_phone(text, "").strip()) <= 10:
        return False  # a number: kept as one
    if _another(case, got, text):
        return False
    if got.intent == "question" or ASKS_WHAT_TO_DO.search(text):
        warn(turn, case.danger or "unknown")
    add(turn, case, text, spot_of(got.where))
    return True


def _another(case: Case, got: Understanding, text: str) -> bool:
    """Another trouble, told as one; or a question about something else."""
    part = got.category in ("other", case.category) or got.category in PART_OF.get(case.danger or "", ())
    if got.intent == "question":
        return not part and got.confidence >= SURE
    told = got.topic is not None and got.confidence >= SURE and not part
    return ANOTHER.search(text) is not None or (told and not same_place(spot_of(got.where), case)) or (told and got.intent == "request" and len(text) > 6)


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
