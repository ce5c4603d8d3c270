"""What a platform sent and nobody could read is kept as it came, for who mends the reading: data/unread, for the owner only."""

from __future__ import annotations

import hashlib
import logging
import os
from pathlib import Path

log = logging.getLogger(__name__)

FOLDER = "unread"
MOST = 500  # files; what never stops coming must not fill the disk


def keep_unread(data: Path, channel: str, raw: bytes) -> Path | None:
    """The file it is kept in; the same again is the same file. None: it could not be kept, and the log says so."""
    path = data / FOLDER / f"{channel}-{hashlib.sha256(raw).hexdigest()[:24]}.json"
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists() and sum(1 for _ in path.parent.iterdir()) >= MOST:
            log.error("%s is full: what cannot be read is not kept any more. Look at it and empty it", path.parent)
            return None
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(raw)
    except OSError as error:
        log.error("what could not be read could not be kept either: %s", type(error).__name__)
        return None
    log.error("something from %s cannot be read; it is kept in %s", channel, path)
    return path
