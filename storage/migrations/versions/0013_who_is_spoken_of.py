"""Of whom each complaint speaks, to be looked up by whom: what is not a reader's to count is found without reading every complaint

Revision 0013, after 0012. It is counted from the cases that are there at the next start.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "spoken_of",
        sa.Column("who", TEXT(), primary_key=True),
        sa.Column("case_id", TEXT(), primary_key=True),
        sa.Column("cases", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )
    _index("area_id", "filed_at", "accused_level")


def downgrade() -> None:
    _index("area_id", "filed_at")
    op.drop_table("spoken_of")


def _index(*columns: str) -> None:
    where = sa.text("accused_level > 0")
    op.drop_index("case_spoken_of_in", table_name="cases")
    op.create_index("case_spoken_of_in", "cases", list(columns), sqlite_where=where, postgresql_where=where)
