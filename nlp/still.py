"""Whether somebody says that a danger is not over: 还困着呢, 火没灭, 还有危险. Read only where a danger was said to be over."""

from __future__ import annotations

import re
from typing import Final

from nlp.wording import plain

_GOES_ON: Final = (
    r"危险|不安全|困(?!难)|着火|着着|烧|火|烟|冒|喷|涌|漏|流|淌|煤气|燃气|气味|有电|带电|打[我他她人](?!电话)|打着|闹|跳|掉|塌|没灭|没出来|没救|没醒|没来人|没人|没有人"
    r"|在(?:里面|里头|上面|下面|底下|电梯|井|水|屋|楼顶)"
)
STILL: Final = re.compile(
    rf"(?:还|仍|依然|依旧|一直)(?!有)[是在都]?.{{0,4}}?(?:{_GOES_ON})"
    r"|还是?有(?:点|些|一股|很大的?)?(?:危险|火|烟|煤气|燃气|气味|怪味|人(?:困|在|没))"
    r"|(?:没有?|压根没|根本没)(?:一个)?人(?:来|到|管)|(?:根本|压根)没(?:来|到|人)|(?:人|孩子|老人|火|水|气)(?:都|还)?没(?:出来|救出来|灭|关|停|到)"
    r"|又(?:着|烧|冒|漏|喷|流|困|打)|(?:很|太|更|特别|非常)危险|有危险"
)
OVER: Final = re.compile(r"(?:没有?|不)(?:什么|啥)?(?:事|危险|要紧)|不危险|安全了|[已都]经?好了|[灭停]了|(?<!没)(?:救|放)?出来了|谢谢|多谢|辛苦")


def still_there(text: str) -> bool:
    """Whether the words say that the danger goes on, or that nobody has come; what says that it is over is none."""
    words = plain(text).text
    return OVER.search(words) is None and STILL.search(words) is not None
