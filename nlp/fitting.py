"""What nlp/tune.py fits: the words proposed, what each text holds of them, and the points that give the labels best.

NumPy and SciPy come with the test requirements only; nothing else of nlp needs them.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import minimize

from nlp import segment, training
from nlp.reading import Reading
from nlp.rulefile import CODES, FOLDER, Checked, read
from nlp.rules import Rules, compiled
from nlp.scoring import rules_in, words_in
from nlp.training import Labelled
from nlp.wording import plain

SPARSE, SMOOTH = 3e-5, 1e-4
"""How dear a word is, and how dear a strong one."""
SEEN_ALONE, SEEN_TOGETHER = 3, 8
"""A word is proposed from this many texts, a pair of neighbouring words from that many."""
STEP = 0.25
LEAST = 0.25
MAIN = 0.75
"""The share of the target that belongs to the label where others would also be right."""

Matrix = Any


@dataclass(frozen=True)
class Fitted:
    """`points` of each word and each rule (rows) for each category (columns), and what each category begins with."""

    names: tuple[str, ...]
    points: Matrix
    start: Matrix


def files() -> list[Checked]:
    """The rule files as they are."""
    return [read(path.name, path.read_bytes()) for path in sorted(FOLDER.glob("*.toml"))]


def with_words(words: Iterable[str]) -> Rules:
    """The rules with these words, and no others, as words that give points: to read texts by."""
    changed = [replace(file, data={k: v for k, v in file.data.items() if k != "points" or file.data["code"] not in CODES}) for file in files()]
    other = next(file for file in changed if file.data["code"] == "other")
    other.data["points"] = {"1": sorted(words)}
    return compiled(changed)


_WORD = re.compile(r"[\u4e00-\u9fff]+|[a-z]{2,}|[a-z0-9]*[a-z][a-z0-9]*[\u4e00-\u9fff]*")


def proposed(items: Sequence[Labelled]) -> set[str]:
    """Words and pairs of neighbouring words that stand in enough texts; a chat message counts twice, a phrase thrice."""
    alone: Counter[str] = Counter()
    together: Counter[str] = Counter()
    for item in items:
        words = segment.words(plain(item.text[:500]).text)
        times = 1 if item.source == "letters" else 3 if item.part == "phrase" else 2
        for word in {word for word in words if _fit(word)}:
            alone[word] += times
        for pair in {a + b for a, b in pairwise(words) if _fit(a) and _fit(b) and len(a + b) <= 6}:
            together[pair] += times
    kept = {word for word, seen in alone.items() if seen >= SEEN_ALONE}
    kept |= {pair for pair, seen in together.items() if seen >= SEEN_TOGETHER}
    ours = {word for item in items if item.source != "letters" for word in segment.words(plain(item.text).text)}
    named = {word for word in kept if _left_out(word) or (word not in ours and _may_name(word))}
    return kept - named - training.said_of_anything()


def _left_out(word: str) -> bool:
    return any(name in word for name in training.left_out())


def _may_name(word: str) -> bool:
    """A word that only the letters have, and that may be the name of a place, a firm or a person."""
    if len(word) == 1 or word[0] in "省市区县镇乡村":
        return True
    return segment.may_be_a_name(word)


def _fit(word: str) -> bool:
    return re.fullmatch(r"[\u4e00-\u9fff]+|[a-z]{2,8}", word) is not None


@dataclass(frozen=True)
class Table:
    """What each text (row) holds of each word and rule (column)."""

    rows: Matrix
    names: tuple[str, ...]


def table(rules: Rules, items: Sequence[Labelled]) -> Table:
    """The features of each text, exactly as the program reads them."""
    columns = {word.text: n for n, word in enumerate(rules.words) if word.points}
    names = list(columns)
    columns = {name: n for n, name in enumerate(names)}
    for rule in rules.rules:
        if rule.of_category:
            for kind in ("whole", "alone"):
                columns[f"{rule.name} {kind}"] = len(names)
                names.append(f"{rule.name} {kind}")
    cells: list[tuple[int, int, float]] = []
    for row, item in enumerate(items):
        reading = Reading(rules, plain(item.text, rules.slips).text)
        for number, _, _, value in words_in(reading):
            cells.append((row, columns[rules.words[number].text], value))
        for match, value in rules_in(reading):
            cells.append((row, columns[f"{match.rule.name} {'whole' if match.whole else 'alone'}"], value))
    at, which, share = zip(*cells, strict=True)
    return Table(sparse.csr_matrix((share, (at, which)), shape=(len(items), len(names))), tuple(names))


def targets(items: Sequence[Labelled], labels: Sequence[str] = CODES) -> Matrix:
    """Of each text, the share of each label; those that would be right too have some of it."""
    wanted = np.zeros((len(items), len(labels)))
    for row, item in enumerate(items):
        also = [code for code in item.also if code != item.label]
        wanted[row, labels.index(item.label)] = MAIN if also else 1.0
        for code in also:
            wanted[row, labels.index(code)] += (1 - MAIN) / len(also)
    return wanted


def fit(rows: Matrix, wanted: Matrix, weight: Matrix, allowed: Matrix, sparse_: float = SPARSE, smooth: float = SMOOTH) -> tuple[Matrix, Matrix]:
    """Points (words x labels) and starts that give the wanted shares best. `allowed`: which word may speak for which label."""
    count, labels = allowed.shape
    weight = weight / weight.sum()
    turned = rows.T.tocsr()

    def cost(values: Matrix) -> tuple[float, Matrix]:
        points, start = values[: count * labels].reshape(count, labels), values[count * labels :]
        score = rows @ points + start
        score -= score.max(1, keepdims=True)
        share = np.exp(score)
        share /= share.sum(1, keepdims=True)
        loss = -(weight * (wanted * np.log(share + 1e-12)).sum(1)).sum()
        wrong = (share - wanted) * weight[:, None]
        loss += sparse_ * points.sum() + 0.5 * smooth * (points**2).sum()
        slope = turned @ wrong + sparse_ + smooth * points
        return loss, np.concatenate([slope.ravel(), wrong.sum(0)])

    bounds = [(0.0, None if free else 0.0) for free in allowed.ravel()] + [(-4.0, 4.0)] * labels
    found = minimize(
        cost, np.zeros(count * labels + labels), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 200, "maxcor": 8}
    ).x
    return found[: count * labels].reshape(count, labels), found[count * labels :]


def weights(items: Sequence[Labelled], like: Sequence[Labelled]) -> Matrix:
    """How much each text counts: letters as often per label as in the gold set, what was written here more than once."""
    usual = Counter(item.label for item in like if item.source == "dev")
    letters = Counter((item.part, item.label) for item in items if item.source == "letters")
    all_letters = sum(letters.values()) or 1
    usual_all = sum(usual[label] + 2 for label in CODES)
    weight = []
    for item in items:
        if item.source == "letters":
            wanted = (usual[item.label] + 2) / usual_all * all_letters / 2
            weight.append(wanted / (letters[item.part, item.label] + 3))
        else:
            weight.append((GOLD if item.source in ("dev", "danger_dev") else WRITTEN) * (ALARMS if item.part == "danger" else 1.0))
    return np.array(weight)


GOLD, WRITTEN = 3.0, 2.0
ALARMS = 0.35
"""Dangers are rarer in life than among what was written, and danger.toml reads them."""


def allowed(found: Table, rules: Rules, items: Sequence[Labelled], labels: Sequence[str] = CODES) -> Matrix:
    """A rule may speak for its own category; a word for those that it was often seen with, and oftener than with others."""
    held = (found.rows > 0).astype(float)
    wanted = targets(items, labels)
    seen = held.T @ (wanted * np.array([[CREDIT.get(item.part, 1.0)] for item in items]))
    usual = wanted.mean(0)
    share = seen / np.maximum(seen.sum(1, keepdims=True), 1.0)
    free = (seen >= SUPPORT) & (share >= np.minimum(LIFT * usual, 0.5))
    own = {rule.name: rule.code for rule in rules.rules}
    for row, name in enumerate(found.names):
        if len(name) == 1:
            free[row] &= seen[row] >= 3 * SUPPORT  # one sign alone says little
        rule = name.rpartition(" ")[0]
        if rule in own:
            free[row] = [label == own[rule] for label in labels]
    return free


CREDIT = {"phrase": 3.0, "chat": 1.5}
"""A phrase was written to say one thing, a message nearly so; a letter has many words beside its matter."""
SUPPORT, LIFT = 4.0, 1.5
"""A word speaks for a category if that many texts of it hold the word, and their share is so many times the usual one."""


def rounded(points: Matrix) -> Matrix:
    """Points in steps that a person can tell apart; what gives less than the least gives nothing."""
    steps = np.round(points / STEP) * STEP
    steps[steps < LEAST] = 0.0
    return steps


def right(shares: Matrix, items: Sequence[Labelled], labels: Sequence[str] = CODES) -> list[bool]:
    """Whether the first label is the wanted one, or one that is right too."""
    return [labels[best] in (item.label, *item.also) for best, item in zip(shares.argmax(1), items, strict=True)]


def folds(items: Sequence[Labelled], count: int) -> Matrix:
    """Which part of the items each one is held out with; a letter's title and text together."""
    return np.array([zlib.crc32(item.id.encode()) % count for item in items])


def learn(rules: Rules, rows: Matrix, found: Table, items: Sequence[Labelled], like: Sequence[Labelled]) -> tuple[Matrix, Matrix]:
    """Points by two fits: one that chooses the words, one that weighs those chosen."""
    wanted, weight, free = targets(items), weights(items, like), allowed(Table(rows, found.names), rules, items)
    points, _ = fit(rows, wanted, weight, free)
    chosen = free & (points >= LEAST / 2)
    points, start = fit(rows, wanted, weight, chosen, sparse_=SPARSE / 10)
    return rounded(points), np.round(start, 2)




def own_words() -> set[str]:
    """The words of the rules themselves, which are proposed too, as far as they say something alone."""
    return {word for rule in compiled(files()).rules if rule.of_category for word in rule.any} - training.said_of_anything()


def fitted(items: Sequence[Labelled], like: Sequence[Labelled]) -> tuple[Fitted, Rules]:
    """The words worth their keep and the points of words and rules; and the rules that read texts by these words."""
    own = own_words()
    rules = with_words(proposed(items) | own)
    found = table(rules, items)
    points, _ = learn(rules, found.rows, found, items, like)
    chosen = {name for name, row in zip(found.names, points, strict=True) if row.any() and " " not in name}
    rules = with_words(chosen)
    found = table(rules, items)
    points, start = learn(rules, found.rows, found, items, like)
    return Fitted(found.names, points, start), rules


def tiers(found: Fitted, code: str) -> dict[float, list[str]]:
    """The words of a category by their points."""
    by_points: dict[float, list[str]] = defaultdict(list)
    for name, points in zip(found.names, found.points[:, CODES.index(code)], strict=True):
        if points > 0 and " " not in name:
            by_points[float(points)].append(name)
    return by_points


def rule_weights(found: Fitted, rules: Rules) -> dict[str, tuple[float, float]]:
    """Of each rule, by file:line, its weight and the share of it that it has alone."""
    row = {name: n for n, name in enumerate(found.names)}
    weights = {}
    for rule in rules.rules:
        if rule.of_category:
            whole, alone = (float(found.points[row[f"{rule.name} {kind}"], CODES.index(rule.code)]) for kind in ("whole", "alone"))
            whole = max(whole, alone, LEAST)
            weights[rule.name] = (whole, round(alone / whole, 2))
    return weights


def applied(found: Fitted, rules: Rules, calibration: Sequence[tuple[float, float]] = ()) -> Rules:
    """The rules as they would be with these points."""
    weights = rule_weights(found, rules)
    changed = files()
    for file in changed:
        code = str(file.data["code"])
        if code == "reading" and calibration:
            file.data["calibration"] = [list(pair) for pair in calibration]
        if code not in CODES:
            continue
        file.data["start"] = float(found.start[CODES.index(code)])
        file.data["points"] = {f"{tier:g}": words for tier, words in tiers(found, code).items()}
        for index, rule in enumerate(file.data.get("rule", [])):
            rule["weight"], rule["alone"] = weights[f"{file.file}:{file.line('rule', index)}"]
    return compiled(changed)
