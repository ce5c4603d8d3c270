"""Days and moments as staff write them for leave and rosters: 11月27日到29日, 明天, 下周一至周三, 3天; 周六晚上8点.

A day without a year is the next one of its name; one that has just passed is said to be past, not taken for next year's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from nlp.numerals import number
from nlp.shortwords import read_day
from nlp.wording import plain

Wrong = Literal["none", "no_such", "past", "far", "backwards"]
FARTHEST: Final = timedelta(days=366)
JUST_PAST: Final = timedelta(days=60)  # a month and day so long ago are an oversight; longer ago, next year's are meant
WRAPPED: Final = timedelta(days=15)  # "30号到2号" passes the end of the month; "29号到27号" is a slip
DAY: Final = timedelta(days=1)

_N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_AHEAD = {
    "大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "昨晚": -1, "今天": 0, "今日": 0, "今儿": 0, "今晚": 0, "今早": 0,
    "今夜": 0, "明天": 1, "明日": 1, "明儿": 1, "明早": 1, "明晚": 1, "明夜": 1, "大后天": 3, "后天": 2, "后日": 2, "后儿": 2,
}  # fmt: skip
_WEEKDAYS = {**{d: n for n, d in enumerate("一二三四五六日")}, **{str(n): n - 1 for n in range(1, 8)}, "天": 6, "末": 5}
_MONTH = r"(?:1[0-2]|0?[1-9])"
DAY_WORDS: Final = re.compile(
    rf"(?P<from>(?<!\d)\d{{1,2}})(?:日|号)?\s*(?:到|至|[-~—–])\s*(?P<to>\d{{1,2}})\s*[日号](?!楼|院|线)"
    rf"|(?<!\d)(?P<year>\d{{4}})[-/.年](?P<ymonth>\d{{1,2}})[-/.月](?P<yday>\d{{1,2}})[日号]?(?!\d)"
    rf"|(?P<which>明年|今年|去年)?(?<!\d)(?P<month>{_N})月(?P<day>{_N})[日号]?"
    rf"|(?<!\d)(?P<smonth>{_MONTH})[-/.](?P<sday>[0-3]?\d)(?![\d日号:])"
    rf"|(?<![\d月])(?P<only>{_N})[日号](?!楼|院|门|房|线|机|码|铺|网)"
    rf"|(?P<weeks>下下|下|这|本)?个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末1-7])(?!\d)"
    rf"|(?P<word>{'|'.join(sorted(_AHEAD, key=len, reverse=True))})"
    rf"|(?P<in>{_N})天(?:之?后|以后)"
)
_TO: Final = re.compile(r"\s*(?:起|开始)?\s*(?:一?直?到|至|[-~—–]+|、|和|及|跟)\s*")
_BARE_END: Final = re.compile(r"\s*(?:到|至|[-~—–])\s*(?P<only>\d{1,2})(?![\d月:点时号日/.-])")
_LENGTH: Final = re.compile(rf"({_N}|\d{{3}}|两)\s*天(?!之?后|以后|之?前|内)")
_AROUND: Final = re.compile(
    r"请个?假|请|假|我|想|要|就|吧|从|起|开始|一?直?到|至|和|及|跟|整?半?天|上午|下午|早上|晚上|顶班|替班|代班|顶岗|替|代|顶|让|由|[\s\W\d]"
)
_HALF: Final = re.compile("半天|上午|下午|早上|晚上")


@dataclass(frozen=True, slots=True)
class Days:
    """From `first` to `last`, both included. `half`: only a part of a day was spoken of."""

    first: date
    last: date
    half: bool = False


def read_days(text: str, today: date) -> Days | Wrong:
    """The days that a text names, or what is wrong with them: none named, one that no calendar has, past, more than a year
    ahead, the end before the beginning."""
    words = plain(text).text
    named = list(DAY_WORDS.finditer(words))
    if not named:
        return "none"
    try:
        days = _span(words, named, today)
    except (ValueError, OverflowError):
        return "no_such"
    if isinstance(days, str):
        return days
    if days.first < today:
        return "past"
    return "far" if days.last - today > FARTHEST else days


_VAGUE: Final = re.compile(
    r"过[一这]?(?:两|几|些)[天日]|这[两几][天日]|[两几][天日](?:吧|左右)|[一二两三四五六七八](?:、|到|至|-)?[二三四五六七八九几]天"
    r"|过(?:一)?(?:段时间|阵子|阵)|尽快|尽早|马上|改天|回头|抽空|有空|月底|月初|下个?月(?!\d)|年底|年前"
)


def read_promise(text: str, today: date) -> date | Literal["none", "no_such", "past", "vague"]:
    """The one day that a text promises, or why it is none: 过两天 is no day that anybody could count on."""
    words = plain(text).text
    day, days = read_day(text, today), read_days(text, today)
    if DAY_WORDS.search(words) is None and _VAGUE.search(words) is not None:
        return "vague"
    if days in ("past", "no_such"):
        return "past" if days == "past" else "no_such"
    return day or "none"


def beside_days(text: str) -> str:
    """What a text says besides days and the usual words around them: of an answer to "which days?" hardly anything."""
    words = plain(text).text
    for pattern in (DAY_WORDS, _LENGTH, _AROUND):
        words = pattern.sub("", words)
    return words


def _span(words: str, named: list[re.Match[str]], today: date) -> Days | Wrong:
    head = named[0]
    first, last = _first(head, today), None
    if head["to"] or head["weekday"] == "末":
        last = _end(first, head["to"]) if head["to"] else first + DAY
    if len(named) > 1 and _TO.fullmatch(words[head.end() : named[1].start()]):
        last = _second(named[1], first, today)
    elif bare := _BARE_END.match(words, head.end()):
        last = _end(first, bare["only"])
    elif last is None and (length := _LENGTH.search(words)):
        last = first + max((2 if length[1] == "两" else number(length[1]) or 1) - 1, 0) * DAY
    if last is None:
        return Days(first, first, bool(_HALF.search(words)))
    return Days(first, last) if first <= last else "backwards"


def _first(token: re.Match[str], today: date) -> date:
    """The day that a token names, seen from today. ValueError: there is no such day."""
    if token["year"]:
        return date(int(token["year"]), int(token["ymonth"]), int(token["yday"]))
    if token["month"] or token["smonth"]:
        month, day = _number(token["month"] or token["smonth"]), _number(token["day"] or token["sday"])
        years = {"明年": 1, "今年": 0, "去年": -1}
        if token["which"]:
            return date(today.year + years[token["which"]], month, day)
        return next(d for d in _of_years(today.year - 1, month, day) if d >= today - JUST_PAST)
    if token["only"] or token["from"]:
        return _coming(today, _number(token["only"] or token["from"]))
    if token["weekday"]:
        return _weekday(token, today, today)
    if token["in"]:
        return today + _number(token["in"]) * DAY
    return today + _AHEAD[token["word"]] * DAY


def _second(token: re.Match[str], first: date, today: date) -> date:
    """The end of a stretch: the next day of that name from its beginning on."""
    if token["only"]:
        return _end(first, token["only"])
    if (token["month"] or token["smonth"]) and not token["which"]:
        month, day = _number(token["month"] or token["smonth"]), _number(token["day"] or token["sday"])
        found = next(d for d in _of_years(first.year, month, day))
        return found if found >= first or first - found < timedelta(days=270) else found.replace(year=first.year + 1)
    if token["weekday"] and not token["weeks"]:
        return _weekday(token, first, first)
    return _first(token, today)


def _end(first: date, spoken: str) -> date:
    """A bare day of the month after the beginning; before it, if that would be far into the next month."""
    wanted = _number(spoken)
    found = _coming(first, wanted)
    return found if found.month == first.month or found - first <= WRAPPED else first.replace(day=wanted)


def _coming(since: date, day: int) -> date:
    """The next day of this number. ValueError: no month has it."""
    if not 1 <= day <= 31:
        raise ValueError("no such day")
    found = since
    while found.day != day:
        found += DAY
    return found


def _of_years(year: int, month: int, day: int) -> Iterator[date]:
    """This month and day of the years from this one on; the 29th of February in those that have one."""
    date(2000, month, day)  # a leap year: what it has not, none has
    for y in range(year, year + 9):
        try:
            yield date(y, month, day)
        except ValueError:
            continue


def _weekday(token: re.Match[str], since: date, today: date) -> date:
    """周五 is the coming one, 下周五 that of the next week, which begins on Monday."""
    weekday, weeks = _WEEKDAYS[token["weekday"]], {"下": 1, "下下": 2}.get(token["weeks"] or "")
    if weeks is None and token["weeks"] is None:
        return since + (weekday - since.weekday()) % 7 * DAY
    return today - today.weekday() * DAY + (weekday + 7 * (weeks or 0)) * DAY


def _number(spoken: str) -> int:
    found = number(spoken)
    if found is None:
        raise ValueError(f"no number: {spoken}")
    return found


def day_of(token: re.Match[str], today: date) -> date | None:
    """The day that a match of DAY_WORDS names; None if there is no such day."""
    try:
        return _first(token, today)
    except (ValueError, OverflowError):
        return None
