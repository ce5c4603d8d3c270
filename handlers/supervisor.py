"""Secretary, subdistrict, city: extend, defer, dismiss, redirect, supervise, name who does it."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from casework import actions as a
from casework import dispatch, lifecycle
from casework.access import scope
from casework.case import Actor, PersonId, PostId, Who
from casework.consequences.hands import defer_question
from casework.effects import Ask, Kind, Option
from handlers.cards import not_for_this
from handlers.tasks import by_task
from handlers.texts import say_day
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
    """/case 26-001234: the card or the timeline, for whoever may see it; a number is never an access right."""
    from handlers import past
    from handlers.own_cases import show
    from handlers.worker import show_card

    found = cases.by_number(turn.conn, rest.strip()) if rest.strip() else None
    actor = turn.actor(found) if found is not None else None
    if found is not None and actor is None and turn.person.staff and past.may_read(turn, found):
        past.show(turn, found)
    elif found is None or actor is None:
        turn.say("refusal.unreadable")
    elif actor.who is Who.RESIDENT:
        show(turn, found)
    else:
        show_card(turn, found)


# ---- extend and defer -------------------------------------------------------------------------------------------


@press("card", "extend")
def extend(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """疑难: asked of the secretary; a secretary's own press is the approval."""
    case = turn.case(question.case_id)
    actor = turn.actor(case)
    if actor is not None and actor.who is Who.DESK:
        if turn.act(case.id, a.Extend()):
            done(turn, "staff.extended", case.id)
        return
    desk = dispatch.desk(case, turn.town, turn.now)
    if actor is None or desk.holder_id is None or not lifecycle.allowed(case, a.Extend, Who.DESK):
        turn.may(case.id, a.Extend)
        return
    asker = turn.town.post(actor.post) if actor.post else None
    turn.write(Ask(
        desk.holder_id, "worker.extend_question", case.id, {"post": asker.title if asker else ""}, Kind.CARD, case.urgency,
        question="desk.extend", options=(Option("agree", {"post": desk.id, "by": turn.person.id}),
                                         Option("disagree", {"post": desk.id, "by": turn.person.id})), awaited=False,
    ))
    proposed(turn, "worker.extend_asked", case.id, "desk.extend", desk.holder_id, post=desk.title)


@press("desk.extend", "agree")
def extend_yes(turn: Turn, question: Any, args: dict[str, str]) -> None:
    if turn.act(question.case_id, a.Extend(), Actor(Who.DESK, turn.person.id, PostId(args["post"]))):
        done(turn, "staff.extended", question.case_id)


@press("desk.extend", "disagree")
def extend_no(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """Not granted; 同意 may still be pressed. Granted already, it is taken back by 点错了, not by a no."""
    if turn.case(question.case_id).extended:
        turn.say("refusal.extended_already", question.case_id)
        return
    turn.tell(PersonId(args["by"]), "worker.extend_no", question.case_id)
    turn.say("task.ended")


@press("card", "defer")
def defer(turn: Turn, question: Any, args: dict[str, str]) -> None:
    if _desk(turn, question.case_id) is not None and _may_defer(turn, question.case_id):
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
    actor = _desk(turn, question.case_id)
    if actor is not None and turn.act(question.case_id, a.Resume(), actor):
        done(turn, "worker.resumed", question.case_id)


FAR_DAY = re.compile(r"(明年|今年)?\s*(\d{1,2})月(\d{1,2})[日号]")


@answer("desk.defer")
def defer_told(turn: Turn, question: Any, text: str) -> bool:
    """A date and a reason; then the resident is asked, whose yes alone defers."""
    from handlers.cards import end_of

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


# ---- dismiss, redirect, supervise, assign -----------------------------------------------------------------------


def _desk(turn: Turn, case_id: str) -> Actor | None:
    """The speaker as a desk for this case; otherwise says no."""
    from casework import access

    case = turn.case(case_id)
    actor = access.as_desk(turn.person, case, turn.parts(case_id), turn.town.within)
    if actor is None:
        turn.say("refusal.not_yours")
    return actor


@press("card", "dismiss")
def dismiss(turn: Turn, question: Any, args: dict[str, str]) -> None:
    if _desk(turn, question.case_id) is not None:
        turn.ask("worker.dismiss_why", question.case_id, question="desk.dismiss")


@answer("desk.dismiss")
def dismissed(turn: Turn, question: Any, text: str) -> bool:
    if not_for_this(turn, question, text):
        return False
    talk.answer_question(turn.conn, question.id, "told", turn.now)
    actor = by_task(turn, question) or _desk(turn, question.case_id)
    if actor is not None and turn.act(question.case_id, a.Dismiss(reason=text[:200], words=text), actor):
        done(turn, "worker.dismissed", question.case_id)
    return True


@press("card", "redirect")
def redirect(turn: Turn, question: Any, args: dict[str, str]) -> None:
    case, actor = turn.case(question.case_id), _desk(turn, question.case_id)
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
    actor = _desk(turn, question.case_id)
    if actor is not None and turn.act(question.case_id, a.Redirect(to=text.strip()[:40]), actor):
        done(turn, "worker.redirected", question.case_id)
    return True


@press("card", "supervise")
def supervise(turn: Turn, question: Any, args: dict[str, str]) -> None:
    actor = _desk(turn, question.case_id)
    if actor is not None and turn.act(question.case_id, a.Supervise(), actor):
        done(turn, "worker.supervised", question.case_id)


@press("card", "assign")
def assign(turn: Turn, question: Any, args: dict[str, str]) -> None:
    case = turn.case(question.case_id)
    actor = _desk(turn, case.id)
    if actor is None:
        return
    posts = list(dispatch.on_duty(case, turn.town, turn.now))
    options = [Option("name", {"post": p.id}, p.title) for p in posts[:6]]
    if actor.post is not None:
        options.append(Option("name", {"post": actor.post}))
    turn.ask("worker.assign_ask", case.id, question="desk.assign", options=options)


@press("desk.assign", "name")
def assigned(turn: Turn, question: Any, args: dict[str, str]) -> None:
    actor = _desk(turn, question.case_id)
    if actor is not None and turn.act(question.case_id, a.NameOwner(post=PostId(args["post"])), actor):
        done(turn, "worker.assigned", question.case_id)
