"""How a plain text is read against the rules: which words stand in it, and which rules fire on them.

The words are looked up in one pass; jieba's words then bear each of them out, so that characters which merely stand
side by side make no keyword. The longest word wins: 暖气 inside 暖气费 is not seen by a rule that knows only 暖气 when
a rule of another category knows 暖气费.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from nlp.rules import Rule, Rules
from nlp.segment import borders

NEAR = 30
"""How far apart, in characters, an `any` and a `with` word may stand in text without full stops."""
TITLE = 40
"""In a text longer than TITLE_FROM the first sentence, or this many characters, is its heading."""
TITLE_FROM = 80

LONGEST = 16
"""No word of the rules is longer, as far as one covering another goes."""

_ADDRESS = re.compile(r"(?:\d{1,4}|[零一二三四五六七八九十百]{1,4})\s*(?:号楼|#楼|号院|栋楼?|幢|单元|门洞|室)|\d{1,4}[-—]\d{1,2}[-—]\d{3,4}")
"""Where it is says nothing of what is the matter: the 楼 of 3号楼 is no building that is broken."""
_ENDS = "。!?！？;；\n"
_SENTENCE = re.compile(f"[{_ENDS}]+")


class Match(NamedTuple):
    """A rule that fired: on which word, at which place of the plain text, with what weight, and with which other word."""

    rule: Rule
    start: int
    end: int
    weight: float
    with_start: int = -1
    with_end: int = -1
    whole: bool = False


class Reading:
    """A plain text (see `wording.plain`) with the words of the rules found in it."""

    def __init__(self, rules: Rules, text: str, names: Sequence[tuple[int, int]] = ()) -> None:
        self.rules = rules
        self.text = text
        hits = _heard(rules, text)
        silent = sorted([*names, *(found.span() for found in _ADDRESS.finditer(text))])
        if silent:
            hits = _outside(hits, silent)
        self.hits: list[tuple[int, int, int]] = hits
        """(start, end, number of the word), by place; words inside the names of places (平安里) say nothing of the matter."""
        self.matches: tuple[Match, ...] = tuple(_matches(rules, text, self.hits)) if self.hits else ()
        """Every rule that fires."""
        self.heading: int = len(text) if len(text) < TITLE_FROM else _heading(text)
        """Where the heading ends; the whole of a short message is heading."""


def _outside(hits: list[tuple[int, int, int]], spans: list[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """The hits that lie in none of the spans, which are in order."""
    starts, reach = [start for start, _ in spans], list(accumulate((end for _, end in spans), max))
    kept = []
    for hit in hits:
        before = bisect_right(starts, hit[0])
        if not before or hit[1] > reach[before - 1]:
            kept.append(hit)
    return kept


def _heading(text: str) -> int:
    end = _SENTENCE.search(text, 1)
    return min(end.start() if end else TITLE, TITLE)


def sentences(text: str) -> list[tuple[int, int]]:
    """The (start, end) of each sentence."""
    if not _SENTENCE.search(text):
        return [(0, len(text))] if text else []
    spans, start = [], 0
    for stop in _SENTENCE.finditer(text):
        if stop.start() > start:
            spans.append((start, stop.start()))
        start = stop.end()
    if start < len(text):
        spans.append((start, len(text)))
    return spans


def sentence_of(text: str, at: int) -> tuple[int, int]:
    """The (start, end) of the sentence in which the character at `at` stands."""
    end = _SENTENCE.search(text, at)
    return 1 + max(text.rfind(mark, 0, at) for mark in _ENDS), end.start() if end else len(text)


def is_word(start: int, end: int, edges: frozenset[int]) -> bool:
    """Whether jieba's words bear a keyword out: one that begins inside a word and ends inside another is an accident of
    neighbouring characters (加|热水|龙头)."""
    return start in edges or end in edges or not any(edge in edges for edge in range(start + 1, end))


def _heard(rules: Rules, text: str) -> list[tuple[int, int, int]]:
    found = rules.lexicon.hits(text)
    if not found:
        return []
    edges, loud = borders(text), rules.loud
    hits = [
        (start, end, number)
        for number, start, end in found
        if start in edges or end in edges or loud[number] or is_word(start, end, edges)
    ]
    hits.sort()
    mute = rules.mute
    muted = [(start, end) for start, end, number in hits if number in mute]
    if not muted:
        return hits
    return [
        hit for hit in hits if loud[hit[2]] or not any(s <= hit[0] and hit[1] <= e and hit[:2] != (s, e) for s, e in muted)
    ]


def _matches(rules: Rules, text: str, hits: list[tuple[int, int, int]]) -> list[Match]:
    asked = rules.asked
    last = next((start for start, _, number in reversed(hits) if asked[number]), -1)
    found: list[Match] = []
    position = 0
    for start, end in sentences(text) if last >= 0 else ():
        first = bisect_left(hits, (start,), position)
        position = bisect_left(hits, (end,), first)
        if first < position:
            _in_sentence(rules, hits[first:position], found)
        if last < end:
            break
    return found


def _in_sentence(rules: Rules, here: list[tuple[int, int, int]], found: list[Match]) -> None:
    asked, owners = rules.asked, rules.owners
    present = {number for _, _, number in here}
    longer = [(at, to, owners[number]) for at, to, number in here if to - at > 2 and owners[number]]
    for at, to, number in here:
        for rule, with_, not_ in asked[number]:
            lacking = with_.isdisjoint(present)
            if (lacking and with_ and not rule.alone) or not not_.isdisjoint(present):
                continue
            if longer and rule.of_category and _covered(longer, at, to, rule.code):
                continue
            _fire(rule, with_, (at, to), None if lacking else here, found)


def _covered(longer: list[tuple[int, int, frozenset[str]]], at: int, to: int, code: str) -> bool:
    """Whether a longer word around this one speaks for others than this category."""
    around = longer[bisect_left(longer, (at - LONGEST,)) : bisect_left(longer, (at + 1,))]
    return any(to <= e and e - s > to - at and code not in own for s, e, own in around)


def _fire(
    rule: Rule, with_: frozenset[int], word: tuple[int, int], here: list[tuple[int, int, int]] | None, found: list[Match]
) -> None:
    """A match, whole if one of the `with` words, which are among those `here`, is near enough."""
    start, end = word
    if not with_:
        found.append(Match(rule, start, end, rule.weight, whole=True))
        return
    near = (start + NEAR + 1, 0, 0)
    if here is not None:
        for at, to, number in here[bisect_left(here, (start - NEAR,)) : bisect_left(here, (start + NEAR + 1,))]:
            if number in with_ and (at >= end or to <= start or to - at > end - start):
                near = min(near, (abs(at - start), at, to))
    if near[2]:
        found.append(Match(rule, start, end, rule.weight, near[1], near[2], whole=True))
    elif rule.alone > 0:
        found.append(Match(rule, start, end, rule.weight * rule.alone))
