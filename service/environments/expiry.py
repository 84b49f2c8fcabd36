"""The end of environments with a time to live: extended, warned of, and then destroyed."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from service.audit.repository import AuditAction, AuditEntry, record_action
from service.core.clock import utc_now
from service.core.errors import FieldError
from service.core.ids import EnvironmentId
from service.core.unit_of_work import UnitOfWork
from service.environments.errors import EnvironmentNotExpiringError, InvalidRequestError
from service.environments.model import Environment, EnvironmentStatus
from service.environments.repository import (
    find_expired,
    find_expiring,
    get_environment,
    save_expiry,
)
from service.environments.requested import check_ttl
from service.operations.errors import EnvironmentBusyError, EnvironmentDestroyedError
from service.operations.model import OperationKind
from service.operations.repository import list_unfinished
from service.operations.use_cases import StartOperation, start_operation
from service.plans.rules import plan_rules
from service.references.errors import EnvironmentInUseByOthersError
from service.settings import Settings
from service.webhooks.outbox import emit

# How long before the end people are told, the longest first.
WARNINGS = (timedelta(days=2), timedelta(hours=2), timedelta(minutes=30))
# A destroy that failed is tried again, not at once.
RETRY_AFTER = timedelta(hours=1)
REAPER = "berth-expiry"
BATCH = 50


@dataclass(frozen=True, slots=True)
class ExtendEnvironment:
    """The wish that an environment lives for `ttl` from now on."""

    environment_id: EnvironmentId
    ttl: timedelta
    actor: str


async def extend_environment(command: ExtendEnvironment, uow: UnitOfWork, settings: Settings) -> Environment:
    """Let an environment live for longer, counted from now. The caller commits.

    Raises:
        EnvironmentNotFoundError: there is none of this id.
        EnvironmentNotExpiringError: it has no time to live.
        EnvironmentDestroyedError: it is destroyed or being destroyed.
        InvalidRequestError: its class may not live for so long, or it would end earlier than it does.
    """
    environment = await get_environment(uow.session, command.environment_id, lock=True)
    unfinished = await list_unfinished(uow.session, environment.id)
    destroy = next((one for one in unfinished if one.kind is OperationKind.DESTROY), None)
    if destroy is not None or environment.status is EnvironmentStatus.DESTROYED:
        raise EnvironmentDestroyedError(environment.id, destroy=destroy.id if destroy else None)
    if environment.expires_at is None:
        raise EnvironmentNotExpiringError(environment.id)
    check_ttl(command.ttl, environment.environment_class, environment.team, settings)
    now = utc_now()
    if now + command.ttl < environment.expires_at:
        raise _shortening(environment.expires_at)
    extended = replace(
        environment,
        ttl_counts_from=now,
        expires_at=now + command.ttl,
        expiry_warned_seconds=None,
        updated_at=now,
    )
    await save_expiry(uow.session, extended)
    await _record_extension(environment, extended, command.actor, uow)
    return extended


def _shortening(expires_at: datetime) -> InvalidRequestError:
    message = f"it lives until {expires_at.isoformat()} already; an extension, from now, must end later"
    fields = (FieldError(pointer="/ttl", message=message, code="ttl_too_short"),)
    return InvalidRequestError(f"/ttl: {message}", fields=fields)


async def _record_extension(before: Environment, after: Environment, actor: str, uow: UnitOfWork) -> None:
    expiries = {"before": _text(before.expires_at), "after": _text(after.expires_at)}
    entry = AuditEntry(
        actor=actor,
        action=AuditAction.ENVIRONMENT_EXTENDED,
        team=after.team,
        environment_id=after.id,
        detail=expiries,
    )
    await record_action(uow.session, entry)
    await _tell("environment.extended", after, uow)


async def expire_due(uow: UnitOfWork, settings: Settings) -> int:
    """Warn of ends that are near and begin the destroys of those that have come; commits each on its own.

    A protected environment is left alone. Returns how many were warned of or ended.
    """
    done = 0
    for environment_id in await find_expiring(uow.session, leads=WARNINGS, limit=BATCH):
        done += await _warn(environment_id, uow)
        await uow.commit()
    last: EnvironmentId | None = None
    while found := await find_expired(uow.session, retry_after=RETRY_AFTER, after=last, limit=BATCH):
        for environment_id in found:
            done += await _end(environment_id, uow, settings)
            await uow.commit()
        last = found[-1]
    return done


async def _warn(environment_id: EnvironmentId, uow: UnitOfWork) -> bool:
    environment = await get_environment(uow.session, environment_id, lock=True)
    lead = _warning_due(environment, utc_now())
    if lead is None:
        return False
    seconds = int(lead.total_seconds())
    await save_expiry(uow.session, replace(environment, expiry_warned_seconds=seconds))
    await _tell("environment.expiring", environment, uow)
    return True


def _warning_due(environment: Environment, now: datetime) -> timedelta | None:
    """Return the warning that is due and was not given yet; of several that were missed, the last."""
    if environment.expires_at is None or environment.expires_at <= now:
        return None
    left = environment.expires_at - now
    passed = [lead for lead in WARNINGS if left <= lead]
    if not passed:
        return None
    warned = environment.expiry_warned_seconds
    is_new = warned is None or passed[-1].total_seconds() < warned
    return passed[-1] if is_new else None


async def _end(environment_id: EnvironmentId, uow: UnitOfWork, settings: Settings) -> bool:
    environment = await get_environment(uow.session, environment_id, lock=True)
    if environment.expires_at is None or environment.expires_at > utc_now() or environment.is_protected:
        return False
    unfinished = await list_unfinished(uow.session, environment_id)
    if any(one.kind is OperationKind.DESTROY for one in unfinished):
        return False
    command = StartOperation(
        OperationKind.DESTROY, REAPER, settings.max_waiting_operations, plan_rules(settings)
    )
    try:
        operation = await start_operation(environment, command, uow)
    except (EnvironmentBusyError, EnvironmentInUseByOthersError):
        return False  # its line is full, or others use it: the next round tries again
    entry = AuditEntry(
        actor=REAPER,
        action=AuditAction.ENVIRONMENT_DESTROY_REQUESTED,
        team=environment.team,
        environment_id=environment.id,
        operation_id=operation.id,
        detail={"expired_at": _text(environment.expires_at)},
    )
    await record_action(uow.session, entry)
    await _tell("environment.expired", environment, uow)
    return True


async def _tell(event_type: str, environment: Environment, uow: UnitOfWork) -> None:
    await emit(
        uow.session,
        type=event_type,
        environment_id=environment.id,
        team=environment.team,
        operation_id=None,
        data={"environment": environment.name, "expires_at": _text(environment.expires_at)},
    )


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
