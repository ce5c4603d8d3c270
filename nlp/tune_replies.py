"""Fits the points of rules/replies.toml to labelled answers, and writes them back as the same readable TOML.

    python -m nlp.tune_replies FILE...            how good it would be, held out by fifths
    python -m nlp.tune_replies FILE... --write    write nlp/rules/replies.toml

Classes and parts are written by hand and stay as they are; words (up to three signs) and turns are kept where the labels bear
them out. Nothing gets negative points. Without files: nlp/training/replies_*.jsonl.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from scipy import sparse

from nlp import training
from nlp.fitting import fit
from nlp.replies import bare_answer, squeeze
from nlp.replybook import FILE, LABELS, ReplyRules, compiled, shipped
from nlp.replyturns import tokens, turns
from nlp.rulefile import FOLDER, read
from nlp.training import LabelledReply

SPARSE, SMOOTH = 1e-4, 3e-4
LONGEST_WORD = 3
SEEN = 3
FOLDS = 5

Matrix = Any
_PIECE = re.compile(r"[^\s,。!?;:、~…\"'“”()]+")


@dataclass(frozen=True)
class Learnt:
    """What each word and each turn (its name begins with a tab) gives to each label, and what the labels begin with."""

    names: tuple[str, ...]
    points: Matrix
    start: Matrix


def holds(rules: ReplyRules, text: str) -> set[str]:
    """The names of all words and turns in a text; turns begin with a tab, so that none is taken for a word."""
    found = {f"\t{turn}" for turn in turns(tokens(rules, text), text)}
    for piece in _PIECE.findall(text):
        for size in range(1, LONGEST_WORD + 1):
            found.update(piece[at : at + size] for at in range(len(piece) - size + 1))
    return found


def table(texts: Sequence[set[str]], names: Iterable[str]) -> Matrix:
    """Which text holds which name."""
    place = {name: n for n, name in enumerate(names)}
    rows, columns = [], []
    for row, held in enumerate(texts):
        here = [place[name] for name in sorted(held) if name in place]
        rows += [row] * len(here)
        columns += here
    return sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(texts), len(place)))


def learn(texts: Sequence[set[str]], wanted: Matrix, weight: Matrix) -> Learnt:
    """Points by two fits: one that chooses, one that weighs what was chosen."""
    seen = Counter(name for held in texts for name in held)
    names = sorted(name for name, times in seen.items() if times >= SEEN)
    rows = table(texts, names)
    free = np.ones((len(names), len(LABELS)), dtype=bool)
    points, _ = fit(rows, wanted, weight, free, SPARSE, SMOOTH)
    chosen = points >= CHOSEN
    kept = chosen.any(1)
    points, start = fit(rows[:, kept], wanted, weight, chosen[kept], 0.0, SMOOTH)
    return Learnt(tuple(name for name, keep in zip(names, kept, strict=True) if keep), rounded_finely(points), np.round(start, 2))


CHOSEN = 0.1
STEP = 0.1


def rounded_finely(points: Matrix) -> Matrix:
    """In tenths: many small turns speak together here."""
    return np.round(np.round(points / STEP) * STEP, 1)


def wanted_of(items: Sequence[LabelledReply]) -> Matrix:
    """The label of each answer, as one row of a unit matrix."""
    return np.eye(len(LABELS))[[LABELS.index(item.answer) for item in items]]


def shares(learnt: Learnt, texts: Sequence[set[str]]) -> Matrix:
    """What each label has of the whole, for each text."""
    score = table(texts, learnt.names) @ learnt.points + learnt.start
    score = np.exp(score - score.max(1, keepdims=True))
    return score / score.sum(1, keepdims=True)


def load(paths: Sequence[Path]) -> list[LabelledReply]:
    """Answers of these files, or those of the training folder."""
    if not paths:
        return training.replies()
    lines = [(path, json.loads(line)) for path in paths for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [LabelledReply(line["id"], line["text"], line["answer"], line["satisfaction"], path.stem) for path, line in lines]


def weights(items: Sequence[LabelledReply]) -> Matrix:
    """The gold answers, written like those that will come, and the examples of the specification count more."""
    return np.array([GOLD if item.source in ("replies_dev", "replies_examples") else 1.0 for item in items])


GOLD = 3.0


def unsure_only(items: Sequence[LabelledReply]) -> list[LabelledReply]:
    """Those that are not read by their number or their one word."""
    return [item for item in items if bare_answer(squeeze(item.text)) is None]


def held_out(rules: ReplyRules, items: Sequence[LabelledReply]) -> float:
    """The share that is right when each fifth is read by what the others taught."""
    texts = [holds(rules, squeeze(item.text)) for item in items]
    wanted, weight = wanted_of(items), weights(items)
    part = np.arange(len(items)) % FOLDS
    right = 0
    for fold in range(FOLDS):
        here = np.flatnonzero(part == fold)
        there = np.flatnonzero(part != fold)
        learnt = learn([texts[n] for n in there], wanted[there], weight[there])
        right += int((shares(learnt, [texts[n] for n in here]).argmax(1) == wanted[here].argmax(1)).sum())
    return right / len(items)


def _quoted(words: Iterable[str]) -> str:
    return "[" + ", ".join(json.dumps(word, ensure_ascii=False) for word in words) + "]"


def _tiers(name: str, learnt: Learnt, label: int, is_turn: bool) -> list[str]:
    tiers: dict[float, list[str]] = {}
    for word, given in zip(learnt.names, learnt.points[:, label], strict=True):
        if given > 0 and word.startswith("\t") is is_turn:
            tiers.setdefault(float(given), []).append(word.strip("\t"))
    return [f"\n[{name}.{LABELS[label]}]", *(f'"{tier:g}" = {_quoted(tiers[tier])}' for tier in sorted(tiers, reverse=True))]


def written(source: str, learnt: Learnt) -> str:
    """The file with new starts, points and turns; what stands above the mark stays."""
    head = source.partition(MARK)[0]
    start = [f"{label} = {learnt.start[n]:g}" for n, label in enumerate(LABELS)]
    lines = ["\n[start]", *start]
    for name, is_turn in (("turns", True), ("points", False)):
        for label in range(len(LABELS)):
            lines += _tiers(name, learnt, label, is_turn)
    return head + MARK + "\n" + "\n".join(lines) + "\n"


MARK = "# ── 以下由 nlp/tune_replies.py 量出 ──"


def main(
    files: Annotated[list[Path] | None, typer.Argument()] = None,
    write: bool = False,
    check: Annotated[bool, typer.Option(help="measure by fifths")] = True,
) -> None:
    items = unsure_only(load(files or []))
    rules = shipped()
    if check:
        typer.echo(f"held out by fifths: {held_out(rules, items):.3f} of {len(items)}")
    if write:
        learnt = learn([holds(rules, squeeze(item.text)) for item in items], wanted_of(items), weights(items))
        text = written((FOLDER / FILE).read_text("utf-8"), learnt)
        checked = read(FILE, text.encode())
        if checked.faults:
            raise SystemExit("\n".join(map(str, checked.faults)))
        compiled(checked.data)
        (FOLDER / FILE).write_text(text, "utf-8")
        typer.echo(f"{len(learnt.names)} words and turns, {int((learnt.points > 0).sum())} points")


if __name__ == "__main__":
    typer.run(main)
