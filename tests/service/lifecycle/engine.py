"""An engine at the worker's border: the test says how each run ends, and what it leaves in the state."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from enum import StrEnum
from types import TracebackType
from typing import Self, cast

from service.core.clock import utc_now
from service.core.ids import EnvironmentId, OperationId
from service.core.unit_of_work import UnitOfWorkFactory
from service.engine.process import WarmRunners
from service.engine.protocol import EventEmitted, Outcome, Result, RunnerJob
from service.events.model import ResourceStarted, StepAction
from service.operations.model import ChangeSummary, OperationFailure, OperationKind
from service.state.deployment import empty_deployment
from service.state.repository import (
    add_version,
    newest_version,
    replace_resources,
    resource_count,
    stack_of_environment,
)
from service.state.storage import store
from tests.service.runs import TYPE, standing, urn_of

RESOURCE = "web"


class End(StrEnum):
    """How a run ends."""

    SUCCEEDS = "succeeds"
    FAILS = "fails"
    LEAVES_RESOURCES = "leaves resources"
    DIES = "dies"
    DIES_IN_A_STEP = "dies in a step"
    STOPS = "stops"


class ScriptedRunner:
    """Stands in for a runner process: takes a job, and ends when it is told how, or killed."""

    def __init__(self, begun: "asyncio.Future[ScriptedRunner]") -> None:
        self.kind = OperationKind.DEPLOY
        self._begun = begun
        self._end: asyncio.Future[Result | None] = asyncio.get_running_loop().create_future()

    async def run(self, job: RunnerJob) -> AsyncIterator[EventEmitted | Result]:
        action = StepAction.DELETE if job.kind is OperationKind.DESTROY else StepAction.CREATE
        step = ResourceStarted(urn=urn_of(RESOURCE), resource_type=TYPE, name=RESOURCE, action=action)
        yield EventEmitted(at=utc_now(), payload=step)
        self.kind = job.kind
        self._begun.set_result(self)
        result = await self._end
        if result is not None:
            yield result

    def end(self, result: Result | None) -> None:
        if not self._end.done():
            self._end.set_result(result)

    async def cancel(self) -> None:
        self.end(Result(outcome=Outcome.CANCELLED))

    async def kill(self) -> None:
        self.end(None)

    async def renew(self, lease_deadline: float) -> None:
        del lease_deadline

    def last_words(self) -> str:
        return ""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        await self.kill()


class ScriptedRunners:
    """Hands out scripted runners, and tells of the one that has begun to run a job."""

    expected: "asyncio.Future[ScriptedRunner]"

    def expect(self) -> "asyncio.Future[ScriptedRunner]":
        """Return what the next runner will be, once it has its job."""
        self.expected = asyncio.get_running_loop().create_future()
        return self.expected

    async def take(self) -> ScriptedRunner:
        return ScriptedRunner(self.expected)

    def as_warm(self) -> WarmRunners:
        """The same, where a worker wants processes."""
        return cast("WarmRunners", self)


def result_of(end: End, kind: OperationKind) -> Result | None:
    """Return a runner's last word."""
    changes = ChangeSummary(create=1)
    match end:
        case End.SUCCEEDS | End.LEAVES_RESOURCES:
            plan = '{"resourcePlans": {}}' if kind is OperationKind.PREVIEW else None
            return Result(outcome=Outcome.SUCCEEDED, changes=changes, plan=plan)
        case End.FAILS:
            failure = OperationFailure(code="provider_error", message="the provider refused")
            return Result(outcome=Outcome.FAILED, changes=changes, failure=failure)
        case End.STOPS:
            return Result(outcome=Outcome.CANCELLED, changes=changes)
        case End.DIES | End.DIES_IN_A_STEP:
            return None


async def write_state(
    uow_factory: UnitOfWorkFactory,
    environment_id: EnvironmentId,
    operation_id: OperationId,
    kind: OperationKind,
    end: End,
) -> None:
    """Write what an engine that ends so leaves in the state; a preview leaves nothing."""
    if kind in (OperationKind.PREVIEW, OperationKind.DETECT_DRIFT):
        return
    async with uow_factory() as uow:
        stack_id = await stack_of_environment(uow, environment_id)
        assert stack_id is not None
        newest = await newest_version(uow, stack_id)
        stands = await resource_count(uow, environment_id) > 0
        names = _standing_after(kind, end, stands=stands)
        stored = store(empty_deployment())
        pending = int(end is End.DIES_IN_A_STEP)
        await add_version(
            uow,
            replace(stored, resource_count=len(names), pending_operation_count=pending),
            stack_id=stack_id,
            number=1 if newest is None else newest.number + 1,
            is_good=end is End.SUCCEEDS,
            operation_id=operation_id,
            update_id=None,
        )
        await replace_resources(
            uow, stack_id, [standing(position, name, TYPE) for position, name in enumerate(names)]
        )
        await uow.commit()


def _standing_after(kind: OperationKind, end: End, *, stands: bool) -> Sequence[str]:
    if kind is OperationKind.DEPLOY:
        return [RESOURCE]
    is_gone = kind is OperationKind.DESTROY and end is End.SUCCEEDS
    return [RESOURCE] if stands and not is_gone else []
