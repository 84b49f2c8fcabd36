"""Rows of what operations cost, and of what the fleet cost day by day."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import Date, DateTime, ForeignKey, Index, Numeric, String, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.core.database import Base

Usd = Numeric(14, 2)


class OperationCostRow(Base):
    """The estimate that an operation's plan or recorded state was given; amounts are dollars a month.

    `is_standing`: it says what stands since then, not what would stand.
    """

    __tablename__ = "operation_costs"
    __table_args__ = (
        Index(
            "ix_operation_costs_standing",
            "environment_id",
            "recorded_at",
            postgresql_where=text("is_standing"),
        ),
        Index("ix_operation_costs_environment_id_recorded_at", "environment_id", "recorded_at"),
    )

    operation_id: Mapped[str] = mapped_column(
        ForeignKey("operations.id", ondelete="CASCADE"), primary_key=True
    )
    environment_id: Mapped[str] = mapped_column(ForeignKey("environments.id", ondelete="CASCADE"))
    is_standing: Mapped[bool]
    min_usd: Mapped[Decimal | None] = mapped_column(Usd)
    desired_usd: Mapped[Decimal | None] = mapped_column(Usd)
    max_usd: Mapped[Decimal | None] = mapped_column(Usd)
    detail: Mapped[dict[str, object]] = mapped_column(JSONB)
    recorded_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class CostSnapshotRow(Base):
    """What an environment cost on a day, dollars a month, as it stood when the day's last look was taken."""

    __tablename__ = "cost_snapshots"
    __table_args__ = (Index("ix_cost_snapshots_team_day", "team", "day"),)

    day: Mapped[dt.date] = mapped_column(Date, primary_key=True)
    environment_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    team: Mapped[str] = mapped_column(String(30))
    environment_class: Mapped[str] = mapped_column(String(16))
    orchestrator: Mapped[str] = mapped_column(String(3))
    min_usd: Mapped[Decimal] = mapped_column(Usd)
    desired_usd: Mapped[Decimal] = mapped_column(Usd)
    max_usd: Mapped[Decimal] = mapped_column(Usd)
