"""How long supervisors wait over many cases: /find by a frequent word, a rare one, two together; and what is asked of the cases themselves
because the roll-ups do not have it (topics, what rises, what is late, the lists).

`python -m benchmarks.find [--cases 1000000] [--url sqlite:///…]`. The cases are invented from the messages that the rules are fitted to.
Medians in milliseconds of this machine, /find beside a query that looks through the summaries without any words kept.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from sqlalchemy import insert, select, text

from casework.access import Scope
from casework.case import AreaId, PersonId
from handlers.summaries.find import searched
from storage import overview, words
from storage import tables as t
from storage.database import Connection, Database

NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)
TRAINING = Path(__file__).parents[1] / "nlp" / "training"
SUBDISTRICTS, COMMUNITIES, GRIDS, TOPICS = 7, 47, 220, 120
OPEN = 0.01  # of the cases, and every third of them late
CHUNK = 5_000
TRIES = 7


def messages() -> list[tuple[str, frozenset[str]]]:
    """What residents may write, with its words."""
    lines = [line for path in sorted(TRAINING.glob("messages_chat*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    said = [str(json.loads(line)["text"]) for line in lines]
    return [(one, searched(one)) for one in said]


def fill(conn: Connection, cases: int) -> None:
    """A town with so many cases of three years."""
    areas = [{"id": "c", "kind": "city", "parent_id": None, "path": "/c/"}]
    areas += [{"id": f"s{n}", "kind": "subdistrict", "parent_id": "c", "path": f"/c/s{n}/"} for n in range(SUBDISTRICTS)]
    areas += [
        {"id": f"k{n}", "kind": "community", "parent_id": f"s{n % SUBDISTRICTS}", "path": f"/c/s{n % SUBDISTRICTS}/k{n}/"}
        for n in range(COMMUNITIES)
    ]
    areas += [
        {"id": f"g{n}", "kind": "grid", "parent_id": f"k{n % COMMUNITIES}", "path": f"/c/s{n % COMMUNITIES % SUBDISTRICTS}/k{n % COMMUNITIES}/g{n}/"}
        for n in range(GRIDS)
    ]
    conn.execute(insert(t.Area), [{**area, "name": area["id"], "aliases": []} for area in areas])
    conn.execute(insert(t.Person), [{"id": "p", "name": "", "home": {}, "language": "zh", "phone_asked": False, "created_at": NOW}])
    dice, known = random.Random(7), messages()
    rows: list[dict[str, Any]] = []
    kept: list[words.Row] = []
    for row, cut in _cases(dice, known, cases):
        rows.append(row)
        kept += [(row["id"], row["filed_at"].date(), word) for word in cut]
        if len(rows) == CHUNK:
            _write(conn, rows, kept)
    _write(conn, rows, kept)


def _cases(dice: random.Random, known: list[tuple[str, frozenset[str]]], cases: int) -> Iterator[tuple[dict[str, Any], frozenset[str]]]:
    for n in range(cases):
        said, cut = dice.choice(known)
        grid = dice.randrange(GRIDS)
        community, is_open = f"k{grid % COMMUNITIES}", n > cases * (1 - OPEN)
        at = NOW - timedelta(days=1095) + timedelta(days=1095) * (n / cases)
        yield {
            "id": f"c{n:07}", "number": f"26-{n:07}", "state": "in_progress" if is_open else "confirmed", "is_open": int(is_open), "category": "heating", "also": [],
            "urgency": "normal", "resident_id": "p", "channel": "web", "summary": said[:80], "area_id": f"g{grid}",
            "grid_id": f"g{grid}", "topic": f"t{dice.randrange(TOPICS)}", "community_id": community, "filed_at": at, "clock_from": at,
            "accused": {}, "solve_missed_at": at if is_open and n % 3 == 0 else None,
        }, cut  # fmt: skip


def _write(conn: Connection, rows: list[dict[str, Any]], kept: list[words.Row]) -> None:
    if rows:
        conn.execute(insert(t.Case), rows)
        words.keep(conn, kept)
        rows.clear()
        kept.clear()


def timed(look: Callable[[], object]) -> float:
    """Median milliseconds."""
    took = []
    for _ in range(TRIES):
        start = perf_counter()
        look()
        took.append((perf_counter() - start) * 1000)
    return median(took)


SECRETARY = Scope(PersonId("x"), communities=frozenset({AreaId("k3")}))
STREET = Scope(PersonId("x"), subdistricts=frozenset({AreaId("s3")}))
ASKED = (("暖气",), ("电梯",), ("暖气", "漏水"), ("钥匙",), ("电梯", "消防"), ("没有这个词",))


def measure(database: Database) -> None:
    """A line a question."""
    for asked in ASKED:
        for who, scope in (("community", SECRETARY), ("subdistrict", STREET)):
            with database.reading() as conn:
                found = len(words.find(conn, scope, asked, ()))
                took = timed(lambda conn=conn, scope=scope, asked=asked: words.find(conn, scope, asked, ()))  # type: ignore[misc]
                like = timed(lambda conn=conn, asked=asked: _looked_through(conn, asked)) if who == "community" else 0  # type: ignore[misc]
            beside = f"   looking through the summaries {like:8.1f}" if like else ""
            print(f"{' '.join(asked):14} {who:12} {found:2} found {took:8.1f}{beside}")


def measure_overview(database: Database) -> None:
    """A line a question: a month of the city, of a subdistrict and of a community."""
    month, week = NOW - timedelta(days=30), NOW - timedelta(days=7)
    with database.reading() as conn:
        for area in [row for row in overview.areas(conn) if row.id in ("c", "s3", "k3")]:
            here, below = overview.Stretch(area, month, NOW), overview.below(conn, area)
            scope = SECRETARY if area.id == "k3" else STREET
            asked: dict[str, Callable[[], object]] = {
                "topics of a month": lambda here=here: overview.topics(conn, here, ()),  # type: ignore[misc]
                "parts of a month": lambda here=here, below=below: overview.by_area(conn, here, below, (), "heating"),  # type: ignore[misc]
                "what rises": lambda here=here: overview.recent(conn, here, week, ()),  # type: ignore[misc]
                "a page of cases": lambda here=here, scope=scope: overview.filed(conn, here, scope, ()),  # type: ignore[misc]
                "late, 400 of them": lambda area=area: overview.late(conn, area, ()),  # type: ignore[misc]
                "how many are late": lambda area=area: overview.count_late(conn, area, ()),  # type: ignore[misc]
                "complaints": lambda: overview.spoken_of(conn, month, NOW),
            }
            for name, look in asked.items():
                print(f"{area.kind:12} {name:18} {timed(look):8.1f}")


def _looked_through(conn: Connection, asked: tuple[str, ...]) -> object:
    cases: Any = t.Case.__table__  # type: ignore[attr-defined]
    query = select(cases).where(cases.c.community_id == "k3", *(cases.c.summary.contains(word) for word in asked))
    return conn.execute(query.order_by(cases.c.filed_at.desc()).limit(6)).all()


def main() -> None:
    """Fill, analyse, ask."""
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--cases", type=int, default=1_000_000)
    told.add_argument("--url", default="")
    asked = told.parse_args()
    with TemporaryDirectory() as folder:
        database = Database(asked.url or f"sqlite:///{folder}/bench.db", synchronous="OFF")
        database.migrate()
        with database.writing() as conn:
            fill(conn, asked.cases)
        with database.writing() as conn:
            conn.execute(text("analyze"))
        print(f"{asked.cases} cases, milliseconds (median of {TRIES})")
        measure(database)
        measure_overview(database)
        database.close()


if __name__ == "__main__":
    main()
