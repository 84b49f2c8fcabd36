"""Living environments: partial indexes for the lists that leave destroyed ones out.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

IS_LIVING = sa.text("status <> 'destroyed'")


def upgrade() -> None:
    op.create_index("ix_environments_living_id", "environments", ["id"], postgresql_where=IS_LIVING)
    op.create_index(
        "ix_environments_living_team_id", "environments", ["team", "id"], postgresql_where=IS_LIVING
    )


def downgrade() -> None:
    op.drop_index("ix_environments_living_team_id", table_name="environments")
    op.drop_index("ix_environments_living_id", table_name="environments")
