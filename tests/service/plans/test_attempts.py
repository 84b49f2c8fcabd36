"""A run that had to begin anew tells in the end only what its last attempt has found."""

from service.core.clock import utc_now
from service.core.unit_of_work import UnitOfWorkFactory
from service.drift.repository import read_drift_told
from service.events.model import Diagnostic, EventPayload, ResourceDrifted, StepAction
from service.operations.runs import TimedPayload, append_events
from service.plans.repository import read_planned_steps
from tests.service.runs import TYPE, started, urn_of
from tests.service.worker.test_runs import claimed_run

AGAIN = Diagnostic(severity="warning", message="slow down; it is tried again", ends_attempt=True)


def drifted(name: str) -> ResourceDrifted:
    return ResourceDrifted(urn=urn_of(name), resource_type=TYPE, name=name)


async def test_only_the_last_attempt_counts(uow_factory: UnitOfWorkFactory) -> None:
    """Steps and drift that were told before the run began anew are in no plan and no report."""
    run = await claimed_run(uow_factory)
    told: list[EventPayload] = [
        started("web", StepAction.CREATE, TYPE),
        drifted("web"),
        AGAIN,
        started("web", StepAction.REFRESH, TYPE),
        started("web", StepAction.UPDATE, TYPE),
        drifted("database"),
        Diagnostic(severity="info", message="said by the way"),
    ]
    async with uow_factory() as uow:
        await append_events(uow, run, [TimedPayload(utc_now(), payload) for payload in told])
        steps = await read_planned_steps(uow.session, run.operation_id)
        found = await read_drift_told(uow.session, run.operation_id)
    assert [step.action for step in steps] == [StepAction.UPDATE]
    assert found == (drifted("database"),)
