"""How long a town takes to come in, beside merely reading its workbook; and places in a message, with many names and with few.

`python -m benchmarks.organisation [--rounds 3] [--homes 93762]`. Ratios of medians within one run; seconds are of this machine.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from bot.organisation.read import read
from bot.organisation.write import write_workbook
from bot.spreadsheet import read_workbook
from bot.world import mint
from casework.organisation import ExceptionRow, Organisation, PlaceRow
from casework.reorganising import difference
from nlp.places import Gazetteer, Place
from nlp.where import where
from storage.database import Database
from storage.organisation import stored_organisation
from storage.reorganising import reorganise

TODAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)
EXAMPLE = Path(__file__).parents[1] / "examples" / "organisation"
MESSAGES = ("锦绣苑3号楼2单元又没暖气了", "平安里小区7栋电梯坏了三天没人修", "中央大街和重庆路口路灯不亮", "屋里才14度，孩子都感冒了")


def town() -> Organisation:
    """The demonstration town with a year of dated roster changes: one a grid and week."""
    organisation = read(EXAMPLE, TODAY).organisation
    workers = [post for post in organisation.posts if post.kind == "full_time"]
    changes = [
        ExceptionRow(day=TODAY + timedelta(days=7 * week), post=post.id, grid=post.area, start=time(7), until=time(12), kind="off")
        for week in range(52)
        for post in workers
    ]
    return replace(organisation, exceptions=tuple(changes))


def timed(run: Callable[[], object], rounds: int) -> float:
    """The median of so many runs, in seconds."""
    taken = []
    for _ in range(rounds):
        began = perf_counter()
        run()
        taken.append(perf_counter() - began)
    return median(taken)


def import_beside_reading(rounds: int) -> None:
    organisation = town()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "town.xlsx"
        write_workbook(organisation, path)
        rows = sum(len(getattr(organisation, sheet)) for sheet in organisation.__dataclass_fields__)
        print(f"workbook: {rows:,} rows, {path.stat().st_size / 1e6:.1f} MB")
        bare = timed(lambda: read_workbook(path), rounds)
        checked = timed(lambda: read(path, TODAY), rounds)
        print(f"merely reading the cells: {bare:.2f} s")
        print(f"reading, names to ids, all checks: {checked:.2f} s = {checked / bare:.1f} x")
        found = read(path, TODAY).organisation
        for kind, url in (("first import", f"sqlite:///{folder}/a.db"), ("import that changes nothing", f"sqlite:///{folder}/b.db")):
            taken = []
            for n in range(rounds):
                database = Database(url.replace(".db", f"{n}.db"))
                database.migrate()
                if kind != "first import":
                    _apply(database, found)
                began = perf_counter()
                _apply(database, found)
                taken.append(perf_counter() - began)
                database.close()
            print(f"{kind}, the transaction: {median(taken):.2f} s = {median(taken) / bare:.1f} x")
            print(f"{kind}, all in all: {checked + median(taken):.2f} s = {(checked + median(taken)) / bare:.1f} x")


def _apply(database: Database, organisation: Organisation) -> None:
    with database.writing() as conn:
        diff = difference(stored_organisation(conn), organisation)
        if diff:
            reorganise(conn, diff, NOW, mint)


def names(count: int) -> list[Place]:
    """So many estates, roads and buildings, all different."""
    signs = [chr(0x4E00 + n) for n in range(3000)]
    kinds = ("小区", "路", "花园", "苑")
    made = []
    for n in range(count):
        word = signs[(n * 7) % 3000] + signs[(n // 3000 * 13 + n * 11) % 3000] + signs[(n * 29) % 3000]
        made.append(Place(f"p{n}", "road" if n % 4 == 1 else "estate", word + kinds[n % 4]))
    return made


def places(rounds: int, few: int = 1_000, many: int = 100_000) -> None:
    real = [Place(p.id, p.kind, p.name, p.aliases, p.parent or None) for p in read(EXAMPLE, TODAY).organisation.places]
    took = {}
    for count in (few, many):
        gazetteer = Gazetteer.build([*names(count), *real], ("恒安新区",))
        took[count] = min(_places_in_messages(gazetteer) for _ in range(rounds))
        print(f"places in a message, {count:,} names: {took[count] / len(MESSAGES) * 1e6:.0f} µs")
    print(f"100 times the names cost {took[many] / took[few]:.2f} x")


def _places_in_messages(gazetteer: Gazetteer) -> float:
    return timed(lambda: [where(text, gazetteer) for text in MESSAGES], 200)


def homes(count: int, rounds: int) -> None:
    """A gazetteer of every home's building: built once at the start and after each import."""
    made = [PlaceRow(id=f"b{n}", kind="building", name=f"{n % 200 + 1}号楼", parent=f"p{n // 200 * 4}") for n in range(count)]
    every = [*names(max(2000, count // 50)), *(Place(p.id, p.kind, p.name, (), p.parent) for p in made)]
    took = timed(lambda: Gazetteer.build(every, ("恒安新区",)), rounds)
    print(f"a gazetteer of {len(every):,} names is built in {took:.2f} s")


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--homes", type=int, default=93_762)
    told = asked.parse_args()
    print(f"Python {sys.version.split()[0]}")
    import_beside_reading(told.rounds)
    places(told.rounds)
    homes(told.homes, told.rounds)
