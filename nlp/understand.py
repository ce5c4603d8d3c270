"""What does this message mean? One entry, `understand(text, context)`; each answer shows the words it rests on."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from nlp.danger import Danger, find_danger
from nlp.intents import intent_of
from nlp.places import EMPTY, Gazetteer, Home, PlaceMention
from nlp.rulebook import shipped
from nlp.rules import Match, Rules, sentence_of, sentences
from nlp.where import Where, find_in, locate
from nlp.wording import Wording, plain

TITLE = 40
"""In a text longer than TITLE_FROM the first sentence, or this many characters, says what it is about and counts double."""
TITLE_FROM = 80
ALSO = 0.55
"""A further category goes into `also` from this share of the first one's points."""
OLD_STORY = frozenset({"去年", "前年", "那年", "以前", "曾经"})


@dataclass(frozen=True)
class Context:
    """What is known besides the words: the places of the town, the season, the sender's remembered home, the rules in use."""

    gazetteer: Gazetteer = EMPTY
    in_season: bool = True
    home: Home | None = None
    rules: Rules | None = None


@dataclass(frozen=True)
class Evidence:
    """Words that counted; start and end are code points of the original text, `rule` is file:line."""

    words: str
    start: int
    end: int
    weight: float
    rule: str


@dataclass(frozen=True)
class Understanding:
    """What the message means. `danger` is set exactly when urgency is emergency; `danger_maybe` is to be asked."""

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
    evidence: tuple[Evidence, ...]
    two_troubles: bool
    truncated: bool


@dataclass
class _Tally:
    """Points of the categories and the matches they come from."""

    points: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    topics: dict[tuple[str, str], float] = field(default_factory=lambda: defaultdict(float))
    matches: dict[str, list[tuple[float, Match]]] = field(default_factory=lambda: defaultdict(list))

    def ranked(self) -> list[tuple[str, float]]:
        return sorted(self.points.items(), key=lambda item: (-item[1], item[0]))


def understand(text: str, context: Context = Context()) -> Understanding:
    """What `text` means in this context. Pure; never raises on any `str`; reads 4,000 characters at most."""
    rules = context.rules or shipped()
    wording = plain(text)
    matches = rules.match(wording.text)
    danger = find_danger(rules, wording.text, matches)
    tally = _tally(wording.text, matches, danger)
    ranked = tally.ranked()
    category = ranked[0][0] if ranked else "other"
    urgency = _urgency(wording.text, matches, category, danger, context.in_season)
    mentions = find_in(wording, context.gazetteer, context.home)
    topic = _topic(tally, category)
    where = locate(wording, context.gazetteer, context.home, mentions)
    sure = danger is not None and danger.sure
    return Understanding(
        category=category,
        also=tuple(code for code, points in ranked[1:4] if code != "other" and points >= max(1.5, ALSO * ranked[0][1])),
        topic=topic,
        urgency=urgency,
        danger=danger.kind if danger and sure else None,
        danger_maybe=danger.kind if danger and not sure else None,
        intent=intent_of(wording.text, matches, category, ranked, sure, bool(mentions)),
        places=mentions,
        where=where,
        confidence=_confidence(ranked, sure),
        runner_up=ranked[1][0] if len(ranked) > 1 else None,
        evidence=_evidence(wording, tally, danger, category),
        two_troubles=_two_troubles(wording.text, tally, ranked),
        truncated=wording.truncated,
    )


def _tally(text: str, matches: tuple[Match, ...], danger: Danger | None) -> _Tally:
    """Each rule gives its best match, and a quarter of its next ones, to its category; the title counts double."""
    by_rule: dict[str, list[tuple[float, Match]]] = defaultdict(list)
    title = _title_end(text)
    for match in matches:
        if match.rule.code not in ("danger", "intents"):
            by_rule[match.rule.name].append((match.weight * (2.0 if match.start < title else 1.0), match))
    tally = _Tally()
    for scored in by_rule.values():
        scored.sort(key=lambda pair: (-pair[0], pair[1].start))
        rule = scored[0][1].rule
        sum_ = scored[0][0] + 0.25 * sum(points for points, _ in scored[1:4])
        tally.points[rule.code] += sum_
        tally.topics[rule.code, rule.topic] += sum_
        tally.matches[rule.code].extend(scored)
    if danger and danger.sure:
        tally.points[danger.category] += 6.0 + 2.0 * danger.matches[0].weight
    elif danger:
        tally.points[danger.category] += danger.matches[0].weight
    return tally


def _title_end(text: str) -> int:
    if len(text) < TITLE_FROM:
        return 0
    first = sentences(text)[:1]
    return min(first[0][1], TITLE) if first else 0


def _topic(tally: _Tally, category: str) -> str | None:
    topics = [(points, topic) for (code, topic), points in tally.topics.items() if code == category]
    return max(topics)[1] if topics else None


def _urgency(text: str, matches: tuple[Match, ...], category: str, danger: Danger | None, in_season: bool) -> str:
    if danger and danger.sure:
        return "emergency"
    urgent = any(_is_urgent(text, match, category, in_season) for match in matches)
    return "urgent" if urgent or (danger and danger.matches[0].rule.maybe) else "normal"


def _is_urgent(text: str, match: Match, category: str, in_season: bool) -> bool:
    """Does this match make the request urgent? Only where the trouble is there now."""
    when = match.rule.urgent_when
    if when is None or not match.whole or match.rule.code != category or (when.season and not in_season):
        return False
    start, end = sentence_of(text, match.start)
    sentence = text[start:end]
    if any(word in sentence for word in when.unless) or any(word in sentence for word in OLD_STORY):
        return False
    if any(word in text[max(start, match.start - 8) : match.start] for word in ("要是", "如果", "万一", "会不会")):
        return False
    return not when.words or any(word in sentence for word in when.words)


def _confidence(ranked: list[tuple[str, float]], sure_danger: bool) -> float:
    """0 to 1: the first one's points against a full match, and its lead over the second."""
    if not ranked:
        return 0.2
    first = ranked[0][1]
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    strength = first / (first + 1.2)
    lead = (first - second) / first
    return round(min(0.98, (0.35 + 0.6 * lead) * (0.5 + 0.5 * strength) + (0.05 if sure_danger else 0.0)), 3)


def _evidence(wording: Wording, tally: _Tally, danger: Danger | None, category: str) -> tuple[Evidence, ...]:
    """The words that counted for the category and the danger, strongest first, each pair once."""
    chosen = [(match.weight, match) for match in (danger.matches[:2] if danger else ())]
    chosen += sorted(tally.matches.get(category, []), key=lambda pair: (-pair[0], pair[1].start))[:4]
    seen: dict[tuple[int, int, str], Evidence] = {}
    for weight, match in chosen:
        spans = [(match.start, match.end)] + ([(match.with_start, match.with_end)] if match.with_start >= 0 else [])
        for span in spans:
            start, end = wording.span(*span)
            seen.setdefault(
                (start, end, match.rule.name),
                Evidence(wording.original[start:end], start, end, round(weight, 2), match.rule.name),
            )
    return tuple(seen.values())


def _two_troubles(text: str, tally: _Tally, ranked: list[tuple[str, float]]) -> bool:
    """Two troubles in one short message, each told in full and in its own clause."""
    if (
        len(ranked) < 2
        or len(text) > 150
        or "other" in (ranked[0][0], ranked[1][0])
        or ranked[1][1] < 0.5 * ranked[0][1]
    ):
        return False
    clauses = [
        {_clause(text, match.start) for _, match in tally.matches[code] if match.whole} for code, _ in ranked[:2]
    ]
    return bool(clauses[0]) and bool(clauses[1]) and clauses[0].isdisjoint(clauses[1])


def _clause(text: str, at: int) -> int:
    return sum(text.count(sign, 0, at) for sign in ",。!?;、 \n")
