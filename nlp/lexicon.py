"""Finds every known word of a text in one pass; the cost does not grow with the number of words.

The only file that knows ahocorasick_rs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import ahocorasick_rs


class _Automaton(Protocol):
    def find_matches_as_indexes(self, haystack: str, overlapping: bool = ...) -> Sequence[tuple[int, int, int]]: ...


@dataclass(frozen=True, eq=False)
class Lexicon:
    """A set of words that can be searched for all at once. Build with `Lexicon.of(words)`."""

    words: tuple[str, ...]
    automaton: _Automaton

    @classmethod
    def of(cls, words: Iterable[str]) -> Lexicon:
        kept = tuple(sorted({word for word in words if word}))
        return cls(kept, ahocorasick_rs.AhoCorasick(kept))

    def hits(self, text: str) -> Sequence[tuple[int, int, int]]:
        """Every (number of the word, start, end) in the text, overlapping ones too, in the order in which they end."""
        return self.automaton.find_matches_as_indexes(text, overlapping=True)

    def find(self, text: str) -> Iterator[tuple[int, str]]:
        """Every (start, word) in the text, overlapping ones too, by place, the longest first at each place."""
        words = self.words
        for start, _, number in sorted((start, -end, number) for number, start, end in self.hits(text)):
            yield start, words[number]
