"""Alembic's entry: runs on the connection that Database.migrate() hands over, in its transaction. Logging is left alone."""

from typing import Any

from alembic import context
from sqlmodel import SQLModel

import storage.tables


def render(kind: str, thing: Any, autogen: Any) -> str | bool:
    """Revisions must not change with our code: our own time type is written as what it is in the database."""
    if kind == "type" and isinstance(thing, storage.tables.Utc):
        return "sa.DateTime(timezone=True)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    render_item=render,
)
with context.begin_transaction():
    context.run_migrations()
