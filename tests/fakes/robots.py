"""The webhook servers of WeCom, DingTalk and Feishu for tests, over real HTTP: their answers, their checks, their bad days.

`fake = FakeRobots(); await fake.start()`; `fake.group("wecom")` makes a group with a robot in it and tells its settings.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

HOUR = 3600.0


@dataclass
class RobotGroup:
    """A group and what its members see."""

    kind: str
    url: str
    token: str
    secret: str = ""
    keyword: str = ""
    gone: bool = False
    shown: list[str] = field(default_factory=list)
    calls: int = 0
    times: list[float] = field(default_factory=list)  # of the messages that were accepted
    bad: deque[Any] = field(default_factory=deque)  # how the next calls are answered: a status, "cut", "html", a body

    def settings(self, *areas: str) -> dict[str, Any]:
        return {"kind": self.kind, "url": self.url, "secret": self.secret, "keyword": self.keyword, "areas": areas}


class FakeRobots:
    """All three platforms on one port. `limit`: messages a minute to a group."""

    def __init__(self, limit: int = 20) -> None:
        self.limit = limit
        self.groups: dict[str, RobotGroup] = {}
        self.port = 0
        self._numbers = itertools.count(1)
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/cgi-bin/webhook/send", self._wecom)
        app.router.add_post("/robot/send", self._dingtalk)
        app.router.add_post("/open-apis/bot/v2/hook/{token}", self._feishu)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]

    async def stop(self) -> None:
        if self._runner:
            await self._runner.cleanup()

    def group(self, kind: str, secret: str = "", keyword: str = "") -> RobotGroup:
        token = f"token-{next(self._numbers)}-hidden"
        path = {
            "wecom": f"/cgi-bin/webhook/send?key={token}",
            "dingtalk": f"/robot/send?access_token={token}",
            "feishu": f"/open-apis/bot/v2/hook/{token}",
        }[kind]
        group = RobotGroup(kind, f"http://127.0.0.1:{self.port}{path}", token, secret, keyword)
        self.groups[token] = group
        return group

    # ---- the three ---------------------------------------------------------------------------------------------

    async def _wecom(self, request: web.Request) -> web.StreamResponse:
        group = self._known(request.query.get("key", ""), "wecom")
        if group is None:
            return _said(93000, "invalid webhook url, hint: [1], more info at https://open.work.weixin.qq.com")
        if bad := self._bad(request, group):
            return bad
        body = await request.json()
        if body.get("msgtype") != "text":
            return _said(40008, "invalid message type")
        text = body["text"]["content"]
        if not text:
            return _said(44004, "empty content")
        if len(text.encode()) > 2048:
            return _said(45002, "content size out of limit")
        if self._often(group):
            return _said(45009, "api freq out of limit, hint: [1]")
        self._shows(group, text)
        return _said(0, "ok")

    async def _dingtalk(self, request: web.Request) -> web.StreamResponse:
        group = self._known(request.query.get("access_token", ""), "dingtalk")
        if group is None:
            return _said(300005, "token is not exist")
        if bad := self._bad(request, group):
            return bad
        body = await request.json()
        text = body["text"]["content"] if body.get("msgtype") == "text" else ""
        if group.secret and not _signed(request.query.get("timestamp", ""), request.query.get("sign", ""), group.secret):
            return _said(310000, "sign not match, more: [https://ding-doc.dingtalk.com]")
        if group.keyword not in text:
            return _said(310000, "keywords not in content, more: [https://ding-doc.dingtalk.com]")
        if self._often(group):
            return _said(130101, "send too fast, exceed 20 times per minute")
        self._shows(group, text)
        return _said(0, "ok")

    async def _feishu(self, request: web.Request) -> web.StreamResponse:
        group = self._known(request.match_info["token"], "feishu")
        if group is None:
            return _told(19001, "param invalid: incoming webhook access token invalid")
        if bad := self._bad(request, group):
            return bad
        body = await request.json()
        if body.get("msg_type") != "text" or not isinstance(body.get("content"), dict):
            return _told(9499, "Bad Request")
        text = body["content"]["text"]
        if group.secret and not _feishu_signed(str(body.get("timestamp", "")), str(body.get("sign", "")), group.secret):
            return _told(19021, "sign match fail or timestamp is not within one hour from current time")
        if group.keyword not in text:
            return _told(19024, "Key Words Not Found")
        if self._often(group):
            return _told(11232, "frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]")
        ok = {"StatusCode": 0, "StatusMessage": "success", "code": 0, "data": {}, "msg": "success"}
        self._shows(group, text)
        return web.json_response(ok)

    # ---- what they share ---------------------------------------------------------------------------------------

    def _known(self, token: str, kind: str) -> RobotGroup | None:
        group = self.groups.get(token)
        if group is None or group.kind != kind or group.gone:
            return None
        group.calls += 1
        return group

    def _bad(self, request: web.Request, group: RobotGroup) -> web.StreamResponse | None:
        how = group.bad.popleft() if group.bad else None
        if how is None:
            return None
        if how == "cut":
            assert request.transport
            request.transport.abort()
            return web.Response(status=500)
        if how == "html":
            return web.Response(text="<html>Bad Gateway</html>", content_type="text/html")
        if isinstance(how, dict):
            return web.json_response(how)
        heading = "x-ogw-ratelimit-reset" if group.kind == "feishu" else "Retry-After"
        return web.Response(status=how, headers={heading: "7"} if how == 429 else {})

    def _often(self, group: RobotGroup) -> bool:
        now = time.monotonic()
        group.times = [at for at in group.times if now - at < 60]
        return len(group.times) >= self.limit

    def _shows(self, group: RobotGroup, text: str) -> None:
        group.times.append(time.monotonic())
        group.shown.append(text)


def _said(code: int, words: str) -> web.Response:
    return web.json_response({"errcode": code, "errmsg": words})


def _told(code: int, words: str) -> web.Response:
    return web.json_response({"code": code, "data": {}, "msg": words})


def _signed(stamp: str, sign: str, secret: str) -> bool:
    """As DingTalk's own document makes it."""
    digest = hmac.new(secret.encode("utf-8"), f"{stamp}\n{secret}".encode(), digestmod=hashlib.sha256).digest()
    return stamp.isdigit() and abs(time.time() - int(stamp) / 1000) < HOUR and sign == base64.b64encode(digest).decode()


def _feishu_signed(stamp: str, sign: str, secret: str) -> bool:
    """As Feishu's own document makes it."""
    digest = hmac.new(f"{stamp}\n{secret}".encode(), digestmod=hashlib.sha256).digest()
    return stamp.isdigit() and abs(time.time() - int(stamp)) < HOUR and sign == base64.b64encode(digest).decode()
