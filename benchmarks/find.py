"""How long /find takes over many cases: by a frequent word, a rare one, two together, within a community and within a subdistrict.

`python -m benchmarks.find [--cases 1000000] [--url sqlite:///…]`. The cases are invented from the messages that the rules are fitted to.
Medians in milliseconds of this machine, beside a query that looks through the summaries without any words kept.
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
from storage import tables as t
from storage import words
from storage.database import Connection, Database

NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)
TRAINING = Path(__file__).parents[1] / "nlp" / "training"
SUBDISTRICTS, COMMUNITIES = 7, 47
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
        community = f"k{dice.randrange(COMMUNITIES)}"
        at = NOW - timedelta(days=1095) + timedelta(days=1095) * (n / cases)
        yield {
            "id": f"c{n:07}", "number": f"26-{n:07}", "state": "confirmed", "is_open": 0, "category": "heating", "also": [],
            "urgency": "normal", "resident_id": "p", "channel": "web", "summary": said[:80], "area_id": community,
            "community_id": community, "filed_at": at, "clock_from": at, "accused": {},
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
        database.close()


if __name__ == "__main__":
    main()
