"""The commands of supervisors, and the same things said in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from casework import access
from handlers import onpage, supervisor, worker
from handlers.summaries import (
    coverage,
    deeper,
    find,
    hot,
    late,
    looking,
    meant,
    merging,
    most,
    notice,
    rates,
    staff,
    steps,
    summary,
)
from handlers.summaries.areas import ESTATE, GRID
from handlers.texts import local
from handlers.turn import Turn
from nlp.asked import Asked, asks_for_figures, like_area, may_ask, no_such_place, read_said
from nlp.periods import Period

Command = Callable[[Turn, str], None]
COMMANDS: Final[dict[str, Command]] = {
    "/summary": summary.summary, "/overdue": late.overdue, "/hot": hot.hot_spots, "/rates": rates.rates, "/staff": staff.staff,
    "/coverage": coverage.coverage,
    "/supervise": steps.supervise, "/assign": steps.assign,
    "/find": find.find, "/notice": notice.notice, "/merge": merging.merge,
}
deeper.LEVELS["staff"] = deeper.KEYS["staff"] = staff.show


def spoken(turn: Turn, text: str) -> bool:
    """谁超期了, 本周汇总, 上个月供暖 …; nothing that somebody who is no supervisor may mean otherwise."""
    at_desk = bool(access.staff_areas(turn.person))
    if at_desk and (notice.stop_said(turn, text) or most.asked(turn, text)):
        return True
    said = read_said(text)
    if said is not None and said[0] == "/case" and turn.person.staff:
        supervisor.case_by_number(turn, said[1])
        return True
    if said is not None and said[0] in COMMANDS and (at_desk or said[0] in (OF_STAFF if turn.person.staff else OF_TOWN)) and _read(turn, text, *said):
        COMMANDS[said[0]](turn, said[1])  # which says kindly whom it is for
        return True
    if turn.person.staff and not at_desk and PAGES.fullmatch(text):
        return not looking.may_ask(turn)
    if not (at_desk or WORDED in text) or len(text) > LONGEST:
        return False
    if not may_ask(text, local(turn).date()):
        return False
    asked = looking.heard(turn, text)
    named = asked.period is not None and (asks_for_figures(text) or no_such_place(asked))
    if (not asked.plain and not (at_desk and named)) or meant.are_words(turn, text, asked):
        return False
    if meant.may_be_words(turn, text):
        return True
    summary.summary(turn, text)
    return True


def _read(turn: Turn, text: str, command: str, rest: str) -> bool:
    """Whether what stands beside the words of a question is understood, or may be a place: 电梯检测超期 is what somebody did, and a resident
    who says 供暖超期的 asks for heat."""
    if command == "/notice" and text.startswith("通知居民") and meant.waits(turn):
        return False  # 通知居民了，水管修好了 is what was done
    if not rest or command not in ANYTHING_BESIDE:
        return True
    if not access.staff_areas(turn.person):
        return False
    asked = looking.heard(turn, rest)
    if meant.are_words(turn, text, asked):
        return False
    if "report" in asked.hints:  # of whole months, of everything
        days = isinstance(asked.period, Period) and DAYS.search(asked.period.words) is not None
        return asked.understood and not days and not asked.category and not asked.topic
    return asked.understood or like_area(asked.rest)


def when_nothing_is_awaited(turn: Turn, text: str) -> bool:
    """What a desk says by itself and means as a question: a stretch alone (昨天, 明年1月), an area or a kind of trouble alone (东华街道, 供暖),
    one with a place that there is not (锦绣里小区 本周); any other question is not understood, and says so: it never becomes a note on
    somebody's case."""
    if not access.staff_areas(turn.person) or turn.heard.reply_to or turn.heard.files or len(text) > LONGEST:
        return False
    if PAGES.fullmatch(text):
        onpage.page(turn)
        return True
    asked = looking.heard(turn, text)
    if _of_figures(asked, text) or _of_places(asked, text):
        summary.summary(turn, text)
        return True
    if not (QUESTION.search(text) or COMMANDED.match(text) or _of_another(turn, text) or (asked.areas and COMPARED.search(text))):
        return False
    card = worker.touched(turn)
    if card is None or card.ended or turn.actor(card) is None:
        turn.say("worker.not_understood")
    else:
        turn.ask("worker.question_or_note", card.id, options=("note",), words=text)
    return True


def _of_figures(asked: Asked, text: str) -> bool:
    """Whether the words can only mean figures: 锦绣苑漏水 may be a request, 昨天看了 is what somebody did."""
    if not asked.understood or asked.may_lie_ahead or "report" in asked.hints or TOLD.search(text):
        return False
    estate = any(area.startswith(ESTATE) for area in asked.areas)
    alone = bool(asked.areas or asked.category) and not asked.topic and not (estate and asked.category)
    return asked.period is not None or alone


def _of_places(asked: Asked, text: str) -> bool:
    """Whether places are asked about that there are not, or that are several: 锦绣里小区 本周, 第9网格, 东华街道和西安街道."""
    if asked.also and COMPARED.search(text):
        return True
    named = asked.period is not None or (bool(asked.areas) and AND.search(text) is not None)
    return (named and like_area(asked.rest)) or GRID.fullmatch(asked.rest) is not None


def _of_another(turn: Turn, text: str) -> bool:
    """Whether it names a case, and not the one in hand: then it is hardly a note on that."""
    told, card = steps.numbers(text), worker.touched(turn)
    return bool(told) and (card is None or card.number not in told)


ANYTHING_BESIDE: Final = ("/summary", "/overdue", "/hot", "/staff")
DAYS: Final = re.compile("[天日号周]|星期|礼拜")
AND: Final = re.compile("[和与跟、]")
TOLD: Final = re.compile("[看有报记问]了[。.!！]*$")
"""昨天看了: something that was done."""
OF_TOWN: Final = ("/summary", "/overdue", "/hot", "/rates", "/staff", "/coverage")
"""What said by anybody can only mean figures: no request is told in these words."""
OF_STAFF: Final = (*OF_TOWN, "/find", "/supervise", "/assign", "/merge")
WORDED: Final = "汇总"
LONGEST: Final = 40
PAGES: Final = re.compile(r"(?:打开|看看?|给我)?(?:看板|大屏幕?|数据看板)")
COMMANDED: Final = re.compile(r"汇总|督办|指定|指派|合并|并案|发通知|值班覆盖|三率|月报|/")
COMPARED: Final = re.compile(r"比一比|比较|对比|相比")
QUESTION: Final = re.compile(r"咋样|多不多|怎么算|最[多少高低久长](?:的)?(?:街道|社区|网格|小区|地方|问题|类别?)?$|[没未]办[完结好]的$|办结率|联席会|^(?:发给?|给|要)我.*(?:报告|材料|报表)$|[?？]\s*$|(?:吗|呢|没有)[。.\s]*$|^谁|^哪|多少|几件|几个|哪些|怎么样|是什么")
