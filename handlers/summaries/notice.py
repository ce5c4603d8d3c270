"""/notice, 发通知: a message to the residents of a building or a grid. Written, shown with how many will read it, confirmed; then it
goes out to so many at a time, and can be stopped. What somebody answers to it is a message like any other."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, Final

from casework import access, hours
from casework.case import PersonId, Post, Spot, Urgency
from casework.effects import CloseQuestions, Kind, Option, Say
from casework.summary_effects import NoticeTold, OpenNotice, StopNotice
from handlers.summaries import areas, looking, notice_places
from handlers.summaries.notice_places import Told
from handlers.texts import post_name, say_time, spot_name, text_of
from handlers.turn import Turn, answer, press
from storage import notices, people, talk
from storage.notices import Notice, Target

LONGEST: Final = 500  # characters
CHUNK: Final = 100  # people a turn
PACE: Final = timedelta(seconds=10)  # between two turns: what residents write meanwhile is not kept waiting
RECENT: Final = timedelta(days=90)
ASKED: Final = ("notice.where", "notice.words", "notice.send")
SHOWN: Final = 4  # grids of one name
BUTTON = re.compile(r"(?:重写|重新写|改一下|发出|发送|停止)[。.！!]?")
NO = re.compile(r"(?:不发了?|算了|取消)[。.！!]?")
STOP = re.compile(r"(?:停止?|别发|取消)(?:发)?通知(?:了)?|通知(?:停|别发|不发)了?")


def notice(turn: Turn, rest: str = "") -> None:
    """/notice 锦绣苑3号楼：明天上午停水; what is missing is asked."""
    if looking.may_ask(turn):
        for asked in ASKED:  # what was begun before: 发出 or 重写 would mean that one
            turn.write(CloseQuestions(turn.person.id, asked))
        _heard(turn, rest)


def _heard(turn: Turn, text: str, said: str = "") -> None:
    """The place, and perhaps the words; `said`: words that were told before with a place that would not do."""
    if not text.strip():
        turn.ask("notice.where", question="notice.where", said=said)
        return
    told = notice_places.read(turn, text, bool(said))
    said = told.words or said
    target = _known(turn, told.target) if told.target else None
    if told.several:
        grids = areas.names(turn, told.several[:SHOWN]) + ("……" if len(told.several) > SHOWN else "")
        turn.ask("notice.which_grid", question="notice.where", words=told.place[:20], grids=grids, first=areas.names(turn, told.several[:1]), said=said)
    elif target is None:
        key = "notice.place_large" if told.large or _larger(turn, told.place) else "notice.place_unread"
        turn.ask(key, question="notice.where", words=told.place[:20], said=said)
    elif _desk(turn, target) is None:
        turn.say("notice.not_yours", place=_name(turn, target.id), own=areas.names(turn, areas.own(turn)))
    elif said:
        _preview(turn, target, said, _beside(turn, target, told))
    else:
        _ask_words(turn, target, _beside(turn, target, told))


def _beside(turn: Turn, target: Target, told: Told) -> str:
    """What of the place the notice does not go by: a room, a second building. Never silently."""
    place, whole = _name(turn, target.id), text_of("notice.all_grid" if target.grid is not None else "notice.all_building")
    lines = [text_of("notice.whole").format(words="、".join(told.unread), place=place, whole=whole)] if told.unread else []
    lines += [text_of("notice.one_by_one").format(place=place, others="、".join(f"「{each}」" for each in told.others))] if told.others else []
    return "".join(f"\n{line}" for line in lines)


@answer("notice.where")
def where_told(turn: Turn, question: Any, text: str) -> bool:
    talk.answer_question(turn.conn, question.id, "told", turn.now)
    if NO.fullmatch(text.strip()):
        turn.say("notice.cancelled")
    else:
        _heard(turn, text, str(question.args.get("said") or ""))
    return True


def _ask_words(turn: Turn, target: Target, beside: str = "", key: str = "notice.words", **args: Any) -> None:
    turn.ask(key, question="notice.words", place=_name(turn, target.id), target=target.id, beside=beside, **args)


@answer("notice.words")
def words_told(turn: Turn, question: Any, text: str) -> bool:
    """Shown once more before it goes out."""
    talk.answer_question(turn.conn, question.id, "told", turn.now)
    target, beside = _known(turn, str(question.args["target"])), str(question.args.get("beside") or "")
    if NO.fullmatch(text.strip()) or target is None:
        turn.say("notice.cancelled")
    elif BUTTON.fullmatch(text.strip()):  # no words for residents: what a button says that is not there
        _ask_words(turn, target, beside)
    else:
        _preview(turn, target, text.strip(), beside)
    return True


# ---- whom it is for ---------------------------------------------------------------------------------------------------


def _larger(turn: Turn, words: str) -> bool:
    """Whether a place is meant that is more than one building or grid."""
    named = looking.heard(turn, words)
    return bool(named.areas) and not named.rest  # 锦绣苑99号楼 is a building that there is not


def _known(turn: Turn, id_: str) -> Target | None:
    """A building or grid by its id, where it lies in an area."""
    found = notices.building(turn.conn, id_)
    if found is None and people.place_row(turn.conn, id_) is None:
        return notices.grid(turn.conn, id_)
    return found if found is not None and found.grids else None


def _desk(turn: Turn, target: Target) -> Post | None:
    """The desk of the speaker's in whose name it may go there; all of it has to lie under that desk."""
    found = [access.writes_to(turn.person, grid, turn.town.within) for grid in target.grids]
    return found[0] if found and all(found) else None


def _residents(turn: Turn, target: Target) -> list[PersonId]:
    """Whom it is for. A complaint about somebody that the speaker may not know of makes nobody a reader: the count would tell of it."""
    told = notices.complaints(turn.conn, target, turn.now - RECENT)
    without = [case.id for case in told if not access.counts(turn.person, case, turn.town.within)]
    return notices.residents(turn.conn, target, turn.now - RECENT, turn.person.id, without)


def _name(turn: Turn, id_: str) -> str:
    """锦绣苑3号楼, 锦绣社区第1网格."""
    row = people.place_row(turn.conn, id_)
    if row is None:
        return str(turn.town.area(id_).name)
    return spot_name(turn, Spot(estate_id=row.parent_id, building_id=row.id))


# ---- shown, and sent ----------------------------------------------------------------------------------------------------


def _preview(turn: Turn, target: Target, words: str, beside: str) -> None:
    post, place = _desk(turn, target), _name(turn, target.id)
    to = _residents(turn, target)
    reached = notices.reachable(turn.conn, to)
    if post is None:
        turn.say("notice.not_yours", place=place, own=areas.names(turn, areas.own(turn)))
    elif not reached:
        turn.say("notice.nobody_reached" if to else "notice.nobody", place=place, count=len(to))
    elif len(words) > LONGEST:  # nothing of it is kept: half a notice may say the opposite
        _ask_words(turn, target, beside, "notice.too_long", count=len(words), most=LONGEST)
    else:
        lost = text_of("notice.lost_ahead").format(count=len(to) - len(reached)) if len(to) > len(reached) else ""
        at = _released(turn)
        later = text_of("notice.later").format(at=at) if at else ""
        turn.ask("notice.preview", question="notice.send", options=("send", "rewrite", "cancel"), count=len(reached),
                 place=place, words=words, post=post_name(post), later=later, lost=lost, beside=beside, target=target.id)


def _released(turn: Turn) -> str:
    """When it is let out, where the night holds it."""
    at = hours.release(Kind.FACT, Urgency.NORMAL, turn.now, turn.policy.calendar)
    return say_time(at, turn.now, turn) if at > turn.now else ""


@press("notice.send", "rewrite")
def rewrite(turn: Turn, question: Any, args: dict[str, str]) -> None:
    target = _known(turn, str(question.args["target"]))
    if target is not None and looking.may_ask(turn):
        _ask_words(turn, target, str(question.args.get("beside") or ""))


@press("notice.send", "cancel")
def cancel(turn: Turn, question: Any, args: dict[str, str]) -> None:
    turn.say("notice.cancelled")


@press("notice.send", "send")
def send(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """It begins; who is told is settled now."""
    target = _known(turn, str(question.args["target"]))
    post = _desk(turn, target) if target is not None else None
    if target is None or post is None:
        turn.say("refusal.not_yours")
        return
    to = _residents(turn, target)
    place, id_ = _name(turn, target.id), turn.world.mint()
    if not to:
        turn.say("notice.nobody", place=place)
        return
    turn.write(OpenNotice(id_, turn.person.id, post.id, target.id, str(question.args["words"]), to, turn.now))
    at = _released(turn)
    turn.ask("notice.held" if at else "notice.started", question="notice", awaited=False, options=[Option("stop", {"id": id_})], place=place,
             count=len(notices.reachable(turn.conn, to)), at=at)


def go_on(turn: Turn, notice_id: str) -> None:
    """The next hundred, unless it was stopped; at the end whoever wrote it hears how many it reached."""
    found = notices.by_id(turn.conn, notice_id)
    if found is None or found.state != "running":
        return
    here = notices.next_of(turn.conn, found.id, CHUNK + 1)
    now, place, post = here[:CHUNK], _name(turn, found.where), turn.town.post(found.post)
    reached = [who for who in now if people.doors(turn.conn, who)]
    for who in reached:
        turn.write(Say(who, "notice.told", None, {"place": place, "words": found.words, "post": post_name(post) if post else ""}))
    more = len(here) > CHUNK
    turn.write(NoticeTold(found.id, reached, [who for who in now if who not in reached], turn.now + PACE if more else None))
    if not more:
        counts = notices.counts(turn.conn, found.id)
        lost = text_of("notice.lost").format(count=counts["unreachable"]) if counts["unreachable"] else ""
        turn.tell(found.by, "notice.done", place=place, sent=counts["sent"], lost=lost)


# ---- stopped ---------------------------------------------------------------------------------------------------------------


@press("notice", "stop")
def stop_pressed(turn: Turn, question: Any, args: dict[str, str]) -> None:
    found = notices.by_id(turn.conn, args["id"])
    if found is not None:
        _stop(turn, found)


def stop_said(turn: Turn, text: str) -> bool:
    """停止通知, in words: the newest of one's own that is going out."""
    if not STOP.fullmatch(text):
        return False
    sent = notices.last_of(turn.conn, turn.person.id)
    found = next((one for one in sent if notices.going_out(turn.conn, one.id)), None)
    if found is not None:
        _stop(turn, found)
    else:
        turn.say("notice.over" if sent else "notice.none")
    return True


def _stop(turn: Turn, found: Notice) -> None:
    if found.by != turn.person.id:
        turn.say("refusal.not_yours")
        return
    if not notices.going_out(turn.conn, found.id):
        turn.say("notice.over")
        return
    turn.write(StopNotice(found.id))
    counts = notices.counts(turn.conn, found.id)
    turn.say("notice.stopped", place=_name(turn, found.where), sent=counts["sent"], kept=counts[""])
