"""What all pages share: refusals with a sentence, the visitor of a request, limits of pace."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import json
from functools import partial
from typing import TYPE_CHECKING, Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

if TYPE_CHECKING:
    from bot.web.sessions import Sessions

APP: web.AppKey[Any] = web.AppKey("jiesu", object)
SESSIONS: web.AppKey[Sessions] = web.AppKey("sessions")
PACE: web.AppKey[Pace] = web.AppKey("pace")

ROLES = {"resident": "居民", "worker": "网格员", "secretary": "社区书记", "subdistrict": "街道值班", "city": "市级值班"}
json_response = partial(web.json_response, dumps=partial(json.dumps, ensure_ascii=False))
NOT_YOU = "没认出您是谁。请刷新一下页面再试。"


class Refusal(Exception):
    """What was asked for is not done; `say` tells a person why and what to do. Answered as JSON or as a page."""

    def __init__(self, status: int, code: str, say: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(code)
        self.status, self.code, self.say, self.headers = status, code, say, headers or {}

    def as_json(self) -> web.Response:
        body = {"error": {"code": self.code, "say": self.say}}
        return json_response(body, status=self.status, headers=self.headers)


class Pace:
    """How often somebody may do something in a minute. Generous: it is there for scripts that run wild, not for people."""

    LIMITS = {"message": 600, "file": 60, "session": 600, "enter": 60, "read": 1800, "workbook": 10, "cards": 6}  # noqa: RUF012

    def __init__(self) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._limits = {what: RateLimitItemPerMinute(many) for what, many in self.LIMITS.items()}

    def check(self, what: str, who: str) -> None:
        """Refusal (429) when it is too often."""
        if not self._limiter.hit(self._limits[what], what, who):
            raise Refusal(
                429, "too_fast", "您点得太快了，请歇一分钟再试。写过的话都在，不会丢。", {"Retry-After": "60"}
            )

    def check_address(self, what: str, request: web.Request) -> None:
        """The same by network address. Behind a proxy on this machine everybody has the same one: then not at all."""
        if not _local(request.remote):
            self.check(what, request.remote or "")


def _local(remote: str | None) -> bool:
    try:
        return ipaddress.ip_address(remote or "").is_loopback
    except ValueError:
        return False


BROKEN_FORM = (ValueError, LookupError, AssertionError, RuntimeError, HttpProcessingError)  # what a form that is none raises


async def plain_form(request: web.Request) -> dict[str, str]:
    """The fields of a posted form; Refusal (400) when it is none."""
    try:
        posted = await request.post()
    except BROKEN_FORM:
        raise Refusal(400, "bad_form", "没有传完整，请回到页面再试一次。") from None
    return {name: value for name, value in posted.items() if isinstance(value, str)}


def form_token(key: bytes, who: str) -> str:
    """The CSRF token of a plain form: only a page that we made for this browser has it."""
    return hmac.new(key, f"form:{who}".encode(), hashlib.sha256).hexdigest()[:32]


def same(left: str, right: str) -> bool:
    """Equal, in a time that tells nothing; any characters."""
    return hmac.compare_digest(left.encode("utf-8", "replace"), right.encode("utf-8", "replace"))


def whole_number(text: str | None, otherwise: int = 0) -> int:
    """A place in the thread, as asked for; Refusal when it is none."""
    if text is None or text == "":
        return otherwise
    if not (text.isascii() and text.isdigit()) or len(text) > 15:
        raise Refusal(400, "bad_number", "after 要是一个数字（上一次收到的 next）。")
    return int(text)
