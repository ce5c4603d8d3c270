"""What can be done to a case: one frozen value each. lifecycle.MOVES says who may, and where it leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from casework.accused import NOBODY, Accused
from casework.action import Action as Action
from casework.appointment_actions import Agree as Agree
from casework.appointment_actions import CallOff as CallOff
from casework.appointment_actions import MissAppointment as MissAppointment
from casework.appointment_actions import OfferTimes as OfferTimes
from casework.appointment_actions import RemindAppointment as RemindAppointment
from casework.appointment_actions import WishTime as WishTime
from casework.case import Answer, AreaId, Case, CaseId, Event, PersonId, PostId, Satisfaction, Spot, Urgency

NO_POST, NO_CASE, NO_AREA = PostId(""), CaseId(""), AreaId("")


@dataclass(frozen=True, slots=True)
class Dispatch(Action):
    """派单: the first card goes out. `clock_from`: when the first two clocks begin."""

    clock_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Acknowledge(Action):
    """签收."""


@dataclass(frozen=True, slots=True)
class Contact(Action):
    """The worker spoke with the resident (looked up the phone, or wrote through Jiesu)."""


@dataclass(frozen=True, slots=True)
class Arrive(Action):
    """On the spot."""


@dataclass(frozen=True, slots=True)
class Coordinate(Action):
    """协调: others are needed (heating company, property company …); the words say whom."""


@dataclass(frozen=True, slots=True)
class Promise(Action):
    """A day by which it will be solved, told to the resident."""

    by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Resolve(Action):
    """办结: the worker says done; `words` (what was done) are required."""


@dataclass(frozen=True, slots=True)
class Return(Action):
    """退单, with a reason of the list (RETURN_REASONS)."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class NameOwner(Action):
    """A supervisor names who has it, after the third return or at any time."""

    post: PostId = NO_POST


@dataclass(frozen=True, slots=True)
class Extend(Action):
    """疑难: once, to 15 days, by the secretary."""


@dataclass(frozen=True, slots=True)
class Defer(Action):
    """挂账: the resident's yes to "not before that day"."""

    until: datetime | None = None
    why: str = ""
    proposed_by: PersonId | None = None


@dataclass(frozen=True, slots=True)
class Resume(Action):
    """The deferred day has come."""


@dataclass(frozen=True, slots=True)
class Nudge(Action):
    """催办."""


@dataclass(frozen=True, slots=True)
class AddWords(Action):
    """More words or photos; `internal`: for staff only; `phone`: the number of whom it is about stands in them; `safe`: who
    reported a danger says that there is none."""

    internal: bool = False
    phone: bool = False
    safe: bool = False


@dataclass(frozen=True, slots=True)
class Withdraw(Action):
    """居民撤回."""


@dataclass(frozen=True, slots=True)
class DeclareSafe(Action):
    """已无危险, said by staff: a danger once reported ends only so. By who was there, or who asked `by_telephone`."""

    by_telephone: bool = False


@dataclass(frozen=True, slots=True)
class Reply(Action):
    """The resident's answer to: is it solved?"""

    answer: Answer = Answer.SOLVED


@dataclass(frozen=True, slots=True)
class Grade(Action):
    """The resident's answer to: are you satisfied?"""

    satisfaction: Satisfaction = Satisfaction.SATISFIED


@dataclass(frozen=True, slots=True)
class Reopen(Action):
    """又坏了: the resident's word within 15 days of an end; also the objection to a dismissal, then with who dismissed it."""

    objects_to: PersonId | None = None


@dataclass(frozen=True, slots=True)
class TryCall(Action):
    """A try of the telephone task (or at the door) that found nobody; each is logged."""

    outcome: str = "no_answer"


@dataclass(frozen=True, slots=True)
class CloseUnanswered(Action):
    """未评价结案, with the outcome of the telephone task as reason."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Dismiss(Action):
    """非诉求: a named person, a reason that the resident is shown."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class TakeBack(Action):
    """点错了: back to the case as its other events tell it, and into the hands in which it was before that step."""

    earlier: Case | None = None
    taken: Event | None = None  # the step that was not meant
    seqs: tuple[int, ...] = ()  # it, and what belongs to it (the verdict spoken with an answer)


@dataclass(frozen=True, slots=True)
class Correct(Action):
    """A wrong category, place or wording is mended; None leaves a thing as it is."""

    summary: str | None = None
    category: str | None = None
    topic: str | None = None
    urgency: Urgency | None = None
    spot: Spot | None = None
    area_id: AreaId | None = None
    grid_id: AreaId | None = None
    community_id: AreaId | None = None
    accused: Accused = NOBODY  # whom it speaks of, at that place


@dataclass(frozen=True, slots=True)
class Raise(Action):
    """Words of danger about this case: it is an emergency now."""

    danger: str = "unknown"


@dataclass(frozen=True, slots=True)
class Hide(Action):
    """保密: the reporter is not shown to worker and company."""


@dataclass(frozen=True, slots=True)
class Unhide(Action):
    """The resident no longer minds being known."""


@dataclass(frozen=True, slots=True)
class NobodyMeant(Action):
    """The resident's word: this is no complaint about anybody. It goes where all others go."""


@dataclass(frozen=True, slots=True)
class Supervise(Action):
    """督办."""


@dataclass(frozen=True, slots=True)
class Redirect(Action):
    """A flag: passed on to 12345 or a department; owner and check-back go on."""

    to: str = ""


@dataclass(frozen=True, slots=True)
class Merge(Action):
    """A flag: the same trouble as another case; into none: apart again."""

    into: CaseId = NO_CASE


@dataclass(frozen=True, slots=True)
class StrikeOut(Action):
    """剔除, a flag: counted apart in the figures."""


# What time itself does: the system acts.


@dataclass(frozen=True, slots=True)
class Climb(Action):
    """Nobody moved: the next rung gets it too. `skipped`: the empty rungs on the way, reported to who gets it."""

    rung: int = 0
    skipped: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class HandOver(Action):
    """A shift ends and nobody has acknowledged: to the new duty. `leaving`: whoever had it has gone by their own word, and does not
    come back for it: with nobody on duty it is the desk's."""

    leaving: bool = False


@dataclass(frozen=True, slots=True)
class PassOn(Action):
    """交班: a colleague has said that they take it over. `giver` had it, `to` has it now. `answers`: 首接负责 goes with it, which
    a secretary has agreed to; `tells`: the resident hears the new name."""

    giver: PostId = NO_POST
    to: PostId = NO_POST
    answers: bool = False
    tells: bool = False


@dataclass(frozen=True, slots=True)
class Inherit(Action):
    """The post that has a part in it is no more, or nobody holds it: `to` has that part now. `acts`: it was theirs to act."""

    gone: PostId = NO_POST
    to: PostId = NO_POST
    acts: bool = False


@dataclass(frozen=True, slots=True)
class Relocate(Action):
    """The areas were drawn anew: the place lies in another grid or community now."""

    area_id: AreaId = NO_AREA
    grid_id: AreaId | None = None
    community_id: AreaId | None = None


@dataclass(frozen=True, slots=True)
class MissArrival(Action):
    """The on-the-spot limit passed: told upward, once; of a danger to all rungs, and again until somebody is there."""


@dataclass(frozen=True, slots=True)
class MissSolve(Action):
    """The limit for solving passed: told upward, daily."""


@dataclass(frozen=True, slots=True)
class WarnSoon(Action):
    """Soon due."""


@dataclass(frozen=True, slots=True)
class MissPromise(Action):
    """After 部分解决 no new date was named in time."""


@dataclass(frozen=True, slots=True)
class Remind(Action):
    """The check-back question again."""


@dataclass(frozen=True, slots=True)
class Telephone(Action):
    """Reminded in vain, or unreachable: a person telephones. `again`: the task is late, and stays."""

    again: bool = False


@dataclass(frozen=True, slots=True)
class TellUnheard(Action):
    """Danger, and nobody came forward: the resident hears the truth."""


@dataclass(frozen=True, slots=True)
class TellDeferred(Action):
    """A deferred case's line a month."""


@dataclass(frozen=True, slots=True)
class PressOwner(Action):
    """Nobody named the owner after the third return: one level up."""


RETURN_REASONS = ("not_my_grid", "not_my_trade", "duplicate", "no_access", "on_leave")
