"""A message that could not be handled: the raw words go to a person, who registers them, answers, or has dealt with them."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime
from typing import Any

from casework import hours
from casework.case import AreaId, Post, Spot, Urgency
from casework.deadlines import task_by
from casework.effects import Draft, EndTask, OpenTask
from casework.tasks import FAILED
from handlers import filing
from handlers.desk import desk_for
from handlers.intake import nothing_new
from handlers.meaning import LONGEST, meaning, spot_of
from handlers.pressed import read_button
from handlers.tasklist import show_task
from handlers.tasks import own_task
from handlers.texts import load, text_of
from handlers.turn import Turn, press
from nlp.understand import Understanding, danger_in
from storage import cases, people, talk
from storage.town import Territory

log = logging.getLogger(__name__)


def take_over(turn: Turn) -> None:
    """A turn that failed three times: the raw words, a person, and a word to the sender. Where the words tell of a danger the
    desk is told at once, and the sender hears first what to do and whom to call."""
    words, desk = _raw(turn), _desk(turn)
    kind, danger = _told(turn, words)
    task, urgency = f"failed:{turn.heard.inbox_id}", FAILED[kind]
    turn.write(OpenTask(task, kind, desk.id, _due(turn, urgency), person_id=turn.person.id, inbox_id=turn.heard.inbox_id, note=words))
    if danger is not None:
        turn.say(f"danger.{danger if danger in load()['danger'] else 'unknown'}")
    opened = cases.task(turn.conn, task)
    if desk.holder_id and opened is not None:
        show_task(turn, opened, desk.holder_id)
    turn.say("resident.failed")


def _due(turn: Turn, urgency: Urgency) -> datetime:
    """What is urgent is to be seen as fast as such a case would have to be taken."""
    if urgency is Urgency.NORMAL:
        return task_by(urgency, turn.now, turn.policy)
    return hours.add(turn.policy.limits[urgency].acknowledge, turn.now, turn.policy.calendar)


def _told(turn: Turn, words: str) -> tuple[str, str | None]:
    """The kind of task, and the danger that the words tell of. It is read apart from all that may have failed; words that cannot
    even be read for that are urgent, and the sender hears the sentence for any danger."""
    try:
        found = danger_in(words[:LONGEST], turn.world.rules)
    except Exception as error:
        log.warning("words of a failed message cannot be read for danger: %s", type(error).__name__)
        return "failed_urgent", "unknown"
    if found is None:
        return "failed", None
    return ("failed_danger" if found.sure else "failed_urgent"), found.kind


def _desk(turn: Turn) -> Post:
    """Whose task it is. Words of which it cannot be said whom they accuse are read above all of them."""
    try:
        return desk_for(turn, turn.heard.text)
    except Exception as error:
        log.warning("nobody can say whose a failed message is: %s", type(error).__name__)
        return turn.town.city_desk(turn.now)


def _raw(turn: Turn) -> str:
    """What the sender did, as a person can read it: the words, or those on the button."""
    read = read_button(turn.world, turn.heard.text.strip()) if turn.heard.kind == "button" else None
    asked = talk.question(turn.conn, read[0]) if read is not None else None
    if read is not None and asked is not None and read[1] < len(asked.options):
        return text_of("task.pressed").format(label=asked.options[read[1]]["label"])
    return turn.heard.text or text_of("word.only_files")


@press("task.failed", "file")
def file(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """登记成诉求: a case of the sender's, from when they wrote. Without a place it is the desk's own to sort."""
    task = own_task(turn, question)
    if task is None:
        return
    who = people.person(turn.conn, task.person_id) if task.person_id else None
    if who is None:
        turn.say("task.not_filed_nobody")
        return
    got = _understood(turn, task.note, who.home)
    draft = Draft(
        turn.world.mint(), who.id, task.note, task.opened_at, turn.now, _channel(turn, who.id), category=got.category,
        topic=got.topic, urgency=Urgency(got.urgency), danger=got.danger, confidence=got.confidence, spot=spot_of(got.where),
    )
    post = turn.town.post(task.owner_post)
    case = filing.open_case(turn, draft, _where(turn, draft, post.area_id if post else None))
    turn.write(EndTask(task.id, "filed"))
    turn.say("task.filed", case.id)


def _understood(turn: Turn, text: str, home: Spot) -> Understanding:
    """What made one turn fall over may do so again: then nothing is understood, and the desk sorts it by hand."""
    try:
        return meaning(turn, text, home=home)
    except Exception as error:
        log.warning("words of a failed message cannot be understood: %s", type(error).__name__)
        return replace(nothing_new(), category="other", urgency="normal", danger=None)


def _where(turn: Turn, draft: Draft, desk: AreaId | None) -> Territory:
    """Where the place lies; of a place that nobody told, the area of the desk that has read the words."""
    found = turn.town.territory(draft.spot)
    if found.grid_id is not None or desk is None or draft.spot.known:
        return found
    return Territory(desk, turn.town.ancestor(desk, "grid"), turn.town.ancestor(desk, "community"))


def _channel(turn: Turn, person_id: str) -> str:
    door = next(iter(people.doors(turn.conn, person_id)), None)
    return door.channel if door is not None else "web"
