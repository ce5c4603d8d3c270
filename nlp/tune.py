"""Fits the points and weights of the rules to labelled requests, and writes them back as the same readable TOML.

    python -m nlp.tune --gold DIR            what would change, and how good it would be (three held-out thirds)
    python -m nlp.tune --gold DIR --write    write nlp/rules/*.toml

The words are proposed by jieba (words, and pairs of neighbours) and kept where the labels bear them out; nothing gets negative
points, so that each word can be read on its own: it speaks for its category or is not there. The model is a multinomial
logistic regression with a bound at zero, fitted by SciPy's L-BFGS-B; SciPy and NumPy come with the test requirements only.

Labelled letters lie in training/letters.csv by id only: their texts are in the gold folder and stay there. The chat
messages, dangers and answers in training/*.jsonl were written for this project.
"""

from __future__ import annotations

import re
import textwrap
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from scipy.special import softmax
from sklearn.isotonic import IsotonicRegression

from nlp import training
from nlp.fitting import (
    Fitted,
    applied,
    files,
    fitted,
    folds,
    learn,
    own_words,
    proposed,
    right,
    rule_weights,
    table,
    tiers,
    with_words,
)
from nlp.rulefile import CODES, FOLDER
from nlp.rules import Rules, compiled
from nlp.training import Labelled


def write(found: Fitted, rules: Rules, calibration: Sequence[tuple[float, float]]) -> None:
    """Into each category's file `start`, the table [points] and the weights of its rules; how sure that makes into reading.toml."""
    weights = rule_weights(found, rules)
    for file in files():
        code, path = str(file.data["code"]), FOLDER / file.file
        lines = path.read_text("utf-8").splitlines()
        if code == "reading" and calibration:
            told = ", ".join(f"[{share:g}, {right:g}]" for share, right in calibration)
            lines = [f"calibration = [{told}]" if line.startswith("calibration =") else line for line in lines]
            path.write_text("\n".join(lines) + "\n", "utf-8")
        if code not in CODES:
            continue
        lines = _without_points(lines)
        for name, (weight, alone) in weights.items():
            if name.startswith(f"{file.file}:"):
                at = int(name.rpartition(":")[2])
                set_key(lines, at, "weight", f"{weight:g}")
                set_key(lines, at, "alone", f"{alone:g}")
        start = float(found.start[CODES.index(code)])
        path.write_text("\n".join(_with_points(lines, start, tiers(found, code))) + "\n", "utf-8")


_POINTS = "# 词的分数：这些词出现，就给这一类加分。由 python -m nlp.tune 拟合，也可以手改。"


def _without_points(lines: list[str]) -> list[str]:
    """The lines with blanks where the table [points] is, so that line numbers stay."""
    kept, inside = [], False
    for line in lines:
        inside = (inside or line.startswith("[points]") or line == _POINTS) and not line.startswith("[[")
        kept.append("\0" if inside or line.startswith("start =") else line)
    return kept


def set_key(lines: list[str], at: int, key: str, value: str) -> None:
    """One key of the rule whose [[rule]] stands in line `at` (from 1); a new one goes before `yes`."""
    for n in range(at, len(lines)):
        comment = "".join(lines[n].partition("  #")[1:])
        if re.match(rf"{key}\s*=", lines[n]):
            lines[n] = f"{key} = {value}{comment}"
            return
        if re.match(r"yes\s*=", lines[n]):
            lines[n] = f"{key} = {value}\n{lines[n]}"
            return


def _with_points(lines: list[str], start: float, words_of: dict[float, list[str]]) -> list[str]:
    """The file with `start` after the heading and the table of points before the first rule."""
    lines = [line for line in lines if line != "\0"]
    after = next(n for n, line in enumerate(lines) if line.startswith("heading"))
    lines.insert(after + 1, f"start = {start:g}  # 这一类一开始的分")
    first = next((n for n, line in enumerate(lines) if line.startswith("[[")), len(lines))
    table = [_POINTS, "[points]"]
    for tier in sorted(words_of, reverse=True):
        words = ", ".join(f'"{word}"' for word in sorted(words_of[tier], key=lambda word: (-len(word), word)))
        table += [f'"{tier:g}" = [', *textwrap.wrap(words, 100, initial_indent="  ", subsequent_indent="  "), "]"]
    return [*lines[:first], *table, "", *lines[first:]]


COURTESY = ("{}", "您好，{}，谢谢", "师傅您好，{}", "{}，麻烦了🙏")


def examples() -> list[Labelled]:
    """The examples that stand in the rules themselves: each says its category, with courtesy around it and without."""
    return [
        Labelled(f"{rule.name} {n}", "phrase", frame.format(text), rule.code, (), "normal", "", "examples")
        for rule in compiled(files()).rules
        if rule.of_category
        for n, text in enumerate(rule.yes)
        for frame in (COURTESY if rule.code != "other" else ("{}",))
    ]


def without(gold: Path) -> Rules:
    """Rules fitted to what was labelled here alone, so that the gold set can be read as something new."""
    like = training.gold(gold)
    found, rules = fitted([*training.letters(gold), *training.written(), *examples()], like)
    return applied(found, rules)


def main(
    gold: Annotated[Path, typer.Option(help="The folder of the gold set: dev.jsonl, danger_dev.jsonl, corpus.jsonl.")],
    write_: Annotated[bool, typer.Option("--write", help="Write the rule files.")] = False,
    held_out: Annotated[int, typer.Option(help="Parts of which each is held out once; 0 leaves this out.")] = 3,
) -> None:
    """Fit the points and weights of the categories to what is labelled."""
    like = training.gold(gold)
    items = [*training.letters(gold), *training.written(), *examples(), *like]
    calibration = _held_out(items, like, held_out) if held_out else []
    found, rules = fitted(items, like)
    typer.echo(f"{len([name for name in found.names if ' ' not in name])} words, {int((found.points > 0).sum())} points")
    if write_:
        write(found, rules, calibration)


def _held_out(items: list[Labelled], like: list[Labelled], count: int) -> list[tuple[float, float]]:
    """How often the first label is right on texts that were not fitted, by source and part; and how sure that makes."""
    own = own_words()
    rules = with_words(proposed(items) | own)
    found = table(rules, items)
    part = folds(items, count)
    shares, hits = np.zeros(len(items)), np.zeros(len(items), dtype=bool)
    for fold in range(count):
        seen, unseen = np.where(part != fold)[0], np.where(part == fold)[0]
        points, start = learn(rules, found.rows[seen], found, [items[n] for n in seen], like)
        each = softmax(found.rows[unseen] @ points + start, axis=1)
        shares[unseen], hits[unseen] = each.max(1), right(each, [items[n] for n in unseen])
    by_part: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for item, good in zip(items, hits, strict=True):
        by_part[item.source, item.part].append(bool(good))
    for (source, name), good_ones in sorted(by_part.items()):
        typer.echo(f"{source:20} {name:10} {np.mean(good_ones):.3f} of {len(good_ones)}")
    count_ = Counter((item.source, item.part) for item in items)
    usual = [AS_USUAL.get((item.source, item.part), 0.0) / count_[item.source, item.part] for item in items]
    kept = [n for n, weight in enumerate(usual) if weight]
    return calibrate([float(shares[n]) for n in kept], [bool(hits[n]) for n in kept], [usual[n] for n in kept])


def calibrate(shares: Sequence[float], good: Sequence[bool], weight: Sequence[float]) -> list[tuple[float, float]]:
    """How often an answer with such a share is right: a rising line through a few points, from texts that were not fitted."""
    rising = IsotonicRegression(y_min=0.02, y_max=0.99, out_of_bounds="clip").fit(shares, good, sample_weight=weight)
    order = np.argsort(shares)
    total = np.cumsum(np.asarray(weight)[order])
    cuts = [np.asarray(shares)[order][np.searchsorted(total, total[-1] * part)] for part in np.linspace(0, 1, LINE + 1)[1:-1]]
    at = sorted({0.0, *(round(float(cut), 3) for cut in cuts), 1.0})
    smooth = np.convolve(np.pad(rising.predict(at), 1, mode="edge"), [0.25, 0.5, 0.25], "valid")
    return [(share, round(float(right), 3)) for share, right in zip(at, np.maximum.accumulate(smooth), strict=True)]


LINE = 12
"""Points of the line that says how sure an answer is."""


AS_USUAL = {("dev", "full"): 3, ("dev", "title"): 2, ("letters", "full"): 2, ("letters", "title"): 1, ("messages_chat6", "chat"): 1, ("danger_dev", "near_miss"): 0.5}
"""How much each kind of text counts where it is measured how sure an answer is."""


if __name__ == "__main__":
    typer.run(main)
