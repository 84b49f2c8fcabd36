"""All SQL about drift."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, exists, func, insert, lateral, or_, select, true
from sqlalchemy.dialects.postgresql import INTERVAL
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.expression import cast

from service.access.model import TeamScope
from service.access.scope import within
from service.backend.tables import StackRow
from service.core.ids import DriftReportId, EnvironmentId, OperationId
from service.core.pages import PageRequest
from service.drift.model import DriftReport, EnvironmentDrift
from service.drift.tables import DriftReportRow
from service.environments.model import EnvironmentStatus
from service.environments.tables import EnvironmentRow
from service.events.model import ResourceDrifted
from service.events.repository import read_last_attempt
from service.freezes.model import UNFROZEN_KINDS
from service.freezes.repository import is_frozen
from service.operations.model import OperationKind
from service.operations.repository import UNFINISHED
from service.operations.states import OperationState
from service.operations.tables import OperationRow
from service.schedules.model import ActionKind
from service.schedules.tables import ScheduledActionRow
from service.state.tables import ResourceRow, StateVersionRow

BRING_TOGETHER = (
    OperationKind.DEPLOY,
    OperationKind.REFRESH,
    OperationKind.REPAIR,
    OperationKind.RESTORE,
    OperationKind.IMPORT,
)


async def insert_report(session: AsyncSession, report: DriftReport) -> None:
    """Write a report."""
    await session.execute(
        insert(DriftReportRow).values(
            id=report.id,
            environment_id=report.environment_id,
            operation_id=report.operation_id,
            checked_at=report.checked_at,
            state_version=report.state_version,
            drifted_count=len(report.resources),
            gone_count=sum(one.is_gone for one in report.resources),
            resources=[one.model_dump(mode="json") for one in report.resources],
        )
    )


async def read_drift_told(session: AsyncSession, operation_id: OperationId) -> tuple[ResourceDrifted, ...]:
    """Return what a run has told of drift in its events."""
    payloads = await read_last_attempt(session, operation_id, "resource_drifted")
    return tuple(ResourceDrifted.model_validate(payload) for payload in payloads)


async def list_reports(
    session: AsyncSession, environment_id: EnvironmentId, page: PageRequest
) -> Sequence[DriftReport]:
    """Read one page of an environment's reports, newest first, and one more if another page follows."""
    row = DriftReportRow
    statement = select(row).where(row.environment_id == environment_id).order_by(row.id.desc())
    if page.before is not None:
        statement = statement.where(row.id < page.before)
    return [_report(found) for found in await session.scalars(statement.limit(page.limit))]


async def list_fleet(
    session: AsyncSession, page: PageRequest, *, team: str | None, is_drifted: bool | None, scope: TeamScope
) -> Sequence[EnvironmentDrift]:
    """Read the newest report of each living environment of the scope that has one, newest first."""
    environment, row = EnvironmentRow, DriftReportRow
    newest = lateral(
        select(row).where(row.environment_id == environment.id).order_by(row.id.desc()).limit(1)
    ).alias("newest")
    recorded = (
        select(func.max(StateVersionRow.number))
        .join(StackRow, StackRow.id == StateVersionRow.stack_id)
        .where(StackRow.environment_id == environment.id)
        .scalar_subquery()
    )
    columns = newest.c
    statement = (
        select(
            environment.id,
            environment.team,
            environment.name,
            columns.id.label("report_id"),
            columns.operation_id,
            columns.checked_at,
            columns.drifted_count,
            columns.gone_count,
            (columns.state_version.is_not_distinct_from(recorded)).label("is_current"),
        )
        .join(newest, true())
        .where(environment.status != EnvironmentStatus.DESTROYED, within(environment.team, scope))
        .order_by(environment.id.desc())
        .limit(page.limit)
    )
    if team is not None:
        statement = statement.where(environment.team == team)
    if is_drifted is not None:
        statement = statement.where((columns.drifted_count > 0) == is_drifted)
    if page.before is not None:
        statement = statement.where(environment.id < page.before)
    rows = await session.execute(statement)
    return [
        EnvironmentDrift(
            environment_id=EnvironmentId(found.id),
            team=found.team,
            name=found.name,
            report_id=DriftReportId(found.report_id),
            operation_id=OperationId(found.operation_id),
            checked_at=found.checked_at,
            drifted_count=found.drifted_count,
            gone_count=found.gone_count,
            is_current=found.is_current,
        )
        for found in rows
    ]


async def find_due(
    session: AsyncSession, *, environment_class: str, every: timedelta, limit: int
) -> Sequence[EnvironmentId]:
    """Return idle environments of a class that nobody deployed to or compared for that long."""
    environment = EnvironmentRow
    found = await session.scalars(
        select(environment.id)
        .where(environment.environment_class == environment_class, _is_due(every))
        .order_by(environment.id)
        .limit(limit)
    )
    return [EnvironmentId(environment_id) for environment_id in found]


async def is_due(session: AsyncSession, environment_id: EnvironmentId, every: timedelta) -> bool:
    """Whether this environment is one that `find_due` finds."""
    wanted = select(EnvironmentRow.id).where(EnvironmentRow.id == environment_id, _is_due(every))
    return await session.scalar(wanted) is not None


async def read_last_look(session: AsyncSession, environment_id: EnvironmentId) -> datetime | None:
    """Return from when on the next comparison is counted; None for what is not compared by itself."""
    return await session.scalar(
        select(_last_look()).where(EnvironmentRow.id == environment_id, _is_looked_at())
    )


def _is_due(every: timedelta) -> ColumnElement[bool]:
    environment, action = EnvironmentRow, ScheduledActionRow
    put_off = exists().where(
        action.environment_id == environment.id,
        action.kind == ActionKind.DRIFT_CHECK,
        action.due_at > func.now(),
    )
    return and_(_is_looked_at(), _last_look() < func.now() - cast(every, INTERVAL), ~_is_busy(), ~put_off)


def _is_looked_at() -> ColumnElement[bool]:
    """What is ready, and what stands of a deploy that failed."""
    environment = EnvironmentRow
    stands = (
        exists()
        .where(StackRow.environment_id == environment.id)
        .where(ResourceRow.stack_id == StackRow.id)
        .correlate(environment)
    )
    is_ready, has_failed = (
        environment.status == status for status in (EnvironmentStatus.READY, EnvironmentStatus.FAILED)
    )
    return or_(is_ready, has_failed & stands)


def _last_look() -> ColumnElement[datetime]:
    """When a comparison was last asked for, or a run ended that brought cloud and record together.

    Pauses and resumes do not count: they come every day and look at nothing.
    """
    operation = OperationRow
    is_comparison = operation.kind == OperationKind.DETECT_DRIFT
    brings_together = and_(
        operation.kind.in_(BRING_TOGETHER),
        operation.started_at.is_not(None),
        ~operation.options.has_key("pause"),
    )
    newest = (
        select(func.max(case((is_comparison, operation.created_at), else_=operation.finished_at)))
        .where(operation.environment_id == EnvironmentRow.id, or_(is_comparison, brings_together))
        .correlate(EnvironmentRow)
        .scalar_subquery()
    )
    return func.coalesce(newest, EnvironmentRow.created_at)


def _is_busy() -> ColumnElement[bool]:
    """Whether operations run or wait, but for those that wait for the end of a freeze alone."""
    operation = OperationRow
    waits_for_thaw = and_(
        operation.state == OperationState.QUEUED,
        operation.kind.not_in(UNFROZEN_KINDS),
        is_frozen(EnvironmentRow.id, EnvironmentRow.team),
    )
    return (
        exists()
        .where(
            operation.environment_id == EnvironmentRow.id, operation.state.in_(UNFINISHED), ~waits_for_thaw
        )
        .correlate(EnvironmentRow)
    )


def _report(row: DriftReportRow) -> DriftReport:
    return DriftReport(
        id=DriftReportId(row.id),
        environment_id=EnvironmentId(row.environment_id),
        operation_id=OperationId(row.operation_id),
        checked_at=row.checked_at,
        state_version=row.state_version,
        resources=tuple(ResourceDrifted.model_validate(one) for one in row.resources),
    )
