"""Waiting for what other tasks do, without guessing how long it takes."""

import asyncio
from collections.abc import Callable


async def until(condition: Callable[[], object], within: float = 5) -> None:
    """Let the others run until the condition holds; TimeoutError when it does not within that many seconds."""
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110 (what is waited for is a plain list)
            await asyncio.sleep(0.001)
