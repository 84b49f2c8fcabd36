"""All SQL about plans and decisions."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import cast

from sqlalchemy import Table, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_or_skip
from sqlalchemy.ext.asyncio import AsyncSession

from service.core.ids import EnvironmentId, OperationId, PlanId
from service.events.model import StepAction
from service.events.repository import read_last_attempt
from service.operations.model import ChangeSummary
from service.plans.model import Decision, Plan, PlanBasis, PlanDecision, PlannedStep
from service.plans.resources import PlannedResource, pack_resources, unpack_resources
from service.plans.tables import DecisionRow, PlanRow

_plans = cast("Table", PlanRow.__table__)
_decisions = cast("Table", DecisionRow.__table__)
_shown = [column for column in _plans.columns if column.name not in {"document", "resources"}]


async def insert_plan(
    session: AsyncSession,
    plan: Plan,
    *,
    document: str | None = None,
    resources: Sequence[PlannedResource] = (),
) -> None:
    """Write a plan with the engine's own document of it, if there is one, and what would stand."""
    await session.execute(
        insert(_plans).values(
            id=plan.id,
            operation_id=plan.operation_id,
            environment_id=plan.environment_id,
            request=dict(plan.basis.request),
            blueprint=plan.basis.blueprint,
            blueprint_version=plan.basis.blueprint_version,
            base_state_version=plan.basis.state_version,
            digest=plan.digest,
            changes=asdict(plan.changes),
            steps=[asdict(step) for step in plan.steps],
            document=None if document is None else zlib.compress(document.encode()),
            resources=pack_resources(resources) if resources else None,
            created_at=plan.created_at,
        )
    )


async def find_plan(session: AsyncSession, plan_id: PlanId) -> Plan | None:
    """Return a plan, or None."""
    row = (await session.execute(select(*_shown).where(_plans.c.id == plan_id))).mappings().first()
    return None if row is None else _plan(cast("Mapping[str, object]", row))


async def find_plan_of(session: AsyncSession, operation_id: OperationId) -> Plan | None:
    """Return the newest plan that was made in or for an operation, or None."""
    statement = (
        select(*_shown).where(_plans.c.operation_id == operation_id).order_by(_plans.c.id.desc()).limit(1)
    )
    row = (await session.execute(statement)).mappings().first()
    return None if row is None else _plan(cast("Mapping[str, object]", row))


async def read_document(session: AsyncSession, plan_id: PlanId) -> str | None:
    """Return the engine's own document of a plan, or None where it has none."""
    document = await session.scalar(select(_plans.c.document).where(_plans.c.id == plan_id))
    return None if document is None else zlib.decompress(document).decode()


async def read_resources(session: AsyncSession, plan_id: PlanId) -> tuple[PlannedResource, ...]:
    """Return what would stand if the plan were carried out; of a destroy's plan nothing would."""
    packed = await session.scalar(select(_plans.c.resources).where(_plans.c.id == plan_id))
    return () if packed is None else unpack_resources(packed)


async def read_planned_steps(session: AsyncSession, operation_id: OperationId) -> tuple[PlannedStep, ...]:
    """Return the steps that a preview has told in its events."""
    told = await read_last_attempt(session, operation_id, "resource_started")
    steps = (_step(cast("Mapping[str, object]", payload)) for payload in told)
    # A refresh looks, and plans nothing.
    return tuple(step for step in steps if step.action is not StepAction.REFRESH)


async def record_decision(
    session: AsyncSession, operation_id: OperationId, plan_id: PlanId, decision: PlanDecision
) -> None:
    """Write a decision; saying the same twice is saying it once."""
    await session.execute(
        insert_or_skip(_decisions)
        .values(operation_id=operation_id, plan_id=plan_id, **asdict(decision))
        .on_conflict_do_nothing()
    )


async def list_decisions(
    session: AsyncSession, operation_id: OperationId, plan_id: PlanId
) -> Sequence[PlanDecision]:
    """Return what was said to this plan of this operation, in order."""
    rows = await session.execute(
        select(_decisions)
        .where(_decisions.c.operation_id == operation_id, _decisions.c.plan_id == plan_id)
        .order_by(_decisions.c.id)
    )
    return [
        PlanDecision(
            actor=str(row["actor"]),
            decision=Decision(str(row["decision"])),
            at=row["at"],
            comment=row["comment"],
        )
        for row in rows.mappings()
    ]


def _plan(row: Mapping[str, object]) -> Plan:
    steps = cast("list[dict[str, object]]", row["steps"])
    return Plan(
        id=PlanId(str(row["id"])),
        operation_id=OperationId(str(row["operation_id"])),
        environment_id=EnvironmentId(str(row["environment_id"])),
        basis=PlanBasis(
            request=cast("Mapping[str, object]", row["request"]),
            blueprint=str(row["blueprint"]),
            blueprint_version=str(row["blueprint_version"]),
            state_version=cast("int | None", row["base_state_version"]),
        ),
        digest=str(row["digest"]),
        changes=ChangeSummary(**cast("Mapping[str, int]", row["changes"])),
        steps=tuple(_step(step) for step in steps),
        created_at=row["created_at"],  # pyright: ignore[reportArgumentType] -- a timestamp column
    )


def _step(payload: Mapping[str, object]) -> PlannedStep:
    return PlannedStep(
        action=StepAction(str(payload["action"])),
        urn=str(payload["urn"]),
        resource_type=str(payload["resource_type"]),
        name=str(payload["name"]),
        changed_properties=tuple(cast("list[str]", payload["changed_properties"])),
    )
