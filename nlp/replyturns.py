"""What an answer to the check-back says, clause by clause: its words by class, and what each clause finds (还坏, 坏没了, 办成 …).

Each clause comes to one sign, the last that it says; the signs in a row are the answer's shape: 好坏 is "good, but", 办复 "mended and back".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from nlp.numerals import number
from nlp.replybook import ReplyRules


class Token(NamedTuple):
    """A piece of the text and its class: a word of the rules, 数 低温 高温 for numbers, "," "?" for stops, "_" for the rest."""

    kind: str
    start: int
    end: int


_NUMERALS = frozenset("0123456789一二两三四五六七八九十俩仨百千半")
_STOPS = frozenset(",。!;:、~… \n\t\r")
_VERDICTS = {"夸": "评", "中评": "评", "嫌": "评", "谢": "评"}
"""Praise and blame say nothing of the trouble."""
_CONCEDED = re.compile(r"([\u4e00-\u9fff]{1,3}?)(?:倒是|是|倒)\1")
"""热是热了: granted, and something comes after."""
_COLD_TO, _WARM_TO = 17, 30
_LIVED_IN = range(10, 31)
"""A bare number in this range is the degrees in a room."""

_NEGATORS = frozenset({"不", "不再", "根本没"})
_SILENT = frozenset({"_", "哑", "数", "成", "着", "能", "都", "现在", "吧", "有", "是", "了", "过"})
_AHEAD = frozenset({"许诺", "再办", "要是"})
_TROUBLE, _GOOD, _DONE = frozenset({"坏", "患"}), frozenset({"见好", "热", "亮", "好了", "来了", "好"}), frozenset({"办成", "办了"})
_NEEDS_MORE = frozenset({"热", "亮", "好"})
"""Good only as 热了, or denied."""
_SIGNS = {
    **dict.fromkeys(("见好", "坏没", "高温", "好了", "来了"), "好"),
    **dict.fromkeys(("办成", "办了"), "办"),
    **dict.fromkeys(("坏着", "还坏", "更坏", "没见好", "低温"), "坏"),
    "又坏": "复",
    **dict.fromkeys(("没办", "没办成", "办不成", "用不成"), "缺"),
    "根本没": "没",
    **dict.fromkeys(("反话", "问好", "何时", "糊弄"), "反"),
    **dict.fromkeys(("许诺", "推", "空来", "再办", "许好", "许办"), "等"),
    **dict.fromkeys(("不知", "待看", "要是", "双否"), "疑"),
    **dict.fromkeys(("旁人", "随便", "自办"), "旁"),
    "没了": "消",
}  # fmt: skip
_IN_PART = frozenset({"部分", "轻了", "凑合"})
_SHAPE = 8


def tokens(rules: ReplyRules, text: str) -> list[Token]:
    """The text in pieces, at each place the longest word."""
    longest = {start: (end, word) for word, start, end in rules.lexicon.hits(text)}  # in the order in which they end
    found: list[Token] = []
    at = 0
    while at < len(text):
        if at in longest:
            end, word = longest[at]
            found.append(Token(rules.kinds[word], at, end))
        elif text[at] in _NUMERALS:
            end = at + 1
            while end < len(text) and text[end] in _NUMERALS and end not in longest:
                end += 1
            found.append(Token(_degrees(text, at, end), at, end))
        else:
            end = at + 1
            found.append(Token("," if text[at] in _STOPS else "?" if text[at] == "?" else "_", at, end))
        at = end
    return found


def _degrees(text: str, start: int, end: int) -> str:
    value = number(text[start:end]) or 0
    spoken = text.startswith(("度", "来度", "多度"), end) or (value in _LIVED_IN and text[end : end + 1] in ("", *",。了!;"))
    if not spoken or value > _WARM_TO:
        return "数"
    return "低温" if value <= _COLD_TO else "高温"


def without_verdicts(found: list[Token], text: str) -> list[Token]:
    """The pieces with every verdict as one 评, 热是热 as 是是, and unknown signs in single pieces."""
    merged: list[Token] = []
    last = ""
    for token in found:
        kind = token.kind
        if kind in _VERDICTS:
            kind, token = "评", Token("评", token.start, token.end)
        if kind == last and kind in ("评", "_"):
            merged[-1] = Token(kind, merged[-1].start, token.end)
        else:
            merged.append(token)
            last = kind
    if "是" in text or "倒" in text:
        for said in _CONCEDED.finditer(text):
            merged = _conceded(merged, said.start(), said.end() - len(said[1]), said[1])
    return merged


def _conceded(found: list[Token], start: int, end: int, word: str) -> list[Token]:
    within = [n for n, token in enumerate(found) if start <= token.start and token.end <= end]
    if not within or word in ("不", "好不"):
        return found
    return [*found[: within[0]], Token("是是", start, end), *found[within[-1] + 1 :]]


def clauses(found: list[Token]) -> list[list[Token]]:
    """The pieces between stops, and from each contrast (但, 就是) on."""
    parts: list[list[Token]] = [[]]
    for token in found:
        if token.kind in (",", "?"):
            if token.kind == "?":
                parts[-1].append(token)
            if parts[-1]:
                parts.append([])
        elif token.kind == "转" and parts[-1]:
            parts.append([token])
        else:
            parts[-1].append(token)
    return [part for part in parts if part]


def _denied(clause: list[Token], at: int) -> bool:
    """Whether a negator stands close before."""
    for token in reversed(clause[max(0, at - 2) : at]):
        if clause[at].start - token.end > 3 or token.kind in ("坏", "患", "见好", "办成"):
            return False
        if token.kind in _NEGATORS:
            return True
    return False


def findings(clause: list[Token]) -> list[str]:
    """What a clause says, in order."""
    kinds = [token.kind for token in clause]
    asked = not {"?", "问", "何时"}.isdisjoint(kinds)
    found = []
    for at, kind in enumerate(kinds):
        before, after = set(kinds[:at]), kinds[at + 1 :]
        if kind in _TROUBLE:
            found.append(_trouble(kind, before, set(after), _denied(clause, at)))
        elif kind in _GOOD or kind in _DONE:
            denied = _denied(clause, at)
            if kind not in _NEEDS_MORE or denied or after[:1] in (["了"], ["着"]):
                found.append(_good(kind, before, denied, asked))
        elif kind not in _SILENT:
            found.append(kind)
    return found


def _trouble(kind: str, before: set[str], after: set[str], denied: bool) -> str:
    if denied or "不再" in before or "没了" in after or (kind == "患" and after & {"办成", "办了", "不再"}):
        return "坏没"
    for word, finding in (("从前", "从前坏"), ("又", "又坏"), ("更", "更坏"), ("还", "还坏"), ("轻了", "坏轻")):
        if word in before or (word in ("更", "轻了") and word in after):
            return finding
    return "坏着" if kind == "坏" else "患"


def _good(kind: str, before: set[str], denied: bool, asked: bool) -> str:
    done = kind in _DONE
    if denied:
        return "没办成" if done else "没见好"
    if before & _AHEAD:
        return "许办" if done else "许好"
    if asked:
        return "问办" if done else "问好"
    if done:
        return kind
    if "才" in before or "从前" in before:
        return "才好" if "才" in before else "从前好"
    return "见好" if kind in _NEEDS_MORE else kind


def sign(found: list[str]) -> str:
    """The one sign of a clause, or nothing."""
    last = ""
    for finding in found:
        if finding == "没了" and last:
            continue
        last = _SIGNS.get(finding, last)
    if not _IN_PART.isdisjoint(found):
        return "半" + (last if last in ("好", "办") else "")
    return last


def turns(found: list[Token], text: str) -> set[str]:
    """Everything that can have points besides words: what is said, the shape, classes in a row, classes one before the other."""
    found = without_verdicts(found, text)
    parts = clauses(found)
    shape: list[str] = []
    turned: set[str] = {f"长 {min(6, len(text) // 6)}"}
    last: list[str] = []
    places = 0
    for clause in parts:
        said = findings(clause)
        places += "一处" in said
        if last and said:
            turned.add(f"{last[-1]}⇒{said[0]}")
            turned.add(f"{last[-1]}⇒末{said[-1]}")
        turned.update(said)
        turned.update(f"{one}→{next_}" for one, next_ in pairwise(said))
        turned.update(_in_order(clause))
        if mark := sign(said):
            last = said
            if not shape or shape[-1] != mark:
                shape.append(mark)
    turned.update(f"末 {one}" for one in last)
    if places > 1:
        turned.add("几处 " + "".join(sorted(set(shape))))
    turned.update(_shaped(shape, len(parts)))
    turned.update(_in_a_row([token.kind for token in found if token.kind not in ("_", "哑")]))
    turned.update(_with_signs(found, text))
    return turned


def _in_order(clause: list[Token]) -> Iterator[str]:
    kinds = list(dict.fromkeys(token.kind for token in clause if token.kind not in ("_", "哑")))
    for at, one in enumerate(kinds):
        for other in kinds[at + 1 :]:
            yield f"{one}…{other}"


def _in_a_row(kinds: list[str]) -> Iterator[str]:
    framed = ["^", *kinds, "$"]
    for at, kind in enumerate(framed):
        yield f"[{kind}]"
        if at + 1 < len(framed):
            yield f"[{kind} {framed[at + 1]}]"
        if at + 2 < len(framed):
            yield f"[{kind} {framed[at + 1]} {framed[at + 2]}]"


def _with_signs(found: list[Token], text: str) -> Iterator[str]:
    """Classes in a row with the signs of unknown words between them: (散 了)."""
    row = ["^"]
    unknown = [0]  # how many unknown signs stand before each place
    for kind, start, end in found:
        if kind == "_":
            for sign_ in text[start:end]:
                row.append(sign_)
                unknown.append(unknown[-1] + 1)
        elif kind != "哑":
            row.append(kind)
            unknown.append(unknown[-1])
    row.append("$")
    unknown = [0, *unknown, unknown[-1]]
    for at, (one, two) in enumerate(pairwise(row)):
        if unknown[at] < unknown[at + 2]:
            yield f"({one} {two})"
        if at + 2 < len(row) and unknown[at] < unknown[at + 3]:
            yield f"({one} {two} {row[at + 2]})"


def _shaped(shape: list[str], clauses_in_all: int) -> Iterator[str]:
    """The signs in a row, each of them, the first, the last, which come together and in which order."""
    kinds = sorted(set(shape))
    yield "形 " + "".join(shape)[:_SHAPE]
    yield "全 " + "".join(kinds)
    if clauses_in_all == 1:
        yield "单 " + "".join(kinds)
    if shape:
        yield "首句 " + shape[0]
        yield "末句 " + shape[-1]
    for at, one in enumerate(shape):
        yield "有 " + one
        for other in shape[at + 1 :]:
            if one != other:
                yield f"先{one}后{other}"
