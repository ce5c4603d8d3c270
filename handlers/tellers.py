"""Who may not know who spoke, and words as they may read them: no telephone; 保密: nothing that tells who it was."""

from __future__ import annotations

from casework import access
from casework.case import Case
from handlers.turn import Turn
from nlp.identity import hide_self
from nlp.telephones import hide_phone
from storage import people


def hidden_from(turn: Turn, case: Case, reader: str) -> bool:
    """保密: whether the reader is not to know who reported it."""
    if not case.confidential or reader == case.resident_id:
        return False
    who = people.person(turn.conn, reader)
    full = who is not None and access.scope(who).reads(case, turn.parts(case.id), turn.town.within) is access.Reading.FULL
    return not full


def without_teller(turn: Turn, case: Case, words: str) -> str:
    """What is known of the reporter goes wherever it stands: the name by which they write, the room."""
    who = people.person(turn.conn, case.resident_id)
    return hide_self(words, room=case.spot.room, names=[who.name] if who is not None and who.name else ())


def for_staff(turn: Turn, case: Case, words: str, reader: str) -> str:
    """Words of a case, for the one who reads them."""
    return without_teller(turn, case, words) if hidden_from(turn, case, reader) else hide_phone(words)
