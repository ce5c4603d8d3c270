"""What a supervisor asks for, in any order: an area, a category or topic, a stretch of the past (一街道物业 3月, 本周汇总), and the
other questions in their plain words (谁超期了, 找 暖气, 督办 26-000123)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Final

from rapidfuzz import fuzz

from nlp.numerals import number
from nlp.periods import AHEAD, Period, Wrong, beside_period, read_period
from nlp.places import spelling

CALLED: Final[Mapping[str, str]] = {
    "供暖": "heating", "暖气": "heating", "供热": "heating", "取暖": "heating",
    "道路停车": "roads_parking", "道路": "roads_parking", "停车": "roads_parking",
    "下水管网": "drainage", "下水": "drainage", "管网": "drainage", "排水": "drainage",
    "房屋和公共设施": "building_facilities", "公共设施": "building_facilities", "房屋": "building_facilities",
    "物业服务": "property_service", "物业": "property_service",
    "卫生绿化": "sanitation", "卫生": "sanitation", "绿化": "sanitation", "环境卫生": "sanitation",
    "安全秩序": "safety_order", "安全": "safety_order", "治安": "safety_order",
    "水电气网": "water_power_gas", "水电气": "water_power_gas", "水电": "water_power_gas", "水电气热": "water_power_gas",
    "噪音邻里": "noise_neighbours", "噪音": "noise_neighbours", "扰民": "noise_neighbours",
    "民生政务": "public_services", "民生": "public_services", "政务": "public_services",
}  # fmt: skip
"""How categories are called when their figures are asked for."""

ONLY: Final[Mapping[str, tuple[str, str]]] = {
    "涉及人身安全": ("urgency", "emergency"), "人身安全": ("urgency", "emergency"), "突发": ("urgency", "emergency"),
    "紧急": ("urgency", "urgent"), "加急": ("urgency", "urgent"), "一般": ("urgency", "normal"), "普通": ("urgency", "normal"),
    "网页": ("channel", "web"), "telegram": ("channel", "telegram"), "微信": ("channel", "wechat"), "电话": ("channel", "phone"),
    "居民自己报": ("origin", "resident"), "走访发现": ("origin", "visit"), "走访": ("origin", "visit"), "未诉先办": ("origin", "visit"),
    "代报": ("origin", "staff"), "热线转来": ("origin", "hotline"), "热线": ("origin", "hotline"), "12345": ("origin", "hotline"),
}  # fmt: skip
"""How cases of one urgency, channel or origin are called: 上个月紧急的, 本月热线."""
_CLOSER = re.compile(
    r"(?:按|各个?)?(?:渠道|来源|缓急|紧急程度|从哪儿?里?来的?|怎么报的|多久(?:有人)?(?:接单?|响应|办好|解决)|多长时间(?:接单?|办好|解决)|等多久|要等多久|重办率|返工率|重新办的?|剔除的?|细看|详细(?:数字|数据)?|明细)"
)
"""Words that ask for what lies behind the first lines."""

_WANTED = re.compile(
    r"汇总|总结|小结|统计|报表|概况|总况|情况(?:怎么样|如何|咋样)?|数据|怎么样|咋样|多不多|[多少]了?(?:吗|没有|多少)|(?:什么|哪[类些种])(?:问题|诉求|事)?最?多|最[多少](?:的(?:街道|社区|网格|小区|地方))?|有?多少件?|几件|summary"
)
_THAN = r"(?:上上?个?(?:月|周|星期|礼拜|季度)|去年(?:同期)?|昨天|前一段|以前|之前)"
_COMPARED = re.compile(rf"(?:跟|和|与|同|较)?(?P<than>{_THAN})(?:相比|比较|对比|比一[比下]|比)|[比较](?P<other>{_THAN})")
_SAME_KIND: Final = (("月", "本月"), ("年", "今年"), ("季", "本季度"), ("昨", "今天"), ("上", "本周"))
"""With what is compared, where no other stretch is named: 跟上个月比 asks for this month."""
_HINTS: Final = (
    ("no_rate", re.compile("办结率|结案率|办结比例")),
    ("open_only", re.compile("还?[没未]有?办[完结好]的(?:有哪些|有多少)?|(?:还?有)?(?:多少|哪些|几件)[没未]有?办[完结好]")),
    ("report", re.compile("月报|季报|年报|报告|联席会议?的?材料|会议材料")),
)  # fmt: skip
"""What is asked for by a name that no figure has; each is answered in words before what comes nearest."""
_FIGURES = re.compile(r"(?:汇总|统计|小结|报表|概况)[\s。.？?！!]*$")
_BESIDE = re.compile(r"(?:各个?|哪[个些])(?:街道|社区|网格|小区)|哪里|哪儿|全市|全区|现在|目前|最近|近期|请|给我|我想|我要|想|看看|看一下|看|查一下|查查|一下|有没有|有|一共|总共|诉求|工单|受理|新?登记|新增|反映|类|方面|问题|报的|的|了|吗|呢|是|和|在|[\s，,。.？?！!、：:·]")
_LIKE_AREA = re.compile(r"[\w第]{1,8}?(?:街道办?|社区|居委会|网格|小区)")
_STEM = re.compile("(?:街道办事处|街道办|街道|社区居委会|居委会|社区)$")
_GRID = re.compile(r"第?(?<![\d一二三四五六七八九十])(\d{1,2}|[一二三四五六七八九十]{1,3})号?网格")
_WEEKDAY = re.compile("周|星期|礼拜")
_OTHER = re.compile(r"(?<!\S)其[他它](?:类|问题)?(?=的|\s|$)")
AT_MOST: Final = 3  # places, and kinds, that are told apart
LEAST: Final = 2  # signs of a name that may stand for an area


@dataclass(frozen=True, slots=True)
class Area:
    """An area as it is called."""

    id: str
    names: tuple[str, ...]

    def spelt(self) -> frozenset[str]:
        """Its names, without 街道 or 社区 too."""
        return _spelt(self.names)


@cache
def _spelt(names: tuple[str, ...]) -> frozenset[str]:
    found = {_grids(spelling(name)) for name in names}
    found |= {_STEM.sub("", name) for name in found} | {name.removeprefix("第") for name in found if not name.endswith("网格")}
    return frozenset(name for name in found if len(name) >= LEAST)


def _grids(text: str) -> str:
    """一网格, 第一网格 and 1号网格 are 第1网格."""
    return _GRID.sub(lambda found: f"第{number(found[1]) or found[1]}网格", text)


@dataclass(frozen=True, slots=True)
class Asked:
    """`areas`: those that the same words may mean, which are `called` so; `also`: the same of each further place. `only`: of one urgency,
    channel or origin. `kinds`: names of categories and topics beside the one. `closer`: the figures behind the first lines are meant.
    `wanted`: it was said that figures are wanted. `hints`: what is said before the answer. `rest`: what is none of these."""

    period: Period | Wrong | None = None
    areas: tuple[str, ...] = ()
    category: str = ""
    topic: str = ""
    only: Mapping[str, str] = field(default_factory=dict)
    closer: bool = False
    wanted: bool = False
    rest: str = ""
    called: str = ""
    also: tuple[tuple[str, tuple[str, ...]], ...] = ()
    kinds: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()

    @property
    def plain(self) -> bool:
        """Whether the words, without any command, ask for figures and for nothing else."""
        named = bool(self.areas or self.category or self.topic or self.only or self.closer)
        return self.understood and (self.wanted or (self.period is not None and named and not self.may_lie_ahead))

    @property
    def may_lie_ahead(self) -> bool:
        """周五供暖 may be what is going to be; 上周五供暖 is not, and 周五 alone is asked."""
        weekday = isinstance(self.period, Period) and _WEEKDAY.match(self.period.words) is not None
        return weekday and bool(self.category or self.topic) and not self.wanted

    @property
    def understood(self) -> bool:
        """Whether each word has its place: two categories may be asked about, 暖气漏水 is one trouble."""
        return not self.rest and not (self.kinds and (self.topic or any(kind not in CALLED for kind in self.kinds)))


def may_ask(text: str, today: date) -> bool:
    """Whether it is worth looking closer: a stretch of time is named, or figures."""
    asks = _WANTED.search(text) or any(pattern.search(text) for _, pattern in _HINTS)
    return bool(asks) or read_period(text, today) is not None


def asks_for_figures(text: str) -> bool:
    """Whether it ends with a word that is said of figures only: 上周汇总."""
    return _FIGURES.search(text) is not None


def no_such_place(asked: Asked) -> bool:
    """Whether figures were asked for, of a place that has a name like one and is none."""
    told = asked.wanted or asked.closer or bool(asked.category or asked.topic or asked.only)
    return told and asked.period is not None and not asked.areas and like_area(asked.rest)


def like_area(words: str) -> bool:
    """Whether the words are what an area might be called: 锦绣里小区, 一街道."""
    return _LIKE_AREA.fullmatch(words) is not None


def read_asked(text: str, today: date, areas: Iterable[Area], topics: Mapping[str, str] | None = None) -> Asked:
    """Every word of the text is given its place; `topics`: name -> topic."""
    text, than = _without_comparison(text)
    period = read_period(text, today) or read_period(than, today)
    rest = _grids(spelling(beside_period(AHEAD.sub(" ", text) if period == "future" else text)))
    called, meant, rest = _area(rest, known := list(areas))
    also = list[tuple[str, tuple[str, ...]]]()
    while called and len(also) + 1 < AT_MOST and (further := _area(rest, known))[0]:
        also.append(further[:2])
        rest = further[2]
    hints = (["compared"] if than else []) + [hint for hint, pattern in _HINTS if pattern.search(rest)]
    for _, pattern in _HINTS:
        rest = pattern.sub(" ", rest)
    closer = _CLOSER.search(rest) is not None
    only, rest = _only(_CLOSER.sub(" ", rest))  # before the category: 涉及人身安全 is not 安全
    category, topic, rest, kinds = _what(rest, topics or {})
    wanted = _WANTED.search(rest) is not None or (bool(hints) and hints != ["report"])  # 昨天报告 may be what was done
    left = _BESIDE.sub("", _WANTED.sub("", rest))
    return Asked(period, meant, category, topic, only, closer, wanted, left, called, tuple(also), kinds, tuple(hints))


def _without_comparison(text: str) -> tuple[str, str]:
    """The text without 跟上个月比, and the stretch that is asked for then, where no other is."""
    found = _COMPARED.search(text)
    if found is None:
        return text, ""
    than = found["than"] or found["other"]
    return text.replace(found[0], " ", 1), next((said for sign, said in _SAME_KIND if sign in than), "本月")


def _what(text: str, topics: Mapping[str, str]) -> tuple[str, str, str, tuple[str, ...]]:
    """The category or the topic, whichever has the longer name there: 暖气不热 is no 暖气; and the names of others beside it."""
    every = (*CALLED, *topics)  # of two as long the category
    names, rest = list[str](), text
    while len(names) <= AT_MOST and (name := max((name for name in every if name in rest), key=len, default="")):
        names.append(name)
        rest = rest.replace(name, " ", 1)
    if not names:
        return ("other", "", _OTHER.sub(" ", text), ()) if _OTHER.search(text) else ("", "", text, ())
    first, *kinds = names
    return CALLED.get(first, ""), "" if first in CALLED else topics[first], rest, tuple(kinds)


@cache
def _spelt_only() -> tuple[tuple[str, tuple[str, str]], ...]:
    """The longest name first, spelt as the text is: 一般 may have a digit in it."""
    return tuple(sorted(((spelling(name), meant) for name, meant in ONLY.items()), key=lambda pair: -len(pair[0])))


def _only(text: str) -> tuple[dict[str, str], str]:
    """One urgency, channel and origin at most of each."""
    found: dict[str, str] = {}
    for name, (kind, value) in _spelt_only():
        if name in text and kind not in found:
            found[kind], text = value, text.replace(name, " ", 1)
    return found, text


def _area(text: str, areas: Iterable[Area]) -> tuple[str, tuple[str, ...], str]:
    """The longest name in the text, the first of those as long; the areas that are called so, and the text without it."""
    named = [(name, area.id) for area in areas for name in area.spelt() if name in text]
    best = min((name for name, _ in named), key=lambda name: (-len(name), text.index(name)), default="")
    return best, tuple(dict.fromkeys(id_ for name, id_ in named if name == best)), text.replace(best, " ", 1) if best else text


def nearest(words: str, areas: Sequence[Area], at_most: int = 4) -> list[str]:
    """Ids of the areas whose names are most like these words, best first."""
    scored = [(max((fuzz.ratio(words, name) for name in area.spelt()), default=0.0), area.id) for area in areas]
    return [id_ for score, id_ in sorted(scored, key=lambda pair: (-pair[0], pair[1])) if score >= 40][:at_most]


# ---- the other questions ---------------------------------------------------------------------------------------------

_NUMBER = r"\d{2}-[Hh]?\d{6}"
_SHORT = r"[2-9]\d\s*[-–—]\s*[Hh]?\d{1,6}"  # beside a word that says what is meant: 12-5 is a day
_SHORTS = rf"{_SHORT}(?:[\s、，,和及]*{_SHORT})*"
_REST2 = r"(?:[\s，,]+(?P<rest2>.{1,20}))?"
_LATE = "(?:超期|逾期|超时)"
_ASKED_OF = r"(?P<rest>.{0,20}?)(?:的|现在|目前|最近|近期)*(?:还?有)?"
_SAID: Final = (
    ("/summary", re.compile(r"(?:哪里|哪儿|哪个(?:街道|社区|网格|小区|地方))(?:的)?(?:投诉|诉求|问题|工单)?(?:最多|最少)|各个?(?:街道|社区|网格|小区)(?:比较|对比|比一比|情况)?|全市|全区|数字")),
    ("/summary", re.compile(r"(?P<rest>.{0,20}?)(?:哪里|哪儿|哪个(?:街道|社区|网格|小区|地方))(?:的)?(?:投诉|诉求|问题|工单)?(?:最多|最少|多)" + _REST2)),
    ("/summary", re.compile(r"请?(?:发给?|给|要|看看?|导出|下载)?我?(?:一[下份个])?(?P<rest>.{0,12}?)的?(?P<keep>月报|季报|年报|报告|联席会议?的?材料|会议材料)")),
    ("/overdue", re.compile(rf"(?:现在|目前)?(?:还)?(?:谁|哪些|哪几件|有没有|都有哪些|有?多少件?|几件)?(?:诉求|工单|件)?{_LATE}(?:了|的)?(?:有哪些|有谁|是谁|工单|诉求|名单|情况|有?多少件?|有?几件|多不多|多吗|最久的?)?{_REST2}")),
    ("/overdue", re.compile(rf"{_ASKED_OF}(?:谁|哪些|有没有|多少件?|几件)?(?:诉求|工单)?{_LATE}的?(?:有哪些|有谁|是谁|工单|诉求|名单|情况|有?多少件?|有?几件|多不多|多吗|最久的?)?{_REST2}")),
    ("/hot", re.compile(rf"{_ASKED_OF}(?:什么|哪些)?热点(?:问题|地方|诉求)?(?:有哪些|在哪|是什么)?{_REST2}")),
    ("/rates", re.compile(r"(?P<rest>.{0,20}?)(?:三率|三个率|响应率|解决率|满意率|综合得分|(?P<keep>办结率|结案率|办结比例))(?:怎么样|咋样|是多少|多少|情况|最[高低]的?(?:街道|社区|网格|小区)?(?:是哪个?)?)?"
                          r"(?:(?:[\s，,]+|(?=[比跟和与]))(?P<rest2>.{1,20}))?")),
    ("/coverage", re.compile(r"(?P<rest>.{0,20}?)值班(?:的)?覆盖率?(?:怎么样|是多少|多少|情况)?" + _REST2)),
    ("/staff", re.compile(rf"{_ASKED_OF}(?:(?:(?<![\d一二三四五六七八九十号])网格员|(?<=网格)员|人员|大家|各人|每个?人)的?(?:工作量|负荷|手上有?(?:多少件?|几件)|忙不忙|情况)|工作量){_REST2}")),
    ("/find", re.compile(r"(?:查找|搜索|搜一下|搜|找)[\s：:]+(?P<rest>\S.{0,40})")),
    ("/supervise", re.compile(rf"(?:请|帮我)?督办(?:一下)?(?:[\s：:]*(?P<rest>{_SHORTS}|\d{{1,6}})(?!\d).{{0,20}})?|(?P<rest2>{_SHORTS})\s*(?:请)?督办(?:一下)?")),
    ("/assign", re.compile(rf"(?:请|帮我)?(?:指定人办|指定|指派|分派)(?:[\s：:]*(?P<rest>{_SHORTS}|\d{{1,6}})(?!\d).{{0,20}})?|(?P<rest2>{_SHORTS})\s*(?:指定|指派|分派)")),
    ("/case", re.compile(rf"(?:看看|看一下|看|查一下|查)?\s*(?:(?:经过|进展|进度|情况|工单|诉求)[\s：:]*(?P<rest>{_SHORT})|(?P<rest2>{_SHORT})[\s的]*(?:经过|进展|进度|情况)(?:怎么样|如何)?)")),
    ("/merge", re.compile(rf"(?:合并|把)?\s*(?P<rest>{_NUMBER}\s*(?:和|与|到|并到|并入|合到|、|,|，|\s)\s*{_NUMBER})\s*(?:合并)?")),
    ("/merge", re.compile(rf"(?:合并|并案)[\s：:]*(?P<rest>{_SHORT}\s*(?:和|与|到|并到|并入|合到|、|,|，|\s)\s*{_SHORT})")),
    ("/notice", re.compile(r"(?:发通知|通知居民|发个通知)[\s：:]*(?P<rest>.{0,4000})", re.DOTALL)),
    ("/notice", re.compile(r"给(?P<rest>[^发，。：:\s]{2,24})发(?:一?[个条])?通知[\s：:，,]*(?P<rest2>.{0,4000})", re.DOTALL)),
)  # fmt: skip


def read_said(text: str) -> tuple[str, str] | None:
    """(command, the rest) of a question asked in plain words, said exactly; None for anything else. What stands on both sides is
    kept, and so is the name of what no figure has."""
    bare = text.strip().strip("。.!！?？ ")
    for command, pattern in _SAID:
        if found := pattern.fullmatch(bare):
            told = found.groupdict()
            return command, " ".join(part.strip() for name in ("rest", "keep", "rest2") if (part := told.get(name)))
    return None
