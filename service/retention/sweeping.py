"""Deletes what is old, a batch at a time, in whichever worker comes first."""

import asyncio

import structlog
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from service.core.clock import utc_now
from service.core.unit_of_work import UnitOfWorkFactory
from service.retention.settings import RetentionSettings
from service.retention.sweeps import BATCH, Sweep, delete_batch, sweeps
from service.worker import metrics

PERIOD_SECONDS = 600.0
# What is left over is deleted in the next period: a sweep never holds the database busy for long.
MAX_BATCHES = 50
# Of our own choice: "sweep" in ASCII.
_LOCK = 0x7377656570

_log = structlog.get_logger(__name__)


async def sweep_forever(uow_factory: UnitOfWorkFactory, settings: RetentionSettings) -> None:
    """Sweep every ten minutes until cancelled; what fails is tried again the next time."""
    while True:
        for sweep in sweeps(settings):
            try:
                await sweep_once(sweep, uow_factory)
            except (SQLAlchemyError, OSError) as error:
                _log.warning("sweep_failed", sweep=sweep.name, error=type(error).__name__)
        await asyncio.sleep(PERIOD_SECONDS)


async def sweep_once(
    sweep: Sweep, uow_factory: UnitOfWorkFactory, *, batch: int = BATCH, max_batches: int = MAX_BATCHES
) -> int:
    """Delete what is old, each batch in a transaction of its own, and return how many rows that were.

    Leaves it to another worker that is at it already.
    """
    total = 0
    for _ in range(max_batches):
        async with uow_factory() as uow:
            if not await uow.session.scalar(select(func.pg_try_advisory_xact_lock(_LOCK))):
                break
            deleted = await delete_batch(sweep, utc_now(), uow, batch=batch)
            await uow.commit()
        total += deleted
        if deleted < batch:
            break
    if total:
        metrics.rows_swept.labels(sweep.name).inc(total)
        _log.info("swept", sweep=sweep.name, rows=total)
    return total
