"""The charts of a page: drawn by the browser where it can, else by the server, and always said in words and in numbers."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.papers.charts import look, named
from bot.web.common import APP, Refusal

HEADINGS = {"trend": "走势", "categories": "各类多少件", "three_rates": "三率", "hot_spots": "在上升的"}
NO_CHART = "没有这张图。"


@dataclass(frozen=True, slots=True)
class Chart:
    """`spec` is what the browser draws, `picture` the address of the same as a file."""

    name: str
    heading: str
    told: str
    spec: str
    picture: str
    headings: Sequence[str]
    rows: Sequence[Sequence[object]]


def shown(name: str, data: Mapping[str, Any], picture: str) -> Chart:
    """A chart from its plain data."""
    headings, rows = named.table_of(name, data)
    spec = json.dumps(named.spec_of(name, data, look.PAPER), ensure_ascii=False)
    return Chart(name, HEADINGS[name], named.told_of(name, data), spec, picture, headings, rows)


async def drawn(request: web.Request, charts: Mapping[str, Any], dark: bool = False) -> web.Response:
    """One of them as a picture, on light or on dark ground."""
    name = request.match_info["name"]
    if name not in charts:
        raise Refusal(404, "no_chart", NO_CHART)
    spec = named.spec_of(name, charts[name], look.PAPER)
    picture = await request.app[APP].drawer.drawn(look.on_dark(spec) if dark else spec)
    return web.Response(body=picture, content_type="image/png")


async def script(request: web.Request) -> web.Response:
    """The libraries that draw charts: from the same package as the server's, so that both draw the same."""
    app = request.app[APP]
    body = await asyncio.to_thread(app.drawer.script, app.settings.data.folder)
    headers = {"ETag": f'"{hashlib.sha256(body).hexdigest()[:16]}"', "Cache-Control": "private, max-age=86400", "Vary": "Accept-Encoding"}
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return web.Response(status=304, headers=headers)
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        body = await asyncio.to_thread(gzip.decompress, body)
    else:
        headers["Content-Encoding"] = "gzip"
    return web.Response(body=body, content_type="text/javascript", charset="utf-8", headers=headers)
