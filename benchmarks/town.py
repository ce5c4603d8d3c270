"""Many cases of three years in the example town, for the benchmarks (benchmarks/filling.py writes them).

They are invented from the messages that the rules are fitted to: kind, topic and urgency are what the rules read in them, places are
those of the example organisation. Always the same ones.
"""

from __future__ import annotations

import json
import random
from array import array
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from bot.organisation import read_organisation
from bot.settings import Settings
from bot.world import make_policy, mint
from casework import figures
from casework.accused import NOBODY, Accused
from casework.case import Answer, AreaId, Case, CaseId, PersonId, Satisfaction, Spot, State, Urgency
from casework.policy import Policy
from handlers.summaries.find import searched
from handlers.world import World
from nlp.places import Gazetteer, Place
from nlp.understand import Context, understand
from storage import tables as t
from storage.database import Connection, Database
from storage.reorganising import load_organisation

NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)
DAYS = 1_096
TRAINING = Path(__file__).parents[1] / "nlp" / "training"
ORGANISATION = Path(__file__).parents[1] / "examples" / "organisation"
MESSAGES = 3_000
RESIDENTS = 40_000
STRUCK, SPOKEN = 0.02, 0.01
OPEN_FOR = 12.0
"""Days after which two thirds of the cases are over; of the others half as many again."""
AREA: Any = t.Area.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody wrote, what the rules read in it, and the words by which it is found."""

    text: str
    category: str
    topic: str | None
    urgency: Urgency
    words: frozenset[str]


@cache
def messages() -> list[Message]:
    """As residents write, in the proportions of the training messages."""
    lines = [line for path in sorted(TRAINING.glob("messages_chat*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    random.Random(3).shuffle(lines)
    found = []
    for line in lines[:MESSAGES]:
        said = str(json.loads(line)["text"])[:80]
        got = understand(said, Context())
        found.append(Message(said, got.category, got.topic, Urgency(got.urgency), searched(said)))
    return found


@dataclass(frozen=True, slots=True)
class Home:
    """A place from which cases come: its grid and what lies above, the nearest first, with the kind of each."""

    spot: Spot
    grid: AreaId
    community: AreaId
    chain: tuple[tuple[str, str], ...]
    post: str
    worker: str
    accused: tuple[Accused, ...]


@dataclass
class Invented:
    """The words of the cases that were made, and what they add to the figures."""

    sum: figures.Sum = field(default_factory=figures.Sum)
    said: dict[int, array[int]] = field(default_factory=lambda: defaultdict(lambda: array("l")))  # message -> its cases
    cases: int = 0


def world() -> World:
    """Policy and places of the example town."""
    rows, _ = read_organisation(ORGANISATION)
    names = [Place(a.id, a.kind, a.name, a.aliases, a.parent or None) for a in rows.areas]
    names += [Place(p.id, p.kind, p.name, p.aliases, p.parent or None) for p in rows.places]
    return World(make_policy(Settings(), {}), Gazetteer.build(names), b"bench", mint)


def organised(database: Database) -> None:
    """The tables, and the example organisation in them."""
    rows, _ = read_organisation(ORGANISATION)
    database.migrate()
    with database.writing() as conn:
        load_organisation(conn, rows, NOW - timedelta(days=DAYS), mint)


def homes(conn: Connection) -> list[Home]:
    """Every building of the town that lies in one grid, in a fixed order."""
    areas = {row.id: row for row in conn.execute(select(AREA))}
    chains = {area.id: tuple((id_, areas[id_].kind) for id_ in reversed(area.path.split("/")) if id_) for area in areas.values()}
    place: Any = t.Place.__table__  # type: ignore[attr-defined]
    holders = {row.area_id: row for row in conn.execute(text(
        "select post.area_id, post.id, holding.person_id from post join holding on holding.post_id = post.id "
        "where holding.until is null and post.role in ('worker', 'community_secretary', 'subdistrict') order by post.id desc"))}  # fmt: skip
    found = []
    for row in conn.execute(select(place).where(place.c.kind == "building").order_by(place.c.id)):
        if len(row.grids) != 1:
            continue
        grid = row.grids[0]
        community = areas[grid].parent_id
        meant = [(role, holders[area]) for role, (area, _) in zip(("worker", "secretary", "subdistrict"), chains[grid], strict=False) if area in holders]
        accused = tuple(Accused((role,), (who.id,), (who.person_id,)) for role, who in meant) or (NOBODY,)
        post, worker = (holders[grid].id, holders[grid].person_id) if grid in holders else ("", "")
        found.append(Home(Spot(estate_id=row.parent_id, building_id=row.id), AreaId(grid), AreaId(community), chains[grid], post, worker, accused))
    return found


def invented(cases: int, places: Sequence[Home], policy: Policy, into: Invented) -> Iterator[Case]:
    """So many cases over the three years, the oldest first; a few places and topics have more than others."""
    dice, known = random.Random(7), messages()
    weights = [1 / (1 + n) ** 0.5 for n in range(len(known))]
    heavy = _summed(weights)
    living = _summed([0.5 + dice.random() for _ in places])
    begin = NOW - timedelta(days=DAYS)
    for n in range(cases):
        filed = begin + timedelta(days=DAYS) * ((n + dice.random()) / cases)
        which = bisect(heavy, dice.random() * heavy[-1])
        home = places[bisect(living, dice.random() * living[-1])]
        case = _case(n, filed, known[which], home, dice)
        into.said[which].append(n)
        into.cases += 1
        into.sum.take(figures.share(case, home.chain, policy))
        yield case


def _summed(weights: Iterable[float]) -> list[float]:
    sums = [0.0]
    for weight in weights:
        sums.append(sums[-1] + weight)
    return sums[1:]


def _case(n: int, filed: datetime, said: Message, home: Home, dice: random.Random) -> Case:
    """One case, open or over; of those in hand whoever waits longer than a week is late."""
    age = (NOW - filed) / timedelta(days=1)
    luck = dice.random()
    answered = filed + timedelta(minutes=dice.lognormvariate(3.4, 1.3))
    ended = filed + timedelta(minutes=dice.lognormvariate(7.8, 1.1))
    common: dict[str, Any] = {
        "id": CaseId(case_id(n)), "number": f"{filed:%y}-{n:07}", "category": said.category, "topic": said.topic, "urgency": said.urgency,
        "resident_id": PersonId(f"resident-{dice.randrange(RESIDENTS):05}"), "filed_at": filed, "clock_from": filed, "summary": said.text,
        "community_id": home.community, "grid_id": home.grid, "area_id": home.grid, "spot": home.spot,
        "channel": dice.choice(CHANNELS), "origin": dice.choice(ORIGINS), "struck_out": dice.random() < STRUCK,
        "accused": dice.choice(home.accused) if dice.random() < SPOKEN else NOBODY, "rev": 5,
    }  # fmt: skip
    if luck < (2.0 ** (-age / OPEN_FOR) * 0.6) or ended > NOW:
        return _open(age, filed, answered, common, home, dice)
    graded = dice.random()
    state, answer = _END[bisect(_ENDS, dice.random())]
    return Case(
        state=state, acknowledged_at=answered if luck < 0.97 else None, acknowledged_by=PersonId(home.worker) if luck < 0.97 else None,
        climbed_at=filed + timedelta(hours=3) if answered - filed > timedelta(hours=3) else None, resolved_at=ended, ended_at=ended,
        answer=answer, answered_at=ended if answer else None,
        satisfaction=_GRADES[bisect((0.6, 0.8), graded)] if answer and graded < 0.9 else None, reopens=int(dice.random() < 0.05), **common,
    )  # fmt: skip


def _open(age: float, filed: datetime, answered: datetime, common: dict[str, Any], home: Home, dice: random.Random) -> Case:
    waits = answered > NOW or dice.random() < 0.1
    late = age > 7
    return Case(
        state=State.ASSIGNED if waits else dice.choice((State.ACKNOWLEDGED, State.IN_PROGRESS, State.RESOLVED)),
        acknowledged_at=None if waits else answered, acknowledged_by=None if waits else PersonId(home.worker),
        climbed_at=filed + timedelta(hours=3) if waits and age > 0.5 else None, rung=int(waits and age > 0.5),
        solve_missed_at=filed + timedelta(days=7) if late else None, **common,
    )  # fmt: skip


def case_id(n: int) -> str:
    """As long as a real one, and in the order of the filing."""
    return f"0190{n // 0x1000:04x}-{n % 0x1000:04x}-7000-8000-000000000000"


CHANNELS = ("web",) * 6 + ("phone",) * 3 + ("telegram",)
ORIGINS = ("resident",) * 8 + ("hotline", "visit")
_ENDS = (0.70, 0.76, 0.80, 0.92, 0.96)
_END: tuple[tuple[State, Answer | None], ...] = (
    (State.CONFIRMED, Answer.SOLVED), (State.CLOSED_UNANSWERED, Answer.PARTLY), (State.CLOSED_UNANSWERED, Answer.NOT_SOLVED),
    (State.CLOSED_UNANSWERED, None), (State.WITHDRAWN, None), (State.DISMISSED, None),
)  # fmt: skip
_GRADES = (Satisfaction.SATISFIED, Satisfaction.MOSTLY, Satisfaction.DISSATISFIED)
