"""What operations cost, what the fleet cost day by day, and prices that were refreshed.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
DOCUMENT = postgresql.JSONB(astext_type=sa.Text())
USD = sa.Numeric(14, 2)


def upgrade() -> None:
    op.add_column("operations", sa.Column("cost", DOCUMENT))
    op.create_table(
        "operation_costs",
        sa.Column(
            "operation_id",
            sa.String(40),
            sa.ForeignKey("operations.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column(
            "environment_id",
            sa.String(40),
            sa.ForeignKey("environments.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("is_standing", sa.Boolean, nullable=False),
        sa.Column("min_usd", USD),
        sa.Column("desired_usd", USD),
        sa.Column("max_usd", USD),
        sa.Column("detail", DOCUMENT, nullable=False),
        sa.Column("recorded_at", MOMENT, server_default=sa.func.now(), nullable=False),
    )
    op.create_index(
        "ix_operation_costs_standing",
        "operation_costs",
        ["environment_id", "recorded_at"],
        postgresql_where=sa.text("is_standing"),
    )
    op.create_index(
        "ix_operation_costs_environment_id_recorded_at",
        "operation_costs",
        ["environment_id", "recorded_at"],
    )
    op.create_table(
        "cost_snapshots",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("environment_id", sa.String(40), primary_key=True),
        sa.Column("team", sa.String(30), nullable=False),
        sa.Column("environment_class", sa.String(16), nullable=False),
        sa.Column("orchestrator", sa.String(3), nullable=False),
        sa.Column("min_usd", USD, nullable=False),
        sa.Column("desired_usd", USD, nullable=False),
        sa.Column("max_usd", USD, nullable=False),
    )
    op.create_index("ix_cost_snapshots_team_day", "cost_snapshots", ["team", "day"])
    op.create_table(
        "price_tables",
        sa.Column("region", sa.String(32), primary_key=True),
        sa.Column("document", DOCUMENT),
        sa.Column("as_of", sa.Date),
        sa.Column("refreshed_at", MOMENT),
        sa.Column("attempted_at", MOMENT, server_default=sa.func.now(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("price_tables")
    op.drop_table("cost_snapshots")
    op.drop_table("operation_costs")
    op.drop_column("operations", "cost")
