"""Keeps the lease of one run alive, and ends its runner when that fails."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

from service.core.clock import since_boot
from service.core.errors import FencedError
from service.core.unit_of_work import UnitOfWorkFactory
from service.operations.claims import renew_lease
from service.operations.runs import Run

RETRY_SECONDS = 1.0

_log = structlog.get_logger(__name__)


class LeaseKeeper:
    """Renews at a third of the lease; whoever cannot renew ends its runner before the lease runs out.

    The runner is told each new deadline in seconds of the machine's clock since its boot, taken before the
    renewal was asked for: it ends itself then, even when this process is frozen.

    Args:
        uow_factory: Opens the transactions of renewals.
        run: The run whose lease this is.
        lease_seconds: How long a renewal holds.
        deadline: When the lease taken by the claim runs out, on the machine's clock since its boot.
        tell: Hands a new deadline to the runner.
        end: Kills the runner and everything under it.
    """

    def __init__(
        self,
        uow_factory: UnitOfWorkFactory,
        run: Run,
        *,
        lease_seconds: int,
        deadline: float,
        tell: Callable[[float], Awaitable[None]],
        end: Callable[[], Awaitable[None]],
    ) -> None:
        self._uow_factory = uow_factory
        self._run = run
        self._lease_seconds = lease_seconds
        self.deadline = deadline
        self._tell = tell
        self._end = end
        self.is_lost = False

    async def keep(self) -> None:
        """Renew until cancelled; return after the lease was lost and the runner's death."""
        pause = self._lease_seconds / 3
        while True:
            await asyncio.sleep(min(pause, max(0.0, self.deadline - since_boot())))
            try:
                await self._renew()
                pause = self._lease_seconds / 3
            except FencedError:
                break
            except (SQLAlchemyError, OSError) as error:
                _log.warning("lease_not_renewed", error=type(error).__name__)
                pause = RETRY_SECONDS
                if since_boot() >= self.deadline:
                    break
        self.is_lost = True
        _log.error("lease_lost", epoch=self._run.epoch)
        await self._end()

    async def _renew(self) -> None:
        deadline = since_boot() + self._lease_seconds
        async with asyncio.timeout_at(self._loop_time(self.deadline)), self._uow_factory() as uow:
            await renew_lease(uow, self._run, lease_seconds=self._lease_seconds)
            await uow.commit()
        self.deadline = deadline
        await self._tell(deadline)

    @staticmethod
    def _loop_time(moment: float) -> float:
        return asyncio.get_running_loop().time() + max(0.0, moment - since_boot())
