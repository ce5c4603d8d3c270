"""Somebody is in despair, or alone: a warm sentence, whom to ring, and a person who gets in touch; never a list of categories."""

from __future__ import annotations

from datetime import timedelta

from handlers import desk
from handlers.meaning import meaning
from handlers.turn import Turn
from nlp.alone import despairs, lonely
from nlp.impatience import only_impatient
from storage import cases, talk

A_DAY = timedelta(days=1)


def heard(turn: Turn, text: str) -> bool:
    """One task for a person a day; the warm sentence every time. With a trouble of a building beside it, that is taken as any."""
    if turn.person.staff:
        return False
    low = despairs(text)
    if not low and only_impatient(text) and cases.open_of(turn.conn, turn.person.id):
        return False  # 没人理我, of who waits for a lamp
    if not low and not (lonely(text) and meaning(turn, text).category in ("other", "public_services", "safety_order")):
        return False
    turn.say("resident.despair" if low else "resident.lonely")
    if not talk.said_since(turn.conn, turn.person.id, "resident.despair" if low else "resident.human", turn.now - A_DAY):
        desk.ask_desk(turn, "human", text)
    return True
