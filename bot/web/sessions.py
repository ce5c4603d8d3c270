"""Who a browser is: a signed session id in a cookie. A forged or outdated one is simply nobody."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web
from itsdangerous import BadSignature, Signer

from bot.web.common import NOT_YOU, Refusal
from bot.world import mint
from storage import doors
from storage.doors import Screen, Visitor
from storage.queues import outbox

COOKIE, SCREEN_COOKIE = "jiesu", "jiesu_screen."  # a dot is in no chair's name
_CHAIR = re.compile(r"[A-Za-z0-9-]{1,40}")


class Sessions:
    """Makes and finds sessions. In the demonstration a tab may sit in a chair of its own (`?chair=…`): each chair has
    its own cookie, so that one browser can hold resident, worker and secretary side by side."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._signer, self._screens = (
            Signer(app.keys.cookies, salt=salt, key_derivation="hmac", digest_method=hashlib.sha256) for salt in ("session", "screen")
        )

    def chair(self, request: web.Request) -> str:
        """The chair that this tab sits in; empty outside of the demonstration."""
        asked = request.query.get("chair", "")
        return asked if self._app.settings.demo.enabled and _CHAIR.fullmatch(asked) else ""

    def screen(self, request: web.Request) -> Screen | None:
        """The big screen that this browser shows, or None. Neither kind of cookie passes for the other."""
        try:
            session = self._screens.unsign(request.cookies.get(SCREEN_COOKIE, "").encode("utf-8", "replace")).decode("ascii", "replace")
        except BadSignature:
            return None
        with self._app.database.reading() as conn:
            return doors.screen(conn, session, self._app.clock.wall())

    async def open_screen(self, person: str, area: str) -> Screen:
        """A session for a big screen: it shows the area, and is nobody."""
        wall = self._app.clock.wall()
        made = Screen(secrets.token_urlsafe(24), person, area, wall + self._length)
        await self._app.writer.do(lambda conn: doors.add_screen(conn, made, wall))
        return made

    async def keep_screen(self, response: web.StreamResponse, screen: Screen) -> None:
        """A screen that is used goes on: renewed in its second half."""
        wall = self._app.clock.wall()
        if screen.expires_at - wall <= self._length / 2:
            until = wall + self._length
            await self._app.writer.do(lambda conn: doors.extend_session(conn, screen.session, screen.expires_at, until))
            self.give_screen(response, screen)

    def give_screen(self, response: web.StreamResponse, screen: Screen) -> None:
        """Put the screen's cookie on the response."""
        value, length = self._screens.sign(screen.session.encode()).decode(), int(self._length.total_seconds())
        response.set_cookie(SCREEN_COOKIE, value, max_age=length, httponly=True, samesite="Strict", secure=self.secure, path="/staff/screen")

    def find(self, request: web.Request, chair: str | None = None) -> Visitor | None:
        """The visitor, or None: no cookie, a forged one, or one whose session has ended."""
        value = request.cookies.get(_cookie(self.chair(request) if chair is None else chair), "")
        try:
            session = self._signer.unsign(value.encode("utf-8", "replace")).decode("ascii", "replace")
        except BadSignature:
            return None
        with self._app.database.reading() as conn:
            return doors.visitor(conn, session, self._app.clock.wall())

    def need(self, request: web.Request) -> Visitor:
        """The visitor; Refusal (401) when there is none, or another one than the page shows: on a shared phone a page
        that was left open must not speak for who came in after it, nor show what is theirs."""
        visitor = self.find(request)
        if visitor is None:
            raise Refusal(401, "no_session", NOT_YOU)
        shown = request.headers.get("X-Jiesu-Person") or request.query.get("person")
        if shown and shown != visitor.thread:
            raise Refusal(401, "other_person", NOT_YOU)
        return visitor

    def role(self, visitor: Visitor) -> str:
        """resident | worker | secretary | subdistrict | city."""
        with self._app.database.reading() as conn:
            return outbox.roles(conn, [visitor.person]).get(visitor.person, "resident")

    async def open_stranger(self) -> Visitor:
        """A new person of whom nothing is known, and a session for them."""
        person, address, now = mint(), mint(), self._app.clock.now()

        def write(conn: doors.Connection) -> Visitor:
            doors.add_stranger(conn, person, address, now)
            return self._add(conn, person)

        return await self._app.writer.do(write)

    async def open_for(self, person: str) -> Visitor:
        """A session for a known person (a link let them in); the page becomes an address of theirs."""
        address, now = mint(), self._app.clock.now()

        def write(conn: doors.Connection) -> Visitor:
            doors.give_page(conn, person, address, now)
            return self._add(conn, person)

        return await self._app.writer.do(write)

    def _add(self, conn: doors.Connection, person: str) -> Visitor:
        session, wall = secrets.token_urlsafe(24), self._app.clock.wall()
        doors.add_session(conn, session, person, wall, wall + self._length)
        visitor = doors.visitor(conn, session, wall)
        if visitor is None:
            raise LookupError("the session just made is not there")
        return visitor

    async def keep(self, visitor: Visitor) -> bool:
        """Who comes back before the session ends stays known: renewed in its second half. True: send the cookie anew."""
        wall = self._app.clock.wall()
        if visitor.expires_at - wall > self._length / 2:
            return False
        until = wall + self._length
        await self._app.writer.do(lambda conn: doors.extend_session(conn, visitor.session, visitor.expires_at, until))
        return True

    def until(self, visitor: Visitor | None) -> datetime:
        """When the session ends, by the wall; of somebody without one yet: of the one they would get now."""
        return visitor.expires_at if visitor else self._app.clock.wall() + self._length

    def give(self, response: web.StreamResponse, visitor: Visitor, chair: str = "") -> None:
        """Put the cookie on the response."""
        response.set_cookie(
            _cookie(chair),
            self._signer.sign(visitor.session.encode()).decode(),
            max_age=int(self._length.total_seconds()),
            httponly=True,
            samesite="Lax",
            secure=self.secure,
            path="/",
        )

    @property
    def secure(self) -> bool:
        """Whether cookies may travel by HTTPS only."""
        return bool(self._app.public_url.startswith("https://"))

    @property
    def _length(self) -> timedelta:
        return timedelta(seconds=self._app.settings.entry.session.delta.total_seconds())


def forget(response: web.StreamResponse, chair: str = "") -> None:
    """The browser keeps no cookie of whoever was here."""
    response.del_cookie(_cookie(chair), path="/")


def _cookie(chair: str) -> str:
    return f"{COOKIE}_{chair}" if chair else COOKIE
