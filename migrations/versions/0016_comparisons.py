"""Comparisons of an application on ECS and on EKS.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
DOCUMENT = postgresql.JSONB(astext_type=sa.Text())


def upgrade() -> None:
    op.add_column("environments", sa.Column("comparison_id", sa.String(40)))
    op.create_table(
        "comparisons",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("team", sa.String(30), nullable=False),
        sa.Column("name", sa.String(30), nullable=False),
        sa.Column("region", sa.String(32), nullable=False),
        sa.Column("application", DOCUMENT, nullable=False),
        sa.Column("answers", DOCUMENT, nullable=False),
        sa.Column("instance_type", sa.String(40), nullable=False),
        sa.Column("created_by", sa.String(255), nullable=False),
        sa.Column("created_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("finished_at", MOMENT),
    )
    op.create_index("ix_comparisons_team_id", "comparisons", ["team", "id"])
    op.create_index(
        "ix_comparisons_unfinished",
        "comparisons",
        ["created_at"],
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    op.create_table(
        "comparison_sides",
        sa.Column(
            "comparison_id",
            sa.String(40),
            sa.ForeignKey("comparisons.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("orchestrator", sa.String(3), primary_key=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("environment_id", sa.String(40)),
        sa.Column("operation_id", sa.String(40)),
        sa.Column("failure", DOCUMENT),
        sa.Column("resources", sa.LargeBinary),
    )
    op.create_index("uq_comparison_sides_operation_id", "comparison_sides", ["operation_id"], unique=True)
    op.create_index("ix_comparison_sides_environment_id", "comparison_sides", ["environment_id"])


def downgrade() -> None:
    op.drop_table("comparison_sides")
    op.drop_table("comparisons")
    op.drop_column("environments", "comparison_id")
