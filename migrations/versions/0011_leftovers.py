"""Leftovers: what a scan by tag found standing after a destroy.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("operations", sa.Column("leftovers", postgresql.JSONB))


def downgrade() -> None:
    op.drop_column("operations", "leftovers")
