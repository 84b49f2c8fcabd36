"""Writes the audit log, and answers what rules must know of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from service.audit.tables import AuditRow
from service.core.ids import EnvironmentId, OperationId
from service.core.origin import current_origin
from service.core.request_id import current_request_id


class AuditAction(StrEnum):
    """What somebody did."""

    ENVIRONMENT_CREATED = "environment.created"
    ENVIRONMENT_CHANGED = "environment.changed"
    ENVIRONMENT_DESTROY_REQUESTED = "environment.destroy_requested"
    OPERATION_REQUESTED = "operation.requested"
    OPERATION_RETRIED = "operation.retried"
    OPERATION_CANCELLED = "operation.cancelled"
    OPERATION_APPROVED = "operation.approved"
    OPERATION_REJECTED = "operation.rejected"
    ENVIRONMENT_EXTENDED = "environment.extended"
    ENVIRONMENT_PAUSED = "environment.paused"
    ENVIRONMENT_RESUMED = "environment.resumed"
    SCHEDULED_ACTION_DELAYED = "scheduled_action.delayed"
    SCHEDULED_ACTION_SKIPPED = "scheduled_action.skipped"
    OPERATION_RUN_BY_HAND = "operation.run_by_hand"
    SECRETS_DECRYPTED = "secrets.decrypted"
    STATE_IMPORTED = "state.imported"
    COMPARISON_REQUESTED = "comparison.requested"
    FREEZE_CREATED = "freeze.created"
    FREEZE_LIFTED = "freeze.lifted"
    EXEMPTION_GRANTED = "exemption.granted"
    EXEMPTION_REVOKED = "exemption.revoked"
    TOKEN_CREATED = "token.created"  # noqa: S105 -- an action, not a secret
    TOKEN_REVOKED = "token.revoked"  # noqa: S105 -- an action, not a secret
    WEBHOOK_CREATED = "webhook.created"
    WEBHOOK_CHANGED = "webhook.changed"
    WEBHOOK_REMOVED = "webhook.removed"
    WEBHOOK_REPLAYED = "webhook.replayed"
    WEBHOOK_SECRET_ROTATED = "webhook.secret_rotated"  # noqa: S105 -- an action, not a secret


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what to what; `detail` holds what was before and after, never a secret."""

    actor: str
    action: AuditAction
    team: str
    environment_id: EnvironmentId | None
    operation_id: OperationId | None = None
    detail: Mapping[str, object] = field(default_factory=dict[str, object])


async def list_changers(
    session: AsyncSession, environment_id: EnvironmentId, *, since: OperationId
) -> Sequence[str]:
    """Return who has changed an environment's request since an operation on it was asked for."""
    row = AuditRow
    asked = (
        select(func.coalesce(func.min(row.id), 0))
        .where(row.environment_id == environment_id, row.operation_id == since)
        .scalar_subquery()
    )
    changed = select(row.actor).where(
        row.environment_id == environment_id,
        row.action == AuditAction.ENVIRONMENT_CHANGED,
        row.id > asked,
    )
    return (await session.scalars(changed.distinct())).all()


async def record_action(session: AsyncSession, entry: AuditEntry) -> None:
    """Write an entry in the transaction of what it tells about, with the present request's id and origin."""
    origin = current_origin()
    await session.execute(
        insert(AuditRow).values(
            actor=entry.actor,
            action=entry.action,
            team=entry.team,
            environment_id=entry.environment_id,
            operation_id=entry.operation_id,
            request_id=current_request_id() or None,
            remote_address=origin.remote_address,
            user_agent=origin.user_agent,
            detail=dict(entry.detail),
        )
    )
