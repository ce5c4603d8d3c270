"""有人管吗, 一个电话都没有, 喂？？: of who waits for something it is a nudge, or asks how it stands; it is never a matter of its own."""

from __future__ import annotations

from datetime import timedelta

from casework.case import Case, State, Task
from casework.deadlines import due
from handlers import additions, asking, own_cases
from handlers.turn import Turn
from nlp.impatience import calls_out, only_impatient
from storage import cases, talk

AN_HOUR = timedelta(hours=1)
STILL_ASKED = frozenset({"checkback.solved", "checkback.satisfied"})  # 没人来 answers these


def heard(turn: Turn, text: str) -> bool:
    """The words press for something that is in hand, and say nothing else."""
    presses = only_impatient(text)
    if turn.person.staff or not (presses or calls_out(text)):
        return False
    mine = [case for case in cases.open_of(turn.conn, turn.person.id) if case.state is not State.RESOLVED]
    danger = additions.in_focus(turn, mine)
    if presses and danger is not None and danger.emergency and danger.safe_at is None:
        return False  # 电话打不通, in front of a fire: it belongs to the danger
    asked = talk.open_questions(turn.conn, turn.person.id)
    if any(q.name in STILL_ASKED for q in asked) and not mine:
        return False
    if mine:
        _in_hand(turn, mine, presses)
    elif (task := _question(turn)) is not None:
        _asked(turn, task)
    elif presses and not cases.open_of(turn.conn, turn.person.id):
        turn.say("resident.abuse_again")
    else:
        return False
    asking.repeat(turn)
    return True


def _in_hand(turn: Turn, mine: list[Case], presses: bool) -> None:
    """Hurried, with an apology where it is late; who only calls out hears how it stands."""
    late = [case for case in mine if is_late(turn, case)]
    case = additions.in_focus(turn, mine) or (late[0] if len(late) == 1 else mine[0] if len(mine) == 1 else None)
    if case in late and not talk.said_since(turn.conn, turn.person.id, "resident.sorry_late", turn.now - AN_HOUR):
        turn.say("resident.sorry_late", case.id)
    if not presses:
        own_cases.show(turn, case) if case is not None else own_cases.my(turn)
    elif case is not None:
        own_cases.nudge_case(turn, case.id)
    else:
        own_cases.nudge(turn)


def is_late(turn: Turn, case: Case) -> bool:
    """A limit that the resident was told has passed."""
    limits = due(case, turn.policy)
    waits = limits.acknowledge if case.acknowledged_at is None else limits.arrive if case.arrived_at is None else None
    return any(at is not None and at < turn.now for at in (waits, limits.solve))


def _question(turn: Turn) -> Task | None:
    """A question of the speaker's that still waits at a desk, the newest."""
    for asked in talk.open_questions(turn.conn, turn.person.id, awaited=False):
        if asked.name == "resident.question_taken":
            task = cases.task(turn.conn, str(asked.args.get("task") or ""))
            if task is not None and task.ended_at is None:
                return task
    return None


def _asked(turn: Turn, task: Task) -> None:
    post = turn.town.post(task.climbed[-1] if task.climbed else task.owner_post)
    key = "resident.question_waits" if task.due_at > turn.now else "resident.question_waits_late"
    turn.say(key, asked=task.note, post=post.title if post is not None else "", by=task.due_at)
