"""Danger to life, now. Last year's, supposed, past and figurative dangers are none (BEHAVIOUR: Danger)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nlp.rules import Match, Rules, sentence_of

ENOUGH = 3.0
"""Points from which a danger is believed; from MAYBE it is asked about."""
MAYBE = 1.5
LETTER = 160
"""Texts longer than this are read as letters, which tell of old things: they need a word for "now"."""
LONG_LETTER = 400
"""And texts longer than this a call for help in the same sentence: nobody writes a page while the house burns."""


@dataclass(frozen=True)
class Danger:
    """The danger found, its strongest match first. `sure` is False where it must be asked (臭鸡蛋味)."""

    kind: str
    category: str
    sure: bool
    matches: tuple[Match, ...]


def find_danger(rules: Rules, text: str, matches: Iterable[Match]) -> Danger | None:
    """The danger that these matches amount to, if any."""
    found = [match for match in matches if match.rule.code == "danger"]
    if not found:
        return None
    heads = _heads(rules, text)
    alive = [match for match in found if not _cancelled(rules, match, text, heads)]
    if not alive:
        return None
    cues = _cues(rules, heads)
    alive.sort(key=lambda m: (-(m.weight - (1 if m.rule.topic == "help" else 0)), m.start))
    first = alive[0]
    score = first.weight + (0.0 if first.rule.maybe else cues)
    if first.rule.maybe or score < ENOUGH:
        return Danger(first.rule.topic, first.rule.category, False, tuple(alive)) if score >= MAYBE else None
    same = [m for m in alive if m.rule.topic == first.rule.topic]
    return Danger(first.rule.topic, first.rule.category, True, (*same, *(m for m in alive if m not in same)))


def _heads(rules: Rules, text: str) -> list[tuple[int, str]]:
    """Where the words of the lists at the head of danger.toml stand."""
    words = frozenset().union(*rules.lists.values())
    return [(at, word) for at, word in rules.lexicon.find(text) if word in words]


def _cancelled(rules: Rules, match: Match, text: str, heads: list[tuple[int, str]]) -> bool:
    """True if the sentence says that this is over, past, supposed, or an old story in a letter."""
    start, end = sentence_of(text, match.start)
    lists = rules.lists
    here = [(at, word) for at, word in heads if start <= at < end and not match.start <= at < match.end]
    present = {word for _, word in here}
    is_now = not lists["unless_now"].isdisjoint(present)
    if _says_over(lists["over"], here, match, text) and not is_now:
        return True
    if not lists["past"].isdisjoint(present) and not is_now:
        return True
    if any(word in lists["only_if"] and _reaches(at, match) for at, word in here) and not is_now:
        return True
    if len(text) > LONG_LETTER:
        return lists["call_for_help"].isdisjoint(present)
    if len(text) > LETTER or any(word in lists["letter"] for _, word in heads):
        return not is_now and lists["call_for_help"].isdisjoint(present)
    return False


def _says_over(over: frozenset[str], here: list[tuple[int, str]], match: Match, text: str) -> bool:
    """An over-word before or after in the sentence; 灭了 after 没 or 还没 is not over."""
    return any(word in over and text[max(0, at - 2) : at][-1:] not in ("没", "不", "未") for at, word in here)


def _reaches(at: int, match: Match) -> bool:
    """A supposing word governs what follows it, and what stands just before it."""
    return -10 <= match.start - at <= 25


def _cues(rules: Rules, heads: list[tuple[int, str]]) -> float:
    present = {word for _, word in heads}
    return (0.7 if not rules.lists["now"].isdisjoint(present) else 0.0) + (
        0.8 if not rules.lists["call_for_help"].isdisjoint(present) else 0.0
    )
