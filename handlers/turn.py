"""One turn: a message (or a timer) is heard, effects are written as they come, words go to the outbox. Whole or not at all.

bot/turns.py calls hear(), fire() and failed() inside one savepoint of the writer's transaction.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from casework import access, history, lifecycle
from casework import effects as fx
from casework.actions import Action
from casework.case import SYSTEM, Actor, Case, CaseId, CasePost, Event, Person, PersonId, Urgency
from casework.consequences import consequences
from casework.effects import Ask, Effect, Kind, Option, Say
from casework.lifecycle import Moved, Refusal
from casework.takeback import UNDOABLE
from handlers.world import World
from storage import cases, people, talk
from storage.effects import Writer
from storage.people import Speaker
from storage.town import StoredTown

Press = Callable[["Turn", Any, dict[str, str]], None]
AnswerTo = Callable[["Turn", Any, str], bool]
NOTED = UNDOABLE | {"take_back"}  # steps that note in whose hands the case was
PRESSES: dict[tuple[str, str], Press] = {}
ANSWERS: dict[str, AnswerTo] = {}


def press(question: str, *options: str) -> Callable[[Press], Press]:
    """Handles buttons of a question. The handler gets the question's row and the option's arguments."""

    def register(handler: Press) -> Press:
        for option in options:
            PRESSES[question, option] = handler
        return handler

    return register


def answer(question: str) -> Callable[[AnswerTo], AnswerTo]:
    """Handles free text that answers a question. The handler says False when the text is no answer to it."""

    def register(handler: AnswerTo) -> AnswerTo:
        ANSWERS[question] = handler
        return handler

    return register


@dataclass(frozen=True, slots=True)
class Heard:
    """What came in, as handlers see it: one message, or an album as one."""

    kind: str = "text"
    text: str = ""
    files: tuple[str, ...] = ()  # attachment ids
    file_kinds: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    reply_to: str | None = None
    name: str = ""
    received_at: datetime | None = None
    inbox_id: int | None = None
    chat: str | None = None


class Turn:
    """All that a handler needs. `speaker` is None when a timer speaks."""

    def __init__(self, conn: Any, world: World, now: datetime, speaker: Speaker | None, heard: Heard) -> None:
        self.conn, self.world, self.now, self.heard = conn, world, now, heard
        self.policy = world.policy
        self.speaker = speaker
        self.town = StoredTown(conn, world.policy)
        self.writer = Writer(conn, world.policy, now, world.mint)
        self.effects: list[Effect] = []
        self.words: list[Say | Ask] = []

    # -- who and what

    @property
    def person(self) -> Person:
        assert self.speaker is not None
        return self.speaker.person

    def refresh(self) -> None:
        """The speaker as they stand after a write about them (a phone, a home)."""
        if self.speaker is not None:
            self.speaker = people.speaker(self.conn, self.speaker.channel, self.speaker.external_id) or self.speaker

    def case(self, case_id: str) -> Case:
        found = cases.by_id(self.conn, case_id)
        if found is None:
            raise LookupError("no such case")
        return found

    def parts(self, case_id: str) -> tuple[CasePost, ...]:
        return cases.parts(self.conn, case_id)

    def actor(self, case: Case) -> Actor | None:
        """In what capacity the speaker may act on the case; None: it is none of theirs."""
        if self.speaker is None:
            return SYSTEM
        return access.capacity(self.person, case, self.parts(case.id), self.town.within)

    def may(self, case_id: str, action: type[Action]) -> bool:
        """Whether the speaker may take this step now; otherwise says why not."""
        case = self.case(case_id)
        actor = self.actor(case)
        finer = actor is not None and access.may(lifecycle.kind_of(action), actor, case, self.parts(case_id))
        if actor is not None and finer and lifecycle.allowed(case, action, actor.who):
            return True
        self.refuse(case, Refusal("not_yours" if actor is None else "ended" if case.ended else "not_now", {}), actor)
        return False

    def _spoken_of(self, case: Case) -> bool:
        """Whether the case is about the speaker, and another's: then nothing of it is theirs, in no capacity."""
        mine = self.speaker is not None and access.scope(self.person).spoken_of(case)
        return mine and case.resident_id != self.person.id

    # -- what a turn does

    def write(self, effect: Effect) -> None:
        """Write one effect at once and keep it."""
        self.effects.append(effect)
        if isinstance(effect, Say | Ask):
            self.words.append(effect)
        else:
            self.writer.write(effect)

    def act(self, case_id: str, action: Action, by: Actor | None = None) -> Moved | None:
        """Step, write, and all that follows. A refusal is said to the speaker; then None."""
        case = self.case(case_id)
        actor = by or self.actor(case)
        if actor is None or self._spoken_of(case):
            self.refuse(case, Refusal("not_yours", {}), None)
            return None
        if not access.may(lifecycle.kind_of(action), actor, case, self.parts(case_id)):
            self.refuse(case, Refusal("not_yours", {}), actor)
            return None
        got = lifecycle.step(case, action, actor, self.now, self.policy)
        if isinstance(got, Refusal):
            self.refuse(case, got, actor)
            return None
        internal = bool(getattr(action, "internal", False))
        if got.event.kind in NOTED:
            got = replace(got, event=history.noted(got.event, action, self.parts(case_id)))
        self.write(fx.Move(got.before, got.case, got.event, action.words, internal, action.files))
        for effect in consequences(got, self.town, self.policy, self.now):
            self.write(effect)
        _merged_too(self, got)
        return got

    def open(self, case: Case, words: str, files: Sequence[str], by: Actor) -> None:
        """A case begins; whoever calls dispatches it."""
        event: Event = lifecycle.register(case, by)
        self.write(fx.OpenCase(case, event, words, tuple(files)))

    def refuse(self, case: Case, refusal: Refusal, actor: Actor | None) -> None:
        """A kind sentence, and how things stand. Strangers learn nothing of the case."""
        if self.speaker is None:
            return
        if actor is None:
            self.say("refusal.not_yours")
        else:
            self.say(f"refusal.{refusal.code}", case.id, **refusal.args)

    def say(self, key: str, case_id: str | None = None, **args: object) -> None:
        """Answer the speaker."""
        self.write(Say(self.person.id, key, _id(case_id), args, Kind.ANSWER))

    def tell(self, to: PersonId, key: str, case_id: str | None = None, kind: Kind = Kind.FACT, **args: object) -> None:
        """Tell somebody else."""
        urgency = self.case(case_id).urgency if case_id else Urgency.NORMAL
        self.write(Say(to, key, _id(case_id), args, kind, urgency))

    def ask(
        self, key: str, case_id: str | None = None, options: Sequence[str | Option] = (), question: str = "",
        awaited: bool = True, draft_id: str | None = None, task_id: str | None = None, hold: float = 0.0,
        **args: object,
    ) -> None:
        """Ask the speaker."""
        chosen = tuple(o if isinstance(o, Option) else Option(o) for o in options)
        kind = Kind.PROMPT if hold else Kind.ANSWER
        self.write(Ask(
            self.person.id, key, _id(case_id), args, kind, question=question or key,
            options=chosen, awaited=awaited, draft_id=draft_id, task_id=task_id, hold=hold,
        ))

    def focus(self, case_id: str | None, relay_until: datetime | None = None) -> None:
        """This is what the conversation is about now."""
        if self.speaker is not None:
            self.write(fx.Focus(self.speaker.address_id, _id(case_id), relay_until))


def _merged_too(turn: Turn, moved: Moved) -> None:
    """What was merged into a case goes with it."""
    from handlers.summaries.merging import follow

    follow(turn, moved)


def _id(case_id: str | None) -> CaseId | None:
    return CaseId(case_id) if case_id else None


# ---- the three entries ------------------------------------------------------------------------------------------


def hear(conn: Any, world: World, now: datetime, rows: Sequence[Any]) -> list[Effect]:
    """A message (an album: several rows) of one address. Everything it does is written when this returns."""
    from handlers.in_group import GROUP_NEWS, group_news
    from handlers.route import receipt, route

    first = rows[0]
    if first.channel == "jiesu":
        turn = Turn(conn, world, now, None, _heard(rows, ()))
        receipt(turn)
    else:
        if first.kind in GROUP_NEWS:
            group_news(turn := Turn(conn, world, now, None, _heard(rows, ())))
            return _finish(turn)
        speaker = _speaker(conn, world, now, first)
        turn = Turn(conn, world, now, speaker, _heard(rows, _files(conn, world, now, rows, speaker)))
        route(turn)
    return _finish(turn)


def fire(conn: Any, world: World, now: datetime, timer: Any) -> list[Effect]:
    """A timer fell due."""
    from handlers.followup import due

    turn = Turn(conn, world, now, None, Heard(kind="timer"))
    due(turn, timer)
    return _finish(turn)


def failed(conn: Any, world: World, now: datetime, row: Any) -> list[Effect]:
    """A turn failed three times: the raw words become a task of the desk, the sender is told, nobody is blocked."""
    from handlers.failed import take_over

    if row.channel == "jiesu":
        return []
    turn = Turn(conn, world, now, _speaker(conn, world, now, row), _heard([row], ()))
    take_over(turn)
    return _finish(turn)


def _speaker(conn: Any, world: World, now: datetime, row: Any) -> Speaker:
    name, chat = str(row.body.get("name") or ""), row.body.get("chat")
    if chat:
        return people.heard_in_group(conn, row.channel, row.sender, str(chat), name, now, world.mint)
    return people.welcome(conn, row.channel, row.sender, name, now, world.mint)


def _finish(turn: Turn) -> list[Effect]:
    from handlers.saying import put
    from handlers.summaries.find import keep_words

    put(turn)
    keep_words(turn)
    turn.writer.ledger.write()
    return turn.effects


def _heard(rows: Sequence[Any], files: tuple[str, ...]) -> Heard:
    first = rows[0]
    kinds = tuple(str(f.get("kind")) for r in rows for f in r.body.get("files") or ())
    text = clean("\n".join(r.text for r in rows if r.text))
    return Heard(
        first.kind, text, files, kinds, first.body.get("data") or {}, first.body.get("reply_to"),
        str(first.body.get("name") or ""), first.received_at, first.id, first.body.get("chat"),
    )


HIDDEN = re.compile("[\u0000-\u0008\u000b-\u001f\u007f\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def clean(text: str) -> str:
    """Without signs that cannot be seen: they would turn the text of a card round."""
    return HIDDEN.sub("", text)


def _files(conn: Any, world: World, now: datetime, rows: Sequence[Any], speaker: Speaker) -> tuple[str, ...]:
    """Ids of the files that came along; what the platform still holds gets a row to be downloaded after the commit."""
    found = []
    for row in rows:
        for file in row.body.get("files") or ():
            file_id = file.get("file_id")
            if file_id is None and file.get("remote"):
                file_id = world.mint()
                talk.keep_remote_file(
                    conn, id=file_id, kind=file.get("kind") or "file", person_id=speaker.person.id, channel=row.channel,
                    remote=file["remote"], size=file.get("size"), at=now,
                )
            if file_id is not None:
                found.append(str(file_id))
    return tuple(found)
