"""Which grids are meant: 锦绣社区第3网格, 三网格, 锦绣3网格, or all of 锦绣社区."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from nlp.numerals import number
from nlp.wording import plain

_NUMBERED: Final = re.compile(r"第?\s*(\d{1,3}|[一二三四五六七八九十]{1,3})\s*(?:号|个)?\s*网格")
_FILLER: Final = re.compile(r"[\s?？。!！、,，:：的呢吗啊呀]|谁|在|值班|值守|当班|是|有|请问|查|一下|看看")
_KIND: Final = re.compile("社区|居委会|网格")


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid with its names, and those of the community it lies in."""

    id: str
    names: tuple[str, ...]
    community: tuple[str, ...]


def bare(words: str) -> str:
    """The words without what only asks."""
    return _FILLER.sub("", plain(words).text)


def grids_meant(words: str, grids: Sequence[Grid]) -> list[Grid]:
    """The grids that the words name: one by its name, by number, or all of a community. Empty: nobody knows it."""
    asked = bare(words)
    if whole := [g for g in grids if asked in map(bare, g.names)]:
        return whole
    count, hint = _number(asked), _KIND.sub("", _NUMBERED.sub("", asked))
    found = [g for g in grids if count is None or count in {_number(bare(n)) for n in g.names}]
    if hint:
        found = [g for g in found if any(hint in bare(n) for n in (*g.community, *g.names))]
    return found if hint or count is not None else []


def likely(words: str, grids: Sequence[Grid], many: int = 4) -> list[Grid]:
    """Grids whose names look like the words; failing that, the first ones."""
    by_name = {bare(name): g for g in grids for name in g.names}
    close = difflib.get_close_matches(bare(words), list(by_name), many, 0.4)
    return list(dict.fromkeys(by_name[n] for n in close)) or list(grids[:many])


def _number(words: str) -> int | None:
    found = _NUMBERED.search(words)
    return number(found[1]) if found else None
