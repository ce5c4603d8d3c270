"""Eight in the morning: what is missing and what is due is looked at once, and each desk is told in a turn of its own."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from bot.missing import look
from casework.case import AreaId, Case, PersonId, State
from casework.deadlines import due
from casework.missing import Survey, What
from casework.policy import Policy
from handlers.digest import SLOW, Morning, tell
from handlers.world import World
from storage import missing
from storage.database import Connection
from storage.settings import put_setting, setting

log = logging.getLogger(__name__)

AT = time(8)
UNTIL = time(12)  # a start over eight o'clock makes up for it until then
DAY = "digest_day"  # the setting with the last day on which everybody was told
FIGURES = "digest_slow"  # … and with how much of each slow kind there was then
TRIES = 3
MONDAY = 1
WAITING_FOR_OTHERS = (State.RESOLVED, State.DEFERRED)  # the resident's word, or a day far off


class Mornings:
    """`app` gives database, writer, world, clock and engine."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def make_up(self) -> None:
        """After a start: if everybody was told on some day before, but not today, and it is still morning."""
        try:
            await self._make_up(self._app.clock.now())
        except Exception as error:
            log.error("the morning could not be made up for: %s", type(error).__name__)

    async def _make_up(self, now: datetime) -> None:
        local = now.astimezone(self._app.world.policy.calendar.zone)
        with self._app.database.reading() as conn:
            last = setting(conn, DAY)
        if last is not None and last < local.date().isoformat() and AT <= local.time() < UNTIL:
            await self.run(now)

    async def run(self, now: datetime) -> None:
        """Look outside the writer, then a turn for each desk: one that fails keeps nobody else from being told."""
        try:
            morning = await asyncio.to_thread(self._look, now)
        except Exception as error:
            log.error("the morning's overview could not be made: %s", type(error).__name__)
            return
        told = await asyncio.gather(*(self._tell(now, reader, morning) for reader in morning.readers()))
        self._app.engine.submit_delivery()
        if all(told):
            await self._app.writer.do(lambda conn: remember(conn, morning))

    def _look(self, now: datetime) -> Morning:
        with self._app.database.reading() as conn:
            return overview(conn, self._app.world, now)

    async def _tell(self, now: datetime, reader: PersonId, morning: Morning) -> bool:
        """Whether this desk's turn was written; a second try is for a database that was busy."""
        world = self._app.world
        for _ in range(TRIES):
            try:
                await self._app.writer.do(lambda conn: tell(conn, world, now, reader, morning))
            except Exception as error:
                why = type(error).__name__
            else:
                return True
        log.error("a desk could not be told in the morning: %s", why)
        return False


def overview(conn: Connection, world: World, now: datetime) -> Morning:
    """What there is to tell at this moment."""
    zone = world.policy.calendar.zone
    day = now.astimezone(zone).date()
    midnight = datetime.combine(day + timedelta(days=1), time(0), zone)
    evening = datetime.combine(day, world.policy.calendar.closes, zone)
    next_morning = datetime.combine(day + timedelta(days=1), AT, zone)
    cases = missing.open_in_communities(conn)
    survey = look(conn, world.policy, now, world.answers, push=False)
    if world.demo:  # whoever wants to sits in any chair there: nobody is missing
        survey = survey.without(What.NOT_IN)
    return Morning(
        survey,
        due_between(cases, world.policy, now, evening),
        missing.tasks_due(conn, midnight),
        tonight=due_between(cases, world.policy, max(now, evening), next_morning),
        not_told=missing.not_told(conn),
        late=missing.late(conn),
        slow=day.isoweekday() == MONDAY or more_than(setting(conn, FIGURES), survey),
    )


def due_between(cases: list[Case], policy: Policy, start: datetime, end: datetime) -> Mapping[AreaId, list[Case]]:
    """By community: the cases that somebody has to solve after the one moment and until the other, closing time included, the first
    to fall due first."""
    found: dict[AreaId, list[tuple[datetime, Case]]] = defaultdict(list)
    for case in cases:
        limit = due(case, policy).solve if case.state not in WAITING_FOR_OTHERS else None
        if limit is not None and start < limit <= end and case.community_id is not None:
            found[case.community_id].append((limit, case))
    return {area: [case for _, case in sorted(rows, key=lambda row: (row[0], row[1].id))] for area, rows in found.items()}


def more_than(before: str | None, survey: Survey) -> bool:
    """Whether there is more of anything slow than when it was last kept."""
    kept = json.loads(before or "{}")
    return any(count > kept.get(what, 0) for what, count in _slow(survey).items())


def remember(conn: Connection, morning: Morning) -> None:
    """Everybody has been told today, of so much that is slow."""
    put_setting(conn, DAY, morning.today.isoformat())
    put_setting(conn, FIGURES, json.dumps(_slow(morning.survey)))


def _slow(survey: Survey) -> dict[str, int]:
    return {str(what): count for what, count in survey.counts().items() if what in SLOW}
