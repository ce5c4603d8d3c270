"""The days of each week, of grids and of a community's topics: by them what rises is seen; complaints about somebody by area

Revision 0012, after 0011. They are counted from the cases that are there at the next start.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "week_figure",
        sa.Column("start", sa.Date(), primary_key=True),
        sa.Column("area_id", TEXT(), primary_key=True),
        sa.Column("topic", TEXT(), primary_key=True),
        *(sa.Column(day, sa.Integer(), nullable=False) for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")),
        sqlite_with_rowid=False,
    )
    where = sa.text("accused_level > 0")
    op.create_index("case_spoken_of_in", "cases", ["area_id", "filed_at"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("case_spoken_of_in", table_name="cases")
    op.drop_table("week_figure")
