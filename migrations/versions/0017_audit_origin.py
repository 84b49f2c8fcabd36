"""Where each deed of the audit log came from.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("audit_log", sa.Column("remote_address", sa.String(length=45), nullable=True))
    op.add_column("audit_log", sa.Column("user_agent", sa.String(length=256), nullable=True))
    op.create_index("ix_audit_log_remote_address_id", "audit_log", ["remote_address", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_audit_log_remote_address_id", table_name="audit_log")
    op.drop_column("audit_log", "user_agent")
    op.drop_column("audit_log", "remote_address")
