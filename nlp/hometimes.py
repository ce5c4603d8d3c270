"""When somebody is at home, and when somebody comes: 我七点后在家, 明天上午不在家下午可以, 几点来？, 明天下午三点或者周六上午.

Clause by clause: a clause without a day is about the day named before it; one that says 不在家 or 上班 gives no time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from nlp.dates import DAY_WORDS, day_of
from nlp.moments import names_hour, names_part, read_moment
from nlp.wording import plain

FIRST, LAST, NOON, EVENING = time(8), time(21), time(12), time(19)
LENGTH: Final = timedelta(hours=2)  # "七点在家" alone
PARTS: Final = {
    "清早": (time(8), time(9)), "早上": (time(8), time(10)), "早晨": (time(8), time(10)), "上午": (time(9), NOON), "中午": (NOON, time(14)),
    "下午": (time(14), time(18)), "傍晚": (time(17), time(19)), "晚上": (EVENING, LAST), "白天": (time(9), time(18)), "下班": (EVENING, LAST),
}  # fmt: skip
_CLAUSE: Final = re.compile(r"[，。；！？,;!?\n、]|或者?|还是|要不|但是?|不过")
_AT_HOME: Final = re.compile(
    r"在家(?!里?(楼|门口|附近))|家里?(一直|都|总|才)?有人|有人(在家|开门|给开)|[我就才]到家|回到?家|(我|就|都|才|会)有(空|时间)|有空(在家|开门|来)?$|方便(上门|来|过来|在家)|能开门|来得及开门"
)
_FITS: Final = re.compile(r"可以|能行|都行|行$|在$|都在|方便|有空|有时间|有人")
_AWAY: Final = re.compile(
    r"不在|没在家|没(有)?人|没(有)?空|没(有)?时间|不方便|不行|不能|上班|出门|出差|有事|来不及|赶不回|回不来|去不了|不可以|外地"
)
_BUSY: Final = re.compile(r"不在家|没在家|家里?没人|没(有)?空|没(有)?时间(在家|等|开门)?$|临时有事|赶不回|回不来|出差|(明天|今天|后天|那天|那时候?|到时候?)(不行|有事|去不了|不方便)")
_WHEN: Final = re.compile(
    r"(几点钟?|什么时候|什么时间|啥时候?|啥时间|多会儿?|多咱|何时|哪天|哪一天|几时|大概多久)(才|能|会|可以|就|大概|左右|再|有人)*(的?(人|师傅|工人|维修|网格员|你们|他们)?)(能|会|可以)*"
    r"(来(?!水|电|暖|气|热|网|车|信号|货)|过来|上门|到(?!期|账|货)|派人|登门|上我家|去我家)"
    r"|(师傅|工人|维修的?|网格员|你们|他们|人)(大概|今天|明天|到底|能|会)*(几点|什么时候|啥时候|多会儿?|哪天|何时)(能|会|才|可以)*(来(?!水|电|暖|气|热|网|车)|到|过来|上门)"
    r"|约(个|一个|下|一下|好)?(上门)?时间|预约(个|一下)?上门"
)
_CHANGE: Final = re.compile(r"改(个|一下|下)?(时间|日子|期|约)|换(个|一个|一下)?(时间|日子|天)|改到|改约|推迟|往后(推|挪)|提前(一点|点)?(来|行)|另(约|外约)")
_ALL: Final = re.compile(r"全天|一天都|一整天|整天|随时|都在家|一直在|什么时候都|几点都")
_AFTER: Final = re.compile(r"以后|之后|后|过后|往后|起")
_BEFORE: Final = re.compile(r"以前|之前|前")
_RANGE: Final = re.compile(r"到|至|[-~—–]")


@dataclass(frozen=True, slots=True)
class HomeTime:
    """Somebody opens from `starts` until `ends`, on that day (None: whichever)."""

    starts: time
    ends: time
    day: date | None = None


def read_home(text: str, now: datetime) -> tuple[HomeTime, ...]:
    """The times at which somebody is at home, in the order told. `now`: aware, local. Empty: the text tells none."""
    words = plain(text).text
    if not _AT_HOME.search(words):
        return ()
    day: date | None = None
    found: list[HomeTime] = []
    for clause in _CLAUSE.split(words):
        token = DAY_WORDS.search(clause)
        day = day_of(token, now.date()) if token else day
        good = _AT_HOME.search(clause) or _FITS.search(clause)
        if good and not _AWAY.search(clause) and (window := _window(clause, day, now)):
            found.append(window)
    return tuple(found)


def says_busy(text: str) -> bool:
    """明天没空, 我不在家: the time that was agreed does not suit."""
    return _BUSY.search(plain(text).text) is not None


def asks_change(text: str) -> bool:
    """改个时间."""
    return _CHANGE.search(plain(text).text) is not None


def asks_when(text: str) -> bool:
    """几点来？ Not: 几点来水？"""
    return _WHEN.search(plain(text).text) is not None


def names_time(text: str) -> bool:
    """Whether a day, an hour or a part of the day is named."""
    words = plain(text).text
    return bool(DAY_WORDS.search(words)) or names_hour(words) or names_part(words)


def beside(text: str) -> str:
    """What is said besides: the clauses that do not speak of being at home, of coming, of another time."""
    about = (_AT_HOME, _BUSY, _WHEN, _CHANGE)
    return "，".join(c for c in _CLAUSE.split(text) if c.strip() and not any(p.search(plain(c).text) for p in about) and not _only_time(c))


def _only_time(clause: str) -> bool:
    return names_time(clause) and len(clause) <= 8


def read_times(text: str, now: datetime) -> tuple[datetime, ...]:
    """The moments that a text offers: 明天下午三点或者周六上午九点. Past ones too: whoever asks says what is wrong. Not: 今晚没空."""
    words, day, found = plain(text).text, None, []
    for piece in (p for p in re.split(r"[，。；,;\n、]|或者?|还是|和", words) if p.strip()):
        token = DAY_WORDS.search(piece)
        day = day_of(token, now.date()) if token else day
        at = _moment(piece, day, now)
        if at is not None and not _BUSY.search(piece):
            found.append(at)
    return tuple(dict.fromkeys(found))


def _moment(words: str, day: date | None, now: datetime) -> datetime | None:
    """Nobody comes at three in the night: a bare hour below seven is of the afternoon; so is one that has just passed."""
    if not names_hour(words) and not names_part(words):
        return None
    at = read_moment(words, now).at
    if at is None:
        return None
    at = at.replace(second=0, microsecond=0)
    if day is not None and at.date() != day and not DAY_WORDS.search(words):
        at = datetime.combine(day, at.timetz())
    half = timedelta(hours=12)
    bare = not names_part(words) and at.hour < 12
    if bare and (at.hour < 7 or (at <= now < at + half)):
        return at + half
    return at


def _window(clause: str, day: date | None, now: datetime) -> HomeTime | None:
    if names_hour(clause):
        return _by_hour(clause, day, now)
    part = next((PARTS[p] for p in PARTS if p in clause), None)
    if part is None and (token := DAY_WORDS.search(clause)) and token["word"]:
        part = {"晚": (EVENING, LAST), "夜": (EVENING, LAST), "早": (time(8), time(10))}.get(token["word"][-1])
    if part is not None:
        return HomeTime(*part, day)
    return HomeTime(FIRST, time(20), day) if day is not None or _ALL.search(clause) else None


def _by_hour(clause: str, day: date | None, now: datetime) -> HomeTime | None:
    first, *rest = [p for p in _RANGE.split(clause) if names_hour(p)] or [clause]
    at = _moment(first, day, now)
    if at is None:
        return None
    after, before = _AFTER.search(clause), _BEFORE.search(clause)
    if after and not rest and not names_part(clause) and 1 <= at.hour <= 7:
        at += timedelta(hours=12)  # 明天七点后在家
    begin = at.time()
    if rest and (until := _moment(rest[0], day, now)) is not None:
        end = until.time() if until.time() > begin else (until + timedelta(hours=12)).time()
    elif before and not after:
        return _sound(FIRST, begin, day)
    else:
        end = LAST if after else min(LAST, (at + LENGTH).time(), key=lambda t: t if t > begin else LAST)
    return _sound(begin, end, day)


def _sound(starts: time, ends: time, day: date | None) -> HomeTime | None:
    return HomeTime(starts, ends, day) if starts < ends else None

