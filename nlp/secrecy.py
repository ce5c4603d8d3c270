"""别说是我说的, 能不能匿名: somebody wants not to be named to those who come. What has gone out cannot be called back, so it is heard
wherever it stands in a message."""

from __future__ import annotations

import re

from nlp.wording import READ_AT_MOST, plain

_CLAUSE = re.compile(r"[^，,。；;！!？?\n\s]+")
_WISH = re.compile(
    r"(?<!不)(?<!没)(?<!没有)(?:匿名|保密)(?!性|协议|柜|室|局)"
    r"|(?:别|不要|不能|千万别|莫|甭)[^，。]{0,8}(?:说|讲|提|告诉|透露|暴露|露)[^，。]{0,8}"
    r"(?:[是有]?[我俺](?:[家的]|说|讲|反映|举报|投诉|告|发|报|$)|是谁|名字|姓名|身份)"
    r"|(?:别|不要|不想|不愿意?|不希望|怕)(?:让|给|叫|被)[^，。]{0,8}(?:知道|晓得|看到|看见|认出)(?:了|是|我|俺|谁|说|讲|反映|举报|投诉|的|来)*$"
    r"|(?:别|不要|不想|不愿意?)(?:透露|公开|泄露|暴露|露|写|留)[^，。]{0,6}(?:名|姓|身份|信息|是谁)"
)
_TALK = re.compile(r"(?:泄露|泄密|卖了|出卖|资料|合同|技术|考试|选举|投票|信件?|举报箱)")
_BESIDE = re.compile(r"(?:能不能|可不可以|可以|能|想|要|请|麻烦|帮我|给我|一定|务必|这事|这个事|这件事|千万|啊|吗|吧|呀|哦|不|谢谢|您|你们?|我|处理|举报|反映|投诉|一下|另外|还有|记得|替)")


def wishes_hidden(text: str) -> bool:
    """Whether somebody asks not to be named."""
    return bool(_spans(text))


def only_wishes(text: str) -> bool:
    """Whether nothing else is said."""
    return wishes_hidden(text) and not _BESIDE.sub("", re.sub(r"[\W_]+", "", without_wish(text)))


def without_wish(text: str) -> str:
    """What else is said: a card that quotes 别说是我说的 would say it."""
    kept, at = [], 0
    for start, end in _spans(text):
        kept.append(text[at:start])
        at = end
    return re.sub(r"(?<=[，,。；;！!？?\s])[，,。；;！!？?\s]+", "", "".join([*kept, text[at:]])).strip(" ，,；;\n")


def _spans(text: str) -> list[tuple[int, int]]:
    """The clauses that say so."""
    read = text[:READ_AT_MOST]
    return [c.span() for c in _CLAUSE.finditer(read) if _WISH.search(plain(c[0]).text) and not _TALK.search(c[0])]
