"""换班: one of the own next shifts, a colleague, perhaps one of theirs in return; nothing changes before the colleague's 同意."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any, Final

from casework.case import AreaId, Post, PostId
from casework.effects import Ask, ChangeShift, Kind, Option
from casework.roster import Roster, counts, duty_at
from casework.shifts import Stretch, busy, on_leave, shifts_of
from handlers.rosters import colleagues as team
from handlers.rosters.duty import hand_over, own_posts
from handlers.rosters.leave_consent import said_of_consent
from handlers.rosters.who_is_on import staff_only
from handlers.texts import local, post_name, say_day, say_hours, text_of
from handlers.turn import Turn, answer, press
from storage import roster, talk

AHEAD: Final = 7  # days


# ---- which shift, with whom, for which ----------------------------------------------------------------------------


def ask(turn: Turn, rest: str = "") -> None:
    """换班: which of the own shifts?"""
    if staff_only(turn):
        return
    posts = own_posts(turn.person)
    own = [s for p in posts for s in _next(turn, p)]
    if not posts:
        turn.say("worker.not_rostered")
    elif not own:
        turn.say("swap.no_shifts")
    else:
        turn.ask("swap.which", options=[Option("shift", {"shift": told(s), "name": said(turn, s)}) for s in own[:12]])


@press("swap.which", "shift")
def which(turn: Turn, question: Any, args: dict[str, str]) -> None:
    shift = heard(args["shift"])
    options = team.choices(turn, _able(turn, shift))
    if options:
        turn.ask("swap.who", options=options, shift=args["shift"], what=said(turn, shift))
    else:
        turn.say("swap.nobody")


@press("swap.who", "colleague")
def who_pressed(turn: Turn, question: Any, args: dict[str, str]) -> None:
    _with(turn, heard(question.args["shift"]), args["post"])


@answer("swap.who")
def who_told(turn: Turn, question: Any, text: str) -> bool:
    shift = heard(question.args["shift"])
    named = team.named_in(text, _able(turn, shift))
    if not named and not team.looks_like_a_name(text):
        return False
    talk.answer_question(turn.conn, question.id, "told", turn.now)
    if len(named) == 1:
        _with(turn, shift, named[0].id)
    else:
        options = team.choices(turn, named or _able(turn, shift))
        turn.ask("swap.who_again", question="swap.who", options=options, shift=told(shift), what=said(turn, shift))
    return True


def _with(turn: Turn, shift: Stretch, post_id: str) -> None:
    """Which of the colleague's shifts in return? None will do; without any to give, the colleague is asked at once."""
    post = turn.town.post(PostId(post_id))
    mine = turn.town.post(shift.post)
    if mine is None or mine.holder_id != turn.person.id:
        turn.say("swap.changed")
        return
    if post is None or not turn.town.reachable(post):
        turn.say("swap.unreachable")
        return
    theirs = [s for s in _next(turn, post) if may_take(mine, s)]
    if not theirs:
        _put_to(turn, shift, post, None)
        return
    options = [Option("in_return", {"shift": told(s), "name": said(turn, s)}) for s in theirs[:10]]
    turn.ask("swap.return", options=[*options, Option("no_return")], shift=told(shift), post=post_id, who=post.holder_name)


@press("swap.return", "in_return", "no_return")
def in_return(turn: Turn, question: Any, args: dict[str, str]) -> None:
    post = turn.town.post(PostId(question.args["post"]))
    if post is not None:
        _put_to(turn, heard(question.args["shift"]), post, heard(args["shift"]) if args else None)


# ---- the colleague -----------------------------------------------------------------------------------------------


def _put_to(turn: Turn, shift: Stretch, post: Post, back: Stretch | None) -> None:
    mine = turn.town.post(shift.post)
    if post.holder_id is None or mine is None or mine.holder_id != turn.person.id:
        turn.say("swap.changed")
        return
    args = {"shift": told(shift), "post": post.id, "back": told(back) if back else "", "by": turn.person.id}
    for_what = text_of("swap.for").format(back=said(turn, back)) if back else ""
    turn.write(Ask(
        post.holder_id, "swap.consent", None, {"name": turn.person.name, "what": said(turn, shift), "for_what": for_what, **args},
        Kind.CARD, question="swap.consent", options=(Option("consent"), Option("refuse")), replaces=False,
    ))
    turn.say("swap.asked", who=post_name(post), what=said(turn, shift))


@press("swap.consent", "consent")
def consented(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """Both shifts change hands, if they still are whose they were."""
    shift, back = heard(question.args["shift"]), question.args["back"] and heard(question.args["back"])
    post, by = PostId(question.args["post"]), question.args["by"]
    if post not in {p.id for p in turn.person.posts}:
        turn.say("refusal.not_yours")
        return
    giver = turn.town.post(shift.post)
    taker_ = turn.town.post(post)
    in_time = not question.asked_at < shift.start(turn.policy.calendar.zone) <= turn.now  # begun since: the asker stands there
    ours = giver is not None and giver.holder_id == by and taker_ is not None and in_time
    if not ours or not all(_still(turn, s) for s in (shift, back) if s) or not _free(turn, shift, post, back, giver):
        turn.say("swap.changed")
        turn.tell(by, "swap.changed")
        return
    for given, taker in ((shift, post), (back, shift.post)):
        if given:
            _give(turn, given, taker)
    name = giver.holder_name if giver else ""
    what, in_return = said(turn, shift), text_of("swap.for").format(back=said(turn, back)) if back else ""
    line = text_of("swap.return_line").format(back=said(turn, back), name=name) if back else ""
    turn.say("swap.done", who=name, what=what, for_what=in_return)
    turn.tell(by, "swap.agreed", who=turn.person.name, what=what, return_line=line)
    team.tell_secretary(turn, shift.area, "swap.noted", name=name, who=turn.person.name, what=what, return_line=line)


def _give(turn: Turn, shift: Stretch, taker: PostId) -> None:
    """Off for the one, on for the other, in this area and at these hours only; what runs and nobody has acknowledged goes
    along."""
    turn.write(ChangeShift(shift.post, shift.area, shift.day, shift.starts, shift.ends, "off"))
    turn.write(ChangeShift(taker, shift.area, shift.day, shift.starts, shift.ends, "on"))
    if shift.start(turn.policy.calendar.zone) <= local(turn):
        hand_over(turn, frozenset({shift.post}), shift.area)


@press("swap.consent", "refuse")
def refused(turn: Turn, question: Any, args: dict[str, str]) -> None:
    what = said(turn, heard(question.args["shift"]))
    turn.say("swap.refused_noted")
    turn.tell(question.args["by"], "swap.refused", who=turn.person.name, what=what)


@answer("swap.consent")
def consent_told(turn: Turn, question: Any, text: str) -> bool:
    yes = said_of_consent(turn, question, text)
    if yes is None:
        return False
    talk.answer_question(turn.conn, question.id, "consent" if yes else "refuse", turn.now)
    (consented if yes else refused)(turn, question, {})
    return True


# ---- shifts -------------------------------------------------------------------------------------------------------


def _next(turn: Turn, post: Post) -> list[Stretch]:
    """The post's shifts of the next days that are not over."""
    now = local(turn)
    found = shifts_of(known(turn, [post.id], now.date() - timedelta(days=1), AHEAD + 1), post.id,
                      now.date() - timedelta(days=1), AHEAD + 1)
    return [s for s in found if s.end(turn.policy.calendar.zone) > now]


def _still(turn: Turn, shift: Stretch) -> bool:
    """Whether the shift is still the post's, and not over."""
    post = turn.town.post(shift.post)
    return post is not None and any(s == shift for s in _next(turn, post))


def known(turn: Turn, posts: Iterable[str], first: date, days: int) -> Roster:
    """What these posts have on these days."""
    return roster.of_posts(turn.conn, sorted(set(posts)), [first + timedelta(days=n) for n in range(days)])


def _free(turn: Turn, shift: Stretch, taker: PostId, back: Stretch | str, giver: Post | None) -> bool:
    """Whether neither has taken leave for the day they would stand on since the question was asked."""
    for day, post in ((shift.day, taker), (back.day if isinstance(back, Stretch) else None, giver.id if giver else None)):
        if day is not None and post is not None and on_leave(known(turn, [post], day, 1), post, day):
            return False
    return True


def _able(turn: Turn, shift: Stretch) -> list[Post]:
    """Colleagues who may stand on such a row and have not this very stretch already; those who are free then first."""
    mine = turn.town.post(shift.post)
    able = [p for p in team.colleagues(turn, [mine], (turn.person.id,)) if may_take(p, shift)] if mine else []
    rows = known(turn, (p.id for p in able), shift.day - timedelta(days=1), 3)
    start, end = (moment(turn.policy.calendar.zone) for moment in (shift.start, shift.end))
    here = rows.only(shift.area)
    able = [p for p in able if not on_leave(rows, p.id, shift.day) and not busy(here, p.id, start, end)]
    return sorted(able, key=lambda p: busy(rows, p.id, start, end))


def may_take(post: Post, shift: Stretch) -> bool:
    """Whether cases reach the post on this shift: auxiliaries at night only."""
    return counts(post, shift.duty) and counts(post, duty_at(shift.starts, shift.ends))


def said(turn: Turn, shift: Stretch) -> str:
    """明天（周四）7:00–22:00 锦绣1网格."""
    day, hours = say_day(shift.day, local(turn).date()), say_hours(shift.starts, shift.ends)
    return f"{day}{hours} {team.area_name(turn, shift.area)}"


def told(shift: Stretch) -> str:
    """For a question's row."""
    return "|".join((shift.post, shift.area, shift.day.isoformat(), shift.starts.isoformat(), shift.ends.isoformat(), shift.duty))


def heard(text: str) -> Stretch:
    """From a question's row."""
    post, area, day, starts, ends, duty = text.split("|")
    stretch = Stretch(PostId(post), AreaId(area), date.fromisoformat(day), time.fromisoformat(starts), time.fromisoformat(ends), "day")
    return replace(stretch, duty="night") if duty == "night" else stretch
