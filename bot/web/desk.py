"""任务台: for secretary, subdistrict and city, what is to sort, to telephone, to visit, who cannot be reached, what failed.

Each button is the chat's own: a press is a turn of handlers.at_desk, and its answer is shown here once.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web
from markupsafe import Markup, escape

from bot.web.common import APP, PACE, SESSIONS, Refusal, form_token, plain_form, same
from bot.web.deskcards import asking, saved_as, second, shown
from bot.web.files import given
from bot.web.pages import STALE_FORM, clock_words, render
from bot.web.saying import clean
from bot.web.supervising import Looking, address, looking
from casework import access, tasks
from casework.case import Task, Urgency
from casework.errors import Conflict
from handlers import listening, tasklist
from handlers.at_desk import Pressed, Told, press
from handlers.onpage import DESK as PAGE
from handlers.turn import Heard, Turn
from storage import cases, desk, threads

NOT_YOURS = "任务台给社区书记、街道和市级用。"
ALL, OTHER = "all", "other"
TABS = {
    ALL: "全部", "sort": "分件", "telephone": "打电话", "visit": "上门", "unreached": "联系不上", "undelivered": "没送到",
    "failed": "没处理好", "listen": "听语音", OTHER: "其他",
}  # fmt: skip
MOST = 40  # cards on a page; the rest come up as these are done
WORDS = 1000  # characters of a reason, a place, an answer
SECOND_FOR = timedelta(days=1)  # so long the second question stays on top
KEPT = timedelta(hours=1)
TRIES = 3
NUMBER = re.compile(r"(?<![\d-])(1\d{10}|0\d{2,3}-?\d{7,8})(?![\d-])")
NEWS: web.AppKey[dict[str, News]] = web.AppKey("desk_news")


@dataclass(frozen=True, slots=True)
class News:
    """What a press was answered, until the page has shown it. `pressed`: so that words that were not taken are not lost."""

    told: Told
    pressed: Pressed
    at: datetime


@dataclass(frozen=True, slots=True)
class Tab:
    """A kind of task: how many there are, how many of them late."""

    name: str
    count: int
    late: int
    link: str
    here: bool


async def page(request: web.Request) -> web.Response:
    """The tasks, those first that cannot wait."""
    who = looking(request, NOT_YOURS)
    request.app[PACE].check("read", who.visitor.session)
    news = _news(request, who.visitor.session)
    return render(request, "desk.html", **await asyncio.to_thread(_page, request, who, news))


def _news(request: web.Request, session: str) -> News | None:
    """What the last press was answered, said once; what it asks next stays until the next press."""
    kept = request.app[NEWS]
    news = kept.pop(session, None)
    if news is not None and news.told.asking:
        kept[session] = replace(news, told=replace(news.told, said=()))
    return news


def _page(request: web.Request, who: Looking, news: News | None) -> dict[str, Any]:
    app, kind = request.app[APP], _kind(request.query.get("kind", ""))
    scope = access.scope(who.person)
    with app.database.reading() as conn:
        turn = Turn(conn, app.world, app.clock.now(), who.speaker, Heard(kind="desk"))  # only looks
        found = tasklist.mine(turn)
        here = [t for t in _urgent_first(turn, found) if kind in (ALL, _tab(t))]
        cards = [each for t in here[:MOST] if (each := shown(turn, t)) is not None]
        keeping = asking(turn, news.told.asking) if news else None
        asked = [second(turn, q) for q in desk.second_questions(conn, scope, turn.now - SECOND_FOR)]
    kept = news.pressed if news is not None and not news.told.taken else Pressed()
    return {
        "tabs": _tabs(request, found, kind, app.clock.now()), "cards": cards, "second": asked, "more": len(here) - len(cards),
        "said": [_linked(words) for words in news.told.said if keeping is None or words != keeping.words.strip()] if news else [],
        "asking": keeping, "kept": kept, "kind": kind,
        "token": form_token(app.keys.cookies, who.visitor.session), "action": _address(request, PAGE), "chair": request.app[SESSIONS].chair(request),
        "again": _address(request, PAGE, kind=kind), "chat": _address(request, "/chat"), "longest": WORDS,
        "who": "、".join(p.title for p in who.person.posts if p.role in access.DESKS), "name": who.person.name,
        "now": clock_words(app.clock.now()),
    }  # fmt: skip


async def pressed(request: web.Request) -> web.StreamResponse:
    """One press; then the page anew, so that a reload does nothing twice."""
    who = looking(request, NOT_YOURS)
    request.app[PACE].check("message", who.visitor.session)
    form = await plain_form(request)
    app, session = request.app[APP], who.visitor.session
    if not same(form.get("token", ""), form_token(app.keys.cookies, session)):
        raise Refusal(403, "stale_form", STALE_FORM)
    what = Pressed(
        form.get("task", "")[:200], _count(form.get("tries", "")), form.get("option", "")[:200],
        clean(form.get("words", ""))[:WORDS], clean(form.get("button", ""))[:200], form.get("question", "")[:200],
    )  # fmt: skip
    told = await _turn(app, who.visitor.thread, what)
    app.engine.submit_delivery()
    app.watching.wake_all()
    _remember(request, session, News(told, what, app.clock.wall()))
    return web.Response(status=303, headers={"Location": _address(request, PAGE, kind=_kind(form.get("kind", "")))})


async def heard(request: web.Request) -> web.StreamResponse:
    """A recording of a task that is this desk's to hear, played or (`?save=1`) saved. For everybody else it is not there."""
    who = looking(request, NOT_YOURS)
    request.app[PACE].check("read", who.visitor.session)
    app, wanted = request.app[APP], request.match_info["id"]
    with app.database.reading() as conn:
        turn = Turn(conn, app.world, app.clock.now(), who.speaker, Heard(kind="desk"))
        mine = any(wanted in listening.files_of(turn, task) for task in tasklist.mine(turn) if task.kind == "listen")
        row = threads.file(conn, wanted) if mine else None
    kept = app.media.on_disk(row) if row is not None else None
    if kept is None:
        raise Refusal(404, "no_such_file", "这段录音不在了：可能别人已经听过、写下来了，或者还没传到。")
    return given(kept, "no-store", saved_as(kept.mime) if request.query.get("save") else "")


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else -1


async def _turn(app: Any, thread: str, what: Pressed) -> Told:
    """The press's turn, run again when somebody else moved the case meanwhile."""
    for left in reversed(range(TRIES)):
        try:
            told: Told = await app.writer.do(lambda conn: press(conn, app.world, app.clock.now(), thread, what))
        except Conflict:
            if not left:
                raise
        else:
            return told
    raise AssertionError


def _remember(request: web.Request, session: str, news: News) -> None:
    kept = request.app[NEWS]
    for old in [who for who, each in kept.items() if news.at - each.at > KEPT]:
        del kept[old]
    kept[session] = news


# ---- what is shown ----------------------------------------------------------------------------------------------


def _kind(asked: str) -> str:
    return asked if asked in TABS else ALL


def _tab(task: Task) -> str:
    if task.kind in tasks.FAILED:
        return "failed"
    return task.kind if task.kind in TABS else OTHER


def _urgent_first(turn: Turn, found: Sequence[Task]) -> list[Task]:
    """Emergencies, then what is urgent, then the rest; in each what falls due first."""
    order = list(Urgency)

    def place(task: Task) -> tuple[int, datetime, str]:
        case = cases.by_id(turn.conn, task.case_id) if task.case_id else None
        return order.index(tasks.pace(task, case)), task.due_at, task.id

    return sorted(found, key=place)


def _tabs(request: web.Request, found: Sequence[Task], kind: str, now: datetime) -> list[Tab]:
    """The kinds of which there are any, and the one that is open."""
    made = []
    for name, words in TABS.items():
        of = [t for t in found if name in (ALL, _tab(t))]
        if of or name in (ALL, kind):
            late = sum(t.due_at < now for t in of)
            made.append(Tab(words, len(of), late, _address(request, PAGE, kind=name), name == kind))
    return made


def _linked(words: str) -> Markup:
    """A telephone number is there to be rung."""
    parts = NUMBER.split(words)
    made = [Markup('<a href="tel:{0}">{0}</a>').format(part) if i % 2 else escape(part) for i, part in enumerate(parts)]
    return Markup("").join(made)


def _address(request: web.Request, path: str, **asked: str) -> str:
    """An address of ours; what is asked by itself is left out."""
    return address(request, path, {name: value for name, value in asked.items() if value != ALL})


def routes() -> list[web.RouteDef]:
    return [web.get(PAGE, page), web.post(PAGE, pressed), web.get(PAGE + "/files/{id}", heard)]
