"""What is done once a night: broken promises are looked for, files that belong to no message are swept."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from casework.audit import faults
from storage import threads
from storage.audit import snapshot

log = logging.getLogger(__name__)

AT = time(3, 30)
KEPT = timedelta(days=1)  # a file comes before its row: what is younger may still get one


class Nightly:
    """`app` gives database, world, settings and clock."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def run(self, now: datetime) -> None:
        """Both, outside the writer. What fails is logged and tried again the next night."""
        for job in (self.audit, self.sweep):
            try:
                await asyncio.to_thread(job, now)
            except Exception as error:
                log.error("nightly %s failed: %s", job.__name__, type(error).__name__)

    def audit(self, now: datetime) -> int:
        """Every broken promise is an error in the log, by the case's number; how many there are."""
        with self._app.database.reading() as conn:
            found = faults(snapshot(conn, self._app.world.policy, now))
        for fault in found:
            log.error("broken promise: %s", fault)
        return len(found)

    def sweep(self, now: datetime) -> int:
        """Files on disk that no row names, a day after they came; how many went."""
        old = self._app.clock.wall().timestamp() - KEPT.total_seconds()
        folder = Path(self._app.settings.data.folder) / "media"
        files = [path for path in folder.glob("*/*") if path.is_file() and path.stat().st_mtime < old]
        if not files:
            return 0
        with self._app.database.reading() as conn:
            known = threads.kept_files(conn)
        orphans = [path for path in files if path.name not in known]
        for path in orphans:
            path.unlink(missing_ok=True)
        return len(orphans)
