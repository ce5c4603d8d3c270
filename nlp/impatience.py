"""Impatience and nothing else: 有人管吗, 两天了一个电话都没有, 我要投诉到12345, 喂？？. It tells no matter of its own."""

from __future__ import annotations

import re

from nlp.wording import plain

_HURRIES = re.compile(
    r"到底管不管|管不管|有没有人管|有人管[吗没么]?|没人管|谁管|归谁管|[回理答][复应]?[我俺一]|(?:听|看)(?:见|到)了?(?:没有?|吗)|(?:一个|连个|个)?(?:电话|人影?|人毛|回音|信儿?|回信|消息)(?:都|也)没有?"
    r"|没(?:有)?(?:人|个人)(?:理|回|接|来|联系|答)|电话(?:打不通|没人接|不接|老占线)|打不通|没个(?:准信|说法|动静)|(?:投诉|举报)(?:到|去|给)*(?:12345)?|(?:打|找|告)(?:到|去)?12345|[一二两三四五六七八九十几\d]+(?:天|个小时|个钟头)了|半天了|都?等了|等到(?:什么时候|啥时候|几时|猴年马月)"
    r"|拖到(?:什么时候|啥时候)|怎么还(?:没|不)(?:来|人|消息|动静|回)|咋还(?:没|不)(?:来|人|消息|动静|回)|还来不来|来不来了?"
)
_CALLS = re.compile(r"喂+|在吗|在不在|有人吗|人呢|在没在|还在吗|哈喽|hello")
_BESIDE = re.compile(
    r"你们?|我们?|俺们?|到底|究竟|还|都|就|再|又|要|去|到|打|给|把|也|了|啊|呀|吧|呢|吗|么|哦|嘛|啦|是|不是|怎么|咋|这|那|回|连|一下|一声|句话|话|一直|现在|今天|昨天|这么久|好久|好几|多久|天|快点|赶紧|赶快|快|急|死人|什么|啥|没|不|有|人|谁|能|会|想|得|可|[\W_]"
)


def calls_out(text: str) -> bool:
    """喂？？, 在吗, 人呢: is anybody there?"""
    words = plain(text[:60]).text
    return len(words) <= 12 and _CALLS.search(words) is not None and not _BESIDE.sub("", _CALLS.sub("", words))


def only_impatient(text: str) -> bool:
    """Whether somebody who waits presses, and says nothing else."""
    words = plain(text[:80]).text
    return len(words) <= 50 and _HURRIES.search(words) is not None and not _BESIDE.sub("", _HURRIES.sub("", words))
