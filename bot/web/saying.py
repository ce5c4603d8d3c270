"""What somebody says to the page, by script or by form: checked, and made an Incoming."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.channels import Attachment, Incoming, Stored
from bot.web.common import Refusal
from storage import people, threads
from storage.doors import Visitor

FILES = 9
_COMMAND = re.compile(r"/[A-Za-z0-9_]{1,32}(?:\s|$)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
EMPTY = "您还没写内容。请写一句话，或发一张照片。"


def clean(text: str) -> str:
    """Without what no database or page can hold: control characters, halves of characters."""
    text = text.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", text).strip()


async def say(app: Any, visitor: Visitor, told: Mapping[str, Any]) -> Stored:
    """Store what was said; returns once it is committed. Refusal when it cannot be taken, and nothing was changed."""
    client_id = told.get("client_id")
    if not isinstance(client_id, str) or not 1 <= len(client_id) <= 100:
        raise Refusal(400, "client_id", "client_id 要是 1 到 100 个字符，每条消息一个，重发时不变。")
    said = [key for key in ("text", "button", "place") if told.get(key) is not None]
    files = _files(app, visitor, told.get("files"))
    if len(said) > 1:
        raise Refusal(400, "one_of", "text、button、place 一次只能有一个。")
    if not said and not files:
        raise Refusal(400, "empty", EMPTY)
    kind, text, data = _content(app, said[0] if said else "text", told, files)
    incoming = Incoming(
        "web", f"{visitor.session}:{clean(client_id)}", visitor.thread, kind, text, files, data, name=visitor.name
    )
    stored: Stored = await app.inbox.receive(incoming)
    app.channels["web"].hub.wake(visitor.thread)
    return stored


def _content(
    app: Any, which: str, told: Mapping[str, Any], files: Sequence[Attachment]
) -> tuple[str, str, dict[str, Any]]:
    """(kind, text, data) of an Incoming."""
    if which == "place":
        return "place", "", _place(app, told["place"])
    words = told.get(which) or ""
    if not isinstance(words, str):
        raise Refusal(400, f"bad_{which}", f"{which} 要是文字。")
    if which == "button":
        if not clean(words) or len(words) > 200:
            raise Refusal(400, "bad_button", "这个按钮不对。请点页面上的按钮，或直接写出来。")
        return "button", clean(words), {}
    text = clean(words)
    _measure(app, text)
    if files:
        return "media", text, {}
    if not text:
        raise Refusal(400, "empty", EMPTY)
    return ("command" if _COMMAND.match(text) else "text"), text, {}


def _measure(app: Any, text: str) -> None:
    most = app.settings.intake.keep_characters
    if len(text) > most:
        raise Refusal(
            413, "too_long",
            f"您写了 {len(text)} 个字，一次最多收 {most} 个字。请分几次发，或先写最要紧的。",
        )  # fmt: skip


def _place(app: Any, told: Any) -> dict[str, Any]:
    """A building of ours, or a point on the earth (WGS-84)."""
    wrong = Refusal(400, "bad_place", "这个地点不对。请从列表里选楼号，或直接写小区和楼号。")
    if not isinstance(told, Mapping):
        raise wrong
    building = told.get("building")
    if isinstance(building, str) and len(building) <= 100:
        with app.database.reading() as conn:
            row = people.place_row(conn, clean(building))
        if row is None:
            raise wrong
        return {"building": row.id}
    lat, lon = told.get("lat"), told.get("lon")
    for number, most in ((lat, 90), (lon, 180)):
        if (
            isinstance(number, bool)
            or not isinstance(number, int | float)
            or not math.isfinite(number)
            or abs(number) > most
        ):
            raise wrong
    return {"lat": float(lat), "lon": float(lon)}  # type: ignore[arg-type]


def _files(app: Any, visitor: Visitor, told: Any) -> tuple[Attachment, ...]:
    """Only what the visitor uploaded can be sent."""
    if told is None or told == []:
        return ()
    if not isinstance(told, list) or not all(isinstance(each, str) and len(each) <= 64 for each in told):
        raise Refusal(400, "bad_files", "files 要是上传后得到的编号的列表。")
    if len(told) > FILES:
        raise Refusal(400, "too_many_files", f"一次最多发 {FILES} 张照片，请分两次发。")
    asked = list(dict.fromkeys(clean(each) for each in told))
    with app.database.reading() as conn:
        kinds = threads.own_files(conn, (visitor.thread, visitor.person), asked)
    if len(kinds) < len(asked):
        raise Refusal(400, "unknown_file", "有照片没有传上来，请重新选一次。")
    return tuple(Attachment(kinds[each], file_id=each) for each in asked)
