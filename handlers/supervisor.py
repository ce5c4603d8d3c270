"""Secretary, subdistrict, city: defer, dismiss, redirect, supervise. Extend: extending.py; name who does it: naming.py."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from casework import actions as a
from casework import lifecycle
from casework.access import scope
from casework.case import PersonId, Who
from casework.consequences.hands import defer_question
from handlers.cards import not_for_this
from handlers.naming import as_desk
from handlers.tasks import by_task
from handlers.texts import local, say_day
from handlers.turn import Turn, answer, press
from handlers.undoing import done, note, proposed
from nlp.replies import declines, read_yes_no
from nlp.shortwords import read_day
from storage import cases, talk

ORGANISATION = "/staff/organisation"  # the page on which the city's chair brings it in


def organisation(turn: Turn, rest: str = "") -> None:
    """组织资料: where the city's chair looks after areas, posts, people and rosters; nobody else."""
    if scope(turn.person).city:
        turn.say("worker.organisation", link=f"{turn.world.public_url}{ORGANISATION}")
    else:
        turn.say("worker.organisation_not_yours" if turn.person.staff else "resident.unknown_command")


def case_by_number(turn: Turn, rest: str = "") -> None:
    """/case 26-001234, 26-1, 1: the card or the timeline, for whoever may see it; a number is never an access right."""
    from handlers import past
    from handlers.own_cases import show
    from handlers.summaries.steps import number_alone
    from handlers.worker import show_card

    number = number_alone(rest, local(turn).year)
    if number is None:
        turn.say("refusal.which_number")
        return
    found = cases.by_number(turn.conn, number)
    actor = turn.actor(found) if found is not None else None
    if found is not None and actor is None and turn.person.staff and past.may_read(turn, found):
        past.show(turn, found)
    elif found is None or actor is None:
        turn.say("refusal.unreadable")
    elif actor.who is Who.RESIDENT:
        show(turn, found)
    else:
        show_card(turn, found)


# ---- defer -------------------------------------------------------------------------------------------


@press("card", "defer")
def defer(turn: Turn, question: Any, args: dict[str, str]) -> None:
    if as_desk(turn, turn.case(question.case_id)) is not None and _may_defer(turn, question.case_id):
        turn.ask("worker.defer_why", question.case_id, question="desk.defer")


def _may_defer(turn: Turn, case_id: str) -> bool:
    """Nobody is asked for a yes that would not count: said done already, ended, a danger that stands."""
    case = turn.case(case_id)
    if lifecycle.allowed(case, a.Defer, Who.RESIDENT) and (not case.emergency or case.safe_at is not None):
        return True
    turn.say("refusal.danger_stands" if case.emergency and not case.ended else "refusal.not_now", case.id)
    return False


@press("card", "resume")
def resume(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """恢复办理: before the day, when it can be done after all."""
    actor = as_desk(turn, turn.case(question.case_id))
    if actor is not None and turn.act(question.case_id, a.Resume(), actor):
        done(turn, "worker.resumed", question.case_id)


FAR_DAY = re.compile(r"(明年|今年)?\s*(\d{1,2})月(\d{1,2})[日号]")


@answer("desk.defer")
def defer_told(turn: Turn, question: Any, text: str) -> bool:
    """A date and a reason; then the resident is asked, whose yes alone defers."""
    from handlers.promising import end_of

    today = turn.now.astimezone(turn.policy.calendar.zone).date()
    day, why = _date_and_reason(text, today)
    case = turn.case(question.case_id)
    if not_for_this(turn, question, text):
        return False
    if not _may_defer(turn, case.id):
        talk.answer_question(turn.conn, question.id, "late", turn.now)
        return True
    if day is not None and end_of(turn, day) > (longest := turn.now + turn.policy.defer_longest):
        turn.say("worker.defer_far", case.id, last=say_day(longest.astimezone(turn.policy.calendar.zone).date(), today, near=False))
        return True
    if day is None or not why or not today < day:
        turn.say("worker.defer_unread", case.id)
        return True
    talk.answer_question(turn.conn, question.id, "told", turn.now)
    until = end_of(turn, day)
    turn.write(defer_question(case, until, why, turn.person.id))
    note(turn, case.id, "defer_proposed")
    proposed(turn, "worker.defer_asked", case.id, "resident.defer", case.resident_id)
    return True


def _date_and_reason(text: str, today: date) -> tuple[date | None, str]:
    head, _, why = text.replace(":", "：").partition("：")
    found = FAR_DAY.search(head)
    if found is None:
        return read_day(head, today), why.strip()
    year = today.year + (1 if found[1] == "明年" else 0)
    try:
        day = date(year, int(found[2]), int(found[3]))
    except ValueError:
        return None, why.strip()
    if found[1] is None and day <= today:
        day = day.replace(year=year + 1)
    return day, why.strip()


@press("resident.defer", "agree")
def defer_yes(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """Only the resident's yes defers; who proposed it hears so, with a part in the case or not."""
    until, by = datetime.fromisoformat(str(question.args["until_at"])), PersonId(str(question.args["by"]))
    if turn.act(question.case_id, a.Defer(until=until, why=str(question.args["why"]), proposed_by=by)) is None:
        return
    done(turn, "resident.deferred_undo", question.case_id)
    if not any(w.to == by for w in turn.words):
        turn.tell(by, "worker.defer_yes", question.case_id)


@answer("resident.defer")
def defer_said(turn: Turn, question: Any, text: str) -> bool:
    """同意 or 不同意 in a word; anything else is not for this question."""
    said = False if declines(text) else read_yes_no(text)
    if said is None:
        return False
    talk.answer_question(turn.conn, question.id, "agree" if said else "disagree", turn.now)
    (defer_yes if said else defer_no)(turn, question, {})
    return True


@press("resident.defer", "disagree")
def defer_no(turn: Turn, question: Any, args: dict[str, str]) -> None:
    turn.tell(PersonId(str(question.args["by"])), "worker.defer_no", question.case_id)
    turn.say("resident.kept_open", question.case_id)


# ---- dismiss, redirect, supervise -------- -----------------------------------------------------------------------


@press("card", "dismiss")
def dismiss(turn: Turn, question: Any, args: dict[str, str]) -> None:
    if as_desk(turn, turn.case(question.case_id)) is not None:
        turn.ask("worker.dismiss_why", question.case_id, question="desk.dismiss")


@answer("desk.dismiss")
def dismissed(turn: Turn, question: Any, text: str) -> bool:
    if not_for_this(turn, question, text):
        return False
    talk.answer_question(turn.conn, question.id, "told", turn.now)
    actor = by_task(turn, question) or as_desk(turn, turn.case(question.case_id))
    if actor is not None and turn.act(question.case_id, a.Dismiss(reason=text[:200], words=text), actor):
        done(turn, "worker.dismissed", question.case_id)
    return True


@press("card", "redirect")
def redirect(turn: Turn, question: Any, args: dict[str, str]) -> None:
    case = turn.case(question.case_id)
    actor = as_desk(turn, case)
    if actor is None:
        return
    tried = lifecycle.step(case, a.Redirect(to="12345"), actor, turn.now, turn.policy)
    if isinstance(tried, lifecycle.Refusal):
        turn.refuse(case, tried, actor)
    else:
        turn.ask("worker.redirect_ask", question.case_id, question="desk.redirect")


@answer("desk.redirect")
def redirected(turn: Turn, question: Any, text: str) -> bool:
    if not_for_this(turn, question, text):
        return False
    talk.answer_question(turn.conn, question.id, "told", turn.now)
    actor = as_desk(turn, turn.case(question.case_id))
    if actor is not None and turn.act(question.case_id, a.Redirect(to=text.strip()[:40]), actor):
        done(turn, "worker.redirected", question.case_id)
    return True


@press("card", "supervise")
def supervise(turn: Turn, question: Any, args: dict[str, str]) -> None:
    actor = as_desk(turn, turn.case(question.case_id))
    if actor is not None and turn.act(question.case_id, a.Supervise(), actor):
        done(turn, "worker.supervised", question.case_id)
