"""Words of a text: jieba with the words of the trade, or the faster rjieba when it is installed.

The only file that knows either library. The words of the rules are looked up in one pass; jieba's words then bear each
of them out (rules.py), so that characters which merely stand side by side make no keyword.
Messages are never tagged by part of speech, which costs ten times as much and is not needed.
"""

from __future__ import annotations

import logging
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate
from typing import Any, Final

from nlp.numerals import in_digits

WAY: Final = "2"
"""Which way of cutting the words of cases this is; whoever changes what `search_words` gives, counts on."""

_HELD = re.compile(r"[\w]")  # a sign that stands for something
_NOT = re.compile("(?=([不没无未][\u4e00-\u9fff]))")
_NUMBERED = re.compile(r"(?<![0-9a-z])([a-z]?[0-9]{1,5})\s*(号楼|号院|#楼|楼栋|栋楼?|幢楼?|单元|号|室|#)")
_COUNTING = re.compile("[号號楼樓栋棟幢元院室#＃]")
_ROOM = re.compile(r"(?<=[元楼栋幢])\s*([0-9]{3,4})(?![0-9])(?!室|号楼|栋|幢|单元)")  # 2单元501 without its 室
_CALLED: Final = {"#楼": "号楼", "楼栋": "号楼", "栋": "号楼", "栋楼": "号楼", "幢": "号楼", "幢楼": "号楼", "#": "号楼"}
"""What a building is called besides: 6栋 is found by 6号楼."""
_NAME = re.compile("(?=((?:(?![的了在是我你他她它们有就也都还又不没无未这那哪吗呢啊吧把被给和跟与到从上下来去要会能很太])[\u4e00-\u9fff]){2}))")
"""Two signs that may be of a name; with one of those that fill a sentence they are not worth keeping."""
LONGEST = 24  # characters of a word that is worth finding

TRADE_WORDS = (
    "网格员", "楼栋长", "单元长", "物业费", "取暖费", "暖气片", "换热站", "分水器", "回水管", "立管", "地暖", "消防通道",
    "飞线充电", "群租房", "住改商", "业委会", "维修基金", "大修基金", "公共收益", "化粪池", "下水道", "井盖", "雨污分流",
    "广场舞", "充电桩", "僵尸车", "断头路", "加装电梯", "老旧小区", "不动产证", "房产证", "低保", "社保卡", "居住证", "号楼", "单元",
)  # fmt: skip


def _load_fast() -> Any | None:
    try:
        import rjieba
    except ImportError:
        return None
    cutter: Any = rjieba.Jieba()
    for word in TRADE_WORDS:
        cutter.add_word(word, None, None)
    return cutter


def _load_jieba() -> Any:
    import jieba

    jieba.setLogLevel(logging.WARNING)
    # jieba writes its cache to the shared temporary folder under a fixed name; one of our own cannot be planted or clash
    folder = os.path.join(tempfile.gettempdir(), f"jiesu-words-{os.getuid() if hasattr(os, 'getuid') else 0}")
    os.makedirs(folder, mode=0o700, exist_ok=True)
    cutter = jieba.Tokenizer()
    cutter.tmp_dir = folder
    for word in TRADE_WORDS:
        cutter.add_word(word)
    return cutter


@lru_cache(maxsize=1)
def _cutter() -> Any:
    return _load_fast() or _load_jieba()


def warm() -> None:
    """Load the dictionary now (0.1 to 1 s) rather than at the first message."""
    _cutter()


def words(text: str) -> list[str]:
    """The words of a text in order; joined they are the text."""
    return list(_cutter().cut(text)) if text else []


def borders(text: str) -> frozenset[int]:
    """Positions at which a word begins or ends."""
    return frozenset(accumulate(map(len, words(text)), initial=0))


def bag(text: str, stop: Iterable[str] = ()) -> frozenset[str]:
    """The set of words of two characters and more, to compare two requests with."""
    left_out = set(stop)
    return frozenset(word for word in words(text) if len(word) > 1 and word not in left_out and not word.isspace())


def search_words(text: str) -> frozenset[str]:
    """The words by which a text is found: its own, and every word of the dictionary that stands anywhere in it. So a word is found
    wherever it was said, also where the text as a whole is cut otherwise (路灯 in 路灯不亮); and what is not so: 不亮, 没水, the number
    of a building, a name, which no dictionary has."""
    every = _all(text)
    found = {*words(text), *every, *_NOT.findall(text), *_numbered(text)[0], *_pairs(text, every)}
    return frozenset(plain for word in found if (plain := _plain(word)))


def asked_words(text: str) -> list[str]:
    """The words that a text to be found must have: numbers of buildings and rooms, and all of the dictionary in what is looked for, a
    name in it by its pairs of signs; where there are none, its own."""
    numbers, rest = _numbered(text)
    every = _all(rest)
    return _worth([*numbers, *every, *_pairs(rest, every)]) or own_words(text)


def own_words(text: str) -> list[str]:
    """The words of what is looked for as it is read, without those inside and across them; numbers of buildings and rooms stay."""
    numbers, rest = _numbered(text)
    return _worth([*numbers, *words(rest)])


def _numbered(text: str) -> tuple[list[str], str]:
    """Numbers with what they count, as one word each (6号楼, 2单元, 501室), and the text without them."""
    if not _COUNTING.search(text):  # most texts
        return [], text
    plain, _ = in_digits(unicodedata.normalize("NFKC", text).lower())
    found = [number.lstrip("0") + _CALLED.get(what, what) for number, what in _NUMBERED.findall(plain)]
    rooms = [f"{room}室" for room in _ROOM.findall(plain)]
    return [*found, *rooms], _NUMBERED.sub(" ", _ROOM.sub(" ", plain)) if found or rooms else text


def _pairs(text: str, every: Iterable[str]) -> list[str]:
    """Pairs of neighbouring signs that stand in no word of the dictionary, as those of a name do. `every`: the words of `_all`, which
    come in the order in which they begin."""
    between: list[str] = []
    begins, known, longest = 0, 0, 0
    for word in every:
        if (long := len(word)) > 1:
            at = text.find(word, begins + (long <= longest))  # at one place the shorter comes before the longer
            if at < 0:
                continue
            if at - known > 1:
                between.append(text[known:at])
            begins, known, longest = at, max(known, at + long), long
    return _NAME.findall("\n".join((*between, text[known:])))


def _all(text: str) -> list[str]:
    """Every word of the dictionary that stands in a text, also one across another."""
    cutter = _cutter()
    return list(cutter.cut_all(text) if hasattr(cutter, "cut_all") else cutter.cut(text, cut_all=True)) if text else []


def _worth(found: Iterable[str]) -> list[str]:
    """Words of two signs and more, each once."""
    return list(dict.fromkeys(plain for word in dict.fromkeys(found) if (plain := _plain(word))))


@lru_cache(50_000)  # the same words in every text
def _plain(word: str) -> str:
    """As it is looked for; nothing where nobody would."""
    plain = word.strip().lower()
    return plain if 1 < len(plain) <= LONGEST and _HELD.search(plain) else ""


def may_be_a_name(word: str) -> bool:
    """Whether jieba takes a word, or a part of it, for the name of a person, a place or a firm. Slow: for nlp/tune.py only."""
    from jieba import posseg

    return any(flag in ("nr", "ns", "nt", "nz", "nrt", "nrfg") for _, flag in posseg.cut(word))
