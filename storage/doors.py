"""The doors of the page: who a cookie is, one-time links, binding codes. All times but `now` are by the wall."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, func, insert, or_, select, update

from storage import tables as t

PERSON: Any = t.Person.__table__  # type: ignore[attr-defined]
ADDRESS: Any = t.Address.__table__  # type: ignore[attr-defined]
HOLDING: Any = t.Holding.__table__  # type: ignore[attr-defined]
SESSION: Any = t.WebSession.__table__  # type: ignore[attr-defined]
LINK: Any = t.Link.__table__  # type: ignore[attr-defined]

_ON_PAGE = and_(ADDRESS.c.channel == "web", ADDRESS.c.external_id == SESSION.c.person_id)
VISITOR = (
    select(SESSION.c.id, SESSION.c.person_id.label("thread"), ADDRESS.c.person_id, PERSON.c.name, SESSION.c.expires_at)
    .join(ADDRESS, _ON_PAGE)
    .join(PERSON, PERSON.c.id == ADDRESS.c.person_id)
    .where(SESSION.c.id == bindparam("session"), SESSION.c.expires_at > bindparam("wall"), SESSION.c.area_id.is_(None))
)
SCREEN = select(SESSION.c.id, SESSION.c.person_id, SESSION.c.area_id, SESSION.c.expires_at).where(
    SESSION.c.id == bindparam("session"), SESSION.c.expires_at > bindparam("wall"), SESSION.c.area_id.is_not(None)
)
SCREENS_OF = and_(SESSION.c.person_id == bindparam("person"), SESSION.c.area_id.is_not(None), SESSION.c.expires_at > bindparam("wall"))
COUNT_SCREENS = select(func.count()).select_from(SESSION).where(SCREENS_OF)
END_SCREENS = update(SESSION).where(SCREENS_OF).values(expires_at=bindparam("wall"))
ADD_SESSION = insert(SESSION)
RENEW = update(SESSION).where(SESSION.c.id == bindparam("session"), SESSION.c.expires_at == bindparam("was")).values(expires_at=bindparam("until"))
EXTEND = update(SESSION).where(SESSION.c.id == bindparam("session")).values(expires_at=bindparam("until"))
ADD_PERSON = insert(PERSON)
ADD_ADDRESS = insert(ADDRESS)
HAS_PAGE = select(ADDRESS.c.id).where(ADDRESS.c.channel == "web", ADDRESS.c.external_id == bindparam("person"))
SEEN = (
    update(ADDRESS)
    .where(ADDRESS.c.channel == "web", ADDRESS.c.external_id == bindparam("person"))
    .values(seen_at=bindparam("now"))
)
STAFF_WITHOUT_DOOR = (
    select(HOLDING.c.person_id)
    .distinct()
    .where(HOLDING.c.until.is_(None), ~exists().where(ADDRESS.c.person_id == HOLDING.c.person_id))
)
ADD_LINK = insert(LINK)
_GOOD = and_(
    LINK.c.kind == "enter",
    LINK.c.mac == bindparam("keyed"),
    LINK.c.expires_at > bindparam("wall"),
    or_(LINK.c.used_at.is_(None), LINK.c.reusable),
)
GOOD_LINK = (
    select(LINK.c.person_id, LINK.c.card, PERSON.c.name).join(PERSON, PERSON.c.id == LINK.c.person_id).where(_GOOD)
)
USE_LINK = update(LINK).where(_GOOD).values(used_at=bindparam("wall"))
_SCREEN_LINK = and_(LINK.c.kind == "screen", LINK.c.mac == bindparam("keyed"), LINK.c.expires_at > bindparam("wall"), LINK.c.used_at.is_(None))
SCREEN_LINK = select(LINK.c.person_id, LINK.c.area_id).where(_SCREEN_LINK)
USE_SCREEN_LINK = update(LINK).where(_SCREEN_LINK).values(used_at=bindparam("wall"))
USE_CARD = update(LINK).where(LINK.c.card == bindparam("shared"), LINK.c.used_at.is_(None)).values(used_at=bindparam("at"))
UNUSED_CARDS = select(func.count(LINK.c.card.distinct())).where(
    LINK.c.person_id.in_(bindparam("people", expanding=True)), LINK.c.card.is_not(None), LINK.c.used_at.is_(None)
)
VOID_CARDS = (
    update(LINK)
    .where(LINK.c.person_id.in_(bindparam("people", expanding=True)), LINK.c.card.is_not(None), LINK.c.used_at.is_(None))
    .values(used_at=bindparam("at"))
)
VOID_CODES = (
    update(LINK)
    .where(LINK.c.person_id == bindparam("person"), LINK.c.kind == "bind", LINK.c.card.is_(None), LINK.c.used_at.is_(None))
    .values(used_at=bindparam("at"))
)
AT_ONCE = 500  # people in one statement


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who a session is. `thread` is what the page writes as (the address's own name); `person` is who that is by now:
    another one once a staff member has typed a binding code here."""

    session: str
    thread: str
    person: str
    name: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Screen:
    """A session that shows the big screen of an area, opened by this person."""

    session: str
    person: str
    area: str
    expires_at: datetime


def visitor(conn: Connection, session_id: str, wall: datetime) -> Visitor | None:
    """Who this session is; None when it has ended or never was."""
    row = conn.execute(VISITOR, {"session": session_id, "wall": wall}).first()
    return Visitor(*row) if row else None


def add_stranger(conn: Connection, person_id: str, address_id: str, now: datetime) -> None:
    """Somebody opens the page for the first time: a person of whom nothing is known, who can be answered there."""
    values = {"id": person_id, "name": "", "home": {}, "language": "zh", "phone_asked": False, "created_at": now}
    conn.execute(ADD_PERSON, values)
    give_page(conn, person_id, address_id, now)


def give_page(conn: Connection, person_id: str, address_id: str, now: datetime) -> None:
    """From now on this person can be written to on the page; once is enough."""
    if conn.execute(HAS_PAGE, {"person": person_id}).first() is None:
        row = {"id": address_id, "person_id": person_id, "channel": "web", "external_id": person_id, "seen_at": now}
        conn.execute(ADD_ADDRESS, row)
    else:
        conn.execute(SEEN, {"person": person_id, "now": now})


def give_page_to_staff(conn: Connection, mint: Callable[[], str]) -> int:
    """The demonstration: every staff member without any address gets the page, so that cards have somewhere to go."""
    people = conn.execute(STAFF_WITHOUT_DOOR).scalars().all()
    rows = [{"id": mint(), "person_id": p, "channel": "web", "external_id": p} for p in people]
    if rows:
        conn.execute(ADD_ADDRESS, rows)
    return len(rows)


def add_session(conn: Connection, session_id: str, person_id: str, wall: datetime, until: datetime) -> None:
    """This session is this person until then."""
    row = {"id": session_id, "person_id": person_id, "created_at": wall, "expires_at": until}
    conn.execute(ADD_SESSION, row)


def extend_session(conn: Connection, session_id: str, was: datetime, until: datetime) -> None:
    """Who keeps coming back stays known. `was`: until when it went; a session that has been ended meanwhile stays ended."""
    conn.execute(RENEW, {"session": session_id, "was": was, "until": until})


def end_session(conn: Connection, session_id: str, wall: datetime) -> None:
    """Whoever was here has left this device: the cookie is nobody's from now on."""
    conn.execute(EXTEND, {"session": session_id, "until": wall})


def add_link(conn: Connection, **values: Any) -> None:
    """A one-time link (kind enter) or a binding code (kind bind), known by its keyed hash only."""
    conn.execute(ADD_LINK, {"used_at": None, "reusable": False} | values)


def good_link(conn: Connection, mac: str, wall: datetime) -> str | None:
    """The name of whom this link would let in, looked at without using it up; None when it lets nobody in."""
    row = conn.execute(GOOD_LINK, {"keyed": mac, "wall": wall}).first()
    return row.name if row else None


def use_link(conn: Connection, mac: str, wall: datetime) -> str | None:
    """Use the link up: the person whom it lets in. The second of two presses gets None (but for reusable ones)."""
    row = conn.execute(GOOD_LINK, {"keyed": mac, "wall": wall}).first()
    if row is None or conn.execute(USE_LINK, {"keyed": mac, "wall": wall}).rowcount == 0:
        return None
    if row.card is not None:
        use_card(conn, row.card, wall)
    return str(row.person_id)


# ---- big screens ------------------------------------------------------------------------------------------------


def screen(conn: Connection, session_id: str, wall: datetime) -> Screen | None:
    """Whose screen this session shows; None when it has ended, never was, or is no screen's."""
    row = conn.execute(SCREEN, {"session": session_id, "wall": wall}).first()
    return Screen(*row) if row else None


def add_screen(conn: Connection, shown: Screen, wall: datetime) -> None:
    """This session shows the screen from now on."""
    row = {"id": shown.session, "person_id": shown.person, "area_id": shown.area, "created_at": wall, "expires_at": shown.expires_at}
    conn.execute(ADD_SESSION, row)


def screen_link(conn: Connection, mac: str, wall: datetime) -> tuple[str, str] | None:
    """(person, area) of a screen's code that is still good."""
    row = conn.execute(SCREEN_LINK, {"keyed": mac, "wall": wall}).first()
    return (row.person_id, row.area_id) if row else None


def use_screen_link(conn: Connection, mac: str, wall: datetime) -> tuple[str, str] | None:
    """The same, used up: the second of two presses gets None."""
    found = screen_link(conn, mac, wall)
    return found if found and conn.execute(USE_SCREEN_LINK, {"keyed": mac, "wall": wall}).rowcount else None


def screens_of(conn: Connection, person: str, wall: datetime) -> int:
    """How many screens of this person's are open."""
    return int(conn.execute(COUNT_SCREENS, {"person": person, "wall": wall}).scalar_one())


def end_screens(conn: Connection, person: str, wall: datetime) -> None:
    """All of them end now."""
    conn.execute(END_SCREENS, {"person": person, "wall": wall})


# ---- printed cards ----------------------------------------------------------------------------------------------


def add_cards(conn: Connection, rows: Sequence[dict[str, Any]], at: datetime) -> int:
    """The ways in that stand on new cards. Whoever gets one has no other: how many earlier, unused cards are void now."""
    people = sorted({row["person_id"] for row in rows})
    void = sum(_void(conn, people[start : start + AT_ONCE], at) for start in range(0, len(people), AT_ONCE))
    if rows:
        conn.execute(ADD_LINK, [{"used_at": None, "reusable": False} | row for row in rows])
    return void


def _void(conn: Connection, people: Sequence[str], at: datetime) -> int:
    count = conn.execute(UNUSED_CARDS, {"people": list(people)}).scalar_one()
    conn.execute(VOID_CARDS, {"people": list(people), "at": at})
    return int(count)


def void_codes(conn: Connection, person_id: str, at: datetime) -> None:
    """The binding codes that the person has not used, but for those on cards: a new one takes their place."""
    conn.execute(VOID_CODES, {"person": person_id, "at": at})


def use_card(conn: Connection, card: str, at: datetime) -> None:
    """Whoever came in by one of a card's ways has used up the others."""
    conn.execute(USE_CARD, {"shared": card, "at": at})
