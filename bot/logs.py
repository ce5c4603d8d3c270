"""Logs: structlog on the standard library, one line an event, with phone numbers and bot tokens masked in every line."""

import logging
import os
import re
import sys
from typing import Any, TextIO

import structlog
from structlog.types import EventDict, Processor

PHONE = re.compile(r"(?<!\d)(1\d{2})\d{4}(\d{4})(?!\d)")
TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{30,}")
ROBOT = re.compile(r"(webhook/send\?key=|access_token=|bot/v2/hook/)[\w-]+")  # the address of a group robot is its key

# httpx writes each request's address at INFO, and in Telegram's addresses stands the token.
QUIET = ("httpx", "httpcore", "aiohttp.access", "apscheduler", "telegram.ext", "alembic")


def set_up(level: str = "info", form: str = "text", stream: TextIO | None = None) -> None:
    """Send every logger, our own and the libraries', through one masking formatter to `stream` (else stderr)."""
    # Read by python-telegram-bot when it is imported: retry_after becomes a timedelta now, without a warning each time.
    os.environ.setdefault("PTB_TIMEDELTA", "1")
    last: list[Processor] = [_plain_exception, mask]
    last.append(structlog.processors.JSONRenderer(ensure_ascii=False) if form == "json" else _console())
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_shared(),
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def masked(text: str) -> str:
    """The text with phone numbers as 138****8000 and bot tokens gone, those of group robots too."""
    return ROBOT.sub(r"\1<token>", TOKEN.sub("<token>", PHONE.sub(r"\1****\2", text)))


def mask(logger: Any, method: str, event: EventDict) -> EventDict:
    """Mask whatever is about to be written, nested values and exceptions too."""
    return {key: _masked_value(value) for key, value in event.items()}


def _masked_value(value: Any) -> Any:
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return value if (shown := masked(str(value))) == str(value) else shown
    if isinstance(value, dict):
        return {masked(str(key)): _masked_value(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked_value(inner) for inner in value]
    return masked(value if isinstance(value, str) else str(value))


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]


def _console() -> Processor:
    return structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)


def _plain_exception(logger: Any, method: str, event: EventDict) -> EventDict:
    """A traceback as text, so that it is masked like everything else."""
    return structlog.processors.format_exc_info(logger, method, event)
