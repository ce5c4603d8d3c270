"""Printed cards as somebody reads them: what stands on each, and what a phone makes of its squares."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Any

from PIL import Image

ARTICLE = re.compile(r"<article>(.*?)</article>", re.DOTALL)
SHEET = re.compile(r'<section class="sheet">(.*?)</section>', re.DOTALL)
SVG = re.compile(r'<svg viewBox="0 0 (\d+) \d+"><path stroke="#000" d="([^"]+)"/></svg>')
STEP = re.compile(r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?")


@dataclass(frozen=True)
class Read:
    """One card; `links` are what its squares say."""

    name: str
    words: str
    code: str
    links: tuple[str, ...]

    @property
    def token(self) -> str:
        """The page's one-time link."""
        return next(link for link in self.links if "/enter/" in link).rsplit("/", 1)[1]


def sheets(page: str) -> list[tuple[str, list[Read]]]:
    """Each printed page: whose it is and its cards."""
    found = []
    for sheet in SHEET.findall(page):
        heading = re.search(r'<p class="head"><b>(.*?)</b>', sheet)
        assert heading is not None
        found.append((html.unescape(heading[1]), [read(card) for card in ARTICLE.findall(sheet)]))
    return found


def cards(page: str) -> list[Read]:
    return [card for _, found in sheets(page) for card in found]


def read(card: str) -> Read:
    name, code = re.search(r"<h2>(.*?)</h2>", card), re.search(r"绑定 ([0-9A-Z]{4}-[0-9A-Z]{4})<", card)
    assert name is not None
    assert code is not None
    words = html.unescape(re.sub(r"<[^>]+>", " ", SVG.sub("", card)))
    return Read(html.unescape(name[1]), " ".join(words.split()), code[1], tuple(decoded(*svg) for svg in SVG.findall(card)))


def decoded(size: str, path: str) -> str:
    """What a reader makes of the square."""
    import zxingcpp

    found: Any = zxingcpp.read_barcode(drawn(int(size), path).resize((int(size) * 4,) * 2, Image.Resampling.NEAREST))
    assert found is not None, "no square is read"
    return str(found.text)


def drawn(size: int, path: str) -> Image.Image:
    """The path of runs as a picture."""
    picture = Image.new("L", (size, size), 255)
    x = y = 0.0
    for step, first, second in STEP.findall(path):
        if step == "h":
            for at in range(int(x), int(x + float(first))):
                picture.putpixel((at, int(y)), 0)
            x += float(first)
        elif step == "M":
            x, y = float(first), float(second)
        else:
            x, y = x + float(first), y + float(second)
    return picture
