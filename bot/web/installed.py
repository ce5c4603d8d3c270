"""The page as an app on a phone: what it is called, its service worker, and the empty page that opens without a network.

Nothing here is about anybody: a device keeps these files for whoever holds it. What a person saw last is kept by the
page itself (static/memory.js), and belongs to them.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.web.common import APP, ROLES, json_response
from bot.web.pages import QUICK, render

STATIC = Path(__file__).parent / "static"
SHELL = "/offline"
KEPT = (".css", ".js", ".svg", ".png")
ICONS = (("icon-192.png", "192x192", "any"), ("icon-512.png", "512x512", "any"), ("icon-maskable.png", "512x512", "maskable"))


async def manifest(request: web.Request) -> web.Response:
    """What a phone puts on its home screen."""
    town = request.app[APP].settings.town.name
    told = {
        "id": "/", "start_url": "/", "scope": "/", "display": "standalone", "lang": "zh-CN",
        "name": f"接诉 · {town}", "short_name": "接诉", "description": "家里、小区里有什么难处，写一句就有人管。",
        "theme_color": "#0b5d4b", "background_color": "#f3efe7",
        "icons": [{"src": f"/static/{name}", "sizes": size, "type": "image/png", "purpose": use} for name, size, use in ICONS],
    }  # fmt: skip
    return json_response(told, content_type="application/manifest+json", headers={"Cache-Control": "no-cache"})


async def worker(request: web.Request) -> web.Response:
    """The service worker, for all of the site. Its text changes with any file it keeps: so browsers take up the new ones."""
    shell = _shell(request)
    files, mark = _files()
    version = hashlib.sha256(f"{mark}{shell.text}".encode()).hexdigest()[:16]
    before = f"const VERSION = {json.dumps(version)}, SHELL = {json.dumps(SHELL)}, FILES = {json.dumps(files)};\n"
    text = before + (STATIC / "shell.js").read_text("utf-8")
    return web.Response(text=text, content_type="text/javascript", charset="utf-8", headers={"Cache-Control": "no-cache"})


async def shell(request: web.Request) -> web.Response:
    """The chat's page with nobody in it."""
    return _shell(request)


def _shell(request: web.Request) -> web.Response:
    app: Any = request.app[APP]
    return render(
        request, "chat.html", demo=False, offline=True, messages=[], role="resident", quick=QUICK["resident"],
        role_name=ROLES["resident"], name="", token="", client_id="", chair="", me="", until="", home=app.public_url,
        here="/chat", last=0, now="", problem="", draft="", longest=app.settings.intake.keep_characters,
        megabytes=app.media.limit // 1_000_000, steps=(), scene=None, roles=ROLES, desk="",
    )  # fmt: skip


@cache
def _files() -> tuple[list[str], str]:
    """The addresses of the files that every page is drawn with, and a mark of what is in them."""
    found = sorted(path for path in STATIC.iterdir() if path.suffix in KEPT and path.name != "shell.js")
    mark = hashlib.sha256(b"".join(path.read_bytes() for path in [*found, STATIC / "shell.js"])).hexdigest()
    return [f"/static/{path.name}" for path in found], mark


def routes() -> list[web.RouteDef]:
    return [
        web.get("/manifest.webmanifest", manifest),
        web.get("/service-worker.js", worker),
        web.get(SHELL, shell),
    ]
