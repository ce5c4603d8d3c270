"""What a text says is not so: 不是垃圾的事，是路灯 (another matter), 狗不叫了，但是… (over), 没停水，就是水小 (not that trouble).

Grammar, not words of the trade; what it finds is not heard by the rules (`unheard`), or is heard without being a trouble
(`untrue`: the matter is right, its urgency and topic are not).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Span = tuple[int, int]

_SIGN = re.compile("[不没无别甭]")
_CLAUSE = re.compile(r"[^,。!?;、\n]+")
_ANOTHER = re.compile(
    r"(?<!是)(?:(?:并?不是|不怪|不关|不是说)(?!没|不|停|断)|别(?:再)?(?:给我|跟我)?提|甭提|先不说|不说)[^,。!?;\n]{1,14}[,。; ]"
    r"(?=(?:而|就|只|主要|关键|其实|我要说|我说|说)?[^,。!?;\n]{0,3}是)"
)
"""Not this but that."""
_OVER = re.compile(
    r"(?:不再?|没再?)(?:漏水?|堵|臭|吵|响|闹腾?|叫|滴水?|渗水?|返水|反水|晃|闪|呛人?|冒烟)了|(?:没有?|无)(?:异味|怪味|臭味|味儿?|噪音|积水|垃圾)了"
)
"""A trouble that is gone: these are bad things, so their end is good."""
_RINGS = re.compile("门铃|铃|喇叭|对讲|报警|警报|电话|广播|音响|电视")
"""What does not ring any more is broken."""
_UNTRUE = re.compile(
    r"(?<!是)不是(?:没有?|不|停)[^,。!?;\n]{1,8}|没有?停[水电气暖]|从来?没有?不[^,。!?;\n]{1,4}过|不能说不[^,。!?;\n]{1,4}"
    r"|(?:邻居|楼上|楼下|隔壁|对门)[^,。!?;\n]{0,3}(?:说|家)[^,。!?;\n]{0,10}(?=[,。]\s*(?:我们?|俺|咱)家(?:里|的)?(?:有|热|没事|正常|好好))"
)


def unheard(text: str) -> list[Span]:
    """Where words stand that are not the matter of this text."""
    return list(_unheard(text)) if _SIGN.search(text) else []


def _unheard(text: str) -> Iterator[Span]:
    for other in _ANOTHER.finditer(text):
        yield other.span()
    for clause in _CLAUSE.finditer(text):
        over = _OVER.search(clause[0])
        if over is None or _RINGS.search(clause[0]):
            continue
        said_more = _CLAUSE.search(text, clause.end()) is not None
        yield clause.span() if said_more else (clause.start() + over.start(), clause.start() + over.end())


def untrue(text: str) -> list[Span]:
    """Where a trouble is named only to say that it is not so."""
    return [found.span() for found in _UNTRUE.finditer(text)] if _SIGN.search(text) else []


def within(at: int, spans: list[Span]) -> bool:
    """Whether a place lies in one of the spans."""
    return any(start <= at < end for start, end in spans)
