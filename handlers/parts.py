"""Several things told at once: a question beside troubles is answered beside them, and a part that is withdrawn is no matter of its own."""

from __future__ import annotations

import re
from dataclasses import replace

from casework.case import Case, State
from casework.effects import CloseQuestions, Draft, KeepDraft
from handlers import additions, intake, own_cases, questions
from handlers.meaning import CLAUSE, drops, meaning, tells_trouble
from handlers.texts import word
from handlers.turn import Turn
from nlp.answers import asks_progress, complains
from nlp.secrecy import wishes_hidden
from storage import cases, talk

ASKS = re.compile(r"怎么|咋|如何|在哪|哪儿|哪里|几点|几号|多少|什么时候|啥时候|能不能|可不可以|要什么|需要什么|吗|？|\?")
DROPS = re.compile(
    r"(?:(?:算了|那|就|这|那个|这个)[，, ]*)*(?P<what>.{1,12}?)(?:的事|那件|这件|那个|这个|那里)?(?:就|先|也|都|还是)?(?:不用|不要|不)(?:管|报|修|办|登记|弄|来|你们管)?了(?:吧|啊|哈|谢谢)?"
    r"|(?:(?:算了|那|就|这)[，, ]*)*(?P<later>.{1,12}?)(?:的事|那件|这件|那个|这个)?先(?:放放|放一放|放着|不急|不管|不办|等等)(?:吧|了)?"
)
NTH = re.compile(r"第(?P<nth>[一二三四五1-5])[件个条]")
PLACE_OF = {sign: at for at, sign in enumerate("一二三四五")} | {str(at + 1): at for at in range(5)}


# ---- a question beside troubles ---------------------------------------------------------------------------------------


def question_beside(turn: Turn, text: str) -> str:
    """Answers what is asked beside a trouble, and gives back the rest of the words; all of them where nothing is asked."""
    clauses = [clause.strip() for clause in CLAUSE.split(text) if len(clause.strip()) > 2]
    if len(clauses) < 2 or len(text) > 300:
        return text
    asked = [clause for clause in clauses if _is_question(turn, clause)]
    told = [clause for clause in clauses if clause not in asked and _is_trouble(turn, clause)]
    if not asked or not told:
        return text
    questions.respond(turn, asked[0])
    return "，".join(clause for clause in clauses if clause not in asked)


def _is_question(turn: Turn, clause: str) -> bool:
    """Something to be answered, and no trouble put as a question, nor how a trouble stands."""
    if not ASKS.search(clause) or wishes_hidden(clause) or asks_progress(clause) or complains(clause) or len(clause) < 5:
        return False
    got = meaning(turn, clause, use_home=False)
    return got.category in ("public_services", "other") and (got.intent == "question" or got.category == "public_services")


def _is_trouble(turn: Turn, clause: str) -> bool:
    got = meaning(turn, clause, use_home=False)
    return got.category not in ("other", "public_services") and got.intent != "question" and tells_trouble(got)


# ---- a part withdrawn ---------------------------------------------------------------------------------------------------


def dropped(turn: Turn, text: str) -> bool:
    """算了垃圾不用了, 第二件不用了, 烧烤那个先放放: of what is half told it is left out, of cases it asks for the one meant."""
    said = text.strip().strip("。.!！~ ")
    found = DROPS.fullmatch(said)
    if turn.person.staff or found is None or len(said) > 18 or drops(said):
        return False
    what = found["what"] or found["later"]
    mine = [case for case in cases.open_of(turn.conn, turn.person.id) if case.state is not State.RESOLVED]
    mine.sort(key=lambda case: case.number)
    nth = NTH.search(what)
    if nth is not None and PLACE_OF[nth["nth"]] < len(mine):
        own_cases.withdraw_ask(turn, mine[PLACE_OF[nth["nth"]]].id)
        return True
    got = meaning(turn, what, use_home=False)
    draft = talk.draft_of(turn.conn, turn.person.id)
    if got.category == "other" and not _named(mine, what):
        return False
    if draft is not None and draft.text and got.category in (draft.category, *draft.also):
        _of_draft(turn, draft, got.category)
        return True
    meant = [case for case in mine if case.category == got.category] or _named(mine, what)
    if len(meant) == 1 and got.category not in ("other", meant[0].category):  # told in passing: who comes reads that it is not wanted
        additions.add(turn, meant[0], text, "resident.added")
    elif len(meant) == 1:
        own_cases.withdraw_ask(turn, meant[0].id)
    elif meant:
        own_cases.withdraw(turn)
    else:
        turn.say("resident.part_dropped", what=what)
    return True


def _named(mine: list[Case], what: str) -> list[Case]:
    """Those whose words name it."""
    return [case for case in mine if len(what) > 1 and what in case.summary]


def _of_draft(turn: Turn, draft: Draft, category: str) -> None:
    """One of the things half told is left out; of one thing alone, all of it."""
    rest = tuple(code for code in (draft.category, *draft.also) if code not in (None, category))
    if not rest:
        intake.dropped(turn, draft)
        return
    turn.write(CloseQuestions(draft_id=draft.id))
    turn.say("resident.part_dropped", what=word("category", category))
    kept = replace(draft, category=rest[0], also=rest[1:], text=_without(turn, draft.text, category), topic=None, touched_at=turn.now)
    turn.write(KeepDraft(kept))
    intake.go_on(turn, kept, intake.nothing_new())


def _without(turn: Turn, text: str, category: str) -> str:
    clauses = [clause for clause in CLAUSE.split(text) if clause.strip()]
    return "，".join(clause for clause in clauses if meaning(turn, clause, use_home=False).category != category) or text
