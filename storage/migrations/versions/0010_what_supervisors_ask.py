"""What supervisors ask: the words of cases, notices to residents, and the indexes of complaints and merged cases

Revision 0010, after 0009. Words of the cases that are there are cut at the next start.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString


def _partial(where: str) -> dict[str, object]:
    return {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)}


def upgrade() -> None:
    op.create_index("case_spoken_of", "cases", ["filed_at"], **_partial("accused_level > 0"))
    op.create_index("case_merged", "cases", ["merged_into"], **_partial("merged_into IS NOT NULL"))
    op.create_table(
        "case_word",
        sa.Column("word", TEXT(), primary_key=True),
        sa.Column("day", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("case_id", TEXT(), sa.ForeignKey("cases.id"), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "notice",
        sa.Column("id", TEXT(), primary_key=True),
        sa.Column("person_id", TEXT(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("post_id", TEXT(), sa.ForeignKey("post.id"), nullable=False),
        sa.Column("where_id", TEXT(), nullable=False),
        sa.Column("words", TEXT(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", TEXT(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("ix_notice_person_id", "notice", ["person_id"])
    op.create_table(
        "notice_to",
        sa.Column("notice_id", TEXT(), sa.ForeignKey("notice.id"), primary_key=True),
        sa.Column("person_id", TEXT(), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("outcome", TEXT(), nullable=False),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("timer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("notice_id", TEXT(), nullable=True))
        batch_op.create_index(batch_op.f("ix_timer_notice_id"), ["notice_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("timer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_timer_notice_id"))
        batch_op.drop_column("notice_id")
    for table in ("notice_to", "notice", "case_word"):
        op.drop_table(table)
    op.drop_index("case_merged", table_name="cases")
    op.drop_index("case_spoken_of", table_name="cases")
