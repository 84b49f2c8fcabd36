"""Plays the worker: runs operations through the very functions that a worker uses, without an engine."""

from dataclasses import dataclass, field

from service.backend.updates_repository import record_state_version
from service.comparisons.use_cases import after_preview
from service.core.clock import utc_now
from service.core.ids import OperationId, StackId
from service.core.unit_of_work import UnitOfWork, UnitOfWorkFactory
from service.costs.recording import record_standing_cost
from service.events.model import ResourceStarted, StepAction
from service.operations.claims import claim_operation
from service.operations.endings import finish_operation
from service.operations.model import ChangeSummary, OperationKind
from service.operations.runs import (
    Conclusion,
    TimedPayload,
    append_events,
)
from service.operations.states import OperationState
from service.plans.hooks import after_run, plan_document_for
from service.plans.resources import PlannedResource
from service.plans.rules import PlanRules, plan_rules
from service.queue.port import release_operation
from service.settings import Settings
from service.state.deployment import empty_deployment
from service.state.model import ResourceView
from service.state.repository import add_version, newest_version, replace_resources, stack_of_environment
from service.state.storage import store

TYPE = "aws:ecs/service:Service"


@dataclass(frozen=True)
class PlayedRun:
    """What a played run does: its steps by resource name, its end, the engine's document of its plan."""

    steps: dict[str, StepAction] = field(default_factory=lambda: {"web": StepAction.CREATE})
    state: OperationState = OperationState.SUCCEEDED
    plan_document: str | None = '{"resourcePlans": {}}'
    type: str = TYPE
    planned: tuple[PlannedResource, ...] = ()
    rules: PlanRules = field(default_factory=lambda: plan_rules(Settings()))


CREATES_WEB = PlayedRun()


async def play_run(
    uow_factory: UnitOfWorkFactory, operation_id: str, played: PlayedRun = CREATES_WEB
) -> str | None:
    """Run a queued operation to its end; return the document of the plan that it was held to."""
    async with uow_factory() as uow:
        claimed = await claim_operation(
            uow,
            operation_id=OperationId(operation_id),
            worker="tests",
            engine="sandbox",
            engine_version="1.0.0",
            lease_seconds=30,
        )
        assert claimed is not None
        run = claimed.run
        held_to = await plan_document_for(uow, run.operation_id)
        events = [started(name, action, played.type) for name, action in played.steps.items()]
        await append_events(uow, run, [TimedPayload(utc_now(), event) for event in events])
        stack_id = await stack_of_environment(uow, run.environment_id)
        if run.kind is OperationKind.DEPLOY and stack_id is not None:
            await record_state(uow, stack_id, run.operation_id, list(played.steps), played.type)
        changes = ChangeSummary(create=len(played.steps))
        document = played.plan_document if run.kind is OperationKind.PREVIEW else None
        conclusion = Conclusion(played.state, changes, plan=document, planned=played.planned)
        await finish_operation(uow, run, conclusion)
        await after_run(uow, run, conclusion, played.rules)
        await record_standing_cost(run, uow)
        await after_preview(run, conclusion, uow)
        await release_operation(uow, operation_id=run.operation_id, environment_id=run.environment_id)
        await uow.commit()
    return held_to


async def record_state(
    uow: UnitOfWork, stack_id: StackId, operation_id: OperationId, names: list[str], type_: str
) -> None:
    """Record the next state version, with these resources standing."""
    newest = await newest_version(uow, stack_id)
    number = 1 if newest is None else newest.number + 1
    await add_version(
        uow,
        store(empty_deployment()),
        stack_id=stack_id,
        number=number,
        is_good=True,
        operation_id=operation_id,
        update_id=None,
    )
    await record_state_version(uow, operation_id, number)
    await replace_resources(
        uow, stack_id, [standing(position, name, type_) for position, name in enumerate(names)]
    )


def standing(position: int, name: str, type_: str) -> ResourceView:
    """A resource of the recorded state."""
    return ResourceView(
        position=position,
        urn=urn_of(name, type_),
        type=type_,
        name=name,
        provider_id=name,
        parent=None,
        dependencies=[],
        is_custom=True,
        is_external=False,
        is_protected=False,
        is_pending_delete=False,
        inputs={},
        outputs={},
        created_at=None,
        modified_at=None,
    )


def started(name: str, action: StepAction, type_: str) -> ResourceStarted:
    """The event of a step that begins."""
    return ResourceStarted(urn=urn_of(name, type_), resource_type=type_, name=name, action=action)


def urn_of(name: str, type_: str = TYPE) -> str:
    """The URN of a resource of the played stack."""
    return f"urn:pulumi:shop::environments::{type_}::{name}"
