"""Rows of tokens."""

from datetime import datetime

from sqlalchemy import Boolean, DateTime, Index, LargeBinary, String, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.core.database import Base


class TokenRow(Base):
    """A token; of its text only the SHA-256 is kept. Revoked or over, it stays as a record."""

    __tablename__ = "tokens"
    __table_args__ = (
        Index("uq_tokens_digest", "digest", unique=True),
        Index("ix_tokens_subject_id", "subject", "id"),
        Index("ix_tokens_team_id", "team", "id"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(128))
    team: Mapped[str | None] = mapped_column(String(30))
    grants: Mapped[list[dict[str, object]]] = mapped_column(JSONB)
    permissions: Mapped[list[str] | None] = mapped_column(ARRAY(String(64)))
    forwards_users: Mapped[bool] = mapped_column(Boolean)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    created_by: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    last_used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    revoked_by: Mapped[str | None] = mapped_column(String(255))
