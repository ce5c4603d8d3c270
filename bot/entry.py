"""Ways in for staff: one-time links and binding codes. Both are shown once and kept as a keyed hash only."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Any

from bot.world import mint
from handlers.desk import code_mac
from storage import doors

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: read aloud without mistakes
LENGTH = 8


def link_mac(key: bytes, token: str) -> str:
    """The keyed hash under which a link is kept."""
    return hmac.new(key, token.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


async def make_link(app: Any, person_id: str, reusable: bool = False) -> str:
    """The address of a one-time link by which this person enters the page; good for [entry] link, by the wall."""
    token, wall = secrets.token_urlsafe(24), app.clock.wall()
    row = {
        "id": mint(), "kind": "enter", "mac": link_mac(app.keys.links, token), "person_id": person_id,
        "created_at": wall, "expires_at": wall + app.settings.entry.link.delta, "reusable": reusable,
    }  # fmt: skip
    await app.writer.do(lambda conn: doors.add_link(conn, **row))
    return f"{app.public_url}/enter/{token}"


async def make_code(app: Any, person_id: str) -> str:
    """A binding code for this person, as it is told: ABCD-EFGH. Good once, for [entry] binding_code.

    It is typed into a chat and looked at in a turn, so it lives by the clock of the turns.
    """
    code = "".join(secrets.choice(CROCKFORD) for _ in range(LENGTH))
    now = app.clock.now()
    row = {
        "id": mint(), "kind": "bind", "mac": code_mac(app.keys.codes, code), "person_id": person_id,
        "created_at": now, "expires_at": now + app.settings.entry.binding_code.delta,
    }  # fmt: skip
    await app.writer.do(lambda conn: doors.add_link(conn, **row))
    return f"{code[:4]}-{code[4:]}"
