"""Photos and other files of the chat: uploading, and showing them to whoever may see them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from aiohttp import BodyPartReader, web

from bot.downloads import Refused
from bot.media import Sendable
from bot.web.api import needs_script
from bot.web.common import APP, PACE, SESSIONS, Refusal, json_response
from bot.web.saying import clean
from storage import threads

INLINE = ("image/", "audio/", "video/")


async def post_file(request: web.Request) -> web.Response:
    """201 with the id of the file once it is kept. Multipart, field `file`."""
    visitor = request.app[SESSIONS].need(request)
    needs_script(request)
    if request.content_type != "multipart/form-data":
        raise Refusal(415, "not_multipart", "请用 multipart/form-data 发送文件，字段名 file。")
    request.app[PACE].check("file", visitor.session)
    data = await _read(request)
    file_id = await keep(request.app[APP], visitor.person, data)
    return json_response({"file": file_id}, status=201)


async def keep(app: Any, person: str, data: bytes) -> str:
    """The file's id; Refusal with a sentence when it is no use."""
    if not data:
        raise Refusal(400, "empty_file", "这个文件是空的，请重新选一张照片。")
    try:
        return str(await app.media.store(person, data))
    except Refused as refused:
        raise Refusal(400, "bad_file", str(refused)) from None


async def _read(request: web.Request) -> bytes:
    """The bytes of the field `file`; no more of them are taken than are allowed."""
    try:
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader) and part.name == "file":
                return await read_part(request.app[APP], part)
    except (ValueError, AssertionError, RuntimeError):
        raise Refusal(400, "bad_multipart", "文件没有传完整，请再试一次。") from None
    raise Refusal(400, "no_file", "没有收到文件。字段名要是 file。")


async def read_part(app: Any, part: BodyPartReader) -> bytes:
    most, taken = app.media.limit, bytearray()
    while chunk := await part.read_chunk(65_536):
        taken += chunk
        if len(taken) > most:
            raise Refusal(413, "file_too_big", f"文件太大了，最多 {most // 1_000_000} MB。请发小一点的。")
    return bytes(taken)


async def get_file(request: web.Request) -> web.StreamResponse:
    """The file, for whoever uploaded it or was shown it. For everybody else it is not there."""
    app, visitor = request.app[APP], request.app[SESSIONS].need(request)
    with app.database.reading() as conn:
        row = threads.file_for(conn, visitor.thread, visitor.person, clean(request.match_info["id"])[:64])
    kept = app.media.on_disk(row) if row is not None else None
    if kept is None:
        raise Refusal(404, "no_such_file", "没有这个文件，或者它还没传到。")
    return given(kept)


def given(kept: Sendable, cached: str = "private, max-age=86400, immutable", save: str = "") -> web.FileResponse:
    """The bytes, and nothing in them is ever run; parts of them, when a player asks for parts. `save`: the name under which it is
    saved instead of played."""
    headers = {
        "Content-Type": kept.mime,
        "Cache-Control": cached,
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(save)}" if save else _disposition(kept),
    }
    return web.FileResponse(kept.path, headers=headers)


def _disposition(kept: Sendable) -> str:
    """Shown in the page, or saved under its name."""
    if kept.mime.startswith(INLINE):
        return "inline"
    return f"attachment; filename*=UTF-8''{quote(kept.name)}" if kept.name else "attachment"


def routes() -> list[web.RouteDef]:
    return [web.post("/api/chat/files", post_file), web.get("/api/chat/files/{id}", get_file)]
