"""Which environments use outputs of which.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "environment_references",
        sa.Column("environment_id", sa.String(40), sa.ForeignKey("environments.id"), primary_key=True),
        sa.Column("used_id", sa.String(40), sa.ForeignKey("environments.id"), primary_key=True),
    )
    op.create_index("ix_environment_references_used_id", "environment_references", ["used_id"])


def downgrade() -> None:
    op.drop_table("environment_references")
