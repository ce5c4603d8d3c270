"""The words: every sentence is a key of texts.toml, filled with the facts of the case at this moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from casework import deadlines, hours, worklist
from casework.case import Case, Part, Post, Spot, State, Who
from casework.effects import Ask, Say
from casework.town import holders
from handlers.limits import Limits
from handlers.tellers import hidden_from as hidden_from
from handlers.tellers import without_teller
from handlers.times import local as local
from handlers.times import say_day as say_day
from handlers.times import say_days as say_days
from handlers.times import say_length as say_length
from handlers.times import say_time as say_time
from handlers.times import short_day as short_day
from handlers.turn import Turn
from handlers.wording import in_english as in_english
from handlers.wording import load as load
from handlers.wording import text_of as text_of
from handlers.wording import word as word
from nlp.telephones import hide_phone
from storage import cases, people

ON_CARD = 4  # photos that come with a card; the rest by a button


def say_hours(starts: time, ends: time) -> str:
    """7:00–22:00, or 全天."""
    return text_of("duty.all_day") if starts == ends else f"{starts.hour}:{starts.minute:02d}–{ends.hour}:{ends.minute:02d}"


class Facts(Limits, Mapping[str, str]):
    """What a text may name: its own arguments first, then the facts of the case, looked up only when named."""

    def __init__(self, turn: Turn, message: Say | Ask, read_at: datetime | None = None) -> None:
        self.turn, self.message = turn, message
        self.read_at = read_at or turn.now  # what is held overnight says 今天 of the day on which it is read
        self._case: Case | None = None

    @property
    def case(self) -> Case:
        if self._case is None:
            assert self.message.case_id is not None, f"{self.message.key} names a case but has none"
            self._case = self.turn.case(self.message.case_id)
        return self._case

    def __getitem__(self, name: str) -> str:
        if name in self.message.args:
            said = self._until() if name == "until" else self._spoken(self.message.args[name])
            return self._in_words(said) if name == "words" and self.message.case_id else said
        return str(getattr(self, f"_{name}")())

    def __iter__(self) -> Any:
        return iter(self.message.args)

    def __len__(self) -> int:
        return len(self.message.args)

    def _until(self) -> str:
        """挂账: until which day; the hour says nothing half a year ahead."""
        value, zone = self.message.args["until"], self.turn.policy.calendar.zone
        if not isinstance(value, datetime):
            return self._spoken(value)
        return say_day(value.astimezone(zone).date(), self.read_at.astimezone(zone).date(), near=False)

    def _spoken(self, value: object) -> str:
        if isinstance(value, datetime):
            return say_time(value, self.read_at, self.turn)
        return "" if value is None else str(value)

    def _in_words(self, words: str) -> str:
        """Words that came with a step: on a card no telephone stands; what a resident reads was written for them."""
        return self._blurred(hide_phone(words) if self.message.key.startswith("staff.") else words)

    def _blurred(self, words: str) -> str:
        """The resident's own words; 保密: without what says who they are."""
        return without_teller(self.turn, self.case, words) if hidden_from(self.turn, self.case, self.message.to) else words

    def _number(self) -> str:
        return self.case.number

    def _category(self) -> str:
        return word("category", self.case.category)

    def _summary(self) -> str:
        return self._blurred(self.case.summary)

    def _state(self) -> str:
        own = self.message.to == self.case.resident_id and self.message.to != self.case.resolved_by
        return word("state", self.case.state.value) if own else staff_state(self.case)

    def _mark(self) -> str:
        return word("mark", self.case.urgency.value)

    def _place(self) -> str:
        return place_name(self.turn, self.case, self.message.to)

    def _town(self) -> str:
        return self.turn.policy.town

    def _gas(self) -> str:
        return self.turn.policy.gas_phone or "燃气公司抢修电话"

    def _hotline(self) -> str:
        return self.turn.policy.other_hotline

    def _filed(self) -> str:
        return self._spoken(self.case.filed_at)

    def _age(self) -> str:
        return say_length(self.turn.now - self.case.filed_at)

    def _who(self) -> str:
        """Who has it, with a name; for the resident. Never a phone."""
        return who_has(self.turn, self.case)

    def _holding(self) -> str:
        """Who has it, and whether they have said so."""
        key = "card.holding_taken" if self.case.acknowledged_at is not None else "card.holding_untaken"
        return text_of(key).format(who=self._who())

    def _silent(self) -> str:
        """Who has it and is silent, by name; nothing where that is the reader."""
        posts = [self.turn.town.post(i) for i in holders(self.turn.parts(self.case.id), Part.ASSIGNEE)]
        silent = [p for p in posts if p is not None and p.holder_id != self.message.to]
        return text_of("card.silent").format(who=post_name(silent[0])) if silent else ""

    def _open_for(self) -> str:
        """已经3天了; or that it was told only now."""
        age = self.turn.now - self.case.filed_at
        return text_of("card.open_for").format(age=say_length(age)) if age >= timedelta(minutes=1) else text_of("card.just_filed")

    def _late(self) -> str:
        """How late it is, beyond the limit that has passed; nothing at the very minute."""
        solve = deadlines.due(self.case, self.turn.policy).solve
        passed = self.turn.now - solve if solve is not None else timedelta(0)
        return text_of("staff.late").format(late=say_length(passed)) if passed >= timedelta(minutes=1) else ""

    def _next_step(self) -> str:
        """What is due next and until when; of a case that is put off, until which day and why."""
        case = self.case
        if case.state is State.DEFERRED and case.defer_until is not None:
            zone = self.turn.policy.calendar.zone
            day = say_day(case.defer_until.astimezone(zone).date(), local(self.turn).date(), near=False)
            return text_of("card.put_off").format(day=day, why=self._blurred(hide_phone(case.defer_why or "")))
        if case.ended or case.state is State.RESOLVED:
            return ""
        steps = [text_of("worker.due_solve").format(at=self._solve_by())]
        found = worklist.item(case, self.turn.policy, self.turn.now)
        if found.due is not None and found.due > self.turn.now and found.step is not worklist.Step.SOLVE:
            steps.insert(0, text_of(f"worker.due_{found.step}").format(at=self._spoken(found.due)))
        return "，".join(steps) + "。"

    def _in_hands(self) -> str:
        """在办：潘霞兰; of what nobody has acknowledged, that."""
        key = "card.in_hand" if self.case.acknowledged_at is not None else "card.in_hand_untaken"
        return text_of(key).format(who=self._who())

    def _how_late(self) -> str:
        """What a resident is told when the limit passes: of a time that was told, which; of one never told, nothing of it."""
        told = not self.case.emergency or self.case.promise_at is not None
        return text_of("word.told_by").format(at=self._solve_by()) if told else text_of("word.untold")

    def _upward(self) -> str:
        """That it was reported further up, where somebody stands there."""
        return text_of("word.reported") if self.message.args.get("rises") else ""

    def _morning(self) -> str:
        return self._spoken(hours.morning_after(self.turn.now, self.turn.policy.calendar))

    def _appointment(self) -> str:
        """约好明天9:00上门, or nothing."""
        at = self.case.appointment_at
        return text_of("card.appointment").format(at=self._spoken(at)) if at else ""

    def _beside(self) -> str:
        """同楼另有3件, or nothing."""
        count = self.turn.town.same_trouble(self.case)
        return text_of("card.beside").format(count=count) if count else ""

    def _told_since(self) -> str:
        """What the resident has said since the filing, for who gets the case next; or nothing."""
        from handlers.past import said_since

        return said_since(self.turn, self.case, self.message.to)

    def _past(self) -> str:
        count = cases.past_there(self.turn.conn, self.case, self.turn.now - timedelta(days=365))
        return text_of("card.past").format(count=count) if count else ""

    def _others(self) -> str:
        """Specialists without a chat: their phone stands on the worker's card; with one: that they have it too."""
        lines = []
        for post_id in holders(self.turn.parts(self.case.id), Part.JOINED):
            post = self.turn.town.post(post_id)
            if post is not None:
                key = "card.joined_too" if self.turn.town.reachable(post) else "card.specialist_phone"
                lines.append(text_of(key).format(title=post.title, phone=post.phone or ""))
        return "".join(lines)

    def _skipped(self) -> str:
        """The empty rungs on the way up, or nothing."""
        rungs = str(self.message.args.get("rungs") or "")
        names = "、".join(word("rung", n) for n in rungs.split(",") if n)
        return text_of("card.skipped").format(names=names) if names else ""

    def _photos(self) -> str:
        hidden = hidden_from(self.turn, self.case, self.message.to)
        count = len(cases.photos(self.turn.conn, self.case.id, not hidden))
        key = "card.photos" if count <= ON_CARD else "card.photos_more"
        return text_of(key).format(count=count, shown=ON_CARD) if count else ""

    def _reporter(self) -> str:
        how = "hidden" if self.case.confidential else "behalf" if self.case.behalf else "shown"
        about = word("reporter", "accused") if self.case.accused else ""
        return about + word("reporter", how)

    def _reporter_how(self) -> str:
        """Of a complaint: what its card has not said already."""
        return word("reporter", "hidden" if self.case.confidential else "behalf" if self.case.behalf else "shown")

    def _about_whom(self) -> str:
        """Whom a complaint is about, for the desk that has it."""
        return "、".join(word("accused", role) for role in self.case.accused.roles)

    def _last_words(self) -> str:
        """The resident's last words, for a card that tells what was added."""
        return self._quoted(self._residents_lines(""))

    def _last_said(self) -> str:
        """What the resident has said since staff said that it is done or over; nothing where only a button was pressed."""
        words = self._quoted(self._residents_lines("resolve", "dismiss", "declare_safe"))
        return text_of("card.last_said").format(words=words) if words else ""

    def _residents_lines(self, *since: str) -> list[str]:
        """The resident's own words, after the last event of these kinds."""
        lines = cases.lines(self.turn.conn, self.case.id)
        first = max((i for i, line in enumerate(lines) if line.event.kind in since), default=-1)
        return [x.words for x in lines[first + 1 :] if x.words and not x.internal and x.event.who is Who.RESIDENT]

    def _quoted(self, said: list[str]) -> str:
        return self._blurred(hide_phone(said[-1]))[:300] if said else ""

    def _script(self) -> str:
        """The telephone's two questions, with whom to ask for and what was done."""
        from handlers.telephoning import beside, script

        return "\n".join((*beside(self.turn, self.case, self.message.to), *script(self.turn, self.case)))

    def _no_number(self) -> str:
        """Why somebody has to go: no number was left, or the one that was leads to nobody."""
        left = self.turn.town.has_phone(self.case)
        return word("word", "wrong_phone" if left else "no_phone_left")

    def _asks_after(self) -> str:
        """Who is asked when it is done: who filed it, or by telephone the one it is for."""
        return word("word", "asked_them" if self.case.by_telephone else "asked_you")

    def _what(self) -> str:
        """The step that was taken back."""
        return word("step", str(self.message.args.get("step") or ""))

    def _reopens(self) -> str:
        return str(self.case.reopens)

    def _danger_line(self) -> str:
        kind = str(self.message.args.get("danger") or self.case.danger or "unknown")
        return danger_line(self.turn, kind)


def staff_state(case: Case) -> str:
    """Where a case stands, in the words for staff. Put away after an answer (a record that says 部分解决) it is not without one."""
    if case.state is State.CLOSED_UNANSWERED and case.answer is not None:
        return word("state", "closed_answered")
    return word("staff_state", case.state.value) if case.state.value in load()["staff_state"] else word(
        "state", case.state.value)


def danger_line(turn: Turn, kind: str) -> str:
    """What to do now and whom to call: one sentence, before anything else."""
    sentences = load()["danger"]
    return str(sentences.get(kind, sentences["unknown"])).format(gas=turn.policy.gas_phone or "燃气公司抢修电话")


def place_name(turn: Turn, case: Case, reader: str | None = None) -> str:
    """锦绣苑3号楼2单元501, as far as known; 保密: without the room, which would say who lives there."""
    spot = case.spot
    if reader is not None and hidden_from(turn, case, reader):
        spot = replace(spot, room=None, words=spot.words and without_teller(turn, case, spot.words))
    return spot_name(turn, spot)


def spot_name(turn: Turn, spot: Spot) -> str:
    """The names of what is known of a spot."""
    names = []
    for place_id in (spot.estate_id, spot.building_id, spot.place_id):
        row = people.place_row(turn.conn, place_id) if place_id else None
        if row is not None:
            names.append(row.name)
    if spot.unit:
        names.append(f"{spot.unit}单元")
    if spot.room:
        names.append(f"{spot.room}室")
    if spot.words and not (spot.building_id or spot.place_id):
        names.append(spot.words if not names else f"（{spot.words}）")
    if not names and spot.lat is not None:
        return text_of("word.by_map")
    return "".join(names) or text_of("word.place_unknown")


def post_name(post: Post) -> str:
    """第3网格网格员 王强."""
    return f"{post.title} {post.holder_name}".strip()


def who_has(turn: Turn, case: Case) -> str:
    """Whose turn it is, with a name."""
    posts = holders(turn.parts(case.id), Part.ASSIGNEE)
    post = turn.town.post(posts[0]) if posts else None
    return post_name(post) if post else text_of("word.the_desk")
