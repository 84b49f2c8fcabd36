"""Drift is recorded when a detection has ended, and looked for by itself from time to time."""

from datetime import timedelta

from service.audit.repository import AuditAction, AuditEntry, record_action
from service.core.clock import utc_now
from service.core.errors import BerthError
from service.core.ids import EnvironmentId, new_drift_report_id
from service.core.unit_of_work import UnitOfWork
from service.drift.model import DriftReport
from service.drift.repository import find_due, insert_report, is_due, read_drift_told
from service.environments.repository import get_environment
from service.operations.model import OperationKind
from service.operations.repository import get_operation
from service.operations.runs import (
    Conclusion,
    Run,
)
from service.operations.states import OperationState
from service.operations.use_cases import StartOperation, start_operation
from service.settings import Settings
from service.webhooks.outbox import emit

LOOKOUT = "berth-drift"
BATCH = 50


async def record_drift(uow: UnitOfWork, run: Run, conclusion: Conclusion) -> None:
    """Keep what a drift detection found, and tell of it if there is any. Does not commit."""
    if run.kind is not OperationKind.DETECT_DRIFT or conclusion.state is not OperationState.SUCCEEDED:
        return
    operation = await get_operation(uow.session, run.operation_id)
    report = DriftReport(
        id=new_drift_report_id(),
        environment_id=run.environment_id,
        operation_id=run.operation_id,
        checked_at=utc_now(),
        state_version=operation.base_state_version,
        resources=await read_drift_told(uow.session, run.operation_id),
    )
    await insert_report(uow.session, report)
    if report.is_drifted:
        environment = await get_environment(uow.session, run.environment_id)
        await emit(
            uow.session,
            type="environment.drifted",
            environment_id=environment.id,
            team=environment.team,
            operation_id=run.operation_id,
            data={
                "environment": environment.name,
                "report_id": report.id,
                "resources": [one.urn for one in report.resources],
            },
        )


async def detect_drift_due(uow: UnitOfWork, settings: Settings) -> int:
    """Start the drift detections that fall due; commits each on its own and returns how many."""
    started = 0
    for environment_class, hours in settings.drift_check_hours.items():
        every = timedelta(hours=hours)
        due = await find_due(uow.session, environment_class=environment_class, every=every, limit=BATCH)
        for environment_id in due:
            started += await _look(environment_id, every, uow, settings)
            await uow.commit()
    return started


async def _look(environment_id: EnvironmentId, every: timedelta, uow: UnitOfWork, settings: Settings) -> bool:
    environment = await get_environment(uow.session, environment_id, lock=True)
    if not await is_due(uow.session, environment_id, every):
        return False  # somebody was quicker
    command = StartOperation(OperationKind.DETECT_DRIFT, LOOKOUT, settings.max_waiting_operations)
    try:
        operation = await start_operation(environment, command, uow)
    except BerthError:
        return False  # its line is full, or it is gone: the next round asks again
    entry = AuditEntry(
        actor=LOOKOUT,
        action=AuditAction.OPERATION_REQUESTED,
        team=environment.team,
        environment_id=environment.id,
        operation_id=operation.id,
        detail={"kind": operation.kind},
    )
    await record_action(uow.session, entry)
    return True
