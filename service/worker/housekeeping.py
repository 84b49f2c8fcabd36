"""What falls due without anyone asking: done each minute, by every worker that lives.

Each step finds its own work and locks what it changes, so that several workers may do it at once.
A loop, not a job: a worker whose slots are all taken does it too.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from service.comparisons.use_cases import clear_comparisons
from service.core.unit_of_work import UnitOfWork, UnitOfWorkFactory
from service.costs.repository import take_snapshot
from service.drift.use_cases import detect_drift_due
from service.environments.expiry import expire_due
from service.plans.use_cases import expire_approvals
from service.pricing.schedule import refresh_prices
from service.schedules.failed_creations import clean_failed_creations
from service.schedules.turns import turn_due
from service.settings import Settings
from service.worker import metrics

PERIOD_SECONDS = 60.0

_log = structlog.get_logger(__name__)

Chore = Callable[[UnitOfWork, Settings], Awaitable[object]]


async def _expire_approvals(uow: UnitOfWork, _settings: Settings) -> None:
    await expire_approvals(uow)


async def _take_cost_snapshot(uow: UnitOfWork, _settings: Settings) -> None:
    await take_snapshot(uow.session)
    await uow.commit()


async def _clear_comparisons(uow: UnitOfWork, _settings: Settings) -> None:
    await clear_comparisons(uow)


CHORES: tuple[Chore, ...] = (
    _expire_approvals,
    expire_due,
    detect_drift_due,
    turn_due,
    clean_failed_creations,
    _take_cost_snapshot,
    _clear_comparisons,
    refresh_prices,
)


async def keep_house_forever(uow_factory: UnitOfWorkFactory, settings: Settings) -> None:
    """Do every chore each minute until cancelled."""
    while True:
        await keep_house(uow_factory, settings, CHORES)
        await asyncio.sleep(PERIOD_SECONDS)


async def keep_house(uow_factory: UnitOfWorkFactory, settings: Settings, chores: Sequence[Chore]) -> None:
    """Do every chore once; one that fails keeps no other from being done, and is tried the next time."""
    for chore in chores:
        try:
            async with uow_factory() as uow:
                await chore(uow, settings)
        except Exception:  # noqa: BLE001 -- no chore may end the worker, and with it the deploys it runs
            metrics.chores_failed.labels(chore.__name__).inc()
            _log.exception("chore_failed", chore=chore.__name__)
