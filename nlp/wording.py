"""One plain wording for many spellings, with a way back to the original text.

NFKC, simplified characters, lower case, the commonest typing slips. Every position of the plain text
knows the position it came from, so that evidence always points at the words the resident wrote.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import opencc

READ_AT_MOST = 4_000
"""Characters of a message that are read; the rest is kept by others, not understood (BEHAVIOUR: length)."""

TYPOS = {
    "暧气": "暖气", "暖器": "暖气", "暖汽": "暖气", "物页": "物业", "勿业": "物业", "电剃": "电梯", "电弟": "电梯",
    "仃水": "停水", "仃电": "停电", "天燃气": "天然气", "媒气": "煤气", "休好": "修好", "秀好": "修好", "接决": "解决",
    "部份": "部分", "不分解决": "部分解决", "满一": "满意", "任然": "仍然", "木有": "没有", "不楼了": "不漏了",
    "楼水": "漏水", "拉圾": "垃圾", "井盍": "井盖", "污氺": "污水", "噪因": "噪音", "燥音": "噪音",
}  # fmt: skip
"""Slip -> what was meant. Both sides have the same length, which keeps positions true."""


@dataclass(frozen=True)
class Wording:
    """The plain text and, for each of its characters, the place in the original it stands for."""

    text: str
    origin: tuple[int, ...]
    original: str
    truncated: bool

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The piece of the original that plain[start:end] came from."""
        if start >= end or not self.origin:
            return 0, 0
        return self.origin[start], self.origin[min(end, len(self.origin)) - 1] + 1


@lru_cache(maxsize=1)
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("tw2s")


def _plain_char(char: str) -> str:
    """What one character becomes: nothing for marks without width, a blank for what cannot be printed."""
    kind = unicodedata.category(char)
    if kind == "Cf" or "\ufe00" <= char <= "\ufe0f":
        return ""
    if kind in ("Cs", "Co", "Cn"):
        return " "
    if kind == "Cc":
        return "\n" if char in "\n\r" else " "
    return "".join(c if unicodedata.category(c)[0] != "C" else " " for c in unicodedata.normalize("NFKC", char).lower())


def _simplified(text: str) -> str:
    """Traditional characters made simple; the length is kept, for positions hang on it."""
    if text.isascii():
        return text
    changed = str(_converter().convert(text))
    if len(changed) == len(text):
        return changed
    return "".join(c if len(c) == 1 else old for old, c in ((old, _converter().convert(old)) for old in text))


def plain(text: str) -> Wording:
    """The plain wording of a message. Any `str` will do: lone surrogates and NULs become blanks."""
    read = text[:READ_AT_MOST]
    letters: list[str] = []
    origin: list[int] = []
    for position, char in enumerate(read):
        for letter in _plain_char(char):
            letters.append(letter)
            origin.append(position)
    words = _simplified("".join(letters))
    for slip, meant in TYPOS.items():
        if slip in words:
            words = words.replace(slip, meant)
    return Wording(words, tuple(origin), text, len(text) > READ_AT_MOST)
