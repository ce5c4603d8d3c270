"""Where platforms deliver to: made of [web] public_url, or in words why it cannot be."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from bot.settings_model import Settings

TELEGRAM = "/hooks/telegram"
PORTS = (443, 80, 88, 8443)  # the only ones that Telegram delivers to


@dataclass(frozen=True, slots=True)
class Hook:
    """`url`: where Telegram is to deliver; without one Jiesu polls, and `fault` says what keeps it from being delivered to
    (nothing, when nobody asked for it)."""

    url: str = ""
    fault: str = ""


def telegram_hook(settings: Settings) -> Hook:
    """By webhook when people reach this Jiesu at a public address, by polling otherwise."""
    public = settings.web.public_url
    if not public or not settings.telegram.webhook:
        return Hook()
    fault = _fault(public)
    return Hook(fault=fault) if fault else Hook(public + TELEGRAM)


def _fault(public: str) -> str:
    """What Telegram would object to in this address."""
    try:
        parts = urlsplit(public)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "地址的端口要是 1 到 65535 的数字"
    if parts.scheme != "https":
        return "要以 https:// 开头，Telegram 不往 http:// 送"
    if port is not None and port not in PORTS:
        return f"端口是 {port}，Telegram 只往 {'、'.join(map(str, PORTS))} 送"
    return "" if _public(host) else "这个地址只在本机或内网有效，Telegram 送不进来"


def _public(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".local", ".localhost", ".internal", ".lan"))
