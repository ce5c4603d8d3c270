"""The commonest typing slips (暧气 for 暖气) and words typed in letters (nuanqi). Kept in rules/slips.toml, the right word first."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from nlp.english import FILE as ENGLISH
from nlp.english import NONE, English, english_of
from nlp.lexicon import Lexicon

FILE = "slips.toml"
_SHIPPED = Path(__file__).parent / "rules"
_LETTERS = re.compile(r"(?<![a-z@./_-])[a-z]+(?:[ ']?[a-z]+)*(?![a-z@./_-])")
LONGEST = 24
"""No word typed in letters is longer."""


@dataclass(frozen=True, eq=False)
class Slips:
    """Which word was meant by each slip: both have the same length, which keeps positions true; and by each run of letters."""

    meant: Mapping[str, str]
    lexicon: Lexicon
    letters: Mapping[str, str]
    english: English = NONE
    """What is said in English; words typed in letters are tried first."""

    @classmethod
    def of(cls, right: Mapping[str, list[str]], pinyin: Mapping[str, list[str]], english: English = NONE) -> Slips:
        """From the right word to its slips, and to its spellings in letters, as the file has them."""
        meant = {slip: word for word, slips in right.items() for slip in slips}
        letters = {spelled: word for word, spellings in pinyin.items() for spelled in spellings}
        return cls(meant, Lexicon.of(meant), letters, english)

    def mend(self, text: str) -> str:
        """The text with every slip put right."""
        taken = 0
        for start, slip in self.lexicon.find(text) if self.lexicon.hits(text) else ():
            if start >= taken:
                taken = start + len(slip)
                text = text[:start] + self.meant[slip] + text[taken:]
        return text

    def spelt(self, text: str, origin: Sequence[int], names: Mapping[str, str]) -> tuple[str, Sequence[int]]:
        """The text with words typed in letters in characters; `origin` is the place each character of it came from.

        A run of letters (blanks between do not matter) is taken only if it is made of known words from end to end:
        what else is typed in letters is no pinyin. `names`: those of places, by their spelling.
        """
        pieces: list[str] = []
        places: list[int] = []
        done = 0
        for run in _LETTERS.finditer(text):
            words = self._words(run[0], names)
            if not words:
                continue
            pieces.append(text[done : run.start()])
            places += origin[done : run.start()]
            for word, start, end in words:
                pieces.append(word)
                # the first and the last character carry the ends of the letters
                first, last = origin[run.start() + start], origin[run.start() + end - 1]
                places += [first, *[last] * (len(word) - 1)] if len(word) > 1 else [first]
            done = run.end()
        if not done:
            return text, origin
        return "".join([*pieces, text[done:]]), [*places, *origin[done:]]

    def _words(self, run: str, names: Mapping[str, str]) -> list[tuple[str, int, int]]:
        """The known words that make up a run of letters, longest first, each with its place in the run; none if they do not."""
        at = [place for place, letter in enumerate(run) if letter.isalpha()]
        bare = "".join(run[place] for place in at)
        ends: list[tuple[str, int] | None] = [None] * (len(bare) + 1)
        for start in range(len(bare) - 1, -1, -1):  # from the end: what follows is known to be made of words
            for length in range(min(LONGEST, len(bare) - start), 0, -1):
                end = start + length
                word = self.letters.get(bare[start:end]) or names.get(bare[start:end])
                if word is not None and (end == len(bare) or ends[end] is not None):
                    ends[start] = (word, end)
                    break
        found: list[tuple[str, int, int]] = []
        start = 0
        while start < len(bare):
            step = ends[start]
            if step is None:
                return []
            found.append((step[0], at[start], at[step[1] - 1] + 1))
            start = step[1]
        return found


def of_file(data: Mapping[str, Mapping[str, list[str]]], english: Mapping[str, Any]) -> Slips:
    """The slips of a file that has been read, with the English of another."""
    return Slips.of(data.get("right", {}), data.get("pinyin", {}), english_of(english))


@lru_cache(maxsize=1)
def shipped_slips() -> Slips:
    """The slips that come with the program."""
    return of_file(*(tomllib.loads((_SHIPPED / name).read_text("utf-8")) for name in (FILE, ENGLISH)))
