"""The supervisors' board: indexes that hold only what is late, not acknowledged, ended, or an open complaint about somebody;
sessions and links that are for a big screen

Revision 0011, after 0010.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
LATE = "is_open = 1 AND (solve_missed_at IS NOT NULL OR (acknowledged_at IS NULL AND rung > 0))"
INDEXES = (
    ("case_late", ["filed_at", "area_id", "state"], LATE),
    ("case_unacknowledged", ["area_id", "state"], "is_open = 1 AND acknowledged_at IS NULL"),
    ("case_ended", ["ended_at", "accused_level", "area_id"], "ended_at IS NOT NULL"),
    ("case_open_spoken_of", ["accused_level"], "accused_level > 0 AND is_open = 1"),
)


def upgrade() -> None:
    for name, columns, where in INDEXES:
        op.create_index(name, "cases", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    for table in ("web_session", "link"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("area_id", TEXT(), nullable=True))


def downgrade() -> None:
    for table in ("link", "web_session"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("area_id")
    for name, _, _ in INDEXES:
        op.drop_index(name, table_name="cases")
