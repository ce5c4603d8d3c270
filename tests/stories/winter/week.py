"""One community for one week: who lives and works there, the clock of its days, and how a story is told of them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from casework.audit import faults
from casework.case import Case, Part, State
from storage import cases, figures
from storage import tables as t
from storage.audit import snapshot
from storage.queues import inbox, outbox
from tests.fakes.town import Arrived, Phone, Town

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 12, 7, 7, 0, tzinfo=ZONE)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NUMBER = re.compile(r"26-\d{6}")
THREAD: Any = t.Thread.__table__  # type: ignore[attr-defined]

# Thirty people of 锦绣社区: where they write to Jiesu.
RESIDENTS: Mapping[str, str] = {
    **dict.fromkeys(("王阿姨", "赵姐", "孙姐", "周大爷", "郑姐", "冯叔", "蒋叔", "韩阿姨", "朱女士", "秦小妹", "尤奶奶", "许先生",
                     "吕大哥", "张大妈", "魏婶", "陶叔", "何姐"), "telegram"),
    **dict.fromkeys(("李叔", "钱老师", "吴婶", "褚先生", "沈姐", "杨先生", "Mr Smith", "施奶奶", "孔师傅", "曹姐", "严叔", "华大爷",
                     "金女士"), "web"),
}
STAFF = {"潘霞兰": "w-s1c1g1", "余玉淑": "w-s1c1g2", "吴晓": "w-s1c1g3", "四网格": "w-s1c1g4",
         "书记": "cs-s1c1", "街道": "sd-s1", "市级": "city-1"}
ON_THE_PAGE = frozenset({"四网格"})  # called by the group's robot

Scene = Callable[["Week"], None]


@dataclass(frozen=True)
class Turned:
    """What one message from outside brought about: who spoke, and how many messages each reader got."""

    channel: str
    sender: str
    text: str
    to: Mapping[str, int]


class WinterTown(Town):
    """Audited after every step; the roll-ups, which are long to count anew, at each day's end. The page keeps its thread."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, MONDAY.astimezone(UTC))
        self.turned: list[Turned] = []
        self.not_looking: set[str] = set()  # whose page is closed
        self.kept: list[int] = []  # stored, and not read yet

    def audit(self) -> None:
        with self.database.reading() as conn:
            wrong = faults(snapshot(conn, self.world.policy, self.now))
        assert not wrong, "\n".join(map(str, wrong))

    def verify(self) -> None:
        with self.database.reading() as conn:
            wrong = list(figures.verify(conn, self.world.policy))
        assert not wrong, "\n".join(map(str, wrong))

    def turn(self, inbox_id: int) -> None:
        before = self._last()
        super().turn(inbox_id)
        with self.database.reading() as conn:
            heard = conn.execute(select(inbox.IN).where(inbox.IN.c.id == inbox_id)).one()
            rows = conn.execute(select(outbox.OUT.c.person_id, func.count()).where(
                outbox.OUT.c.id > before).group_by(outbox.OUT.c.person_id))
            self.turned.append(Turned(heard.channel, heard.person_id or heard.sender, heard.text or heard.kind, dict(map(tuple, rows))))

    def keeps(self, phone: Phone, text: str) -> None:
        """A message is stored while the program is down: no turn is run."""
        with self.database.writing() as conn:
            self.kept.append(inbox.store_incoming(
                conn, channel=phone.channel, update_key=f"kept {len(self.kept)}", sender=phone.address, kind="text", text=text,
                body={"name": phone.name}, group_key=None, received_at=self.now, ready_at=self.now).id)

    def reads_what_it_kept(self) -> None:
        """The program is there again: each message in its order."""
        for inbox_id in self.kept:
            self.turn(inbox_id)
        self.kept.clear()
        self.deliver()

    def _last(self) -> int:
        with self.database.reading() as conn:
            return int(conn.execute(select(func.max(outbox.OUT.c.id))).scalar() or 0)

    def deliver(self) -> None:
        super().deliver()
        with self.database.writing() as conn:
            shown = select(THREAD.c.outbox_id).where(THREAD.c.outbox_id.is_not(None))
            for row in conn.execute(select(outbox.OUT).where(
                outbox.OUT.c.channel == "web", outbox.OUT.c.state == "sent", outbox.OUT.c.id.not_in(shown))).all():
                conn.execute(THREAD.insert().values(
                    person_id=row.person_id, sender="jiesu", text=row.text, buttons=[], files=[], outbox_id=row.id, at=self.now,
                    fetched_at=None if row.person_id in self.not_looking else self.now))


@dataclass
class Week:
    """The people by their names, and the calendar."""

    town: WinterTown
    residents: dict[str, Phone] = field(default_factory=dict)
    staff: dict[str, Phone] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.residents = {name: self.town.resident(name, channel) for name, channel in RESIDENTS.items()}
        self.staff = {name: self.town.staff(post, "web" if name in ON_THE_PAGE else "telegram") for name, post in STAFF.items()}
        self.robot = self.town.group("第4网格", "s1c1g4")

    def __getitem__(self, name: str) -> Phone:
        return self.residents.get(name) or self.staff[name]

    # -- the clock

    def lives(self, calendar: Mapping[str, Mapping[str, Scene]]) -> Iterator[str]:
        """Each scene at its hour, the digests at eight and five, the roll-ups at the day's end."""
        for day, scenes in calendar.items():
            hours = dict(scenes) | {"08:00": _eight, "17:00": _five}
            for hour in sorted(hours):
                self.until(day, hour)
                yield f"{day} {hour} {hours[hour].__name__}"
                hours[hour](self)
            self.town.verify()

    def until(self, day: str, hour: str) -> None:
        hours, minutes = map(int, hour.split(":"))
        then = MONDAY.replace(hour=hours, minute=minutes) + timedelta(days=DAYS.index(day))
        assert then >= self.town.now, f"{day} {hour} is over"
        self.town.forward(seconds=(then - self.town.now).total_seconds())

    def minutes(self, count: float) -> None:
        self.town.forward(minutes=count)

    # -- cases

    def files(self, name: str, *words: str, phone: str = "不留") -> str:
        """Somebody writes, each message read before the next, and answers the question for a phone. The number."""
        for each in words:
            self[name].says(each)
            self.town.forward(seconds=2)
        number = self.number(name)
        if "不留" in self[name].labels(1):
            self[name].says(phone)
        return number

    def number(self, name: str) -> str:
        """The case told of last."""
        found = [n for m in self[name].shown for n in NUMBER.findall(m.text)]
        assert found, f"{name} has no case: {[m.text for m in self[name].shown]}"
        return found[-1]

    def case(self, number: str) -> Case:
        return next(c for c in self.town.cases() if c.number == number)

    def events(self, number: str) -> list[str]:
        with self.town.database.reading() as conn:
            return [e.kind for e in cases.events(conn, self.case(number).id)]

    def hands(self, number: str) -> set[str]:
        with self.town.database.reading() as conn:
            return {p.post_id for p in cases.parts(conn, self.case(number).id)}

    def holder(self, number: str) -> str:
        """Who of the staff has it in hand."""
        with self.town.database.reading() as conn:
            has = {p.post_id for p in cases.parts(conn, self.case(number).id) if p.part is not Part.FIRST_OWNER}
        return next(name for name, post in STAFF.items() if post in has)

    # -- what staff do

    def on(self, name: str, number: str, label: str) -> list[Arrived]:
        """Press the newest button with this label under a message about the case."""
        phone = self[name]
        for message in reversed(phone.shown):
            for button in message.buttons:
                if button["label"] == label and number in message.text:
                    return phone.presses_value(button["value"])
        raise AssertionError(f"{name} has no {label} of {number}")

    def more(self, name: str, number: str, label: str) -> list[Arrived]:
        """The card by its number, then what stands behind 更多."""
        self[name].commands(f"/case {number}")
        self[name].presses("更多…", last=1)
        return self[name].presses(label, last=1)

    def in_hand(self, name: str, number: str, label: str) -> list[Arrived]:
        """From the list of one's own cards."""
        self[name].commands(f"/case {number}")
        return self[name].presses(label, last=1)

    def done(self, name: str, number: str, words: str, photo: bool = False) -> None:
        self.on(name, number, "办好了")
        self[name].sends_photo(words) if photo else self[name].says(words)

    def mends(self, *names: str, words: str = "换了坏的零件") -> None:
        """Whoever has the newest case of each says what was done."""
        for name in names:
            number = self.number(name)
            who = self.holder(number)
            self.in_hand(who, number, "办好了")
            self[who].says(words)
            assert self.case(number).state is State.RESOLVED, (name, number)

    def all_clear(self) -> None:
        """Everybody has read what stood there."""
        for phone in (*self.residents.values(), *self.staff.values()):
            phone.clears()


def _eight(week: Week) -> None:
    week.town.morning()
    week.town.workday(evening=False)


def rounds(week: Week) -> None:
    """Whoever has taken a case goes there: each presses 到场."""
    for case in week.town.cases():
        if case.state in (State.ACKNOWLEDGED, State.IN_PROGRESS) and case.arrived_at is None and case.appointment_at is None:
            who = week.holder(case.number)
            week.in_hand(who, case.number, "到场")
            assert week.case(case.number).state is State.IN_PROGRESS, case.number


def _five(week: Week) -> None:
    week.town.workday(evening=True)


def made(folder: Path, source: Path) -> Iterator[Week]:
    path = folder / "winter.db"
    shutil.copy(source, path)
    town = WinterTown(path)
    yield Week(town)
    town.close()
