"""Comparisons: asked for, previewed on both sides through the queue, and cleared away.

Each side is previewed in an environment of its own that stands for nothing: it is destroyed from the first,
is in no list, and is removed with everything of it when the comparison is over.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from programs.catalogue import BLUEPRINTS
from programs.request.costs import DEFAULT_COST_ASSUMPTIONS
from service.audit.repository import AuditAction, AuditEntry, record_action
from service.backend.use_cases import ensure_stack, retire_stack
from service.comparisons import repository
from service.comparisons.application import Adapted, Request, adapt_application
from service.comparisons.compute import UnpricedInstanceTypeError
from service.comparisons.facts import Orchestrator
from service.comparisons.model import DEFAULT_INSTANCE_TYPE, Comparison, Planned, ReadyTime, compare
from service.comparisons.records import (
    ComparisonId,
    RecordedComparison,
    RecordedSide,
    SideEnd,
    SideState,
    new_comparison_id,
)
from service.core.clock import utc_now
from service.core.ids import new_environment_id, new_operation_id
from service.core.unit_of_work import UnitOfWork
from service.environments.errors import InvalidRequestError
from service.environments.model import Environment, EnvironmentStatus
from service.environments.repository import insert_environment
from service.environments.requested import check_offered
from service.operations.line import record_operation
from service.operations.model import Operation, OperationFailure, OperationKind
from service.operations.runs import (
    Conclusion,
    Run,
)
from service.operations.states import OperationState
from service.pricing.load import UnpricedRegionError
from service.pricing.repository import find_prices, list_priced_regions
from service.pricing.table import PriceTable
from service.recommendations.questionnaire import Questionnaire
from service.recommendations.reasons import read_reasons
from service.settings import Cloud, Settings

# Whoever follows the previews' events has read them by then.
REMOVED_AFTER = timedelta(hours=1)
FORGOTTEN_AFTER = timedelta(days=90)
BATCH = 20


@dataclass(frozen=True, slots=True)
class CreateComparison:
    """An application (a request without orchestrator) to be put on both, and what is known of its team."""

    application: dict[str, object]
    actor: str
    answers: Questionnaire = field(default_factory=Questionnaire)
    instance_type: str = DEFAULT_INSTANCE_TYPE


async def create_comparison(
    command: CreateComparison, uow: UnitOfWork, settings: Settings
) -> RecordedComparison:
    """Record a comparison and put the previews of both sides in line. The caller commits.

    Raises:
        InvalidApplicationError: the application is wrong on either orchestrator.
        UnpricedRegionError: there are no prices for its region.
        UnpricedInstanceTypeError: there is no price for the instance type.
    """
    adapted = adapt_application(command.application, lambda request: _not_offered(request, settings))
    request = next((one.request for one in adapted if one.request is not None), None)
    region = (request.region if request else None) or settings.default_region
    await _prices_for(region, command.instance_type, uow)
    comparison = RecordedComparison(
        id=new_comparison_id(),
        team=str(command.application.get("team")),
        name=str(command.application.get("name")),
        region=region,
        application=command.application,
        answers=command.answers,
        instance_type=command.instance_type,
        created_by=command.actor,
        created_at=utc_now(),
    )
    previews = [_preview_of(one, comparison, settings) for one in adapted]
    sides = tuple(side for side, _, _ in previews)
    comparison = replace(comparison, sides=sides)
    comparison = replace(comparison, finished_at=utc_now() if comparison.is_finished else None)
    await repository.insert_comparison(uow.session, comparison)
    for _, environment, operation in previews:
        if environment is not None and operation is not None:
            await insert_environment(uow.session, environment)
            await ensure_stack(
                uow, environment_id=environment.id, team=environment.team, name=environment.name
            )
            await record_operation(operation, uow)
    await _audit(comparison, uow)
    return comparison


def _not_offered(request: Request, settings: Settings) -> Sequence[tuple[str, str]]:
    try:
        check_offered(request, settings)
    except InvalidRequestError as refused:
        return [(one.pointer, one.message) for one in refused.fields]
    return ()


async def _prices_for(region: str, instance_type: str, uow: UnitOfWork) -> PriceTable:
    table = await find_prices(region, uow)
    if table is None:
        known = ", ".join(await list_priced_regions(uow))
        raise UnpricedRegionError(
            f"there is no price table for {region}", hint=f"there are prices for {known}"
        )
    if instance_type not in table.instances:
        raise UnpricedInstanceTypeError(f"the table of {region} has no {instance_type}")
    return table


def _preview_of(
    adapted: Adapted, comparison: RecordedComparison, settings: Settings
) -> tuple[RecordedSide, Environment | None, Operation | None]:
    if adapted.request is None:
        return RecordedSide(adapted.orchestrator, SideState.UNAVAILABLE), None, None
    environment = _environment(adapted, adapted.request, comparison, settings)
    blueprint = BLUEPRINTS[adapted.orchestrator]
    operation = Operation(
        id=new_operation_id(),
        environment_id=environment.id,
        kind=OperationKind.PREVIEW,
        state=OperationState.QUEUED,
        blueprint=blueprint.name,
        blueprint_version=blueprint.version,
        request=environment.request,
        created_by=comparison.created_by,
        created_at=comparison.created_at,
    )
    side = RecordedSide(adapted.orchestrator, SideState.RUNNING, environment.id, operation.id)
    return side, environment, operation


def _environment(
    adapted: Adapted, request: Request, comparison: RecordedComparison, settings: Settings
) -> Environment:
    now = comparison.created_at
    return Environment(
        id=new_environment_id(),
        team=comparison.team,
        # The programs name by the request, which keeps its own name.
        name=f"compared-{comparison.id[-16:]}-{adapted.orchestrator}",
        orchestrator=adapted.orchestrator,
        environment_class=str(request.environment_class),
        account=request.account or settings.default_account,
        region=comparison.region,
        request=dict(adapted.document),
        revision=1,
        status=EnvironmentStatus.DESTROYED,
        is_protected=False,
        created_by=comparison.created_by,
        created_at=now,
        updated_at=now,
        ttl_counts_from=now,
        destroyed_at=now,
        comparison_id=comparison.id,
    )


async def _audit(comparison: RecordedComparison, uow: UnitOfWork) -> None:
    entry = AuditEntry(
        actor=comparison.created_by,
        action=AuditAction.COMPARISON_REQUESTED,
        team=comparison.team,
        environment_id=None,
        detail={"comparison_id": comparison.id, "application": comparison.application},
    )
    await record_action(uow.session, entry)


async def after_preview(run: Run, conclusion: Conclusion, uow: UnitOfWork) -> None:
    """Keep what the preview of a comparison's side has shown. Does nothing for others. Does not commit."""
    if run.kind is not OperationKind.PREVIEW:
        return
    is_planned = conclusion.state is OperationState.SUCCEEDED
    end = SideEnd(
        SideState.PLANNED if is_planned else SideState.FAILED,
        conclusion.failure,
        conclusion.planned if is_planned else (),
    )
    if await repository.save_side(uow.session, run.operation_id, end):
        await retire_stack(uow, environment_id=run.environment_id)


async def clear_comparisons(uow: UnitOfWork) -> None:
    """End sides whose previews ended unrun, and remove what old comparisons left; commits each on its own."""
    for operation_id, state in await repository.find_ended_untold(uow.session):
        failure = OperationFailure(code="preview_not_run", message=f"the preview {operation_id} was {state}")
        await repository.save_side(uow.session, operation_id, SideEnd(SideState.FAILED, failure))
        await uow.commit()
    for environment_id in await repository.find_removable(uow.session, age=REMOVED_AFTER, limit=BATCH):
        await repository.remove_environment(uow.session, environment_id)
        await uow.commit()
    await repository.forget_comparisons(uow.session, age=FORGOTTEN_AFTER)
    await uow.commit()


async def read_comparison(
    comparison_id: ComparisonId, uow: UnitOfWork, settings: Settings
) -> tuple[RecordedComparison, Comparison]:
    """Return a comparison as it was asked for, and what is known of it, at today's prices.

    Raises:
        ComparisonNotFoundError: there is none of this id.
        UnpricedRegionError: its region has lost its prices.
    """
    recorded = await repository.get_comparison(uow.session, comparison_id)
    table = await _prices_for(recorded.region, recorded.instance_type, uow)
    adapted = adapt_application(recorded.application, lambda request: _not_offered(request, settings))
    request = next((one.request for one in adapted if one.request is not None), None)
    planned = [await _planned(one, recorded, uow, settings) for one in adapted]
    comparison = compare(
        planned[0],
        planned[1],
        table,
        assumptions=request.cost_assumptions if request is not None else DEFAULT_COST_ASSUMPTIONS,
        answers=recorded.answers,
        instance_type=recorded.instance_type,
        reasons=read_reasons(settings.recommendation_reasons),
    )
    return recorded, comparison


async def _planned(
    adapted: Adapted, recorded: RecordedComparison, uow: UnitOfWork, settings: Settings
) -> Planned:
    side = recorded.side(adapted.orchestrator)
    resources = side.resources if side.state is SideState.PLANNED else None
    failure = None if side.failure is None else side.failure.message
    return Planned(adapted, resources, await _ready_time(adapted.orchestrator, uow, settings), failure)


async def _ready_time(orchestrator: Orchestrator, uow: UnitOfWork, settings: Settings) -> ReadyTime | None:
    seconds, deploys = await repository.median_ready_seconds(uow.session, orchestrator)
    if seconds is None:
        return None
    return ReadyTime(seconds, deploys, is_simulated=settings.cloud is Cloud.SANDBOX)
