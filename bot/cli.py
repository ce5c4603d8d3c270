"""The commands of `python -m bot`: one function each, thin. What they need is imported when they run: --help is instant."""

import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(
    help="Jiesu 接诉: residents' complaints, taken and followed until the resident says that they are solved.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # a traceback's locals hold residents' words and the token
    rich_markup_mode=None,
)

Config = Annotated[
    Path | None,
    typer.Option("--config", metavar="PATH", help="Read this file instead of JIESU_CONFIG or the shipped config.toml."),
]


@app.command()
def run(config: Config = None) -> None:
    """Start Jiesu and serve until it is stopped with Ctrl-C.

    As shipped it runs the demonstration on this machine and prints where to open it. With a Telegram token it serves Telegram too.
    """
    from bot.logs import set_up
    from bot.settings import load
    from casework.errors import JiesuError

    try:
        settings = load(config)
        set_up(settings.log.level, settings.log.form)  # before the libraries are imported: one reads its environment then
        from bot.app import main

        main(settings)
    except JiesuError as error:  # its sentence tells a person what to do: no traceback is needed
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


@app.command()
def check(
    config: Config = None,
    organisation: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Check this organisation instead of the configured one.")
    ] = None,
) -> None:
    """Read the configuration, the organisation and the rules, and say everything that is wrong with them in one go.

    Each fault is named with its file and line or cell. Ends with status 1 if anything is wrong; warnings do not count.
    """
    from bot.checking import check_all

    report = check_all(config, organisation)
    for warning in report.warnings:
        typer.echo(f"注意  {warning}")
    for fault in report.faults:
        typer.echo(f"错误  {fault}")
    typer.echo(report.summary)
    if report.faults:
        raise typer.Exit(1)


@app.command()
def classify() -> None:
    """Say for each message what it is about: JSON lines in, JSON lines out.

    Reads {"id", "text"} a line from standard input and writes {"id", "category", "also", "topic", "urgency", "confidence"} a line,
    in the same order, each as soon as it is known. A line that cannot be read gives {"id": null, "error", "line"}.
    """
    from nlp.understand import Context, understand

    # Half a surrogate pair in an id comes back as it came, as an escape, and does not end the stream.
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    for answer in classified(sys.stdin.buffer, lambda text: understand(text, Context())):
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        sys.stdout.flush()


def classified(lines: Iterable[bytes], understand: Callable[[str], Any]) -> Iterable[dict[str, object]]:
    """One answer a line, in order; empty lines are passed over."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            asked = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
        except (UnicodeDecodeError, ValueError, RecursionError):
            yield {"id": None, "error": "this is not a JSON line in UTF-8", "line": number}
            continue
        if not isinstance(asked, dict) or "id" not in asked or not isinstance(asked.get("text"), str):
            yield {"id": None, "error": 'a line is an object {"id": …, "text": "…"}', "line": number}
            continue
        found = understand(asked["text"].encode("utf-8", "replace").decode())
        yield {
            "id": asked["id"],
            "category": found.category,
            "also": list(found.also),
            "topic": found.topic,
            "urgency": found.urgency,
            "confidence": found.confidence,
        }


@app.callback()
def _commands() -> None:
    """Keeps `run` a command of its own, however few there are."""
