"""销假 and 我的请假: leave that runs, is to come, or waits for a 同意."""

from __future__ import annotations

from datetime import date
from typing import Any

from casework.effects import Duty, EndLeave, Option
from casework.roster import Leave
from handlers.rosters import colleagues as team
from handlers.rosters.duty import own_posts
from handlers.rosters.leave_plan import end_pending, pending, spoken_days
from handlers.rosters.who_is_on import staff_only
from handlers.texts import local, post_name, text_of
from handlers.turn import Turn, press
from storage import roster


def mine(turn: Turn, rest: str = "") -> None:
    """我的请假: what stands, with who stands in, and what is still asked for."""
    if staff_only(turn):
        return
    lines = [
        text_of("leave.line").format(days=spoken_days(turn, leave.first, leave.last), who=_substitute(turn, leave))
        for leave in _to_come(turn)
    ]
    lines += [task.note for task in pending(turn, turn.person.id, own_posts(turn.person))]
    if lines:
        turn.say("leave.list", list="\n".join(lines))
    else:
        turn.say("leave.none")


def back(turn: Turn, rest: str = "") -> None:
    """销假: ends what runs, takes back what is to come or not answered yet; of several: which?"""
    if staff_only(turn):
        return
    withdrawn = end_pending(turn, turn.person.id, "withdrawn")
    leaves = _to_come(turn)
    if withdrawn:
        turn.say("leave.withdrawn")
    elif not leaves:
        turn.say("leave.none")
    elif len(leaves) == 1:
        _end(turn, leaves[0].first)
    else:
        options = [
            Option("one_leave", {"first": leave.first.isoformat(), "name": spoken_days(turn, leave.first, leave.last)})
            for leave in leaves[:8]
        ]
        turn.ask("leave.which", options=options, awaited=False)


@press("leave.which", "one_leave")
def which(turn: Turn, question: Any, args: dict[str, str]) -> None:
    _end(turn, date.fromisoformat(args["first"]))


def _to_come(turn: Turn) -> list[Leave]:
    """The speaker's leave from today on, one for all posts."""
    found = roster.leaves_to_come(turn.conn, [p.id for p in own_posts(turn.person)], local(turn).date())
    return list({leave.first: leave for leave in found}.values())


def _end(turn: Turn, first: date) -> None:
    """From today on the speaker has duty again; substitute and secretary hear so."""
    posts, today = own_posts(turn.person), local(turn).date()
    ended = [leave for leave in roster.leaves_to_come(turn.conn, [p.id for p in posts], today) if leave.first == first]
    if not ended:
        turn.say("leave.none")
        return
    for leave in ended:
        turn.write(EndLeave(leave.post, leave.first, today))
    if first <= today:  # who is back is back, whatever was said on the way out
        for post in posts:
            turn.write(Duty(post.id, True, turn.now))
    days = spoken_days(turn, ended[0].first, ended[0].last)
    told: dict[str, Any] = {"name": turn.person.name, "days": days}
    substitute = turn.town.post(ended[0].substitute) if ended[0].substitute else None
    if substitute is not None and substitute.holder_id is not None:
        key = "leave.ended_substitute" if first <= today else "leave.cancelled_substitute"
        turn.tell(substitute.holder_id, key, **told)
    team.tell_secretary(turn, posts[0].area_id, "leave.ended_noted" if first <= today else "leave.cancelled_noted", **told)
    turn.say("leave.back" if first <= today else "leave.cancelled", days=days)


def _substitute(turn: Turn, leave: Leave) -> str:
    post = turn.town.post(leave.substitute) if leave.substitute else None
    return post_name(post) if post else text_of("leave.nobody")
