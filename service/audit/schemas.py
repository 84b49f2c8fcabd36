"""What the API shows of the audit log."""

from datetime import datetime

from pydantic import BaseModel, Field

from service.audit.tables import AuditRow


class AuditView(BaseModel):
    """One thing that somebody did."""

    id: int = Field(description="Grows with time")
    at: datetime
    actor: str
    action: str
    team: str | None
    environment_id: str | None
    operation_id: str | None
    request_id: str | None = Field(description="Also in the service's log and in the answer's X-Request-Id")
    remote_address: str | None = Field(
        description="Where the request came from; null: the service did it by itself"
    )
    user_agent: str | None = Field(description="What program it said that it was")
    detail: dict[str, object] = Field(description="What was before and after; never a secret")


def audit_view(row: AuditRow) -> AuditView:
    """Show an entry."""
    return AuditView.model_validate(row, from_attributes=True)
