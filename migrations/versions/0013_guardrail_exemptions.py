"""Exemptions from guardrails.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "guardrail_exemptions",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("rule", sa.String(40), nullable=False),
        sa.Column("team", sa.String(30), nullable=False),
        sa.Column("environment_id", sa.String(40)),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("created_by", sa.String(255), nullable=False),
        sa.Column("created_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("revoked_at", MOMENT),
        sa.Column("revoked_by", sa.String(255)),
        sa.CheckConstraint("until > created_at", name="ends_after_it_begins"),
    )
    op.create_index(
        "ix_guardrail_exemptions_team",
        "guardrail_exemptions",
        ["team"],
        postgresql_where=sa.text("revoked_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("guardrail_exemptions")
