"""Looking at rules instead of texts: what a change would move, and which rules never fire, shadow each other or disagree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from nlp.danger import weighed
from nlp.reading import Reading
from nlp.rulebook import shipped
from nlp.rulefile import CODES
from nlp.rules import LABELS, Rule, Rules
from nlp.scoring import tally
from nlp.understand import Context, Understanding, understand
from nlp.wording import plain

VAGUE = 4
"""A word that speaks for so many categories says nothing."""
SHOWN = 3


@dataclass(frozen=True)
class Note:
    """Something about a rule that its owner should look at. `kind`: never, shadowed or disagrees; `rule` is file:line."""

    kind: str
    rule: str
    says: str


@dataclass(frozen=True)
class Moved:
    """A text that two sets of rules read differently; `label` is what a person said of it, if it is known."""

    id: str
    text: str
    old: Understanding
    new: Understanding
    label: frozenset[str]

    @property
    def better(self) -> bool | None:
        """Whether the new reading is right where the old was wrong (False: the other way round); None: neither, or not known."""
        was, is_ = self.old.category in self.label, self.new.category in self.label
        return None if was == is_ else is_


@dataclass(frozen=True)
class Said:
    """Words of a text that gave points: where (code points of the text as given), how many, to which label, by which rule."""

    words: str
    start: int
    end: int
    points: float
    label: str
    rule: str


def explain(text: str, context: Context) -> list[Said]:
    """Every word that counted in a text, for whatever label, by its place."""
    rules = context.rules or shipped()
    wording = plain(text, rules.slips)
    reading = Reading(rules, wording.text)
    given = [(start, end, points, LABELS[label], name) for label, points, start, end, name, _ in tally(reading).given if points]
    for match in reading.matches:
        if not match.rule.of_category:
            given.append((match.start, match.end, match.weight, f"{match.rule.code}.{match.rule.topic}", match.rule.name))
    given += weighed(reading)
    found = []
    for start, end, points, label, name in sorted(given):
        start, end = wording.span(start, end)
        found.append(Said(wording.original[start:end], start, end, points, label, name))
    return found


def moves(old: Rules, new: Rules, texts: Iterable[tuple[str, str, frozenset[str]]], context: Context) -> Iterator[Moved]:
    """The texts (id, text, labels) whose category, urgency, danger or intent a change of rules would move."""
    for id_, text, label in texts:
        before, after = (understand(text, Context(context.gazetteer, context.in_season, None, rules)) for rules in (old, new))
        if _seen(before) != _seen(after):
            yield Moved(id_, text, before, after, label)


def _seen(found: Understanding) -> tuple[object, ...]:
    return found.category, found.urgency, found.danger, found.intent


def lint(rules: Rules, texts: Sequence[str] = ()) -> list[Note]:
    """Everything that looks wrong with rules that load. With texts, also what fires in none of them."""
    return [*_silent(rules, texts), *_shadowed(rules), *_vague(rules), *_examples(rules), *_same(rules)]


def _silent(rules: Rules, texts: Sequence[str]) -> Iterator[Note]:
    for rule in rules.rules:
        if rule.any <= rule.not_:
            yield Note("never", rule.name, "any 里的词都在 not 里，这条规则永远不会起作用")
        for word in sorted((rule.any | rule.with_) & rule.not_):
            yield Note("never", rule.name, f"“{word}”既要出现又不能出现，写了等于没写")
    if not texts:
        return
    fired: set[str] = set()
    for text in texts:
        fired |= {match.rule.name for match in Reading(rules, plain(text, rules.slips).text).matches if match.whole}
    for rule in rules.rules:
        if rule.name not in fired:
            yield Note("never", rule.name, f"{rule.topic}：在给出的 {len(texts)} 段话里一次也没有用上")


_LINE = re.compile(r"(\.toml):\d+")


def own_notes(rules: Rules, shipped_rules: Rules, texts: Sequence[str], folder: Path) -> list[Note]:
    """The notes on the rules of an own folder's files that the shipped rules do not give rise to as well (lines may have moved)."""
    files = {path.name for path in folder.glob("*.toml")}
    known = {_LINE.sub(r"\1", f"{note.kind} {note.rule} {note.says}") for note in lint(shipped_rules, texts)}
    return [
        note
        for note in lint(rules, texts)
        if note.rule.partition(":")[0] in files and _LINE.sub(r"\1", f"{note.kind} {note.rule} {note.says}") not in known
    ]


def _shadowed(rules: Rules) -> Iterator[Note]:
    """A rule that fires only where another of its category fires with at least its weight."""
    for one, other in combinations(rules.rules, 2):
        if one.code != other.code or one.topic != other.topic:
            continue
        for small, large in ((one, other), (other, one)):
            if _within(small, large):
                yield Note("shadowed", small.name, f"{large.name} 已经包括了它：能起作用的地方都一样，分也不少")
                break


def _within(small: Rule, large: Rule) -> bool:
    with_ = not large.with_ or (bool(small.with_) and small.with_ <= large.with_)
    return small.any <= large.any and with_ and large.not_ <= small.not_ and small.weight <= large.weight


def _vague(rules: Rules) -> Iterator[Note]:
    for word in rules.words:
        given = [(LABELS[label], points, name) for label, points, name in word.points if LABELS[label] in CODES]
        if len(given) >= VAGUE:
            told = "、".join(f"{code} {points:g}" for code, points, _ in given)
            yield Note("disagrees", given[0][2], f"“{word.text}”给 {len(given)} 个类别加分（{told}），等于没说")


def _examples(rules: Rules) -> Iterator[Note]:
    for rule in rules.rules:
        for example in rule.yes if rule.of_category else ():
            found = understand(example, Context(rules=rules))
            if rule.code not in (found.category, *found.also):
                yield Note("disagrees", rule.name, f"例句“{example}”整句读下来是 {found.category}，不是 {rule.code}")


def _same(rules: Rules) -> Iterator[Note]:
    """Two rules of different categories that the same pair of words sets off."""
    of_category = [rule for rule in rules.rules if rule.of_category and rule.with_]
    for one, other in combinations(of_category, 2):
        if one.code == other.code:
            continue
        both = (one.any & other.any) - one.not_ - other.not_
        with_ = (one.with_ & other.with_) - one.not_ - other.not_
        if both and with_:
            pairs = "、".join(f"{a}+{b}" for a, b in list(zip(sorted(both), sorted(with_), strict=False))[:SHOWN])
            yield Note("disagrees", one.name, f"和 {other.name}（{other.code}）遇到同样的词都起作用：{pairs}")
