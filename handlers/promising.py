"""定个日期: a day by which it will be done, named by button or in words, and told to the resident."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from casework import actions as a
from casework.consequences.asking import day_option
from casework.refusals import latest_promise
from handlers.cards import step_done
from handlers.texts import local
from handlers.turn import Turn, answer, press
from nlp.dates import read_promise
from storage import talk

DAYS = 4  # on buttons: today and the next three
SHORT = 12  # characters; what is longer and names no day is no answer
UNREAD = {"past": "worker.promise_past", "no_such": "worker.promise_no_such", "vague": "worker.promise_vague"}


@press("card", "promise")
def promise(turn: Turn, question: Any, args: dict[str, str]) -> None:
    if turn.may(question.case_id, a.Promise):
        ask_day(turn, question.case_id)


def ask_day(turn: Turn, case_id: str, key: str = "worker.promise_ask", words: str = "") -> None:
    """Only days that may be promised are offered."""
    last = latest_promise(turn.case(case_id), turn.now, turn.policy)
    days = [local(turn).date() + timedelta(days=d) for d in range(DAYS)]
    options = [day_option(day) for day in days if turn.now < promised_by(turn, day, last) <= last]
    turn.ask(key, case_id, question="worker.promise_day", options=options, words=words)


@press("worker.promise_day", "day")
def promise_button(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """The day that stood on the button, whenever it is pressed."""
    _promise(turn, question.case_id, date.fromisoformat(args["date"]))


@answer("worker.promise_day")
def promise_words(turn: Turn, question: Any, text: str) -> bool:
    """A day; one that has passed, that is on no calendar or that is none (过两天) is asked back: the resident will count on it."""
    read = read_promise(text, local(turn).date())
    if isinstance(read, date):
        if _promise(turn, question.case_id, read):
            talk.answer_question(turn.conn, question.id, "told", turn.now)
        return True
    if len(text) > SHORT:
        return False
    if read in UNREAD:
        ask_day(turn, question.case_id, UNREAD[read], words=text)
    else:
        turn.say("worker.promise_unread")
    return True


def end_of(turn: Turn, day: date) -> datetime:
    """The end of office hours of that day: what "by Friday" means."""
    return datetime.combine(day, turn.policy.calendar.closes, turn.policy.calendar.zone)


def promised_by(turn: Turn, day: date, last: datetime) -> datetime:
    """By when a day is promised: its closing time, or the limit when that falls on the same day before it."""
    return min(end_of(turn, day), last) if last.astimezone(turn.policy.calendar.zone).date() == day else end_of(turn, day)


def _promise(turn: Turn, case_id: str, day: date) -> bool:
    by = promised_by(turn, day, latest_promise(turn.case(case_id), turn.now, turn.policy))
    if turn.act(case_id, step := a.Promise(by=by)):
        step_done(turn, "worker.promised", case_id, step, promise=by)
        return True
    if turn.may(case_id, a.Promise):
        ask_day(turn, case_id)  # the question stays: a date typed next is an answer, not a note
    return False
