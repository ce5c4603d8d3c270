"""约时间: a case has an appointment, with whom, and who has been reminded of it; 回访 by telephone is a fact of its own; and in groups a person
has an address for each group

Revision 0005, after 0004.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("appointment_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("appointment_with", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        batch_op.add_column(sa.Column("appointment_told", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("by_telephone", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.add_column(sa.Column("group_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        batch_op.create_index(batch_op.f("ix_address_group_id"), ["group_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_address_group_id"))
        batch_op.drop_column("group_id")

    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_column("by_telephone")
        batch_op.drop_column("appointment_told")
        batch_op.drop_column("appointment_with")
        batch_op.drop_column("appointment_at")
