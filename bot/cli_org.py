"""The commands of `python -m bot org`: bring an organisation in, look at what is missing, let its people in."""

from pathlib import Path
from typing import Annotated

import typer

org = typer.Typer(
    help="The organisation: areas, places, posts, people and rosters, by workbook.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    rich_markup_mode=None,
)

Config = Annotated[
    Path | None,
    typer.Option("--config", metavar="PATH", help="Read this file instead of JIESU_CONFIG or the shipped config.toml."),
]


@org.callback()
def _commands() -> None:
    """The organisation: areas, places, posts, people and rosters, by workbook."""


@org.command()
def check(
    config: Config = None,
    area: Annotated[str, typer.Option(metavar="NAME_OR_ID", help="Only this city, subdistrict, community or grid.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Everything, not the first 20 of each kind.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, for scripts.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="End with status 1 if anything is missing.")] = False,
) -> None:
    """Say what the running organisation lacks: hours by day without anybody, people whom no card reaches, buildings without a
    grid, names that lead two ways, dates that run out.

    Looks at the database, while Jiesu runs or not, and changes nothing of the organisation; `python -m bot check` looks at
    configuration and files. Ends with status 0, whatever is missing, with 1 only under --strict; with 2 if it could not look.
    """
    from bot import missing
    from bot.settings import load
    from casework.errors import JiesuError

    try:
        found = missing.check(load(config), area.strip())
    except JiesuError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    for line in [missing.as_json(found)] if as_json else missing.told(found, everything):
        typer.echo(line)
    if strict and found.findings:
        raise typer.Exit(1)
