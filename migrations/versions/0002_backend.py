"""The Pulumi backend: stacks, keys, tokens, updates, journals; state versions, resources, outputs.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_stacks()
    create_outputs()
    create_resources()
    create_stack_data_keys()
    create_stack_tokens()
    create_state_versions()
    create_updates()
    create_journal_batches()
    create_update_checkpoints()
    create_update_events()


def create_stacks() -> None:
    op.create_table(
        "stacks",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("environment_id", sa.String(length=40), nullable=True),
        sa.Column("team", sa.String(length=64), nullable=False),
        sa.Column("project", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column(
            "tags", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("key_generation", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("active_update_id", sa.String(length=36), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["environment_id"], ["environments.id"], name=op.f("fk_stacks_environment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stacks")),
        sa.UniqueConstraint("environment_id", name=op.f("uq_stacks_environment_id")),
    )
    op.create_index("ix_stacks_tags", "stacks", ["tags"], unique=False, postgresql_using="gin")
    op.create_index(
        "ix_stacks_team_project_name_id", "stacks", ["team", "project", "name", "id"], unique=False
    )
    op.create_index(
        "uq_stacks_team_project_name_living",
        "stacks",
        ["team", "project", "name"],
        unique=True,
        postgresql_where=sa.text("retired_at IS NULL"),
    )


def create_outputs() -> None:
    op.create_table(
        "outputs",
        sa.Column("stack_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("is_secret", sa.Boolean(), nullable=False),
        sa.Column("is_stale", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("state_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["stack_id"], ["stacks.id"], name=op.f("fk_outputs_stack_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("stack_id", "name", name=op.f("pk_outputs")),
    )


def create_resources() -> None:
    op.create_table(
        "resources",
        sa.Column("stack_id", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("urn", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=True),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("dependencies", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("is_custom", sa.Boolean(), nullable=False),
        sa.Column("is_external", sa.Boolean(), nullable=False),
        sa.Column("is_protected", sa.Boolean(), nullable=False),
        sa.Column("is_pending_delete", sa.Boolean(), nullable=False),
        sa.Column("inputs", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("outputs", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("modified_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["stack_id"], ["stacks.id"], name=op.f("fk_resources_stack_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("stack_id", "position", name=op.f("pk_resources")),
    )


def create_stack_data_keys() -> None:
    op.create_table(
        "stack_data_keys",
        sa.Column("stack_id", sa.String(length=40), nullable=False),
        sa.Column("generation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("wrapping_key_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["stack_id"], ["stacks.id"], name=op.f("fk_stack_data_keys_stack_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("stack_id", "generation", name=op.f("pk_stack_data_keys")),
    )
    op.create_index(
        op.f("ix_stack_data_keys_wrapping_key_id"), "stack_data_keys", ["wrapping_key_id"], unique=False
    )


def create_stack_tokens() -> None:
    op.create_table(
        "stack_tokens",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("stack_id", sa.String(length=40), nullable=False),
        sa.Column("operation_id", sa.String(length=40), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operations.id"], name=op.f("fk_stack_tokens_operation_id")
        ),
        sa.ForeignKeyConstraint(
            ["stack_id"], ["stacks.id"], name=op.f("fk_stack_tokens_stack_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_stack_tokens")),
    )
    op.create_index(op.f("ix_stack_tokens_operation_id"), "stack_tokens", ["operation_id"], unique=False)


def create_state_versions() -> None:
    op.create_table(
        "state_versions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("stack_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("operation_id", sa.String(length=40), nullable=True),
        sa.Column("update_id", sa.String(length=36), nullable=True),
        sa.Column("is_good", sa.Boolean(), nullable=False),
        sa.Column("schema_version", sa.Integer(), nullable=False),
        sa.Column("features", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("deployment", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("resource_count", sa.Integer(), nullable=False),
        sa.Column("pending_operation_count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["stack_id"], ["stacks.id"], name=op.f("fk_state_versions_stack_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_state_versions")),
    )
    op.create_index("ix_state_versions_operation_id", "state_versions", ["operation_id"], unique=False)
    op.create_index(
        "uq_state_versions_stack_id_number", "state_versions", ["stack_id", "number"], unique=True
    )


def create_updates() -> None:
    op.create_table(
        "updates",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("stack_id", sa.String(length=40), nullable=False),
        sa.Column("operation_id", sa.String(length=40), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("base_version", sa.Integer(), nullable=True),
        sa.Column("requested_by", sa.String(length=255), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("metadata", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("config", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("engine_version", sa.String(length=64), nullable=False),
        sa.Column("journal_version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("lease_hash", sa.LargeBinary(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resource_changes", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("resource_count", sa.Integer(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["operation_id"], ["operations.id"], name=op.f("fk_updates_operation_id")),
        sa.ForeignKeyConstraint(
            ["stack_id"], ["stacks.id"], name=op.f("fk_updates_stack_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_updates")),
    )
    op.create_index("ix_updates_operation_id_status", "updates", ["operation_id", "status"], unique=False)
    op.create_index("ix_updates_stack_id_kind_id", "updates", ["stack_id", "kind", "id"], unique=False)
    op.create_index(
        "uq_updates_stack_id_version",
        "updates",
        ["stack_id", "version"],
        unique=True,
        postgresql_where=sa.text("version IS NOT NULL"),
    )


def create_journal_batches() -> None:
    op.create_table(
        "journal_batches",
        sa.Column("update_id", sa.String(length=36), nullable=False),
        sa.Column("first_sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("entry_count", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["update_id"], ["updates.id"], name=op.f("fk_journal_batches_update_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("update_id", "first_sequence", "digest", name=op.f("pk_journal_batches")),
    )


def create_update_checkpoints() -> None:
    op.create_table(
        "update_checkpoints",
        sa.Column("update_id", sa.String(length=36), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["update_id"], ["updates.id"], name=op.f("fk_update_checkpoints_update_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_update_checkpoints")),
    )


def create_update_events() -> None:
    op.create_table(
        "update_events",
        sa.Column("update_id", sa.String(length=36), nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("types", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("urn", sa.Text(), nullable=True),
        sa.Column("event", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["update_id"], ["updates.id"], name=op.f("fk_update_events_update_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("update_id", "sequence", name=op.f("pk_update_events")),
    )


def downgrade() -> None:
    op.drop_table("update_events")
    op.drop_table("update_checkpoints")
    op.drop_table("journal_batches")
    op.drop_table("updates")
    op.drop_table("state_versions")
    op.drop_table("stack_tokens")
    op.drop_table("stack_data_keys")
    op.drop_table("resources")
    op.drop_table("outputs")
    op.drop_table("stacks")
