"""Reads one rule file and says, line by line, what is wrong with it and what would be right."""

from __future__ import annotations

import difflib
import math
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from nlp import accused
from nlp.signs import DANGERS, sign_faults
from nlp.tomllines import key_lines, remedy

FOLDER = Path(__file__).parent / "rules"
"""The files that come with the program."""
CODES = (
    "roads_parking", "drainage", "building_facilities", "property_service", "sanitation", "safety_order",
    "heating", "water_power_gas", "noise_neighbours", "public_services", "other",
)  # fmt: skip
HEADINGS = ("infrastructure", "property", "utilities", "community", "none")
INTENTS = (
    "request", "addition", "nudge", "status", "withdraw", "answer", "question", "thanks", "greeting", "abuse",
    "advert", "human", "about",
)  # fmt: skip
ANSWERS = ("solved", "partly", "not_solved", "unclear", "satisfied", "mostly", "dissatisfied")
OTHER_FILES = ("intents", "danger", "slips", "reading", "replies", "accused", "english")
"""Files of no category: what the writer wants, dangers, typing slips, how texts are read, answers to the check-back, who is accused, English."""

_FILE_KEYS = ("code", "name", "heading", "classes", "start", "mute", "points", "rule")
_MORE_KEYS = {
    "danger": ("sign", "pieces", "examples", "frames"), "slips": ("right", "pinyin"), "reading": ("calibration",),
    "replies": ("parts", "turns"), "accused": ("who", "deeds", "apart", "examples"), "english": ("words", "numbered", "skip"),
}  # fmt: skip
_RULE_KEYS = ("topic", "any", "with", "not", "weight", "alone", "urgent_when", "category", "maybe", "yes", "no")
_URGENT_KEYS = ("season", "words", "unless", "always")
_LISTS = ("any", "with", "not", "yes", "no")
_LABELLED = {"intents": INTENTS, "replies": ANSWERS}


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a rule file."""

    file: str
    line: int
    key: str
    says: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.key}: {self.says}"


class RuleError(ValueError):
    """The rules are not fit for use; `faults` lists everything that is wrong with them."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


@dataclass
class Checked:
    """A file as read, where its keys stand, and its faults so far."""

    file: str
    data: dict[str, Any] = field(default_factory=dict)
    source: bytes = field(default=b"", repr=False)
    faults: list[Fault] = field(default_factory=list)

    @cached_property
    def lines(self) -> dict[tuple[str | int, ...], int]:
        """Where each key stands; looked for when it is asked."""
        return key_lines(self.source.removeprefix(b"\xef\xbb\xbf"))

    def line(self, *path: str | int) -> int:
        """The line of a key, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def fault(self, path: tuple[str | int, ...], says: str) -> None:
        key = next((str(step) for step in reversed(path) if isinstance(step, str)), "file")
        self.faults.append(Fault(self.file, self.line(*path), key, says))


def _unknown(key: str, allowed: Iterable[str]) -> str:
    near = difflib.get_close_matches(key, list(allowed), 1, 0.5)
    return f"没有这一项；是不是 {near[0]}？" if near else f"没有这一项；可以写的有 {', '.join(allowed)}"


def read(file: str, source: bytes) -> Checked:
    """Read and check one file; faults are collected, not raised."""
    checked = Checked(file)
    try:
        checked.data = tomllib.loads(source.decode("utf-8-sig"))
    except UnicodeDecodeError:
        checked.fault((), "文件不是 UTF-8 编码；请用记事本另存为 UTF-8")
        return checked
    except tomllib.TOMLDecodeError as error:
        line = int(found) if (found := str(error).partition("line ")[2].partition(",")[0]).isdigit() else 1
        checked.faults.append(Fault(file, line, "file", f"不是有效的 TOML：{error}；{remedy(source.decode('utf-8-sig'), line, str(error))}"))
        return checked
    checked.source = source
    _check_head(checked)
    rules = checked.data.get("rule", [])
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        checked.fault(("rule",), "每条规则以 [[rule]] 开头（两层方括号）")
        checked.data["rule"] = []
    for index, rule in enumerate(checked.data.get("rule", [])):
        _check_rule(checked, index, rule)
    return checked


def _check_head(checked: Checked) -> None:
    data = checked.data
    known = (*CODES, *OTHER_FILES)
    code = data.get("code")
    if code not in known:
        near = difflib.get_close_matches(str(code), known, 1, 0.5)
        checked.fault(
            ("code",), f"{code!r} 不是类别代码；" + (f"是不是 {near[0]}？" if near else f"应是 {', '.join(known)} 之一")
        )
    if not isinstance(data.get("name"), str) or not data.get("name"):
        checked.fault(("name",), '缺少中文名称，例如 name = "供暖"')
    if code in CODES and data.get("heading") not in HEADINGS:
        checked.fault(("heading",), f"应是 {', '.join(HEADINGS)} 之一")
    keys = (*_FILE_KEYS, *_MORE_KEYS.get(str(code), ()))
    for key in data:
        if key not in keys:
            checked.fault((key,), _unknown(key, keys))
    if "mute" in data:
        _check_words(checked, ("mute",), data["mute"])
    _check_lists(checked, "classes", data.get("classes", {}))
    _check_start(checked, str(code), data.get("start", 0.0))
    _check_points(checked, str(code), data.get("points", {}))
    _check_lists(checked, "parts", data.get("parts", {}))
    _check_points(checked, str(code), data.get("turns", {}), "turns")
    if not _is_line(data.get("calibration", [])):
        checked.fault(("calibration",), "应是从 0 到 1 越来越大的几对数，例如 [[0.0, 0.1], [1.0, 0.98]]")
    for where, says in (*sign_faults(data), *_accused_faults(checked, code)):
        checked.fault(where, says)
    if code == "slips":
        _check_slips(checked, data.get("right", {}))
        _check_lists(checked, "pinyin", data.get("pinyin", {}))
    if code == "english":
        _check_lists(checked, "words", data.get("words", {}))
        _check_lists(checked, "numbered", data.get("numbered", {}))
        _check_words(checked, ("skip",), data.get("skip", []))


def _accused_faults(checked: Checked, code: object) -> Iterable[tuple[tuple[str | int, ...], str]]:
    """The lists of accused.toml, and its examples once the lists are in order."""
    if code != "accused":
        return ()
    for key in ("who", "deeds", "apart", "examples"):
        _check_lists(checked, key, checked.data.get(key, {}))
    return tuple(accused.faults(checked.data)) or (() if checked.faults else tuple(accused.broken_examples(checked.data)))


def _is_line(pairs: object) -> bool:
    """Whether these are pairs of numbers between 0 and 1 that never fall."""
    if not isinstance(pairs, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
        return False
    numbers = [value for pair in pairs for value in pair]
    if not all(isinstance(value, int | float) and 0 <= value <= 1 for value in numbers):
        return False
    return pairs == sorted(pairs) and [pair[1] for pair in pairs] == sorted(pair[1] for pair in pairs)


def _check_lists(checked: Checked, key: str, lists: object) -> None:
    if not isinstance(lists, dict):
        checked.fault((key,), '应写成一张表：类名 = 词的列表，例如 "人" = ["老人", "孩子"]')
        checked.data[key] = {}
        return
    for name, words in lists.items():
        _check_words(checked, (key, name), words)


def _check_start(checked: Checked, code: str, start: object) -> None:
    if isinstance(start, dict) and code in _LABELLED:
        for label, value in start.items():
            if label not in _LABELLED[code]:
                checked.fault(("start", label), _unknown(label, _LABELLED[code]))
            _check_number(checked, ("start", label), value, -10, 10)
    else:
        _check_number(checked, ("start",), start, -10, 10)


def _check_number(checked: Checked, path: tuple[str | int, ...], value: object, low: float, high: float) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        key = next(str(step) for step in reversed(path) if isinstance(step, str))
        checked.fault(path, f"应是 {low:g} 到 {high:g} 之间的数，例如 {key} = {(low + high) / 2:g}")


def _check_points(checked: Checked, code: str, points: object, key: str = "points") -> None:
    """A category's file gives points to it; the files of intents and answers name a label first."""
    labels = _LABELLED.get(code)
    if not isinstance(points, dict):
        checked.fault((key,), '应写成一张表：分数 = 词的列表，例如 "2.5" = ["暖气"]')
        return
    for label, tiers in points.items() if labels else [(None, points)]:
        path: tuple[str | int, ...] = (key,) if label is None else (key, label)
        if label is not None and label not in (labels or ()):
            checked.fault(path, _unknown(label, labels or ()))
        elif not isinstance(tiers, dict):
            checked.fault(path, '应写成一张表：分数 = 词的列表，例如 "2.5" = ["暖气"]')
        else:
            _check_tiers(checked, path, tiers)


def _check_tiers(checked: Checked, path: tuple[str | int, ...], tiers: dict[str, object]) -> None:
    seen: dict[str, str] = {}
    for tier, words in tiers.items():
        try:
            value = float(tier)
        except ValueError:
            value = math.nan
        if not -10 <= value <= 10:
            checked.fault((*path, tier), '分数应写成 -10 到 10 之间的数，加引号，例如 "2.5" = ["暖气"]')
        elif value < 0 and checked.data.get("code") in CODES:
            checked.fault((*path, tier), "类别的词只加分，不减分；把词删掉，或写进别的类别")
        if isinstance(words, dict):
            checked.fault((*path, tier), '有小数点的分数要加引号，例如 "3.75" = ["空调"]')
            continue
        _check_words(checked, (*path, tier), words)
        for word in words if isinstance(words, list) else ():
            if str(word) in seen:
                checked.fault((*path, tier), f"“{word}”在 {seen[str(word)]} 分那一行里已经有了；只留一处")
            seen[str(word)] = tier


def _check_slips(checked: Checked, right: object) -> None:
    if not isinstance(right, dict):
        checked.fault(("right",), '应写成一张表：对的词 = 错的写法，例如 "暖气" = ["暧气"]')
        return
    for word, slips in right.items():
        _check_words(checked, ("right", word), slips)
        for slip in slips if isinstance(slips, list) else ():
            if isinstance(slip, str) and len(slip) != len(word):
                checked.fault(("right", word), f"“{slip}”和“{word}”字数不同；错字与对的词要一样长")


def _check_words(checked: Checked, path: tuple[str | int, ...], value: object) -> None:
    if not isinstance(value, list) or not all(isinstance(word, str) and word.strip() for word in value):
        checked.fault(path, '应是词的列表，例如 ["暖气", "供暖"]，不能有空词')
    elif path[0] != "turns" and (odd := next((word for word in value if word != word.strip() or not word.isprintable()), None)):
        checked.fault(path, f"“{odd.strip()}”前后有空格，或里面有看不见的字符；请删掉再打一遍")


def _check_rule(checked: Checked, index: int, rule: dict[str, Any]) -> None:
    def at(*keys: str) -> tuple[str | int, ...]:
        return ("rule", index, *keys)

    for key in rule:
        if key not in _RULE_KEYS:
            checked.fault(at(key), _unknown(key, _RULE_KEYS))
    for key in _LISTS:
        if key in rule:
            _check_words(checked, at(key), rule[key])
    if not rule.get("any"):
        checked.fault(at("any"), '至少要有一个词，例如 any = ["暖气"]')
    _check_topic(checked, at("topic"), rule.get("topic"))
    for key, high in (("weight", 10.0), ("alone", 1.0)):
        if key in rule:
            _check_number(checked, at(key), rule[key], 0.0, high)
    if "category" in rule and rule["category"] not in CODES:
        checked.fault(at("category"), _unknown(str(rule["category"]), CODES))
    if not isinstance(rule.get("maybe", False), bool):
        checked.fault(at("maybe"), "应是 true 或 false")
    if not rule.get("yes"):
        checked.fault(at("yes"), '每条规则要有自己的例句，例如 yes = ["三楼暖气冰凉"]')
    _check_urgent(checked, at("urgent_when"), rule.get("urgent_when", {}))


def _check_topic(checked: Checked, path: tuple[str | int, ...], topic: object) -> None:
    if not isinstance(topic, str) or not topic:
        checked.fault(path, '缺少主题，例如 topic = "no_heat"')
        return
    allowed = {"intents": INTENTS, "danger": DANGERS}.get(str(checked.data.get("code")))
    if allowed and topic not in allowed:
        checked.fault(path, f"{topic!r}：" + _unknown(topic, allowed))


def _check_urgent(checked: Checked, path: tuple[str | int, ...], when: object) -> None:
    if not isinstance(when, dict):
        checked.fault(path, '应写成 { season = "heating" } 或 { words = ["满地"] }')
        return
    for key in when:
        if key not in _URGENT_KEYS:
            checked.fault((*path, key), _unknown(key, _URGENT_KEYS))
    if when.get("season", "heating") != "heating":
        checked.fault((*path, "season"), '只认识 season = "heating"')
    for key in ("words", "unless"):
        if key in when:
            _check_words(checked, (*path, key), when[key])
    if not isinstance(when.get("always", True), bool):
        checked.fault((*path, "always"), "应是 true 或 false")
