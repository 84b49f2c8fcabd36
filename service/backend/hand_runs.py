"""Updates that people run themselves on an environment's stack: operations like any other.

They take the environment's one place to run, obey its rules, and leave events, an audit entry and a state
version. Rows are locked in the order environment, operation, stack, update, as everywhere.
"""

from dataclasses import fields

from programs.catalogue import BLUEPRINTS
from service.audit.repository import AuditAction, AuditEntry, record_action
from service.backend import stacks_repository
from service.backend.errors import UpdateInProgressError
from service.backend.finishing import end_update, running_updates
from service.backend.model import LEASE_SECONDS, Update, UpdateKind, UpdateStatus
from service.core.clock import utc_now
from service.core.errors import ConflictError
from service.core.ids import EnvironmentId, OperationId, new_operation_id
from service.core.unit_of_work import UnitOfWork
from service.environments.errors import EnvironmentProtectedError
from service.environments.model import Environment, EnvironmentStatus
from service.environments.repository import get_environment
from service.freezes.use_cases import refuse_if_frozen
from service.operations.claims import claim_operation
from service.operations.endings import finish_operation
from service.operations.errors import EnvironmentDestroyedError
from service.operations.model import ChangeSummary, Finding, Operation, OperationFailure, OperationKind
from service.operations.repository import insert_operation, list_unfinished
from service.operations.runs import (
    Conclusion,
    Run,
)
from service.operations.states import OperationState
from service.plans.destroying import plan_destroy
from service.plans.inspection import inspect_plan, is_planned_first
from service.plans.rules import PlanRules
from service.references.use_cases import refuse_if_used
from service.state import repository as state_repository
from service.state.json_values import JsonObject, read_integer

WORKER = "pulumi-cli"
"""Stands where other operations name their worker."""

KINDS = {
    UpdateKind.UPDATE: OperationKind.DEPLOY,
    UpdateKind.REFRESH: OperationKind.REFRESH,
    UpdateKind.DESTROY: OperationKind.DESTROY,
    UpdateKind.IMPORT: OperationKind.IMPORT,
}


class EnvironmentTakenError(UpdateInProgressError):
    """Operations of the environment run or wait: an update by hand does not go before them."""


class ApprovalRequiredError(ConflictError):
    """Others must agree first, or the plan must be checked first: an update by hand cannot wait for that."""

    code = "approval_required"
    title = "The change needs a plan that was checked or approved"

    def __init__(
        self, environment_id: EnvironmentId, kind: OperationKind, finding: Finding | None = None
    ) -> None:
        reason = (
            f"every {kind} of environment {environment_id} is planned, checked and, where the rules say so,"
            if finding is None
            else f"{finding.rule}: {finding.message}; this must be"
        )
        super().__init__(
            f"{reason} approved before it runs, which an update by hand cannot be",
            hint=f'ask Berth for it: POST /v1/environments/{environment_id}/operations {{"kind": "{kind}"}}',
        )


async def begin_hand_run(
    uow: UnitOfWork,
    environment_id: EnvironmentId,
    kind: UpdateKind,
    rules: PlanRules,
    *,
    login: str,
    engine_version: str,
) -> Run:
    """Make a person's update an operation of the environment, running at once. Does not commit.

    Raises:
        EnvironmentDestroyedError: there is nothing left to update.
        EnvironmentProtectedError: it may not be destroyed.
        ApprovalRequiredError: the rules let nothing of this kind, or not what this one destroys, run unseen.
        EnvironmentTakenError: an operation runs or waits.
    """
    environment = await get_environment(uow.session, environment_id, lock=True)
    await _check(uow, environment, KINDS[kind])
    operation = _operation(environment, KINDS[kind], login)
    await _refuse_unseen(uow, environment, operation, rules)
    await insert_operation(uow.session, operation)
    await record_action(uow.session, _entry(environment, operation.id, operation.kind, login))
    claimed = await claim_operation(
        uow,
        operation_id=operation.id,
        worker=WORKER,
        engine="official",
        engine_version=engine_version,
        lease_seconds=LEASE_SECONDS,
    )
    if claimed is None:
        raise ConflictError(f"operation {operation.id} could not be started")
    return claimed.run


async def _refuse_unseen(
    uow: UnitOfWork, environment: Environment, operation: Operation, rules: PlanRules
) -> None:
    """Refuse what the API would not let run before its plan was looked at; a refresh changes no resource."""
    kind = operation.kind
    if kind is OperationKind.REFRESH:
        return
    is_planned = kind is OperationKind.DEPLOY and await is_planned_first(environment, rules, uow)
    if is_planned or rules.approval_rule(environment) is not None:
        raise ApprovalRequiredError(environment.id, kind)
    if kind is OperationKind.DESTROY:
        plan = await plan_destroy(operation, environment, uow)
        findings = await inspect_plan(plan, (), operation, environment, rules, uow)
        blocking = next((one for one in findings if one.is_blocking), None)
        if blocking is not None:
            raise ApprovalRequiredError(environment.id, kind, blocking)


async def _check(uow: UnitOfWork, environment: Environment, kind: OperationKind) -> None:
    if environment.status is EnvironmentStatus.DESTROYED:
        raise EnvironmentDestroyedError(environment.id)
    if kind is OperationKind.DESTROY and environment.is_protected:
        raise EnvironmentProtectedError(environment.id)
    if kind is OperationKind.DESTROY:
        await refuse_if_used(environment.id, uow)
    await refuse_if_frozen(uow, environment_id=environment.id, team=environment.team, kind=kind)
    unfinished = await list_unfinished(uow.session, environment.id)
    if unfinished:
        first = unfinished[0]
        raise EnvironmentTakenError(
            "Another update is currently in progress.",
            hint=f"{first.kind} {first.id} of {first.created_by} comes first: GET /v1/operations/{first.id}",
        )


def _operation(environment: Environment, kind: OperationKind, login: str) -> Operation:
    blueprint = BLUEPRINTS[environment.orchestrator]
    return Operation(
        id=new_operation_id(),
        environment_id=environment.id,
        kind=kind,
        state=OperationState.QUEUED,
        blueprint=blueprint.name,
        blueprint_version=blueprint.version,
        request=environment.request,
        created_by=login,
        created_at=utc_now(),
    )


def _entry(
    environment: Environment, operation_id: OperationId, kind: OperationKind, login: str
) -> AuditEntry:
    return AuditEntry(
        actor=login,
        action=AuditAction.OPERATION_RUN_BY_HAND,
        team=environment.team,
        environment_id=environment.id,
        operation_id=operation_id,
        detail={"kind": kind},
    )


async def lock_environment_of(uow: UnitOfWork, ending: Update | None) -> None:
    """Lock the environment before anything of it, if a person's update of it is about to end."""
    if ending is not None and ending.is_by_hand:
        run = await run_of(uow, ending)
        await get_environment(uow.session, run.environment_id, lock=True)


_ENDS = {
    UpdateStatus.SUCCEEDED: OperationState.SUCCEEDED,
    UpdateStatus.FAILED: OperationState.FAILED,
    UpdateStatus.CANCELLED: OperationState.CANCELLED,
}


async def end_hand_run(uow: UnitOfWork, ended: Update, status: UpdateStatus) -> None:
    """End the operation of a person's update, if it is one. Does not commit.

    A destroy that left resources has not destroyed the environment: it counts as failed.
    """
    if not ended.is_by_hand:
        return
    run = await run_of(uow, ended)
    state, failure = _ENDS[status], None
    newest = await state_repository.newest_version(uow, ended.stack_id)
    remaining = 0 if newest is None else newest.resource_count
    if run.kind is OperationKind.DESTROY and state is OperationState.SUCCEEDED and remaining:
        state = OperationState.FAILED
        failure = OperationFailure(
            code="resources_remain",
            message=f"{remaining} resources remain in the state",
            hint="destroy the environment without --target",
        )
    elif state is OperationState.FAILED:
        failure = OperationFailure(
            code="update_failed", message=f"the {run.kind} that was run by hand failed", hint="see its events"
        )
    changes = change_summary(ended.resource_changes)
    await finish_operation(uow, run, Conclusion(state, changes, failure))
    if run.kind is OperationKind.DESTROY and state is OperationState.SUCCEEDED:
        await stacks_repository.retire(uow, ended.stack_id)


async def cancel_hand_run(uow: UnitOfWork, operation_id: OperationId, *, actor: str) -> None:
    """End a person's update where the API is asked to cancel it: no worker would hear of it. Does not commit.

    What was written becomes a state version; the CLI has lost its lease and is told so when it writes next.
    The caller holds environment and operation.
    """
    async for stack, running in running_updates(uow, operation_id):
        await end_update(uow, stack, running, UpdateStatus.CANCELLED, failure=f"cancelled by {actor}")
        await end_hand_run(uow, running, UpdateStatus.CANCELLED)


async def run_of(uow: UnitOfWork, by_hand: Update) -> Run:
    """Return the operation's run that a person's update belongs to."""
    stack = await stacks_repository.get(uow, by_hand.stack_id)
    if stack is None or stack.environment_id is None or by_hand.operation_id is None or by_hand.epoch is None:
        raise ConflictError(f"update {by_hand.id} is not an operation of an environment")
    return Run(by_hand.operation_id, stack.environment_id, KINDS[by_hand.kind], by_hand.epoch)


def change_summary(changes: JsonObject | None) -> ChangeSummary | None:
    """Count an engine's changes as operations count them."""
    if changes is None:
        return None
    return ChangeSummary(
        **{item.name: read_integer(changes, item.name) or 0 for item in fields(ChangeSummary)}
    )
