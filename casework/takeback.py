"""点错了: which step of whom may be taken back, and why not.

Only one's own step, for ten minutes, and only while nothing has been built upon it: what has moved on since is never
undone silently. Words that came in meanwhile stand beside it and stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from casework import history
from casework.actions import TakeBack
from casework.case import Event, PersonId, Who
from casework.policy import Policy
from casework.refusals import Refusal

UNDOABLE: Final = frozenset({
    "acknowledge", "contact", "arrive", "coordinate", "promise", "resolve", "return", "declare_safe",
    "offer_times", "agree", "call_off", "withdraw", "reply", "reopen", "hide", "unhide", "correct", "defer", "resume",
    "name_owner", "extend", "dismiss", "redirect", "supervise", "try_call", "close_unanswered",
})
BESIDE: Final = frozenset({"add_words", "nudge", "merge", "warn_soon", "hide", "unhide", "supervise"})  # they stay whatever is undone
APART: Final = frozenset({"hide", "unhide"})  # in nobody's hands and built upon by nobody: taken back whatever came after
FOLLOWS: Final = {"resolve": frozenset({"telephone", "remind"})}  # what time did on its account goes with it
WITH_IT: Final = {"grade": "reply", "close_unanswered": "try_call"}  # said or done in one go: one step


@dataclass(frozen=True, slots=True)
class Found:
    """The step, and how it is taken back."""

    step: Event
    action: TakeBack


def find(
    events: Sequence[Event], person: PersonId, now: datetime, policy: Policy, step: int | None = None
) -> Found | Refusal:
    """The person's last step that still stands (the one numbered `step`, if a button names one), or why it cannot be
    taken back: `undo_nothing`, `undo_done`, `undo_late`, `undo_others`, `undo_moved`."""
    stands = history.standing(events)
    if step is not None and all(e.seq != step for e in stands):
        return Refusal("undo_done", {})
    group = _apart(stands, person, step) or _last_of(stands, person)
    if not group or (step is not None and all(e.seq != step for e in group)):
        return _why_not(stands, person, now, policy, step)
    main = next((e for e in group if e.kind in UNDOABLE and e.kind != "try_call"), group[0])
    if now - main.at > policy.take_back:
        return Refusal("undo_late", {})
    seqs = tuple(e.seq for e in group)
    earlier = history.case_of([e for e in stands if e.seq not in seqs])
    return Found(main, TakeBack(earlier=earlier, taken=main, seqs=seqs))


def _apart(stands: list[Event], person: PersonId, step: int | None) -> list[Event]:
    """保密 and its way back, the newest of them, by the resident who said it: what others did with the case since is none of it."""
    said = [e for e in stands if e.kind in APART][-1:]
    return [e for e in said if e.seq == step and e.who is Who.RESIDENT and _own(e, person)]


def _last_of(stands: list[Event], person: PersonId) -> list[Event]:
    """The person's last step, with what belongs to it, if nothing has been built upon it; else nothing."""
    rest, after = list(stands), []
    while len(rest) > 1 and not _own(rest[-1], person):
        if rest[-1].kind not in BESIDE and not any(rest[-1].kind in kinds for kinds in FOLLOWS.values()):
            return []
        after.append(rest.pop())
    if len(rest) < 2:
        return []
    group = [rest.pop()]
    while rest and WITH_IT.get(group[0].kind) == rest[-1].kind and rest[-1].by == person:
        group.insert(0, rest.pop())
    carried = FOLLOWS.get(group[0].kind, frozenset())
    if any(e.kind not in BESIDE and e.kind not in carried for e in after):
        return []
    return [*group, *(e for e in after if e.kind in carried)]


def _own(event: Event, person: PersonId) -> bool:
    return event.by == person and event.who is not Who.SYSTEM and (event.kind in UNDOABLE or event.kind in WITH_IT)


def _why_not(stands: list[Event], person: PersonId, now: datetime, policy: Policy, step: int | None) -> Refusal:
    """Too late, built upon meanwhile, somebody else's, or nothing there."""
    mine = [e for e in stands[1:] if _own(e, person) and (step is None or e.seq == step)]
    if mine and now - mine[-1].at <= policy.take_back:
        return Refusal("undo_moved", {})
    last = stands[-1]
    others = last.by not in (None, person) and last.kind in UNDOABLE and now - last.at <= policy.take_back
    return Refusal("undo_others" if others else "undo_late" if mine else "undo_nothing", {})
