"""Rows into the trade's values and back: the one place where a column and a field meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import Row

from casework import accused
from casework.case import (
    Answer,
    AreaId,
    Case,
    CaseId,
    CasePost,
    Event,
    Part,
    PersonId,
    Post,
    PostId,
    Role,
    Satisfaction,
    Spot,
    State,
    Task,
    Urgency,
    Who,
    WorkerKind,
)
from casework.effects import Draft

SPOT_COLUMNS = {
    "estate_id": "estate_id", "building_id": "building_id", "unit": "unit", "room": "room", "place_id": "place_id",
    "lat": "lat", "lon": "lon", "words": "place_words",
}
_ENUMS: dict[str, Any] = {
    "state": State, "urgency": Urgency, "answer": Answer, "satisfaction": Satisfaction,
}
_PLAIN = [f.name for f in fields(Case) if f.name not in ("spot", "also", "accused", *_ENUMS)]
_OF_ROW, _OF_CASE = itemgetter(*_PLAIN), attrgetter(*_PLAIN)  # all at once: lists have hundreds of cases


def case_from(row: Row[Any] | Any) -> Case:
    """A row of table cases as the trade's value."""
    got = dict(row._mapping)  # looked up seventy times
    values = dict(zip(_PLAIN, _OF_ROW(got), strict=True))
    values |= {name: kind(got[name]) if got[name] is not None else None for name, kind in _ENUMS.items()}
    values["spot"] = Spot(**{name: got[column] for name, column in SPOT_COLUMNS.items()})
    return Case(also=tuple(got["also"] or ()), accused=accused.from_body(got["accused"]), **values)


def case_values(case: Case) -> dict[str, Any]:
    """The columns of a case."""
    values = dict(zip(_PLAIN, _OF_CASE(case), strict=True))
    values |= {name: getattr(case, name) and str(getattr(case, name)) for name in _ENUMS}
    values |= {column: getattr(case.spot, name) for name, column in SPOT_COLUMNS.items()}
    values |= {"accused": accused.body(case.accused), "accused_level": case.accused.level}
    return values | {"also": list(case.also), "is_open": 0 if case.ended else 1}


def event_from(row: Row[Any]) -> Event:
    got = row._mapping
    return Event(
        CaseId(got["case_id"]), got["seq"], got["at"], got["kind"], Who(got["who"]),
        PersonId(got["by"]) if got["by"] else None, PostId(got["post"]) if got["post"] else None,
        State(got["was"]) if got["was"] else None, State(got["now"]), got["changes"], got["remark_id"],
    )


def event_values(event: Event) -> dict[str, Any]:
    return {
        "case_id": event.case_id, "seq": event.seq, "at": event.at, "kind": event.kind, "who": str(event.who),
        "by": event.by, "post": event.post, "was": event.was and str(event.was), "now": str(event.now),
        "changes": event.changes, "remark_id": event.remark_id,
    }


def part_from(row: Row[Any]) -> CasePost:
    got = row._mapping
    return CasePost(CaseId(got["case_id"]), PostId(got["post_id"]), Part(got["part"]), got["since"], got["until"])


def post_from(row: Row[Any]) -> Post:
    """From a row of posts joined with the present holder (columns holder_id, holder_name)."""
    got = row._mapping
    return Post(
        PostId(got["id"]), Role(got["role"]), AreaId(got["area_id"]), got["title"],
        WorkerKind(got["kind"]) if got["kind"] else None, got["place_id"], tuple(got["categories"] or ()),
        PersonId(got["holder_id"]) if got["holder_id"] else None, got["holder_name"] or "", got["phone"],
    )


def task_from(row: Row[Any], climbed: Sequence[str] = ()) -> Task:
    """`climbed`: the desks above that have it as well, in the order in which they got it."""
    got = row._mapping
    own = {f.name: got[f.name] for f in fields(Task) if f.name != "climbed"}
    return Task(**own, climbed=tuple(PostId(p) for p in climbed))


def spot_body(spot: Spot) -> dict[str, Any]:
    return {f.name: getattr(spot, f.name) for f in fields(Spot) if getattr(spot, f.name) not in (None, "")}


def draft_from(row: Row[Any]) -> Draft:
    got = row._mapping
    body = dict(got["body"])
    spot = Spot(**body.pop("spot", {}))
    for name in ("also", "files", "asked"):
        body[name] = tuple(body.get(name, ()))
    body["urgency"] = Urgency(body.get("urgency", "normal"))
    return Draft(
        id=got["id"], person_id=PersonId(got["person_id"]), opened_at=got["opened_at"], touched_at=got["touched_at"],
        rev=got["rev"], spot=spot, **body,
    )


def draft_values(draft: Draft) -> dict[str, Any]:
    body = {
        f.name: getattr(draft, f.name)
        for f in fields(Draft)
        if f.name not in ("id", "person_id", "opened_at", "touched_at", "rev", "spot")
    }
    body = {name: list(v) if isinstance(v, tuple) else v for name, v in body.items()}
    body["urgency"] = str(draft.urgency)
    body["spot"] = spot_body(draft.spot)
    return {
        "id": draft.id, "person_id": draft.person_id, "opened_at": draft.opened_at, "touched_at": draft.touched_at,
        "rev": draft.rev + 1, "body": body,
    }


