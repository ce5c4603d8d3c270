"""Which step may be taken back, over lists of events."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework import history, takeback
from casework.case import Event, PersonId, State, Who
from casework.lifecycle import Refusal
from casework.policy import Policy
from tests.fakes.cases import FILED, case

ME, OTHER = PersonId("me"), PersonId("other")
POLICY = Policy()


def made(*steps: tuple[str, PersonId | None]) -> list[Event]:
    """A registered case, then one event a minute."""
    first = case(State.ASSIGNED)
    events = [Event(first.id, 1, FILED, "register", Who.RESIDENT, OTHER, None, None, State.ASSIGNED, history.changes(None, first))]
    for seq, (kind, by) in enumerate(steps, 2):
        who = Who.SYSTEM if by is None else Who.STAFF
        at = FILED + timedelta(minutes=seq)
        events.append(Event(first.id, seq, at, kind, who, by, None, State.ASSIGNED, State.ASSIGNED, {}))
    return events


def found(events: list[Event], step: int | None = None, later: float = 0) -> takeback.Found | str:
    got = takeback.find(events, ME, events[-1].at + timedelta(minutes=later), POLICY, step)
    return got.code if isinstance(got, Refusal) else got


@pytest.mark.parametrize(("steps", "seqs"), [
    ((("acknowledge", ME),), (2,)),
    ((("acknowledge", ME), ("arrive", ME)), (3,)),
    ((("acknowledge", ME), ("add_words", OTHER), ("warn_soon", None)), (2,)),
    ((("reply", ME), ("grade", ME)), (2, 3)),
    ((("try_call", ME), ("close_unanswered", ME)), (2, 3)),
    ((("resolve", ME), ("telephone", None)), (2, 3)),
])
def test_the_last_own_step_with_what_belongs_to_it(steps: tuple[tuple[str, PersonId | None], ...], seqs: tuple[int, ...]) -> None:
    got = found(made(*steps))
    assert isinstance(got, takeback.Found)
    assert got.action.seqs == seqs


@pytest.mark.parametrize(("steps", "code"), [
    ((), "undo_nothing"),
    ((("climb", None),), "undo_nothing"),
    ((("acknowledge", OTHER),), "undo_others"),
    ((("return", ME), ("acknowledge", OTHER)), "undo_moved"),
    ((("acknowledge", ME), ("telephone", None)), "undo_moved"),
    ((("resolve", ME), ("reply", OTHER)), "undo_moved"),
])
def test_why_not(steps: tuple[tuple[str, PersonId | None], ...], code: str) -> None:
    assert found(made(*steps)) == code


def test_ten_minutes_and_no_longer() -> None:
    events = made(("acknowledge", ME))
    assert isinstance(found(events, later=10), takeback.Found)
    assert found(events, later=10.1) == "undo_late"


def test_a_button_names_its_step() -> None:
    events = made(("acknowledge", ME), ("arrive", ME))
    assert found(events, step=2) == "undo_moved"
    assert isinstance(found(events, step=3), takeback.Found)
    back = Event(events[0].case_id, 4, events[-1].at, "take_back", Who.STAFF, ME, None, State.ASSIGNED, State.ASSIGNED,
                 {history.TAKES_BACK: [3]})
    assert found([*events, back], step=3) == "undo_done"
    assert isinstance(found([*events, back], step=2), takeback.Found)
