"""Pauses, and what is due for environments.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column(
        "environments", sa.Column("is_paused", sa.Boolean, server_default=sa.text("false"), nullable=False)
    )
    op.create_table(
        "scheduled_actions",
        sa.Column("environment_id", sa.String(40), sa.ForeignKey("environments.id"), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("planned_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT),
        sa.Column("changed_by", sa.String(255)),
    )
    op.create_index("ix_scheduled_actions_due_at", "scheduled_actions", ["due_at"])


def downgrade() -> None:
    op.drop_table("scheduled_actions")
    op.drop_column("environments", "is_paused")
