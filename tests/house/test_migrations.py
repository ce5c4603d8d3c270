"""The migrations lead to exactly the tables that the models say, on both databases."""

import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from sqlmodel import SQLModel

import storage.tables
from casework.errors import JiesuError
from storage.database import Database

pytest_plugins = ["tests.fakes.postgres"]


def migrated(url: str) -> Database:
    database = Database(url)
    assert database.migrate()
    return database


def differences(database: Database) -> list[object]:
    with database.reading() as conn:
        return list(compare_metadata(MigrationContext.configure(conn), SQLModel.metadata))


def created(url: str) -> Database:
    """A database made from the models alone."""
    database = Database(url)
    with database.writing() as conn:
        SQLModel.metadata.create_all(conn)
    return database


def sqlite_indexes(conn: Connection) -> dict[str, str]:
    rows = conn.execute(text("select name, sql from sqlite_master where type = 'index' and sql is not null"))
    return {name: " ".join(sql.replace('"', "").split()) for name, sql in rows}


def postgres_indexes(conn: Connection) -> dict[str, str]:
    rows = conn.execute(text("select indexname, indexdef from pg_indexes where tablename <> 'alembic_version'"))
    return {name: sql for name, sql in rows if "pg_catalog" not in sql}


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/jiesu.db"


def test_sqlite_needs_no_further_migration(sqlite_url: str):
    database = migrated(sqlite_url)
    assert differences(database) == []
    assert not database.migrate()
    database.close()


def test_sqlite_has_every_index_with_its_condition(sqlite_url: str, tmp_path: Path):
    ours, models = migrated(sqlite_url), created(f"sqlite:///{tmp_path}/models.db")
    with ours.reading() as a, models.reading() as b:
        assert sqlite_indexes(a) == sqlite_indexes(b)
        assert sum(" WHERE " in sql for sql in sqlite_indexes(a).values()) > 10
    ours.close()
    models.close()


def test_postgresql_needs_no_further_migration(postgres_url: str):
    database = migrated(postgres_url)
    assert differences(database) == []
    assert not database.migrate()
    database.close()


def test_postgresql_has_every_index_with_its_condition(postgres_url: str):
    database = migrated(postgres_url)
    with database.reading() as conn:
        ours = postgres_indexes(conn)
    with database.writing() as conn:
        SQLModel.metadata.drop_all(conn)
        SQLModel.metadata.create_all(conn)
    with database.reading() as conn:
        assert postgres_indexes(conn) == ours
    database.close()


def test_several_processes_may_start_at_once(sqlite_url: str):
    done: list[bool] = []

    def start() -> None:
        database = Database(sqlite_url)
        done.append(database.migrate())
        database.close()

    starts = [threading.Thread(target=start) for _ in range(4)]
    for each in starts:
        each.start()
    for each in starts:
        each.join()
    assert sorted(done) == [False, False, False, True]


def test_a_database_of_a_later_version_is_left_alone(sqlite_url: str):
    database = migrated(sqlite_url)
    with database.writing() as conn:
        conn.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(JiesuError, match="比这个程序新"):
        database.migrate()
    database.close()


def test_foreign_keys_are_watched_after_a_migration(sqlite_url: str):
    database = migrated(sqlite_url)
    with database.writing() as conn:
        assert conn.exec_driver_sql("pragma foreign_keys").scalar() == 1
        assert conn.exec_driver_sql("pragma journal_mode").scalar() == "wal"
        assert conn.exec_driver_sql("pragma synchronous").scalar() == 2
    database.close()


def test_every_table_is_there(sqlite_url: str):
    database = migrated(sqlite_url)
    with database.reading() as conn:
        assert set(inspect(conn).get_table_names()) == {*SQLModel.metadata.tables, "alembic_version"}
    assert storage.tables.Case.__tablename__ in SQLModel.metadata.tables
    database.close()
