"""约时间: "几点来？", "我七点后在家", "改个时间" from the resident; the times that the worker offers, by button or in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from casework import actions as a
from casework import lifecycle
from casework.appointments import MOST, AtHome, offers
from casework.case import Case, Part, PostId, Who
from casework.dispatch import SHIFTS
from casework.effects import CloseQuestions, Option
from casework.town import holders
from handlers.additions import case_options, in_focus
from handlers.cards import about_another
from handlers.meaning import meaning
from handlers.tellers import for_staff
from handlers.texts import local, say_time, text_of
from handlers.turn import Turn, answer, press
from nlp.hometimes import asks_change, asks_when, beside, names_time, read_home, read_times, says_busy
from nlp.replies import read_yes_no
from nlp.understand import Understanding
from storage import cases, talk

NONE_FIT = re.compile(r"都?不(行|方便|合适|可以|成)|都没空|没空|没时间|不在家|都不")
ANY_FITS = re.compile(r"(都|哪个|哪天|几点|随便|什么时候)都?(行|可以|成|好|方便)|随便|都行")
ORDINAL = re.compile(r"第([一二三1-3])个|^([一二三1-3])$")
SHORT = 20
NO_VISIT = re.compile("(?:不|先不|别|不用|不想)约了?|不用上门|先?别上门|取消预?约|约的?时间?取消")

# ---- the resident -----------------------------------------------------------------------------------------------


def heard(turn: Turn, text: str, got: Understanding) -> bool:
    """Words about an open case: when somebody is at home, when somebody comes, that the time does not suit."""
    when, home = asks_when(text), read_home(text, local(turn))
    if not (when or home or asks_change(text) or says_busy(text)):
        return False
    mine = [c for c in cases.open_of(turn.conn, turn.person.id) if _may(c, a.WishTime) and not c.emergency]
    if not when and not home:  # 明天没空 says something only where a time was agreed
        mine = [c for c in mine if c.appointment_at is not None]
    mine = [c for c in mine if _visited(turn, c)] or mine
    focused = in_focus(turn, mine)
    mine = [focused] if focused is not None else mine
    rest = beside(text)
    said = meaning(turn, rest) if rest else None
    if said is not None:
        mine = [c for c in mine if said.category in ("other", c.category)]
    if len(mine) > 1:
        turn.ask("resident.which", question="appointment.which", options=case_options(mine), words=text)
    elif mine:
        _about(turn, mine[0], text)
    return bool(mine)


def not_wanted(turn: Turn, text: str) -> bool:
    """算了不约了: the time is off, the case goes on."""
    if len(text) > 20 or not NO_VISIT.search(text):
        return False
    asked = [q for q in talk.open_questions(turn.conn, turn.person.id) if q.name in ("appointment.pick", "appointment.when")]
    mine = [c for c in cases.open_of(turn.conn, turn.person.id) if _may(c, a.WishTime)]
    agreed = [c for c in mine if c.appointment_at is not None]
    if asked:
        turn.write(CloseQuestions(turn.person.id, asked[0].name, asked[0].case_id))
        case_id = asked[0].case_id
    elif agreed or mine:
        case = in_focus(turn, agreed or mine) or (agreed or mine)[0]
        case_id = case.id
        if case.appointment_at is not None:
            _call_off(turn, case, text, told=False)
            return True
    else:
        return False
    turn.act(case_id, a.AddWords(words=text))
    turn.say("resident.not_appointed", case_id)
    turn.focus(case_id)
    return True


def _visited(turn: Turn, case: Case) -> bool:
    """Whether somebody comes for it: a worker or a lead has it. To what is said about people, and to a desk's own, nobody does."""
    posts = (turn.town.post(post) for post in holders(turn.parts(case.id), Part.ASSIGNEE))
    return not case.accused and any(post is not None and post.role in SHIFTS for post in posts)


def _may(case: Case, action: type[a.Action]) -> bool:
    return lifecycle.allowed(case, action, Who.RESIDENT)


@press("appointment.which", "case")
def which(turn: Turn, question: Any, args: dict[str, str]) -> None:
    _about(turn, turn.case(args["id"]), str(question.args.get("words") or ""))


def _about(turn: Turn, case: Case, text: str) -> None:
    when, new = asks_when(text), bool(read_home(text, local(turn)))
    turn.focus(case.id)
    if case.appointment_at is not None:
        _about_standing(turn, case, text, when, new or bool(read_times(text, local(turn))))
    elif when and not new and _asked_lately(turn, case):
        turn.say("resident.wish_waits", case.id)
    elif turn.act(case.id, a.WishTime(words=text, files=turn.heard.files)):
        turn.say("resident.wish_told", case.id)


def _about_standing(turn: Turn, case: Case, text: str, when: bool, new: bool) -> None:
    """A time is agreed: said again, called off, or changed once the resident has told another."""
    if says_busy(text) or (asks_change(text) and new):
        _call_off(turn, case, text, told=new)
    elif asks_change(text):
        turn.ask("resident.when_home", case.id, question="appointment.when")
    elif when and not new:
        turn.ask("resident.appointed_already", case.id, question="appointment", awaited=False,
                 options=("change_time", "call_off"), at=case.appointment_at)
    elif turn.act(case.id, a.WishTime(words=text, files=turn.heard.files)):
        turn.say("resident.wish_told", case.id)


def _asked_lately(turn: Turn, case: Case) -> bool:
    """The worker was asked within the time in which one nudge is enough."""
    since = turn.now - turn.policy.nudge_every
    return any(e.kind == "wish_time" and e.at > since for e in cases.events(turn.conn, case.id))


def _call_off(turn: Turn, case: Case, text: str, told: bool) -> None:
    """`told`: the words name another time already."""
    was = case.appointment_at
    if not turn.act(case.id, a.CallOff(words=text)):
        return
    if told:
        turn.say("resident.called_off_told", case.id, at=was)
    else:
        turn.ask("resident.called_off_ask", case.id, question="appointment.when", at=was)


@answer("appointment.when")
def told_when(turn: Turn, question: Any, text: str) -> bool:
    """哪天几点您在家？ Any day or hour will do; words about another trouble are none."""
    case = turn.case(question.case_id)
    about = meaning(turn, beside(text)).category if beside(text) else "other"
    if not names_time(text) or len(text) > 60 or about not in ("other", case.category) or not _may(case, a.WishTime):
        return False
    talk.answer_question(turn.conn, question.id, "told", turn.now)
    if case.appointment_at is not None:
        _call_off(turn, case, text, told=True)
    elif turn.act(case.id, a.WishTime(words=text)):
        turn.say("resident.wish_told", case.id)
    turn.focus(case.id)
    return True


@press("appointment.pick", "time")
def picked(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """One of the offered times; one that has passed meanwhile is said to be past, and another is asked for."""
    _agree(turn, question.case_id, datetime.fromisoformat(args["at"]), args["post"])


def _agree(turn: Turn, case_id: str, at: datetime, post: str) -> None:
    if turn.act(case_id, a.Agree(at=at, post=PostId(post))):
        turn.focus(case_id)
    elif _may(turn.case(case_id), a.WishTime):
        turn.ask("resident.when_home", case_id, question="appointment.when")


@press("appointment.pick", "none_fit")
def none_fit(turn: Turn, question: Any, args: dict[str, str]) -> None:
    turn.ask("resident.when_home", question.case_id, question="appointment.when")


@answer("appointment.pick")
def picked_in_words(turn: Turn, question: Any, text: str) -> bool:
    """明天九点吧, 第二个, 都可以, 都不行; another time of the resident's own is told to who comes."""
    offered = [o["args"] for o in question.options if o["name"] == "time"]
    chosen = _chosen(text, offered, read_times(text, local(turn)))
    if chosen is not None:
        talk.answer_question(turn.conn, question.id, "time", turn.now)
        _agree(turn, question.case_id, datetime.fromisoformat(chosen["at"]), chosen["post"])
        return True
    if len(text) <= SHORT and NONE_FIT.search(text) and not names_time(text):
        talk.answer_question(turn.conn, question.id, "none_fit", turn.now)
        none_fit(turn, question, {})
        return True
    return names_time(text) and told_when(turn, question, text)


def _chosen(text: str, offered: Sequence[dict[str, str]], times: Sequence[datetime]) -> dict[str, str] | None:
    if times:
        return next((o for o in offered if datetime.fromisoformat(o["at"]) in times), None)
    if len(text) > SHORT or NONE_FIT.search(text):
        return None
    if found := ORDINAL.search(text.strip()):
        index = "一二三".find(found[1] or found[2]) if (found[1] or found[2]) in "一二三" else int(found[1] or found[2]) - 1
        return offered[index] if index < len(offered) else None
    fits = ANY_FITS.search(text) or (len(offered) == 1 and read_yes_no(text))
    return offered[0] if fits else None


@press("appointment", "change_time")
@press("receipt", "change_time")
def change_time(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """The appointment stands until the resident has told another time."""
    if turn.may(question.case_id, a.WishTime):
        turn.ask("resident.when_home", question.case_id, question="appointment.when")


@press("appointment", "call_off")
@press("receipt", "call_off")
def call_off(turn: Turn, question: Any, args: dict[str, str]) -> None:
    if turn.may(question.case_id, a.CallOff):
        _call_off(turn, turn.case(question.case_id), "", told=False)


# ---- who comes --------------------------------------------------------------------------------------------------


@press("card", "appoint", "change_time")
@press("worker.no_access", "appoint")
def appoint(turn: Turn, question: Any, args: dict[str, str]) -> None:
    if turn.may(question.case_id, a.OfferTimes):
        _ask_times(turn, question.case_id, [])


def _ask_times(turn: Turn, case_id: str, chosen: list[str]) -> None:
    """Times fitted to what the resident said and to the hours of work; up to three are chosen, or written."""
    said, windows = _home_told(turn, case_id)
    good = [at.isoformat() for at in offers(windows, turn.now, turn.policy.calendar) or offers((), turn.now, turn.policy.calendar)]
    options = [Option("time", {"at": at}) for at in good if at not in chosen]
    names = "、".join(say_time(datetime.fromisoformat(at), turn.now, turn) for at in chosen)
    turn.ask(
        "worker.times_more" if chosen else "worker.times_ask", case_id, question="appointment.times",
        options=[*([Option("send_times")] if chosen else []), *options], chosen=chosen, times=names,
        said=text_of("worker.times_said").format(words=said) if said else "",
    )
    turn.focus(case_id)


def _home_told(turn: Turn, case_id: str) -> tuple[str, tuple[AtHome, ...]]:
    """The resident's last words about being at home, and the times they name; seen from when they were said."""
    zone = turn.policy.calendar.zone
    case = turn.case(case_id)
    for line in reversed(cases.lines(turn.conn, case_id)):
        if line.words and not line.internal and line.event.by == case.resident_id:
            found = read_home(line.words, line.event.at.astimezone(zone))
            if found:
                return for_staff(turn, case, line.words, turn.person.id)[:60], tuple(AtHome(w.starts, w.ends, w.day) for w in found)
    return "", ()


@press("appointment.times", "time")
def time_chosen(turn: Turn, question: Any, args: dict[str, str]) -> None:
    chosen = [*(question.args.get("chosen") or ()), args["at"]]
    if len(chosen) >= MOST:
        _offer(turn, question.case_id, [datetime.fromisoformat(at) for at in chosen])
    else:
        _ask_times(turn, question.case_id, chosen)


@press("appointment.times", "send_times")
def send_times(turn: Turn, question: Any, args: dict[str, str]) -> None:
    _offer(turn, question.case_id, [datetime.fromisoformat(at) for at in question.args.get("chosen") or ()])


@answer("appointment.times")
def times_written(turn: Turn, question: Any, text: str) -> bool:
    """明天下午三点, 或者周六上午九点."""
    if about_another(turn, question):
        return False
    times = read_times(text, local(turn))
    if not times:
        if len(text) > SHORT or not names_time(text):
            return False
        turn.say("worker.times_unread")
        return True
    before = [datetime.fromisoformat(at) for at in question.args.get("chosen") or ()]
    if _offer(turn, question.case_id, [*before, *times]):
        talk.answer_question(turn.conn, question.id, "told", turn.now)
    return True


def by_words(turn: Turn, card: Case, text: str) -> bool:
    """约时间, 约明天下午三点, said on the card just touched."""
    bare = text.strip("。.!！ ")
    if not bare.startswith(("约", "改约", "改时间", "改个时间", "改到")) or turn.actor(card) is None:
        return False
    times = read_times(bare, local(turn))
    if not times and bare not in ("约时间", "约个时间", "改时间", "改个时间", "改约"):
        return False
    if times:
        _offer(turn, card.id, list(times))
    elif turn.may(card.id, a.OfferTimes):
        _ask_times(turn, card.id, [])
    return True


def _offer(turn: Turn, case_id: str, times: Sequence[datetime]) -> bool:
    chosen = tuple(sorted(set(times)))[:MOST]
    if not turn.act(case_id, a.OfferTimes(times=chosen)):
        return False
    names = "、".join(say_time(at, turn.now, turn) for at in chosen)
    turn.ask("worker.times_sent", case_id, question="undo", options=("take_back",), awaited=False, times=names)
    turn.focus(case_id)
    return True


@press("card", "call_off")
def called_off(turn: Turn, question: Any, args: dict[str, str]) -> None:
    was = turn.case(question.case_id).appointment_at
    if turn.act(question.case_id, a.CallOff()):
        turn.ask("worker.called_off", question.case_id, question="undo", options=("take_back",), awaited=False, at=was)
        turn.focus(question.case_id)
