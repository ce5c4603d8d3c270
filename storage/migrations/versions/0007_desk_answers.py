"""Answers that the desk puts among the prepared ones

Revision desk answers, after 0006.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "desk_answer",
        sa.Column("id", TEXT(), primary_key=True),
        sa.Column("topic", TEXT(), nullable=False),
        sa.Column("any_of", sa.JSON(), nullable=False),
        sa.Column("with_any", sa.JSON(), nullable=False),
        sa.Column("text", TEXT(), nullable=False),
        sa.Column("source", TEXT(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("area_id", TEXT(), sa.ForeignKey("area.id"), nullable=True),
        sa.Column("question", TEXT(), nullable=False),
        sa.Column("added_by", TEXT(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("added_post", TEXT(), sa.ForeignKey("post.id"), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", TEXT(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
    )


def downgrade() -> None:
    op.drop_table("desk_answer")
