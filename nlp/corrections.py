"""A change of mind: what somebody means now, and what they say is not so (不是3号楼，是5号楼 · 打错了，三单元)."""

from __future__ import annotations

import re

CORRECTION = re.compile(
    r"(?:^|[，,。 ])错了|不是|不对|说错|写错|打错|发错|搞错|弄错|选错|填错|报错了|更正|应该是|我说的是|改成|改为"
)
_PIECE = re.compile(r"[，,。；;！!、\s]+")
_SORRY = re.compile(r"^(?:哦|噢|啊|诶|哎|额|呃|嗯|对不起|不好意思|抱歉)+")
_NOT_THAT = re.compile(r"^(?:并?不是|不在)(?P<that>.*)$")
_WRONG = re.compile(r"^(?:我?刚?才?(?:不对|改一?下|错了|(?:说|写|打|发|搞|弄|选|填|报)错了?|更正))+(?P<rest>.*)$")
_WITHDRAWS = re.compile(r"撤|不报|不用|不要|算了|取消|不办|别来|不修")


def corrected(text: str) -> tuple[str, str]:
    """What is meant, and what is said not to be."""
    meant, denied = [], []
    for piece in _PIECE.split(text):
        bare = _SORRY.sub("", piece)
        no, wrong = _NOT_THAT.match(bare), _WRONG.match(bare)
        if no is not None:
            that, _, rest = no["that"].partition("是")
            denied.append(that)
            meant.append(rest)
        else:
            meant.append(wrong["rest"] if wrong is not None else bare)
    return "，".join(m for m in meant if m), "，".join(d for d in denied if d)


def only_corrects(text: str) -> bool:
    """打错了，是5号楼 mends something; it withdraws nothing."""
    return CORRECTION.search(text) is not None and _WITHDRAWS.search(text) is None
