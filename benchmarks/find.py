"""How long supervisors wait over many cases for /find (a frequent word, a rare one, two together), and for what is asked of the cases
themselves because the roll-ups do not have it: topics, the areas below, a page of cases, what is late.

    python -m benchmarks.find [--cases 1000000] [--on sqlite|postgresql] [--keep FOLDER] [--url ADDRESS]

The cases are those of benchmarks/town.py. Medians in milliseconds of this machine, /find beside a query that looks through the summaries.
What is promised of figures: `python -m benchmarks.summaries`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks import by_hand
from benchmarks.databases import towns
from benchmarks.town import NOW
from casework.access import Scope
from casework.case import AreaId, PersonId
from storage import overview, words
from storage.database import Database

TRIES = 7
SECRETARY = Scope(PersonId("x"), communities=frozenset({AreaId("s1c1")}))
STREET = Scope(PersonId("x"), subdistricts=frozenset({AreaId("s1")}))
ASKED = (("暖气",), ("电梯",), ("暖气", "漏水"), ("钥匙",), ("电梯", "消防"), ("没有这个词",))


def timed(look: Callable[[], object]) -> float:
    """Median milliseconds."""
    took = []
    for _ in range(TRIES):
        start = perf_counter()
        look()
        took.append((perf_counter() - start) * 1000)
    return median(took)


def measure(database: Database) -> None:
    """A line a question."""
    for asked in ASKED:
        for who, scope in (("community", SECRETARY), ("subdistrict", STREET)):
            with database.reading() as conn:
                found = len(words.find(conn, scope, asked, ()))
                took = timed(lambda conn=conn, scope=scope, asked=asked: words.find(conn, scope, asked, ()))  # type: ignore[misc]
                like = timed(lambda conn=conn, asked=asked: by_hand.found(conn, asked, "s1c1")) if who == "community" else 0  # type: ignore[misc]
            beside = f"   looking through the summaries {like:8.1f}" if like else ""
            print(f"{' '.join(asked):14} {who:12} {found:2} found {took:8.1f}{beside}")


def measure_overview(database: Database) -> None:
    """A line a question: a month of the city, of a subdistrict and of a community."""
    month = NOW - timedelta(days=30)
    with database.reading() as conn:
        for area in [row for row in overview.areas(conn) if row.id in ("c", "s1", "s1c1")]:
            here, below = overview.Stretch(area, month, NOW), overview.below(conn, area)
            scope = SECRETARY if area.id == "s1c1" else STREET
            asked: dict[str, Callable[[], object]] = {
                "topics of a month": lambda here=here: overview.topics(conn, here, ()),  # type: ignore[misc]
                "parts of a month": lambda here=here, below=below: overview.by_area(conn, here, below, (), overview.Only("heating")),  # type: ignore[misc]
                "a page of cases": lambda here=here, scope=scope: overview.filed(conn, here, scope, ()),  # type: ignore[misc]
                "late, 400 of them": lambda area=area: overview.late(conn, area, ()),  # type: ignore[misc]
                "how many are late": lambda area=area: overview.count_late(conn, area, ()),  # type: ignore[misc]
                "complaints": lambda: overview.spoken_of(conn, month, NOW),
            }
            for name, look in asked.items():
                print(f"{area.kind:12} {name:18} {timed(look):8.1f}")


def main() -> None:
    """Fill, ask."""
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told.add_argument("--cases", type=int, default=1_000_000)
    told.add_argument("--on", choices=("sqlite", "postgresql"), default="sqlite")
    told.add_argument("--keep", type=Path, help="where the databases stay for the next time")
    told.add_argument("--url", default="", help="an empty database on a PostgreSQL server")
    asked = told.parse_args()
    with TemporaryDirectory() as folder:
        place = asked.keep or Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        kind = "postgresql" if asked.url else asked.on
        with towns(place, asked.cases, [kind], asked.url) as found:
            print(f"{asked.cases} cases on {kind}, milliseconds (median of {TRIES})")
            measure(found[kind])
            measure_overview(found[kind])


if __name__ == "__main__":
    main()
