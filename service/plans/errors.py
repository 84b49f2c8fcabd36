"""What can go wrong with plans and their approval."""

from service.core.errors import ConflictError, NotFoundError
from service.core.ids import OperationId, PlanId
from service.operations.model import OperationFailure


class PlanNotFoundError(NotFoundError):
    """The operation has no plan, or there is no plan of this id."""

    code = "plan_not_found"
    title = "No such plan"


class PlanStaleError(ConflictError):
    """Inputs, blueprint or state have moved since the plan was made."""

    code = "plan_stale"
    title = "The plan no longer holds"

    def __init__(self, plan_id: PlanId, reason: str, *, new_plan_by: OperationId | None = None) -> None:
        hint = "plan again" if new_plan_by is None else "look at the new plan, and approve that"
        context = {"plan_id": plan_id} | ({"operation_id": new_plan_by} if new_plan_by else {})
        super().__init__(f"{reason} since {plan_id} was made", hint=hint, context=context)
        self.reason = reason


class OtherPlanError(ConflictError):
    """The digest that was approved is not that of the operation's present plan."""

    code = "plan_changed"
    title = "The operation has another plan than the one approved"


class SelfApprovalError(ConflictError):
    """Who asked for the operation, or has changed the request since, may not approve it.

    Nor may who is not known to be another person: a service token, unless it is the platform's and names one.
    """

    code = "self_approval"
    title = "Somebody else must approve"


class PlanRefusedError(ConflictError):
    """A check refuses the plan that a deploy was to be held to; its findings are on the plan's preview."""

    code = "plan_refused"
    title = "The plan breaks a rule"

    def __init__(self, plan_id: PlanId, failure: OperationFailure) -> None:
        super().__init__(
            failure.message, hint=failure.hint, context={"plan_id": plan_id, "rule_code": failure.code}
        )
