"""Danger comes before everything: one sentence what to do and whom to call, then the case, at the top."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from casework import actions as a
from casework import intake as steps
from casework.case import Actor, Case, Spot, Urgency
from casework.effects import Draft, DropDraft, EndTasksOf, KeepDraft
from handlers import complaints, intake
from handlers.asking import still_awaited
from handlers.filing import ask_phone, joined, one_receipt, own_part
from handlers.meaning import WHOLE_ESTATE, aside, for_somebody, meaning, more_exact, place_like, spot_in, spot_of
from handlers.texts import load
from handlers.turn import Turn, answer, press
from nlp.still import still_there
from nlp.understand import Understanding
from storage import cases, talk

SECOND = "second"
GAS = re.compile(r"煤气|天然气|燃气|液化气|瓦斯|是气|灶")
DRAIN = re.compile(r"下水|厕所|马桶|地漏|管道|臭水|卫生间|粪|沼")


def heard(turn: Turn, text: str) -> bool:
    """Whether the words tell of a danger to life now; then everything else waits."""
    from handlers import open_danger  # it moves cases: a circle

    if turn.person.staff and _notes_a_danger(turn):
        return False  # a worker's note about a danger that was met is an answer, not an alarm
    got = meaning(turn, text)
    if got.urgency == "emergency":
        alarm(turn, text, got.danger or "unknown", got)
        return True
    if (over := open_danger.still_on(turn)) is not None and still_there(text):
        open_danger.goes_on(turn, over, text, got)
        return True
    if got.danger_maybe is not None and not _asked_smell(turn) and _is_new(turn):
        _ask_smell(turn, text, got)
        return True
    return False


def _notes_a_danger(turn: Turn) -> bool:
    """Whether the speaker is being asked about a danger, or to put something into words for somebody else."""
    asked = [q for q in talk.open_questions(turn.conn, turn.person.id) if still_awaited(turn, q)]
    about = [turn.case(q.case_id) for q in asked if q.case_id is not None]
    return any(case.emergency for case in about) or any(q.name in ("task.answer", "task.heard", "task.keep_words") for q in asked)


def _is_new(turn: Turn) -> bool:
    return not any(c.emergency for c in cases.open_of(turn.conn, turn.person.id))


def _asked_smell(turn: Turn) -> Any | None:
    waiting = talk.open_questions(turn.conn, turn.person.id)
    return next((q for q in waiting if q.name == "danger.smell" and talk.draft(turn.conn, q.draft_id)), None)


def alarm(turn: Turn, text: str, kind: str, got: Understanding) -> None:
    """The first sentence; then the danger joins an open one, raises an ordinary case, or is a case at once."""
    from handlers import open_danger

    open_danger.warn(turn, kind)
    spot = spot_of(got.where)
    mine = cases.open_of(turn.conn, turn.person.id)
    apart = complaints.told(turn, text, mine[0].area_id if mine else None, bool(mine))  # not to be read by whom it is about
    known = None if apart else open_danger.meant(turn, mine, got, spot)
    if known is not None:
        open_danger.add(turn, known, text, spot)
        return
    same = None if apart else next((c for c in mine if _same(c, got, spot)), None)
    if same is not None:
        if turn.act(same.id, a.Raise(danger=kind, words=text, files=turn.heard.files)):
            turn.say("resident.raised", same.id)
            turn.focus(same.id)
        return
    _open(turn, text, kind, got, spot)


def _same(case: Case, got: Understanding, spot: Spot) -> bool:
    """Danger words about an open ordinary case raise it only with the same topic and place."""
    if case.emergency or got.topic is None or case.topic != got.topic:
        return False
    return not spot.known or spot.building_id == case.spot.building_id


def _open(turn: Turn, text: str, kind: str, got: Understanding, spot: Spot) -> None:
    """At once, with whatever is known; the place is asked afterwards."""
    half = talk.draft_of(turn.conn, turn.person.id)
    ours = half is not None and (not half.text or half.category in (None, got.category) or bool(_asked_smell(turn)))
    if not spot.known and half is not None:
        spot = half.spot
    if not spot.known and turn.person.home.known:
        spot = turn.person.home
    words, files = [text], turn.heard.files
    if half is not None and ours:
        turn.write(DropDraft(half.id))
        words, files = [half.text, text], (*half.files, *files)
    draft = Draft(
        turn.world.mint(), turn.person.id, joined(words), turn.now, turn.now,
        turn.speaker.channel if turn.speaker else "web",
        category=got.category if got.category != "other" else "safety_order", topic=got.topic,
        urgency=Urgency.EMERGENCY, danger=kind, confidence=1.0, spot=spot, files=files,
        also=got.also if not got.two_troubles else (), behalf=for_somebody(text) or (half is not None and ours and half.behalf),
    )
    draft, complaint = complaints.parted(turn, draft)
    case = intake.open_case(turn, draft)
    if complaint is not None:
        intake.open_case(turn, complaint)
        one_receipt(turn)
    if got.two_troubles and got.also:
        _second(turn, text, got, spot)
    _ask_where(turn, case, draft)


def _ask_where(turn: Turn, case: Case, draft: Draft) -> None:
    """The place, afterwards, when nobody could find it; else the phone, so that they can ring."""
    if not draft.spot.building_id and not draft.spot.place_id and draft.spot.lat is None:
        turn.ask("danger.where_is_it", case.id, question="danger.where")
    else:
        ask_phone(turn, draft, case)


def _second(turn: Turn, text: str, got: Understanding, spot: Spot) -> None:
    """With another trouble in the same message: two cases, the danger first; the place is asked once."""
    rest = Draft(
        turn.world.mint(), turn.person.id, text, turn.now, turn.now, turn.speaker.channel if turn.speaker else "web",
        category=got.also[0], confidence=1.0, spot=spot, asked=(SECOND, steps.PLACE),
        files=talk.copy_files(turn.conn, turn.heard.files, turn.world.mint),
    )
    if spot.building_id or spot.place_id:
        intake.open_case(turn, own_part(turn, rest, got.also[0]))
        one_receipt(turn)
    else:
        turn.write(KeepDraft(rest))


def second_place(turn: Turn, spot: Spot) -> None:
    """The place of a danger was told: the other trouble of that message is there too."""
    draft = talk.draft_of(turn.conn, turn.person.id)
    if draft is not None and SECOND in draft.asked:
        turn.write(DropDraft(draft.id))
        intake.open_case(turn, own_part(turn, replace(draft, spot=spot), draft.category or "other"))


@answer("danger.where")
def where_it_is(turn: Turn, question: Any, text: str) -> bool:
    """The place of a danger, told afterwards. Words that tell no place are added, and the place is still awaited."""
    case = turn.case(question.case_id)
    got = meaning(turn, text)
    if case.ended or case.safe_at is not None or (aside(got, text) and not place_like(text)):
        return False
    spot = spot_in(turn, text, case.spot) if case.spot.estate_id else spot_of(got.where)
    if not spot.known and place_like(text):
        spot = Spot(words=text[:60])
    if spot.estate_id and not spot.building_id and not spot.words:
        spot = more_exact(spot, spot_in(turn, told_so_far(turn, case), Spot(spot.estate_id)))
    turn.act(case.id, a.AddWords(words=text, files=turn.heard.files))
    number_alone = bool(got.where.building_words) and not spot.estate_id
    if spot.known:
        talk.answer_question(turn.conn, question.id, "told", turn.now)
        move(turn, case.id, spot)
        if not number_alone:
            second_place(turn, spot)
    turn.say("resident.added_danger", case.id)
    if number_alone:  # 9号楼: many estates have one
        turn.ask("danger.which_estate", case.id, question="danger.where", building=got.where.building_words or "")
    elif spot.estate_id and not spot.building_id and not spot.words and not WHOLE_ESTATE.search(text):
        turn.ask("danger.which_building", case.id, question="danger.where")
    turn.focus(case.id)
    return True


def told_so_far(turn: Turn, case: Case) -> str:
    """All that was said of a case, in which its place may stand in pieces."""
    return "\n".join(line.words for line in cases.lines(turn.conn, case.id) if line.words and not line.internal)


def move(
    turn: Turn, case_id: str, spot: Spot, words: str = "", by: Actor | None = None, mended: a.Correct | None = None
) -> bool:
    """The case is there, not here: whoever is on duty there gets it. `by`: when it is not simply the speaker. `mended`: what
    else was wrong, so that it is one step with one card."""
    where = turn.town.territory(spot)
    moved = turn.act(case_id, replace(
        mended or a.Correct(words=words), spot=spot, area_id=where.area_id, grid_id=where.grid_id, community_id=where.community_id,
        accused=complaints.accused_at(turn, turn.case(case_id), where.area_id, spot),
    ), by)
    if moved is not None and where.grid_id is not None and moved.case.category != "other":
        turn.write(EndTasksOf(moved.case.id, "sort", "told"))
    return moved is not None


# ---- 臭鸡蛋味: a drain or gas ------------------------------------------------------------------------------------


def _ask_smell(turn: Turn, text: str, got: Understanding) -> None:
    """Say what to do if it is gas, then ask. Unanswered for ten minutes, it is an urgent case."""
    half = talk.draft_of(turn.conn, turn.person.id)
    spot = spot_of(got.where)
    if not spot.known:
        spot = half.spot if half is not None and half.spot.known else turn.person.home
    draft = Draft(
        turn.world.mint(), turn.person.id, text, turn.now, turn.now, turn.speaker.channel if turn.speaker else "web",
        category=got.category, topic=got.topic, confidence=1.0, spot=spot, files=turn.heard.files,
        urgency=Urgency.URGENT,
    )
    if half is not None and not half.text:
        turn.write(DropDraft(half.id))
        draft = replace(draft, files=(*half.files, *draft.files))
    turn.write(KeepDraft(draft))
    turn.say(f"danger.{got.danger_maybe if got.danger_maybe in load()['danger'] else 'gas'}")
    _smell_question(turn, draft)


def _smell_question(turn: Turn, draft: Draft) -> None:
    turn.ask("resident.safe_question", question="danger.smell", options=("smell_gas", "smell_drain"), draft_id=draft.id)


@answer("danger.smell")
def smell_told(turn: Turn, question: Any, text: str) -> bool:
    """Gas or drain, in words; other words are added to the story and the question stands."""
    draft = talk.draft(turn.conn, question.draft_id)
    if draft is None or aside(meaning(turn, text), text):
        return False
    told = replace(draft, text=joined([draft.text, text]), touched_at=turn.now)
    spot = spot_of(meaning(turn, text).where)
    told = replace(told, spot=spot if spot.known else told.spot, files=(*told.files, *turn.heard.files))
    turn.write(KeepDraft(told))
    drain, gas = DRAIN.search(text), GAS.search(text)
    if drain and not gas:
        talk.answer_question(turn.conn, question.id, "smell_drain", turn.now)
        it_is_a_drain(turn, question, {})
    elif gas and not drain:
        talk.answer_question(turn.conn, question.id, "smell_gas", turn.now)
        it_is_gas(turn, question, {})
    else:
        _smell_question(turn, draft)
    return True


@press("danger.smell", "smell_gas")
def it_is_gas(turn: Turn, question: Any, args: dict[str, str]) -> None:
    draft = talk.draft(turn.conn, question.draft_id)
    if draft is None:
        turn.say("resident.late_plain")
        return
    turn.write(DropDraft(draft.id))
    turn.say("danger.gas")
    draft = replace(draft, urgency=Urgency.EMERGENCY, danger="gas", category="water_power_gas", topic="gas_smell")
    _ask_where(turn, intake.open_case(turn, draft), draft)


@press("danger.smell", "smell_drain")
def it_is_a_drain(turn: Turn, question: Any, args: dict[str, str]) -> None:
    draft = talk.draft(turn.conn, question.draft_id)
    if draft is None:
        turn.say("resident.late_plain")
        return
    category = draft.category if draft.category not in (None, "other", "water_power_gas", "sanitation") else "drainage"
    topic = draft.topic if category == draft.category else None
    draft = replace(draft, category=category, topic=topic, confidence=1.0, touched_at=turn.now, urgency=Urgency.NORMAL)
    intake.go_on(turn, draft, intake.nothing_new())
