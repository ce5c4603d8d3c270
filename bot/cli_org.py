"""The commands of `python -m bot org`: bring an organisation in, look at what is missing, let its people in."""

import typer

org = typer.Typer(
    help="The organisation: areas, places, posts, people and rosters, by workbook.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    rich_markup_mode=None,
)


@org.callback()
def _commands() -> None:
    """The organisation: areas, places, posts, people and rosters, by workbook."""
