"""The rules of nlp/rules/*.toml, compiled; rulefolder.py loads them and checks them against their own examples.

Two kinds. *Points*: a word that stands in the text gives its points to a category (an intent, the danger). A *rule* fires
where one of its `any` words stands in a sentence without one of its `not` words. With one of its `with` words in the same
sentence it has its whole weight; without, the share `alone` (0 = does not fire). How a text is read: reading.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from nlp import accused as accusations
from nlp import signs as danger_signs
from nlp.classes import Classes, words_of
from nlp.lexicon import Lexicon
from nlp.replybook import ReplyRules
from nlp.replybook import compiled as reply_rules
from nlp.replybook import shipped as shipped_replies
from nlp.rulefile import CODES, INTENTS, Checked
from nlp.slips import Slips, of_file

ALONE = 0.4
DANGER = "danger"
LABELS = (*CODES, DANGER, *INTENTS)
"""What a word may speak for."""


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

    @property
    def of_category(self) -> bool:
        """Whether it speaks for a category (and not for a danger or an intent)."""
        return self.code in CODES


@dataclass(frozen=True)
class Category:
    code: str
    name: str
    heading: str


@dataclass(frozen=True, slots=True)
class Word:
    """What one word of the lexicon is good for."""

    text: str
    points: tuple[tuple[int, float, str], ...] = ()
    """(place in LABELS, points, file:line)"""
    rules: tuple[Rule, ...] = ()
    """Those that have it among their `any` words."""
    loud: bool = False
    """Heard even where jieba reads other words: dangers and intents. Better one question too many."""
    mute: bool = False
    """Words inside it do not count for a category: 物业说."""


@dataclass(frozen=True)
class Rules:
    """All rules of a folder, compiled. """

    rules: tuple[Rule, ...]
    categories: tuple[Category, ...]
    lexicon: Lexicon
    words: tuple[Word, ...] = field(repr=False)
    """In the order of the lexicon's words."""
    points: tuple[tuple[tuple[int, float, str], ...], ...] = field(repr=False)
    """Of each word what it gives, as in `words`: read at every message, so it stands by itself."""
    loud: tuple[bool, ...] = field(repr=False)
    asked: tuple[tuple[tuple[Rule, frozenset[int], frozenset[int]], ...], ...] = field(repr=False)
    """Of each word the rules that have it among their `any` words, each with the numbers of its `with` and `not` words."""
    mute: frozenset[int] = field(repr=False)
    start: tuple[float, ...]
    """The points that each of LABELS begins with."""
    calibration: tuple[tuple[float, float], ...]
    """Share of the first category among all -> how often such an answer is right; rising."""
    slips: Slips = field(repr=False)
    owners: tuple[frozenset[str], ...] = field(repr=False)
    """Of each word the categories whose rules have it as `any`: the ones a longer word speaks for."""
    signs: danger_signs.Signs = field(repr=False)
    """What tells of a danger: danger.toml."""
    answers: Mapping[str, Any] | None = field(repr=False)
    """What replies.toml says; None where a folder has none."""
    accused: accusations.AccusedRules = field(repr=False)
    """Who is accused: accused.toml; the shipped one where a folder has none."""

    @cached_property
    def replies(self) -> ReplyRules:
        """How answers to the check-back are read, compiled when the first one comes; the shipped ones where a folder has none."""
        return shipped_replies() if self.answers is None else reply_rules(self.answers)

    @cached_property
    def ends(self) -> Mapping[str, tuple[tuple[int, float, str], ...]]:
        """What intents.toml gives to the signs of a text, which are no words: 吗$ is how it ends."""
        return {word.text: word.points for word in self.words if "$" in word.text}


def _rule(checked: Checked, index: int, data: dict[str, Any], classes: Classes) -> Rule:
    def words(values: Iterable[str]) -> frozenset[str]:
        return words_of(values, classes)

    when = data.get("urgent_when")
    code = str(checked.data["code"])
    return Rule(
        name=f"{checked.file}:{checked.line('rule', index)}",
        code=code,
        topic=data["topic"],
        any=words(data["any"]),
        with_=words(data.get("with", [])),
        not_=words(data.get("not", [])),
        weight=float(data.get("weight", 1.0)),
        alone=float(data.get("alone", 0.0 if code in ("danger", "intents") else ALONE)),
        urgent_when=None
        if when is None
        else UrgentWhen(
            "season" in when, bool(when.get("always")), words(when.get("words", [])), words(when.get("unless", []))
        ),
        category=str(data.get("category", code)),
        maybe=bool(data.get("maybe", False)),
        yes=tuple(data["yes"]),
        no=tuple(data.get("no", [])),
    )


def compiled(files: list[Checked]) -> Rules:
    """The rules of these files, which are without faults. Answers to the check-back have a reader of their own (replybook.py),
    and who is accused has another (accused.py)."""
    answers = next((file.data for file in files if file.data["code"] == "replies"), None)
    accused = next((accusations.compiled(file.data) for file in files if file.data["code"] == "accused"), None)
    files = [file for file in files if file.data["code"] not in ("replies", "accused")]
    classes = {name: words for file in files for name, words in file.data.get("classes", {}).items()}
    rules = tuple(_rule(file, i, data, classes) for file in files for i, data in enumerate(file.data.get("rule", [])))
    by_word: dict[str, list[Rule]] = defaultdict(list)
    owners: dict[str, set[str]] = defaultdict(set)
    for rule in rules:
        for word in rule.any:
            by_word[word].append(rule)
            if rule.of_category:
                owners[word].add(rule.code)
    points = _points(files, classes)
    mute = frozenset[str]().union(*(words_of(file.data.get("mute", []), classes) for file in files))
    others = (word for rule in rules for word in rule.with_ | rule.not_)
    lexicon = Lexicon.of({*by_word, *points, *mute, *others})
    words = tuple(
        Word(
            word,
            tuple(points.get(word, ())),
            tuple(by_word.get(word, ())),
            any(not rule.of_category for rule in by_word.get(word, ())),
            word in mute,
        )
        for word in lexicon.words
    )
    return Rules(
        rules=rules,
        categories=_categories(files),
        lexicon=lexicon,
        words=words,
        points=tuple(word.points for word in words),
        loud=tuple(word.loud for word in words),
        asked=_asked(words),
        mute=frozenset(n for n, word in enumerate(words) if word.mute),
        start=_start(files),
        calibration=_calibration(files),
        slips=_slips(files),
        owners=tuple(frozenset(owners.get(word, ())) for word in lexicon.words),
        signs=_signs(files, classes),
        answers=answers,
        accused=accused or accusations.shipped(),
    )


def _asked(words: tuple[Word, ...]) -> tuple[tuple[tuple[Rule, frozenset[int], frozenset[int]], ...], ...]:
    """Of each word its rules, each with the numbers of its `with` and `not` words."""
    number = {word.text: n for n, word in enumerate(words)}

    def numbered(rule: Rule) -> tuple[Rule, frozenset[int], frozenset[int]]:
        return rule, frozenset(number[word] for word in rule.with_), frozenset(number[word] for word in rule.not_)

    numbers = {name: numbered(rule) for name, rule in {rule.name: rule for word in words for rule in word.rules}.items()}
    return tuple(tuple(numbers[rule.name] for rule in word.rules) for word in words)


def _points(files: list[Checked], classes: Classes) -> dict[str, list[tuple[int, float, str]]]:
    """Word -> what it gives to whom. A file of a category gives to that category, the others name the label."""
    found: dict[str, list[tuple[int, float, str]]] = defaultdict(list)
    for file in files:
        code = str(file.data["code"])
        table = file.data.get("points", {})
        for label, tiers in {code: table}.items() if code in (*CODES, DANGER) else table.items():
            path = ("points",) if code in (*CODES, DANGER) else ("points", label)
            for tier, words in tiers.items():
                name = f"{file.file}:{file.line(*path, tier)}"
                for word in sorted(words_of(words, classes)):
                    found[word].append((LABELS.index(label), float(tier), name))
    return found


def _categories(files: list[Checked]) -> tuple[Category, ...]:
    named = {str(file.data["code"]): file.data for file in files}
    return tuple(
        Category(code, str(named[code]["name"]), str(named[code]["heading"])) for code in CODES if code in named
    )


def _start(files: list[Checked]) -> tuple[float, ...]:
    start = dict.fromkeys(LABELS, 0.0)
    for file in files:
        given = file.data.get("start", 0.0)
        start.update(given if isinstance(given, dict) else {str(file.data["code"]): float(given)})
    return tuple(float(start[label]) for label in LABELS)


def _calibration(files: list[Checked]) -> tuple[tuple[float, float], ...]:
    pairs = next((file.data["calibration"] for file in files if "calibration" in file.data), [[0.0, 0.0], [1.0, 1.0]])
    return tuple((float(share), float(right)) for share, right in pairs)


def _signs(files: list[Checked], classes: Classes) -> danger_signs.Signs:
    file = next((file for file in files if file.data["code"] == DANGER), Checked(DANGER))
    return danger_signs.compiled(file.data, lambda *path: f"{file.file}:{file.line(*path)}", words_of, classes)


def _slips(files: list[Checked]) -> Slips:
    named = {str(file.data["code"]): file.data for file in files}
    return of_file(named.get("slips", {}), named.get("english", {}))
