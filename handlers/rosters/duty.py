"""On and off duty by the own word, and what goes to others then."""

from __future__ import annotations

from casework import actions as a
from casework import hours, lifecycle
from casework.case import SYSTEM, AreaId, Part, Person, Post, PostId, Role, Urgency, Who
from casework.effects import Duty
from casework.town import holders
from handlers.texts import local, say_days
from handlers.turn import Turn
from storage import cases, roster


def on(turn: Turn, rest: str = "") -> None:
    _duty(turn, True)


def off(turn: Turn, rest: str = "") -> None:
    _duty(turn, False)


def _duty(turn: Turn, is_on: bool) -> None:
    posts = own_posts(turn.person)
    if not posts:
        turn.say("worker.not_rostered")
        return
    today = local(turn).date()
    for post in posts:
        turn.write(Duty(PostId(post.id), is_on, turn.now))
    if is_on and (away := roster.leaves_on(turn.conn, [p.id for p in posts], today)):
        turn.say("worker.on_leave", days=say_days(away[0].first, away[0].last, today))
        return
    if not is_on:
        hand_over(turn, frozenset(p.id for p in posts))
    held = cases.held_by(turn.conn, [p.id for p in turn.person.posts], turn.person.id)
    others = any(q.id not in {p.id for p in posts} for p in posts for q in _on_now(turn, p))
    key = "worker.on" if is_on else "worker.off" if others else "worker.off_alone"
    if held and not is_on:
        turn.ask(key, question="off", options=("hand_all",), awaited=False, count=len(held))
    else:
        turn.say(key, count=len(held))


def _on_now(turn: Turn, post: Post) -> tuple[Post, ...]:
    """Who else is on duty in the post's own grid."""
    return turn.town.on_duty(post.area_id, turn.now) if turn.town.area(post.area_id).kind == "grid" else ()


def hand_over(turn: Turn, posts: frozenset[PostId], grid: AreaId | None = None) -> None:
    """Who goes off duty (in a grid, or everywhere) hands over what is not acknowledged; what is, stays theirs."""
    for case in cases.held_by(turn.conn, sorted(posts)):
        assigned = posts & set(holders(turn.parts(case.id), Part.ASSIGNEE)) and grid in (None, case.grid_id)
        if assigned and case.acknowledged_at is None and lifecycle.allowed(case, a.HandOver, Who.SYSTEM):
            waits = case.urgency is Urgency.NORMAL and hours.night(turn.now, turn.policy.calendar)  # begins in the morning anyhow
            turn.act(case.id, a.HandOver(leaving=grid is None and not waits), SYSTEM)


def own_posts(person: Person) -> list[Post]:
    """The posts by which the person may stand on a roster: worker, building or unit lead."""
    return [p for p in person.posts if rostered(p)]


def rostered(post: Post) -> bool:
    """Worker, building or unit lead: who has shifts, and leave from them."""
    return post.role is Role.WORKER or post.kind is not None
