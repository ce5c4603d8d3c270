"""The report as a Word document that can be put on the meeting's table. A Pack and its drawn charts in, bytes out."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from bot.papers.clean import clean
from bot.papers.pack import Pack
from bot.papers.pictures import Picture
from bot.papers.sentences import grown, summary
from bot.papers.tables import Table, tables
from bot.papers.word_tables import add_table
from bot.papers.words import NOTHING, about, chance, say

TEXT, HEADING = "宋体", "黑体"
"""Fonts that every Chinese office has; Latin letters in the document's own."""
STUCK = 20


def document(pack: Pack, drawn: Mapping[str, bytes], charts: Sequence[Picture]) -> bytes:
    """The .docx. `drawn`: PNG by the chart's name; a chart that could not be drawn is said in words."""
    paper = _Paper(pack, drawn, {chart.name: chart for chart in charts})
    paper.top()
    paper.figures()
    paper.rising()
    paper.stuck()
    paper.voices()
    paper.revisions()
    paper.how()
    return paper.bytes()


class _Paper:
    """The document while it is written, section after section."""

    def __init__(self, pack: Pack, drawn: Mapping[str, bytes], charts: Mapping[str, Picture]) -> None:
        self._pack, self._drawn, self._charts = pack, drawn, charts
        self._doc = docx.Document()
        self._sections = 0
        _style(self._doc, pack)

    def bytes(self) -> bytes:
        out = io.BytesIO()
        self._doc.save(out)
        return out.getvalue()

    def top(self) -> None:
        """Title, as of when, and the summary."""
        self._heading(self._pack.title, 0)
        as_of = moment(self._pack.as_of)
        self._text(say("paper.as_of", as_of=as_of), small=True)
        if not self._pack.over:
            self._text(say("paper.not_over", as_of=as_of, compared=self._pack.before.name), small=True)
        self._section("paper.summary")
        for sentence in summary(self._pack):
            self._text(sentence)
        self._chart("trend")

    def figures(self) -> None:
        """All tables, each under its chart."""
        if self._pack.empty:
            return
        self._section("paper.figures")
        beside = {say("table.whole"): "rates", say("table.categories"): "categories", say("table.areas"): "areas",
                  say("table.durations"): "durations"}  # fmt: skip
        for table in tables(self._pack):
            self._table(table)
            self._chart(beside.get(table.title, ""))

    def rising(self) -> None:
        """Hot spots, each with its evidence."""
        self._section("paper.rising")
        if not self._pack.past_days:
            self._text(say("hot.no_past"))
            return
        self._text(say("hot.intro", days=self._pack.past_days) + grown(self._pack), small=True)
        if not self._pack.rising:
            self._text(say("hot.none"))
        self._chart("rising")
        for spot in self._pack.rising:
            told = say("hot.line", place=spot.place, topic=spot.topic, now=spot.now, expected=about(spot.expected), chance=chance(spot.chance))
            self._text(told, style="List Number")
            for number, words in spot.evidence:
                self._text(say("hot.evidence", number=number, words=words), style="List Bullet 2")
            if not spot.evidence:
                self._text(say("hot.unseen", place=spot.place), style="List Bullet 2")

    def stuck(self) -> None:
        """Who owes what, the longest first."""
        self._section("paper.stuck")
        found = self._pack.stuck
        if not found.count:
            self._text(say("stuck.none_listed" if found.late + found.waiting else "stuck.none"))
            return
        self._text(say("stuck.intro", most=STUCK), small=True)
        if found.lines:
            head = tuple(say(f"column.{name}") for name in ("number", "place", "topic", "why", "owner", "owes"))
            rows = [(line.number, line.place, f"{line.category} {line.topic}", line.why, line.owner, line.owes) for line in found.lines[:STUCK]]
            self._table(Table("", [head, *rows]), widths=(2.5, 3.1, 2.6, 2.4, 2.8, 2.8))
        if found.unread:
            self._text(say("stuck.counted", count=found.unread))

    def voices(self) -> None:
        """What residents said."""
        self._section("paper.voices")
        if not self._pack.voices:
            self._text(say("voice.none"))
            return
        self._text(say("voice.intro"), small=True)
        for voice in self._pack.voices:
            self._text(say("voice.line", words=voice.words, category=voice.category, answer=voice.answer), style="List Bullet")

    def revisions(self) -> None:
        """What is different now from what earlier reports said."""
        self._section("paper.revisions")
        if not self._pack.changes:
            self._text(say("revision.none" if self._pack.packed_before else "revision.first"))
            return
        self._text(say("revision.intro"), small=True)
        head = tuple(say(f"column.{name}") for name in ("period", "figure", "was", "is"))
        rows = [(each.period, each.figure, f"{each.was}（{moment(each.as_of.astimezone(self._pack.as_of.tzinfo))}）", each.now) for each in self._pack.changes]
        self._table(Table("", [head, *rows]))

    def how(self) -> None:
        """How the figures are counted."""
        self._section("paper.how")
        for name in ("response", "resolution", "satisfaction", "composite", "reopen", "duty", "small", "reading"):
            self._text(say(f"how.{name}"), small=True)

    # -- pieces

    def _section(self, key: str) -> None:
        """The next numbered heading."""
        self._sections += 1
        self._heading(say("paper.section", n=say("paper.numerals")[self._sections - 1], name=say(key)))

    def _heading(self, text: str, level: int = 1) -> None:
        self._doc.add_heading(clean(text), level)

    def _text(self, text: str, style: str | None = None, small: bool = False) -> None:
        written = self._doc.add_paragraph(clean(text), style=style)
        if small:
            for run in written.runs:
                run.font.size = Pt(9.5)
                run.font.color.rgb = RGBColor(0x44, 0x44, 0x44)

    def _chart(self, name: str) -> None:
        """The picture with its words as alternative text; the words alone where there is no picture."""
        if (chart := self._charts.get(name)) is None:
            return
        picture = self._drawn.get(name)
        if picture is None:
            self._text(chart.told)
            return
        shape = self._doc.add_picture(io.BytesIO(picture), width=Cm(13.5))
        about = shape._inline.docPr
        about.set("descr", clean(chart.told))
        about.set("title", clean(chart.spec["title"]["text"]))
        self._doc.paragraphs[-1].alignment = WD_ALIGN_PARAGRAPH.CENTER

    def _table(self, table: Table, widths: Sequence[float] = ()) -> None:
        if table.title:
            self._heading(table.title, 2)
        if len(table.rows) < 2:
            self._text(NOTHING)
            return
        shown = table.rows[: table.most + 1]
        add_table(self._doc, shown, widths)
        if more := len(table.rows) - len(shown):
            self._text(say("table.more_rows", count=more), small=True)
        else:
            self._doc.add_paragraph()


def moment(at: datetime) -> str:
    """2026年11月1日 07:00."""
    return say("unit.moment", year=at.year, month=at.month, day=at.day, clock=f"{at:%H:%M}")


def _style(doc: Any, pack: Pack) -> None:
    """Chinese fonts, margins, title and page numbers."""
    for name, font in [("Normal", TEXT), ("Title", HEADING), ("Heading 1", HEADING), ("Heading 2", HEADING)]:
        style = doc.styles[name]
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(theme), None)
        fonts.set(qn("w:eastAsia"), font)
        style.font.name = "Times New Roman" if font == TEXT else "Arial"
        fonts.set(qn("w:eastAsia"), font)
        style.font.color.rgb = RGBColor(0, 0, 0)
    doc.styles["Normal"].font.size = Pt(11)
    doc.styles["Normal"].paragraph_format.line_spacing = 1.3
    doc.styles["Title"].font.size = Pt(20)
    section = doc.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.4)
    section.top_margin = section.bottom_margin = Cm(2.2)
    doc.core_properties.title = clean(pack.title)
    doc.core_properties.author = clean(say("paper.author"))
    doc.core_properties.comments = ""
    doc.core_properties.created = doc.core_properties.modified = pack.as_of.astimezone(UTC).replace(tzinfo=None)
    doc.core_properties.language = "zh-CN"
    _page_number(section.footer.paragraphs[0])


def _page_number(paragraph: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run()
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)
