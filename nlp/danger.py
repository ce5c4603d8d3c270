"""Danger to life, now. Last year's, supposed, past and figurative dangers are none (BEHAVIOUR: Danger).

The signs of danger.toml add up: who, what is wrong with them, the hazard, that it is so now – and what speaks against it:
asking for something to be mended, money, last year, "what if", films, figures of speech. From nought points it is a danger.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log
from operator import itemgetter

from nlp.reading import Match, Reading
from nlp.rulefile import CODES
from nlp.rules import Rule
from nlp.signs import DANGERS, Seen, Sign, Signs, share_of

MAYBE = -6.0
"""Points from which a smell that may be gas is asked about; below, the text speaks of something else."""
READ = 400
"""Characters read at once. Of a longer text the beginning and the end are read: nobody tells of a fire in the middle."""
LEANING, AS_USUAL = 1.0, 0.45
"""How much it counts whether the words as a whole speak of things that kill, against a message that is as usual in this."""
LIKELY = {"safety_order": 1.0, "water_power_gas": 0.6, "building_facilities": 0.3, "heating": 0.25}
_REST = 0.1  # nothing speaks wholly against a danger
_LIKELY = [(place, LIKELY.get(code, 0.0) + _REST) for place, code in enumerate(CODES)]
MOST_LEANING = LEANING * log((max(LIKELY.values()) + _REST) / AS_USUAL)
"""No words as a whole give more."""
FRAMED = 4.0
"""What speaks against a danger that is supposed, past or over."""
PIECES = 3.0
"""Short turns of speech tip the scales; they do not outweigh what is plainly told."""
NAMES = 0.3
"""A danger is believed only where some sign says which one it is: a child at home is none."""
UNTOLD = re.compile("没气了?|断气了?|不行了?快?|快?不行了?|没动静了?|没声了?|没人理|顶不住|撑不住|打不通|无法接通|电话不接|不接电话|煤?气罐|晕死")
"""Said of people and of things alike: 电梯又不行了, 灶没气了, 电话不接. A danger only where somebody is told of, or the speaker cries out."""
SOMEBODY = re.compile("[他她孩娃爸妈爹娘爷奶姥伴叔婶舅姨姑哥姐弟妹媳婆邻]|老人|老头|老太|老汉|大人|病人|有人|人(?:快|要|已经|都|就|不行|没气)|来人|救人|师傅|[我俺](?:快|要|不行|没气|胸|心)|(?:儿子|女儿|闺女|老公|丈夫|男人)|救|叫不|喊不|120")
HEATING = ("暖", "片子", "换热", "供热", "锅炉", "放气", "热力", "片那", "阀芯")



@dataclass(frozen=True)
class Danger:
    """The danger found, its strongest match first. `sure` is False where it must be asked (臭鸡蛋味)."""

    kind: str
    category: str
    sure: bool
    matches: tuple[Match, ...]


def find_danger(reading: Reading, shares: Sequence[float]) -> Danger | None:
    """The danger that a text tells of, if any. `shares`: what the words give to each category."""
    text, signs = reading.text, reading.rules.signs
    if not signs.signs:
        return None
    asked = _asked(reading)
    parts = [(0, text)] if len(text) <= READ else [(0, text[:READ]), (len(text) - READ, text[-READ:])]
    told = [_points(signs, part, at, asked is not None) for at, part in parts]
    score, at, seen = max(told, key=itemgetter(0))
    if score < (MAYBE if asked is not None else -MOST_LEANING):
        return None
    score += leaning(shares)
    if (score >= 0 or asked is not None) and signs.framed(text):
        score -= FRAMED
    if score >= 0 and named(seen) and not _of_things(seen, at, text):
        return _danger(seen, at, text)
    if asked is not None and score >= MAYBE:
        return Danger(asked.rule.topic, asked.rule.category, False, (asked,))
    return None


def _of_things(seen: Sequence[Seen], at: int, text: str) -> bool:
    """Whether all that names the danger is said of things too, or nothing but that is said, and nobody is told of."""
    naming = [one for one in seen if one.sign.kind and not one.sign.against]
    if UNTOLD.fullmatch(text.strip(" ,.!?~…")):
        return True
    return SOMEBODY.search(text) is None and all(UNTOLD.fullmatch(text[at + one.start : at + one.end]) for one in naming)


def leaning(shares: Sequence[float]) -> float:
    """What it gives that the words as a whole speak of things that kill."""
    return LEANING * log(sum(shares[place] * part for place, part in _LIKELY) / AS_USUAL)


def named(seen: Sequence[Seen]) -> bool:
    """Whether some sign says which danger it is."""
    return any(one.value * one.sign.tells >= NAMES for one in seen if one.sign.kind and not one.sign.against)


NO_DANGER = -99.0


def weighed(reading: Reading) -> Iterator[tuple[int, int, float, str, str]]:
    """What a text's signs and pieces give to its being a danger: (start, end, points, danger.SIGN or danger.piece, file:line).
    None where nothing names a danger. Of all pieces together no more than PIECES counts."""
    signs = reading.rules.signs
    text = reading.text[:READ]
    hits = signs.lexicon.hits(text)
    if _points(signs, text, 0, _asked(reading) is not None)[0] == NO_DANGER:
        return
    for one in signs.seen(hits):
        yield one.start, one.end, one.value * one.sign.points, f"danger.{one.sign.name}", one.sign.source
    for number, (start, end) in {number: (start, end) for number, start, end in reversed(hits)}.items():
        if points := signs.words[number].piece:
            yield start, end, share_of(len(text)) * points, "danger.piece", signs.words[number].source


def _points(signs: Signs, text: str, at: int, asked: bool) -> tuple[float, int, list[Seen]]:
    """The points of a text; not counted where no sign names a danger and none is asked about."""
    hits = signs.lexicon.hits(text)
    if not asked and signs.names.isdisjoint([number for number, _, _ in hits]):
        return NO_DANGER, at, []
    seen = signs.seen(hits)
    pieces = max(-PIECES, min(PIECES, signs.pieces(hits, len(text))))
    return signs.start + sum(one.value * one.sign.points for one in seen) + pieces, at, seen


def _asked(reading: Reading) -> Match | None:
    """What people too would ask about: a smell that may be gas or a drain."""
    return next((match for match in reading.matches if match.rule.maybe and match.rule.code == "danger"), None)


def _danger(seen: list[Seen], at: int, text: str) -> Danger:
    telling = [one for one in seen if not one.sign.against]
    kind = _kind(telling)
    category = _category(kind, telling, text)
    telling.sort(key=lambda one: (one.sign.kind != kind, -one.value * (one.sign.points + one.sign.tells), one.start))
    matches = tuple(
        Match(_rule(one.sign, kind, category), at + one.start, at + one.end, one.value * one.sign.points, whole=True) for one in telling
    )
    return Danger(kind, category, True, matches)


def _kind(seen: list[Seen]) -> str:
    """The danger that most signs tell of."""
    told = dict.fromkeys(DANGERS, 0.0)
    for one in seen:
        if one.sign.kind:
            told[one.sign.kind] += one.value * one.sign.tells
    return max(told, key=lambda name: told[name])


def _category(kind: str, seen: list[Seen], text: str) -> str:
    """Who has to act first: the lift's people, the gas company, the heating company, else the police and firemen."""
    if kind in ("water_pouring", "scald"):
        return "heating" if any(word in text for word in HEATING) else "water_power_gas"
    if kind == "trapped" and any(one.sign.name == "电梯" for one in seen):
        return "building_facilities"
    return "water_power_gas" if kind == "gas" else "safety_order"


@lru_cache(maxsize=1_000)
def _rule(sign: Sign, kind: str, category: str) -> Rule:
    """A sign as a rule, so that evidence names it like any other."""
    none = frozenset[str]()
    return Rule(sign.source, "danger", kind, none, none, none, sign.points, 0.0, None, category, False, (), ())
