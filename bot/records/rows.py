"""From a line of the sheet to a record: what it tells, and what of it could not be read, cell by cell."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.organisation.faults import Fault
from bot.organisation.tables import letter
from bot.records import answers, values
from bot.records.fields import BY_NAME, Mapped
from bot.records.sheet import Sheet
from bot.records.values import When
from casework.case import Answer
from casework.records import Outcome

OLDEST: Final = 2000
"""Nobody brings in what is older: the year is a slip."""
CLOSES: Final = time(18)
"""When a day without a time of day was over."""
KEPT: Final = ("number", "category", "department", "status")
"""What is kept beside the case as the register has it, as evidence; names of persons never are."""
_WITHDRAWN = re.compile(r"撤(?:回|诉|单|销)")
_DISMISSED = re.compile(r"非诉求|无效|不予受理|不受理|恶意|骚扰")
_ROUNDED = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")
_FOOT = re.compile(r"(?:合计|总计|小计|共计|制表|制表人|打印|导出|统计|备注|说明|第\d+页).*")


@dataclass(frozen=True)
class Record:
    """A line that could be read. `words` are what was filed, `where` the words for the place, `key` how it is known again."""

    row: int
    key: str
    fingerprint: str
    filed_at: datetime
    words: str
    where: str
    outcome: Outcome
    areas: Mapping[str, str] = field(default_factory=dict)  # kind -> name
    phone: str | None = field(default=None, repr=False)
    confidential: bool = False
    told: Mapping[str, str] = field(default_factory=dict)


class Rows:
    """Reads the lines of one sheet; `faults` are what could not be read: an error left its line out, a warning its cell."""

    def __init__(self, sheet: Sheet, mapped: Mapped, zone: ZoneInfo, now: datetime, workbook: bool) -> None:
        self.sheet, self.mapped, self.zone, self.now, self.workbook = sheet, mapped, zone, now, workbook
        self.faults: list[Fault] = []
        self.out: set[int] = set()  # lines that are left out
        self._seen: dict[str, int] = {}

    def read(self, row: int, cells: Sequence[str]) -> Record | None:
        """The record of a line; None where it is left out, and why is said."""
        if row in self.sheet.broken:
            return self._fault(row, "", "有不能识别的文字", "请把文件另存为“CSV UTF-8”，再核对这一行")
        got = {name: cells[column].strip() for name, column in self.mapped.items()}
        if len(given := [cell.strip() for cell in cells if cell.strip()]) <= 2 and _FOOT.fullmatch(given[0]):
            return None  # a sum or a signature below the table
        words = _words(got)
        if not words:
            return self._fault(row, "content", "没有内容", "请补上诉求的内容，再导入一次")
        filed = self._filed(row, got.get("filed_at", ""))
        if filed is None:
            return None
        phone = values.phone_of(got.get("phone", ""))
        where = " ".join(dict.fromkeys(part for part in (got.get("estate", ""), got.get("address", "")) if part))
        number = self._number(row, got)
        key = number or _hash(filed.isoformat(), words, where, phone or "")
        if (first := self._seen.setdefault(key, row)) != row:
            earlier = self._line(first, row)
            same = f"编号“{key[:40]}”和{earlier}相同" if number else f"和{earlier}一模一样"
            return self._fault(row, "number", f"{same}，只取了{earlier}", "如果是两件事，请给它们不同的编号")
        told = {name: got[name][:200] for name in KEPT if got.get(name)} | {"words": _hash(words)[:16]}
        return Record(
            row, key, _hash(*(f"{name}={cell}" for name, cell in sorted(got.items()))), filed, words, where,
            self._outcome(row, got, filed), {kind: got[kind] for kind in ("grid", "community", "subdistrict") if got.get(kind)},
            phone, self._yes(row, got, "confidential"), told,
        )  # fmt: skip

    def _number(self, row: int, got: Mapping[str, str]) -> str:
        """The number there; one that a spreadsheet has rounded is no number any more: many records would share it."""
        number = got.get("number", "")
        if not _ROUNDED.fullmatch(number):
            return number
        return self._doubt(row, "number", f"“{number}”的后几位已经丢失，没有用", "请在导出时把编号那一列设成文本") or ""

    # -- times

    def _filed(self, row: int, cell: str) -> datetime | None:
        found = values.when(cell)
        if found is None:
            problem = f"“{cell[:30]}”不是时间" if cell else "没有受理时间"
            return self._fault(row, "filed_at", problem, "请写成 2024-03-05 08:30 的样子")
        at = self._aware(found)
        if at > self.now or found.at.year < OLDEST:
            return self._fault(row, "filed_at", f"“{cell}”{'在将来' if at > self.now else '太早'}", "请核对年份")
        return at

    def _aware(self, found: When) -> datetime:
        return (found.at if found.at.tzinfo else found.at.replace(tzinfo=self.zone)).astimezone(UTC)

    def _later(self, row: int, got: Mapping[str, str], name: str, filed: datetime) -> datetime | None:
        """A moment after the filing. Of a day without a time of day the filing's own day is over at closing time."""
        cell = got.get(name, "")
        if not cell or re.fullmatch(r"[-—/无]+", cell):
            return None
        found = values.when(cell)
        if found is None:
            return self._doubt(row, name, f"“{cell[:30]}”不是时间，这一格没有用", "请写成 2024-03-05 08:30 的样子")
        at = self._aware(found)
        if found.whole_day:
            day, since = found.at.date(), filed.astimezone(self.zone).date()
            at = max(datetime.combine(day, CLOSES, self.zone).astimezone(UTC), filed) if day >= since else at
            at = min(at, max(self.now, filed))
        if at < filed or at > self.now + timedelta(minutes=1):
            side = "早于受理时间" if at < filed else "在将来"
            return self._doubt(row, name, f"“{cell}”{side}，这一格没有用", "请核对这两个时间")
        return at

    # -- how it went

    def _outcome(self, row: int, got: Mapping[str, str], filed: datetime) -> Outcome:
        status = got.get("status", "")
        said = self._said(row, got, "solved", answers.outcome, "已解决、部分解决、未解决")
        graded = self._said(row, got, "satisfaction", answers.grade, "满意、基本满意、不满意")
        outcome = Outcome(
            acknowledged_at=self._later(row, got, "acknowledged_at", filed), ended_at=self._later(row, got, "ended_at", filed),
            answer=said.answer, answered_at=self._later(row, got, "answered_at", filed),
            satisfaction=graded.satisfaction or said.satisfaction, withdrawn=bool(_WITHDRAWN.search(status)),
            dismissed=bool(_DISMISSED.search(status)), struck_out=self._yes(row, got, "struck_out"),
        )  # fmt: skip
        if outcome.withdrawn or outcome.dismissed:
            return replace(outcome, answer=None, satisfaction=None)
        if outcome.answer is Answer.SOLVED and outcome.answered_at and outcome.ended_at and outcome.answered_at < outcome.ended_at:
            return replace(outcome, answered_at=outcome.ended_at)  # asked, then closed: the end is what both agree on
        return outcome

    def _said(self, row: int, got: Mapping[str, str], name: str, read: Callable[[str], answers.Said | None], would_be: str) -> answers.Said:
        cell = got.get(name, "")
        found = read(cell)
        if found is None:
            self._doubt(row, name, f"“{cell[:30]}”看不懂，这一格没有用", f"能看懂的是：{would_be}")
        return found or answers.SILENT

    def _yes(self, row: int, got: Mapping[str, str], name: str) -> bool:
        cell = got.get(name, "")
        found = values.yes(cell)
        if found is None:
            self._doubt(row, name, f"“{cell[:30]}”看不懂，当作“是”", "请写“是”或“否”")
        return found is not False

    # -- what could not be read

    def _fault(self, row: int, name: str, problem: str, remedy: str) -> Any:
        """None: the line is left out."""
        self.out.add(row)
        self.faults.append(self._at(row, name, problem, remedy))

    def _doubt(self, row: int, name: str, problem: str, remedy: str) -> Any:
        """None: the cell is not used."""
        self.faults.append(replace(self._at(row, name, problem, remedy), severity="warning"))

    def _at(self, row: int, name: str, problem: str, remedy: str) -> Fault:
        column = self.mapped.get(name)
        heading = self.sheet.headings[column] if column is not None else BY_NAME[name].title if name in BY_NAME else ""
        file, line = self.sheet.where(row)
        cell = f"{letter(column)}{line}" if column is not None and self.workbook else ""
        return Fault(file, line, heading, problem, remedy, cell=cell)

    def _line(self, row: int, seen_from: int) -> str:
        """A line as it is called from another one: with its sheet where that is another."""
        (name, n), (here, _) = self.sheet.where(row), self.sheet.where(seen_from)
        return f"第 {n} 行" if name == here else f"「{name}」第 {n} 行"


def _words(got: Mapping[str, str]) -> str:
    """Heading and text; a heading that the text begins with is not said twice."""
    title, text = got.get("title", ""), got.get("content", "")
    if not title or text.startswith(title.rstrip("。.…！!")):
        return text
    return f"{title}{'' if title[-1] in '。！？!?' else '。'}{text}" if text else title


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()
