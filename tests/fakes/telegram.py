"""A Bot API server for tests, over real HTTP: the method and error shapes of the real one, and its misbehaviour on demand.

In a test: `fake = FakeTelegram(); await fake.start()`, then `fake.says(user, "没暖气")`, `fake.sent(user)` …
On its own: `python -m tests.fakes.telegram --port 8081`; POST /control/<verb> then stands for the users' phones.
It never logs a token.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import inspect
import itertools
import json
import re
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from aiohttp import web

from tests.fakes.telegram_webhook import Deliveries, objection

TOKEN = "1234567890:AAFakeTokenForTestsOnlyxxxxxxxxxxxx"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(64)
_MAGIC = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF")
_NESTED = ("reply_markup", "media", "commands", "scope", "allowed_updates", "entities")
_HTML_TAGS = {
    "b",
    "strong",
    "i",
    "em",
    "u",
    "ins",
    "s",
    "strike",
    "del",
    "a",
    "code",
    "pre",
    "tg-spoiler",
    "blockquote",
    "span",
}
KINDS = ("message", "edited_message", "callback_query", "my_chat_member")

_ENVELOPE = {"message_id", "from", "chat", "date", "reply_to_message", "media_group_id"}


@dataclass(frozen=True)
class User:
    """Somebody with a phone. A private chat has its user's id."""

    id: int
    first_name: str = "居民"
    language_code: str = "zh-hans"

    def payload(self) -> dict[str, Any]:
        return {"id": self.id, "is_bot": False, "first_name": self.first_name, "language_code": self.language_code}

    def chat(self) -> dict[str, Any]:
        return {"id": self.id, "type": "private", "first_name": self.first_name}


@dataclass(frozen=True)
class Group:
    id: int  # negative
    title: str = "3号楼邻居群"

    def chat(self) -> dict[str, Any]:
        return {"id": self.id, "type": "supergroup", "title": self.title}


@dataclass
class Call:
    """One call that was accepted (`ok`), or refused by the rules of the real server or by `fail_next`."""

    method: str
    params: dict[str, Any]
    at: float  # time.monotonic()
    files: dict[str, bytes] = field(default_factory=dict, repr=False)
    ok: bool = False
    status: int = 200
    answered: bool = True  # False: the connection was cut after accepting
    message_id: int | None = None

    @property
    def chat(self) -> int | None:
        return _int(self.params.get("chat_id"))

    @property
    def text(self) -> str:
        return self.params.get("text") or self.params.get("caption") or ""

    @property
    def buttons(self) -> dict[str, str]:
        """label -> callback_data"""
        rows = (self.params.get("reply_markup") or {}).get("inline_keyboard", [])
        return {button["text"]: button.get("callback_data") or button["url"] for row in rows for button in row}


@dataclass
class Failure:
    method: str
    status: int | None = None
    retry_after: int | None = None
    description: str | None = None
    raw: str | None = None  # a body as it is, instead of JSON
    cut: str | None = None  # "before" or "after" accepting
    delay: float = 0.0  # seconds before the answer (after accepting)
    chat: int | None = None
    times: int = 1


class Refused(Exception):
    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


Hook = Callable[[Call], Awaitable[None] | None]


class FakeTelegram:
    """The server and, for the tests, everybody's phone."""

    def __init__(self, token: str = TOKEN, username: str = "jiesu_bot") -> None:
        self.token, self.username = token, username
        self.me = {"id": int(token.split(":")[0]), "is_bot": True, "first_name": "接诉", "username": username}
        self.calls: list[Call] = []  # all, in order
        self.history: list[tuple[float, str, int, str]] = []  # when, "→" from or "←" to the phone, chat, what
        self.pending: list[dict[str, Any]] = []  # updates not yet acknowledged
        self.updates: dict[int, dict[str, Any]] = {}  # every update there ever was
        self.acknowledged: dict[int, float] = {}  # update id -> when the offset passed it
        self.delivered: dict[int, int] = {}  # update id -> how often it was handed out
        self.chats: dict[int, User | Group] = {}
        self.gone: dict[int, str] = {}  # chat -> why it cannot be written to
        self.moved: dict[int, int] = {}
        self.messages: dict[tuple[int, int], dict[str, Any]] = {}
        self.files: dict[str, tuple[str, bytes, int]] = {}  # file id -> path, bytes, size as told
        self.menus: dict[str, list[dict[str, str]]] = {}
        self.webhook = ""
        self.deliveries = Deliveries(self)
        self._delivering: asyncio.Task[None] | None = None
        self.online = True
        self.reversed = False
        self._failures: list[Failure] = []
        self._hooks: dict[tuple[str, str], list[Hook]] = {}
        self._queries: dict[str, bool] = {}
        self._ids = itertools.count(500_000)
        self._message_ids = itertools.count(1)
        self._poll = 0
        self._ended_by = "other getUpdates request; make sure that only one bot instance is running"
        self._allowed: list[str] | None = None
        self._changed = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self.port = 0

    # ---- the server ------------------------------------------------------------------------------------------

    async def start(self, port: int = 0) -> None:
        app = web.Application(client_max_size=60_000_000)
        app.router.add_route("*", "/bot{token}/{method}", self._handle)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        app.router.add_post("/control/{verb}", self._control)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        self._delivering = asyncio.create_task(self.deliveries.run())

    async def stop(self) -> None:
        self._poll += 1
        self._notify()
        if self._delivering:
            self._delivering.cancel()
            await asyncio.wait([self._delivering])
        if self._runner:
            await self._runner.cleanup()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/bot"

    @property
    def base_file_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/file/bot"

    async def until(self, holds: Callable[[], Any], within: float = 10.0) -> Any:
        """Wait until the condition holds; it is looked at after every call and at least 20 times a second."""
        end = time.monotonic() + within
        while not (value := holds()):
            if time.monotonic() > end:
                raise AssertionError(f"not within {within} s: {inspect.getsource(holds).strip()}")
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), 0.05)
            except TimeoutError:
                continue
        return value

    def _notify(self) -> None:
        self._changed.set()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        if not self.online:
            return self._cut(request)
        method = request.match_info["method"]
        if request.match_info["token"] != self.token:
            known = re.fullmatch(r"\d+:[\w-]{30,}", request.match_info["token"])
            return _error(Refused(401, "Unauthorized") if known else Refused(404, "Not Found"))
        try:
            params, files = await _read(request)
        except ConnectionResetError:  # whoever called has died meanwhile
            return web.Response(status=400)
        call = Call(method, params, time.monotonic(), files)
        self.calls.append(call)
        failure = self._failure(call)
        try:
            return await self._answer(request, call, failure)
        finally:
            self._notify()

    async def _answer(self, request: web.Request, call: Call, failure: Failure | None) -> web.StreamResponse:
        await self._hook("before", call)
        if failure and failure.cut == "before":
            call.status = 0
            return self._cut(request)
        if failure and (failure.status or failure.raw is not None):
            call.status = failure.status or 200
            return _failed(failure)
        handler = getattr(self, f"_m_{call.method.lower()}", None)
        try:
            if handler is None:
                raise Refused(404, "Not Found")
            result = handler(call)
            if inspect.isawaitable(result):
                result = await result
        except Refused as refused:
            call.status = refused.code
            return _error(refused)
        call.ok = True
        self._notify()
        await self._hook("accepted", call)
        if failure and failure.delay:
            await asyncio.sleep(failure.delay)
        if failure and failure.cut == "after":
            call.answered = False
            return self._cut(request)
        return web.json_response({"ok": True, "result": result})

    def _cut(self, request: web.Request) -> web.StreamResponse:
        if request.transport:
            request.transport.abort()
        return web.Response(status=500)

    def _failure(self, call: Call) -> Failure | None:
        for failure in self._failures:
            if failure.method.lower() == call.method.lower() and failure.chat in (None, call.chat):
                failure.times -= 1
                if failure.times <= 0:
                    self._failures.remove(failure)
                return failure
        return None

    async def _hook(self, when: str, call: Call) -> None:
        for hook in self._hooks.get((call.method.lower(), when), []):
            waited = hook(call)
            if inspect.isawaitable(waited):
                await waited

    # ---- misbehaviour ----------------------------------------------------------------------------------------

    def fail_next(self, method: str, status: int | None = None, **how: Any) -> None:
        """The next call (`times`, only for `chat`) of the method fails: see Failure."""
        if how.get("retry_after") and status is None:
            status = 429
        self._failures.append(Failure(method, status, **how))

    def on_call(self, method: str, callback: Hook, when: str = "accepted") -> Callable[[], None]:
        """Call back at an exact moment: "before" the call is looked at, or when it is "accepted" but not answered
        (for getUpdates: the updates are chosen, not handed over). Returns what takes the hook away."""
        hooks = self._hooks.setdefault((method.lower(), when), [])
        hooks.append(callback)
        return lambda: hooks.remove(callback)

    def repeat(self, update_id: int) -> None:
        """Deliver an update once more, acknowledged or not."""
        self.pending.append(self.updates[update_id])
        self._notify()

    def reorder(self) -> None:
        """Hand out what is pending in the wrong order from now on (the newest first), or rightly again."""
        self.reversed = not self.reversed

    # ---- everybody's phone -----------------------------------------------------------------------------------

    def user(self, id: int, name: str = "居民") -> User:
        user = User(id, name)
        self.chats[id] = user
        return user

    def group(self, id: int = -1001000, title: str = "3号楼邻居群") -> Group:
        group = Group(id, title)
        self.chats[id] = group
        return group

    def delivers(self, **update: Any) -> int:
        """An update as it is, well-formed or not; its id."""
        number = next(self._ids)
        whole = {"update_id": number, **update}
        self.updates[number] = whole
        self._remember(whole)
        self.pending.append(whole)
        self._notify()
        return number

    def _remember(self, update: dict[str, Any]) -> None:
        """What a phone did, for transcripts."""
        message, query = update.get("message"), update.get("callback_query")
        if query and isinstance(query.get("from"), dict):
            rows = ((query.get("message") or {}).get("reply_markup") or {}).get("inline_keyboard", [])
            label = next((b["text"] for row in rows for b in row if b.get("callback_data") == query["data"]), query["data"])
            self.history.append((time.monotonic(), "→", query["from"]["id"], f"[{label}]"))
        elif isinstance(message, dict) and isinstance(message.get("chat"), dict):
            what = message.get("text") or message.get("caption") or "（" + "、".join(set(message) - _ENVELOPE) + "）"
            self.history.append((time.monotonic(), "→", message["chat"]["id"], what))

    def says(self, user: User, text: str, chat: Group | None = None, reply_to: int | None = None) -> int:
        """The update's id. The message's: fake.message_id(update)."""
        return self._message(user, chat, reply_to, text=text, entities=_entities(text))

    def message_id(self, update_id: int) -> int:
        update = self.updates[update_id]
        return int((update.get("message") or update["edited_message"])["message_id"])

    def sends_photo(
        self, user: User, caption: str = "", content: bytes = JPEG, size: int | None = None, **more: Any
    ) -> int:
        small, large = self.keeps(content[:32], "photos", "jpg"), self.keeps(content, "photos", "jpg", size)
        sizes = [
            {"file_id": small, "file_unique_id": f"u{small}", "width": 90, "height": 60, "file_size": 32},
            {"file_id": large, "file_unique_id": f"u{large}", "width": 1280, "height": 960,
             "file_size": size or len(content)},
        ]  # fmt: skip
        words = {"caption": caption, "caption_entities": _entities(caption)} if caption else {}
        return self._message(user, more.pop("chat", None), None, photo=sizes, **words, **more)

    def sends_album(self, user: User, number: int = 3, caption: str = "") -> list[int]:
        group = f"album{next(self._message_ids)}"
        return [
            self.sends_photo(user, caption if at == 0 else "", JPEG + bytes([at]), media_group_id=group)
            for at in range(number)
        ]

    def sends_file(
        self, user: User, kind: str = "voice", caption: str = "", size: int = 64, mime: str = "audio/ogg"
    ) -> int:
        """voice, video, video_note, audio, document, sticker, animation."""
        file_id = self.keeps(bytes(64), kind, "bin", size)
        body: dict[str, Any] = {
            "file_id": file_id,
            "file_unique_id": f"u{file_id}",
            "file_size": size,
            "mime_type": mime,
        }
        extra = {
            "voice": {"duration": 3}, "audio": {"duration": 3}, "video": {"duration": 3, "width": 10, "height": 10},
            "animation": {"duration": 3, "width": 10, "height": 10}, "video_note": {"duration": 3, "length": 10},
            "sticker": {"type": "regular", "width": 10, "height": 10, "is_animated": False, "is_video": False, "emoji": "👍"},
        }  # fmt: skip
        words = {"caption": caption} if caption else {}
        return self._message(user, None, None, **{kind: body | extra.get(kind, {})}, **words)

    def sends_location(self, user: User, lat: float, lon: float) -> int:
        return self._message(user, None, None, location={"latitude": lat, "longitude": lon})

    def sends_contact(self, user: User, phone: str = "13800138000", own: bool = True) -> int:
        contact = {"phone_number": phone, "first_name": user.first_name, "user_id": user.id if own else user.id + 1}
        return self._message(user, None, None, contact=contact)

    def edits(self, user: User, message_id: int, text: str) -> int:
        message = self._body(user, None, text=text, entities=_entities(text), edit_date=int(time.time()))
        return self.delivers(edited_message=message | {"message_id": message_id})

    def presses(self, user: User, message: Call, label: str) -> int:
        """Press the button of a message that the bot sent."""
        return self.presses_value(user, message.buttons[label], message)

    def presses_value(self, user: User, data: str, message: Call | None = None) -> int:
        query = f"q{next(self._message_ids)}"
        self._queries[query] = False
        body: dict[str, Any] = {"id": query, "from": user.payload(), "chat_instance": "1", "data": data}
        if message:
            body["message"] = self.messages[(message.chat or 0, message.message_id or 0)]
        return self.delivers(callback_query=body)

    def blocks(self, user: User) -> int:
        self.gone[user.id] = "Forbidden: bot was blocked by the user"
        return self._membership(user, "member", "kicked")

    def never_started(self, user: User) -> None:
        """Who only writes in groups cannot be written to alone."""
        self.gone[user.id] = "Forbidden: bot can't initiate conversation with a user"

    def takes_out(self, user: User, group: Group) -> int:
        """Somebody takes the bot out of a group."""
        self.gone[group.id] = "Forbidden: bot was kicked from the supergroup chat"
        return self._membership(user, "member", "kicked", group)

    def adds(self, user: User, group: Group) -> int:
        self.gone.pop(group.id, None)
        return self._membership(user, "left", "member", group)

    def upgrades(self, user: User, group: Group, to: int) -> int:
        """The group becomes a supergroup with another id."""
        self.moved[group.id] = to
        return self.delivers(message=self._body(user, group, migrate_to_chat_id=to))

    def unblocks(self, user: User) -> int:
        self.gone.pop(user.id, None)
        return self._membership(user, "kicked", "member")

    def sent(self, chat: User | Group | int | None = None) -> list[Call]:
        """The messages that were accepted, in order."""
        wanted = chat.id if isinstance(chat, User | Group) else chat
        return [
            call for call in self.calls
            if call.ok and call.method.lower().startswith("send") and wanted in (None, call.chat)
        ]  # fmt: skip

    def of(self, method: str, ok: bool | None = None) -> list[Call]:
        return [call for call in self.calls if call.method.lower() == method.lower() and ok in (None, call.ok)]

    def keeps(self, content: bytes, folder: str, ending: str, size: int | None = None) -> str:
        """A file on the server; its file id."""
        number = next(self._message_ids)
        file_id = f"AgAC{folder}{number}"
        self.files[file_id] = (f"{folder}/file_{number}.{ending}", content, size or len(content))
        return file_id

    def _body(self, user: User, chat: Group | None, **content: Any) -> dict[str, Any]:
        self.chats.setdefault(user.id, user)
        message_id = next(self._message_ids)
        where = chat.chat() if chat else user.chat()
        content = {key: value for key, value in content.items() if value not in (None, [], "")}
        return {"message_id": message_id, "from": user.payload(), "chat": where, "date": int(time.time()), **content}

    def _message(self, user: User, chat: Group | None, reply_to: int | None, **content: Any) -> int:
        message = self._body(user, chat, **content)
        where = message["chat"]["id"]
        if reply_to is not None:
            message["reply_to_message"] = self.messages[(where, reply_to)]
        self.messages[(where, message["message_id"])] = message
        return self.delivers(message=message)

    def _membership(self, user: User, before: str, after: str, group: Group | None = None) -> int:
        def member(status: str) -> dict[str, Any]:
            return {"user": self.me, "status": status} | ({"until_date": 0} if status == "kicked" else {})

        return self.delivers(
            my_chat_member={
                "chat": (group or user).chat(), "from": user.payload(), "date": int(time.time()),
                "old_chat_member": member(before), "new_chat_member": member(after),
            }
        )  # fmt: skip

    # ---- methods ---------------------------------------------------------------------------------------------

    def _m_getme(self, call: Call) -> dict[str, Any]:
        return self.me | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    async def _m_getupdates(self, call: Call) -> list[dict[str, Any]]:
        if self.webhook:
            raise Refused(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
            )
        self._poll += 1
        self._ended_by = "other getUpdates request; make sure that only one bot instance is running"
        mine = self._poll
        self._notify()
        offset, limit = _int(call.params.get("offset")) or 0, _int(call.params.get("limit")) or 100
        if (allowed := call.params.get("allowed_updates")) is not None:
            self._allowed = allowed or None
        self._acknowledge(offset)
        end = time.monotonic() + float(call.params.get("timeout") or 0)
        while not (ready := self._ready(limit)) and time.monotonic() < end:
            self._changed.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), min(0.05, max(0.001, end - time.monotonic())))
            if self._poll != mine:
                raise Refused(409, f"Conflict: terminated by {self._ended_by}")
        for update in ready:
            self.delivered[update["update_id"]] = self.delivered.get(update["update_id"], 0) + 1
        return ready

    def _acknowledge(self, offset: int) -> None:
        now = time.monotonic()
        for update in self.pending:
            if update["update_id"] < offset:
                self.acknowledged.setdefault(update["update_id"], now)
        self.pending = [update for update in self.pending if update["update_id"] >= offset]

    def _ready(self, limit: int) -> list[dict[str, Any]]:
        allowed = self._allowed
        chosen = [
            one for one in self.pending
            if allowed is None or not any(kind in one for kind in KINDS) or any(kind in one for kind in allowed)
        ][:limit]  # fmt: skip
        return list(reversed(chosen)) if self.reversed else chosen

    def _m_deletewebhook(self, call: Call) -> bool:
        self.webhook = ""
        if str(call.params.get("drop_pending_updates", "")).lower() == "true":
            self.pending.clear()
        return True

    def _m_setwebhook(self, call: Call) -> bool:
        url, secret = call.params.get("url") or "", call.params.get("secret_token") or ""
        if url and (why := objection(url)):
            raise Refused(400, f"Bad Request: {why}")
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
            raise Refused(400, "Bad Request: secret token contains unallowed characters")
        if (allowed := call.params.get("allowed_updates")) is not None:
            self._allowed = allowed or None
        if str(call.params.get("drop_pending_updates", "")).lower() == "true":
            self.pending.clear()
        self._poll, self._ended_by = self._poll + 1, "setWebhook request"
        self.deliveries.set_to(url, secret)
        self.webhook = url
        self._notify()
        return True

    def _m_getwebhookinfo(self, call: Call) -> dict[str, Any]:
        return self.deliveries.info()

    def _m_sendmessage(self, call: Call) -> dict[str, Any]:
        self._writable(call)
        text = call.params.get("text") or ""
        if not text.strip():
            raise Refused(400, "Bad Request: message text is empty")
        self._check_words(text, 4096, "message is too long", call)
        return self._says_back(call, text=text)

    def _m_sendphoto(self, call: Call) -> dict[str, Any]:
        self._writable(call)
        self._check_words(call.params.get("caption") or "", 1024, "message caption is too long", call)
        self._check_photo(call, call.params.get("photo"), "photo")
        file_id = self.keeps(JPEG, "photos", "jpg")
        size = {"file_id": file_id, "file_unique_id": f"u{file_id}", "width": 10, "height": 10}
        return self._says_back(call, photo=[size], caption=call.params.get("caption"))

    def _m_senddocument(self, call: Call) -> dict[str, Any]:
        return self._sent_file(call, "document")

    def _m_sendvoice(self, call: Call) -> dict[str, Any]:
        return self._sent_file(call, "voice", duration=3)

    def _m_sendvideo(self, call: Call) -> dict[str, Any]:
        return self._sent_file(call, "video", duration=3, width=10, height=10)

    def _sent_file(self, call: Call, kind: str, **more: Any) -> dict[str, Any]:
        self._writable(call)
        self._check_words(call.params.get("caption") or "", 1024, "message caption is too long", call)
        given = call.params.get(kind)
        if given is not None and not (given in self.files and self.files[given][0].startswith(kind)):
            raise Refused(400, f"Bad Request: can't use file of this type as {kind.capitalize()}")
        if given is None and kind not in call.files:
            raise Refused(400, f"Bad Request: there is no {kind} in the request")
        file_id = given or self.keeps(call.files[kind], kind, "bin")
        return self._says_back(call, **{kind: {"file_id": file_id, "file_unique_id": f"u{file_id}"} | more})

    def _m_sendmediagroup(self, call: Call) -> list[dict[str, Any]]:
        self._writable(call)
        media = call.params.get("media") or []
        if not 2 <= len(media) <= 10:
            raise Refused(400, "Bad Request: media group must include 2-10 items")
        for one in media:
            self._check_words(one.get("caption") or "", 1024, "message caption is too long", call)
            self._check_photo(call, one.get("media"), str(one.get("media", "")).removeprefix("attach://"))
        group = f"sent{next(self._message_ids)}"
        file_id = self.keeps(JPEG, "photos", "jpg")
        size = {"file_id": file_id, "file_unique_id": f"u{file_id}", "width": 10, "height": 10}
        return [self._says_back(call, photo=[size], media_group_id=group, caption=one.get("caption")) for one in media]

    def _m_sendchataction(self, call: Call) -> bool:
        self._writable(call)
        return True

    def _m_answercallbackquery(self, call: Call) -> bool:
        query = call.params.get("callback_query_id", "")
        if query not in self._queries:
            raise Refused(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        if len(call.params.get("text") or "") > 200:
            raise Refused(400, "Bad Request: MESSAGE_TOO_LONG")
        self._queries[query] = True
        return True

    def _m_setmycommands(self, call: Call) -> bool:
        commands = call.params.get("commands") or []
        if len(commands) > 100:
            raise Refused(400, "Bad Request: BOT_COMMANDS_TOO_MUCH")
        for one in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", one.get("command", "")):
                raise Refused(400, "Bad Request: BOT_COMMAND_INVALID")
            if not 1 <= len(one.get("description", "")) <= 256:
                raise Refused(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
        self.menus[self._scope(call)] = commands
        return True

    def _m_deletemycommands(self, call: Call) -> bool:
        self.menus.pop(self._scope(call), None)
        return True

    def _m_getmycommands(self, call: Call) -> list[dict[str, str]]:
        return self.menus.get(self._scope(call), [])

    def _m_getfile(self, call: Call) -> dict[str, Any]:
        file_id = call.params.get("file_id", "")
        if file_id not in self.files:
            raise Refused(400, "Bad Request: invalid file_id")
        path, _, size = self.files[file_id]
        if size > 20_000_000:
            raise Refused(400, "Bad Request: file is too big")
        return {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": size, "file_path": path}

    def _m_editmessagereplymarkup(self, call: Call) -> dict[str, Any]:
        message = self.messages.get((call.chat or 0, _int(call.params.get("message_id")) or 0))
        if message is None:
            raise Refused(400, "Bad Request: message to edit not found")
        if message.get("reply_markup") == call.params.get("reply_markup"):
            raise Refused(
                400,
                "Bad Request: message is not modified: specified new message content and reply markup are exactly the same",
            )
        message["reply_markup"] = call.params.get("reply_markup")
        return {key: value for key, value in message.items() if value is not None}

    # ---- its rules -------------------------------------------------------------------------------------------

    def _writable(self, call: Call) -> None:
        chat = call.chat
        if "chat_id" not in call.params:
            raise Refused(400, "Bad Request: chat_id is empty")
        if chat in self.moved:
            raise Refused(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                {"migrate_to_chat_id": self.moved[chat]},
            )
        if chat in self.gone:
            why = self.gone[chat]
            raise Refused(403 if why.startswith("Forbidden") else 400, why)
        if chat not in self.chats:
            raise Refused(400, "Bad Request: chat not found")

    def _check_words(self, text: str, limit: int, too_long: str, call: Call) -> None:
        if len(text.encode("utf-16-le")) // 2 > limit:
            raise Refused(400, f"Bad Request: {too_long}")
        if call.params.get("parse_mode", "").upper() == "HTML":
            _Tags().check(text)
        for row in (call.params.get("reply_markup") or {}).get("inline_keyboard", []):
            for button in row:
                if not button.get("text"):
                    raise Refused(400, "Bad Request: inline keyboard button text is empty")
                if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
                    raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")

    def _check_photo(self, call: Call, given: Any, part: str) -> None:
        content = call.files.get(part)
        if content is None:
            if given in self.files:
                return
            raise Refused(400, "Bad Request: there is no photo in the request")
        if len(content) > 10_000_000:
            raise Refused(400, "Bad Request: PHOTO_SAVE_FILE_INVALID")
        if not content.startswith(_MAGIC):
            raise Refused(400, "Bad Request: IMAGE_PROCESS_FAILED")

    def _says_back(self, call: Call, **content: Any) -> dict[str, Any]:
        chat = self.chats[call.chat or 0]
        message = {
            "message_id": next(self._message_ids), "from": self.me, "chat": chat.chat(), "date": int(time.time()),
            "reply_markup": call.params.get("reply_markup"), **content,
        }  # fmt: skip
        message = {key: value for key, value in message.items() if value is not None}
        self.messages[(chat.id, message["message_id"])] = message
        buttons = "".join(f" [{label}]" for label in call.buttons)
        what = (
            content.get("text") or content.get("caption") or "（" + "、".join(k for k in content if content[k]) + "）"
        )
        self.history.append((time.monotonic(), "←", chat.id, what + buttons))
        call.message_id = call.message_id or message["message_id"]
        return message

    def _scope(self, call: Call) -> str:
        scope = call.params.get("scope") or {"type": "default"}
        chat = _int(scope.get("chat_id"))
        if scope["type"] == "chat" and chat not in self.chats:
            raise Refused(400, "Bad Request: chat not found")
        return str(chat) if chat is not None else str(scope["type"])

    async def _download(self, request: web.Request) -> web.StreamResponse:
        call = Call("download", {"path": request.match_info["path"]}, time.monotonic())
        self.calls.append(call)
        if not self.online or ((failure := self._failure(call)) and failure.cut):
            return self._cut(request)
        if failure:
            return _failed(failure)
        for path, content, _ in self.files.values():
            if path == call.params["path"] and request.match_info["token"] == self.token:
                call.ok = True
                self._notify()
                return web.Response(body=content)
        return _error(Refused(404, "Not Found"))

    # ---- from outside, when it runs on its own -----------------------------------------------------------------

    async def _control(self, request: web.Request) -> web.Response:
        """says {user, name?, text} · presses {user, label} (of the newest message with it) · photo, album {user,
        caption?} · location {user, lat, lon} · contact {user, phone} · sent {user} · fail {method, …}"""
        body, verb = await request.json(), request.match_info["verb"]
        if verb == "fail":
            self.fail_next(**body)
            return web.json_response({"ok": True})
        user = self.chats.get(body["user"]) or self.user(body["user"], body.get("name", "居民"))
        assert isinstance(user, User)
        if verb == "sent":
            return web.json_response(
                [{"text": call.text, "buttons": list(call.buttons), "method": call.method} for call in self.sent(user)]
            )
        if verb == "presses":
            newest = next(call for call in reversed(self.sent(user)) if body["label"] in call.buttons)
            return web.json_response({"update": self.presses(user, newest, body["label"])})
        verbs: dict[str, Callable[[], Any]] = {
            "says": lambda: self.says(user, body["text"]),
            "photo": lambda: self.sends_photo(user, body.get("caption", "")),
            "album": lambda: self.sends_album(user, 3, body.get("caption", "")),
            "location": lambda: self.sends_location(user, body["lat"], body["lon"]),
            "contact": lambda: self.sends_contact(user, body["phone"]),
        }
        return web.json_response({"update": verbs[verb]()})


class _Tags(HTMLParser):
    """The few tags that parse_mode HTML knows, properly closed."""

    def check(self, text: str) -> None:
        self.open: deque[str] = deque()
        self.feed(text)
        self.close()
        if self.open:
            raise Refused(
                400,
                f"Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"{self.open[-1]}\"",
            )

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag not in _HTML_TAGS:
            raise Refused(400, f'Bad Request: can\'t parse entities: Unsupported start tag "{tag}" at byte offset 0')
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise Refused(400, "Bad Request: can't parse entities: Unexpected end tag at byte offset 0")


def _error(refused: Refused) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": refused.code, "description": refused.description}
    if refused.parameters:
        body["parameters"] = refused.parameters
    return web.json_response(body, status=refused.code)


def _failed(failure: Failure) -> web.Response:
    status = failure.status or 200
    if failure.raw is not None:
        return web.Response(status=status, text=failure.raw)
    said = {429: "Too Many Requests: retry after {}", 403: "Forbidden: bot was blocked by the user", 401: "Unauthorized",
            409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
            500: "Internal Server Error", 502: "Bad Gateway", 400: "Bad Request: something"}  # fmt: skip
    description = failure.description or said.get(status, "Error").format(failure.retry_after)
    parameters = {"retry_after": failure.retry_after} if failure.retry_after else None
    return _error(Refused(status, description, parameters))


async def _read(request: web.Request) -> tuple[dict[str, Any], dict[str, bytes]]:
    params: dict[str, Any] = dict(request.query)
    files: dict[str, bytes] = {}
    if request.content_type == "application/json":
        params |= await request.json()
    elif request.can_read_body:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                files[name] = value.file.read()
                value.file.close()
            else:
                params[name] = value
    for name in _NESTED:
        if isinstance(params.get(name), str):
            params[name] = json.loads(params[name])
    return params, files


def _int(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def _entities(text: str) -> list[dict[str, Any]]:
    """What Telegram marks by itself: a command at the start, mentions. Offsets in UTF-16 units."""
    found = [("bot_command", match) for match in re.finditer(r"(?:^|(?<=\s))/[A-Za-z0-9_]{1,32}(?:@\w+)?", text)]
    found += [("mention", match) for match in re.finditer(r"(?:^|(?<=[^\w/]))@\w{3,}", text)]
    return [
        {"type": kind, "offset": len(text[: match.start()].encode("utf-16-le")) // 2,
         "length": len(match[0].encode("utf-16-le")) // 2}
        for kind, match in found
    ]  # fmt: skip


async def _serve(port: int, token: str) -> None:
    fake = FakeTelegram(token)
    await fake.start(port)
    print(f"JIESU_TELEGRAM__BASE_URL={fake.base_url} JIESU_TELEGRAM__BASE_FILE_URL={fake.base_file_url}", flush=True)
    try:
        await asyncio.Event().wait()
    finally:
        await fake.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A Bot API server for tests.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default=TOKEN)
    said = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(said.port, said.token))
