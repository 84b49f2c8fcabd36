"""SQL about operations as callers of the API see them; what a run writes is in `runs.py`."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import cast

from pydantic import TypeAdapter
from sqlalchemy import Table, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from service.core.ids import EnvironmentId, OperationId
from service.core.pages import PageRequest
from service.costs.summary import CostSummary
from service.operations.errors import OperationNotFoundError
from service.operations.model import (
    ApprovalRule,
    ChangeSummary,
    Epoch,
    Finding,
    Leftover,
    Operation,
    OperationFailure,
    OperationKind,
    OperationOptions,
    Severity,
)
from service.operations.states import OperationState
from service.operations.tables import OperationRow

_table = cast("Table", OperationRow.__table__)
WAITING = (OperationState.PENDING, OperationState.AWAITING_APPROVAL, OperationState.QUEUED)
UNFINISHED = (*WAITING, OperationState.RUNNING)


@dataclass(frozen=True, slots=True)
class OperationFilter:
    """Which operations of an environment are wanted; None means any."""

    kind: OperationKind | None = None
    state: OperationState | None = None

    def texts(self) -> dict[str, str | None]:
        """Return the filters as text, for a page's token."""
        return {"kind": self.kind, "state": self.state}


async def insert_operation(session: AsyncSession, operation: Operation) -> None:
    """Write a new operation."""
    await session.execute(
        insert(_table).values(
            id=operation.id,
            environment_id=operation.environment_id,
            kind=operation.kind,
            state=operation.state,
            blueprint=operation.blueprint,
            blueprint_version=operation.blueprint_version,
            request=operation.request,
            options=options_to_json(operation.options),
            created_by=operation.created_by,
            created_at=operation.created_at,
            retry_of=operation.retry_of,
            plan_operation_id=operation.plan_operation_id,
            plan_id=operation.plan_id,
            **_approval(operation),
        )
    )


def _approval(operation: Operation) -> dict[str, object]:
    """Return the columns that say what the plan's checks found and who must agree."""
    return {
        "approval_rule": None if operation.approval_rule is None else asdict(operation.approval_rule),
        "approval_expires_at": operation.approval_expires_at,
        "findings": [asdict(finding) for finding in operation.findings],
    }


async def get_operation(session: AsyncSession, operation_id: OperationId, *, lock: bool = False) -> Operation:
    """Read an operation; with `lock` nobody else changes it until the transaction ends.

    Raises:
        OperationNotFoundError: there is none of this id.
    """
    statement = select(_table).where(_table.c.id == operation_id)
    result = await session.execute(statement.with_for_update() if lock else statement)
    row = result.mappings().first()
    if row is None:
        raise OperationNotFoundError(operation_id)
    return operation_from_row(cast("Mapping[str, object]", row))


async def list_operations(
    session: AsyncSession, environment_id: EnvironmentId, wanted: OperationFilter, page: PageRequest
) -> Sequence[Operation]:
    """Read one page of an environment's operations, newest first, and one more if another page follows."""
    statement = (
        select(_table)
        .where(_table.c.environment_id == environment_id)
        .order_by(_table.c.id.desc())
        .limit(page.limit)
    )
    if wanted.kind is not None:
        statement = statement.where(_table.c.kind == wanted.kind)
    if wanted.state is not None:
        statement = statement.where(_table.c.state == wanted.state)
    if page.before is not None:
        statement = statement.where(_table.c.id < page.before)
    rows = (await session.execute(statement)).mappings()
    return [operation_from_row(cast("Mapping[str, object]", row)) for row in rows]


async def list_unfinished(session: AsyncSession, environment_id: EnvironmentId) -> Sequence[Operation]:
    """Read the operations that run or wait, the running one first, then in the order they were asked for."""
    rows = await session.execute(
        select(_table)
        .where(_table.c.environment_id == environment_id, _table.c.state.in_(UNFINISHED))
        .order_by(_table.c.state != OperationState.RUNNING, _table.c.id)
    )
    return [operation_from_row(cast("Mapping[str, object]", row)) for row in rows.mappings()]


async def find_last_deploy(session: AsyncSession, environment_id: EnvironmentId) -> Operation | None:
    """Read the newest deploy that succeeded: what it deployed was allowed, and stands. None before one."""
    rows = await session.execute(
        select(_table)
        .where(
            _table.c.environment_id == environment_id,
            _table.c.kind == OperationKind.DEPLOY,
            _table.c.state == OperationState.SUCCEEDED,
        )
        .order_by(_table.c.id.desc())
        .limit(1)
    )
    row = rows.mappings().first()
    return None if row is None else operation_from_row(cast("Mapping[str, object]", row))


async def save_operation(session: AsyncSession, operation: Operation) -> None:
    """Write what can change of an operation that no worker runs; the caller has locked it."""
    await session.execute(
        update(_table)
        .where(_table.c.id == operation.id)
        .values(
            state=operation.state,
            finished_at=operation.finished_at,
            cancel_requested_at=operation.cancel_requested_at,
            superseded_by=operation.superseded_by,
            plan_operation_id=operation.plan_operation_id,
            plan_id=operation.plan_id,
            **_approval(operation),
            failure=None if operation.failure is None else asdict(operation.failure),
        )
    )


async def save_findings(
    session: AsyncSession, operation_id: OperationId, findings: Sequence[Finding]
) -> None:
    """Note what the checks of a plan have found on the operation that made it."""
    columns = [asdict(finding) for finding in findings]
    await session.execute(update(_table).where(_table.c.id == operation_id).values(findings=columns))


async def save_base_state_version(
    session: AsyncSession, operation_id: OperationId, number: int | None
) -> None:
    """Note the state version that a run starts from; the caller holds the operation."""
    await session.execute(update(_table).where(_table.c.id == operation_id).values(base_state_version=number))


async def save_operation_cost(session: AsyncSession, operation_id: OperationId, cost: CostSummary) -> None:
    """Write what an operation does to the monthly cost of its environment."""
    await session.execute(update(_table).where(_table.c.id == operation_id).values(cost=cost.document()))


async def find_planned_by(session: AsyncSession, preview_id: OperationId) -> Operation | None:
    """Return the operation that waits for this preview's plan, locked; None if there is none."""
    statement = select(_table).where(
        _table.c.plan_operation_id == preview_id, _table.c.state == OperationState.PENDING
    )
    row = (await session.execute(statement.with_for_update())).mappings().first()
    return None if row is None else operation_from_row(cast("Mapping[str, object]", row))


async def find_overdue_approvals(session: AsyncSession, *, limit: int) -> Sequence[OperationId]:
    """Return operations whose time to be approved is over."""
    found = await session.scalars(
        select(_table.c.id)
        .where(_table.c.state == OperationState.AWAITING_APPROVAL, _table.c.approval_expires_at <= func.now())
        .order_by(_table.c.approval_expires_at)
        .limit(limit)
    )
    return [OperationId(str(operation_id)) for operation_id in found]


async def count_by_state(session: AsyncSession) -> Mapping[OperationState, int]:
    """Count the operations that run or wait, over all environments."""
    statement = (
        select(_table.c.state, func.count().label("count"))
        .where(_table.c.state.in_(UNFINISHED))
        .group_by(_table.c.state)
    )
    rows = (await session.execute(statement)).mappings()
    return {OperationState(str(row["state"])): int(row["count"]) for row in rows}


def operation_from_row(row: Mapping[str, object]) -> Operation:
    """Make the model of a row's columns."""
    changes = cast("Mapping[str, int] | None", row["changes"])
    failure = cast("dict[str, str] | None", row["failure"])
    rule = cast("Mapping[str, int] | None", row["approval_rule"])
    leftovers = cast("list[Mapping[str, str]] | None", row["leftovers"])
    cost = cast("Mapping[str, object] | None", row["cost"])
    findings = cast("list[dict[str, str]]", row["findings"])
    values = {
        **row,
        "kind": OperationKind(str(row["kind"])),
        "state": OperationState(str(row["state"])),
        "options": options_from_json(cast("Mapping[str, object]", row["options"])),
        "epoch": Epoch(cast("int", row["epoch"])),
        "approval_rule": None if rule is None else ApprovalRule(**rule),  # pyright: ignore[reportArgumentType] -- stored from this model
        "findings": tuple(
            Finding(**{**finding, "severity": Severity(finding["severity"])})  # pyright: ignore[reportArgumentType] -- stored from this model
            for finding in findings
        ),
        "changes": None if changes is None else ChangeSummary(**changes),
        "cost": None if cost is None else CostSummary.from_document(cost),
        "failure": None if failure is None else OperationFailure(**failure),  # pyright: ignore[reportArgumentType] -- stored from this model
        "leftovers": None if leftovers is None else tuple(Leftover(**found) for found in leftovers),
    }
    return Operation(**values)  # pyright: ignore[reportArgumentType] -- columns are the model's fields


_options = TypeAdapter(OperationOptions)


def options_to_json(options: OperationOptions) -> dict[str, object]:
    """Return the options as a row keeps them; what was not asked for is left out."""
    return cast("dict[str, object]", _options.dump_python(options, mode="json", exclude_defaults=True))


def options_from_json(stored: Mapping[str, object]) -> OperationOptions:
    """Read the options of a row."""
    return _options.validate_python(stored)
