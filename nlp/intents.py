"""What does the writer want to do: ask for something, add to it, hurry it, greet, ask a question …

Points decide, as with the categories: each word of [points.LABEL] in intents.toml that stands in the text, each rule that
fires, how the text ends (words with a $ behind them: 吗$), and whether a trouble is named at all ($事, $闲).
"""

from __future__ import annotations

import re

from nlp.reading import Match, Reading
from nlp.rulefile import CODES, INTENTS
from nlp.rules import LABELS
from nlp.scoring import Tally

FIRST = LABELS.index(INTENTS[0])
OTHER = CODES.index("other")
TROUBLE, NONE = "$事", "$闲"
"""What intents.toml calls the points for a text that names a trouble, and for one that names none."""
EITHER, PAUSE, LONG = "要不要$", "不，$", "几句$"
"""And for one that says 要不要, one that asks before a pause (能退不，), and one of several clauses."""
READ = 400
CLEAR = 3.0
"""So far ahead, in log odds, a trouble is as clear as it gets."""
FITTED = tuple(INTENTS.index(one) for one in INTENTS if one not in ("answer", "human", "about"))
"""The intents that points decide; the others are read off a rule, or are what is left."""
MUST_FIRE = frozenset({"nudge", "status", "withdraw", "addition", "advert", "thanks", "greeting", "abuse"})
"""Never guessed from single words: a rule has to say so."""
COURTESY = frozenset({"thanks", "greeting", "abuse"})
"""A trouble beside these outweighs them."""
SHORT = 25
_MARKS = " \n?!。!?~…,.;"
_ANSWER = re.compile(r"^[\W\d]*(嗯+|好的?|行|是的?|不是|对|可以|知道了|ok|1|2|3|4|[一二三四])?[\W\d]*$", re.IGNORECASE)

_ASKING = ("吗", "不", "没", "没有", "呢", "么", "啥", "谁", "哪", "哪儿", "多少", "几号", "几点")
_PAUSE_MARKS = re.compile("[, ?。;!]").finditer



def intent_of(reading: Reading, points: Tally, category: str, urgency: str, has_place: bool) -> str:
    """One of `rulefile.INTENTS`. A trouble outweighs a greeting, a curse or thanks in the same message."""
    if urgency == "emergency":
        return "request"
    text = reading.text
    fired = _fired(reading)
    trouble = category != "other"
    for intent in ("human", "about"):
        if intent in fired and (not trouble or (intent == "human" and len(text) < SHORT)):
            return intent
    scores = scored(reading, points)
    open_ = [n for n in FITTED if _may_be(INTENTS[n], fired, trouble)]
    best = INTENTS[max(open_, key=lambda n: scores[n])]
    if best == "thanks" and urgency == "urgent":  # with thanks in advance
        best = "request"
    if best == "question" and urgency == "urgent" and _complains(reading, category):
        best = "request"
    if best in ("request", "question") and not trouble:
        return _nothing_named(text, best, has_place)
    return best


_CLAUSES = re.compile(r"[^,。?!;\n]+")
_ASKS = re.compile(
    r"吗|么|呢|谁|哪|啥|什么|怎么|咋|几[点号时天]|多少|多久|为何|为啥|能不能|可不可|是不是|会不会|有没有|要不要|可以|能否|请问|想问|问一下|咨询|如果|要是|是否|\?"
    r"|([\u4e00-\u9fff])[不没]\1"
)
_SCOLDS = re.compile("有人管|谁管|管不管|没人管|还管不管|知道不|怎么回事|咋回事|怎么办|咋办|怎么还|咋还|怎么又|咋又|为什么还|为啥还|怎么一直|啥时候是个头")
"""Asked by somebody who has the trouble: 暖气不热有人管吗."""
_FREE = re.compile("今天.?停|明天|后天|今晚|明晚|下周|会不会|几点|几号|通知|计划|听说")
"""About what is announced or may come."""


def _complains(reading: Reading, category: str) -> bool:
    """Whether somebody who asks has an urgent trouble: it is told in a clause that does not ask (暖气不热，你们到底管不管), or asked
    as one asks who has it."""
    text = reading.text[:READ]
    clauses = [clause.span() for clause in _CLAUSES.finditer(text)]
    for match in reading.matches:
        if not match.whole or match.rule.code != category:
            continue
        start, end = next(((start, end) for start, end in clauses if start <= match.start < end), (0, 0))
        if match.rule.urgent_when is None or _FREE.search(text, start, end):
            continue
        if not _ASKS.search(text, start, end) or _SCOLDS.search(text, start):
            return True
    return False


def _may_be(intent: str, fired: dict[str, Match], trouble: bool) -> bool:
    if intent in COURTESY and trouble:
        return False
    return intent not in MUST_FIRE or intent in fired


def _nothing_named(text: str, best: str, has_place: bool) -> str:
    """Neither a trouble nor a turn of speech: a place, a yes or no, a question, or a wish nobody foresaw."""
    if best == "question":
        return best
    if has_place or _ANSWER.match(text) or len(text.strip()) < 6:
        return "answer"
    return "question" if text.rstrip().endswith(("?", "吗", "呢")) else "request"


def _fired(reading: Reading) -> dict[str, Match]:
    """The topics of this file's rules that fired."""
    return {match.rule.topic: match for match in reading.matches if match.rule.code == "intents"}


def scored(reading: Reading, points: Tally) -> list[float]:
    """The points of each of INTENTS."""
    scores = points.points[FIRST:]
    for rule in {match.rule.name: match.rule for match in reading.matches if match.rule.code == "intents"}.values():
        scores[INTENTS.index(rule.topic)] += rule.weight
    ends = reading.rules.ends
    for key, share in signs(reading.text, points.points):
        for label, value, _ in ends.get(key, ()):
            scores[label - FIRST] += share * value
    return scores


def signs(text: str, points: list[float]) -> list[tuple[str, float]]:
    """How the text asks and ends, and how clearly it names a trouble: (key, share)."""
    text = text[:READ]
    tail = text[-8:].rstrip(_MARKS)
    found = [(f"{tail[-1:]}$", 1.0), (f"{tail[-2:]}$", 1.0)] if tail else []
    if "?" in text:
        found.append(("?$", 1.0))
    if _asks_either(text):
        found.append((EITHER, 1.0))
    marks = [mark.start() for mark in _PAUSE_MARKS(text)]
    if any(text.endswith(_ASKING, 0, at) for at in marks):
        found.append((PAUSE, 1.0))
    if len(marks) > 1:
        found.append((LONG, min(len(marks) - 1, 4) / 4))
    ahead = (max(points[:OTHER]) - points[OTHER]) / CLEAR
    found.append((TROUBLE, min(ahead, 1.0)) if ahead > 0 else (NONE, min(-ahead, 1.0)))
    return found


def _asks_either(text: str) -> bool:
    """Yes or no, in one word: 要不要, 发没发, 算不算."""
    for no in "不没":
        at = text.find(no, 1)
        while 0 < at < len(text) - 1:
            if text[at - 1] == text[at + 1] and text[at - 1] > "\u4e00":
                return True
            at = text.find(no, at + 1)
    return False
