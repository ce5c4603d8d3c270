"""For whoever changes tables: `python -m storage.migrations "what changed"` writes the next revision from the models.

Read what it wrote before you keep it: Alembic sees tables, columns and indexes, not what should become of the rows.
"""

import sys
from tempfile import TemporaryDirectory

from alembic import command

from storage.database import Database, alembic_config


def write_revision(message: str) -> None:
    """Compare the models with a fresh database at the newest revision, and write the difference as the next one."""
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/compare.db")
        database.migrate()
        config = alembic_config()
        with database.writing() as conn:
            config.attributes["connection"] = conn
            command.revision(config, message, autogenerate=True, rev_id=_next(config))
        database.close()


def _next(config: object) -> str:
    from alembic.script import ScriptDirectory

    head = ScriptDirectory.from_config(config).get_current_head()  # type: ignore[arg-type]
    return f"{int(head or 0) + 1:04}"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit('what changed? python -m storage.migrations "a column for …"')
    write_revision(sys.argv[1])
