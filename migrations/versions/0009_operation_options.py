"""What operations are asked besides their kind, and drift reports.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("operations", sa.Column("options", JSONB, server_default=sa.text("'{}'"), nullable=False))
    op.create_table(
        "drift_reports",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("environment_id", sa.String(40), sa.ForeignKey("environments.id"), nullable=False),
        sa.Column("operation_id", sa.String(40), sa.ForeignKey("operations.id"), nullable=False, unique=True),
        sa.Column("checked_at", MOMENT, nullable=False),
        sa.Column("state_version", sa.Integer),
        sa.Column("drifted_count", sa.Integer, nullable=False),
        sa.Column("gone_count", sa.Integer, nullable=False),
        sa.Column("resources", JSONB, nullable=False),
    )
    op.create_index("ix_drift_reports_environment_id_id", "drift_reports", ["environment_id", "id"])
    op.create_table(
        "state_uploads",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("environment_id", sa.String(40), sa.ForeignKey("environments.id"), nullable=False),
        sa.Column("schema_version", sa.Integer, nullable=False),
        sa.Column("features", ARRAY(sa.Text), nullable=False),
        sa.Column("deployment", sa.LargeBinary, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("size_bytes", sa.Integer, nullable=False),
        sa.Column("resource_count", sa.Integer, nullable=False),
        sa.Column("pending_operation_count", sa.Integer, nullable=False),
        sa.Column("uploaded_by", sa.String(255), nullable=False),
        sa.Column("uploaded_at", MOMENT, server_default=sa.func.now(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("state_uploads")
    op.drop_table("drift_reports")
    op.drop_column("operations", "options")
