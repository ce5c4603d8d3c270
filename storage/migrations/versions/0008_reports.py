"""Reports: the figures of made ones; a community's cases by their filing; what a file is called

Revision reports, after 0007.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "pack",
        sa.Column("id", sa.Integer(), primary_key=True, nullable=False),
        sa.Column("area_id", TEXT(), sa.ForeignKey("area.id"), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
    )
    op.create_index("pack_area", "pack", ["area_id", "first"])
    op.create_index("case_community", "cases", ["community_id", "filed_at"])
    op.add_column("attachment", sa.Column("name", TEXT(), nullable=True))


def downgrade() -> None:
    op.drop_column("attachment", "name")
    op.drop_index("case_community", "cases")
    op.drop_table("pack")
