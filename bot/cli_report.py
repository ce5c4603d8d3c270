"""`python -m bot report`: the report of an area and some months, as a Word document and an Excel workbook."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.papers.report import Report
    from bot.settings import Settings
    from storage.database import Connection, Database

Config = Annotated[
    Path | None,
    typer.Option("--config", metavar="PATH", help="Read this file instead of JIESU_CONFIG or the shipped config.toml."),
]


def report(
    period: Annotated[str, typer.Argument(metavar="PERIOD", help="A month, quarter or year: 2026-10, 上个月, 第三季度, 2026.")],
    area: Annotated[str, typer.Option(metavar="ID_OR_NAME", help="A community, a subdistrict; without it the whole city.")] = "",
    out: Annotated[Path, typer.Option(metavar="DIR", help="The folder for the two files.")] = Path(),
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Write over files that are there.")] = False,
    config: Config = None,
) -> None:
    """Make the report of an area: a Word document for the meeting's table, and an Excel workbook with figures, cases and ledger.

    Jiesu may be running or not. The figures of a stretch that is over are kept: a later report says what has changed since.
    """
    from bot.papers.words import say
    from casework.errors import JiesuError

    try:
        paths = _made(period.strip(), area.strip(), config, lambda made: _written(made, out, overwrite))
    except JiesuError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    typer.echo(say("report.made", paths=say("sum.list").join(map(str, paths))))


def _made(words: str, area: str, config: Path | None, write: Callable[[Report], list[Path]]) -> list[Path]:
    """Made, written, and only then kept: what nobody has got is not what a later report is compared with."""
    from bot.papers import report as papers
    from bot.papers.drawing import Drawer
    from bot.settings import load
    from bot.world import make_policy
    from storage import organisation
    from storage.database import Database

    settings = load(config)
    database = Database(settings.database.url)
    drawer = Drawer()
    try:
        database.migrate()
        with database.reading() as conn:
            policy = make_policy(settings, organisation.workdays(conn), organisation.shift_times(conn))
            now = _now(settings, conn)
            where = papers.area_of(conn, area)
            made = papers.made(conn, policy, drawer, where, papers.period_of(words, now.astimezone(policy.calendar.zone).date()), now)
        paths = write(made)
        _keep(database, made)
        return paths
    finally:
        drawer.close()
        database.close()


def _keep(database: Database, made: Report) -> None:
    """Only a stretch that is over is compared with later: of one that is not, everything changes."""
    from storage import packs

    if made.pack.over:
        with database.writing() as conn:
            packs.keep(conn, made.pack.area_id, made.kept)


def _now(settings: Settings, conn: Connection) -> datetime:
    """By the clock that cases live by: the demonstration's stands elsewhere."""
    from bot.engine import OFFSET
    from storage.settings import setting

    kept = setting(conn, OFFSET) if settings.demo.enabled else None
    return datetime.now(UTC) + timedelta(seconds=float(kept or 0))


def _written(made: Report, out: Path, overwrite: bool) -> list[Path]:
    from bot.papers.report import ENDINGS
    from bot.papers.words import say
    from casework.errors import JiesuError

    paths = [out / made.file(ending) for ending in ENDINGS]
    for path in paths:
        if path.exists() and not overwrite:
            raise JiesuError(say("report.exists", path=path))
    try:
        out.mkdir(parents=True, exist_ok=True)
        for path, data in zip(paths, (made.document, made.workbook), strict=True):
            path.touch(mode=0o600)  # residents' words are in there: who hands it out decides who reads it
            path.write_bytes(data)
    except OSError as error:
        raise JiesuError(say("report.not_written", out=out)) from error
    return paths
