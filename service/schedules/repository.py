"""All SQL about scheduled actions."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, Exists, Table, and_, delete, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from service.backend.tables import StackRow
from service.core.ids import EnvironmentId
from service.environments.model import EnvironmentStatus
from service.environments.tables import EnvironmentRow
from service.operations.model import OperationKind
from service.operations.repository import UNFINISHED
from service.operations.states import OperationState
from service.operations.tables import OperationRow
from service.schedules.model import ActionKind
from service.schedules.tables import ScheduledActionRow
from service.state.tables import StateVersionRow

_table = cast("Table", ScheduledActionRow.__table__)
_NOT_READY = (
    EnvironmentStatus.REQUESTED,
    EnvironmentStatus.FAILED,
    EnvironmentStatus.INTERRUPTED,
    EnvironmentStatus.DESTROY_FAILED,
)


async def read_rows(
    session: AsyncSession, environment_id: EnvironmentId
) -> Mapping[ActionKind, ScheduledActionRow]:
    """Return what is recorded of an environment's actions."""
    rows = await session.scalars(
        select(ScheduledActionRow)
        .where(ScheduledActionRow.environment_id == environment_id)
        .execution_options(populate_existing=True)
    )
    return {ActionKind(row.kind): row for row in rows}


async def put_row(
    session: AsyncSession,
    environment_id: EnvironmentId,
    kind: ActionKind,
    *,
    planned_at: datetime,
    due_at: datetime | None,
    changed_by: str | None = None,
) -> None:
    """Write when the next action of a kind is planned and due."""
    moments = {"planned_at": planned_at, "due_at": due_at, "changed_by": changed_by}
    await session.execute(
        insert(_table)
        .values(environment_id=environment_id, kind=kind, **moments)
        .on_conflict_do_update(index_elements=["environment_id", "kind"], set_=moments)
    )


async def drop_rows(
    session: AsyncSession, environment_id: EnvironmentId, kinds: Iterable[ActionKind]
) -> None:
    """Forget actions of these kinds."""
    await session.execute(
        delete(_table).where(_table.c.environment_id == environment_id, _table.c.kind.in_(tuple(kinds)))
    )


async def find_due(
    session: AsyncSession, kinds: Iterable[ActionKind], *, limit: int
) -> Sequence[tuple[EnvironmentId, ActionKind]]:
    """Return actions whose time has come, the longest due first."""
    found = await session.execute(
        select(_table.c.environment_id, _table.c.kind)
        .where(_table.c.kind.in_(tuple(kinds)), _table.c.due_at <= func.now())
        .order_by(_table.c.due_at)
        .limit(limit)
    )
    return [(EnvironmentId(row.environment_id), ActionKind(row.kind)) for row in found]


async def find_failed_creations(
    session: AsyncSession, *, environment_class: str, limit: int
) -> Sequence[EnvironmentId]:
    """Return environments that were to be deployed and whose creation has failed, not announced yet."""
    environment = EnvironmentRow
    announced = exists().where(_table.c.environment_id == environment.id, _table.c.kind == ActionKind.CLEANUP)
    found = await session.scalars(
        select(environment.id)
        .where(
            environment.environment_class == environment_class,
            environment.status.in_(_NOT_READY),
            environment.is_protected.is_(False),
            _has_operation(OperationRow.kind == OperationKind.DEPLOY),
            _is_failed_creation(),
            ~announced,
        )
        .order_by(environment.id)
        .limit(limit)
    )
    return [EnvironmentId(environment_id) for environment_id in found]


async def is_failed_creation(session: AsyncSession, environment_id: EnvironmentId) -> bool:
    """Whether nothing stands but what failed deploys have made, and nothing is being done."""
    statement = select(EnvironmentRow.id).where(
        EnvironmentRow.id == environment_id,
        EnvironmentRow.status.in_(_NOT_READY),
        _is_failed_creation(),
    )
    return await session.scalar(statement) is not None


def _is_failed_creation() -> ColumnElement[bool]:
    return and_(
        ~_has_operation(
            (OperationRow.kind == OperationKind.DEPLOY) & (OperationRow.state == OperationState.SUCCEEDED)
        ),
        ~_has_operation(OperationRow.state.in_(UNFINISHED)),
        ~_has_taken_over(),
    )


def _has_taken_over() -> ColumnElement[bool]:
    """Whether the environment holds what stood before: by import, by `adopt`, or by its stack's name."""
    put_in_place = OperationRow.kind.in_((OperationKind.IMPORT, OperationKind.RESTORE))
    recorded_before = (
        exists()
        .where(StackRow.environment_id == EnvironmentRow.id)
        .where(StateVersionRow.stack_id == StackRow.id, StateVersionRow.operation_id.is_(None))
    )
    return or_(
        _has_operation(put_in_place & OperationRow.started_at.is_not(None)),
        _has_operation(OperationRow.options.has_key("adopt")),
        recorded_before,
    )


def _has_operation(condition: ColumnElement[bool]) -> Exists:
    return exists().where(OperationRow.environment_id == EnvironmentRow.id, condition)
