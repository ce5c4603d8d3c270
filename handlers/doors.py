"""Binding codes: a staff member's chat is known from the code that their community gave them; a resident who has left a shared phone
comes back with one."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from datetime import timedelta
from typing import Final

from casework.effects import Bind, NoteWrongCode
from handlers.turn import Turn
from storage import cases, people, talk

EVER: Final = timedelta(days=36_500)


def bind(turn: Turn, code: str) -> None:
    """A binding code: eight Crockford characters, once, seven days (a resident's as long as a session); five wrong tries an hour."""
    assert turn.speaker is not None
    if talk.wrong_codes(turn.conn, turn.speaker.address_id, turn.now) >= turn.policy.code_tries:
        turn.say("worker.code_wait")
        return
    row = talk.code(turn.conn, code_mac(turn.world.code_key, code))
    if row is None or row.used_at is not None or row.expires_at <= turn.now:
        turn.write(NoteWrongCode(turn.speaker.address_id, turn.now))
        turn.say("worker.code_bad")
        return
    who = people.person(turn.conn, row.person_id)
    assert who is not None
    if not who.staff and who.id != turn.person.id and _somebodys(turn):
        turn.say("resident.code_not_here")
        return
    turn.write(Bind(turn.speaker.address_id, row.person_id, row.id))
    turn.speaker = replace(turn.speaker, person=who)
    if not who.staff:
        _back(turn)
        return
    turn.say("worker.code_ok", name=who.name, posts="、".join(p.title for p in who.posts[:4]))


def _somebodys(turn: Turn) -> bool:
    """Whether the speaker is somebody already: two residents who share a phone are never made into one."""
    ever = cases.recent_of(turn.conn, turn.person.id, turn.now - EVER)
    begun = talk.draft_of(turn.conn, turn.person.id)
    return bool(ever or begun or turn.person.phone or turn.person.home.known or turn.person.staff)


def _back(turn: Turn) -> None:
    """A resident who had left a shared phone (换人用) is here again."""
    from handlers.own_cases import my  # a circle: its sentences lead to the desk

    turn.say("resident.code_ok")
    my(turn)


def code_mac(key: bytes, code: str) -> str:
    """The keyed hash under which a code is kept. Crockford: I and L read as 1, O as 0; case does not matter."""
    bare = "".join(code.split()).replace("-", "").upper().translate(str.maketrans("ILO", "110"))
    return hmac.new(key, bare.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
