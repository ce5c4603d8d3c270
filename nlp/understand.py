"""What does this message mean? One entry, `understand(text, context)`; each answer shows the words it rests on."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from nlp.danger import Danger, find_danger
from nlp.denied import Span, unheard, untrue, within
from nlp.intents import intent_of
from nlp.places import EMPTY, Gazetteer, Home, PlaceMention
from nlp.reading import Match, Reading, sentence_of
from nlp.rulebook import shipped
from nlp.rulefile import CODES
from nlp.rules import Rules
from nlp.scoring import CATEGORIES, Tally, calibrated, tally, topic_of
from nlp.where import Where, look
from nlp.wording import Wording, plain

ALSO = 0.3
"""A further category goes into `also` from this share of the whole."""
_ASKED = re.compile(r"了?(?:吗|么|不|没有?|呢)[,?]?")
"""What follows where a trouble is merely asked about: 今天停水吗."""
OLD_STORY = frozenset({"去年", "前年", "那年", "以前", "曾经"})
SHOWN = 4
"""Words of the category that are shown as evidence."""
LITTLE, CLEAR = 1.0, 0.6
"""No more than so many points, and less than such a share: nothing has been said yet of what is the matter."""
NAMED = frozenset({"estate", "road", "community", "grid"})
SURE = 0.95
"""How often a danger that is believed names the right one to act."""
OTHER = CODES.index("other")


@dataclass(frozen=True)
class Context:
    """What is known besides the words: the places of the town, the season, the sender's remembered home, the rules in use."""

    gazetteer: Gazetteer = EMPTY
    in_season: bool = True
    home: Home | None = None
    rules: Rules | None = None


class Evidence(NamedTuple):
    """Words that counted; start and end are code points of the original text, `rule` is file:line."""

    words: str
    start: int
    end: int
    weight: float
    rule: str


@dataclass(frozen=True)
class Understanding:
    """What the message means. `danger` is set exactly when urgency is emergency; `danger_maybe` is to be asked.
    `confidence` is how often such an answer is right, 0 to 1."""

    category: str
    also: tuple[str, ...]
    topic: str | None
    urgency: str
    danger: str | None
    danger_maybe: str | None
    intent: str
    places: tuple[PlaceMention, ...]
    where: Where
    confidence: float
    runner_up: str | None
    two_troubles: bool
    truncated: bool
    rude: bool
    """Whether there is a curse in it, whatever else it says."""
    told: tuple[tuple[float, int, int, str], ...]
    """The evidence as it was found: (weight, start, end, file:line), places in `wording`."""
    wording: Wording

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The words that counted for the danger and the category, strongest first, each pair once."""
        seen = {}
        for weight, start, end, name in self.told:
            if (start, end, name) not in seen:
                first, last = self.wording.span(start, end)
                seen[start, end, name] = Evidence(self.wording.original[first:last], first, last, round(weight, 2), name)
        return tuple(seen.values())


def understand(text: str, context: Context = Context()) -> Understanding:
    """What `text` means in this context. Pure; never raises on any `str`; reads 4,000 characters at most."""
    rules = context.rules or shipped()
    wording, mentions, where, reading = _read(text, rules, context)
    points = tally(reading)
    shares = points.shares()
    danger = find_danger(reading, shares)
    sure = danger is not None and danger.sure
    if danger is not None and not sure:  # one that must be asked about says a little about who has to act
        points.points[CODES.index(danger.category)] += 1.0
        shares = points.shares()
    ranked = _ranked(points, shares, danger)
    two = _two_troubles(reading, shares, ranked, danger)
    if two and not sure and two[0] == CODES[ranked[1]]:  # of two troubles the one told first
        ranked[0], ranked[1] = ranked[1], ranked[0]
    denied = untrue(reading.text)
    if ranked[0] == OTHER and _has_it_now(reading, CODES[ranked[1]], context.in_season, denied):
        ranked[0], ranked[1] = ranked[1], ranked[0]
    first, second = ranked[0], ranked[1]
    category = CODES[first]
    urgency = _urgency(reading, category, danger, context.in_season, denied)
    return Understanding(
        category=category,
        also=tuple(CODES[label] for label in ranked[1:3] if OTHER not in (label, first) and shares[label] >= ALSO),
        topic=topic_of(points.given, first, denied),
        urgency=urgency,
        danger=danger.kind if danger and sure else None,
        danger_maybe=danger.kind if danger and not sure else None,
        intent=intent_of(reading, points, category, urgency, bool(mentions)),
        places=mentions,
        where=where,
        confidence=SURE if sure else round(calibrated(rules, shares[first]), 3),
        runner_up=CODES[second] if second != OTHER or shares[second] > 0.1 else None,
        two_troubles=bool(two),
        truncated=wording.truncated,
        rude=any(match.rule.topic == "abuse" and match.rule.code == "intents" for match in reading.matches),
        told=_told(points, danger, first),
        wording=wording,
    )


def danger_in(text: str, rules: Rules | None = None) -> Danger | None:
    """Only whether the words tell of a danger: without the town's places, and without weighing anything else."""
    _, _, _, reading = _read(text, rules or shipped(), Context())
    return find_danger(reading, tally(reading).shares())


def understand_as(text: str, category: str, context: Context = Context()) -> tuple[str | None, str]:
    """Topic and urgency (urgent or normal) of `text` when somebody has said which category it is."""
    if category not in CODES:
        return None, "normal"
    _, _, _, reading = _read(text, context.rules or shipped(), context)
    denied = untrue(reading.text)
    topic = topic_of(tally(reading).given, CODES.index(category), denied)
    return topic, _urgency(reading, category, None, context.in_season, denied)


def _read(text: str, rules: Rules, context: Context) -> tuple[Wording, tuple[PlaceMention, ...], Where, Reading]:
    """The plain words, the places in them, and which rules fire on the rest."""
    wording = plain(text, rules.slips, context.gazetteer.letters)
    mentions, where = look(wording, context.gazetteer, context.home)
    silent = unheard(wording.text)
    reading = Reading(rules, wording.text, [*silent, *_names(wording, mentions)] if mentions else silent)
    return wording, mentions, where, reading


def _ranked(points: Tally, shares: list[float], danger: Danger | None) -> list[int]:
    """The categories by their share; `other` first where little is said, and first of all who saves a life."""
    ranked = sorted(range(CATEGORIES), key=shares.__getitem__, reverse=True)
    if danger is not None and danger.sure:
        ranked.sort(key=lambda label: CODES[label] != danger.category)
    elif _says_little(points, ranked[0], shares[ranked[0]]):
        ranked.sort(key=lambda label: label != OTHER)
    return ranked


def _names(wording: Wording, mentions: tuple[PlaceMention, ...]) -> list[tuple[int, int]]:
    """Where in the plain text the names of estates, roads and areas stand."""
    origin = wording.origin
    return [
        (bisect_left(origin, place.start), bisect_left(origin, place.end)) for place in mentions if place.kind in NAMED
    ]


def _says_little(points: Tally, first: int, share: float) -> bool:
    """Whether so little speaks for the first category that no matter has been named: 家里有老人, 在3号楼."""
    if first == OTHER or share >= CLEAR:
        return False
    return sum(one[1] for one in points.given if one[0] == first) <= LITTLE


def _urgency(reading: Reading, category: str, danger: Danger | None, in_season: bool, denied: list[Span]) -> str:
    if danger and danger.sure:
        return "emergency"
    urgent = any(
        _is_urgent(reading.text, match, category, in_season)
        for match in reading.matches
        if not within(match.start, denied)
    )
    return "urgent" if urgent or (danger and danger.matches[0].rule.maybe) else "normal"


_MENDED = re.compile("好了|热了|修好|解决|恢复|来了|通了|亮了|暖和|及时")


def _has_it_now(reading: Reading, category: str, in_season: bool, denied: list[Span]) -> bool:
    """Whether, besides all courtesy, somebody has an urgent trouble: 师傅您好，没暖气了，辛苦了."""
    return not _MENDED.search(reading.text) and _urgency(reading, category, None, in_season, denied) == "urgent"


def _is_urgent(text: str, match: Match, category: str, in_season: bool) -> bool:
    """Does this match make the request urgent? Only where the trouble is there now."""
    when = match.rule.urgent_when
    if when is None or not match.whole or match.rule.code != category or (when.season and not in_season):
        return False
    start, end = sentence_of(text, match.start)
    sentence = text[start:end]
    if any(word in sentence for word in when.unless) or any(word in sentence for word in OLD_STORY):
        return False
    if _ASKED.fullmatch(text, match.end, end):
        return False
    if any(word in text[max(start, match.start - 8) : match.start] for word in ("要是", "如果", "万一", "会不会")):
        return False
    return not when.words or any(word in sentence for word in when.words)


def _told(points: Tally, danger: Danger | None, category: int) -> tuple[tuple[float, int, int, str], ...]:
    """What counted for the danger and the category, strongest first, and the second word of each pair after them."""
    mine = [one for one in points.given if one[0] == category and one[1] > 0]
    mine.sort(key=_POINTS, reverse=True)
    del mine[SHOWN:]
    alarms = danger.matches[:2] if danger else ()
    told = [(match.weight, match.start, match.end, match.rule.name) for match in alarms]
    told += [(match.weight, match.with_start, match.with_end, match.rule.name) for match in alarms if match.with_start >= 0]
    told += [(weight, start, end, name) for _, weight, start, end, name, _ in mine]
    told += [(w, m.with_start, m.with_end, name) for _, w, _, _, name, m in mine if m is not None and m.with_start >= 0]
    return tuple(told)


_POINTS = itemgetter(1)


def _two_troubles(reading: Reading, shares: list[float], ranked: list[int], danger: Danger | None) -> tuple[str, ...]:
    """Two troubles in one short message, each told in full and in its own clause: in the order in which they are told."""
    first, second = ranked[:2]
    if len(reading.text) > 150 or OTHER in (first, second) or shares[second] < 0.2:
        return ()
    clauses: dict[str, set[int]] = {CODES[first]: set(), CODES[second]: set()}
    for match in reading.matches:
        if match.whole and match.rule.code in clauses:
            clauses[match.rule.code].add(_clause(reading.text, match.start))
    if danger is not None and danger.sure:
        clauses[CODES[first]].add(_clause(reading.text, danger.matches[0].start))
    if not all(clauses.values()) or not set.isdisjoint(*clauses.values()):
        return ()
    return tuple(sorted(clauses, key=lambda code: min(clauses[code])))


def _clause(text: str, at: int) -> int:
    return sum(text.count(sign, 0, at) for sign in ",。!?;、 \n")
