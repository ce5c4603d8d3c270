"""How long supervisors wait over a million cases, beside the same asked by hand; and whether both tell the same.

    python -m benchmarks.summaries [--cases 1000000] [--only WORD] [--on sqlite|postgresql] [--keep FOLDER] [--url ADDRESS]

The same invented cases, and a tenth of them over the same three years, are written on SQLite and on PostgreSQL (from the wheel that
the tests use, or at --url: an empty database, then only the larger town is measured there). What the roll-ups of the smaller town
hold is verified against its cases. Each question is put to the function that the commands and the board call, and by hand as plain SQL
over the cases. All are taken in turns; what is told are medians in milliseconds of this machine. It ends with status 1 where the figures
differ; how long it took is printed and never judged.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.databases import towns
from benchmarks.questions import QUESTIONS, Question, near, turn_of
from benchmarks.town import world
from handlers.world import World
from storage import figures
from storage.database import Database

ROUNDS, BY_HAND = 15, 3
KINDS = ("sqlite", "postgresql")
Key = tuple[str, str, str]
"""A question, a kind of database, and which town: small, large, by hand (of the large one)."""


class Told:
    """What was measured, and which figures differ."""

    def __init__(self) -> None:
        self.took: dict[Key, list[float]] = defaultdict(list)
        self.differ: set[tuple[str, str]] = set()

    def middle(self, *key: str) -> float | None:
        found = self.took.get((key[0], key[1], key[2]))
        return median(found) if found else None


def timed(look: Callable[[], object]) -> tuple[float, object]:
    began = perf_counter()
    told = look()
    return (perf_counter() - began) * 1000, told


def measure(kind: str, towns_: Mapping[str, Database], asked: Sequence[Question], world_: World, told: Told) -> None:
    """All questions to each town, in turns and in another order each time; by hand less often, for it takes long."""
    dice = random.Random(5)
    for turn in range(ROUNDS + 1):
        everything = [(question, size) for question in asked for size in towns_]
        dice.shuffle(everything)
        for question, size in everything:
            with towns_[size].reading() as conn:
                ready = turn_of(conn, world_, question.post)
                took, answer = timed(lambda question=question, ready=ready: question.ask(ready))  # type: ignore[misc]
                if turn:  # the first time tables are read from the disk and statements are compiled
                    told.took[question.name, kind, size].append(took)
                if turn < BY_HAND:
                    took, right = timed(lambda question=question, ready=ready: question.by_hand(ready))  # type: ignore[misc]
                    if size == "large":
                        told.took[question.name, kind, "by hand"].append(took)
                    if not question.same(answer, right):
                        told.differ.add((question.name, kind))
                        print(f"{question.name} on {kind}, {size}: {str(answer)[:300]} is not {str(right)[:300]}", file=sys.stderr)


def verified(kind: str, database: Database, world_: World) -> bool:
    """Whether each row of the roll-ups is what the cases say."""
    with database.reading() as conn:
        took, wrong = timed(lambda: figures.verify(conn, world_.policy))
    print(f"{kind}: roll-ups of the smaller town verified in {took / 1000:.0f} s, {len(wrong)} rows wrong", flush=True)  # type: ignore[arg-type]
    return not wrong


def table(asked: Sequence[Question], kinds: Sequence[str], small: int, large: int, told: Told) -> None:
    """As Markdown."""
    heads = [f"{name} {kind}" for kind in kinds for name in (f"{small:,}", f"{large:,}", "growth", "by hand", "same")]
    print(f"| question | promised | {' | '.join(heads)} |")
    print(f"|---|---|{'---|' * len(heads)}")
    for question in asked:
        cells = []
        for kind in kinds:
            few, many, by_hand = (told.middle(question.name, kind, size) for size in ("small", "large", "by hand"))
            growth = f"{many / few:.2f}" if few and many else "–"
            same = "NO" if (question.name, kind) in told.differ else "≤ 5 %" if question.same is near else "yes"
            cells += [_ms(few), f"**{_ms(many)}**", growth, _ms(by_hand), same]
        print(f"| {question.name} | {question.limit:.0f} | {' | '.join(cells)} |")


def _ms(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}" if value < 10 else f"{value:.0f}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--only", default="", help="questions with this word")
    parser.add_argument("--on", choices=KINDS, help="only this kind of database")
    parser.add_argument("--keep", type=Path, help="where the databases stay for the next time")
    parser.add_argument("--url", default="", help="an empty database on a PostgreSQL server")
    parser.add_argument("--no-verify", action="store_true", help="the roll-ups are not verified")
    args = parser.parse_args()
    asked = [question for question in QUESTIONS if args.only in question.name]
    kinds, told, right, world_ = [args.on] if args.on else list(KINDS), Told(), True, world()
    few = args.cases // 10
    with TemporaryDirectory() as folder:
        place = args.keep or Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        with towns(place, args.cases, kinds, args.url) as large, towns(place, few, [k for k in kinds if not args.url or k == "sqlite"]) as small:
            for kind in kinds:
                sizes = {size: found[kind] for size, found in (("small", small), ("large", large)) if kind in found}
                if "small" in sizes and not args.no_verify:
                    right = verified(kind, sizes["small"], world_) and right
                measure(kind, sizes, asked, world_, told)
    table(asked, kinds, few, args.cases, told)
    print("the figures are the same" if right and not told.differ else "FIGURES DIFFER")
    return 0 if right and not told.differ else 1


if __name__ == "__main__":
    sys.exit(main())
