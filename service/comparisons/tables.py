"""Rows of comparisons and their two sides."""

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, Index, LargeBinary, String, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.core.database import Base


class ComparisonRow(Base):
    """One application to be put on ECS and on EKS."""

    __tablename__ = "comparisons"
    __table_args__ = (
        Index("ix_comparisons_team_id", "team", "id"),
        Index("ix_comparisons_unfinished", "created_at", postgresql_where=text("finished_at IS NULL")),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    team: Mapped[str] = mapped_column(String(30))
    name: Mapped[str] = mapped_column(String(30))
    region: Mapped[str] = mapped_column(String(32))
    application: Mapped[dict[str, object]] = mapped_column(JSONB)
    answers: Mapped[dict[str, object]] = mapped_column(JSONB)
    instance_type: Mapped[str] = mapped_column(String(40))
    created_by: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ComparisonSideRow(Base):
    """One side. Its environment and operation are removed some time after the comparison's end."""

    __tablename__ = "comparison_sides"
    __table_args__ = (
        Index("uq_comparison_sides_operation_id", "operation_id", unique=True),
        Index("ix_comparison_sides_environment_id", "environment_id"),
    )

    comparison_id: Mapped[str] = mapped_column(
        ForeignKey("comparisons.id", ondelete="CASCADE"), primary_key=True
    )
    orchestrator: Mapped[str] = mapped_column(String(3), primary_key=True)
    state: Mapped[str] = mapped_column(String(16))
    environment_id: Mapped[str | None] = mapped_column(String(40))
    operation_id: Mapped[str | None] = mapped_column(String(40))
    failure: Mapped[dict[str, object] | None] = mapped_column(JSONB)
    resources: Mapped[bytes | None] = mapped_column(LargeBinary)
