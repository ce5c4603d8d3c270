"""Roll-ups: figures by area, period and category, topics, durations

Revision figures, after 0002. They are filled at the next start from the cases that are there.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
COUNTERS = (
    "filed", "open", "emergency", "urgent", "by_web", "by_telegram", "by_wechat", "by_phone", "by_other", "from_resident", "from_visit",
    "from_staff", "from_hotline", "from_other", "response_of", "response_good", "answers", "solved", "partly", "graded", "satisfied",
    "mostly", "reopened", "unanswered", "withdrawn", "dismissed", "coordinating",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "figure",
        sa.Column("area_id", TEXT(), primary_key=True),
        sa.Column("span", TEXT(), primary_key=True),
        sa.Column("start", sa.Date(), primary_key=True),
        sa.Column("struck", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("category", TEXT(), primary_key=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTERS),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "topic_figure",
        sa.Column("span", TEXT(), primary_key=True),
        sa.Column("start", sa.Date(), primary_key=True),
        sa.Column("area_id", TEXT(), primary_key=True),
        sa.Column("category", TEXT(), primary_key=True),
        sa.Column("topic", TEXT(), primary_key=True),
        sa.Column("filed", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "duration_figure",
        sa.Column("area_id", TEXT(), primary_key=True),
        sa.Column("measure", TEXT(), primary_key=True),
        sa.Column("start", sa.Date(), primary_key=True),
        sa.Column("bucket", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    for table in ("duration_figure", "topic_figure", "figure"):
        op.drop_table(table)
