"""The signs of a danger: classes of words (danger.toml), each with points for a danger or against one.

A text is read once. A sign counts fully with one of its `words`, half with one of its `weak` words, and by half of that more
for each further word of it, up to MOST: "血" and "叫不醒" say more than either. Words of a sign inside a longer word that speaks
against it are not heard (救命 in 救命钱). The *pieces* are short turns of speech whose points were fitted to what residents wrote
(tune_danger.py); they count by the share they have of the text, so that a long text gathers no more than a short one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, NamedTuple

from nlp.lexicon import Lexicon

DANGERS = (
    "gas", "carbon_monoxide", "fire", "trapped", "drowning", "electric", "collapse", "violence", "jump", "illness",
    "lost_in_cold", "water_pouring", "fallen", "scald", "help",
)  # fmt: skip
MOST = 2.0
"""No sign counts for more than this many words."""
FURTHER = 0.5
WEAK = 0.5
USUAL = 20
"""Characters of a usual message; the pieces of a longer one count for less each, those of a shorter one for no more."""

Words = Callable[[Iterable[str], Mapping[str, list[str]]], frozenset[str]]


@dataclass(frozen=True)
class Sign:
    """One class of words. `kind` is the danger it tells of, by `tells`; `points` are what it gives to there being one."""

    name: str
    source: str
    kind: str
    points: float
    tells: float
    against: bool


class Seen(NamedTuple):
    """A sign in a text: how much it counts, and on which word it rests."""

    sign: Sign
    value: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Word:
    """What a word of the lexicon is good for: (number of the sign, share), and points of its own as a piece."""

    signs: tuple[tuple[int, float], ...]
    against: bool
    piece: float
    source: str
    names: bool
    """Whether it is of a sign that says which danger it is."""


@dataclass(frozen=True, slots=True)
class Signs:
    """All signs and pieces of danger.toml, compiled; `start` is what a text without any begins with."""

    signs: tuple[Sign, ...]
    words: tuple[Word, ...]
    lexicon: Lexicon
    start: float
    names: frozenset[int]
    """The words that say which danger it is."""
    cancels: Lexicon
    now: Lexicon
    """What says that it is supposed, past or over, and what says that it is so all the same."""

    def framed(self, text: str) -> bool:
        """Whether a text speaks of what might be, was or is over."""
        return bool(self.cancels.hits(text)) and not self.now.hits(text)

    def seen(self, hits: Sequence[tuple[int, int, int]]) -> list[Seen]:
        """The signs among (number of the word, start, end)."""
        told = [(number, start, end, self.words[number]) for number, start, end in hits if self.words[number].signs]
        against = [(start, end) for _, start, end, word in told if word.against and end - start > 1]
        naming = [(start, end) for _, start, end, word in told if word.names and end - start > 2]
        found: dict[int, dict[int, tuple[float, int, int]]] = {}
        for number, start, end, word in told:
            if not _inside(start, end, naming if word.against else against):
                for sign, share in word.signs:
                    found.setdefault(sign, {})[number] = (share, start, end)
        return [_counted(self.signs[sign], sorted(places.values(), reverse=True)) for sign, places in found.items()]

    def pieces(self, hits: Sequence[tuple[int, int, int]], length: int) -> float:
        """The points of the pieces, each once."""
        return share_of(length) * sum(self.words[number].piece for number in {hit[0] for hit in hits})


def share_of(length: int) -> float:
    """What one piece counts in a text of so many characters."""
    return sqrt(USUAL / max(USUAL, length))


def _inside(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    return any(a <= start and end <= b and b - a > end - start for a, b in spans)


def _counted(sign: Sign, places: list[tuple[float, int, int]]) -> Seen:
    value, start, end = places[0]
    if len(places) == 1:
        return Seen(sign, value, start, end)
    kept = [(start, end)]
    for share, s, e in places[1:]:
        if all(e <= a or b <= s for a, b in kept):
            kept.append((s, e))
            value += FURTHER * share
    return Seen(sign, min(value, MOST), start, end)


def compiled(data: Mapping[str, Any], source: Callable[..., str], words_of: Words, classes: Mapping[str, list[str]]) -> Signs:
    """The signs of danger.toml. `source(*path)` is file:line of a key."""
    signs: list[Sign] = []
    shares: dict[str, dict[int, float]] = {}
    for index, table in enumerate(data.get("sign", [])):
        against = bool(table.get("against", False))
        signs.append(
            Sign(
                table["name"], source("sign", index), table.get("kind", ""), float(table.get("points", 0.0)),
                float(table.get("tells", 0.0)), against,
            )
        )
        for key, share in (("weak", WEAK), ("words", 1.0)):
            for word in words_of(table.get(key, []), classes):
                shares.setdefault(word, {})[index] = share
    pieces = {
        word: (float(tier), source("pieces", tier))
        for tier, listed in data.get("pieces", {}).items()
        for word in words_of(listed, classes)
    }
    lexicon = Lexicon.of({*shares, *pieces})
    alike: dict[tuple[Any, ...], Word] = {}  # most words are good for the same: one value for all of them
    words: list[Word] = []
    for text in lexicon.words:
        mine, piece = tuple(shares.get(text, {}).items()), pieces.get(text, (0.0, ""))
        kept = alike.get((mine, piece))
        if kept is None:
            names = any(signs[sign].kind and not signs[sign].against for sign, _ in mine)
            kept = alike[mine, piece] = Word(mine, any(signs[sign].against for sign, _ in mine), *piece, names)
        words.append(kept)
    frames = data.get("frames", {})
    cancels, now = (Lexicon.of(words_of(frames.get(key, []), classes)) for key in ("cancels", "now"))
    naming = frozenset(number for number, word in enumerate(words) if word.names)
    return Signs(tuple(signs), tuple(words), lexicon, float(data.get("start", 0.0)), naming, cancels, now)


_KEYS = ("name", "kind", "tells", "against", "points", "words", "weak")


def sign_faults(data: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What is wrong with the signs and pieces of a file: (where, what would be right)."""
    signs = data.get("sign", [])
    if not isinstance(signs, list) or not all(isinstance(sign, dict) for sign in signs):
        yield ("sign",), "每类词以 [[sign]] 开头（两层方括号）"
        return
    for index, sign in enumerate(signs):
        for key in sign:
            if key not in _KEYS:
                yield ("sign", index, key), f"没有这一项；可以写的有 {', '.join(_KEYS)}"
        if not sign.get("name"):
            yield ("sign", index, "name"), '缺少名称，例如 name = "不醒"'
        if sign.get("kind", "help") not in DANGERS:
            yield ("sign", index, "kind"), f"应是 {', '.join(DANGERS)} 之一"
        for key in ("points", "tells"):
            if not _is_number(sign.get(key, 0.0)):
                yield ("sign", index, key), f"应是 -10 到 10 之间的数，例如 {key} = 1.2"
        for key in ("words", "weak"):
            if not _are_words(sign.get(key, ["一"])):
                yield ("sign", index, key), '应是词的列表，例如 ["叫不醒", "没反应"]，不能有空词'
    frames = data.get("frames", {})
    for key, words in frames.items() if isinstance(frames, dict) else [("frames", None)]:
        if key not in ("cancels", "now") or not _are_words(words):
            yield ("frames", key), '应是 cancels 和 now 两个词的列表，例如 cancels = ["去年", "要是"]'
    for tier, words in data.get("pieces", {}).items():
        if not _are_words(words):
            yield ("pieces", tier), '应是词的列表，例如 ["快来"]，不能有空词'


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and -10 <= value <= 10


def _are_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) and word != "" for word in value)
