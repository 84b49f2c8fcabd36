"""Rows of plans and of what people decided about them."""

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, ForeignKey, Identity, Index, LargeBinary, String, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.core.database import Base


class PlanRow(Base):
    """What a run would do: its steps, what they start from, and the digest over all of it."""

    __tablename__ = "plans"
    __table_args__ = (
        Index("ix_plans_environment_id_id", "environment_id", "id"),
        Index("ix_plans_operation_id_id", "operation_id", "id"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    operation_id: Mapped[str] = mapped_column(ForeignKey("operations.id"))
    environment_id: Mapped[str] = mapped_column(ForeignKey("environments.id"))
    request: Mapped[dict[str, object]] = mapped_column(JSONB)
    blueprint: Mapped[str] = mapped_column(String(64))
    blueprint_version: Mapped[str] = mapped_column(String(32))
    base_state_version: Mapped[int | None]
    digest: Mapped[str] = mapped_column(String(64))
    changes: Mapped[dict[str, object]] = mapped_column(JSONB)
    steps: Mapped[list[dict[str, object]]] = mapped_column(JSONB)
    document: Mapped[bytes | None] = mapped_column(LargeBinary)
    resources: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class DecisionRow(Base):
    """One person's approval or rejection of an operation with its plan."""

    __tablename__ = "plan_decisions"
    __table_args__ = (
        Index(
            "uq_plan_decisions_operation_id_plan_id_actor", "operation_id", "plan_id", "actor", unique=True
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    operation_id: Mapped[str] = mapped_column(ForeignKey("operations.id"))
    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.id"))
    actor: Mapped[str] = mapped_column(String(255))
    decision: Mapped[str] = mapped_column(String(16))
    comment: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
