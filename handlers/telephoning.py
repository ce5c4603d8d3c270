"""The telephone task in words: whom to ask for, the two questions, what was done. The same on the card in the chat and on the desk's page."""

from __future__ import annotations

from casework import access
from casework.case import Case, PersonId
from handlers.texts import place_name, text_of, word
from handlers.turn import Turn
from storage import cases, people


def script(turn: Turn, case: Case) -> list[str]:
    """What to say, line by line. For somebody else: it is not they who told us."""
    about = f"{place_name(turn, case)}，{word('category', case.category)}"
    key = "task.script_behalf" if case.behalf else "task.script"
    return text_of(key).format(number=case.number, about=about).splitlines()


def beside(turn: Turn, case: Case, reader: PersonId) -> list[str]:
    """Whom to ask for, for who may see the number; what whoever did it says; and that it was told by another. Of somebody else we know
    no name: whoever told us is not the one to ask for."""
    name = _name(turn, case, reader)
    done = [line.words for line in cases.lines(turn.conn, case.id) if line.event.kind == "resolve" and line.words]
    return [
        *([text_of("task.script_name").format(name=name)] if name else []),
        *([text_of("task.script_done").format(words=done[-1])] if done else []),
        *([word("reporter", "behalf")] if case.behalf else []),
    ]  # fmt: skip


def _name(turn: Turn, case: Case, reader: PersonId) -> str:
    told, who = people.person(turn.conn, case.resident_id), people.person(turn.conn, reader)
    if told is None or who is None or case.behalf:
        return ""
    tasks = cases.tasks_about(turn.conn, case.id)
    return told.name if access.may_see_phone(who, case, turn.parts(case.id), tasks) else ""
