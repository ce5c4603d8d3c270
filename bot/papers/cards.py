"""The printed cards that let staff in: A4, ten a page. HTML that opens from disk, without script and outside resource."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

A_PAGE = 10
HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on one card. `start` opens the chat in Telegram (empty: none), `enter` the web page; `code` is typed."""

    name: str
    title: str
    area: str
    place: str
    code: str
    enter: str
    start: str
    until: str

    @property
    def squares(self) -> list[tuple[str, str, Markup]]:
        """Heading, what to press then, and the square, for each way in."""
        ways = [("Telegram", "点「开始」", self.start), ("网页", "点「进入」", self.enter)]
        return [(name, then, square(address)) for name, then, address in ways if address]


@dataclass(frozen=True, slots=True)
class Bundle:
    """The cards of a community (or of a subdistrict's or the city's own staff): they begin on a page of their own."""

    name: str
    cards: Sequence[Card]

    @property
    def pages(self) -> list[Sequence[Card]]:
        return [self.cards[first : first + A_PAGE] for first in range(0, len(self.cards), A_PAGE)]


def square(address: str) -> Markup:
    """The address as a QR code of one compact path. (`make_qr`: `make` may give a Micro QR, which phones cannot read.)"""
    code = segno.make_qr(address, error="m")
    return Markup(code.svg_inline(border=4, svgclass=None, lineclass=None, omitsize=True))


def sheets(town: str, bundles: Sequence[Bundle], printed_at: str) -> Iterator[str]:
    """The file, piece by piece."""
    given = {"town": town, "bundles": bundles, "printed_at": printed_at, "style": Markup(style()), "policy": policy()}
    return _templates().get_template("cards.html").generate(given)


@cache
def style() -> str:
    """The style sheet that stands in the file."""
    return (HERE / "cards.css").read_text("utf-8")


def policy() -> str:
    """What a browser may do with the file: show it in this very style, and load nothing."""
    kept = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{kept}'"


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
