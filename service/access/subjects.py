"""Whose a thing in a URL is: how each path parameter leads to a team."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from service.access.permissions import Permission
from service.comparisons.errors import ComparisonNotFoundError
from service.comparisons.records import ComparisonId
from service.comparisons.tables import ComparisonRow
from service.core.errors import NotFoundError
from service.core.ids import EnvironmentId, OperationId
from service.environments.errors import EnvironmentNotFoundError
from service.environments.tables import EnvironmentRow
from service.freezes.errors import FreezeNotFoundError
from service.freezes.model import FreezeId
from service.freezes.tables import FreezeRow
from service.guardrails.errors import ExemptionNotFoundError
from service.guardrails.model import ExemptionId
from service.guardrails.tables import ExemptionRow
from service.operations.errors import OperationNotFoundError
from service.operations.tables import OperationRow
from service.webhooks.errors import EndpointNotFoundError
from service.webhooks.model import EndpointId
from service.webhooks.tables import WebhookEndpointRow


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a thing is; None is the installation's own."""

    team: str | None


@dataclass(frozen=True, slots=True)
class PathSubject:
    """A path parameter that names a team's thing.

    `read_by_all` is the permission by which those who have it in any team read the installation's own things
    of this kind; None where only platform admins know of them.
    """

    parameter: str
    find_owner: Callable[[AsyncSession, str], Awaitable[Owner | None]]
    not_found: Callable[[str], NotFoundError]
    read_by_all: Permission | None = None


async def _owner_of_environment(session: AsyncSession, environment_id: str) -> Owner | None:
    team = await session.scalar(select(EnvironmentRow.team).where(EnvironmentRow.id == environment_id))
    return None if team is None else Owner(team)


async def _owner_of_operation(session: AsyncSession, operation_id: str) -> Owner | None:
    team = await session.scalar(
        select(EnvironmentRow.team)
        .join(OperationRow, OperationRow.environment_id == EnvironmentRow.id)
        .where(OperationRow.id == operation_id)
    )
    return None if team is None else Owner(team)


async def _owner_of_endpoint(session: AsyncSession, endpoint_id: str) -> Owner | None:
    row = (
        await session.execute(select(WebhookEndpointRow.team).where(WebhookEndpointRow.id == endpoint_id))
    ).first()
    return None if row is None else Owner(row.team)


async def _owner_of_freeze(session: AsyncSession, freeze_id: str) -> Owner | None:
    row = (
        await session.execute(
            select(FreezeRow.team, EnvironmentRow.team)
            .outerjoin(EnvironmentRow, EnvironmentRow.id == FreezeRow.environment_id)
            .where(FreezeRow.id == freeze_id)
        )
    ).first()
    return None if row is None else Owner(row[0] or row[1])


async def _owner_of_exemption(session: AsyncSession, exemption_id: str) -> Owner | None:
    team = await session.scalar(select(ExemptionRow.team).where(ExemptionRow.id == exemption_id))
    return None if team is None else Owner(team)


async def _owner_of_comparison(session: AsyncSession, comparison_id: str) -> Owner | None:
    team = await session.scalar(select(ComparisonRow.team).where(ComparisonRow.id == comparison_id))
    return None if team is None else Owner(team)


SUBJECTS: tuple[PathSubject, ...] = (
    PathSubject(
        "environment_id", _owner_of_environment, lambda one: EnvironmentNotFoundError(EnvironmentId(one))
    ),
    PathSubject("operation_id", _owner_of_operation, lambda one: OperationNotFoundError(OperationId(one))),
    PathSubject(
        "comparison_id", _owner_of_comparison, lambda one: ComparisonNotFoundError(ComparisonId(one))
    ),
    PathSubject("endpoint_id", _owner_of_endpoint, lambda one: EndpointNotFoundError(EndpointId(one))),
    PathSubject("exemption_id", _owner_of_exemption, lambda one: ExemptionNotFoundError(ExemptionId(one))),
    PathSubject(
        "freeze_id",
        _owner_of_freeze,
        lambda one: FreezeNotFoundError(FreezeId(one)),
        read_by_all=Permission.FREEZES_READ,
    ),
)
