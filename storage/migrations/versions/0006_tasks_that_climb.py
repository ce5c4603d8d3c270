"""Tasks that climb: the desks above that have a task as well

Revision 0006, after 0005.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "task_climb",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("post_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"]),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("task_id", "post_id"),
    )
    with op.batch_alter_table("task_climb", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_climb_post_id"), ["post_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("task_climb", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_task_climb_post_id"))

    op.drop_table("task_climb")
