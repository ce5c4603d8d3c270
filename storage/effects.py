"""write(effect): the only function that changes a row on behalf of a turn. Timers are reconciled with deadlines.timers()."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import singledispatchmethod
from typing import Any

from sqlalchemy import Connection, bindparam, exists, select, update

from casework import deadlines, history
from casework import effects as fx
from casework.case import Case, Event, Part, PersonId, Timer, Who
from casework.errors import Conflict
from casework.policy import Policy
from casework.summary_effects import KeepWords, NoticeTold, OpenNotice, StopNotice
from storage import doors
from storage import tables as t
from storage.answers import write_answer
from storage.desk_effects import came_down, write_desk
from storage.figures import Ledger
from storage.group_effects import write_group
from storage.roster_effects import write_roster
from storage.rows import case_from, case_values, draft_values, event_values, spot_body
from storage.summary_effects import write_summary

CASE: Any = t.Case.__table__  # type: ignore[attr-defined]
EVENT: Any = t.Event.__table__  # type: ignore[attr-defined]
REMARK: Any = t.Remark.__table__  # type: ignore[attr-defined]
PART: Any = t.CasePost.__table__  # type: ignore[attr-defined]
FILE: Any = t.Attachment.__table__  # type: ignore[attr-defined]
TIMER: Any = t.Timer.__table__  # type: ignore[attr-defined]
TASK: Any = t.Task.__table__  # type: ignore[attr-defined]
DRAFT: Any = t.Draft.__table__  # type: ignore[attr-defined]
QUESTION: Any = t.Question.__table__  # type: ignore[attr-defined]
PERSON: Any = t.Person.__table__  # type: ignore[attr-defined]
ADDRESS: Any = t.Address.__table__  # type: ignore[attr-defined]
LINK: Any = t.Link.__table__  # type: ignore[attr-defined]
WRONG: Any = t.WrongCode.__table__  # type: ignore[attr-defined]
TALK: Any = t.Conversation.__table__  # type: ignore[attr-defined]
VIEW: Any = t.ViewLog.__table__  # type: ignore[attr-defined]

OPEN_TIMERS = select(TIMER).where(TIMER.c.case_id == bindparam("case"), TIMER.c.is_open == 1)
SAVE_CASE = update(CASE).where(CASE.c.id == bindparam("b_id"), CASE.c.rev == bindparam("b_rev"))


class Writer:
    """Writes effects on one connection, for one turn. Words (Say, Ask) go to handlers/texts.py instead."""

    def __init__(self, conn: Connection, policy: Policy, now: datetime, mint: Callable[[], str]) -> None:
        self.conn, self.policy, self.now, self.mint = conn, policy, now, mint
        self.ledger = Ledger(conn, policy)

    @singledispatchmethod
    def write(self, effect: fx.Effect) -> None:
        raise TypeError(f"nobody writes {type(effect).__name__}")

    # -- cases

    @write.register
    def _(self, effect: fx.OpenCase) -> None:
        case = effect.case
        self.conn.execute(CASE.insert(), case_values(case))
        self.ledger.changed(None, case)
        self._event(case, effect.event, effect.words, False, effect.files)
        self._timers(case)

    @write.register
    def _(self, effect: fx.Move) -> None:
        values = case_values(effect.case)
        done = self.conn.execute(SAVE_CASE, {"b_id": effect.before.id, "b_rev": effect.before.rev, **values})
        if done.rowcount != 1:
            raise Conflict(f"case {effect.before.id} has moved on")
        self.ledger.changed(effect.before, effect.case)
        self._event(effect.case, effect.event, effect.words, effect.internal, effect.files)
        self._timers(effect.case)
        if effect.case.community_id != effect.before.community_id:
            self._follow_community(effect.case)

    def _event(self, case: Case, event: Event, words: str, internal: bool, files: tuple[str, ...]) -> None:
        if words:
            event = replace(event, remark_id=self.mint())
            self.conn.execute(REMARK.insert().values(
                id=event.remark_id, case_id=case.id, community_id=case.community_id, person_id=event.by,
                internal=internal, text=words, at=event.at,
            ))
        row = self.conn.execute(EVENT.insert(), {**event_values(event), "community_id": case.community_id})
        key = row.inserted_primary_key
        if files and key is not None:
            self.conn.execute(
                update(FILE).where(FILE.c.id.in_(files), FILE.c.case_id.is_(None))
                .values(case_id=case.id, community_id=case.community_id, event_id=key[0])
            )

    def _timers(self, case: Case) -> None:
        """Insert what deadlines.timers() wants and is missing, cancel what it no longer wants."""
        wanted = set(deadlines.timers(case, self.policy))
        for row in self.conn.execute(OPEN_TIMERS, {"case": case.id}).all():
            timer = Timer(row.kind, row.due_at)
            if timer in wanted:
                wanted.discard(timer)
            else:
                self.conn.execute(update(TIMER).where(TIMER.c.id == row.id).values(is_open=0))
        for timer in sorted(wanted, key=lambda w: (w.due_at, w.kind)):
            self.conn.execute(TIMER.insert().values(
                kind=timer.kind, due_at=timer.due_at, case_id=case.id, community_id=case.community_id, is_open=1,
            ))

    def _follow_community(self, case: Case) -> None:
        """community_id stands on every row about a case and changes with the case's place."""
        for table in (EVENT, REMARK, PART, FILE, TIMER, TASK):
            self.conn.execute(update(table).where(table.c.case_id == case.id).values(community_id=case.community_id))

    @write.register
    def _(self, effect: fx.Assign) -> None:
        held = select(PART.c.id).where(
            PART.c.case_id == effect.case_id, PART.c.post_id == effect.post_id, PART.c.part == str(effect.part),
            PART.c.until.is_(None),
        )
        if self.conn.execute(held).first() is not None:
            return
        if effect.part in (Part.FIRST_OWNER, Part.ASSIGNEE):
            self._release(effect.case_id, PART.c.part == str(effect.part))
        community = select(CASE.c.community_id).where(CASE.c.id == effect.case_id)
        self.conn.execute(PART.insert().values(
            case_id=effect.case_id, post_id=effect.post_id, part=str(effect.part), since=self.now,
            community_id=self.conn.execute(community).scalar_one(),
        ))

    @write.register
    def _(self, effect: fx.Release) -> None:
        self._release(effect.case_id, (PART.c.part == str(effect.part)) & (PART.c.post_id == effect.post_id))

    def _release(self, case_id: str, which: Any) -> None:
        self.conn.execute(
            update(PART).where(PART.c.case_id == case_id, PART.c.until.is_(None), which).values(until=self.now)
        )

    # -- drafts and tasks

    @write.register
    def _(self, effect: fx.KeepDraft) -> None:
        draft = effect.draft
        values = draft_values(draft)
        done = self.conn.execute(update(DRAFT).where(DRAFT.c.id == draft.id).values(**values))
        if done.rowcount == 0:
            self.conn.execute(DRAFT.insert(), values)
        self._one_timer("draft", draft.touched_at + self.policy.draft_timeout, draft_id=draft.id)

    @write.register
    def _(self, effect: fx.DropDraft) -> None:
        self._close_timers(TIMER.c.draft_id == effect.draft_id)
        self._close(QUESTION.c.draft_id == effect.draft_id)
        self.conn.execute(DRAFT.delete().where(DRAFT.c.id == effect.draft_id))

    def _one_timer(self, kind: str, due_at: datetime, **owner: str) -> None:
        (column, value), = owner.items()
        self._close_timers(TIMER.c[column] == value)
        self.conn.execute(TIMER.insert().values(kind=kind, due_at=due_at, is_open=1, **owner))

    def _close_timers(self, which: Any) -> None:
        self.conn.execute(update(TIMER).where(which, TIMER.c.is_open == 1).values(is_open=0))

    @write.register
    def _(self, effect: fx.OpenTask) -> None:
        known = self.conn.execute(select(TASK.c.ended_at).where(TASK.c.id == effect.id)).first()
        if known is not None and known.ended_at is None:
            return
        community = None
        if effect.case_id is not None:
            query = select(CASE.c.community_id).where(CASE.c.id == effect.case_id)
            community = self.conn.execute(query).scalar_one()
        values = {
            "kind": effect.kind, "owner_post": effect.owner, "case_id": effect.case_id, "community_id": community,
            "person_id": effect.person_id, "inbox_id": effect.inbox_id, "opened_at": self.now, "due_at": effect.due_at,
            "tries": 0, "tried_at": None, "ended_at": None, "outcome": None, "note": effect.note,
        }
        if known is None:
            self.conn.execute(TASK.insert().values(id=effect.id, **values))
        else:  # the same trouble again: it begins anew
            self.conn.execute(update(TASK).where(TASK.c.id == effect.id).values(**values))
            came_down(self.conn, effect.id)
        self._one_timer("task", effect.due_at, task_id=effect.id)

    @write.register
    def _(self, effect: fx.NoteTry) -> None:
        self.conn.execute(
            update(TASK).where(TASK.c.id == effect.task_id)
            .values(tries=TASK.c.tries + 1, tried_at=effect.at, due_at=effect.due_at)
        )
        self._one_timer("task", effect.due_at, task_id=effect.task_id)

    @write.register
    def _(self, effect: fx.MoveTask) -> None:
        self.conn.execute(update(TASK).where(TASK.c.id == effect.task_id).values(owner_post=effect.owner))

    @write.register
    def _(self, effect: fx.TaskAgain) -> None:
        self._one_timer("task", effect.at, task_id=effect.task_id)

    @write.register
    def _(self, effect: fx.ReopenTask) -> None:
        values: dict[str, Any] = {"ended_at": None, "outcome": None, "due_at": effect.due_at}
        if effect.forget:
            values["tries"] = TASK.c.tries - 1
        self.conn.execute(update(TASK).where(TASK.c.id == effect.task_id).values(**values))
        self._one_timer("task", effect.due_at, task_id=effect.task_id)

    @write.register
    def _(self, effect: fx.EndTask) -> None:
        self._end_tasks(TASK.c.id == effect.task_id, effect.outcome)

    @write.register
    def _(self, effect: fx.EndTasksOf) -> None:
        which = TASK.c.case_id == effect.case_id
        self._end_tasks(which if effect.kind == "*" else which & (TASK.c.kind == effect.kind), effect.outcome)

    def _end_tasks(self, which: Any, outcome: str) -> None:
        for row in self.conn.execute(select(TASK.c.id).where(which, TASK.c.ended_at.is_(None))).all():
            self.conn.execute(update(TASK).where(TASK.c.id == row.id).values(ended_at=self.now, outcome=outcome))
            self._close_timers(TIMER.c.task_id == row.id)
            self._close(QUESTION.c.task_id == row.id)

    # -- questions

    @write.register
    def _(self, effect: fx.CloseQuestions) -> None:
        which: Any = QUESTION.c.closed_at.is_(None)
        wanted = (
            (QUESTION.c.person_id, effect.person_id), (QUESTION.c.name, effect.question),
            (QUESTION.c.case_id, effect.case_id), (QUESTION.c.draft_id, effect.draft_id),
            (QUESTION.c.task_id, effect.task_id),
        )
        for column, value in wanted:
            if value is not None:
                which = which & (column == value)
        if effect.only_awaited and effect.question is None:
            which = which & (QUESTION.c.awaited == True)  # noqa: E712  (never .is_(True): an index is not used then)
        self._close(which)

    def _close(self, which: Any) -> None:
        self.conn.execute(update(QUESTION).where(which, QUESTION.c.closed_at.is_(None)).values(closed_at=self.now))

    # -- people

    @write.register
    def _(self, effect: fx.RememberHome) -> None:
        home = replace(effect.home, lat=None, lon=None)
        self._person(effect.person_id, home=spot_body(home))

    @write.register
    def _(self, effect: fx.KeepPhone) -> None:
        self._person(effect.person_id, phone=effect.phone)

    @write.register
    def _(self, effect: fx.ForgetPhone) -> None:
        self._person(effect.person_id, phone=None)

    @write.register
    def _(self, effect: fx.KeepName) -> None:
        self._person(effect.person_id, name=effect.name)

    @write.register
    def _(self, effect: fx.KeepLanguage) -> None:
        self._person(effect.person_id, language=effect.language)

    @write.register
    def _(self, effect: fx.PhoneAsked) -> None:
        self._person(effect.person_id, phone_asked=True)

    def _person(self, person_id: str, **values: Any) -> None:
        self.conn.execute(update(PERSON).where(PERSON.c.id == person_id).values(**values))

    @write.register
    def _(self, effect: fx.Bind) -> None:
        """The address goes to the staff person. A stranger who has no other address is merged into them: there was one
        human behind both. A colleague's chat is only handed over."""
        old = self.conn.execute(select(ADDRESS.c.person_id).where(ADDRESS.c.id == effect.address_id)).scalar_one()
        self.conn.execute(
            update(ADDRESS).where(ADDRESS.c.id == effect.address_id).values(person_id=effect.person_id)
        )
        self.conn.execute(update(LINK).where(LINK.c.id == effect.code_id).values(used_at=self.now))
        card = self.conn.execute(select(LINK.c.card).where(LINK.c.id == effect.code_id)).scalar_one()
        if card is not None:
            doors.use_card(self.conn, card, self.now)
        stranger = select(PERSON.c.id).where(
            PERSON.c.id == old, PERSON.c.org_id.is_(None), ~exists().where(ADDRESS.c.person_id == old)
        )
        if old != effect.person_id and self.conn.execute(stranger).first() is not None:
            self._merge(old, effect.person_id)

    def _merge(self, old: str, into: str) -> None:
        """Everything that is under way goes on with the other person. Each case says so in an event, so that the two
        can be told apart again; the old person's row stays."""
        self._person(old, merged_into=into)
        for row in self.conn.execute(select(CASE).where(CASE.c.resident_id == old)).all():
            before = case_from(row)
            after = replace(before, resident_id=PersonId(into), rev=before.rev + 1)
            event = Event(
                after.id, after.rev, self.now, "merge", Who.SYSTEM, None, None, after.state, after.state,
                history.changes(before, after),
            )
            self.write(fx.Move(before, after, event, "", False, ()))
        self.conn.execute(update(DRAFT).where(DRAFT.c.person_id == old).values(person_id=into))
        for table, ended in ((QUESTION, QUESTION.c.closed_at), (TASK, TASK.c.ended_at)):
            self.conn.execute(update(table).where(table.c.person_id == old, ended.is_(None)).values(person_id=into))

    @write.register
    def _(self, effect: fx.NoteWrongCode) -> None:
        self.conn.execute(WRONG.insert().values(address_id=effect.address_id, at=effect.at))

    @write.register
    def _(self, effect: fx.Duty | fx.GrantLeave | fx.EndLeave | fx.ChangeShift) -> None:
        write_roster(self.conn, effect)

    @write.register
    def _(self, effect: fx.MarkGroup | fx.MoveGroup) -> None:
        write_group(self.conn, effect)

    @write.register
    def _(self, effect: fx.ClimbTask | fx.SendAgain | fx.OpenDoor) -> None:
        write_desk(self.conn, effect, self.now)

    @write.register
    def _(self, effect: fx.TakeUpAnswer | fx.TakeDownAnswer) -> None:
        write_answer(self.conn, effect, self.now)

    @write.register
    def _(self, effect: KeepWords | OpenNotice | NoticeTold | StopNotice) -> None:
        write_summary(self.conn, effect, self.now)

    @write.register
    def _(self, effect: fx.Focus) -> None:
        values = {"focus_case": effect.case_id, "focus_at": self.now, "relay_until": effect.relay_until}
        done = self.conn.execute(update(TALK).where(TALK.c.address_id == effect.address_id).values(**values))
        if done.rowcount == 0:
            self.conn.execute(TALK.insert().values(address_id=effect.address_id, rev=0, **values))

    @write.register
    def _(self, effect: fx.LogView) -> None:
        self.conn.execute(VIEW.insert().values(
            person_id=effect.person_id, case_id=effect.case_id, what=effect.what, at=self.now,
        ))

    @write.register
    def _(self, effect: fx.MarkBlocked) -> None:
        self.conn.execute(
            update(ADDRESS).where(ADDRESS.c.id == effect.address_id)
            .values(blocked_at=effect.at if effect.blocked else None)
        )

    @write.register
    def _(self, effect: fx.MoveAddress) -> None:
        self.conn.execute(
            update(ADDRESS).where(ADDRESS.c.id == effect.address_id).values(external_id=effect.external_id)
        )


