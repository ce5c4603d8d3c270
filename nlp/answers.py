"""Answers to common questions: which prepared answers, if any, a message asks for, and with which words a new one would be found.
Pure; the answers are an installation's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from nlp.wording import plain


@dataclass(frozen=True)
class Answer:
    """A prepared answer. It fits a text that has one word of `any_of`, one of `with_any` (if there are some) and none of `none_of`;
    `source` says whose word it is, and after `valid_until` it is not given any more. `area`: it is for those who live there; empty: for all."""

    topic: str
    any_of: tuple[str, ...]
    with_any: tuple[str, ...]
    none_of: tuple[str, ...]
    text: str
    source: str
    valid_until: date
    area: str = ""


def find_answers(text: str, answers: Iterable[Answer], today: date) -> tuple[Answer, ...]:
    """The valid answers that fit best; several only if they fit equally well and say different things. An answer that has
    ended is never among them."""
    asked = squeezed(text)
    best: list[Answer] = []
    most = (0, 0)
    for answer in answers:
        weight = fit(asked, answer) if today <= answer.valid_until else (0, 0)
        if weight > most:
            best, most = [answer], weight
        elif weight == most > (0, 0) and all(answer.text != other.text for other in best):
            best.append(answer)
    return tuple(best)


def squeezed(text: str) -> str:
    """The text in plain wording, without blanks."""
    return "".join(plain(text).text.split())


def fit(asked: str, answer: Answer) -> tuple[int, int]:
    """How well an answer fits: how many signs of the text its words cover, then the length of the longest of `any_of`;
    (0, 0) if it does not fit."""
    subject = [word for word in map(squeezed, answer.any_of) if word in asked]
    with_ = [word for word in map(squeezed, answer.with_any) if word in asked]
    if not subject or (answer.with_any and not with_) or any(squeezed(word) in asked for word in answer.none_of):
        return 0, 0
    covered = {at for word in (*subject, *with_) for start in _places(asked, word) for at in range(start, start + len(word))}
    return len(covered), max(map(len, subject))


def _places(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


# ---- not every question is one ----------------------------------------------------------------------------------

_COMPLAINS = re.compile(
    r"(怎么|为什么|为啥|为何|咋|凭什么|凭啥|到底|什么时候才|啥时候才).{0,8}?(还没|还不|还是没|又|没人|没有人|没个人|一直|老是|老没|老不|总是|总没|总不|这么|那么|恁|不管|不修|不来|"
    r"不热|不亮|不通|没来|没暖|没水|没电|没气|几天|好几|天天|不给|乱)|还管不管|有没有人管|有人管吗|有人管没|没人管吗|谁管|管不管"
)
_WHEN = re.compile(r"什么时候|啥时候|几时|多会儿?|多久|多长时间|几点(能|来|到|修|过来|上门)|哪天(能|来|修)|还要等|谁来|谁去|谁管|修好没|好了没|来人没|到哪|怎么样了|咋样了|有进展|处理得|办得")


def complains(text: str) -> bool:
    """Whether what is put as a question tells a trouble: 为什么还没来暖气."""
    return _COMPLAINS.search(squeezed(text)) is not None


def asks_progress(text: str) -> bool:
    """Whether somebody asks when, by whom or how far: of who has an open case, a question about it."""
    return _WHEN.search(squeezed(text)) is not None


# ---- question words for a new answer ----------------------------------------------------------------------------

KINDS = (
    ("怎么", "怎样", "如何", "咋", "怎么办", "流程", "步骤"), ("在哪", "哪里", "哪儿", "什么地方", "地址"),
    ("几点", "什么时候", "啥时候", "几号", "时间", "哪天"), ("多少", "多少钱", "几块", "费用", "收费"), ("多久", "几天", "多长时间"),
    ("材料", "证件", "带什么", "要什么", "需要什么"), ("条件", "资格", "能不能", "可以", "能否", "是否"), ("电话", "号码", "联系"),
    ("申请", "办理"),
)  # fmt: skip
"""Ways of asking the same; who asks in one may ask in the others."""
_BETWEEN = re.compile(
    r"请问|一下|我们|你们|咱们|他们|我家|社区|小区|现在|今天|明天|需要|知道|想问|问下|问问|咨询|请教|什么|这个|那个|一个|有没有|是不是|还是|你好|您好|师傅|谢谢|麻烦|老师|的话|就是|"
    r"如果|应该|必须|还要|东西|事情|问题|地方|打听|准备|以上|以下|[^\u4e00-\u9fff]|[我你您他的了吗呢么啊呀吧能会要是有在用去到从给把和跟上下办退借坐领买卖岁]|交(?![通车管警易])|开(?![发水户])"
)
"""What stands between the words that name a matter."""
_CLERKS = re.compile(r"[，,、；;\s]+")
MOST = 8


class Suggested(NamedTuple):
    """Question words for a new answer."""

    topic: str
    any_of: tuple[str, ...]
    with_any: tuple[str, ...]


def suggest(question: str) -> Suggested:
    """The word that names the matter (残疾人补贴), and the ways of asking that the question has; else what it names besides."""
    asked = squeezed(question)
    kinds = [kind for kind in KINDS if any(word in asked for word in kind)]
    asking = tuple(dict.fromkeys(word for kind in kinds[: max(1, len(kinds) - (KINDS[-1] in kinds))] for word in kind))
    for word in sorted((word for kind in kinds for word in kind), key=len, reverse=True):
        asked = asked.replace(word, " ")
    named = [piece for piece in _BETWEEN.sub(" ", asked).split() if len(piece) > 1]
    subject = next((piece for piece in named if len(piece) > 2), named[-1] if named else "")
    besides = tuple(piece for piece in named if piece != subject)
    return Suggested(subject, (subject,) if subject else (), asking[: MOST * 2] or besides[:MOST])


def read_words(text: str) -> Suggested | None:
    """What a clerk writes: 低保 最低生活保障，怎么 申请: before the comma the matter, behind it the ways of asking; None if no
    word is long enough to find anything by."""
    matter, _, ways = text.strip().strip("。.").partition("，" if "，" in text else ",")
    any_of, with_any = (tuple(dict.fromkeys(w for w in _CLERKS.split(part) if len(w) > 1)) for part in (matter, ways))
    return Suggested(any_of[0], any_of[:MOST], with_any[: MOST * 2]) if any_of else None
