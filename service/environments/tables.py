"""Rows of environments."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, Index, String, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.core.database import Base

IS_LIVING = "status <> 'destroyed'"


class EnvironmentRow(Base):
    """One environment; (team, name) is unique among those not destroyed."""

    __tablename__ = "environments"
    __table_args__ = (
        Index(
            "uq_environments_team_name_living",
            "team",
            "name",
            unique=True,
            postgresql_where=text(IS_LIVING),
        ),
        Index("ix_environments_team_id", "team", "id"),
        Index("ix_environments_status_id", "status", "id"),
        # What lists show by default; the destroyed ones, which only grow in number, are not waded through.
        Index("ix_environments_living_id", "id", postgresql_where=text(IS_LIVING)),
        Index("ix_environments_living_team_id", "team", "id", postgresql_where=text(IS_LIVING)),
        Index(
            "ix_environments_expires_at",
            "expires_at",
            postgresql_where=text(f"expires_at IS NOT NULL AND {IS_LIVING}"),
        ),
        CheckConstraint("revision > 0", name="revision_is_positive"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    team: Mapped[str] = mapped_column(String(30))
    name: Mapped[str] = mapped_column(String(30))
    orchestrator: Mapped[str] = mapped_column(String(3))
    environment_class: Mapped[str] = mapped_column(String(16))
    account: Mapped[str] = mapped_column(String(64))
    region: Mapped[str] = mapped_column(String(32))
    request: Mapped[dict[str, object]] = mapped_column(JSONB)
    revision: Mapped[int] = mapped_column(server_default=text("1"))
    status: Mapped[str] = mapped_column(String(24))
    is_protected: Mapped[bool]
    is_paused: Mapped[bool] = mapped_column(server_default=text("false"))
    created_by: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    ttl_counts_from: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    expiry_warned_seconds: Mapped[int | None]
    destroyed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    current_operation_id: Mapped[str | None] = mapped_column(String(40))
    last_operation_id: Mapped[str | None] = mapped_column(String(40))
    comparison_id: Mapped[str | None] = mapped_column(String(40))
