"""Rows of drift reports."""

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.core.database import Base


class DriftReportRow(Base):
    """What one drift detection found; the counts stand beside the resources for the view of the fleet."""

    __tablename__ = "drift_reports"
    __table_args__ = (Index("ix_drift_reports_environment_id_id", "environment_id", "id"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    environment_id: Mapped[str] = mapped_column(ForeignKey("environments.id"))
    operation_id: Mapped[str] = mapped_column(ForeignKey("operations.id"), unique=True)
    checked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    state_version: Mapped[int | None]
    drifted_count: Mapped[int]
    gone_count: Mapped[int]
    resources: Mapped[list[object]] = mapped_column(JSONB)
