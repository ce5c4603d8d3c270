"""活着真没意思, 我一个人住没人管我: no trouble of a building, and no danger yet; somebody needs a person."""

from __future__ import annotations

import re

from nlp.wording import plain

_DESPAIRS = re.compile(
    r"(?:活着|活得|日子|人生)(?:真|也|太|可|还|都)*(?:没有?(?:什么|啥)?(?:意思|意义|劲|奔头|盼头|指望)|累)|活够了|不想活|活不下去|过不下去了|还不如死|生不如死|想不开|撑不下去了|没有?(?:什么|啥)(?:盼头|指望)了"
)
_LONELY = re.compile(
    r"(?:没有?人|谁也不|谁都不|都不)(?:管我|理我|要我|来看我|陪我|跟我说话|问我)(?!们)|(?:儿子|闺女|女儿|孩子|儿女|子女)(?:们)?(?:也|都|老)?(?:不回来|不来看|不管我|不要我)|(?:就我|我)一个(?:人|老(?:头|太太|婆子))(?:住|过|在家)[^，。]{0,6}(?:没人|害怕|孤单|闷|难受)"
    r"|(?:太|好|很|真)(?:孤单|孤独|寂寞)|没人说说?话"
)


def despairs(text: str) -> bool:
    """Whether somebody sees no sense in living."""
    return len(text) <= 60 and _DESPAIRS.search(plain(text).text) is not None


def lonely(text: str) -> bool:
    """Whether somebody is alone, and says so."""
    return len(text) <= 40 and _LONELY.search(plain(text).text) is not None
