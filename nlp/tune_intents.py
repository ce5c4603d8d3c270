"""Fits the points of the intents (intents.toml) to what is labelled, as tune.py does for the categories. Run it after that one.

    python -m nlp.tune_intents --gold DIR            how good it would be (two held-out halves)
    python -m nlp.tune_intents --gold DIR --write    write nlp/rules/intents.toml
"""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from scipy import sparse

from nlp import training
from nlp.fitting import LEAST, Matrix, Table, files, fit, folds, proposed, rounded, with_words
from nlp.intents import EITHER, FITTED, LONG, NONE, PAUSE, TROUBLE, signs
from nlp.reading import Reading
from nlp.rulefile import FOLDER, INTENTS
from nlp.rules import Rules, compiled
from nlp.scoring import tally, words_in
from nlp.training import Labelled
from nlp.tune import set_key
from nlp.wording import plain

LABELS = tuple(INTENTS[n] for n in FITTED)
SEEN = 4.0
LIFT = {"request": 1.03, "question": 1.5}
"""A word speaks for an intent if its texts have it so many times as often as all texts do."""
USUAL_LIFT = 3.0
SMALL = frozenset({"thanks", "greeting", "abuse", "advert"})
"""These are read off rules alone: what they talk about is anything."""


def usable(items: Sequence[Labelled]) -> list[Labelled]:
    """Those whose intent was read by a person: not dangers (always a request), nor phrases of no matter."""
    return [
        item for item in items
        if item.intent in LABELS and item.part != "danger" and not (item.part == "phrase" and item.label == "other")
        and not (item.part == "near_miss" and item.intent == "status")
    ]  # fmt: skip


def troubles(items: Sequence[Labelled], rules: Rules) -> list[list[float]]:
    """The points of the categories, as the program gives them."""
    return [tally(Reading(rules, plain(item.text, rules.slips).text)).points for item in items]


def table(rules: Rules, items: Sequence[Labelled], points: Sequence[Sequence[float]]) -> Table:
    """Words, rules of intents and signs of each text."""
    columns: dict[str, int] = {}
    at: list[int] = []
    which: list[int] = []
    share: list[float] = []

    def give(row: int, name: str, value: float) -> None:
        at.append(row)
        which.append(columns.setdefault(name, len(columns)))
        share.append(value)

    for row, (item, known) in enumerate(zip(items, points, strict=True)):
        reading = Reading(rules, plain(item.text, rules.slips).text)
        for number, _, _, value in words_in(reading):
            give(row, rules.words[number].text, value)
        for name in {match.rule.name for match in reading.matches if match.rule.code == "intents"}:
            give(row, name, 1.0)
        for sign, value in signs(reading.text, list(known)):
            give(row, sign, value)
    return Table(sparse.csr_matrix((share, (at, which)), shape=(len(items), len(columns))), tuple(columns))


def wanted(items: Sequence[Labelled]) -> Matrix:
    """One column per label."""
    return np.array([[float(item.intent == label) for label in LABELS] for item in items])


def weights(items: Sequence[Labelled]) -> Matrix:
    """What is rare counts more than once; a letter counts less than a message."""
    return np.array([(0.5 if item.source == "letters" else 1.0) * MORE.get(item.intent, 1.0) for item in items])


MORE = {"question": 2.0, "nudge": 4.0, "status": 4.0, "addition": 3.0, "withdraw": 2.0}


def allowed(found: Table, rules: Rules, target: Matrix) -> Matrix:
    """A rule may speak for its own intent, a word for those that it was oftener seen with."""
    seen = (found.rows > 0).astype(float).T @ target
    usual = target.mean(0)
    share = seen / np.maximum(seen.sum(1, keepdims=True), 1.0)
    lift = np.array([LIFT.get(label, USUAL_LIFT) for label in LABELS])
    free = (seen >= SEEN) & (share >= np.minimum(lift * usual, 0.98))
    own = {rule.name: rule.topic for rule in rules.rules if rule.code == "intents"}
    for row, name in enumerate(found.names):
        if name in own:
            free[row] = [label == own[name] for label in LABELS]
        elif name == TROUBLE:
            free[row] = [label in ("request", "question") for label in LABELS]
        elif name in (EITHER, PAUSE):
            free[row] = [label in ("question", "status") for label in LABELS]
        elif name == LONG:
            free[row] = [label == "request" for label in LABELS]
        elif name == NONE:
            free[row] = [label not in ("request", "question") for label in LABELS]
        else:
            free[row] &= [label not in SMALL for label in LABELS]
    return free


def learn(rules: Rules, found: Table, items: Sequence[Labelled]) -> tuple[Matrix, Matrix]:
    """Points by two fits: one that chooses, one that weighs those chosen."""
    target, weight = wanted(items), weights(items)
    free = allowed(found, rules, target)
    points, _ = fit(found.rows, target, weight, free, sparse_=6e-5)
    points, start = fit(found.rows, target, weight, free & (points >= LEAST / 2), sparse_=6e-6)
    return rounded(points), np.round(start, 2)


def write(names: Sequence[str], points: Matrix, start: Matrix, rules: Rules) -> None:
    """`start`, the tables [points.LABEL] and the weights of the rules into intents.toml."""
    path = FOLDER / "intents.toml"
    lines = path.read_text("utf-8").splitlines()
    row = {name: n for n, name in enumerate(names)}
    for rule in (rule for rule in rules.rules if rule.code == "intents" and rule.topic in LABELS):
        value = float(points[row[rule.name], LABELS.index(rule.topic)]) if rule.name in row else 0.0
        set_key(lines, int(rule.name.rpartition(":")[2]), "weight", f"{value:g}")
    lines = [line for line in _without_points(lines) if not line.startswith("start =")]
    begins = ", ".join(f"{label} = {value:g}" for label, value in zip(LABELS, start, strict=True))
    after = next(n for n, line in enumerate(lines) if line.startswith("name ="))
    lines.insert(after + 1, f"start = {{ {begins} }}")
    first = lines.index("[[rule]]")
    own = {rule.name for rule in rules.rules}
    path.write_text("\n".join([*lines[:first], *_tables(names, points, own), *lines[first:]]) + "\n", "utf-8")


_POINTS = "# 词的分数，由 python -m nlp.tune_intents 拟合，也可以手改。吗$ 是以“吗”结尾；$事 是说了一件事，$闲 是没说。"


def _without_points(lines: list[str]) -> list[str]:
    kept, inside = [], False
    for line in lines:
        inside = (inside or line == _POINTS) and line != "[[rule]]"
        if not inside:
            kept.append(line)
    return kept


def _tables(names: Sequence[str], points: Matrix, own: set[str]) -> list[str]:
    lines = [_POINTS]
    for column, label in enumerate(LABELS):
        tiers: dict[float, list[str]] = defaultdict(list)
        for name, value in zip(names, points[:, column], strict=True):
            if value > 0 and name not in own:
                tiers[float(value)].append(name)
        lines += [f"[points.{label}]"] if tiers else []
        for tier in sorted(tiers, reverse=True):
            words = ", ".join(f'"{word}"' for word in sorted(tiers[tier], key=lambda word: (-len(word), word)))
            lines += [f'"{tier:g}" = [', *textwrap.wrap(words, 100, initial_indent="  ", subsequent_indent="  "), "]"]
        lines += [""] if tiers else []
    return lines


def _shown(said: Sequence[str], items: Sequence[Labelled]) -> str:
    parts = []
    for label in LABELS:
        mine = [one == label for one, item in zip(said, items, strict=True) if item.intent == label]
        named = [item.intent == label for one, item in zip(said, items, strict=True) if one == label]
        parts.append(f"{label} {sum(mine)}/{len(mine)} (named {len(named)})")
    return ", ".join(parts)


def main(
    gold: Annotated[Path, typer.Option(help="The folder of the gold set: corpus.jsonl.")],
    write_: Annotated[bool, typer.Option("--write", help="Write intents.toml.")] = False,
) -> None:
    """Fit the points of the intents."""
    items = usable([*training.letters(gold), *training.written()])
    rules = with_words(proposed(items))
    found = table(rules, items, troubles(items, compiled(files())))
    part = folds(items, 2)
    said: list[Any] = [""] * len(items)
    for fold in (0, 1):
        seen, unseen = np.where(part != fold)[0], np.where(part == fold)[0]
        points, start = learn(rules, replace(found, rows=found.rows[seen]), [items[n] for n in seen])
        for n, best in zip(unseen, (found.rows[unseen] @ points + start).argmax(1), strict=True):
            said[n] = LABELS[best]
    for name in sorted({item.part for item in items}):
        own = [n for n, item in enumerate(items) if item.part == name]
        typer.echo(f"{name:10} {_shown([said[n] for n in own], [items[n] for n in own])}")
    points, start = learn(rules, found, items)
    typer.echo(f"{int((points > 0).sum())} points")
    if write_:
        write(found.names, points, start, rules)


if __name__ == "__main__":
    typer.run(main)
