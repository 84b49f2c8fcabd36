"""Rows of the audit log."""

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, Identity, Index, String, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.core.database import Base


class AuditRow(Base):
    """One thing that somebody did; a trigger refuses every change of a row once written.

    It names what it is about without a foreign key: the log outlives its subjects.
    """

    __tablename__ = "audit_log"
    __table_args__ = (
        Index("ix_audit_log_environment_id_id", "environment_id", "id"),
        Index("ix_audit_log_actor_id", "actor", "id"),
        Index("ix_audit_log_team_id", "team", "id"),
        Index("ix_audit_log_remote_address_id", "remote_address", "id"),
        Index("ix_audit_log_operation_id_id", "operation_id", "id"),
        Index("ix_audit_log_request_id_id", "request_id", "id"),
        Index("ix_audit_log_action_id", "action", "id"),
        Index("ix_audit_log_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    actor: Mapped[str] = mapped_column(String(255))
    action: Mapped[str] = mapped_column(String(64))
    team: Mapped[str | None] = mapped_column(String(30))
    environment_id: Mapped[str | None] = mapped_column(String(40))
    operation_id: Mapped[str | None] = mapped_column(String(40))
    request_id: Mapped[str | None] = mapped_column(String(128))
    remote_address: Mapped[str | None] = mapped_column(String(45))
    user_agent: Mapped[str | None] = mapped_column(String(256))
    detail: Mapped[dict[str, object]] = mapped_column(JSONB)
