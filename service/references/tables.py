"""Rows of references between environments."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from service.core.database import Base


class EnvironmentReferenceRow(Base):
    """That the request of one environment names outputs of another."""

    __tablename__ = "environment_references"
    __table_args__ = (Index("ix_environment_references_used_id", "used_id"),)

    environment_id: Mapped[str] = mapped_column(ForeignKey("environments.id"), primary_key=True)
    used_id: Mapped[str] = mapped_column(ForeignKey("environments.id"), primary_key=True)
