"""The card of a matter that another register brought in: over there, nothing ticks for it, and what that register says of it."""

from __future__ import annotations

from casework.case import Case
from handlers.texts import local, say_day, text_of
from handlers.turn import Turn
from storage import records

TOLD = ("category", "department", "number")


def show(turn: Turn, case: Case) -> None:
    """To whoever may read the case."""
    day = say_day(case.filed_at.astimezone(turn.policy.calendar.zone).date(), local(turn).date(), near=False)
    turn.say("card.record", case.id, day=day, register=register(turn, case))
    turn.focus(case.id)


def register(turn: Turn, case: Case) -> str:
    """原单分类：供热，承办：某供热公司，编号：1; nothing of a case that came from no register."""
    told = records.of_case(turn.conn, case.id) or {}
    said = [text_of(f"card.register_{name}").format(words=told[name]) for name in TOLD if told.get(name)]
    return text_of("card.register").format(list="，".join(said)) if said else ""
