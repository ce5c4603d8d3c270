"""Words that are quoted on paper, without what says who somebody is: names, telephones, rooms, number plates, documents, accounts.

Staff and the residents of the report are known by name; of others a form of address, or what stands before a name, betrays them. What
looks like a name and is none goes too: a word too few is better on a table before many than a name too much.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from bot.papers.words import say
from nlp.shortwords import hide_phone

GONE: Final = "…"
_FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文肖闫尤严温齐季申祁芦柴翟焦葛樊霍"
_DOUBLE = "欧阳|司马|上官|诸葛|皇甫|令狐|慕容|尉迟|司徒|端木"
_TITLES = (
    "先生|女士|同志|小姐|太太|阿姨|大爷|大妈|大娘|大姐|大哥|大嫂|奶奶|爷爷|婆婆|叔|伯|婶|嫂|姐|哥|师傅|书记|主任|经理|医生|大夫|护士|老师|校长|"
    "教授|律师|警官|队长|所长|站长|局长|处长|科长|院长|店长|村长|会长|老板|工程师|管家|楼长"
)
_AFTER = r"(?=[，,。；;！!？?\s、：:]|$)"
CALLED = re.compile(rf"(我(?:姓|叫|是))[\u4e00-\u9fff]{{1,3}}?{_AFTER}")
ADDRESSED = re.compile(rf"(?:(?:{_DOUBLE})|[{_FAMILY.replace('谢', '')}])(?![的了是在])[\u4e00-\u9fff]?(?=(?:{_TITLES}))")
NICK = re.compile(r"(?<![大中低])[老小][王李张刘陈赵周吴徐孙朱郭何罗宋唐韩冯邓曹彭曾肖](?=[，,。；;！!？?\s、说讲来去修给他她人家的把又也就在是]|$)")
_WORDS = (
    "任何|方便|方面|方案|高空|高层|高兴|高压|高声|高度|何时|何况|白天|白色|常常|常年|万一|马上|马路|马桶|于是|严重|温度|段时|钱|金|石|江边|夏天|毛病|康复|"
    "周[围边末日一二三四五六]|陈旧|黄色|黄土|林立|程度|曾经|许多|许可|谢谢|武力|易|齐|孔|汤|田|任意|季节|尤其|安"
)
INTRODUCED = re.compile(rf"((?:师傅|网格员|书记|主任|经理|老师|医生|邻居|工人|名叫|业主|户主|住户|租户|房东|店主)(?:叫|是)?)(?!{_WORDS})(?:(?:{_DOUBLE})|[{_FAMILY}])[\u4e00-\u9fff]{{1,2}}(?![\u4e00-\u9fff]*(?:小区|社区|街道|路|村))")
LABELLED = re.compile(r"((?:姓名|联系人|户主|投诉人|反映人|举报人|申请人|来电人)\s*(?:[：:]|是|叫|为)\s*)[\u4e00-\u9fff·]{2,4}")
_DIGITS = "[一二三四五六七八九十〇零]"
ROOM = re.compile(
    rf"\d{{3,4}}\s*(?:室|房(?![价租产屋子东]))|(?<=单元)\s*\d{{3,4}}(?!\d)(?:号|户)?|(?<=门)\s*\d{{3,4}}(?!\d)|(?<=\d[-－—]\d[-－—])\d{{3,4}}(?!\d)"
    rf"|(?<=[栋幢楼座])\s*\d{{3,4}}(?![\d户人多年元块天度米平个%])|{_DIGITS}{{2,4}}室|(?<=单元){_DIGITS}{{3}}(?!{_DIGITS})"
)
DOOR = re.compile(r"[东西南北中](?:边|侧)?户(?!型|外|籍)")
PLATE = re.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Za-z][\s·.-]?[A-Za-z0-9]{4,5}[A-Za-z0-9挂学警港澳]")
DOCUMENT = re.compile(r"(?<![\dA-Za-z])\d{6}(?:19|20)\d{2}\s?\d{4}\s?\d{3}[\dXx](?![\dA-Za-z])|(?<!\d)\d{15}(?!\d)")
ACCOUNT = re.compile(r"((?:户号|账号|帐号|卡号|户名|缴费号|用户号|用户编号|客户编号|表号|证号|订单号|合同号|工号|微信号?|扣扣|QQ|qq)\s*(?:[：:]|是|为)?\s*)[A-Za-z0-9_-]{4,}")
LONG = re.compile(r"(?<![\dA-Za-z])\d(?:[\s-]?\d){8,}(?!\d)")
REACHED = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:https?://|www\.)[!-~]+")

Hide = Callable[[str], str]


def hider(names: frozenset[str]) -> Hide:
    """Words without what says who somebody is. `names`: those that are known."""
    somebody, room, door = say("voice.name"), say("voice.room"), say("voice.door")
    lengths = sorted({len(name) for name in names}, reverse=True)

    def hide(text: str) -> str:
        for pattern in (REACHED, DOCUMENT, PLATE):
            text = pattern.sub(GONE, text)
        text = LONG.sub(GONE, ACCOUNT.sub(rf"\g<1>{GONE}", hide_phone(text)))
        text = DOOR.sub(door, ROOM.sub(room, text))
        text = _without(names, lengths, text, somebody)
        for named in (LABELLED, CALLED, INTRODUCED):
            text = named.sub(rf"\g<1>{somebody}", text)
        return NICK.sub(somebody, ADDRESSED.sub(somebody, text))

    return hide


def _without(names: frozenset[str], lengths: Sequence[int], text: str, put: str) -> str:
    """Ten thousand names are looked up by the pieces of the text: a pattern of them all would be tried at every sign."""
    made, at = [], 0
    while at < len(text):
        found = next((n for n in lengths if text[at : at + n] in names), 0)
        made.append(put if found else text[at])
        at += found or 1
    return "".join(made)
