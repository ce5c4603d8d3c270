"""A small organisation in which nothing is missing, on a real database: for taking one thing away at a time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from bot.missing import look
from bot.settings import Settings
from bot.world import make_policy, mint
from casework.groups import Group
from casework.missing import Survey
from casework.organisation import AreaRow, Organisation, PersonRow, PlaceRow, PostRow, RosterRow
from nlp.answers import Answer
from storage import tables as t
from storage.database import Database
from storage.reorganising import load_organisation

NOW = datetime(2026, 6, 2, 2, 0, tzinfo=UTC)  # Tuesday, 10:00 in the town; the year's holidays are known
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

AREAS = (
    AreaRow(id="c", kind="city", name="新区"),
    AreaRow(id="s", kind="subdistrict", name="东街道", parent="c"),
    AreaRow(id="m", kind="community", name="东社区", parent="s", aliases=("东居委会",)),
    AreaRow(id="g1", kind="grid", name="东社区第1网格", parent="m"),
    AreaRow(id="g2", kind="grid", name="东社区第2网格", parent="m"),
)
PLACES = (
    PlaceRow(id="e", kind="estate", name="锦绣苑", aliases=("锦绣小区",), grids=("g1", "g2")),
    PlaceRow(id="b1", kind="building", name="1号楼", parent="e", grids=("g1",)),
    PlaceRow(id="b2", kind="building", name="2号楼", parent="e", grids=("g2",)),
    PlaceRow(id="r", kind="road", name="恒安大街", grids=("g1", "g2")),
)
NAMES = ("王一", "李二", "书记", "街道", "市级", "楼长", "负责")
POSTS = (
    PostRow(id="w1", role="worker", kind="full_time", area="g1", title="专职网格员", person="n0"),
    PostRow(id="w2", role="worker", kind="full_time", area="g2", title="专职网格员", person="n1"),
    PostRow(id="cs", role="community_secretary", area="m", title="社区书记", person="n2"),
    PostRow(id="sd", role="subdistrict", area="s", title="街道值班室", person="n3"),
    PostRow(id="city", role="city", area="c", title="值班员", person="n4"),
    PostRow(id="l1", role="building_lead", kind="auxiliary", area="g1", place="b1", title="楼栋长", person="n5"),
    PostRow(id="l2", role="building_lead", kind="auxiliary", area="g2", place="b2", title="楼栋长", person="n5"),
    PostRow(id="el", role="estate_lead", area="m", place="e", title="小区负责人", person="n6"),
    PostRow(id="heat", role="specialist", area="c", categories=("heating", "water_power_gas"), title="热力", phone="12345"),
    PostRow(id="pm", role="specialist", area="m", place="e", categories=("property_service",), title="物业", phone="12345"),
)
ROSTER = tuple(
    RosterRow(post=f"w{n}", grid=f"g{n}", weekdays=(1, 2, 3, 4, 5, 6, 7), start=time(7), until=time(22), duty="day")
    for n in (1, 2)
)
WHOLE = Organisation(
    AREAS, PLACES, tuple(PersonRow(id=f"n{n}", name=name) for n, name in enumerate(NAMES)), POSTS, ROSTER
)
ANSWER = Answer("供暖时间", ("供暖",), (), (), "十一月一日", "热力公司", date(2026, 12, 31))


class Hamlet:
    """The organisation, everybody bound and awake, and a look at what it lacks."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(f"sqlite:///{folder}/hamlet.db", synchronous="OFF")
        self.database.migrate()
        self.answers = [ANSWER]
        self.groups: list[Group] = []
        self.policy = make_policy(Settings(), {})
        with self.database.writing() as conn:
            load_organisation(conn, WHOLE, NOW - DAY, mint)
        self.people = {row.org_id: row.id for row in self.rows(t.Person)}
        for person in self.people.values():
            self.add(t.Address, id=f"a-{person}", person_id=person, channel="telegram", external_id=person, seen_at=NOW - 30 * DAY)

    def person(self, name: str) -> str:
        return self.people[f"n{NAMES.index(name)}"]

    def rows(self, table: type[Any]) -> list[Any]:
        with self.database.reading() as conn:
            return list(conn.execute(select(table.__table__)))  # type: ignore[attr-defined]

    def add(self, table: type[Any], **values: Any) -> None:
        with self.database.writing() as conn:
            conn.execute(insert(table), values)

    def change(self, table: type[Any], column: str, key: str, **values: Any) -> None:
        rows: Any = table.__table__  # type: ignore[attr-defined]
        with self.database.writing() as conn:
            assert conn.execute(rows.update().where(rows.c[column] == key).values(**values)).rowcount

    def remove(self, table: type[Any], column: str, key: str) -> None:
        rows: Any = table.__table__  # type: ignore[attr-defined]
        with self.database.writing() as conn:
            assert conn.execute(rows.delete().where(rows.c[column] == key)).rowcount

    def sent(self, name: str, at: datetime, kind: str = "card", state: str = "sent") -> None:
        """A message that went out to somebody."""
        person = self.person(name)
        self.add(
            t.Outbox, channel="telegram", address_id=f"a-{person}", person_id=person, key="card.new", kind=kind, urgency="normal",
            text="t", buttons=[], files=[], valid_states=[], made_at=at, due_at=at, state=state, tries=0, sent_at=at,
        )  # fmt: skip

    def look(self, now: datetime = NOW, push: bool = False) -> Survey:
        with self.database.reading() as conn:
            return look(conn, self.policy, now, self.answers, push, self.groups)
