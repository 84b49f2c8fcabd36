"""Rows of operations."""

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, Index, String, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.core.database import Base


class OperationRow(Base):
    """One operation, with the request as it was when it was asked for."""

    __tablename__ = "operations"
    __table_args__ = (
        Index("ix_operations_environment_id_id", "environment_id", "id"),
        Index(
            "uq_operations_one_running_per_environment",
            "environment_id",
            unique=True,
            postgresql_where=text("state = 'running'"),
        ),
        Index(
            "ix_operations_waiting",
            "environment_id",
            "id",
            postgresql_where=text("state IN ('pending', 'awaiting_approval', 'queued')"),
        ),
        Index(
            "ix_operations_plan_operation_id",
            "plan_operation_id",
            postgresql_where=text("plan_operation_id IS NOT NULL"),
        ),
        Index(
            "ix_operations_approval_expires_at",
            "approval_expires_at",
            postgresql_where=text("state = 'awaiting_approval'"),
        ),
        Index("ix_operations_lease_until", "lease_until", postgresql_where=text("state = 'running'")),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    environment_id: Mapped[str] = mapped_column(ForeignKey("environments.id"))
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(24))
    blueprint: Mapped[str] = mapped_column(String(64))
    blueprint_version: Mapped[str] = mapped_column(String(32))
    request: Mapped[dict[str, object]] = mapped_column(JSONB)
    options: Mapped[dict[str, object]] = mapped_column(JSONB, server_default=text("'{}'"))
    created_by: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    started_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    cancel_requested_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    retry_of: Mapped[str | None] = mapped_column(ForeignKey("operations.id"))
    superseded_by: Mapped[str | None] = mapped_column(ForeignKey("operations.id"))
    plan_operation_id: Mapped[str | None] = mapped_column(ForeignKey("operations.id"))
    plan_id: Mapped[str | None] = mapped_column(String(40))
    approval_rule: Mapped[dict[str, object] | None] = mapped_column(JSONB)
    approval_expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    findings: Mapped[list[dict[str, object]]] = mapped_column(JSONB, server_default=text("'[]'"))
    epoch: Mapped[int] = mapped_column(server_default=text("0"))
    lease_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    worker: Mapped[str | None] = mapped_column(Text)
    engine: Mapped[str | None] = mapped_column(String(16))
    engine_version: Mapped[str | None] = mapped_column(String(64))
    changes: Mapped[dict[str, object] | None] = mapped_column(JSONB)
    cost: Mapped[dict[str, object] | None] = mapped_column(JSONB)
    failure: Mapped[dict[str, object] | None] = mapped_column(JSONB)
    leftovers: Mapped[list[dict[str, object]] | None] = mapped_column(JSONB)
    base_state_version: Mapped[int | None]
    state_version: Mapped[int | None]
