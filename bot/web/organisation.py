"""组织资料: the city's chair brings the organisation in by workbook: upload, look at the difference, confirm."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiohttp import BodyPartReader, web

from bot.organisation.describe import describe
from bot.organisation.write import write_template, write_workbook
from bot.reorganising import OnlyTried, Outcome, Prepared, bring_in, prepare
from bot.spreadsheet import SUFFIXES
from bot.web.common import APP, BROKEN_FORM, PACE, SESSIONS, Refusal, form_token, plain_form, same
from bot.web.pages import STALE_FORM, render
from bot.world import ZONE, mint
from casework.access import scope
from casework.errors import JiesuError
from casework.reorganising import current
from handlers.supervisor import ORGANISATION as PAGE
from storage import people
from storage.database import Connection
from storage.doors import Visitor
from storage.organisation import stored_organisation

log = logging.getLogger(__name__)

SHOWN = 50  # lines of each kind and sheet; more are counted
FAULTS = 200
MOST = 20_000_000  # bytes of a workbook; a town of 300,000 people has one
KEPT = timedelta(hours=1)  # between looking and confirming
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOT_IN = "请先用您的链接进来，再打开这一页。"
NOT_YOURS = "这一页给市级值班看：组织资料由市级管。"
READING: web.AppKey[asyncio.Lock] = web.AppKey("reading")
ONE = ThreadPoolExecutor(1, thread_name_prefix="workbook")  # others must not wait for it
LOOKED: web.AppKey[dict[str, Looked]] = web.AppKey("looked_at")


@dataclass(frozen=True)
class Looked:
    """What a session uploaded and was shown, until it is confirmed. `sweeping`: most posts may end."""

    prepared: Prepared
    fingerprint: str
    name: str
    at: datetime
    sweeping: bool = False


async def page(request: web.Request) -> web.Response:
    """What there is, and the form for another workbook."""
    return await _page(request, _city(request))


async def upload(request: web.Request) -> web.Response:
    """A workbook: read, tried, taken back, shown."""
    visitor = _city(request)
    request.app[PACE].check("workbook", "everybody")
    fields, name, content = await _form(request)
    _check_token(request, visitor, fields)
    if request.app[READING].locked():
        raise Refusal(409, "reading", "正在读另一个工作簿，请等一会儿再试。")
    if not content:
        raise Refusal(400, "no_file", "没有选文件。请先选一个工作簿，再点「看看会改什么」。")
    app, sweeping = request.app[APP], fields.get("sweeping") == "yes"
    async with request.app[READING]:  # a town's workbook takes a gigabyte and a core: one after the other
        prepared = await asyncio.get_running_loop().run_in_executor(ONE, _read, app, name, content)
        outcome = await _tried(app, prepared, sweeping)
    if outcome.difference:
        _remember(request, visitor, Looked(prepared, outcome.fingerprint, name, app.clock.wall(), sweeping))
    return await _page(request, visitor, name=name, outcome=outcome)


async def confirm(request: web.Request) -> web.StreamResponse:
    """What was shown is brought in, if it would still do just that."""
    visitor = _city(request)
    fields = await plain_form(request)
    _check_token(request, visitor, fields)
    app, looked = request.app[APP], request.app[LOOKED].get(visitor.session)
    if looked is None or app.clock.wall() - looked.at > KEPT or not same(fields.get("seen", ""), looked.fingerprint):
        raise Refusal(409, "look_again", "看过的改动放得太久，或者已经导入过了。请再选一次文件，看一遍再确认。")
    del request.app[LOOKED][visitor.session]
    now = app.clock.now()
    try:
        done = await app.writer.do(
            lambda conn: bring_in(conn, looked.prepared, app.world, now, mint, True, looked.fingerprint, looked.sweeping)
        )
    except JiesuError as error:
        raise Refusal(409, "look_again", str(error)) from None
    log.info("the organisation was brought in from a page: %d cases and tasks follow", len(done.followed))
    app.engine.submit_delivery()
    return await _page(request, visitor, name=looked.name, outcome=done, done=True)


async def template(request: web.Request) -> web.Response:
    _city(request)
    return await _workbook("接诉组织资料模板.xlsx", write_template)


async def export(request: web.Request) -> web.Response:
    """The organisation as it stands. It holds telephone numbers: only for the city's chair, and noted."""
    _city(request)
    app = request.app[APP]

    def write(path: Path) -> None:
        with app.database.reading() as conn:
            stored = stored_organisation(conn)
        write_workbook(current(stored, app.clock.now().astimezone(ZONE).date()), path)

    log.info("the organisation was exported from a page")
    return await _workbook("接诉组织资料.xlsx", write)


# ---- who may ------------------------------------------------------------------------------------------------------------


def _city(request: web.Request) -> Visitor:
    """Whoever sits in the city's chair; Refusal for everybody else."""
    sessions = request.app[SESSIONS]
    visitor = sessions.find(request)
    if visitor is None:
        raise Refusal(401, "no_session", NOT_IN)
    with request.app[APP].database.reading() as conn:
        person = people.person(conn, visitor.person)
    if person is None or not scope(person).city:
        raise Refusal(403, "not_yours", NOT_YOURS)
    return visitor


def _check_token(request: web.Request, visitor: Visitor, fields: dict[str, str]) -> None:
    if not same(fields.get("token", ""), form_token(request.app[APP].keys.cookies, visitor.session)):
        raise Refusal(403, "stale_form", STALE_FORM)


# ---- reading and trying ---------------------------------------------------------------------------------------------------


async def _form(request: web.Request) -> tuple[dict[str, str], str, bytes]:
    """Fields, the file's name, the file."""
    fields: dict[str, str] = {}
    name, content = "", b""
    if request.content_type != "multipart/form-data":
        raise Refusal(400, "bad_form", "没有传完整，请再选一次文件。")
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or len(fields) > 5:
                continue
            taken = bytearray()
            while chunk := await part.read_chunk(65_536):
                taken += chunk
                if len(taken) > MOST:
                    raise Refusal(413, "file_too_big", f"文件太大了，最多 {MOST // 1_000_000} MB。请检查是不是选错了文件。")
            if part.name == "file":
                name, content = Path(part.filename or "").name[:100], bytes(taken)
            elif part.name:
                fields[part.name] = taken.decode("utf-8", "replace")
    except BROKEN_FORM:
        raise Refusal(400, "bad_form", "没有传完整，请再选一次文件。") from None
    return fields, name, content


def _read(app: Any, name: str, content: bytes) -> Prepared:
    suffix = Path(name).suffix.lower()
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"upload{suffix if suffix in (*SUFFIXES, '.csv') else '.xlsx'}"
        path.write_bytes(content)
        return prepare(app.database, path, app.clock.now().astimezone(ZONE).date())


async def _tried(app: Any, prepared: Prepared, sweeping: bool) -> Outcome:
    now = app.clock.now()

    def write(conn: Connection) -> Outcome:
        return bring_in(conn, prepared, app.world, now, mint, False, sweeping=sweeping)

    try:
        return await app.writer.do(write)
    except OnlyTried as only:
        return only.outcome
    except JiesuError as error:
        raise Refusal(409, "look_again", str(error)) from None


def _remember(request: web.Request, visitor: Visitor, looked: Looked) -> None:
    kept, wall = request.app[LOOKED], request.app[APP].clock.wall()
    for person in [person for person, each in kept.items() if wall - each.at > KEPT]:
        del kept[person]
    kept[visitor.session] = looked


# ---- what is shown ----------------------------------------------------------------------------------------------------------


async def _page(
    request: web.Request, visitor: Visitor, name: str = "", outcome: Outcome | None = None, done: bool = False
) -> web.Response:
    app = request.app[APP]
    with app.database.reading() as conn:
        stored = stored_organisation(conn)
    sheets = await asyncio.to_thread(describe, outcome.difference, outcome.before, outcome.after) if outcome and outcome.difference else []
    faults = outcome.faults if outcome else []
    status = 422 if outcome and outcome.errors else 200
    return render(
        request, "organisation.html", status=status, name=name, outcome=outcome, done=done, sheets=sheets, shown=SHOWN,
        errors=[f for f in faults if f.severity == "error"][:FAULTS], warnings=[f for f in faults if f.severity == "warning"][:FAULTS],
        count=len(outcome.errors) if outcome else 0, token=form_token(app.keys.cookies, visitor.session), page=PAGE,
        seen=outcome.fingerprint if outcome and outcome.difference else "", chair=request.app[SESSIONS].chair(request),
        figures=(
            ("社区", sum(a.kind == "community" for a in stored.areas)), ("网格", sum(a.kind == "grid" for a in stored.areas)),
            ("楼栋", sum(p.kind == "building" for p in stored.places)), ("岗位", len(stored.posts)), ("人员", len(stored.people)),
        ),
    )  # fmt: skip


async def _workbook(name: str, write: Any) -> web.Response:
    from urllib.parse import quote

    def made() -> bytes:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "book.xlsx"
            write(path)
            return path.read_bytes()

    return web.Response(
        body=await asyncio.to_thread(made), content_type=XLSX,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"},
    )  # fmt: skip


def routes() -> list[web.RouteDef]:
    return [
        web.get(PAGE, page),
        web.post(PAGE, upload),
        web.post(f"{PAGE}/confirm", confirm),
        web.get(f"{PAGE}/template.xlsx", template),
        web.get(f"{PAGE}/export.xlsx", export),
    ]
