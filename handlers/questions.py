"""A question is answered, not registered: from the prepared answers, else by the desk within its own limit. A trouble put as a
question is registered all the same, and so is whatever somebody wants registered."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from casework.case import AreaId, Case, Post, State, Task, Urgency
from casework.deadlines import task_by
from casework.effects import Ask, EndTask, Kind, Option
from handlers import desk, intake, keeping, own_cases
from handlers.meaning import meaning, spot_of
from handlers.texts import local, say_day
from handlers.turn import Turn, answer, press
from nlp.answers import Answer, asks_progress, complains, find_answers
from nlp.understand import Understanding
from storage import cases, talk

ASKED = ("resident.answered", "resident.which_answer", "resident.question_taken", "resident.desk_answered")
STILL = timedelta(days=1)  # so long 我要登记 means what was asked last
FILE = re.compile(r"(?:我|那我|那就)?(?:就|还是)?(?:要|想|得)?登记(?:一下|一件)?(?:[，,。：:！!\s]+(.*))?", re.DOTALL)
PROMISED = ("question", "human")  # tasks of which a resident was told until when
SAID_AGAIN = timedelta(days=3)
SHORT, BRIEF = 40, 16  # a longer text tells more than that it asks; one that sounds like a request, sooner
OFFERED = 4


def asked(turn: Turn, text: str, got: Understanding) -> bool:
    """Whether the words ask about the own open case, or ask something that may be answered."""
    if got.intent in ("question", "status", "request") and (case := _own(turn, text, got)) is not None:
        own_cases.show(turn, case)
        return True
    if got.intent != "question" or (got.category != "other" and complains(text)):
        return False
    respond(turn, text)
    return True


def _own(turn: Turn, text: str, got: Understanding) -> Case | None:
    """什么时候来修 of who has an open case of that kind, or one only: how it stands."""
    if len(text) > (BRIEF if got.intent == "request" else SHORT) or not asks_progress(text) or spot_of(got.where).known:
        return None
    mine = [c for c in cases.open_of(turn.conn, turn.person.id) if c.state is not State.RESOLVED]
    same = [c for c in mine if got.category == c.category]
    if got.category == "other" and got.intent != "request":
        same = mine
    return same[0] if len(same) == 1 else None


# ---- answers ----------------------------------------------------------------------------------------------------


def respond(turn: Turn, text: str) -> None:
    """The prepared answer; two that fit equally: which? None: the desk."""
    found = find_answers(text, _for_speaker(turn), local(turn).date())
    if len(found) == 1:
        _give(turn, found[0], text)
    elif found:
        options = [Option("this_answer", {"topic": each.topic, "name": each.topic}) for each in found[:OFFERED]]
        turn.ask("resident.which_answer", options=[*options, Option("not_answered")], awaited=False, words=text)
    else:
        desk.ask_desk(turn, "question", text)


def _for_speaker(turn: Turn) -> list[Answer]:
    """The town's answers, and those of the community where the speaker lives."""
    if not any(each.area for each in turn.world.answers):
        return list(turn.world.answers)
    here = turn.town.territory(turn.person.home).area_id
    return [each for each in turn.world.answers if not each.area or turn.town.within(here, AreaId(each.area))]


def _give(turn: Turn, found: Answer, text: str) -> None:
    turn.ask("resident.answered", options=("useful", "not_answered", "file_it"), awaited=False, text=found.text, source=found.source,
             until=say_day(found.valid_until, local(turn).date(), near=False), words=text)


def answered(turn: Turn, task: Task, post: Post, told: str) -> None:
    """The desk's answer goes to who asked, with what was asked; then the desk may keep it for the next who asks."""
    assert task.person_id is not None
    args = {"asked": task.note, "told": told, "post": post.title, "words": task.note}
    turn.write(Ask(
        task.person_id, "resident.desk_answered", None, args, Kind.FACT, question="resident.desk_answered",
        options=(Option("useful"), Option("not_answered"), Option("file_it")), awaited=False,
    ))
    keeping.offer(turn, post, task.note, told)


@press("resident.which_answer", "this_answer")
def this_answer(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """One of several that fitted: it may have ended since."""
    words = str(question.args.get("words") or "")
    found = [each for each in find_answers(words, _for_speaker(turn), local(turn).date()) if each.topic == args["topic"]]
    if found:
        _give(turn, found[0], words)
    else:
        desk.ask_desk(turn, "question", words)


@press("resident.answered", "useful")
@press("resident.desk_answered", "useful")
def useful(turn: Turn, question: Any, args: dict[str, str]) -> None:
    turn.say("resident.thanks")


@press("resident.answered", "not_answered")
@press("resident.which_answer", "not_answered")
@press("resident.desk_answered", "not_answered")
def not_answered(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """没答上，问社区: a person answers."""
    desk.ask_desk(turn, "question", str(question.args.get("words") or ""))


def climbed(turn: Turn, task: Task, above: Post) -> None:
    """Nobody answered in time: the desk above has it too, and who asked hears to whom it went and until when."""
    if task.person_id is not None:
        turn.tell(task.person_id, "resident.question_late", post=above.title, by=task_by(Urgency.NORMAL, turn.now, turn.policy), asked=task.note)


def overdue(turn: Turn, task: Task, owner: Post) -> None:
    """The hour that was promised has passed: who asked hears it then, not when the desk above has it."""
    if task.person_id is not None and task.kind in PROMISED:
        turn.tell(task.person_id, f"resident.{task.kind}_overdue", post=owner.title, asked=task.note)


def at_the_top(turn: Turn, task: Task) -> None:
    """Nobody further up: they are urged daily, and who asked hears every third day that it is so."""
    last = turn.town.post(task.climbed[-1] if task.climbed else task.owner_post)
    if task.person_id is None or task.kind not in PROMISED or last is None:
        return
    if not talk.said_since(turn.conn, task.person_id, f"resident.{task.kind}_still", turn.now - SAID_AGAIN):
        turn.tell(task.person_id, f"resident.{task.kind}_still", post=last.title, asked=task.note)


# ---- 我要登记 ----------------------------------------------------------------------------------------------------


@press("resident.answered", "file_it")
@press("resident.question_taken", "file_it")
@press("resident.desk_answered", "file_it")
def file_it(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """What was asked is a matter for somebody to come and see to: a case like any other."""
    task = cases.task(turn.conn, str(question.args.get("task") or ""))
    if task is not None and task.ended_at is None:
        turn.write(EndTask(task.id, "filed"))
    _file(turn, str(question.args.get("words") or ""))


def _file(turn: Turn, text: str) -> None:
    intake.begin(turn, text, meaning(turn, text))


def said(turn: Turn, text: str) -> bool:
    """我要登记, at any time: what was asked last, or what stands beside it, or what is written next; and the words on the buttons
    of an answer, written out."""
    bare = text.strip().strip("。.!！ ")
    found = FILE.fullmatch(text.strip())
    last = next((q for q in talk.open_questions(turn.conn, turn.person.id, awaited=False) if q.name in ASKED), None)
    if last is not None and turn.now - last.asked_at > STILL:
        last = None
    if found is not None and found[1] and found[1].strip():
        _file(turn, found[1].strip())
    elif found is not None and last is not None:
        file_it(turn, last, {})
    elif found is not None or bare == "我要登记":
        turn.ask("resident.file_what")
    elif last is not None and bare in ("没答上", "问社区", "没答上，问社区", "答非所问", "不是这个"):
        not_answered(turn, last, {})
    elif last is not None and bare == "有用":
        turn.say("resident.thanks")
    else:
        return False
    return True


@answer("resident.file_what")
def file_written(turn: Turn, question: Any, text: str) -> bool:
    """Whatever is written now is registered."""
    talk.answer_question(turn.conn, question.id, "told", turn.now)
    _file(turn, text)
    return True
