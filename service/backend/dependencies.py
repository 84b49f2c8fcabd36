"""What routes of the backend are handed: the unit of work, the caller, the address, the lease."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Header, Request

from service.access.authentication import authenticator_of, credential_of
from service.backend.callers import Caller, identify_caller
from service.backend.context import BackendContext, backend_context_of
from service.backend.model import StackName
from service.backend.update_use_cases import LeaseKey
from service.core.app_state import SettingsOf, Uows
from service.core.errors import UnauthenticatedError
from service.core.ids import UpdateId
from service.core.unit_of_work import UnitOfWork
from service.plans.rules import PlanRules, plan_rules

Context = Annotated[BackendContext, Depends(backend_context_of)]
Authorization = Annotated[str | None, Header()]


async def _open_uow(uows: Uows) -> AsyncIterator[UnitOfWork]:
    async with uows() as uow:
        yield uow


async def _identify(request: Request, uows: Uows) -> Caller:
    """Identify in a transaction of its own: no connection is held while a body is read."""
    async with uows() as uow:
        return await identify_caller(uow, authenticator_of(request), credential_of(request))


def _address(organization: str, project: str, stack: str) -> StackName:
    return StackName(organization, project, stack)


def _rules(settings: SettingsOf) -> PlanRules:
    return plan_rules(settings)


Uow = Annotated[UnitOfWork, Depends(_open_uow)]
CallerOf = Annotated[Caller, Depends(_identify)]
Rules = Annotated[PlanRules, Depends(_rules)]
Address = Annotated[StackName, Depends(_address)]


def _lease(address: Address, update_id: str, authorization: Authorization = None) -> LeaseKey:
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "update-token" or not token.strip():
        raise UnauthenticatedError("an update's lease token is required")
    return LeaseKey(address, UpdateId(update_id), token.strip())


LeaseOf = Annotated[LeaseKey, Depends(_lease)]


def engine_version(request: Request) -> str:
    """Return the version that the CLI's user agent names, e.g. `v3.260.0`; empty where it names none."""
    agent = request.headers.get("user-agent", "")
    product, _, details = agent.partition("(")
    if not product.startswith("pulumi-cli/"):
        return ""
    return details.partition(";")[0].strip()[:64]


EngineVersion = Annotated[str, Depends(engine_version)]
