"""What a check of a plan is: it looks at a plan before anything is done, and says what it found."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from service.core.unit_of_work import UnitOfWork
from service.environments.model import Environment
from service.operations.model import Finding, OperationKind, Severity
from service.plans.model import PlannedStep
from service.plans.resources import PlannedResource
from service.settings import Settings


@dataclass(frozen=True, slots=True)
class CheckedPlan:
    """What a check is given.

    Attributes:
        kind: What the plan is for: a deploy (also where a preview alone was asked for), a destroy, or a
            restore or import, which change the record alone.
        environment: As it is recorded, with the request that the plan was made from.
        steps: What would be done, to which resource.
        resources: What would stand afterwards, with its inputs, secrets masked; of a destroy nothing.
        standing: What stands now, with its inputs, as the state has it.
        may_grow: Whether others run or wait that may let more stand before this plan is carried out.
        settings: This installation's.
        now: The moment of the check.
    """

    kind: OperationKind
    environment: Environment
    steps: tuple[PlannedStep, ...]
    resources: tuple[PlannedResource, ...]
    standing: tuple[PlannedResource, ...]
    may_grow: bool
    settings: Settings
    now: datetime


@dataclass(frozen=True, slots=True)
class Prospect:
    """A deploy that was asked for, before it has a plan."""

    environment: Environment
    standing: tuple[PlannedResource, ...]
    settings: Settings
    now: datetime


@dataclass(frozen=True, slots=True)
class PlanCheck:
    """A check: what it finds in a plan, and whether a deploy must be planned first so that it can look.

    `find` reads what it needs to know beside the plan and then decides by a pure function. It writes nothing.
    """

    find: Callable[[CheckedPlan, UnitOfWork], Awaitable[Sequence[Finding]]]
    wants_plan: Callable[[Prospect, UnitOfWork], Awaitable[bool]]


async def run_checks(checks: Sequence[PlanCheck], plan: CheckedPlan, uow: UnitOfWork) -> tuple[Finding, ...]:
    """Return what all checks find, the gravest first."""
    found = [finding for check in checks for finding in await check.find(plan, uow)]
    return tuple(
        sorted(found, key=lambda one: (-GRAVITY.index(one.severity), one.rule, one.resource_urn or ""))
    )


GRAVITY = (Severity.ADVISORY, Severity.NEEDS_APPROVAL, Severity.REFUSED)
