"""Binding codes: a staff member's chat is known from the code that their community gave them."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace

from casework.effects import Bind, NoteWrongCode
from handlers.turn import Turn
from storage import people, talk


def bind(turn: Turn, code: str) -> None:
    """The binding code of a staff member: eight Crockford characters, once, seven days; five wrong tries an hour."""
    assert turn.speaker is not None
    if talk.wrong_codes(turn.conn, turn.speaker.address_id, turn.now) >= turn.policy.code_tries:
        turn.say("worker.code_wait")
        return
    row = talk.code(turn.conn, code_mac(turn.world.code_key, code))
    if row is None or row.used_at is not None or row.expires_at <= turn.now:
        turn.write(NoteWrongCode(turn.speaker.address_id, turn.now))
        turn.say("worker.code_bad")
        return
    turn.write(Bind(turn.speaker.address_id, row.person_id, row.id))
    who = people.person(turn.conn, row.person_id)
    assert who is not None
    turn.speaker = replace(turn.speaker, person=who)
    turn.say("worker.code_ok", name=who.name, posts="、".join(p.title for p in who.posts[:4]))


def code_mac(key: bytes, code: str) -> str:
    """The keyed hash under which a code is kept. Crockford: I and L read as 1, O as 0; case does not matter."""
    bare = "".join(code.split()).replace("-", "").upper().translate(str.maketrans("ILO", "110"))
    return hmac.new(key, bare.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
