"""A message in English, told in the Chinese words that the rules know: "no heating" is 没暖气. Kept in rules/english.toml.

Word for word and no grammar: enough to see what is the matter and where. Chinese text never comes here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

FILE = "english.toml"
_RUN = re.compile(r"[a-z0-9](?:[a-z0-9'’ \t@/_-]|\.(?=[a-z])|[.#](?= ?[0-9]))*")
_TOKEN = re.compile(r"(?<![@./_])(?:[a-z]+(?:['’][a-z]+)*|[0-9]+(?:st|nd|rd|th)?)(?![a-z@/_]|\.[a-z])")
"""No part of an address: fire@leak.com."""
_NUMBER = re.compile(r"([0-9]{1,4})(?:st|nd|rd|th)?")
_WORD = re.compile("[a-z]{2,}")
_CHINESE = re.compile("[\u3400-\u9fff]")
_PARTS = 4
"""A place's name typed in letters has no more pieces than this: jin xiu yuan."""


_PASSED = 6
"""So many words may stand between those of a phrase."""


class Token(NamedTuple):
    """A word or number of the text, as it is looked up."""

    word: str
    start: int
    end: int


class Piece(NamedTuple):
    """What a stretch of the text means in Chinese; nothing for a word that only joins others."""

    meant: str
    start: int
    end: int
    place: bool = False


@dataclass(frozen=True, eq=False)
class English:
    """What each phrase means, which words count with a number beside them (building 3), and which only join others."""

    phrases: Mapping[str, Mapping[tuple[str, ...], str]] = field(default_factory=dict)
    numbered: Mapping[str, str] = field(default_factory=dict)
    skip: frozenset[str] = frozenset()

    def told(self, text: str, origin: Sequence[int], names: Mapping[str, str]) -> tuple[str, Sequence[int]]:
        """The text with every known phrase in Chinese; `origin` is the place each character of it came from."""
        pieces: list[str] = []
        places: list[int] = []
        done = 0
        last: Piece | None = None
        for piece in self._pieces(text, names):
            between = text[done : piece.start]
            if last is not None and not between.strip() and (last.meant or not piece.meant):
                between = "," if piece.meant and piece.place != last.place else ""
            pieces += [between, piece.meant]
            places += [origin[min(done + n, piece.start)] for n in range(len(between))]
            places += _ends(piece, origin)
            done, last = piece.end, piece if piece.meant or last is None else last
        if last is None:
            return text, origin
        return "".join([*pieces, text[done:]]), [*places, *origin[done:]]

    def speaks(self, text: str) -> bool:
        """Whether a message is English: not one Chinese sign in it, and words that are known here."""
        words = text.lower()
        return not _CHINESE.search(words) and bool(_WORD.search(words)) and any(p.meant for p in self._pieces(words, {}))

    def _pieces(self, text: str, names: Mapping[str, str]) -> Iterator[Piece]:
        for run in _RUN.finditer(text):
            found = list(self._of_run([_token(t, run.start()) for t in _TOKEN.finditer(run[0])], names))
            if any(piece.meant for piece in found):
                yield from found

    def _of_run(self, tokens: list[Token], names: Mapping[str, str]) -> Iterator[Piece]:
        at = 0
        while at < len(tokens):
            piece, after = self._numbered(tokens, at) or self._phrase(tokens, at) or _name(tokens, at, names) or (None, at + 1)
            if piece is None and tokens[at].word in self.skip:
                piece = Piece("", tokens[at].start, tokens[at].end)
            if piece is not None:
                yield piece
            at = after

    def _numbered(self, tokens: list[Token], at: int) -> tuple[Piece, int] | None:
        """building 3, building no 3, 3rd floor, number 3 building."""
        rest = [n for n in range(at, min(at + 4, len(tokens))) if tokens[n].word not in ("no", "number")]
        if len(rest) < 2:
            return None
        one, other = rest[0], rest[1]
        for word, count in ((one, other), (other, one)):
            unit, number = self.numbered.get(tokens[word].word), _NUMBER.fullmatch(tokens[count].word)
            follows = other + 1 < len(tokens) and _NUMBER.fullmatch(tokens[other + 1].word)
            if unit and number and not (count < word and follows):  # 3 building 5: the number behind belongs to it
                return Piece(f"{number[1]}{unit}", tokens[at].start, tokens[other].end, True), other + 1
        return None

    def _phrase(self, tokens: list[Token], at: int) -> tuple[Piece, int] | None:
        """The longest phrase that begins here; words that only join others do not part it."""
        longest: tuple[Piece, int] | None = None
        for phrase, meant in self.phrases.get(tokens[at].word, {}).items():
            end = self._reaches(tokens, at, phrase)
            if end is not None and (longest is None or end > longest[1]):
                longest = Piece(meant, tokens[at].start, tokens[end - 1].end), end
        return longest

    def _reaches(self, tokens: list[Token], at: int, phrase: tuple[str, ...]) -> int | None:
        passed = 0
        for n, word in enumerate(phrase):
            while n and at < len(tokens) and passed < _PASSED and tokens[at].word != word and tokens[at].word in self.skip:
                at, passed = at + 1, passed + 1
            if at >= len(tokens) or tokens[at].word != word:
                return None
            at += 1
        return at


NONE = English()
"""No English is understood."""


def _token(found: re.Match[str], start: int) -> Token:
    return Token(_bare(found[0]), start + found.start(), start + found.end())


def _bare(word: str) -> str:
    """As it is looked up: doesn't and doesnt, light and lights are one."""
    word = re.sub("['’]s$", "", word).replace("'", "").replace("’", "")
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _name(tokens: list[Token], at: int, names: Mapping[str, str]) -> tuple[Piece, int] | None:
    """The name of a place, in one word or several: jinxiuyuan, jin xiu yuan."""
    if not names:
        return None
    for end in range(min(at + _PARTS, len(tokens)), at, -1):
        if name := names.get("".join(token.word for token in tokens[at:end])):
            return Piece(name, tokens[at].start, tokens[end - 1].end, True), end
    return None


def _ends(piece: Piece, origin: Sequence[int]) -> list[int]:
    """The first character carries where the English began, the others where it ended."""
    first, last = origin[piece.start], origin[piece.end - 1]
    return [first, *[last] * (len(piece.meant) - 1)] if len(piece.meant) > 1 else [first][: len(piece.meant)]


def english_of(data: Mapping[str, Any]) -> English:
    """From a file that has been read: Chinese word = its phrases."""
    phrases: dict[str, dict[tuple[str, ...], str]] = {}
    for meant, spoken in data.get("words", {}).items():
        for phrase in spoken:
            words = tuple(_bare(found[0]) for found in _TOKEN.finditer(phrase.lower()))
            if words:
                phrases.setdefault(words[0], {})[words] = meant
    numbered = {_bare(word): unit for unit, words in data.get("numbered", {}).items() for word in words}
    return English(phrases, numbered, frozenset(_bare(word) for word in data.get("skip", [])))
