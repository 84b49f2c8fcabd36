"""What becomes of operations whose worker died: found by any worker that lives, several times a lease.

A loop of each worker's own, not a periodic job: a worker whose slots are all taken must rescue too.
"""

import asyncio

import structlog

from service.core.errors import FencedError
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
        except Exception:  # noqa: BLE001 -- no fault here may end the worker, and the deploys it runs
            metrics.rescues_failed.inc()
            _log.exception("rescue_failed")
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
            except Exception:  # noqa: BLE001 -- whatever one has left behind, the others are rescued
                metrics.rescues_failed.inc()
                _log.exception("operation_not_rescued", operation_id=run.operation_id)
                continue
        rescued += 1
        metrics.operations_rescued.inc()
        _log.warning("operation_rescued", operation_id=run.operation_id, epoch=run.epoch)
    async with uow_factory() as uow:
        await reconcile_jobs(uow)
        await uow.commit()
    return rescued
