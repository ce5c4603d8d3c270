"""What python-telegram-bot raises -> Receipt: what went wrong is data."""

from __future__ import annotations

from datetime import timedelta

from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError, TimedOut

from bot.channels import Outcome, Receipt

# What a BadRequest says when nobody is there to read (compared in lower case).
NOBODY = (
    "chat not found", "user not found", "peer_id_invalid", "user is deactivated", "user_is_blocked",
    "bot was blocked", "bot was kicked", "have no rights to send", "not enough rights to send", "chat_write_forbidden",
    "group chat was deactivated", "input_user_deactivated",
)  # fmt: skip


def seconds(error: RetryAfter) -> float:
    """How long the platform asks to wait; PTB gives a number or a timedelta, as PTB_TIMEDELTA says."""
    after = error.retry_after
    return after.total_seconds() if isinstance(after, timedelta) else float(after)


def unreachable(error: TelegramError) -> bool:
    """Whether nobody can be written to at this address."""
    said = str(error).lower()
    return isinstance(error, Forbidden) or (isinstance(error, BadRequest) and any(word in said for word in NOBODY))


def receipt_of(error: TelegramError, why: str) -> Receipt:
    """`why`: the error in words, without the token. The order counts: BadRequest and TimedOut are NetworkErrors.

    Only Telegram's own RetryAfter says how long to wait; otherwise the outbox's schedule does.
    """
    if isinstance(error, RetryAfter):
        return Receipt(Outcome.AGAIN, after=seconds(error), why="Telegram 要我们慢一点")
    if isinstance(error, ChatMigrated):
        return Receipt(Outcome.MOVED, ref=str(error.new_chat_id), why=why)
    if unreachable(error):
        return Receipt(Outcome.BLOCKED, why=why)
    if isinstance(error, BadRequest):
        return Receipt(Outcome.REFUSED, why=why)
    if isinstance(error, TimedOut):
        return Receipt(Outcome.AGAIN, why=f"{why} (perhaps sent)")
    return Receipt(Outcome.AGAIN, why=why)
