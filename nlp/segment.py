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
from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate
from typing import Any

_HELD = re.compile(r"[\w]")  # a sign that stands for something
_NOT = re.compile("(?=([不没无未][\u4e00-\u9fff]))")
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
    wherever it was said, also where the text as a whole is cut otherwise (路灯 in 路灯不亮); and what is not so (不亮, 没水), which no
    dictionary has."""
    return frozenset(_worth([*words(text), *_all(text), *_NOT.findall(text)]))


def asked_words(text: str) -> list[str]:
    """The words that a text to be found must have: all of the dictionary in what is looked for; where there are none, its own."""
    return _worth(_all(text)) or _worth(words(text))


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
