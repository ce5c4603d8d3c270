"""The value of a button: question id . option . MAC, and the way back. Action and arguments stay in the question's row."""

from __future__ import annotations

import base64
import hashlib
import hmac

from handlers.world import World


def button_value(world: World, question_id: str, index: int) -> str:
    """question id . option . MAC: at most 64 bytes, so that one design serves every channel."""
    stem = f"{question_id}.{index}"
    return f"{stem}.{_mac(world, stem)}"


def read_button(world: World, value: str) -> tuple[str, int] | None:
    """The question id and option of a button that we made; None for anything else."""
    stem, _, mac = value.rpartition(".")
    question_id, _, index = stem.rpartition(".")
    if not question_id or not index.isascii() or not index.isdigit() or len(value) > 64:
        return None
    good = hmac.compare_digest(_mac(world, stem).encode(), mac.encode("utf-8", "replace"))
    return (question_id, int(index)) if good else None


def _mac(world: World, stem: str) -> str:
    digest = hmac.new(world.button_key, stem.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:10]).decode().lower()


def short_id(world: World) -> str:
    """A question's id: the random end of a UUIDv7, 16 characters."""
    return world.mint().replace("-", "")[-16:]
