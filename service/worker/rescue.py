"""What becomes of operations whose worker died: found by any worker that lives, several times a lease.

A loop of each worker's own, not a periodic job: a worker whose slots are all taken must rescue too.
"""

import asyncio

import structlog
from sqlalchemy.exc import SQLAlchemyError

from service.core.errors import BerthError, FencedError
from service.core.unit_of_work import UnitOfWorkFactory
from service.operations.claims import find_expired
from service.plans.rules import PlanRules
from service.queue.reconcile import reconcile_jobs
from service.worker import metrics
from service.worker.records import rescue_run

# A sixth of a lease: what it adds to the time that an operation is left to a worker that has died.
RESCUES_PER_LEASE = 6
MAX_RESCUED_AT_ONCE = 50

_log = structlog.get_logger(__name__)


async def rescue_forever(
    uow_factory: UnitOfWorkFactory, *, lease_seconds: int, automatic_recoveries: int, rules: PlanRules
) -> None:
    """Rescue several times a lease until cancelled; what could not be reached is tried the next time."""
    while True:
        try:
            await rescue_once(uow_factory, automatic_recoveries=automatic_recoveries, rules=rules)
        except (SQLAlchemyError, OSError) as error:
            _log.warning("rescue_failed", error=type(error).__name__)
        await asyncio.sleep(lease_seconds / RESCUES_PER_LEASE)


async def rescue_once(uow_factory: UnitOfWorkFactory, *, automatic_recoveries: int, rules: PlanRules) -> int:
    """Interrupt every operation whose lease ran out and return how many; put lost jobs back in line."""
    async with uow_factory() as uow:
        expired = await find_expired(uow, limit=MAX_RESCUED_AT_ONCE)
    rescued = 0
    for run in expired:
        async with uow_factory() as uow:
            try:
                await rescue_run(uow, run, automatic_recoveries=automatic_recoveries, rules=rules)
            except FencedError:
                continue
            except BerthError as error:
                _log.exception("operation_not_rescued", operation_id=run.operation_id, code=error.code)
                continue
        rescued += 1
        metrics.operations_rescued.inc()
        _log.warning("operation_rescued", operation_id=run.operation_id, epoch=run.epoch)
    async with uow_factory() as uow:
        await reconcile_jobs(uow)
        await uow.commit()
    return rescued
