"""From a folder to an organisation."""

from __future__ import annotations

from pathlib import Path

from bot.organisation.checks import check
from bot.organisation.faults import Fault
from bot.organisation.sheets import SHEETS, read_table
from casework.organisation import Organisation


def read_organisation(folder: Path) -> tuple[Organisation, list[Fault]]:
    """Reads the CSV files of `folder`. Gives all rows that could be understood and every fault, in the order of files and lines;
    never raises for what stands in the files. An organisation with a fault of severity "error" must not be taken in."""
    tables = {sheet.name: read_table(folder, sheet) for sheet in SHEETS}
    organisation = Organisation(**{name: tuple(table.rows) for name, table in tables.items()})
    check(organisation, tables)
    faults = [fault for table in tables.values() for fault in sorted(table.faults, key=lambda fault: fault.row)]
    return organisation, faults
