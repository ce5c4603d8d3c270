"""Cells of an export as the trade's values. Each function gives None where it cannot read the cell: nothing is guessed."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

from casework.case import Answer, Satisfaction
from nlp.replies import read_reply

_PLAIN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} (?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]")
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?号?[T\s]*(.*)")
_SOLID = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\s*(\d{2}):?(\d{2})(?::?(\d{2}))?)?")
_HOUR = re.compile(r"(上午|下午|早上|晚上|中午)?\s*(\d{1,2})\s*[:：时点]\s*(?:(\d{1,2})\s*分?)?(?:\s*[:：]?\s*(\d{1,2})(?:\.\d+)?秒?)?\s*(am|pm)?", re.IGNORECASE)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 (how spreadsheets count days)
_PHONE = re.compile(r"(?<!\d)(?:\+?86[-\s]?)?(1[3-9]\d{9}|0\d{2,3}[-\s]?\d{7,8}|[2-9]\d{6,7})(?!\d)")
_NOTHING = re.compile(
    r"(?:-+|—+|/+|无|没有|空|null|none|n/?a|未知|不详|暂无|待回访|待评价|(?:系统)?(?:默认|自动).{0,4}|(?:未|没有?|拒绝|不愿|不予|无法|暂不|尚未|放弃)(?:进行|做出|作出)?(?:回访|评价|评分|表态|填写)|"
    r"(?:多次)?(?:未|无法|没有?|不能)(?:能)?(?:联系|接通|接听|打通|取得联系)[上到]?.{0,4}|无人接听|空号|关机|停机|拒接|拒访|占线|不便.{0,4})",
    re.IGNORECASE,
)
_YES, _NO = frozenset(["是", "y", "yes", "true", "1", "√", "✓", "对"]), frozenset(["否", "n", "no", "false", "0", "×", "x", "不"])
_PARTLY = re.compile(r"部分|一部分|基本解决|解决一半")
_NOT = re.compile(r"(?:未|没有?|不|尚未|仍未|无法)(?:能|得到|予|被|完全|彻底)*(?:解决|办好|处理好|落实)")
_SOLVED = re.compile(r"解决|办好了|处理好了")
_BAD = re.compile(r"不太?满意|很不满|不满|差评|很差")
_MOSTLY = re.compile(r"(?:基本|比较|较为?|还算|一般)满意|一般")
_GOOD = re.compile(r"满意|好评")


class Said(NamedTuple):
    """What a cell of the check-back says; both None: that nobody was asked or nobody answered."""

    answer: Answer | None = None
    satisfaction: Satisfaction | None = None


class When(NamedTuple):
    """A local moment; `whole_day` when the cell gives no time of day."""

    at: datetime
    whole_day: bool


SILENT: Final = Said()


def when(cell: str) -> When | None:
    """A moment as registers write it: 2024-03-05 08:30:00, 2024/3/5 8:30, 2024年3月5日下午2点, 20240305083000, a spreadsheet's day number."""
    words = cell.strip()
    try:
        if _PLAIN.fullmatch(words):  # as spreadsheets give it, and most registers write it
            return When(datetime.fromisoformat(words), False)
        if dated := _DATE.fullmatch(words):
            return _with_hour(date(int(dated[1]), int(dated[2]), int(dated[3])), dated[4].strip())
        if solid := _SOLID.fullmatch(words):
            day = date(int(solid[1]), int(solid[2]), int(solid[3]))
            return When(datetime.combine(day, time(int(solid[4] or 0), int(solid[5] or 0), int(solid[6] or 0))), solid[4] is None)
        if _SERIAL.fullmatch(words) and 20_000 < float(words) < 80_000:
            moment = _EPOCH + timedelta(seconds=round(float(words) * 86_400))
            return When(moment, "." not in words)
    except ValueError:  # the 31st of a month that has none
        return None
    return None


def _with_hour(day: date, words: str) -> When | None:
    if not words or re.fullmatch(r"(?:星期|周).", words):
        return When(datetime.combine(day, time()), True)
    words = re.sub(r"(?:Z|[+-]\d{2}:?\d{2})$", "", words)
    found = _HOUR.fullmatch(words)
    if found is None:
        return None
    hour = int(found[2])
    later = (found[1] or "") in ("下午", "晚上", "中午") or (found[5] or "").lower() == "pm"
    if later and hour < 11 + (found[1] != "中午"):
        hour += 12
    moment = datetime.combine(day, time(0)) + timedelta(hours=hour, minutes=int(found[3] or 0), seconds=int(found[4] or 0))
    return When(moment, False) if hour <= 24 and int(found[3] or 0) < 60 else None


def outcome(cell: str) -> Said | None:
    """An answer to 是否解决: 是, 已解决, 部分解决, 未解决; also 回访结果 that tells the verdict, or both, in words."""
    words = _words(cell)
    if not words or _NOTHING.fullmatch(words):
        return SILENT
    if words.lower() in _YES:
        return Said(Answer.SOLVED)
    if words.lower() in _NO:
        return Said(Answer.NOT_SOLVED)
    answer = _answer(words)
    verdict = _grade(words)
    if answer or verdict:
        return Said(answer, verdict)
    return _in_plain_words(cell)


def _answer(words: str) -> Answer | None:
    if _PARTLY.search(words):
        return Answer.PARTLY
    if _NOT.search(words):
        return Answer.NOT_SOLVED
    return Answer.SOLVED if _SOLVED.search(words) else None


def _in_plain_words(cell: str) -> Said | None:
    """What somebody wrote down of a call, read as an answer in the chat is."""
    reply = read_reply(cell)
    answer = Answer(reply.answer) if reply.answer != "unclear" else None
    verdict = Satisfaction(reply.graded) if reply.graded != "none" else None
    return Said(answer, verdict) if answer or verdict else None


def grade(cell: str) -> Said | None:
    """An answer to 满意吗: 满意, 基本满意, 不满意, 是, 否. A number of points is no verdict: nobody says what it is out of."""
    words = _words(cell)
    if not words or _NOTHING.fullmatch(words):
        return SILENT
    if words.lower() in _YES:
        return Said(None, Satisfaction.SATISFIED)
    if words.lower() in _NO:
        return Said(None, Satisfaction.DISSATISFIED)
    verdict = _grade(words)
    return Said(None, verdict) if verdict else None


def _grade(words: str) -> Satisfaction | None:
    for pattern, verdict in ((_BAD, "dissatisfied"), (_MOSTLY, "mostly"), (_GOOD, "satisfied")):
        if pattern.search(words):
            return Satisfaction(verdict)
    return None


def yes(cell: str) -> bool | None:
    """是 or 否; an empty cell is no."""
    words = _words(cell).lower()
    if not words or words in _NO or _NOTHING.fullmatch(words) or words.startswith(("不", "非", "未", "公开")):
        return False
    return True if words in _YES or words in ("保密", "要求保密", "剔除", "已剔除") else None


def phone_of(cell: str) -> str | None:
    """The first telephone number of a cell, in digits; one that is masked (138****0001) is nobody's."""
    found = _PHONE.search(cell)
    return re.sub(r"\D", "", found[1]) if found else None


def _words(cell: str) -> str:
    return re.sub(r"[\s。.，,、；;：:！!（）()【】\[\]“”\"]+", "", cell)
