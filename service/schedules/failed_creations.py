"""Environments whose creation failed and that nobody mends are announced, and destroyed after a set time."""

from datetime import timedelta

from service.audit.repository import AuditAction, AuditEntry, record_action
from service.core.clock import utc_now
from service.core.errors import BerthError
from service.core.ids import EnvironmentId
from service.core.unit_of_work import UnitOfWork
from service.environments.repository import get_environment
from service.operations.model import OperationKind
from service.operations.use_cases import StartOperation, start_operation
from service.plans.rules import plan_rules
from service.schedules.model import ActionKind
from service.schedules.repository import (
    drop_rows,
    find_due,
    find_failed_creations,
    is_failed_creation,
    put_row,
    read_rows,
)
from service.settings import Settings
from service.webhooks.outbox import emit

CLEANER = "berth-cleanup"
BATCH = 50


async def clean_failed_creations(uow: UnitOfWork, settings: Settings) -> int:
    """Announce the ends of failed creations and begin those that are due; return how many were begun."""
    for environment_class, hours in settings.failed_creation_hours.items():
        found = await find_failed_creations(uow.session, environment_class=environment_class, limit=BATCH)
        for environment_id in found:
            await _announce(environment_id, timedelta(hours=hours), uow)
            await uow.commit()
    begun = 0
    for environment_id, _ in await find_due(uow.session, (ActionKind.CLEANUP,), limit=BATCH):
        begun += await _clean(environment_id, uow, settings)
        await uow.commit()
    return begun


async def _announce(environment_id: EnvironmentId, after: timedelta, uow: UnitOfWork) -> None:
    environment = await get_environment(uow.session, environment_id, lock=True)
    if ActionKind.CLEANUP in await read_rows(uow.session, environment_id):
        return
    due_at = utc_now() + after
    await put_row(uow.session, environment_id, ActionKind.CLEANUP, planned_at=due_at, due_at=due_at)
    await emit(
        uow.session,
        type="environment.creation_failed",
        environment_id=environment_id,
        team=environment.team,
        operation_id=environment.last_operation_id,
        data={"environment": environment.name, "destroyed_at": due_at.isoformat()},
    )


async def _clean(environment_id: EnvironmentId, uow: UnitOfWork, settings: Settings) -> bool:
    environment = await get_environment(uow.session, environment_id, lock=True)
    is_failed = await is_failed_creation(uow.session, environment_id)
    await drop_rows(uow.session, environment_id, (ActionKind.CLEANUP,))
    if not is_failed or environment.is_protected:
        return False
    start = StartOperation(
        OperationKind.DESTROY, CLEANER, settings.max_waiting_operations, plan_rules(settings)
    )
    try:
        operation = await start_operation(environment, start, uow)
    except BerthError:
        return False  # something is being done to it after all
    entry = AuditEntry(
        actor=CLEANER,
        action=AuditAction.ENVIRONMENT_DESTROY_REQUESTED,
        team=environment.team,
        environment_id=environment.id,
        operation_id=operation.id,
        detail={"reason": "its creation failed and nobody deployed it again"},
    )
    await record_action(uow.session, entry)
    return True
