"""Tokens of services and people; the audit log by team.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "tokens",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(128), nullable=False),
        sa.Column("team", sa.String(30)),
        sa.Column("grants", postgresql.JSONB, nullable=False),
        sa.Column("permissions", postgresql.ARRAY(sa.String(64))),
        sa.Column("forwards_users", sa.Boolean, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("created_by", sa.String(255), nullable=False),
        sa.Column("created_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("last_used_at", MOMENT),
        sa.Column("revoked_at", MOMENT),
        sa.Column("revoked_by", sa.String(255)),
    )
    op.create_index("uq_tokens_digest", "tokens", ["digest"], unique=True)
    op.create_index("ix_tokens_subject_id", "tokens", ["subject", "id"])
    op.create_index("ix_tokens_team_id", "tokens", ["team", "id"])
    op.create_index("ix_audit_log_team_id", "audit_log", ["team", "id"])


def downgrade() -> None:
    op.drop_index("ix_audit_log_team_id", "audit_log")
    op.drop_table("tokens")
