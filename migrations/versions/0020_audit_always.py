"""The audit log refuses changes also where triggers are turned off, as a restore or a replica does.

Revision ID: 0020
Revises: 0019
"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # `session_replication_role = replica` passes all others by:
    # https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-DISABLE-ENABLE-TRIGGER
    op.execute("ALTER TABLE audit_log ENABLE ALWAYS TRIGGER audit_log_is_append_only")


def downgrade() -> None:
    op.execute("ALTER TABLE audit_log ENABLE TRIGGER audit_log_is_append_only")
