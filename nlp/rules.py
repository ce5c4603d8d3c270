"""The rules of nlp/rules/*.toml: loaded, checked against their own examples, compiled, matched.

A rule fires where one of its `any` words stands in a sentence without one of its `not` words. With one of its
`with` words in the same sentence it has its whole weight; without, the share `alone` (0 = does not fire).
The longest word wins: 暖气 inside 暖气费 is not seen by a rule that knows only 暖气 when another word list knows 暖气费.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nlp.lexicon import Lexicon
from nlp.rulefile import CODES, WORD_LISTS, Checked, Fault, RuleError, read
from nlp.segment import borders
from nlp.wording import plain

FOLDER = Path(__file__).parent / "rules"
NEAR = 30
"""How far apart, in characters, an `any` and a `with` word may stand in text without full stops."""
ALONE = 0.4

_ENDS = "。!?！？;；\n"
_SENTENCE = re.compile(f"[{_ENDS}]+")


@dataclass(frozen=True)
class UrgentWhen:
    """What makes a request urgent: all that is given must hold."""

    season: bool = False
    always: bool = False
    words: frozenset[str] = frozenset()
    unless: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Rule:
    """One [[rule]] of a file; `name` is file:line, as shown in evidence."""

    name: str
    code: str
    topic: str
    any: frozenset[str]
    with_: frozenset[str]
    not_: frozenset[str]
    weight: float
    alone: float
    urgent_when: UrgentWhen | None
    category: str
    maybe: bool
    yes: tuple[str, ...]
    no: tuple[str, ...]


@dataclass(frozen=True)
class Category:
    code: str
    name: str
    heading: str


@dataclass(frozen=True)
class Match:
    """A rule that fired: on which word, at which place of the plain text, with what weight, and with which other word."""

    rule: Rule
    start: int
    end: int
    weight: float
    with_start: int = -1
    with_end: int = -1
    whole: bool = False


@dataclass(frozen=True)
class Rules:
    """All rules of a folder, compiled. `lists` are the word lists at the head of danger.toml."""

    rules: tuple[Rule, ...]
    categories: tuple[Category, ...]
    lists: dict[str, frozenset[str]]
    lexicon: Lexicon
    by_word: dict[str, tuple[Rule, ...]] = field(repr=False)
    owners: dict[str, frozenset[str]] = field(repr=False)
    """Word -> the categories that have it in an `any` list: the ones a longer word speaks for."""

    def match(self, text: str) -> tuple[Match, ...]:
        """Every rule that fires in a plain text (see `wording.plain`)."""
        return tuple(_matches(self, text))


def sentences(text: str) -> list[tuple[int, int]]:
    """The (start, end) of each sentence."""
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


def _is_there(rules: Rules, hit: tuple[int, str], edges: frozenset[int]) -> bool:
    """Whether jieba's words bear the keyword out: one that begins inside a word and ends inside another is an accident
    of neighbouring characters (加|热水|龙头). Dangers are heard all the same: better one question too many."""
    start, word = hit
    end = start + len(word)
    if start in edges or end in edges or not any(start < edge < end for edge in edges):
        return True
    return any(rule.code in ("danger", "intents") for rule in rules.by_word.get(word, ()))


def _matches(rules: Rules, text: str) -> Iterator[Match]:
    found = sorted(rules.lexicon.find(text))
    if not found:
        return
    edges = borders(text)
    found = [hit for hit in found if _is_there(rules, hit, edges)]
    position = 0
    for start, end in sentences(text):
        here: list[tuple[int, str]] = []
        while position < len(found) and found[position][0] < end:
            if found[position][0] >= start:
                here.append(found[position])
            position += 1
        yield from _in_sentence(rules, here)


def _in_sentence(rules: Rules, here: list[tuple[int, str]]) -> Iterator[Match]:
    present = {word for _, word in here}
    covers = _covers(rules, here)
    for start, word in here:
        for rule in rules.by_word.get(word, ()):
            if not rule.not_.isdisjoint(present):
                continue
            if rule.code in CODES and any(rule.code not in owners for owners in covers.get((start, word), ())):
                continue
            yield from _fire(rule, start, word, here)


def _covers(rules: Rules, here: list[tuple[int, str]]) -> dict[tuple[int, str], list[frozenset[str]]]:
    """For each word that lies inside a longer one: the categories that the longer one speaks for."""
    covers: dict[tuple[int, str], list[frozenset[str]]] = {}
    for at, longer in here:
        if longer not in rules.owners or len(longer) <= 2:
            continue
        for start, word in _between(here, at, at + len(longer)):
            if len(longer) > len(word) and start + len(word) <= at + len(longer):
                covers.setdefault((start, word), []).append(rules.owners[longer])
    return covers


def _between(here: list[tuple[int, str]], first: int, stop: int) -> list[tuple[int, str]]:
    """The words that begin in first..stop; sought, not walked, for a text may be four thousand characters long."""
    return here[bisect_left(here, (first,)) : bisect_left(here, (stop,))]


def _fire(rule: Rule, start: int, word: str, here: list[tuple[int, str]]) -> Iterator[Match]:
    end = start + len(word)
    if not rule.with_:
        yield Match(rule, start, end, rule.weight, whole=True)
        return
    near = [
        (abs(at - start), at, at + len(other))
        for at, other in _between(here, start - NEAR, start + NEAR + 1)
        if other in rule.with_ and (at >= end or at + len(other) <= start or len(other) > len(word))
    ]
    if near:
        _, with_start, with_end = min(near)
        yield Match(rule, start, end, rule.weight, with_start, with_end, whole=True)
    elif rule.alone > 0:
        yield Match(rule, start, end, rule.weight * rule.alone)


def _words(values: list[str]) -> frozenset[str]:
    return frozenset(plain(value).text for value in values)


def _rule(checked: Checked, index: int, data: dict[str, Any]) -> Rule:
    when = data.get("urgent_when")
    code = str(checked.data["code"])
    return Rule(
        name=f"{checked.file}:{checked.line('rule', index)}",
        code=code,
        topic=data["topic"],
        any=_words(data["any"]),
        with_=_words(data.get("with", [])),
        not_=_words(data.get("not", [])),
        weight=float(data.get("weight", 1.0)),
        alone=float(data.get("alone", 0.0 if code in ("danger", "intents") else ALONE)),
        urgent_when=None
        if when is None
        else UrgentWhen(
            "season" in when, bool(when.get("always")), _words(when.get("words", [])), _words(when.get("unless", []))
        ),
        category=str(data.get("category", code)),
        maybe=bool(data.get("maybe", False)),
        yes=tuple(data["yes"]),
        no=tuple(data.get("no", [])),
    )


def _compile(files: list[Checked]) -> Rules:
    rules = tuple(_rule(file, index, data) for file in files for index, data in enumerate(file.data.get("rule", [])))
    lists = {
        key: _words(file.data.get(key, [])) for file in files if file.data["code"] == "danger" for key in WORD_LISTS
    }
    by_word: dict[str, list[Rule]] = defaultdict(list)
    owners: dict[str, set[str]] = defaultdict(set)
    every: set[str] = set().union(*lists.values())
    for rule in rules:
        every |= rule.any | rule.with_ | rule.not_
        for word in rule.any:
            by_word[word].append(rule)
            if rule.code in CODES:
                owners[word].add(rule.code)
    found = {
        f.data["code"]: Category(f.data["code"], f.data["name"], f.data["heading"])
        for f in files
        if f.data["code"] in CODES
    }
    return Rules(
        rules,
        tuple(found[code] for code in CODES if code in found),
        lists,
        Lexicon.of(every),
        {word: tuple(those) for word, those in by_word.items()},
        {word: frozenset(codes) for word, codes in owners.items()},
    )


def _broken_examples(rules: Rules) -> Iterator[tuple[Rule, str, str]]:
    for rule in rules.rules:
        for key, examples, wanted in (("yes", rule.yes, True), ("no", rule.no, False)):
            for example in examples:
                fired = any(m.rule is rule and m.whole for m in rules.match(plain(example).text))
                if fired != wanted:
                    says = (
                        "没有被这条规则识别；补上缺的词，或改例句"
                        if wanted
                        else "不该被这条规则识别；在 not 里排除，或改例句"
                    )
                    yield rule, key, f"例句“{example}”{says}"


def load_rules(folder: Path | str = FOLDER) -> Rules:
    """Every *.toml of a folder. Raises `RuleError` with all that is wrong: file, line, key and what would be right."""
    folder = Path(folder)
    files = [read(path.name, path.read_bytes()) for path in sorted(folder.glob("*.toml"))]
    faults = [fault for file in files for fault in file.faults]
    if not files:
        faults.append(Fault(str(folder.name), 1, "folder", "这个文件夹里没有规则文件（*.toml）"))
    codes: dict[str, str] = {}
    for file in files:
        code = str(file.data.get("code"))
        if code in codes:
            faults.append(
                Fault(file.file, file.line("code"), "code", f"{code} 已在 {codes[code]} 里；一个类别一个文件")
            )
        codes.setdefault(code, file.file)
    if faults:
        raise RuleError(faults)
    rules = _compile(files)
    by_name = {file.file: file for file in files}
    for rule, key, says in _broken_examples(rules):
        name, _, line = rule.name.rpartition(":")
        index = next(i for i in range(len(by_name[name].data["rule"])) if by_name[name].line("rule", i) == int(line))
        faults.append(Fault(name, by_name[name].line("rule", index, key), key, says))
    if faults:
        raise RuleError(faults)
    return rules
