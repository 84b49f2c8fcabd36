"""Records how a run ended, however long that takes."""

import asyncio
from dataclasses import asdict

import structlog
from sqlalchemy.exc import SQLAlchemyError

from service.core.errors import FencedError
from service.core.unit_of_work import UnitOfWorkFactory
from service.operations.runs import Conclusion, Run
from service.plans.rules import PlanRules
from service.worker import metrics
from service.worker.conclusions import end_refused
from service.worker.faults import PASSING_FAULTS
from service.worker.records import conclude_run

RETRY_SECONDS = 1.0

_log = structlog.get_logger(__name__)


async def end_run(
    uow_factory: UnitOfWorkFactory,
    run: Run,
    conclusion: Conclusion,
    *,
    automatic_recoveries: int,
    rules: PlanRules,
) -> None:
    """Record the end of a run; while the database does not answer it is tried again.

    What the database refuses to hold is told as a failure instead, so that no run stays without an end.

    Raises:
        SQLAlchemyError: that was refused, too; the run is rescued when its lease is over.
    """
    substitute = end_refused(conclusion)
    while True:
        try:
            async with uow_factory() as uow:
                recorded = await conclude_run(
                    uow, run, conclusion, automatic_recoveries=automatic_recoveries, rules=rules
                )
        except PASSING_FAULTS as error:
            _log.warning("end_not_recorded", error=type(error).__name__)
            await asyncio.sleep(RETRY_SECONDS)
        except SQLAlchemyError:
            if conclusion is substitute:
                raise
            _log.exception("end_refused", state=conclusion.state)
            conclusion = substitute
        except FencedError:
            _log.warning("end_recorded_by_another", state=conclusion.state)
            return
        else:
            _tell(run, recorded)
            return


def _tell(run: Run, recorded: Conclusion) -> None:
    changes = asdict(recorded.changes) if recorded.changes else None
    failure = asdict(recorded.failure) if recorded.failure else None
    _log.info("operation_finished", state=recorded.state, changes=changes, failure=failure)
    metrics.operations_finished.labels(run.kind, recorded.state).inc()
