"""Words that are quoted on paper, without what says who somebody is: names, telephones, rooms, number plates, documents, accounts.

Staff and the residents of the report are known by name; of others a form of address, or what stands before a name, betrays them. What
looks like a name and is none goes too: a word too few is better on a table before many than a name too much.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from bot.papers.words import say
from nlp.identity import DOUBLE, FAMILY, ROOM, TITLES, without, without_names, without_numbers

GONE: Final = "…"
_AFTER = r"(?=[，,。；;！!？?\s、：:]|$)"
DOOR = re.compile(r"[东西南北中](?:边|侧)?户(?!型|外|籍)")
CALLED = re.compile(rf"(我(?:姓|叫|是))[\u4e00-\u9fff]{{1,3}}?{_AFTER}")
ADDRESSED = re.compile(rf"(?:(?:{DOUBLE})|[{FAMILY.replace('谢', '')}])(?![的了是在])[\u4e00-\u9fff]?(?=(?:{TITLES}))")
NICK = re.compile(r"(?<![大中低])[老小][王李张刘陈赵周吴徐孙朱郭何罗宋唐韩冯邓曹彭曾肖](?=[，,。；;！!？?\s、说讲来去修给他她人家的把又也就在是]|$)")
_WORDS = (
    "任何|方便|方面|方案|高空|高层|高兴|高压|高声|高度|何时|何况|白天|白色|常常|常年|万一|马上|马路|马桶|于是|严重|温度|段时|钱|金|石|江边|夏天|毛病|康复|"
    "周[围边末日一二三四五六]|陈旧|黄色|黄土|林立|程度|曾经|许多|许可|谢谢|武力|易|齐|孔|汤|田|任意|季节|尤其|安"
)
INTRODUCED = re.compile(rf"((?:师傅|网格员|书记|主任|经理|老师|医生|邻居|工人|名叫|业主|户主|住户|租户|房东|店主|楼上|楼下|隔壁|对门)(?:叫|是)?)(?!{_WORDS})(?:(?:{DOUBLE})|[{FAMILY}])[\u4e00-\u9fff](?:(?![不没的了家])[\u4e00-\u9fff])?(?![\u4e00-\u9fff]*(?:小区|社区|街道|路|村))")
LABELLED = re.compile(r"((?:姓名|联系人|户主|投诉人|反映人|举报人|申请人|来电人)\s*(?:[：:]|是|叫|为)\s*)[\u4e00-\u9fff·]{2,4}")

Hide = Callable[[str], str]


def hider(names: frozenset[str]) -> Hide:
    """Words without what says who somebody is. `names`: those that are known."""
    somebody, room, door = say("voice.name"), say("voice.room"), say("voice.door")

    def hide(text: str) -> str:
        text = DOOR.sub(door, ROOM.sub(room, without_numbers(text, GONE)))
        text = without_names(without(names, text, somebody), somebody)
        for named in (LABELLED, CALLED, INTRODUCED):
            text = named.sub(rf"\g<1>{somebody}", text)
        return NICK.sub(somebody, ADDRESSED.sub(somebody, text))

    return hide
