"""Events rebuild the case, and hold nothing that JSON cannot."""

import json
from datetime import UTC, datetime
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from casework import history
from casework.accused import NOBODY
from casework.case import Answer, Event, Spot, State, Urgency, Who
from tests.fakes.cases import FILED, at, case, cases


def event(seq, changes, was=State.ASSIGNED, now=State.ASSIGNED):
    return Event("c1", seq, FILED, "any", Who.STAFF, "p", None, was, now, changes)


def test_the_first_event_holds_what_is_not_as_in_every_new_case():
    first = history.changes(None, case(channel="phone", spot=Spot(building_id="b1"), rev=3))
    told = {"id", "number", "state", "category", "urgency", "resident_id", "filed_at", "clock_from", "summary", "community_id", "grid_id", "area_id"}
    assert set(first) == told | {"channel", "spot"}
    assert first["state"] == "assigned"
    assert first["urgency"] == "normal"
    assert first["filed_at"] == "2026-10-14T02:00:00+00:00"
    assert first["spot"]["building_id"] == "b1"


NEVER_OTHERWISE = {
    "topic": None, "also": (), "danger": None, "spot": Spot(), "channel": "web", "behalf": False, "by_telephone": False,
    "confidential": False, "accused": NOBODY, "confidence": 1.0, "rung": 0, "climbed_at": None, "acknowledged_at": None,
    "acknowledged_by": None, "contacted_at": None, "arrived_at": None, "arrival_missed_at": None, "solve_missed_at": None,
    "solve_from": None, "soon_told_at": None, "promise_at": None, "promise_due": None, "extended": False, "defer_until": None,
    "defer_why": None, "defer_told_at": None, "resolved_at": None, "resolved_by": None, "reminders": 0, "telephone_since": None,
    "answer": None, "answered_at": None, "satisfaction": None, "returns": 0, "returned_at": None, "reopens": 0, "nudges": 0,
    "nudged_at": None, "handover_at": None, "climb_told_at": None, "supervised": False, "unheard_told_at": None, "safe_at": None,
    "ended_at": None, "end_reason": None, "redirected_to": None, "merged_into": None, "struck_out": False, "origin": "resident",
    "coordinating": False, "appointment_at": None, "appointment_with": None, "appointment_told": 0,
}  # fmt: skip


def test_how_a_new_case_is_never_changes():
    """What is kept does not say these: a case of years ago would become another one. New fields may come."""
    assert {name: history.NEW.get(name, "gone") for name in NEVER_OTHERWISE} == NEVER_OTHERWISE


def test_the_events_of_an_older_case_that_name_every_field_rebuild_it():
    whole = {name: history.encode(value) for name, value in history.values(case()).items()}
    assert history.case_of([event(1, json.loads(json.dumps(whole)))]) == case(rev=1)


def test_a_later_event_holds_what_changed_and_no_more():
    before = case(spot=Spot(building_id="b1"))
    assert history.changes(before, case(spot=Spot(building_id="b1"), rev=7)) == {}
    after = case(State.RESOLVED, resolved_at=at("10-14 12:00"), spot=Spot(building_id="b2"), rev=2)
    changed = history.changes(before, after)
    assert set(changed) == {"state", "resolved_at", "spot"}
    assert changed["spot"]["building_id"] == "b2"


def test_what_became_nothing_is_kept_as_nothing():
    assert history.changes(case(promise_due=FILED), case()) == {"promise_due": None}


def test_each_kind_of_value_comes_back():
    pairs = {
        "state": State.RESOLVED,
        "urgency": Urgency.URGENT,
        "answer": Answer.PARTLY,
        "filed_at": datetime(2026, 1, 1, tzinfo=UTC),
        "soon_told_at": None,
        "also": ("water", "lift"),
        "spot": Spot(building_id="b1", lat=36.5, words="大门口"),
        "rung": 3,
        "supervised": True,
        "summary": "2026",
    }
    for field, value in pairs.items():
        back = history.decode(field, json.loads(json.dumps(history.encode(value))))
        assert back == value
        assert type(back) is type(value)


def test_a_field_that_a_case_no_longer_has_is_left_out():
    assert history.rebuild([event(1, {"rung": 2, "gone": "x", "rev": 9})]) == {**history.NEW, "rung": 2}
    assert history.rebuild([]) == {}


def test_times_and_enums_are_known_from_the_case_itself():
    assert {"filed_at", "clock_from", "promise_due", "defer_until"} <= history.TIMES
    assert "summary" not in history.TIMES
    typed = {name for name in history.FIELDS if isinstance(getattr(case(), name), State | Urgency)}
    assert typed <= set(history.ENUMS)


@given(st.lists(cases(), min_size=1, max_size=4))
def test_any_course_of_events_rebuilds_its_last_case(course):
    told = [event(1, json.loads(json.dumps(history.changes(None, course[0]))))]
    for n, (before, after) in enumerate(pairwise(course), start=2):
        told.append(event(n, json.loads(json.dumps(history.changes(before, after)))))
    assert history.rebuild(told) == history.values(course[-1])
    again = history.case_of(told)
    assert again.rev == len(course)
    assert history.values(again) == history.values(course[-1])
