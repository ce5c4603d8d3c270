"""Danger comes before everything: one sentence what to do and whom to call, then the case, at the top."""

from __future__ import annotations

from dataclasses import replace

from casework import actions as a
from casework.case import Case, Spot, Urgency
from casework.effects import CloseQuestions, Draft, DropDraft
from handlers import intake
from handlers.meaning import meaning, spot_of
from handlers.turn import Turn, answer, press
from nlp.understand import Understanding
from storage import cases, talk


def heard(turn: Turn, text: str) -> bool:
    """Whether the words tell of a danger to life now; then everything else waits."""
    if turn.person.staff and talk.open_questions(turn.conn, turn.person.id):
        return False  # a worker's note about a danger that was met is an answer, not an alarm
    got = meaning(turn, text)
    if got.urgency == "emergency":
        alarm(turn, text, got.danger or "unknown", got)
        return True
    if got.danger_maybe is not None and _is_new(turn):
        _ask_smell(turn, text, got)
        return True
    return False


def _is_new(turn: Turn) -> bool:
    return not any(c.emergency for c in cases.open_of(turn.conn, turn.person.id))


def alarm(turn: Turn, text: str, kind: str, got: Understanding) -> None:
    """The first sentence; then the danger joins an open one, raises an ordinary case, or is a case at once."""
    turn.say(f"danger.{kind if kind in _kinds() else 'unknown'}")
    spot = spot_of(got.where)
    mine = cases.open_of(turn.conn, turn.person.id)
    open_danger = _recent_danger(turn, mine)
    if open_danger is not None:
        _add(turn, open_danger, text, spot)
        return
    same = next((c for c in mine if _same(c, got, spot)), None)
    if same is not None:
        if turn.act(same.id, a.Raise(danger=kind, words=text, files=turn.heard.files)):
            turn.say("resident.raised", same.id)
            turn.focus(same.id)
        return
    _open(turn, text, kind, got, spot)


def _kinds() -> frozenset[str]:
    from handlers.texts import load

    return frozenset(load()["danger"])


def _recent_danger(turn: Turn, mine: list[Case]) -> Case | None:
    """More words from the same sender within a quarter of an hour belong to the open danger."""
    since = turn.now - turn.policy.danger_join
    return next((c for c in mine if c.emergency and c.safe_at is None and c.filed_at >= since), None)


def _add(turn: Turn, case: Case, text: str, spot: Spot) -> None:
    turn.act(case.id, a.AddWords(words=text, files=turn.heard.files))
    if spot.known and not case.spot.building_id:
        move(turn, case.id, spot)
    turn.say("resident.added_danger", case.id)
    turn.focus(case.id)


def _same(case: Case, got: Understanding, spot: Spot) -> bool:
    """Danger words about an open ordinary case raise it only with the same topic and place."""
    if case.emergency or got.topic is None or case.topic != got.topic:
        return False
    return not spot.known or spot.building_id == case.spot.building_id


def _open(turn: Turn, text: str, kind: str, got: Understanding, spot: Spot) -> None:
    """At once, with whatever is known; the place is asked afterwards."""
    if not spot.known and turn.person.home.known:
        spot = turn.person.home
    half_told = talk.draft_of(turn.conn, turn.person.id)
    if half_told is not None and not spot.known:
        spot = half_told.spot
    draft = Draft(
        turn.world.mint(), turn.person.id, text, turn.now, turn.now, turn.speaker.channel if turn.speaker else "web",
        category=got.category if got.category != "other" else "safety_order", topic=got.topic,
        urgency=Urgency.EMERGENCY, danger=kind, confidence=1.0, spot=spot, files=turn.heard.files,
        also=got.also if not got.two_troubles else (),
    )
    case = intake.open_case(turn, draft)
    if half_told is not None and half_told.category == draft.category:
        turn.write(DropDraft(half_told.id))
    if not spot.building_id and not spot.place_id:
        turn.ask("intake.place", case.id, question="danger.where")
    elif got.two_troubles and got.also:
        _second(turn, text, got)


def _second(turn: Turn, text: str, got: Understanding) -> None:
    """With another trouble in the same message: two cases, the danger first."""
    rest = Draft(
        turn.world.mint(), turn.person.id, text, turn.now, turn.now, turn.speaker.channel if turn.speaker else "web",
        category=got.also[0], confidence=1.0, spot=spot_of(got.where), asked=(intake.TWO,),
    )
    intake.go_on(turn, rest, intake.nothing_new())


@answer("danger.where")
def where_it_is(turn: Turn, question: object, text: str) -> bool:
    """The place of a danger, told afterwards."""
    case_id = str(getattr(question, "case_id"))  # noqa: B009
    got = meaning(turn, text)
    spot = spot_of(got.where)
    if not spot.known:
        spot = Spot(words=text[:60])
    talk.answer_question(turn.conn, str(getattr(question, "id")), "told", turn.now)  # noqa: B009
    turn.act(case_id, a.AddWords(words=text, files=turn.heard.files))
    move(turn, case_id, spot)
    turn.say("resident.added_danger", case_id)
    return True


def move(turn: Turn, case_id: str, spot: Spot) -> bool:
    """The case is there, not here: whoever is on duty there gets it."""
    where = turn.town.territory(spot)
    moved = turn.act(case_id, a.Correct(
        spot=spot, area_id=where.area_id, grid_id=where.grid_id, community_id=where.community_id,
    ))
    return moved is not None


# ---- 臭鸡蛋味: a drain or gas ------------------------------------------------------------------------------------


def _ask_smell(turn: Turn, text: str, got: Understanding) -> None:
    """Say what to do if it is gas, then ask."""
    draft = Draft(
        turn.world.mint(), turn.person.id, text, turn.now, turn.now, turn.speaker.channel if turn.speaker else "web",
        category=got.category, topic=got.topic, confidence=1.0, spot=spot_of(got.where), files=turn.heard.files,
    )
    if not draft.spot.known:
        draft = replace(draft, spot=turn.person.home)
    from casework.effects import KeepDraft

    turn.write(CloseQuestions(turn.person.id, "danger.smell"))
    turn.write(KeepDraft(draft))
    kind = got.danger_maybe if got.danger_maybe in _kinds() else "gas"
    turn.say(f"danger.{kind}")
    turn.ask("resident.safe_question", question="danger.smell", options=("smell_gas", "smell_drain"), draft_id=draft.id)


@press("danger.smell", "smell_gas")
def it_is_gas(turn: Turn, question: object, args: dict[str, str]) -> None:
    draft = talk.draft(turn.conn, str(getattr(question, "draft_id")))  # noqa: B009
    if draft is None:
        turn.say("resident.late_plain")
        return
    turn.write(DropDraft(draft.id))
    turn.say("danger.gas")
    case = intake.open_case(turn, replace(
        draft, urgency=Urgency.EMERGENCY, danger="gas", category="water_power_gas", topic="gas_smell"))
    if not draft.spot.building_id:
        turn.ask("intake.place", case.id, question="danger.where")


@press("danger.smell", "smell_drain")
def it_is_a_drain(turn: Turn, question: object, args: dict[str, str]) -> None:
    draft = talk.draft(turn.conn, str(getattr(question, "draft_id")))  # noqa: B009
    if draft is None:
        turn.say("resident.late_plain")
        return
    category = draft.category if draft.category not in (None, "other", "water_power_gas") else "drainage"
    intake.go_on(turn, replace(draft, category=category, confidence=1.0, touched_at=turn.now), intake.nothing_new())
