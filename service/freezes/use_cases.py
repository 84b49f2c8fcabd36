"""What callers may do with freezes, and what a freeze does to operations."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from service.audit.repository import AuditAction, AuditEntry, record_action
from service.core.clock import utc_now
from service.core.errors import FieldError
from service.core.ids import EnvironmentId
from service.core.unit_of_work import UnitOfWork
from service.environments.repository import get_environment
from service.freezes.errors import EnvironmentFrozenError, FreezeOverError, InvalidFreezeError
from service.freezes.model import UNFROZEN_KINDS, Freeze, FreezeId, new_freeze_id
from service.freezes.repository import find_freeze, get_freeze, insert_freeze, save_lift
from service.operations.model import OperationKind

LONGEST_FREEZE = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class CreateFreeze:
    """What to freeze (an environment, a team, or everything), why and until when."""

    environment_id: EnvironmentId | None
    team: str | None
    reason: str
    starts_at: datetime | None
    ends_at: datetime
    actor: str


async def create_freeze(command: CreateFreeze, uow: UnitOfWork) -> Freeze:
    """Record a freeze. The caller commits.

    Raises:
        InvalidFreezeError: it has two scopes, has ended already, or lasts too long.
        EnvironmentNotFoundError: it names an environment that does not exist.
    """
    now = utc_now()
    starts_at = max(command.starts_at or now, now)
    _check(command, starts_at)
    team = command.team
    if command.environment_id is not None:
        team = (await get_environment(uow.session, command.environment_id)).team
    freeze = Freeze(
        id=new_freeze_id(),
        environment_id=command.environment_id,
        team=command.team,
        reason=command.reason,
        starts_at=starts_at,
        ends_at=command.ends_at,
        created_by=command.actor,
        created_at=now,
    )
    await insert_freeze(uow.session, freeze)
    await _record(uow, command.actor, AuditAction.FREEZE_CREATED, freeze, team)
    return freeze


def _check(command: CreateFreeze, starts_at: datetime) -> None:
    if command.environment_id is not None and command.team is not None:
        raise _invalid("/team", "name an environment or a team, not both")
    if command.ends_at <= starts_at:
        raise _invalid("/ends_at", "must be after the freeze starts")
    if command.ends_at - starts_at > LONGEST_FREEZE:
        raise _invalid("/ends_at", f"a freeze lasts {LONGEST_FREEZE.days} days at most")


def _invalid(pointer: str, message: str) -> InvalidFreezeError:
    fields = (FieldError(pointer=pointer, message=message, code="invalid_freeze"),)
    return InvalidFreezeError(f"{pointer}: {message}", fields=fields)


async def lift_freeze(freeze_id: FreezeId, actor: str, uow: UnitOfWork) -> Freeze:
    """End a freeze now; what waits goes on. The caller commits.

    Raises:
        FreezeNotFoundError, FreezeOverError.
    """
    freeze = await get_freeze(uow.session, freeze_id, lock=True)
    now = utc_now()
    if freeze.lifted_at is not None or freeze.ends_at <= now:
        raise FreezeOverError(f"the freeze ended at {(freeze.lifted_at or freeze.ends_at).isoformat()}")
    lifted = replace(freeze, lifted_at=now, lifted_by=actor)
    await save_lift(uow.session, lifted)
    await _record(uow, actor, AuditAction.FREEZE_LIFTED, lifted, lifted.team)
    return lifted


async def refuse_if_frozen(
    uow: UnitOfWork, *, environment_id: EnvironmentId, team: str, kind: OperationKind
) -> None:
    """Refuse an operation that changes something while a freeze holds its environment.

    Asked when an operation that would rather not wait is wanted, and whenever one is about to start.

    Raises:
        EnvironmentFrozenError: with the freeze, its reason and its end.
    """
    if kind in UNFROZEN_KINDS:
        return
    freeze = await find_freeze(uow.session, environment_id, team)
    if freeze is not None:
        raise EnvironmentFrozenError(freeze)


async def _record(uow: UnitOfWork, actor: str, action: AuditAction, freeze: Freeze, team: str | None) -> None:
    entry = AuditEntry(
        actor=actor,
        action=action,
        team=team or "",
        environment_id=freeze.environment_id,
        detail={
            "freeze_id": freeze.id,
            "reason": freeze.reason,
            "starts_at": freeze.starts_at.isoformat(),
            "ends_at": freeze.ends_at.isoformat(),
        },
    )
    await record_action(uow.session, entry)
