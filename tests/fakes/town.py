"""A town to tell stories in: the demonstration organisation on a real SQLite file, a clock that is moved by hand, and
phones that show what arrived. Turns, queues and the rule of what is still true are the real ones; only the event loop
is missing, so a story reads from top to bottom.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot import morning
from bot.answers import read_answers
from bot.organisation import read_organisation
from bot.outbox import untrue
from bot.settings import Settings
from bot.world import make_policy, mint
from casework.audit import faults
from casework.case import AreaId, Case
from casework.groups import Group
from handlers import turn as turns
from handlers import workday
from handlers.world import World
from nlp.places import Gazetteer, Place
from storage import cases, figures, groups, people
from storage import tables as t
from storage.audit import snapshot
from storage.database import Database
from storage.queues import inbox, outbox, timers
from storage.reorganising import load_organisation
from storage.town import StoredTown

HERE = Path(__file__).parent.parent.parent
START = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)  # Tuesday, 10:00 in the town, in the heating season
EACH_AUDITED = 20  # moments of a jump of the clock that are audited one by one; then every twentieth
BUTTON_KEY = b"only for tests: buttons"
CODE_KEY = b"only for tests: codes"
PUBLIC = "https://jiesu.example.org"


@dataclass
class Arrived:
    """One message as it stands on a phone."""

    text: str
    buttons: list[dict[str, str]]
    key: str
    kind: str
    at: datetime
    files: list[str]


@dataclass
class Phone:
    """Somebody with a phone: says, presses, sees."""

    town: Town
    channel: str
    address: str
    name: str = ""
    shown: list[Arrived] = field(default_factory=list)
    read: int = 0

    def says(self, text: str, **more: Any) -> list[Arrived]:
        """Write, and see what comes back."""
        return self._sends("text", text, **more)

    def presses(self, label: str, last: int = 12) -> list[Arrived]:
        """Press the newest button with this label."""
        for message in reversed(self.shown[-last:]):
            for button in message.buttons:
                if button["label"] == label:
                    return self._sends("button", button["value"])
        raise AssertionError(f"{self.name or self.address} sees no button {label!r} but {self.labels(last)}")

    def commands(self, text: str) -> list[Arrived]:
        return self._sends("command", text)

    def picks(self, building: str) -> list[Arrived]:
        return self._sends("place", "", data={"building": building})

    def points(self, lat: float, lon: float) -> list[Arrived]:
        return self._sends("place", "", data={"lat": lat, "lon": lon})

    def shares_contact(self, phone: str, own: bool = True) -> list[Arrived]:
        return self._sends("contact", "", data={"phone": phone, "own": own})

    def edits(self, text: str) -> list[Arrived]:
        return self._sends("edited", text)

    def presses_value(self, value: str) -> list[Arrived]:
        """A button as it stands in the message, or a forged one."""
        return self._sends("button", value)

    def sends_voice(self) -> list[Arrived]:
        return self._sends("media", "", files=[{"kind": "voice", "remote": mint()}])

    def sends_photo(self, text: str = "", file_id: str | None = None, count: int = 1) -> list[Arrived]:
        photos = [{"kind": "photo", "remote": file_id or mint()} for _ in range(count)]
        return self._sends("media" if not text else "text", text, files=photos)

    def _sends(self, kind: str, text: str, **body: Any) -> list[Arrived]:
        before = len(self.shown)
        self.town.hears(self.channel, self.address, kind, text, {"name": self.name, **body})
        self.town.deliver()
        return self.shown[before:]

    def labels(self, last: int = 12) -> list[str]:
        return [b["label"] for m in self.shown[-last:] for b in m.buttons]

    def sees(self, *words: str) -> Arrived:
        """The newest unread message that has all of these words; everything up to it is read then."""
        for i in range(self.read, len(self.shown)):
            if all(w in self.shown[i].text for w in words):
                self.read = i + 1
                return self.shown[i]
        unread = "\n---\n".join(m.text for m in self.shown[self.read :])
        raise AssertionError(f"{self.name or self.address} does not see {words} in:\n{unread}")

    def sees_nothing(self, *words: str) -> None:
        """Nothing unread has these words (nothing at all, without words)."""
        found = [m.text for m in self.shown[self.read :] if all(w in m.text for w in words)]
        assert not found, found

    def clears(self) -> None:
        self.read = len(self.shown)


@cache
def _organisation() -> Any:
    organisation_, wrong = read_organisation(HERE / "examples" / "organisation")
    assert not [f for f in wrong if f.severity == "error"], wrong
    return organisation_


def template(folder: Path) -> Path:
    """A migrated database with the demonstration town in it, made once a session and copied for each story."""
    path = folder / "town.db"
    if not path.exists():
        fill(f"sqlite:///{path}")
    return path


def fill(url: str) -> None:
    """The tables and the demonstration town, in an empty database."""
    database = Database(url, synchronous="OFF")
    database.migrate()
    with database.writing() as conn:
        load_organisation(conn, _organisation(), START, mint)
    database.close()


@cache
def _gazetteer() -> Gazetteer:
    rows = _organisation()
    names = [Place(a.id, a.kind, a.name, a.aliases, a.parent or None) for a in rows.areas]
    names += [Place(p.id, p.kind, p.name, p.aliases, p.parent or None) for p in rows.places]
    return Gazetteer.build(names, ("恒安新区",))


@cache
def _answers() -> Any:
    return read_answers(HERE / "examples" / "answers.toml")[0]


class Town:
    """The town on one SQLite file, or on the database of a `url`."""

    def __init__(
        self, path: Path | None = None, now: datetime = START, url: str | None = None, database: Database | None = None
    ) -> None:
        self.database = database or Database(url or f"sqlite:///{path}", synchronous="OFF")
        self.now = now
        policy = make_policy(Settings(), {})
        self.world = World(policy, _gazetteer(), BUTTON_KEY, mint, code_key=CODE_KEY, answers=_answers())
        self.phones: dict[tuple[str, str], Phone] = {}
        self.blocked: set[str] = set()
        self.refused: set[str] = set()  # addresses whose platform says no to everything
        self.unheard: set[str] = set()  # whose platform takes nothing, and has not for hours
        self.check = True
        self._key = 0

    # -- people

    def resident(self, name: str = "", channel: str = "web") -> Phone:
        """Somebody new."""
        address = f"r{len(self.phones)}"
        if channel == "web":  # on the page the session is the person
            with self.database.writing() as conn:
                conn.execute(people.PERSON.insert().values(
                    id=address, name=name, home={}, created_at=self.now, language="zh", phone_asked=False))
                conn.execute(people.ADDRESS.insert().values(
                    id=mint(), person_id=address, channel=channel, external_id=address, seen_at=self.now))
        return self._phone(channel, address, name)

    def staff(self, post_id: str, channel: str = "telegram") -> Phone:
        """Whoever holds the post, with a bound chat."""
        with self.database.writing() as conn:
            post = StoredTown(conn, self.world.policy).post(post_id)  # type: ignore[arg-type]
            assert post is not None, post_id
            assert post.holder_id is not None, f"nobody holds {post_id}"
            address = post.holder_id if channel == "web" else f"staff-{post.holder_id}"  # the page writes as the person
            if people.speaker(conn, channel, address) is None:
                conn.execute(people.ADDRESS.insert().values(
                    id=mint(), person_id=post.holder_id, channel=channel, external_id=address, seen_at=self.now))
        return self._phone(channel, address, post.holder_name)

    def all_staff(self, *post_ids: str) -> list[Phone]:
        return [self.staff(p) for p in post_ids]

    def group(self, name: str, *areas: str, channel: str = "wecom") -> Phone:
        """A group of staff with a robot in it, that serves the posts of these areas: what its members see."""
        made = Group(channel, name, tuple(AreaId(area) for area in areas))
        self.world = replace(self.world, groups=(*self.world.groups, made), public_url=PUBLIC)
        with self.database.writing() as conn:
            groups.keep(conn, [made], mint, self.now)
        return self._phone(channel, name, name)

    def _phone(self, channel: str, address: str, name: str) -> Phone:
        return self.phones.setdefault((channel, address), Phone(self, channel, address, name))

    # -- what happens

    def hears(self, channel: str, sender: str, kind: str, text: str, body: dict[str, Any], key: str | None = None) -> None:
        """A message is stored and its turn is run."""
        self._key += 1
        with self.database.writing() as conn:
            stored = inbox.store_incoming(
                conn, channel=channel, update_key=key or f"k{self._key}", sender=sender, kind=kind, text=text, body=body,
                group_key=None, received_at=self.now, ready_at=self.now,
            )
        if not stored.duplicate:
            self.turn(stored.id)

    def turn(self, inbox_id: int) -> None:
        with self.database.writing() as conn:
            rows = inbox.take(conn, inbox_id)
            if rows:
                turns.hear(conn, self.world, self.now, rows)
                inbox.mark_done(conn, rows)
        self.audit()

    def forward(self, **by: float) -> None:
        """Step through everything that falls due until then, one by one at its own time."""
        until = self.now + timedelta(**by)
        moments = 0
        while (moment := self._next(until)) is not None:
            self.now = max(self.now, moment)
            self._fire()
            self.deliver()
            moments += 1
            if moments < EACH_AUDITED or moments % EACH_AUDITED == 0:  # an emergency nobody hears rings for days
                self.audit()
        self.now = until
        self.deliver()
        self.audit()

    def morning(self) -> None:
        """The desks' overview, as bot/morning.py makes it at eight o'clock."""
        with self.database.reading() as conn:
            overview = morning.overview(conn, self.world, self.now)
        for reader in overview.readers():
            with self.database.writing() as conn:
                morning.tell(conn, self.world, self.now, reader, overview)
        with self.database.writing() as conn:
            morning.remember(conn, overview)
        self.deliver()
        self.audit()

    def workday(self, evening: bool) -> None:
        """What is unfinished, to whoever has it, as bot/workday.py tells it at eight and at five."""
        with self.database.reading() as conn:
            found = workday.readers(conn, self.world, self.now, evening)
        for reader in found:
            with self.database.writing() as conn:
                workday.tell(conn, self.world, self.now, reader, evening)
        self.deliver()
        self.audit()

    def _next(self, until: datetime) -> datetime | None:
        with self.database.reading() as conn:
            waiting = conn.execute(select(t.Timer.__table__.c.due_at).where(  # type: ignore[attr-defined]
                t.Timer.__table__.c.is_open == 1).order_by(t.Timer.__table__.c.due_at).limit(1)).scalar()  # type: ignore[attr-defined]
            held = outbox.next_due(conn, self.now)
        soonest = min((m for m in (waiting, held) if m is not None), default=None)
        return soonest if soonest is not None and soonest <= until else None

    def _fire(self) -> None:
        with self.database.writing() as conn:
            for timer in timers.due(conn, self.now, self.now):
                taken = timers.take(conn, timer.id, self.now)
                if taken is not None:
                    turns.fire(conn, self.world, self.now, taken)

    def deliver(self) -> None:
        """Everything due goes to the phones; what is no longer true is dropped; a blocked phone answers so."""
        for _ in range(50):
            if not self._deliver_once():
                return
        raise AssertionError("messages without end")

    def _never(self, address: str) -> tuple[str, str] | None:
        """What a message to this address comes to, when it never goes out: the outcome, and why."""
        ends = ((self.blocked, "blocked", "blocked"), (self.refused, "refused", "refused"), (self.unheard, "dead", "unreachable"))
        return next(((outcome, why) for those, outcome, why in ends if address in those), None)

    def _deliver_once(self) -> bool:
        back: list[tuple[int, str, str]] = []
        with self.database.writing() as conn:
            rows = outbox.due(conn, self.now, self.now)
            for row in rows:
                if (why := untrue(row)) is not None:
                    outbox.mark_dropped(conn, row.id, why)
                elif (end := self._never(row.external_id)) is not None:
                    outbox.mark_dead(conn, row.id, end[1])
                    back.append((row.id, row.address_id, end[0]))
                else:
                    outbox.mark_sent(conn, row.id, self.now, f"ref-{row.id}")
                    phone = self._phone(row.channel, row.external_id, "")
                    phone.shown.append(Arrived(row.text, list(row.buttons), row.key, row.kind, self.now, list(row.files)))
        for outbox_id, address_id, outcome in back:
            data = {"outbox_id": outbox_id, "address_id": address_id, "outcome": outcome}
            self.hears("jiesu", address_id, "receipt", "", {"data": data}, f"receipt:{outbox_id}:{outcome}")
        return bool(rows)

    # -- looking

    def cases(self) -> list[Case]:
        with self.database.reading() as conn:
            return [cases.case_from(r) for r in conn.execute(select(cases.C).order_by(cases.C.c.filed_at, cases.C.c.number))]

    @property
    def case(self) -> Case:
        found = self.cases()
        assert len(found) == 1, [c.summary for c in found]
        return found[0]

    def audit(self) -> None:
        """Every promise of the house holds, after every turn."""
        if not self.check:
            return
        with self.database.reading() as conn:
            wrong = [*faults(snapshot(conn, self.world.policy, self.now)), *figures.verify(conn, self.world.policy)]
        assert not wrong, "\n".join(map(str, wrong))

    def close(self) -> None:
        self.database.close()


_spare: list[Database] = []
"""Closed databases of stories that are over: they still know the statements, which takes longer to learn than to run them."""


def made(folder: Path, source: Path, now: datetime = START, spare: bool = False) -> Iterator[Town]:
    """A fresh copy of the template for one story, as story.db in the folder; with `spare`, wherever the one before left its place."""
    database = _spare.pop() if spare and _spare else Database(f"sqlite:///{folder / 'story.db'}", synchronous="OFF")
    path = Path(database.url.database or "")
    path.parent.mkdir(parents=True, exist_ok=True)
    for before in path.parent.glob(f"{path.name}*"):
        before.unlink()
    shutil.copy(source, path)
    town = Town(now=now, database=database)
    yield town
    town.close()
    if spare:
        _spare.append(database)
