"""What happens once in the life of a database: whose it is, which organisation it holds, when its clock begins."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from pathlib import Path

from bot.clock import Clock
from bot.engine import OFFSET
from bot.organisation import read_organisation
from bot.settings import Settings
from bot.world import make_calendar, make_policy, mint
from casework.errors import JiesuError
from casework.policy import Calendar
from nlp.segment import WAY
from storage import figures, organisation, words
from storage.database import Connection, Database
from storage.reorganising import load_organisation
from storage.settings import put_setting, setting

log = logging.getLogger(__name__)

DEMO = "demo"  # the setting that says whose database this is: "1" the demonstration's, "0" a town's
SHOWN = 20  # faults of an organisation; `check` shows all


def prepare(settings: Settings, database: Database, clock: Clock, load: bool = True) -> None:
    """Bring the tables up to date and, with `load`, fill a new database; the clock goes on where it stood.

    JiesuError when the database is not for this kind of start, or its organisation cannot be read.
    """
    database.migrate()
    with database.writing() as conn:
        _claim(conn, settings.demo.enabled)
        if load and organisation.is_empty(conn):
            _load(conn, organisation_folder(settings), clock.wall())
        clock.shift(_offset(conn, settings, clock.wall()))
        if figures.never_counted(conn):  # cases from before there were roll-ups
            figures.rebuild(conn, make_policy(settings, organisation.workdays(conn), organisation.shift_times(conn)))
            log.info("the figures were counted from the cases")
        if words.kept_otherwise(conn, WAY):  # cases from before they were found by their words, or by these
            from handlers.summaries.find import searched  # half a second of imports: only for an old database

            words.rebuild(conn, searched)
            log.info("the words of the cases were cut")
        words.keep_way(conn, WAY)


def organisation_folder(settings: Settings) -> Path:
    """Whose tables fill a new database: the demonstration's, or the town's own."""
    return settings.demo.organisation if settings.demo.enabled else settings.town.organisation


def _claim(conn: Connection, demo: bool) -> None:
    """A town's cases and the demonstration's must never meet: resident and clock would both be invented."""
    known = setting(conn, DEMO)
    if known is None:
        put_setting(conn, DEMO, "1" if demo else "0")
    elif demo and known != "1":
        raise JiesuError(
            "这个数据库是正式使用的，演示不能动它。要正式运行请设 [demo] enabled = false；要看演示请把 [database] url 换成另一个文件。"
        )
    elif not demo and known == "1":
        raise JiesuError(
            "这个数据库是演示用的，里面的人和时间都是假的，不能正式使用。请把 [database] url 换成另一个文件，"
            "或设 [demo] enabled = true 继续演示。"
        )


def _load(conn: Connection, folder: Path, now: datetime) -> None:
    if not folder.is_dir():
        raise JiesuError(
            f"还没有组织资料，也没有组织文件夹 {folder}。请先 python -m bot org template 组织.xlsx，填好后 "
            "python -m bot org import 组织.xlsx --apply；或照 examples/organisation 的样子准备一个文件夹，"
            "在 [town] organisation 里写上（演示看 [demo] organisation）。"
        )
    read, faults = read_organisation(folder)
    if wrong := [str(fault) for fault in faults if fault.severity == "error"]:
        more = f"\n  …… 还有 {len(wrong) - SHOWN} 处，用 python -m bot check 看全部" if len(wrong) > SHOWN else ""
        raise JiesuError("组织的表格有误，没有启动：\n  " + "\n  ".join(wrong[:SHOWN]) + more)
    load_organisation(conn, read, now, mint)
    log.info("organisation loaded: %d areas, %d places, %d people", len(read.areas), len(read.places), len(read.people))


def _offset(conn: Connection, settings: Settings, wall: datetime) -> timedelta:
    """How far the clock stands from the wall: never for a town. A new demonstration begins on the next working day."""
    if not settings.demo.enabled:
        return timedelta(0)
    kept = setting(conn, OFFSET)
    if kept is not None:
        return timedelta(seconds=float(kept))
    calendar = make_calendar(settings, organisation.workdays(conn))
    day = next_working_day(calendar, wall.astimezone(calendar.zone).date())
    offset = datetime.combine(day, settings.demo.starts_at, calendar.zone) - wall
    put_setting(conn, OFFSET, str(offset.total_seconds()))
    return offset


def next_working_day(calendar: Calendar, after: date) -> date:
    """The first working day later than `after`."""
    day = after + timedelta(days=1)
    while day in calendar.holidays or (day.weekday() >= 5 and day not in calendar.workdays):
        day += timedelta(days=1)
    return day
