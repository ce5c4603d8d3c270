"""Whom do these words accuse? Rules: rules/accused.toml. Pure: text in, what is told out.

A deed (骂人, 不接电话) is laid to whoever is named nearest before it in the same sentence. Who does not come and what is not mended is
a matter, not a person: that is for nudges and for the climb.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from nlp.lexicon import Lexicon
from nlp.wording import plain

ROLES = ("worker", "lead", "secretary", "subdistrict", "company", "staff")
DEEDS = ("anybody", "people", "company")
LISTS = ("accuse", "report", "others", "not", "harm")
NAME, OTHER = "name", "other"
NEAR = 25
"""How far before its deed somebody may be named, in characters."""
_SENTENCE = re.compile(r"[^。!?;\n]+")
_CLAUSE = re.compile(r"[^,，。!！?？;；、\n]+[,，。!！?？;；、\n]*")
_AND = frozenset(["和", "跟", "与", "、", "还有", "及", "以及", "同", ""])
_OF = re.compile(r"的?(?:这个|那个|一个)?")
_HANDLED = re.compile(r"(?:把|将|骂了?|打了?|夸|感谢|谢谢)$")
BEFORE = r"(?:这个|那个|一下|我们|咱们|[^给到过,。了]{0,6})$"  # what may stand between 投诉 and whoever is named
_GAP = r"[^不没,。!?;\n]{0,6}?"


class Mention(NamedTuple):
    """Somebody is named: a role, the name of one of the staff, or others whom we need not know."""

    start: int
    end: int
    role: str


@dataclass(frozen=True)
class AccusedRules:
    """The compiled file."""

    who: Mapping[str, str] = field(repr=False)
    words: Lexicon = field(repr=False)
    deeds: Mapping[str, re.Pattern[str]] = field(repr=False)
    accuse: re.Pattern[str] = field(repr=False)
    """投诉 and the like, just before whoever is named."""
    report: re.Pattern[str] = field(repr=False)
    """我要反映, just before somebody who is named by post and name."""
    verbs: re.Pattern[str] = field(repr=False)
    negated: tuple[str, ...] = field(repr=False)
    harm: re.Pattern[str] = field(repr=False)
    """A deed that is itself the danger."""


@dataclass(frozen=True)
class Told:
    """Whom the words accuse, by role and by name, and where (in the original text) it is said."""

    roles: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.roles or self.names)


def compiled(data: Mapping[str, Any]) -> AccusedRules:
    """The rules of a file without faults."""
    apart = data.get("apart", {})
    who = {plain(word).text: OTHER for word in apart.get("others", ())}
    who |= {plain(word).text: role for role in ROLES for word in data.get("who", {}).get(role, ())}
    accuse, report = (_any_of(apart.get(kind, ())) for kind in ("accuse", "report"))
    return AccusedRules(
        who, Lexicon.of(who), {kind: _one_of(data.get("deeds", {}).get(kind, ())) for kind in DEEDS},
        re.compile(accuse + BEFORE), re.compile(report + BEFORE), re.compile(f"{accuse}|{report}"),
        tuple(plain(word).text for word in apart.get("not", ())),
        _one_of(apart.get("harm", ())),
    )


def _any_of(words: Collection[str]) -> str:
    return f"(?:{'|'.join(re.escape(plain(word).text) for word in words) or '(?!)'})"


def _one_of(words: Collection[str]) -> re.Pattern[str]:
    """Any of these words; … stands for a few letters between."""
    patterns = (_GAP.join(map(re.escape, plain(word).text.replace("...", "…").split("…"))) for word in words)
    return re.compile("|".join(sorted(patterns, key=len, reverse=True)) or r"(?!)")


def speaks_of_deeds(text: str, rules: AccusedRules) -> bool:
    """Whether anything that is held against people stands in the text at all: quickly, before names are looked up."""
    return tells_deeds(plain(text).text, rules)


def tells_deeds(words: str, rules: AccusedRules) -> bool:
    """As `speaks_of_deeds`, of words that are plain already."""
    return rules.verbs.search(words) is not None or any(deed.search(words) for deed in rules.deeds.values())


def harms(text: str) -> bool:
    """Whether what somebody is accused of is violence: then they are the danger that is told of, whatever else is said."""
    return shipped().harm.search(plain(text).text) is not None


def accused_of(text: str, rules: AccusedRules, names: Collection[str] = (), about_case: bool = False) -> Told:
    """Whom the text accuses. `names`: of the staff who may be meant. `about_case`: the words are about a case that somebody has
    in hand, so that 来的人 means them."""
    wording = plain(text)
    found: list[tuple[Mention, int, int]] = []
    before: Mention | None = None
    for sentence in _SENTENCE.finditer(wording.text):
        here = _mentions(wording.text, sentence.start(), sentence.end(), rules, names)
        found += _deeds(wording.text, sentence.start(), sentence.end(), here, before, rules)
        found += _complaints(wording.text, here, rules)
        before = here[-1] if here else before
    found = [one for one in found if one[0].role != "staff" or about_case]
    if not found:
        return Told()
    named = {wording.text[m.start : m.end] for m, *_ in found if m.role == NAME}
    roles = {m.role for m, *_ in found if m.role != NAME}
    spans = tuple(wording.span(min(m.start, start), max(m.end, end)) for m, start, end in found)
    return Told(tuple(sorted(roles)), tuple(sorted(named)), spans)


def _mentions(text: str, start: int, end: int, rules: AccusedRules, names: Collection[str]) -> list[Mention]:
    """Whoever is named in the sentence, in order; the longer word wins."""
    hits = [(at + start, word, rules.who[word]) for at, word in rules.words.find(text[start:end])]
    hits += [(m.start() + start, name, NAME) for name in names for m in re.finditer(re.escape(name), text[start:end])]
    found: list[Mention] = []
    for at, word, role in sorted(hits, key=lambda hit: (hit[0], -len(hit[1]))):
        if not found or at >= found[-1].end:
            found.append(Mention(at, at + len(word), role))
    return found


def _deeds(
    text: str, start: int, end: int, here: list[Mention], before: Mention | None, rules: AccusedRules
) -> Iterator[tuple[Mention, int, int]]:
    """Each deed of the sentence with whom it is laid to."""
    for kind, pattern in rules.deeds.items():
        for deed in pattern.finditer(text, start, end):
            if text[max(start, deed.start() - 3) : deed.start()].endswith(rules.negated):
                continue
            for doer in _doers(text, start, deed, here, before):
                if doer.role != OTHER and (kind == "anybody" or (kind == "company") is (doer.role == "company")):
                    yield doer, deed.start(), deed.end()


def _doers(
    text: str, start: int, deed: re.Match[str], here: list[Mention], before: Mention | None
) -> Iterator[Mention]:
    """Who did it: named last before it, and whoever is named together with them; named right after it (态度差的网格员); or, with
    nobody named in the sentence, who was named last in the one before."""
    earlier = [m for m in here if m.end <= deed.start()]
    if earlier:
        last = earlier.pop()
        if deed.start() - last.end > NEAR or _HANDLED.search(text, start, last.start):
            return
        yield last
        while earlier and text[earlier[-1].end : last.start] in _AND and last.role != NAME:
            last = earlier.pop()
            yield last
        return
    within = next((m for m in here if deed.start() <= m.start < deed.end()), None)
    if within is not None:  # 低保名额都给了书记的亲戚
        yield within
        return
    after = next((m for m in here if m.start >= deed.end()), None)
    if after is not None and _OF.fullmatch(text, deed.end(), after.start):
        yield after
    elif not here and before is not None and deed.start() - start < 8:
        yield before


def _complaints(text: str, here: list[Mention], rules: AccusedRules) -> Iterator[tuple[Mention, int, int]]:
    """投诉网格员, without a deed; 投诉物业 alone is about what the company does not do. 我要反映 somebody by post and by name."""
    for who in here:
        found = rules.accuse.search(text, max(0, who.start - 10), who.start)
        if found and who.role not in (OTHER, "company"):
            yield who, found.start(), who.end
    for post, name in pairwise(here):
        found = rules.report.search(text, max(0, post.start - 10), post.start)
        if found and name.role == NAME and post.end == name.start and post.role not in (OTHER, NAME):
            yield name, found.start(), name.end


def apart(text: str, told: Told) -> tuple[str, str]:
    """The text in two: what accuses somebody, clause by clause, and the rest."""
    accusing: list[str] = []
    rest: list[str] = []
    for clause in _CLAUSE.finditer(text):
        says = any(start < clause.end() and clause.start() < end for start, end in told.spans)
        (accusing if says else rest).append(clause[0])
    return "".join(accusing).strip(), "".join(rest).strip(" ,，、;；")


def faults(data: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What is wrong with the file's own tables, and what would be right."""
    for table, keys in (("who", ROLES), ("deeds", DEEDS), ("apart", LISTS), ("examples", (*ROLES, "none"))):
        for key in data.get(table, {}):
            if key not in keys:
                yield (table, key), f"没有这一项；可以写的有 {', '.join(keys)}"


def broken_examples(data: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Examples that are read otherwise than they say."""
    rules = compiled(data)
    for role, examples in data.get("examples", {}).items():
        for example in examples:
            roles = accused_of(example, rules).roles
            if roles != (() if role == "none" else (role,)):
                yield ("examples", role), f"例句“{example}”读成了 {'、'.join(roles) or '没有说到谁'}；补上缺的词，或改例句"


@lru_cache(maxsize=1)
def shipped() -> AccusedRules:
    """The rules that come with the program. Raises `RuleError` where the file is not fit for use."""
    from nlp.rulefile import FOLDER, RuleError, read  # which asks here what is wrong

    checked = read("accused.toml", (FOLDER / "accused.toml").read_bytes())
    if checked.faults:
        raise RuleError(checked.faults)
    return compiled(checked.data)
