"""Small exact readings: a worker's action words, small talk, a promised day. A telephone number: telephones.py."""

from __future__ import annotations

import re
from datetime import date, timedelta

from nlp.numerals import number
from nlp.telephones import hide_mobile as hide_mobile
from nlp.telephones import hide_phone as hide_phone
from nlp.telephones import others_phone as others_phone
from nlp.telephones import own_phone as own_phone
from nlp.telephones import phones as phones
from nlp.telephones import read_phone as read_phone
from nlp.wording import plain

_WORKER_WORDS = {
    "acknowledge": "收到 签收 接单 已签收 已接单 接到了 接了 我接了 我接 知道了 收到了 我去 我来 我来处理 已收到 好的收到 收到马上去 马上去 这就去",
    "contact": "联系了 已联系 联系上了 打过电话了 已打电话 电话联系了 联系过了 已联系居民 通过电话了 已电话联系 打了电话",
    "arrive": "到了 到现场了 已到场 到场 已到 我到了 到场了 已到现场 到现场 在现场 在现场了 到门口了 已经到了 人到了",
    "resolve": "办好了 办结 已办结 已解决 解决了 修好了 弄好了 处理好了 处理完了 已处理 搞定 搞定了 完成 已完成 办完了 修完了 好了 已修好 已办好 完事了 办妥了 换好了 通了",
}
_BY_WORD = {word: action for action, words in _WORKER_WORDS.items() for word in words.split()}

_AHEAD = {
    "今天": 0,
    "今日": 0,
    "今晚": 0,
    "今儿": 0,
    "明天": 1,
    "明日": 1,
    "明儿": 1,
    "明早": 1,
    "明晚": 1,
    "大后天": 3,
    "后天": 2,
    "后日": 2,
    "后儿": 2,
}
_WEEKDAY = {
    "一": 0,
    "二": 1,
    "三": 2,
    "四": 3,
    "五": 4,
    "六": 5,
    "日": 6,
    "天": 6,
    "末": 6,
    **{str(day): day - 1 for day in range(1, 8)},
}
_NUMBER = r"(\d{1,3}|[一二两三四五六七八九十]{1,3})"
_FULL = re.compile(r"(?<!\d)(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})(?!\d)")
_MONTH_DAY = re.compile(rf"(?<![\d-]){_NUMBER}月{_NUMBER}[日号]?|(?<![\d./-])(\d{{1,2}})[-/](\d{{1,2}})(?![\d/-])")
_DAY = re.compile(r"(?<![\d月楼#])(\d{1,2}|[一二三四五六七八九十]{1,3})[日号](?!楼|院|门|房|线|机|码|铺)")
_WEEK = re.compile(r"(下下|下|这|本)?(?:个)?(?:周|星期|礼拜)([一二三四五六日天末1-7])(?!\d)")
_IN_DAYS = re.compile(rf"{_NUMBER}(?:个)?(?:(天|周|星期|礼拜|工作日)|日(?=之?内|以?后|之后))")


def read_worker_words(text: str) -> str | None:
    """'acknowledge', 'contact', 'arrive' or 'resolve' for exact action words; any other text is a note: None."""
    return _BY_WORD.get(re.sub(r"[\s\W]+", "", plain(text).text))


_CLAUSES = re.compile(r"[^\w]+")
_DONE = tuple(sorted((w for w in _WORKER_WORDS["resolve"].split() if len(w) > 2 or w in ("办结", "搞定")), key=len, reverse=True))
_UNDONE = re.compile(
    r"没(?!问题|事)|不(?!漏|堵|响|滴|渗|冒|臭|吵|晃|卡|跳|堆|松|用)|未|还(?!给|原)|但|可是|不过|只|差|等|再|吗|么|呢|[?？]|一半|部分|暂|临时"
    r"|明天|后天|下周|[要需得待]换|需要|又[坏漏停堵灭冷凉]|说|要是|如果|假如|时候|何时|谁|哪|应该|可能|大概|估计|马上|准备|正在|回头|一会|待会|我去|去看|看看"
    r"|上次|以前|本来|以为|希望|争取|[二三四五六七八九\d]成"
)
_COURTESY = re.compile(r"谢谢|感谢|辛苦|您好|你好|师傅|领导|书记|主任|居民|很|非常|满意|放心|已经|已|都|全|现在|刚刚?|我|这边|这个|了|的|请|吧|啦|哈|啊|回访|查收")
_MENDED = re.compile(
    r"[换修补通清装接拧焊疏拉加调排关开刷贴扫钉锁拆搬运灌放洗冲挪停挖填绑配][^。!?]{0,8}了|更换|维修|清理|疏通|安装|处理|调解|协调|检修|抢修"
)


def read_done(text: str) -> str | None:
    """'told' where a worker's words say that it is done and what was done (修好了，换了阀门), 'bare' where they say only that it is
    (修好了，谢谢), None for anything else: what is done in part, a question, a plan."""
    said = plain(text).text.strip()
    clauses = [c for c in _CLAUSES.split(said) if c]
    if read_worker_words(said) is not None or _UNDONE.search(said):
        return None
    done = [c for c in clauses if read_worker_words(c) == "resolve" or (len(clauses) > 1 and len(c) < 10 and c.endswith(_DONE))]
    if not done:
        word = next((w for w in _DONE if len(clauses) == 1 and (said.startswith(w) or said.endswith(w))), "")
        return "told" if word and _MENDED.search(said.replace(word, "", 1)) else None
    rest = "".join(c for c in clauses if c not in done and read_worker_words(c) is None)
    sure = any(c.endswith(_DONE) for c in done)
    if _MENDED.search(rest) or (sure and _COURTESY.sub("", rest)):
        return "told"
    return "bare" if sure else None


_SMALL = frozenset(
    ["你好", "您好", "大家好", "早", "早上好", "上午好", "下午好", "晚上好", "谢谢", "谢谢您", "谢谢你", "多谢", "感谢", "辛苦了", "您辛苦了", "好", "好的", "好嘞", "好滴", "行", "嗯", "嗯嗯", "哦", "噢", "嗯好", "嗯好的", "好谢谢", "好的谢谢", "ok", "在吗", "在么", "没事", "没事了", "不客气", "哈哈"]
)
_FACES = re.compile(r"[\U0001F300-\U0001FAFF\u2600-\u27BF\uFE0F\s]+|\[[\u4e00-\u9fff]{1,4}\]")


def is_small_talk(text: str) -> bool:
    """A greeting, thanks, a plain yes or a face alone: nothing that anybody would want kept with a case."""
    words = re.sub(r"[\s\W]+", "", plain(text).text)
    return words in _SMALL or (bool(text.strip()) and _FACES.fullmatch(text.strip()) is not None)


def read_day(text: str, today: date) -> date | None:
    """The day a text promises, never before today; None if it names none, or one that is past or does not exist."""
    words = plain(text).text
    day = _written(words, today) or _weekday(words, today) or _ahead(words, today)
    return day if day and day >= today else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _written(words: str, today: date) -> date | None:
    """2026年12月1日, 12月1日, 12-01, 5号: the next such day from today."""
    if found := _FULL.search(words):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _MONTH_DAY.search(words):
        month, day = number(found[1] or found[3]) or 0, number(found[2] or found[4]) or 0
        this_year = _day(today.year, month, day)
        return this_year if this_year and this_year >= today else _day(today.year + 1, month, day)
    if found := _DAY.search(words):
        day = number(found[1]) or 0
        next_month = (today.month % 12) + 1
        coming = _day(today.year, today.month, day)
        return coming if coming and coming >= today else _day(today.year + (next_month == 1), next_month, day)
    return None


def _weekday(words: str, today: date) -> date | None:
    """周五 is the coming one (today counts), 下周五 the one of the next week that begins on Monday."""
    found = _WEEK.search(words)
    if not found:
        return None
    monday = today - timedelta(days=today.weekday())
    day = _WEEKDAY[found[2]] - (1 if found[2] == "末" else 0)
    weeks = {"下": 1, "下下": 2}.get(found[1] or "", 0)
    named = monday + timedelta(days=day + 7 * weeks)
    return named if weeks or named >= today or found[1] else named + timedelta(days=7)


def _ahead(words: str, today: date) -> date | None:
    for word, days in sorted(_AHEAD.items(), key=lambda pair: -len(pair[0])):
        if word in words:
            return today + timedelta(days=days)
    found = _IN_DAYS.search(words)
    if not found:
        return None
    count = number(found[1]) or 0
    if found[2] == "工作日":
        return _working_days(today, count)
    return today + timedelta(days=count * (1 if found[2] in (None, "天") else 7))


def _working_days(today: date, count: int) -> date:
    """Monday to Friday; public holidays are the caller's matter."""
    day = today
    for _ in range(min(count, 60)):
        day += timedelta(days=1)
        while day.weekday() > 4:
            day += timedelta(days=1)
    return day
