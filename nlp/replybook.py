"""The words by which answers to the check-back are read: rules/replies.toml, compiled.

*Classes* name what a word tells (坏, 见好, 还, 又 …); {动}{成} in a class stands for every pair of `parts` or of other classes.
*Points* are given by words that stand in the answer, *turns* by classes in a row and by what the clauses say (replyturns.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from nlp.classes import spelt_out
from nlp.lexicon import Lexicon
from nlp.rulefile import FOLDER, RuleError, read
from nlp.wording import plain_words

FILE = "replies.toml"
LABELS = ("solved", "partly", "not_solved", "unclear")

Given = tuple[tuple[int, float], ...]
"""(place in LABELS, points)"""


@dataclass(frozen=True)
class ReplyRules:
    """The compiled file."""

    lexicon: Lexicon = field(repr=False)
    kinds: tuple[str, ...] = field(repr=False)
    """The class of each word of the lexicon."""
    words: Lexicon = field(repr=False)
    points: tuple[Given, ...] = field(repr=False)
    """What each of `words` gives."""
    turns: Mapping[str, Given] = field(repr=False)
    start: tuple[float, ...]


def classes(data: Mapping[str, Any]) -> dict[str, str]:
    """Word -> its class. A word written out beats one spelt out of a pattern; the class that comes first beats the others."""
    named: Mapping[str, list[str]] = data.get("classes", {})
    lists = {name: plain_words(words) for name, words in {**data.get("parts", {}), **named}.items()}
    found: dict[str, str] = {}
    for patterns in (False, True):
        for name in named:
            for value in lists[name]:
                if ("{" in value) is patterns:
                    for word in spelt_out(value, lists):
                        found.setdefault(word, name)
    return found


def _given(tables: Mapping[str, Mapping[str, Iterable[str]]]) -> dict[str, Given]:
    found: dict[str, list[tuple[int, float]]] = {}
    for label, tiers in tables.items():
        if label in LABELS:
            for tier, words in tiers.items():
                for word in words:
                    found.setdefault(word, []).append((LABELS.index(label), float(tier)))
    return {word: tuple(given) for word, given in found.items()}


def compiled(data: Mapping[str, Any]) -> ReplyRules:
    """The rules of a file without faults."""
    by_word = classes(data)
    lexicon = Lexicon.of(by_word)
    points = _given(data.get("points", {}))
    words = Lexicon.of(points)
    start = data.get("start", {})
    return ReplyRules(
        lexicon,
        tuple(by_word[word] for word in lexicon.words),
        words,
        tuple(points[word] for word in words.words),
        _given(data.get("turns", {})),
        tuple(float(start.get(label, 0.0)) for label in LABELS),
    )


@lru_cache(maxsize=1)
def shipped() -> ReplyRules:
    """The rules that come with the program. Raises `RuleError` where the file is not fit for use."""
    checked = read(FILE, (FOLDER / FILE).read_bytes())
    if checked.faults:
        raise RuleError(checked.faults)
    return compiled(checked.data)
