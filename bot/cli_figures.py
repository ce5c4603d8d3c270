"""The commands of `python -m bot figures`: the roll-ups compared with the cases, or counted anew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from casework.policy import Policy
    from storage.database import Database

figures = typer.Typer(
    help="The roll-ups behind every figure: compare them with the cases, or count them anew.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    rich_markup_mode=None,
)
SHOWN = 10

Config = Annotated[
    Path | None,
    typer.Option("--config", metavar="PATH", help="Read this file instead of JIESU_CONFIG or the shipped config.toml."),
]


@figures.command()
def verify(config: Config = None) -> None:
    """Count every case and compare with the roll-ups. Ends with status 1 where they differ."""
    from storage import figures as stored

    database, policy = _opened(config)
    with database.reading() as conn, _progress() as step:
        wrong = stored.verify(conn, policy, step)
    database.close()
    for one in wrong[:SHOWN]:
        typer.echo(f"{one.table} {' '.join(f'{name}={value}' for name, value in one.key.items())}")
        told = [f"{name}: 存的 {one.kept[name]}，数出来 {one.counted[name]}" for name in one.kept if one.kept[name] != one.counted[name]]
        typer.echo("  " + "；".join(told))
    if len(wrong) > SHOWN:
        typer.echo(f"…… 还有 {len(wrong) - SHOWN} 行")
    typer.echo(f"{len(wrong)} 行不对；用 python -m bot figures rebuild 重新数" if wrong else "汇总和工单对得上。")
    raise typer.Exit(1 if wrong else 0)


@figures.command()
def rebuild(config: Config = None) -> None:
    """Throw the roll-ups away and count them from the cases. Jiesu may be running: it waits meanwhile."""
    from storage import figures as stored

    database, policy = _opened(config)
    with database.writing() as conn, _progress() as step:
        stored.rebuild(conn, policy, step)
    database.close()
    typer.echo("重新数好了。")


class _progress:
    """A line on the terminal that counts; nothing where there is no terminal."""

    def __enter__(self) -> Callable[[], None]:
        from rich.console import Console
        from rich.progress import Progress

        self._bar = Progress(console=Console(stderr=True), transient=True)
        self._bar.start()
        task = self._bar.add_task("数工单", total=None)
        return lambda: self._bar.advance(task)

    def __exit__(self, *_: object) -> None:
        self._bar.stop()


def _opened(config: Path | None) -> tuple[Database, Policy]:
    """The configured database and the policy that its town lives by."""
    from bot.settings import load
    from bot.world import make_policy
    from casework.errors import JiesuError
    from storage import organisation
    from storage.database import Database

    try:
        settings = load(config)
        database = Database(settings.database.url)
        database.migrate()
        with database.reading() as conn:
            return database, make_policy(settings, organisation.workdays(conn), organisation.shift_times(conn))
    except JiesuError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
