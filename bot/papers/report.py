"""A report from beginning to end: for which area and stretch, collected, drawn, written. Blocks: never called on the loop."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime

from bot.papers.collecting import collect
from bot.papers.drawing import Drawer
from bot.papers.pack import Pack, frozen
from bot.papers.pictures import Picture, pictures
from bot.papers.words import say
from casework.errors import JiesuError
from casework.policy import Policy
from nlp.periods import Period, beside_period, month_of, read_period
from storage import packs
from storage.database import Connection

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Report:
    """A made report: its values, and the two files."""

    pack: Pack
    document: bytes
    workbook: bytes

    @property
    def kept(self) -> packs.Kept:
        """What is kept of it, for later revisions."""
        stretch = self.pack.stretch
        return packs.Kept(stretch.first, stretch.last, self.pack.as_of, frozen(self.pack.now))

    def file(self, ending: str) -> str:
        """What the file is called."""
        name = say("report.file", area=self.pack.area, period=self.pack.stretch.name)
        return f"{''.join(sign for sign in name if sign not in FORBIDDEN)}.{ending}"


FORBIDDEN = '\\/:*?"<>|\n\r\t'
ENDINGS = ("docx", "xlsx")


def made(conn: Connection, policy: Policy, drawer: Drawer, area_id: str, period: Period, as_of: datetime) -> Report:
    """Everything. A chart that cannot be drawn is said in words instead."""
    from bot.papers.document import document  # a quarter of a second of imports: only for whoever makes one
    from bot.papers.workbook import workbook

    pack = collect(conn, policy, area_id, period, as_of)
    charts = list(pictures(pack))
    return Report(pack, document(pack, drawn(drawer, charts), charts), workbook(pack))


def drawn(drawer: Drawer, charts: list[Picture]) -> dict[str, bytes]:
    """The pictures by their charts' names, without those that could not be drawn."""
    found = {}
    for chart in charts:
        try:
            found[chart.name] = drawer.png(chart.spec)
        except Exception as error:
            log.error("the chart %s could not be drawn: %s", chart.name, type(error).__name__)
    return found


def area_of(conn: Connection, words: str) -> str:
    """The id of the area that is meant; the city where nothing is said. JiesuError says what there is instead."""
    if not words:
        return packs.city(conn)
    found = packs.areas_named(conn, words)
    if not found:
        raise JiesuError(say("report.no_area", words=words))
    if len(found) > 1:
        raise JiesuError(say("report.many_areas", words=words, list=say("sum.list").join(f"{row.id} {row.name}" for row in found)))
    if found[0].kind not in packs.BELOW:
        raise JiesuError(say("report.grid", words=words))
    return str(found[0].id)


def period_of(words: str, today: date) -> Period:
    """The months that are meant. JiesuError says what would be understood."""
    found = read_period(words, today)
    if found == "future":
        raise JiesuError(say("report.future", words=words))
    if not isinstance(found, Period):
        raise JiesuError(say("report.no_period", words=words))
    if found.first.day != 1 or found.last not in (month_of(found.last)[1], today):
        raise JiesuError(say("report.not_whole", words=words))
    if beside := beside_period(words).strip("的 "):
        raise JiesuError(say("report.beside", words=beside))
    return found
