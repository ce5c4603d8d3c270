"""From a workbook or a folder of CSV files to an organisation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from bot.organisation.checks import check, check_leave_of_who_left
from bot.organisation.faults import Fault
from bot.organisation.resolve import resolve
from bot.organisation.sheets import SHEETS, Sheet
from bot.organisation.tables import Table, from_folder, from_workbook
from bot.spreadsheet import BadWorkbook, read_workbook
from casework.organisation import Organisation, PersonRow

NOTHING = Organisation()


@dataclass(frozen=True)
class Reading:
    """What was read: all rows that could be understood, every fault, and the names of the sheets that were there."""

    organisation: Organisation
    faults: list[Fault]
    given: frozenset[str]

    @property
    def errors(self) -> list[Fault]:
        """With one of these it must not be taken in."""
        return [fault for fault in self.faults if fault.severity == "error"]

    def over(self, known: Organisation) -> Organisation:
        """The organisation as it would be: sheets that were not there stay as they are known."""
        return replace(known, **{name: getattr(self.organisation, name) for name in self.given})


def read(path: Path, today: date, known: Organisation = NOTHING, left: Sequence[PersonRow] = ()) -> Reading:
    """Reads a workbook, or the CSV files of a folder. Rows without an id get that of the same thing in `known`; `left`: who was of the
    staff before.

    Every fault is told, in the order of sheets and rows; nothing that stands in the files raises.
    """
    try:
        table = _source(path)
    except BadWorkbook as bad:
        return Reading(NOTHING, [Fault(path.name, 0, "", bad.problem, bad.remedy)], frozenset())
    tables = {sheet.name: table(sheet) for sheet in SHEETS}
    organisation = resolve(tables, known, left)
    check(organisation, tables, today)
    check_leave_of_who_left(tables["leave"], organisation, known)
    for each in tables.values():
        if each.more:
            each.faults.append(Fault(each.label, 0, "", f"另外还有 {each.more} 处要改", "请先改好列出来的这些"))
    faults = [fault for each in tables.values() for fault in sorted(each.faults, key=lambda fault: fault.row)]
    return Reading(organisation, faults, frozenset(name for name, each in tables.items() if each.given))


def _source(path: Path) -> Callable[[Sheet], Table]:
    if not path.exists():
        raise BadWorkbook("没有这个文件", "请核对文件名；组织是一个工作簿（.xlsx）或一个放 CSV 文件的文件夹")
    if path.is_dir():
        return lambda sheet: from_folder(path, sheet)
    grids = read_workbook(path, {name for sheet in SHEETS for name in (sheet.title, sheet.name)})
    return lambda sheet: from_workbook(grids, sheet)


def read_organisation(path: Path, today: date | None = None) -> tuple[Organisation, list[Fault]]:
    """What `read` gives, of a first load: the organisation and every fault."""
    reading = read(path, today or datetime.now(UTC).date())
    return reading.organisation, reading.faults
