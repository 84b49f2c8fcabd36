"""Rows of the Pulumi backend: stacks, their keys and tokens, updates and what engines write during one."""

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, Index, LargeBinary, String, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.core.database import Base


class StackRow(Base):
    """A stack. Its name is free for another once this one is retired; its record stays."""

    __tablename__ = "stacks"
    __table_args__ = (
        Index(
            "uq_stacks_team_project_name_living",
            "team",
            "project",
            "name",
            unique=True,
            postgresql_where=text("retired_at IS NULL"),
        ),
        Index("ix_stacks_team_project_name_id", "team", "project", "name", "id"),
        Index("ix_stacks_tags", "tags", postgresql_using="gin"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    environment_id: Mapped[str | None] = mapped_column(ForeignKey("environments.id"), unique=True)
    team: Mapped[str] = mapped_column(String(64))
    project: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(100))
    tags: Mapped[dict[str, str]] = mapped_column(JSONB, server_default=text("'{}'"))
    version: Mapped[int] = mapped_column(server_default=text("0"))
    key_generation: Mapped[int] = mapped_column(server_default=text("0"))
    active_update_id: Mapped[str | None] = mapped_column(String(36))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    retired_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class StackDataKeyRow(Base):
    """A key that encrypts a stack's secrets, itself encrypted: the newest encrypts, all decrypt."""

    __tablename__ = "stack_data_keys"

    stack_id: Mapped[str] = mapped_column(ForeignKey("stacks.id", ondelete="CASCADE"), primary_key=True)
    generation: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    wrapped_key: Mapped[bytes] = mapped_column(LargeBinary)
    wrapping_key_id: Mapped[str] = mapped_column(Text, index=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class StackTokenRow(Base):
    """What an engine presents: bound to one stack and one epoch of one operation. Only its hash is kept."""

    __tablename__ = "stack_tokens"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    stack_id: Mapped[str] = mapped_column(ForeignKey("stacks.id", ondelete="CASCADE"))
    operation_id: Mapped[str] = mapped_column(ForeignKey("operations.id"), index=True)
    epoch: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class UpdateRow(Base):
    """A run of an engine over a stack, from its creation to its result."""

    __tablename__ = "updates"
    __table_args__ = (
        Index(
            "uq_updates_stack_id_version",
            "stack_id",
            "version",
            unique=True,
            postgresql_where=text("version IS NOT NULL"),
        ),
        Index("ix_updates_stack_id_kind_id", "stack_id", "kind", "id"),
        Index("ix_updates_operation_id_status", "operation_id", "status"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    stack_id: Mapped[str] = mapped_column(ForeignKey("stacks.id", ondelete="CASCADE"))
    operation_id: Mapped[str | None] = mapped_column(ForeignKey("operations.id"))
    epoch: Mapped[int | None]
    kind: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16))
    version: Mapped[int | None]
    base_version: Mapped[int | None]
    requested_by: Mapped[str] = mapped_column(String(255))
    message: Mapped[str] = mapped_column(Text)
    metadata_: Mapped[dict[str, str]] = mapped_column("metadata", JSONB)
    config: Mapped[dict[str, object]] = mapped_column(JSONB)
    engine_version: Mapped[str] = mapped_column(String(64))
    journal_version: Mapped[int] = mapped_column(server_default=text("0"))
    lease_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    lease_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    resource_changes: Mapped[dict[str, object] | None] = mapped_column(JSONB)
    resource_count: Mapped[int | None]
    failure: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    started_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class UpdateCheckpointRow(Base):
    """The newest whole checkpoint of an update that is running, as its engine wrote it, compressed."""

    __tablename__ = "update_checkpoints"

    update_id: Mapped[str] = mapped_column(ForeignKey("updates.id", ondelete="CASCADE"), primary_key=True)
    sequence: Mapped[int]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(String(64))


class JournalBatchRow(Base):
    """Journal entries of an update that is running, as one request brought them, compressed."""

    __tablename__ = "journal_batches"

    update_id: Mapped[str] = mapped_column(ForeignKey("updates.id", ondelete="CASCADE"), primary_key=True)
    first_sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    entry_count: Mapped[int]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class UpdateEventRow(Base):
    """An engine event that the CLI posted: the only record of an update that no worker runs."""

    __tablename__ = "update_events"

    update_id: Mapped[str] = mapped_column(ForeignKey("updates.id", ondelete="CASCADE"), primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    types: Mapped[list[str]] = mapped_column(ARRAY(Text))
    urn: Mapped[str | None] = mapped_column(Text)
    event: Mapped[dict[str, object]] = mapped_column(JSONB)
