"""Plans over HTTP: look at one, approve it, reject it."""

from fastapi import APIRouter, Depends, Response

from service.access.http import Actor, CallerOf, requires
from service.access.permissions import Permission
from service.core.app_state import SettingsOf, Uows
from service.core.documents import check_media_type
from service.core.errors import (
    BodyTooLargeError,
    InvalidInputError,
    MalformedBodyError,
    UnsupportedMediaTypeError,
)
from service.core.openapi import problems
from service.core.unit_of_work import UnitOfWork
from service.environments.accepted import ACCEPTED, accept
from service.environments.schemas import AcceptedView
from service.idempotency.answers import Answer, answer_once
from service.idempotency.errors import KeyInFlightError, KeyReusedError
from service.idempotency.http import Keyed, send_answer
from service.operations.accepted import Accepted
from service.operations.errors import OperationNotFoundError
from service.operations.paths import OperationIdPath
from service.operations.repository import get_operation
from service.operations.states import TransitionError
from service.plans.errors import OtherPlanError, PlanNotFoundError, PlanStaleError, SelfApprovalError
from service.plans.repository import list_decisions
from service.plans.rules import plan_rules
from service.plans.schemas import PlanView, PlanWord, plan_view
from service.plans.use_cases import DecideOnPlan, approve_operation, find_plan_for, reject_operation

router = APIRouter(
    prefix="/v1/operations/{operation_id}", tags=["Plans"], dependencies=[Depends(check_media_type)]
)
WORD_ERRORS = (
    OperationNotFoundError,
    TransitionError,
    OtherPlanError,
    PlanNotFoundError,
    KeyInFlightError,
    KeyReusedError,
    InvalidInputError,
    MalformedBodyError,
    BodyTooLargeError,
    UnsupportedMediaTypeError,
)


def _accept(accepted: Accepted) -> Answer:
    return accept(accepted, location=f"/v1/operations/{accepted.operation.id}")


@router.get(
    "/plan",
    operation_id="get_plan",
    dependencies=[requires(Permission.OPERATIONS_READ)],
    summary="Read the plan of an operation",
    responses=problems(OperationNotFoundError, PlanNotFoundError),
)
async def get(operation_id: OperationIdPath, uows: Uows) -> PlanView:
    """Read what a preview has found that a deploy would do, or what a deploy or destroy is held to."""
    async with uows() as uow:
        operation = await get_operation(uow.session, operation_id)
        plan = await find_plan_for(operation, uow)
        decisions = await list_decisions(uow.session, operation_id, plan.id)
    return plan_view(plan, operation, decisions)


@router.post(
    "/approve",
    operation_id="approve_operation",
    dependencies=[requires(Permission.PLANS_DECIDE)],
    summary="Approve the plan of an operation",
    status_code=202,
    response_model=AcceptedView,
    responses={**ACCEPTED, **problems(*WORD_ERRORS, PlanStaleError, SelfApprovalError)},
)
async def approve(
    operation_id: OperationIdPath,
    word: PlanWord,
    keyed: Keyed,
    caller: CallerOf,
    uows: Uows,
    settings: SettingsOf,
) -> Response:
    """Agree to the plan that the digest names; when enough have agreed, the operation goes into the line.

    If the request, the blueprint or the recorded state have moved since the plan was made, nobody can approve
    it any more: `plan_stale` names the operation that makes a new one.
    """
    command = DecideOnPlan(
        operation_id, word.digest, caller.actor, word.comment, is_proven_person=caller.is_proven_person
    )

    async def work(uow: UnitOfWork) -> Answer:
        return _accept(await approve_operation(command, plan_rules(settings), uow))

    return send_answer(await answer_once(keyed, uows, work))


@router.post(
    "/reject",
    operation_id="reject_operation",
    dependencies=[requires(Permission.PLANS_DECIDE)],
    summary="Reject the plan of an operation",
    status_code=202,
    response_model=AcceptedView,
    responses={**ACCEPTED, **problems(*WORD_ERRORS)},
)
async def reject(
    operation_id: OperationIdPath, word: PlanWord, keyed: Keyed, actor: Actor, uows: Uows
) -> Response:
    """Refuse the plan that the digest names: the operation ends as `rejected`."""
    command = DecideOnPlan(operation_id, word.digest, actor, word.comment)

    async def work(uow: UnitOfWork) -> Answer:
        return _accept(await reject_operation(command, uow))

    return send_answer(await answer_once(keyed, uows, work))
