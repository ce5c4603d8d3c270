"""What tells in a message who wrote it: names, rooms, number plates, documents, accounts, ways to reach somebody.

保密 is a promise: rather a word too many goes than a name stays.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from nlp.telephones import hide_phone

FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文肖闫尤严温齐季申祁芦柴翟焦葛樊霍"
DOUBLE = "欧阳|司马|上官|诸葛|皇甫|令狐|慕容|尉迟|司徒|端木"
TITLES = (
    "先生|女士|同志|小姐|太太|阿姨|大爷|大妈|大娘|大姐|大哥|大嫂|奶奶|爷爷|婆婆|叔|伯|婶|嫂|姐|哥|师傅|书记|主任|经理|医生|大夫|护士|老师|校长|"
    "教授|律师|警官|队长|所长|站长|局长|处长|科长|院长|店长|村长|会长|老板|工程师|管家|楼长"
)
_DIGITS = "[一二三四五六七八九十〇零]"
ROOM = re.compile(
    rf"\d{{3,4}}\s*(?:室|房(?![价租产屋子东]))|(?<=单元)\s*\d{{3,4}}(?!\d)(?:号|户)?|(?<=门)\s*\d{{3,4}}(?!\d)|(?<=\d[-－—]\d[-－—])\d{{3,4}}(?!\d)"
    rf"|(?<=[栋幢楼座])\s*\d{{3,4}}(?![\d户人多年元块天度米平个%])|{_DIGITS}{{2,4}}室|(?<=单元){_DIGITS}{{3}}(?!{_DIGITS})|(?<![\d年.-])\d{{3,4}}(?=的?(?:住户|业主|租户|邻居|那家|那户))"
)
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Za-z][\s·.-]?[A-Za-z0-9]{4,5}[A-Za-z0-9挂学警港澳]"
    r"|(?<=车牌)(?:号码?)?[：:是]?\s?[A-Za-z][\s·.-]?[A-Za-z0-9]{5,6}(?![A-Za-z0-9])"
)
_DOCUMENT = re.compile(r"(?<![\dA-Za-z])\d{6}(?:19|20)\d{2}\s?\d{4}\s?\d{3}[\dXx](?![\dA-Za-z])|(?<!\d)\d{15}(?!\d)")
_REACHED = re.compile(r"[A-Za-z0-9_.+-]{1,64}@[\w-]+(?:\.[\w-]+)+|(?:https?://|www\.)[!-~]+|(?<![A-Za-z0-9])@[A-Za-z][A-Za-z0-9_]{3,}|(?<![A-Za-z0-9])wxid[_-]?[A-Za-z0-9_-]+", re.I)
_ACCOUNT = re.compile(
    r"((?:户号|账号|帐号|卡号|户名|缴费号|用户号|用户编号|客户编号|表号|证号|订单号|合同号|工号|身份证|护照|社保|医保|学号"
    r"|[微薇威]信|(?<![A-Za-z])(?:weixin|wechat|wx|vx|qq|telegram|tg)|扣扣|抖音|快手|支付宝|钉钉|飞书|小红书|微博|邮箱|(?:加我?|我的?)\s?v|(?<![A-Za-z0-9])v(?=[：:]))"
    r"\s*(?:账号|帐号|号码?|名|昵称|id)?\s*(?:[：:=]|是|为|叫|加我?|搜)?\s*)[A-Za-z0-9_][A-Za-z0-9_.@-]{3,}(?![\dA-Za-z元块])",
    re.I,
)
_NICKNAME = re.compile(r"((?:[微薇]信|抖音|快手|qq|扣扣)\s*(?:号|名|昵称|名字)\s*(?:[：:]|是|叫)\s*)[^\s,，。!！?？;；、]{1,20}", re.I)
_LONG = re.compile(r"(?<![\dA-Za-z])\d(?:(?:[\s-](?=\d{3}))?\d){8,}(?!\d)")


def without_numbers(text: str, put: str = "…") -> str:
    """The text without telephones, plates, documents, accounts, addresses on the net."""
    for shape in (_REACHED, _DOCUMENT, _PLATE):
        text = shape.sub(put, text)
    return _LONG.sub(put, _ACCOUNT.sub(rf"\g<1>{put}", hide_phone(text, put)))


_WIDE = {ord("＿"): "_", ord("＠"): "@", ord("－"): "-", ord("．"): "."} | {
    0xFF00 + sign - 0x20: chr(sign) for sign in range(0x21, 0x7F) if chr(sign).isalnum()
}
_END = r"\s,，。!！?？;；、:：()（）…"
_NO_NAME = (
    "方[便面案法才不没]|任[何意务]|方向|高[空层兴压声度血烧龄考中一二三]|白[天色眼内发]|常[常年来被去]|万一|马[上路桶]|于[是昨今明此]|严重|温[度水]|段时|余[热下款]|戴[着上口耳手帽头眼]|黄昏|孙[子女]|申[请诉报]|石材|金属|万元|范围|钱[都也没还不给交呢到]|金额|石头|江边|夏[天季]|毛[病坯]|田径|"
    "康复|安[装全排静置]|辛苦|毕[竟业]|兰花|牛[奶肉]|周[围边末日一二三四五六]|陈旧|黄[色土]|林立|程[度序]|曾经|许[多可]|谢谢|武力|易[燃怒]|齐[全心]|孔[洞隙]|汤[圆水]|田[里地]|季节|尤其|史上|"
    "时[常不间候]|顾[不及虑]|何[时况必]|贺[卡岁]|江[边河]|雷[雨声]|龙头|叶子|胡[同乱]"
)
_SELDOM = "安兰甄鲍褚鲁岑倪滕殷毕岳卜喻詹辛卓蓝欧楚邢耿闵饶聂骆凌裴牛苗"
_NAME = rf"(?!{_NO_NAME})(?:{DOUBLE}|[{FAMILY}{_SELDOM}])[\u4e00-\u9fff](?:(?![不没的了])[\u4e00-\u9fff])?"
_KIN = (
    "老婆|老公|爱人|妻子|丈夫|媳妇|对象|男朋友|女朋友|未婚夫|未婚妻|妈妈?|爸爸?|母亲|父亲|爹|娘|儿子|女儿|闺女|孩子|宝宝|爷爷|奶奶|姥姥|姥爷|外公|外婆|公公|婆婆|岳父|岳母|"
    "丈母娘|老丈人|哥哥?|弟弟?|姐姐?|妹妹?|嫂子|孙子|孙女|外孙|侄子|侄女|外甥女?|舅舅|叔叔|姑姑|姨妈?|老伴|老头|家属|室友"
)
_MYSELF = re.compile(
    rf"([我俺](?:们家|家)?(?:是|姓|名叫|名字叫)|[我俺](?:们家|家)?叫(?!了|物业|他|她|你|您|人|车|救|开锁|维修|师傅|外卖)|免贵姓|(?<![\u4e00-\u9fff])姓(?=[{FAMILY}])|本人(?:是|叫|姓)"
    rf"|叫我(?=[老小]?[{FAMILY}])(?!{_NO_NAME}))(?!说|不|觉得|想|在|住|这|那|[0-9])[^{_END}]{{1,8}}"
)
_SPEAKER = re.compile(
    rf"((?:业主|户主|住户|租户|租客|房主|屋主|店主|房东|本人|居民|名叫|(?<!被)(?:报修|举报|反映|投诉|申请|联系|来电|上报)人)(?:姓名|名字)?\s*(?:[：:]|名叫|是|叫|为|姓)?\s*)({_NAME})"
)
_NICK = re.compile(rf"((?:[我俺](?:们家|家)?|业主|户主|住户|租户|本人)(?:是|叫)?)([老小](?:{DOUBLE}|[{FAMILY}]))")
_TITLED = re.compile(rf"([我俺](?:们家|家)?是[^{_END}]{{0,14}}?)((?:{DOUBLE}|[{FAMILY}])[\u4e00-\u9fff]?(?:{TITLES}))")
"""我是3号楼的赵大爷."""
_LABELLED = re.compile(
    r"((?:姓名|名字|联系人|户主|(?<!被)(?:投诉|反映|举报|申请|来电|报修)人|署名|签名|落款)\s*(?:[：:]|是|叫|为)\s*)([\u4e00-\u9fff·]{2,4})"
)
_FAMILY_CALLED = re.compile(
    rf"([我俺咱](?:们家|们|家)?里?的?(?:{_KIN})(?:的?(?:名字|姓名))?\s*(?:名叫|叫做?|姓|[：:]))(?!我|你|您|他|她|它|人|大家|了|来|物业|救|开|不|着|停|车|个|的|师傅|社区|外卖|快递|苦)([^{_END}]{{1,4}})"
)
_FAMILY_NAMED = re.compile(rf"((?:{_KIN})(?:名叫|叫做?|是|姓)?)({_NAME})")
_SIGNED = re.compile(
    rf"(^|[,，。!！;；\s—-])({_NAME})(?=[,，\s:：]{{0,2}}(?:电话|手机|座机|联系|[微薇]信|住|…)|[)）]|\s*$|本人|敬上|拜托|留言|反映|投诉|举报|报修)"
)
"""赵铁柱，电话…: a name by itself before what leads to somebody, or at the end."""
_APART = re.compile(rf"((?:[我俺]|本人)[,，、(（]?\s*)({_NAME})(?=[{_END}]|$)")
"""我，赵铁柱，… and 我赵铁柱，…"""
_FROM = re.compile(rf"([我俺](?:们家|家)?是[^{_END}]{{0,14}}?的)({_NAME})(?=[{_END}]|$)")
"""我是3号楼的赵铁柱."""
_NO_SIGNATURE = re.compile("[水漏电气暖灯路楼坏堵热冷不没了着的吵修脏臭停高低很太都也还又是有无谢门车响亮次经常来房飞]")
_LIVES = re.compile(
    rf"((?:住(?:在|的是)?|[我俺](?:们)?家(?:里)?(?:就?是|在|住)?|门牌号?码?(?:是|[：:])?|房间?号(?:是|[：:])?)\s*(?:\d{{1,3}}号楼|\d{{1,3}}[栋幢座]|\d{{1,2}}单元)*)"
    rf"(?:\d{{3,4}}(?![\d元块度天年人个米平%])(?:室|号|户)?|{_DIGITS}{{3,4}}(?!{_DIGITS})(?:室|号|户)?|(?:{_DIGITS}{{1,3}}楼|\d{{1,2}}楼)?[东西南北中](?:边|侧)?户(?!型|外|籍))"
)


def without(names: Collection[str], text: str, put: str) -> str:
    """Ten thousand names are looked up by the pieces of the text: a pattern of them all would be tried at every sign."""
    lengths = sorted({len(name) for name in names}, reverse=True)
    made, at = [], 0
    while at < len(text):
        found = next((n for n in lengths if text[at : at + n] in names), 0)
        made.append(put if found else text[at])
        at += found or 1
    return "".join(made)


def hide_self(text: str, put: str = "…", room: str | None = None, names: Collection[str] = ()) -> str:
    """The text without what says who wrote it: names, telephones, accounts, plates, the room. `room`, `names`: what is known of them."""
    text = without_numbers(_NICKNAME.sub(rf"\g<1>{put}", text.translate(_WIDE)), put)
    text, told = _names_gone(text, put)
    for name in (name for name in names if len(name) > 1):
        told |= {name, *re.findall(f"[{FAMILY}]{re.escape(name)}", text)}
    text = without(told, text, put)
    if room:
        text = _known(room).sub(put, text)
    return ROOM.sub(put, _LIVES.sub(rf"\g<1>{put}", text))


def without_names(text: str, put: str) -> str:
    """The text without the names by which people call themselves or their own."""
    text, told = _names_gone(text, put)
    return without(told, text, put)


def _names_gone(text: str, put: str) -> tuple[str, set[str]]:
    """Whoever calls themselves or their own by name; and the names, for they may stand again."""
    told: set[str] = set()

    def gone(found: re.Match[str]) -> str:
        name = found[2] if found.re is not _MYSELF else found[0][len(found[1]) :]
        if found.re is _SIGNED and _NO_SIGNATURE.search(name):
            return found[0]
        known = re.fullmatch if found[1].endswith("是") else re.match  # 我是金域小区的: a place
        if (called := known(_NAME, name)) is not None:
            told.update(_ways(called[0]))
        return found[1] + put

    for shape in (_TITLED, _MYSELF, _LABELLED, _FAMILY_CALLED, _FAMILY_NAMED, _SPEAKER, _NICK, _APART, _FROM, _SIGNED):
        text = shape.sub(gone, text)
    return text, told


def _ways(name: str) -> set[str]:
    """赵铁柱 and 铁柱; and 王芳, where more than the name was taken for it."""
    if len(name) < 3 or re.search("阿姨|大[爷妈娘姐哥嫂]|奶奶|爷爷|先生|女士|师傅|老师", name):
        return {name}
    return {name, name[:2], name[1:]}


def _known(room: str) -> re.Pattern[str]:
    """401, 401室, 四零一: of a short one only with the word behind it, for 3 stands in much."""
    spelt = room.translate(str.maketrans("0123456789", "零一二三四五六七八九"))
    written = "|".join(re.escape(way) for way in {room, spelt, spelt.replace("零", "〇")})
    behind = "(?:室|号房?|户|房)" + ("?" if len(room) > 2 else "(?!楼)")
    return re.compile(rf"(?<![\d.])(?:{written}){behind}(?![\d元块度天年米平%]|\.\d)")
