"""语音和视频: kept, and a person of the desk listens and writes down what is said; it goes on as the resident's own words.

Nobody knows what is in it before, so it has the pace of what is urgent. What was heard answers no question by itself: is it
solved? is asked until the resident says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from casework import actions as a
from casework.case import Case, PersonId, Task, Urgency
from casework.deadlines import task_by
from casework.effects import Ask, EndTask, EndTasksOf, Kind, OpenTask, Option
from handlers import additions, danger, desk, intake
from handlers.filing import summary
from handlers.meaning import meaning, spot_of
from handlers.tasks import own_task
from handlers.texts import text_of
from handlers.turn import Turn, answer, press
from storage import cases, people, talk
from storage.people import Speaker

HEARD = frozenset({"voice", "video"})


def wanted(turn: Turn) -> bool:
    """A voice or a film without a word beside it."""
    return not turn.person.staff and not turn.heard.text.strip() and bool(HEARD & set(turn.heard.file_kinds))


def to_desk(turn: Turn) -> None:
    """A task for the desk, with what is to be heard, to be played there."""
    files = turn.heard.files
    case = _case_of(turn, files)
    post = turn.town.desk(case.area_id, turn.now) if case is not None else desk.desk_for(turn)
    task = f"listen:{turn.heard.inbox_id}"
    due = task_by(Urgency.URGENT, turn.now, turn.policy)
    turn.write(OpenTask(task, "listen", post.id, due, case.id if case else None, turn.person.id, turn.heard.inbox_id))
    if post.holder_id:
        turn.write(_card(post.holder_id, task, turn.person.name, files))


def card(turn: Turn, task: Task, to: PersonId) -> Ask:
    """The task's card once more, with the files of its first one."""
    who = people.person(turn.conn, task.person_id) if task.person_id else None
    return _card(to, task.id, who.name if who else "", files_of(turn, task))


def files_of(turn: Turn, task: Task) -> tuple[str, ...]:
    """What is to be heard, as its first card brought it; nothing of any other task."""
    before = talk.last_of_task(turn.conn, task.id) if task.kind == "listen" else None
    return tuple((before.args or {}).get("heard") or ()) if before else ()


def _card(to: PersonId, task: str, name: str, files: tuple[str, ...]) -> Ask:
    args = {"name": name or text_of("word.a_resident"), "heard": list(files)}
    return Ask(
        to, "task.listen", None, args, Kind.CARD, Urgency.URGENT, files=files, question="task.listen",
        options=(Option("write_heard"), Option("nothing_heard")), awaited=False, task_id=task,
    )


def _case_of(turn: Turn, files: tuple[str, ...]) -> Case | None:
    case_id = next((found for f in files if (found := cases.case_of_file(turn.conn, f))), None)
    return cases.by_id(turn.conn, case_id) if case_id else None


@press("task.listen", "write_heard")
def write_heard(turn: Turn, question: Any, args: dict[str, str]) -> None:
    if own_task(turn, question) is not None:
        turn.ask("task.heard_write", question="task.heard", task_id=question.task_id, heard=question.args.get("heard") or [])


@press("task.listen", "nothing_heard")
def nothing_heard(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """A pocket, a silence: the resident is asked to write."""
    task = own_task(turn, question)
    if task is None:
        return
    turn.write(EndTask(task.id, "nothing_heard"))
    turn.say("task.ended")
    if task.person_id is not None:
        turn.tell(task.person_id, "resident.not_heard")


@answer("task.heard")
def heard(turn: Turn, question: Any, text: str) -> bool:
    """What the desk heard goes on as if the resident had written it."""
    task = own_task(turn, question)
    talk.answer_question(turn.conn, question.id, "told", turn.now)
    if task is None or task.person_id is None:
        return True
    turn.write(EndTask(task.id, "heard"))
    who = people.last_seen(turn.conn, task.person_id)
    files = tuple(question.args.get("heard") or ())
    if who is not None:
        with _speaking_for(turn, who, text, task):
            _go_on(turn, text, files)
    turn.say("task.heard_sent")
    return True


@contextmanager
def _speaking_for(turn: Turn, who: Speaker, text: str, task: Task) -> Iterator[None]:
    """The turn is the resident's for a while, as if their recording said it now. They have not just written, so what they are told
    waits for the morning."""
    speaker, said, before = turn.speaker, turn.heard, len(turn.words)
    turn.speaker = who
    turn.heard = replace(
        said, kind="text", text=text, files=(), file_kinds=(), reply_to=None, data={}, chat=None, inbox_id=task.inbox_id
    )
    try:
        yield
    finally:
        turn.speaker, turn.heard = speaker, said
        turn.words[before:] = [
            replace(w, kind=Kind.FACT) if w.kind is Kind.ANSWER and w.to == who.person.id else w for w in turn.words[before:]
        ]


def _go_on(turn: Turn, text: str, files: tuple[str, ...]) -> None:
    from handlers import resident  # resident's words come by here: a circle

    if danger.heard(turn, text):
        return
    draft, case = talk.draft_of(turn.conn, turn.person.id), _case_of(turn, files)
    if draft is not None and set(files) & set(draft.files):
        intake.more(turn, draft, text)
    elif case is not None and not case.ended:
        _told_of(turn, case, text)
    else:
        resident.words(turn, text)


def _told_of(turn: Turn, case: Case, text: str) -> None:
    """A case that was nothing but the recording learns now what it is about and where."""
    if case.summary == text_of("word.only_files"):
        got = meaning(turn, text)
        category = got.category if got.category != "other" else None
        urgency = Urgency(got.urgency) if category else None
        mended = a.Correct(summary=summary(text), category=category, topic=got.topic, urgency=urgency)
        spot = spot_of(got.where)
        if spot.known and not spot.words:
            danger.move(turn, case.id, spot, mended=mended)
        else:
            turn.act(case.id, mended)
        case = turn.case(case.id)
        if case.category != "other" and case.grid_id is not None:
            turn.write(EndTasksOf(case.id, "sort", "heard"))
    additions.add(turn, case, text, "resident.added_heard")
