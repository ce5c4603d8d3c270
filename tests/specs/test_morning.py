"""The morning's overview in the running program: at eight by its clock, each desk once, whoever else fails, also after a restart."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from bot import morning
from bot.app import App
from bot.cli import app as commands
from bot.morning import DAY, Mornings
from bot.settings import load
from storage import tables as t
from storage.database import Database
from storage.settings import setting

OUT: Any = t.Outbox.__table__  # type: ignore[attr-defined]
DESKS = 47 + 7 + 4


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"DATABASE__URL": f"sqlite:///{tmp_path}/jiesu.db", "DATA__FOLDER": str(tmp_path), "WEB__PORT": "0"}.items():
        monkeypatch.setenv(f"JIESU_{name}", value)


@pytest.fixture
async def app(environ: None):
    made = App(load())
    await made.start()
    yield made
    await made.stop()


def told(database: Database) -> dict[str, int]:
    """How many digests each person has got."""
    query = select(OUT.c.person_id, func.count()).where(OUT.c.key == "digest.morning", OUT.c.state == "sent").group_by(OUT.c.person_id)
    with database.reading() as conn:
        return {row[0]: row[1] for row in conn.execute(query)}


def last_day(database: Database) -> str | None:
    with database.reading() as conn:
        return setting(conn, DAY)


async def to_eight(app: App) -> None:
    """To the next eight o'clock; a new demonstration begins at ten."""
    zone = app.world.policy.calendar.zone
    local = app.clock.now().astimezone(zone)
    eight = local.replace(hour=8, minute=0, second=0, microsecond=0)
    await app.engine.forward((eight if eight > local else eight + timedelta(days=1)) - local)


async def test_at_eight_each_desk_is_told_once(app: App):
    assert told(app.database) == {}
    await to_eight(app)
    assert len(told(app.database)) == DESKS
    await app.engine.forward(timedelta(hours=1))
    assert set(told(app.database).values()) == {1}
    await to_eight(app)
    assert set(told(app.database).values()) == {2}


async def test_one_that_fails_keeps_nobody_else(app: App, monkeypatch: pytest.MonkeyPatch):
    with app.database.reading() as conn:
        victim = conn.execute(select(t.Holding.__table__.c.person_id).where(t.Holding.__table__.c.post_id == "cs-s1c1")).scalar_one()  # type: ignore[attr-defined]
    tell = morning.tell

    def failing(conn: Any, world: Any, now: Any, reader: Any, what: Any) -> Any:
        if reader == victim:
            raise ValueError
        return tell(conn, world, now, reader, what)

    monkeypatch.setattr(morning, "tell", failing)
    await to_eight(app)
    assert len(told(app.database)) == DESKS - 1
    assert victim not in told(app.database)
    assert last_day(app.database) is None  # not everybody: the next start tries again
    monkeypatch.undo()
    await Mornings(app).run(app.clock.now())
    await app.outbox.flush()
    assert set(told(app.database).values()) == {1}
    assert len(told(app.database)) == DESKS
    assert last_day(app.database) is not None


@pytest.mark.usefixtures("environ")
async def test_a_start_over_eight_o_clock_makes_up_for_it_until_noon():
    """Told yesterday, stopped before eight, started again at nine: told then; and again at ten: not once more."""
    app = App(load())
    await app.start()
    await to_eight(app)
    await app.stop()
    for hours, expected in ((25, 2), (1, 2), (28, 2)):  # nine and ten of the next day; two in the afternoon of the one after
        await _stopped_while(app, timedelta(hours=hours))
        app = App(load())
        await app.start()
        await _made_up()
        await app.outbox.flush()
        assert set(told(app.database).values()) == {expected}
        await app.stop()


async def _stopped_while(app: App, by: timedelta) -> None:
    """Time goes by while nothing runs: the demonstration's clock stands on, by what is kept of it."""
    from bot.engine import OFFSET
    from storage.settings import put_setting

    database = Database(load().database.url)
    with database.writing() as conn:
        put_setting(conn, OFFSET, str((app.clock.offset + by).total_seconds()))
    database.close()


async def _made_up() -> None:
    await asyncio.gather(*(task for task in asyncio.all_tasks() if task.get_name() == "make up for the morning"))


async def test_a_new_town_is_not_told_at_its_start(app: App):
    await _made_up()
    assert told(app.database) == {}


async def test_org_check_works_while_jiesu_runs(app: App):
    ended = await asyncio.to_thread(CliRunner().invoke, commands, ["org", "check", "--json"])
    assert ended.exit_code == 0
    assert json.loads(ended.output)["counts"]["not_in"] > 500
