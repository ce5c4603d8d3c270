"""Finds every known word of a text in one pass; the cost does not grow with the number of words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Lexicon:
    """Words by their first character and length. Build with `Lexicon.of(words)`."""

    words: frozenset[str]
    lengths: dict[str, tuple[int, ...]]

    @classmethod
    def of(cls, words: Iterable[str]) -> Lexicon:
        kept = frozenset(word for word in words if word)
        lengths: dict[str, set[int]] = {}
        for word in kept:
            lengths.setdefault(word[:2], set()).add(len(word))
        return cls(kept, {head: tuple(sorted(all_, reverse=True)) for head, all_ in lengths.items()})

    def find(self, text: str) -> Iterator[tuple[int, str]]:
        """Every (start, word) in the text, overlapping ones too, longest first at each place."""
        words, lengths = self.words, self.lengths
        for start in range(len(text)):
            for length in lengths.get(text[start : start + 2], ()):
                word = text[start : start + length]
                if word in words:
                    yield start, word
            if text[start] in words and len(text) - start > 1:
                yield start, text[start]
