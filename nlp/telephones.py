"""Telephone numbers in a message: read, told apart by whose they are said to be, hidden. One shape serves the reader and the hider:
what Jiesu takes for a telephone never stands where none may be read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from nlp.wording import plain

_GAP = r"[ \t\u00a0\u2000-\u200a\u3000.．。·•・‧_~～()（）\-‐-―−－\u200b-\u200d\ufeff]"
"""What people put between the figures of a number: blanks, dots, dashes of all kinds, brackets, signs without width."""
_DAY = rf"20\d\d{_GAP}?(?:0\d|1[0-2]){_GAP}?[0-3]\d(?!\d)"
_COUNTED = r"(?![\d元块毛万亿平米㎡度吨立方升斤公户人件次%])"
"""An amount is no number to ring."""

_MOBILE = re.compile(
    rf"(?<!\d)(?:(?:\+?86|0086){_GAP}{{0,3}})?("
    rf"1[3-9]\d{_GAP}{{0,3}}\d{{4}}{_GAP}{{0,3}}\d{{4}}|1[3-9]\d\d{_GAP}{{0,3}}\d{{3}}{_GAP}{{0,3}}\d{{4}}"
    rf"|1[3-9]\d{_GAP}{{1,3}}\d{{3}}{_GAP}{{1,3}}(?:\d{{5}}|\d{{3}}{_GAP}{{1,3}}\d\d)|1[3-9]\d{{3}}{_GAP}{{1,3}}\d{{6}}"
    rf"|1{_GAP}{{1,2}}[3-9](?:{_GAP}{{1,2}}\d){{9}}|1[3-9](?:{_GAP}{{1,2}}\d\d){{4}}{_GAP}{{1,2}}\d)(?!\d)"
)
_AREA = rf"0(?:10|[2-9]\d{{1,2}}){_GAP}{{0,3}}"
_LANDLINE = re.compile(
    rf"(?<!\d)(?:{_AREA}[2-9]\d{{6,7}}|(?<!\d[ -]){_AREA}(?:[2-9]\d{{2,3}}{_GAP}\d{{4}}|[2-9]\d{{3}}{_GAP}\d{{3}}))(?!\d)"
)
_NUMBER = rf"(?!{_DAY})(?:[2-9]\d{{6,7}}|(?!400|800)[2-9]\d{{2,3}}{_GAP}\d{{4}}|(?!400|800)[2-9]\d{{3}}{_GAP}\d{{3}}){_COUNTED}"
_TELEPHONE = r"(?:电话|電話|座机|座機|固话|手机|手機|联系|聯[繫絡]|(?<![表户戶单單证證卡账帐房])[号號][码碼]|来电|回电|致电|拨打?|tel|phone|call|☎|📞)"
_BETWEEN = r"(?:(?!表|户号|单号|账号|帐号|卡|费|款|额|读数|编号|合同|订单|工单|证)[^\d\n。！？!?；;])"
_LOCAL = re.compile(rf"(?:{_TELEPHONE}{_BETWEEN}{{0,8}}|打{_BETWEEN}{{0,4}})({_NUMBER})", re.I)
_LOCAL_BEFORE = re.compile(rf"(?<![\d号數数表])({_NUMBER})(?=[^\d\s，,。；;、！!？?]{{0,4}}{_TELEPHONE})", re.I)
"""5123456是我家座机."""
_ANOTHER = re.compile(rf"(?:{_GAP}|[、,，/;；或和跟]|或者|还有){{1,3}}({_NUMBER})")
"""电话5123456或5123457."""
_ALONE = re.compile(r"\s*([2-9](?:[\s-]*\d){6,7})\s*")

_DIGIT, LEAST = re.compile(r"\d"), 7  # no number above has fewer

_NUMERALS = "零〇一幺二三四五六七八九壹贰叁肆伍陆柒捌玖"
_SPELT = re.compile(rf"[{_NUMERALS}](?:{_GAP}{{0,3}}[{_NUMERALS}]){{6,}}")
_FIGURES = str.maketrans(_NUMERALS, "001123456789123456789")


class _Figures(dict[int, int]):
    """What each sign is among the figures 0 to 9; itself if it is none."""

    def __missing__(self, sign: int) -> int:
        figure = unicodedata.digit(chr(sign), None) if sign > 127 else None
        became = self[sign] = sign if figure is None else ord(str(figure))
        return became


_WIDE = _Figures()


def in_figures(text: str) -> str:
    """The text, sign for sign, with numbers spelt out (一三九…, １３９…) in figures; 一楼 and 万一 stay."""
    return _SPELT.sub(_spelt, text.translate(_WIDE))


def _spelt(found: re.Match[str]) -> str:
    """A mobile number has eleven: the 一 of 一直 behind it is none of them."""
    figures, count = found[0].translate(_FIGURES), 0
    if not re.match(rf"1{_GAP}*[3-9]", figures):
        return figures
    for at, sign in enumerate(figures):
        count += sign.isdigit()
        if count == 11:
            return figures[: at + 1] + _SPELT.sub(_spelt, found[0][at + 1 :])
    return figures


def read_phone(text: str) -> str | None:
    """The first mainland mobile (11 digits), landline (area code + number) or number without area code in a text, digits only."""
    words = in_figures(plain(text).text)
    if found := _MOBILE.search(words):
        return _digits(found[1])
    if found := _LANDLINE.search(words):
        return _digits(found[0])
    found = _LOCAL.search(words) or _LOCAL_BEFORE.search(words) or _ALONE.fullmatch(words)
    return _digits(found[1]) if found else None


def _digits(written: str) -> str:
    return re.sub(r"\D", "", written)


_MINE = re.compile(r"[我俺](?:的|自己的?|本人的?|这个?|家的?)*(?:电话|手机|号码|号|联系方式|座机)|(?:打|联系|找|回)我|我(?:的|是)?[:：]?$")
_OTHERS = re.compile(
    r"(?:[他她]|老人家?|本人|[爷奶姥大叔阿姨婶]{2}|大妈|大爷|大娘|老太太|老头|邻居|[我俺](?:妈|爸|父母|爷爷|奶奶|姥姥|姥爷|邻居|婆婆|公公|岳父|岳母))(?:的|家|自己|本人|老伴|儿子|女儿|闺女|们)*"
    r"(?:的)?(?:电话|手机|号码|号|联系方式|座机)|(?:打|联系|找)(?:[他她]|老人|本人)|[他她](?:的|是)?[:：]?$"
)


def phones(text: str) -> tuple[tuple[str, str], ...]:
    """Each number of a text with whose it is said to be: mine, others or nothing."""
    words = in_figures(plain(text).text)
    found, at = [], 0
    for number_ in sorted((*_MOBILE.finditer(words), *_LANDLINE.finditer(words)), key=lambda one: one.start()):
        before = words[at : number_.start()].strip()
        mine, others = _last(_MINE, before), _last(_OTHERS, before)
        whose = "" if mine == others else "mine" if mine > others else "others"
        found.append((read_phone(number_[0]) or "", whose))
        at = number_.end()
    return tuple(found)


def _last(said: re.Pattern[str], text: str) -> int:
    """Where it ends for the last time; -1: nowhere."""
    return max((found.end() for found in said.finditer(text)), default=-1)


def own_phone(text: str) -> str | None:
    """The number that the writer gives as their own, or without saying whose."""
    return next((number_ for number_, whose in phones(text) if whose != "others"), None if phones(text) else read_phone(text))


def others_phone(text: str) -> str | None:
    """The number of whom a case filed for somebody else is about; one that the writer calls their own is none."""
    told = phones(text)
    said = [number_ for number_, whose in told if whose == "others"] or [number_ for number_, whose in told if not whose]
    return said[0] if said else None if told else read_phone(text)


def hide_phone(text: str, put: str = "…") -> str:
    """The text without telephone numbers: cards and summaries outlive the case, so no number stands in them."""
    words = in_figures(text)
    if len(_DIGIT.findall(words)) < LEAST:  # most texts
        return text
    if _ALONE.fullmatch(words):
        return put
    spans = [found.span() for shape in (_MOBILE, _LANDLINE) for found in shape.finditer(words)]
    for shape in (_LOCAL, _LOCAL_BEFORE):
        for found in shape.finditer(words):
            spans.append(found.span(1))
            while another := _ANOTHER.match(words, spans[-1][1]):
                spans.append(another.span(1))
    return _without(text, spans, put)


def hide_mobile(text: str, put: str = "…") -> str:
    """The text without mobile numbers, which are somebody's own; an office's number stays."""
    return _without(text, [found.span() for found in _MOBILE.finditer(in_figures(text))], put)


def _without(text: str, spans: Iterable[tuple[int, int]], put: str) -> str:
    kept, at = [], 0
    for start, end in sorted(spans):
        if start >= at:
            kept += [text[at:start], put]
            at = end
    return "".join([*kept, text[at:]])
