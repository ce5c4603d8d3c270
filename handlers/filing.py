"""The draft becomes a case: registered, dispatched, told; the phone asked once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from casework import actions as a
from casework.case import SYSTEM, Actor, AreaId, Case, CaseId, State, Urgency, Who
from casework.dispatch import plan
from casework.effects import Ask, Draft, DropDraft, Focus, Kind, Option, RememberHome, Say
from handlers import complaints
from handlers.meaning import CLAUSE, OWN_HOME, meaning
from handlers.texts import text_of
from handlers.turn import Turn
from nlp.secrecy import wishes_hidden, without_wish
from nlp.shortwords import hide_phone
from storage import cases, people, talk
from storage.people import Speaker
from storage.town import Territory

SUMMARY = 120
SPLIT = "split"


def open_draft(turn: Turn, draft: Draft) -> None:
    """The draft becomes a case (one for each trouble, if the resident said so, or if it accuses somebody besides), counted from its first message's
    time."""
    turn.write(DropDraft(draft.id))
    draft, complaint = complaints.parted(turn, draft)
    if complaint is not None:
        case = open_case(turn, replace(draft, category=draft.category or "other"))
        open_case(turn, complaint)
        one_receipt(turn)
    elif SPLIT in draft.asked and draft.also:
        case = open_case(turn, own_part(turn, replace(draft, also=()), draft.category or "other"))
        for other in draft.also:
            copies = talk.copy_files(turn.conn, draft.files, turn.world.mint)
            open_case(turn, replace(own_part(turn, replace(draft, also=()), other), files=copies))
        one_receipt(turn)
    else:
        case = open_case(turn, replace(draft, category=draft.category or "other"))
    ask_phone(turn, draft, case)


def one_receipt(turn: Turn) -> None:
    """Two receipts in one message: their buttons would not say which case they are for, so only 我的诉求 stays."""
    at = [i for i, w in enumerate(turn.words) if isinstance(w, Ask) and w.question == "receipt"]
    for i in at if len(at) > 1 else ():
        receipt = turn.words[i]
        assert isinstance(receipt, Ask)
        turn.words[i] = replace(receipt, options=(Option("my"),) if i == at[-1] else ())


def own_part(turn: Turn, draft: Draft, category: str) -> Draft:
    """Of two troubles told together each case gets its own topic and urgency, read from its own clause."""
    for clause in CLAUSE.split(draft.text):
        got = meaning(turn, clause, use_home=False)
        if got.category == category and got.urgency != "emergency":
            return replace(draft, category=category, topic=got.topic, urgency=Urgency(got.urgency))
    return replace(draft, category=category, topic=draft.topic if category == draft.category else None)


def ask_phone(turn: Turn, draft: Draft, case: Case) -> None:
    """Right after filing, in the same message: once, optional, and why. For somebody else: that person's phone."""
    who = _filer(turn, draft)
    if who is None or who.person.staff:
        return
    if draft.behalf and hide_phone(draft.text) == draft.text:
        turn.write(Ask(who.person.id, "resident.ask_phone_other", case.id, {}, Kind.ANSWER, options=(Option("skip"),),
                       question="resident.phone_other"))
    elif not draft.behalf and not who.person.phone and not who.phone_asked:
        key = "resident.ask_phone" if who.channel == "web" else "resident.ask_phone_push"
        turn.write(Ask(who.person.id, key, None, {}, Kind.ANSWER, options=(Option("skip"),),
                       question="resident.phone"))


def _filer(turn: Turn, draft: Draft) -> Speaker | None:
    """Who speaks; when a timer opens the draft, who wrote it."""
    if turn.speaker is not None:
        return turn.speaker
    door = next(iter(people.doors(turn.conn, draft.person_id)), None)
    return people.speaker(turn.conn, door.channel, door.external_id) if door else None


def open_case(turn: Turn, draft: Draft, where: Territory | None = None) -> Case:
    """Register, dispatch, tell. Without a grid it belongs to the desk of the smallest known area. `where`: when that is
    known already."""
    where = where or territory(turn, draft)
    if where.grid_id is None and draft.confidence < turn.policy.guess_below:  # somebody says what it is: a guess is no fact
        draft = replace(draft, category="other", topic=None, also=())
    year = draft.opened_at.astimezone(turn.policy.calendar.zone).year
    case = Case(
        id=CaseId(turn.world.mint()), number=cases.next_number(turn.conn, year), state=State.REGISTERED,
        category=draft.category or "other", urgency=draft.urgency, resident_id=draft.person_id,
        filed_at=draft.opened_at, clock_from=draft.opened_at, summary=summary(without_wish(draft.text)),
        community_id=where.community_id, grid_id=where.grid_id, area_id=where.area_id, topic=draft.topic,
        also=draft.also, danger=draft.danger, spot=draft.spot, channel=draft.channel, behalf=draft.behalf,
        accused=complaints.accused_in(turn, draft, where.area_id), by_telephone=draft.behalf and _not_asked_here(turn, draft),
        confidence=draft.confidence, confidential=wishes_hidden(draft.text), rev=1,
    )
    turn.open(case, draft.text, draft.files, Actor(Who.RESIDENT, draft.person_id))
    dispatch(turn, case)
    if case.confidential:
        turn.write(Say(draft.person_id, "resident.hidden", case.id, {}, Kind.ANSWER))
    if not case.accused:  # where a notice finds a home, no complaint is to have left it
        _remember_home(turn, draft)
    _focus(turn, draft, case)
    return case


def _not_asked_here(turn: Turn, draft: Draft) -> bool:
    """Filed for somebody whose number is told, or by staff: the check-back goes to them, not to who filed it."""
    who = _filer(turn, draft)
    return hide_phone(draft.text) != draft.text or (who is not None and who.person.staff)


def territory(turn: Turn, draft: Draft) -> Territory:
    """Where the draft's place lies. Words that name only a community or grid still say whose it is."""
    found = turn.town.territory(draft.spot)
    if found.grid_id is not None:
        return found
    named = meaning(turn, draft.text, use_home=False).where.area_id
    if named is None or not turn.town.within(AreaId(named), found.area_id):
        return found
    area = AreaId(named)
    return Territory(area, turn.town.ancestor(area, "grid"), turn.town.ancestor(area, "community"))


def _remember_home(turn: Turn, draft: Draft) -> None:
    """The home is what is told first, or told as one's own; never somebody else's, nor where a danger is."""
    if not draft.spot.building_id or draft.behalf or draft.urgency is Urgency.EMERGENCY:
        return
    who = people.person(turn.conn, draft.person_id)
    home = who.home if who is not None else None
    if home is None or home.building_id in (None, draft.spot.building_id) or OWN_HOME.search(draft.text):
        turn.write(RememberHome(draft.person_id, draft.spot))


def _focus(turn: Turn, draft: Draft, case: Case) -> None:
    if turn.speaker is not None:
        turn.focus(case.id)
        return
    for door in people.doors(turn.conn, draft.person_id)[:1]:
        turn.write(Focus(door.id, case.id, None))


def dispatch(turn: Turn, case: Case) -> None:
    """Into somebody's hands; what nobody can place or sort is a task of the desk beside."""
    from handlers.desk import to_sort  # desk shows intake's buttons: a circle

    starts = plan(case, turn.town, turn.policy, turn.now).clock_from
    turn.act(case.id, a.Dispatch(clock_from=max(starts, case.filed_at) if starts > turn.now else case.filed_at), SYSTEM)
    if case.category == "other" or case.grid_id is None:
        to_sort(turn, case.id)


def summary(text: str) -> str:
    """The resident's words, cut for a card; telephone numbers are not shown there."""
    first = hide_phone(" ".join(text.split())) or text_of("word.only_files")
    return first if len(first) <= SUMMARY else f"{first[: SUMMARY - 1]}…"


def joined(texts: Sequence[str]) -> str:
    """Messages of one story, one a line, as long as is kept."""
    return "\n".join(t for t in texts if t)[:20_000]
