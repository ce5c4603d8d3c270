"""What does the writer want to do: ask for something, add to it, hurry it, greet, ask a question …"""

from __future__ import annotations

import re

from nlp.rules import Match

ORDER = (
    "human",
    "withdraw",
    "status",
    "nudge",
    "question",
    "addition",
    "about",
    "advert",
    "thanks",
    "abuse",
    "greeting",
)
"""Tried in this order where there is no trouble in the message."""
_COMPLAINT = re.compile(r"坏|漏|堵|吵|没人|不热|停水|停电|断|臭|破|裂|占|不退|欠|乱|脏|投诉|举报|冻|没暖气|害怕|危险")
_ANSWER = re.compile(r"^[\W\d]*(嗯+|好的?|行|是的?|不是|对|可以|知道了|ok|1|2|3|4|[一二三四])?[\W\d]*$", re.IGNORECASE)


def intent_of(
    text: str, matches: tuple[Match, ...], category: str, ranked: list[tuple[str, float]], danger: bool, has_place: bool
) -> str:
    """One of `rulefile.INTENTS`. A trouble outweighs a greeting, a curse or thanks in the same message."""
    found = {match.rule.topic for match in matches if match.rule.code == "intents"}
    if danger:
        return "request"
    trouble = category != "other" and bool(ranked) and ranked[0][1] >= 1.0
    if "advert" in found and len(text) < 120 and not _COMPLAINT.search(text):
        return "advert"
    if category == "other" and ranked and ranked[0][1] >= 3:
        return next(
            (name for name in ("about", "thanks") if name in found),
            "thanks" if "praise" in _topics(matches) else "addition",
        )
    if trouble:
        return _with_trouble(text, found)
    for intent in ORDER:
        if intent in found:
            return intent
    if has_place or _ANSWER.match(text) or len(text.strip()) < 6:
        return "answer"
    return "question" if text.rstrip().endswith(("?", "吗", "呢")) else "request"


def _topics(matches: tuple[Match, ...]) -> set[str]:
    return {match.rule.topic for match in matches if match.rule.code == "other"}


def _with_trouble(text: str, found: set[str]) -> str:
    """A trouble is named: only asking, hurrying, taking back or wanting a person change what it is."""
    if "human" in found and len(text) < 25:
        return "human"
    if "withdraw" in found and len(text) < 40:
        return "withdraw"
    if "status" in found and len(text) < 40:
        return "status"
    if "question" in found and not _COMPLAINT.search(text):
        return "question"
    return "request"
