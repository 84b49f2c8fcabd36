"""The audit log's filters by operation, request, action and time: rare values no longer read all of it.

Revision ID: 0019
Revises: 0018
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

FILTERS = ("operation_id", "request_id", "action")  # with `id`: entries are listed newest first


def upgrade() -> None:
    for column in FILTERS:
        op.create_index(f"ix_audit_log_{column}_id", "audit_log", [column, "id"], unique=False)
    op.create_index("ix_audit_log_at", "audit_log", ["at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_audit_log_at", table_name="audit_log")
    for column in FILTERS:
        op.drop_index(f"ix_audit_log_{column}_id", table_name="audit_log")
