"""Points: what the words and rules found in a text give to each label, and what share of the whole that is.

A word counts once in the heading, and once more, by a share, in the body of a letter: the more words a letter has, the less
each of them says. The points are log odds, so their softmax is a share; `calibration` says how often such an answer is right.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence

from nlp.denied import Span, within
from nlp.reading import Match, Reading
from nlp.rulefile import CODES
from nlp.rules import LABELS, Rules

BODY = 2.0
"""What the words of a letter's body give together, as if they were this many words to the power of 1 - FADE."""
FADE = 0.4
RULE_IN_BODY = 0.5
"""The share that a rule gives which fires in a letter's body only."""
CATEGORIES = len(CODES)


Given = tuple[int, float, int, int, str, Match | None]
"""Points given to a label by a word or a rule: (place in LABELS, points, start, end, file:line, the match of a rule)."""


class Tally:
    """The points of each of LABELS, and who gave them."""

    __slots__ = ("given", "points")

    def __init__(self, points: list[float], given: list[Given]) -> None:
        self.points = points
        self.given = given

    def shares(self) -> list[float]:
        """What each category has of the whole; they add up to 1."""
        return softmax(self.points[:CATEGORIES])


def softmax(points: Sequence[float]) -> list[float]:
    """Log odds to shares."""
    top = max(points)
    each = [math.exp(value - top) for value in points]
    whole = sum(each)
    return [value / whole for value in each]


CALLED = "电话"
"""Its first sign tells of no electricity."""


def words_in(reading: Reading) -> list[tuple[int, int, int, float]]:
    """Each word with points once for the heading and once for the body: (number, start, end, share)."""
    points, heading = reading.rules.points, reading.heading
    head: set[int] = set()
    body: dict[int, tuple[int, int]] = {}
    found: list[tuple[int, int, int, float]] = []
    text = reading.text
    for start, end, number in reading.hits:
        if not points[number] or (text.startswith(CALLED, start) and end - start == 1):
            continue
        if start >= heading:
            body.setdefault(number, (start, end))
        elif number not in head:
            head.add(number)
            found.append((number, start, end, 1.0))
    if body:
        share = BODY / len(body) ** FADE
        found += [(number, start, end, share) for number, (start, end) in body.items()]
    return found


def rules_in(reading: Reading) -> list[tuple[Match, float]]:
    """The strongest match of each rule of a category, and the share it counts for."""
    best: dict[str, tuple[tuple[bool, float], Match]] = {}
    heading = reading.heading
    for match in reading.matches:
        if match.rule.of_category:
            share = 1.0 if match.start < heading else RULE_IN_BODY
            rank = (match.whole, share)
            if match.rule.name not in best or rank > best[match.rule.name][0]:
                best[match.rule.name] = (rank, match)
    return [(match, share) for (_, share), match in best.values()]


_PLACE = {label: place for place, label in enumerate(LABELS)}


def tally(reading: Reading) -> Tally:
    """All points that this text gives."""
    rules = reading.rules
    points, gives = list(rules.start), rules.points
    given: list[Given] = []
    for number, start, end, share in words_in(reading):
        for label, value, name in gives[number]:
            value *= share
            points[label] += value
            given.append((label, value, start, end, name, None))
    if reading.matches:
        for match, share in rules_in(reading):
            label, value = _PLACE[match.rule.code], share * match.weight
            points[label] += value
            given.append((label, value, match.start, match.end, match.rule.name, match))
    return Tally(points, given)


def calibrated(rules: Rules, share: float) -> float:
    """How often an answer with this share is right, read off the rules' table between its points."""
    table = rules.calibration
    after = bisect_right(table, (share, math.inf))
    if after == 0 or after == len(table):
        return table[min(after, len(table) - 1)][1]
    (low, right_low), (high, right_high) = table[after - 1], table[after]
    return right_low + (right_high - right_low) * (share - low) / (high - low)


MENTIONED = "mentioned"
"""The topic of rules that know a thing and not what is the matter with it."""


def topic_of(given: Sequence[Given], label: int, denied: list[Span]) -> str | None:
    """What is the matter: the topic of the rule that gave most to a label. One that found only half of its words, merely a
    thing that is mentioned (几号供暖), or what is said not to be so, does not know."""
    best: str | None = None
    most = -1.0
    for to, points, _, _, _, match in given:
        if match is None or to != label or points <= most or not match.whole or match.rule.topic == MENTIONED:
            continue
        if not denied or not within(match.start, denied):
            best, most = match.rule.topic, points
    return best
