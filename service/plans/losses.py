"""Destroying or replacing what cannot be made anew, or what is in production, needs somebody's approval."""

from collections.abc import Iterator, Sequence

from programs.request.shape import EnvironmentClass
from service.core.unit_of_work import UnitOfWork
from service.events.model import StepAction
from service.operations.model import Finding, OperationKind, Severity
from service.plans.checking import CheckedPlan, PlanCheck, Prospect
from service.plans.model import DESTRUCTIVE, PlannedStep
from service.plans.resources import PlannedResource

RULE = "losses"
LOSING_KINDS = frozenset({OperationKind.DEPLOY, OperationKind.DESTROY})
HINT = "look at the plan; approve it if this is what you want"

# What holds data that no deploy brings back, and the input that says its content may go with it.
STATEFUL: dict[str, str | None] = {
    "aws:dynamodb/table:Table": None,
    "aws:ebs/volume:Volume": None,
    "aws:ecr/repository:Repository": "forceDelete",
    "aws:efs/fileSystem:FileSystem": None,
    "aws:rds/cluster:Cluster": None,
    "aws:rds/instance:Instance": None,
    "aws:s3/bucket:Bucket": "forceDestroy",
    "aws:s3/bucketV2:BucketV2": "forceDestroy",
    "kubernetes:core/v1:PersistentVolumeClaim": None,
}
# A new version of these is a new resource by their nature: replacing one loses nothing and stops nothing.
VERSIONS = frozenset({"aws:ecs/taskDefinition:TaskDefinition", "aws:lambda/layerVersion:LayerVersion"})


def is_stateful(resource: PlannedResource) -> bool:
    """Whether the resource holds data that ends with it and that nobody has declared disposable."""
    if resource.type not in STATEFUL:
        return False
    disposable = STATEFUL[resource.type]
    return disposable is None or resource.inputs.get(disposable) is not True


def find_losses(plan: CheckedPlan) -> Sequence[Finding]:
    """Return a finding for what the plan would delete or replace of stateful and of production resources."""
    environment = plan.environment
    # An ephemeral one ends at a time that was known when it was asked for: that needs nobody's word.
    if environment.environment_class == EnvironmentClass.EPHEMERAL or plan.kind not in LOSING_KINDS:
        return []
    findings = list(_stateful_losses(plan))
    if environment.environment_class == EnvironmentClass.PRODUCTION:
        findings += _production_losses(plan)
    return findings


def _stateful_losses(plan: CheckedPlan) -> Iterator[Finding]:
    stateful = {resource.urn for resource in plan.standing if is_stateful(resource)}
    for step in _destructive(plan):
        if step.urn in stateful:
            yield Finding(
                rule=RULE,
                severity=Severity.NEEDS_APPROVAL,
                message=f"{step.name} would be {_done(step.action)} with the data that it holds",
                hint=HINT,
                resource_urn=step.urn,
            )


def _production_losses(plan: CheckedPlan) -> Iterator[Finding]:
    losses = [step for step in _destructive(plan) if step.resource_type not in VERSIONS]
    if plan.kind is OperationKind.DESTROY and (losses or plan.may_grow):
        message = f"{plan.environment.team}/{plan.environment.name} is in production and would be destroyed"
    elif losses:
        message = f"{len(losses)} resources in production would be deleted or replaced"
    else:
        return
    yield Finding(rule=RULE, severity=Severity.NEEDS_APPROVAL, message=message, hint=HINT)


def _destructive(plan: CheckedPlan) -> list[PlannedStep]:
    """Return the deletions and replacements of what stands, each resource once."""
    replaced = {step.urn for step in plan.steps if step.action is StepAction.REPLACE}
    return [
        step
        for step in plan.steps
        if step.action in DESTRUCTIVE and (step.action is StepAction.REPLACE or step.urn not in replaced)
    ]


def _done(action: StepAction) -> str:
    return "replaced" if action is StepAction.REPLACE else "deleted"


async def _find(plan: CheckedPlan, _uow: UnitOfWork) -> Sequence[Finding]:
    return find_losses(plan)


async def _wants_plan(prospect: Prospect, _uow: UnitOfWork) -> bool:
    """A deploy can lose something only where something to lose stands."""
    match prospect.environment.environment_class:
        case EnvironmentClass.EPHEMERAL:
            return False
        case EnvironmentClass.PRODUCTION:
            return bool(prospect.standing)
        case _:
            return any(is_stateful(resource) for resource in prospect.standing)


LOSSES = PlanCheck(_find, _wants_plan)
