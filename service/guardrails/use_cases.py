"""What people may do about guardrails: exempt from one for a while, and take that back."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from service.audit.repository import AuditAction, AuditEntry, record_action
from service.core.clock import utc_now
from service.core.errors import FieldError
from service.core.ids import EnvironmentId
from service.core.unit_of_work import UnitOfWork
from service.guardrails.errors import ExemptionOverError, InvalidExemptionError
from service.guardrails.model import Exemption, ExemptionId, RuleName, new_exemption_id
from service.guardrails.repository import get_exemption, insert_exemption, save_revocation

LONGEST_EXEMPTION = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class GrantExemption:
    """From which rule, for whom, why and until when."""

    rule: RuleName
    team: str
    environment_id: EnvironmentId | None
    reason: str
    until: datetime
    actor: str


async def grant_exemption(command: GrantExemption, uow: UnitOfWork) -> Exemption:
    """Record an exemption. The caller commits.

    Raises:
        InvalidExemptionError: it has ended already, or lasts too long.
    """
    now = utc_now()
    _check(command, now)
    exemption = Exemption(
        id=new_exemption_id(),
        rule=command.rule,
        team=command.team,
        environment_id=command.environment_id,
        reason=command.reason,
        until=command.until,
        created_by=command.actor,
        created_at=now,
    )
    await insert_exemption(uow.session, exemption)
    await _record(uow, command.actor, AuditAction.EXEMPTION_GRANTED, exemption)
    return exemption


async def revoke_exemption(exemption_id: ExemptionId, actor: str, uow: UnitOfWork) -> Exemption:
    """End an exemption now. The caller commits.

    Raises:
        ExemptionNotFoundError: there is none of this id.
        ExemptionOverError: it was revoked before, or is over.
    """
    exemption = await get_exemption(uow.session, exemption_id)
    now = utc_now()
    if exemption.revoked_at is not None or exemption.until <= now:
        raise ExemptionOverError(f"exemption {exemption_id} holds no more")
    revoked = replace(exemption, revoked_at=now, revoked_by=actor)
    await save_revocation(uow.session, revoked)
    await _record(uow, actor, AuditAction.EXEMPTION_REVOKED, revoked)
    return revoked


def _check(command: GrantExemption, now: datetime) -> None:
    if command.until <= now:
        raise _invalid("must be in the future")
    if command.until - now > LONGEST_EXEMPTION:
        raise _invalid(f"an exemption lasts {LONGEST_EXEMPTION.days} days at most")


def _invalid(message: str) -> InvalidExemptionError:
    fields = (FieldError(pointer="/until", message=message, code="invalid_exemption"),)
    return InvalidExemptionError(f"/until: {message}", fields=fields)


async def _record(uow: UnitOfWork, actor: str, action: AuditAction, exemption: Exemption) -> None:
    entry = AuditEntry(
        actor=actor,
        action=action,
        team=exemption.team,
        environment_id=exemption.environment_id,
        detail={
            "exemption_id": exemption.id,
            "rule": exemption.rule,
            "reason": exemption.reason,
            "until": exemption.until.isoformat(),
        },
    )
    await record_action(uow.session, entry)
