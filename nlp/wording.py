"""One plain wording for many spellings, with a way back to the original text.

NFKC, simplified characters, lower case, the commonest typing slips (slips.py). Every position of the plain text
knows the position it came from, so that evidence always points at the words the resident wrote.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import opencc

from nlp.slips import Slips, shipped_slips

READ_AT_MOST = 4_000
"""Characters of a message that are read; the rest is kept by others, not understood (BEHAVIOUR: length)."""

@dataclass(frozen=True)
class Wording:
    """The plain text and, for each of its characters, the place in the original it stands for."""

    text: str
    origin: Sequence[int]
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


_IN_PHRASES = re.compile("[著乾]")
"""Signs that simplified writing has too, and that mean another one in some traditional phrases: 著急."""


def _simplified(text: str) -> str:
    """Traditional characters made simple; the length is kept, for positions hang on it."""
    try:  # the simplified character set: whatever fits it holds nothing to be made simple
        text.encode("gb2312")
    except UnicodeEncodeError:
        pass
    else:
        if not _IN_PHRASES.search(text):
            return text
    changed = str(_converter().convert(text))
    if len(changed) == len(text):
        return changed
    return "".join(c if len(c) == 1 else old for old, c in ((old, _converter().convert(old)) for old in text))


_ALREADY = re.compile(r"[\u4e00-\u9fff0-9a-z ,.?!:;()。、“”]*")
_MARKS = str.maketrans("，？！：；（）", ",?!:;()")
"""The marks of every message, each as NFKC has it: one sign for one."""
_LATIN = re.compile("[a-z]{2}")
_SPACED = re.compile(r"(?:[\u4e00-\u9fff][ \u3000]+){2,}[\u4e00-\u9fff][!！。.]*")
"""着 火 了: an old phone's keyboard puts a blank behind every sign."""
_RUN = re.compile("[a-z]{3,} ?[a-z]{2,}")


class _Plain(dict[str, str]):
    """What each character becomes, worked out once."""

    def __missing__(self, char: str) -> str:
        became = _plain_char(char)
        if char < "\U00010000":  # beyond it lie a million characters that nobody types twice
            self[char] = became
        return became


_PLAIN = _Plain()


def plain(text: str, slips: Slips | None = None, names: Callable[[], Mapping[str, str]] | None = None) -> Wording:
    """The plain wording of a message. Any `str` will do: lone surrogates and NULs become blanks.

    `names` gives the names of places by how they are typed in letters; it is asked only where there are letters.
    """
    truncated = len(text) > READ_AT_MOST
    read = text[:READ_AT_MOST] if truncated else text
    slips = slips or shipped_slips()
    words, origin = _read(read, slips, names)
    return Wording(slips.mend(_simplified(words)), origin, text, truncated)


def plain_words(words: Iterable[str]) -> list[str]:
    """The plain wording of each of many short texts without line breaks; much faster than one at a time."""
    listed = list(words)
    slips = shipped_slips()
    read, _ = _read("\n".join(listed), slips, None)
    return slips.mend("\n".join(map(_simplified, read.split("\n")))).split("\n") if listed else []


def _read(text: str, slips: Slips, names: Callable[[], Mapping[str, str]] | None) -> tuple[str, Sequence[int]]:
    """The text in small letters and plain signs, what is typed in letters in characters; and where each sign came from."""
    if _SPACED.fullmatch(text):
        kept = [place for place, char in enumerate(text) if char not in " \u3000"]
        words, origin = _read("".join(text[place] for place in kept), slips, names)
        return words, [kept[place] for place in origin]
    words, origin = text.translate(_MARKS).lower(), cast(Sequence[int], range(len(text)))
    if len(words) != len(text) or not _ALREADY.fullmatch(words):
        letters = [_PLAIN[char] for char in text]
        words = "".join(letters)
        if len(words) != len(text) or "" in letters:
            origin = tuple(position for position, letter in enumerate(letters) for _ in letter)
    if _LATIN.search(words):
        known = names() if names is not None and _RUN.search(words) else {}
        words, origin = slips.english.told(*slips.spelt(words, origin, known), known)
    return words, origin
