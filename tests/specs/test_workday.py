"""The overview at eight and five in the running program: by its clock, each once, whoever else fails, also after a restart."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot import workday
from bot.app import App
from bot.channels import Incoming
from bot.settings import load
from bot.workday import Workdays
from storage import tables as t
from storage.database import Database
from tests.specs.test_morning import _stopped_while

OUT: Any = t.Outbox.__table__  # type: ignore[attr-defined]
LAMP, OTHER = "锦绣苑3号楼楼道灯不亮", "锦绣苑36号楼楼道灯不亮"
MORNING, EVENING = "digest.worker_morning", "digest.worker_evening"


@pytest.fixture(autouse=True)
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"DATABASE__URL": f"sqlite:///{tmp_path}/jiesu.db", "DATA__FOLDER": str(tmp_path), "WEB__PORT": "0"}.items():
        monkeypatch.setenv(f"JIESU_{name}", value)


def told(database: Database) -> Counter[tuple[str, str]]:
    """How often each person was told what."""
    with database.reading() as conn:
        rows = conn.execute(select(OUT.c.key, OUT.c.person_id).where(OUT.c.key.startswith("digest.worker"), OUT.c.state == "sent"))
        return Counter((row[0], row[1]) for row in rows)


async def file(app: App, *words: str) -> None:
    """A resident writes; what nobody acknowledges is unfinished."""
    for each in words:
        await app.inbox.receive(Incoming("jiesu-test", each, "somebody", text=each))
    await app.engine.forward(timedelta(minutes=1))


async def to(app: App, hour: int) -> None:
    local = app.clock.now().astimezone(app.world.policy.calendar.zone)
    then = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    await app.engine.forward((then if then > local else then + timedelta(days=1)) - local)


async def started() -> App:
    app = App(load())
    await app.start()
    return app


async def test_at_five_and_at_eight_each_is_told_once():
    app = await started()
    await file(app, LAMP)
    assert not told(app.database)
    await to(app, 17)
    evening = told(app.database)
    assert {key for key, _ in evening} == {EVENING}
    await app.engine.forward(timedelta(hours=1))
    assert told(app.database) == evening
    await to(app, 8)
    assert {key for key, _ in told(app.database)} == {EVENING, MORNING}
    assert set(told(app.database).values()) == {1}
    await app.stop()


async def test_one_that_fails_keeps_nobody_else(monkeypatch: pytest.MonkeyPatch):
    app = await started()
    await file(app, LAMP, OTHER)
    readers = workday.workday.readers
    tell = workday.workday.tell
    with app.database.reading() as conn:
        victim, *others = readers(conn, app.world, app.clock.now(), True)
    assert others

    def failing(conn: Any, **told: Any) -> Any:
        if told["reader"] == victim:
            raise ValueError
        return tell(conn, **told)

    monkeypatch.setattr(workday.workday, "tell", failing)
    await to(app, 17)
    first = {person for _, person in told(app.database)}
    assert first
    assert victim not in first
    monkeypatch.undo()
    await Workdays(app).evening(app.clock.now())
    await app.outbox.flush()
    assert victim in {person for _, person in told(app.database)}
    assert set(told(app.database).values()) == {1}
    await app.stop()


async def test_a_start_over_the_hour_makes_up_for_it():
    app = await started()
    await file(app, LAMP)
    await to(app, 17)
    before = sum(told(app.database).values())
    await app.stop()
    await _stopped_while(app, timedelta(hours=25))  # 18:00 of the next day
    app = await started()
    await asyncio.gather(*(task for task in asyncio.all_tasks() if task.get_name() == "make up for the working day"))
    await app.outbox.flush()
    assert sum(n for (key, _), n in told(app.database).items() if key == EVENING) > before
    await app.stop()
