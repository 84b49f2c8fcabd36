"""Rows of state: versions of deployments, and what they show of resources and outputs."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    String,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.core.database import Base


class StateVersionRow(Base):
    """The deployment that an operation left behind, whole, compressed, its secrets encrypted."""

    __tablename__ = "state_versions"
    __table_args__ = (
        Index("uq_state_versions_stack_id_number", "stack_id", "number", unique=True),
        Index("ix_state_versions_operation_id", "operation_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    stack_id: Mapped[str] = mapped_column(ForeignKey("stacks.id", ondelete="CASCADE"))
    number: Mapped[int]
    operation_id: Mapped[str | None] = mapped_column(String(40))
    update_id: Mapped[str | None] = mapped_column(String(36))
    is_good: Mapped[bool]
    schema_version: Mapped[int]
    features: Mapped[list[str]] = mapped_column(ARRAY(Text))
    deployment: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int]
    resource_count: Mapped[int]
    pending_operation_count: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class ResourceRow(Base):
    """A resource of a stack's newest state version, secrets masked, at its place in the deployment."""

    __tablename__ = "resources"

    stack_id: Mapped[str] = mapped_column(ForeignKey("stacks.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    urn: Mapped[str] = mapped_column(Text)
    type: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    provider_id: Mapped[str | None] = mapped_column(Text)
    parent: Mapped[str | None] = mapped_column(Text)
    dependencies: Mapped[list[str]] = mapped_column(ARRAY(Text))
    is_custom: Mapped[bool]
    is_external: Mapped[bool]
    is_protected: Mapped[bool]
    is_pending_delete: Mapped[bool]
    inputs: Mapped[dict[str, object]] = mapped_column(JSONB)
    outputs: Mapped[dict[str, object]] = mapped_column(JSONB)
    created_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    modified_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class OutputRow(Base):
    """An output of a stack as the last good operation left it; stale once a later one has failed."""

    __tablename__ = "outputs"

    stack_id: Mapped[str] = mapped_column(ForeignKey("stacks.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[object] = mapped_column(JSONB, nullable=False)
    is_secret: Mapped[bool]
    is_stale: Mapped[bool] = mapped_column(server_default=text("false"))
    state_version: Mapped[int]


class StateUploadRow(Base):
    """A state that an import is to put in place: sealed on arrival, kept until its operation runs."""

    __tablename__ = "state_uploads"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    environment_id: Mapped[str] = mapped_column(ForeignKey("environments.id"))
    schema_version: Mapped[int]
    features: Mapped[list[str]] = mapped_column(ARRAY(Text))
    deployment: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int]
    resource_count: Mapped[int]
    pending_operation_count: Mapped[int]
    uploaded_by: Mapped[str] = mapped_column(String(255))
    uploaded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
