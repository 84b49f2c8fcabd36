"""Plans and decisions about them; when environments expire; superseded operations.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_plans()
    create_plan_decisions()
    add_expiry()
    add_links_between_operations()


def create_plans() -> None:
    op.create_table(
        "plans",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("operation_id", sa.String(length=40), nullable=False),
        sa.Column("environment_id", sa.String(length=40), nullable=False),
        sa.Column("request", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("blueprint", sa.String(length=64), nullable=False),
        sa.Column("blueprint_version", sa.String(length=32), nullable=False),
        sa.Column("base_state_version", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("steps", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["environment_id"], ["environments.id"], name=op.f("fk_plans_environment_id")
        ),
        sa.ForeignKeyConstraint(["operation_id"], ["operations.id"], name=op.f("fk_plans_operation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
    )
    op.create_index("ix_plans_environment_id_id", "plans", ["environment_id", "id"], unique=False)
    op.create_index("ix_plans_operation_id_id", "plans", ["operation_id", "id"], unique=False)


def create_plan_decisions() -> None:
    op.create_table(
        "plan_decisions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("operation_id", sa.String(length=40), nullable=False),
        sa.Column("plan_id", sa.String(length=40), nullable=False),
        sa.Column("actor", sa.String(length=255), nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operations.id"], name=op.f("fk_plan_decisions_operation_id")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_decisions_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_decisions")),
    )
    op.create_index(
        "uq_plan_decisions_operation_id_plan_id_actor",
        "plan_decisions",
        ["operation_id", "plan_id", "actor"],
        unique=True,
    )


def add_expiry() -> None:
    op.add_column(
        "environments",
        sa.Column(
            "ttl_counts_from", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
    )
    op.add_column("environments", sa.Column("expiry_warned_seconds", sa.Integer(), nullable=True))
    op.execute("UPDATE environments SET ttl_counts_from = created_at")
    op.create_index(
        "ix_environments_expires_at",
        "environments",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("expires_at IS NOT NULL AND status <> 'destroyed'"),
    )


def add_links_between_operations() -> None:
    op.add_column("operations", sa.Column("superseded_by", sa.String(length=40), nullable=True))
    op.add_column("operations", sa.Column("plan_operation_id", sa.String(length=40), nullable=True))
    op.add_column("operations", sa.Column("plan_id", sa.String(length=40), nullable=True))
    op.add_column(
        "operations", sa.Column("approval_rule", postgresql.JSONB(astext_type=sa.Text()), nullable=True)
    )
    op.add_column("operations", sa.Column("approval_expires_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_operations_approval_expires_at",
        "operations",
        ["approval_expires_at"],
        unique=False,
        postgresql_where=sa.text("state = 'awaiting_approval'"),
    )
    op.create_index(
        "ix_operations_plan_operation_id",
        "operations",
        ["plan_operation_id"],
        unique=False,
        postgresql_where=sa.text("plan_operation_id IS NOT NULL"),
    )
    op.create_foreign_key(
        op.f("fk_operations_plan_operation_id"), "operations", "operations", ["plan_operation_id"], ["id"]
    )
    op.create_foreign_key(
        op.f("fk_operations_superseded_by"), "operations", "operations", ["superseded_by"], ["id"]
    )


def downgrade() -> None:
    for column in (
        "approval_expires_at",
        "approval_rule",
        "plan_id",
        "plan_operation_id",
        "superseded_by",
    ):
        op.drop_column("operations", column)
    for column in ("expiry_warned_seconds", "ttl_counts_from"):
        op.drop_column("environments", column)
    for table in ("plan_decisions", "plans"):
        op.drop_table(table)
