"""Ways in for staff: one-time links and binding codes. Both are shown once and kept as a keyed hash only.

The pages make them through the writer (make_link, make_code), the command `invite` on a database of its own (invite).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.keys import Keys
from bot.settings import Settings
from bot.world import Worlds, mint
from handlers.doors import code_mac
from handlers.world import World
from storage import doors, people
from storage.database import Database

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: read aloud without mistakes
LENGTH = 8
LONG, SHORT = 24, 16  # bytes of chance in a link: 128 bits are beyond guessing


@dataclass(frozen=True, slots=True)
class WayIn:
    """A link or code just made: `told` is said once to its person, `row` is what is kept of it."""

    told: str
    row: dict[str, Any]


def link_mac(key: bytes, token: str) -> str:
    """The keyed hash under which a link is kept."""
    return hmac.new(key, token.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def new_link(
    key: bytes, person_id: str, wall: datetime, lasts: timedelta, reusable: bool = False, card: str | None = None
) -> WayIn:
    """The token of a one-time link; it lives by the wall. On a printed card it is shorter: the square is easier to read."""
    token = secrets.token_urlsafe(SHORT if card else LONG)
    row = _row("enter", link_mac(key, token), person_id, wall, lasts, card)
    return WayIn(token, row | {"reusable": reusable})


def new_code(key: bytes, person_id: str, now: datetime, lasts: timedelta, card: str | None = None) -> WayIn:
    """A binding code as it is told: ABCD-EFGH.

    It is typed into a chat and looked at in a turn, so it lives by the clock of the turns.
    """
    code = "".join(secrets.choice(CROCKFORD) for _ in range(LENGTH))
    row = _row("bind", code_mac(key, code), person_id, now, lasts, card)
    return WayIn(f"{code[:4]}-{code[4:]}", row | {"reusable": False})


def _row(kind: str, mac: str, person_id: str, made_at: datetime, lasts: timedelta, card: str | None) -> dict[str, Any]:
    return {
        "id": mint(), "kind": kind, "mac": mac, "person_id": person_id, "created_at": made_at, "expires_at": made_at + lasts,
        "card": card,
    }  # fmt: skip


def new_screen(key: bytes, person_id: str, area_id: str, wall: datetime, lasts: timedelta) -> WayIn:
    """The code by which a computer shows an area's big screen, once; it is typed off, so it reads like a binding code, but longer."""
    code = "".join(secrets.choice(CROCKFORD) for _ in range(12))
    row = _row("screen", code_mac(key, code), person_id, wall, lasts, None)
    return WayIn("-".join((code[:4], code[4:8], code[8:])), row | {"area_id": area_id})


async def make_link(app: Any, person_id: str, reusable: bool = False) -> str:
    """The address of a one-time link by which this person enters the page; good for [entry] link, by the wall."""
    made = new_link(app.keys.links, person_id, app.clock.wall(), app.settings.entry.link.delta, reusable)
    await app.writer.do(lambda conn: doors.add_link(conn, **made.row))
    return f"{app.public_url}/enter/{made.told}"


async def make_code(app: Any, person_id: str) -> str:
    """A binding code for this person, as it is told: ABCD-EFGH. Good once, for [entry] binding_code."""
    made = new_code(app.keys.codes, person_id, app.clock.now(), app.settings.entry.binding_code.delta)
    await app.writer.do(lambda conn: doors.add_link(conn, **made.row))
    return made.told


# ---- the command ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Invitation:
    """What is handed to a staff member: `code` to be typed into a chat, `link` to be opened in a browser."""

    code: str
    link: str


def find_staff(settings: Settings, words: str) -> list[people.Staff]:
    """Who of the staff is meant by a post's number, a person's number, a title or a name; most exact matches only.

    JiesuError when the database cannot be used by this kind of start. A new one is filled as `run` would fill it.
    """
    with Opened(settings) as opened, opened.database.reading() as conn:
        return people.staff_named(conn, words)


def invite(settings: Settings, person_id: str) -> Invitation:
    """A binding code and a one-time link for this person. Jiesu may be running meanwhile, or not."""
    keys = Keys.load(settings.data.folder)
    with Opened(settings) as opened, opened.database.writing() as conn:
        clock, entry = opened.clock, settings.entry
        code = new_code(keys.codes, person_id, clock.now(), entry.binding_code.delta)
        link = new_link(keys.links, person_id, clock.wall(), entry.link.delta)
        for made in (code, link):
            doors.add_link(conn, **made.row)
    return Invitation(code.told, f"{page_address(settings)}/enter/{link.told}")


class Opened:
    """The configured database, brought up to date, and the clock that its town lives by; for commands. `load`: a new database is
    filled as `run` would fill it."""

    def __init__(self, settings: Settings, load: bool = True) -> None:
        self.settings, self.clock, self._load = settings, Clock(), load
        self.database = Database(settings.database.url)

    def __enter__(self) -> Opened:
        from bot.first_start import prepare

        try:
            prepare(self.settings, self.database, self.clock, self._load)
        except BaseException:
            self.database.close()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self.database.close()

    def world(self) -> World:
        """The World in which a command may take turns of the system."""
        keys = Keys.load(self.settings.data.folder)
        return Worlds(self.settings, self.database, keys.buttons, lambda: page_address(self.settings), keys.codes).current


def page_address(settings: Settings) -> str:
    """Where the pages of a running Jiesu are, as App.public_url says it. With [web] port = 0 only it knows the port."""
    web = settings.web
    host = "127.0.0.1" if web.host in ("0.0.0.0", "::", "") else web.host
    return web.public_url or f"http://{f'[{host}]' if ':' in host else host}:{web.port}"
