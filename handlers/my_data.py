"""我的数据: what is kept about who asks, who has looked at their number, and what they can have mended or forgotten at once."""

from __future__ import annotations

from typing import Any

from casework import access
from casework.case import Spot
from casework.effects import ForgetPhone, RememberHome
from handlers.desk import desk_for
from handlers.texts import say_time, spot_name, text_of, word
from handlers.turn import Turn, press
from storage import kept
from storage.kept import Kept

SHOWN = 5  # of those who looked at the number; of more only how many


def show(turn: Turn, rest: str = "") -> None:
    """我的数据. The number is shown with stars: the page may lie open on a table."""
    found, who = kept.about(turn.conn, turn.person.id), turn.person
    nothing = text_of("data.nothing")
    phone = access.masked(who.phone) if who.phone else nothing
    turn.ask(
        "data.shown", question="data", awaited=False, options=_options(turn), name=who.name or nothing, phone=phone,
        home=spot_name(turn, who.home) if who.home.known else nothing, since=found.since, files=_files(found),
        channels="、".join(word("channel", channel) for channel in found.channels), cases=found.cases, remarks=found.remarks,
        views=_views(turn, found), mend=_mend(turn),
    )


def _mend(turn: Turn) -> str:
    """Whom to ask for what cannot be done here."""
    if turn.person.staff:
        return text_of("data.mend_staff")
    return text_of("data.mend_resident").format(desk=desk_for(turn).title)


def _options(turn: Turn) -> tuple[str, ...]:
    """A staff member's number stands in the organisation: it is mended there, not here."""
    phone = ("forget_phone",) if turn.person.phone and not turn.person.staff else ()
    return (*phone, *(("forget_home",) if turn.person.home.known else ()))


def _files(found: Kept) -> str:
    told = [text_of(f"data.{kind}").format(count=count) for kind, count in sorted(_by_kind(found).items())]
    return "、".join(told) or text_of("data.no_files")


def _by_kind(found: Kept) -> dict[str, int]:
    """Photos, voices, and everything else as files."""
    counts: dict[str, int] = {}
    for kind, count in found.files.items():
        name = kind if kind in ("photo", "voice") else "file"
        counts[name] = counts.get(name, 0) + count
    return counts


def _views(turn: Turn, found: Kept) -> str:
    """Post and time; whose chair it was then, not who sat in it."""
    if not found.views:
        return text_of("data.no_views")
    lines = [
        text_of("data.view").format(at=say_time(view.at, turn.now, turn), post=view.post or text_of("data.no_post"), number=view.number)
        for view in found.views[:SHOWN]
    ]
    more = len(found.views) - SHOWN
    return "\n".join((*lines, *((text_of("data.more_views").format(count=more),) if more > 0 else ())))


@press("data", "forget_phone")
def forget_phone(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """From now on nobody can ring: who has a case in hand writes instead."""
    if turn.person.staff:
        turn.say("data.mend_staff")
        return
    turn.write(ForgetPhone(turn.person.id))
    turn.refresh()
    turn.say("data.phone_forgotten")


@press("data", "forget_home")
def forget_home(turn: Turn, question: Any, args: dict[str, str]) -> None:
    turn.write(RememberHome(turn.person.id, Spot()))
    turn.refresh()
    turn.say("data.home_forgotten")


