"""What routes name: the permission that they need, the caller, and the caller's name in the records."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.params import Depends as DependsMarker
from sqlalchemy.ext.asyncio import AsyncSession

from service.access.authentication import authenticator_of, credential_of
from service.access.errors import PermissionDeniedError
from service.access.model import Caller
from service.access.permissions import Permission
from service.access.subjects import SUBJECTS, Owner, PathSubject
from service.core.app_state import Uows
from service.core.ids import EnvironmentId
from service.core.unit_of_work import UnitOfWork


async def current_caller(request: Request) -> Caller:
    """Return who sent this request; raise UnauthenticatedError where nobody known did."""
    return await authenticator_of(request).identify(credential_of(request))


CallerOf = Annotated[Caller, Depends(current_caller)]


def _current_actor(caller: CallerOf) -> str:
    return caller.actor


Actor = Annotated[str, Depends(_current_actor)]


@dataclass(frozen=True, slots=True)
class RouteGuard:
    """What stands before a route: a dependency that says who may ask, and the mark that tests look for."""

    @property
    def needed(self) -> Permission | None:
        """The permission that is asked for; None where none is."""
        return None


@dataclass(frozen=True, slots=True)
class Guard(RouteGuard):
    """The dependency that lets a request through only where its caller has the permission.

    A thing named in the path is looked up first: one of a team that the caller has no role in is answered
    as one that does not exist. Where the path names none, the caller must have the permission in some team,
    and the route narrows what it lists or checks the team in the body with `check_team`.
    """

    permission: Permission

    @property
    def needed(self) -> Permission:
        """The permission."""
        return self.permission

    async def __call__(self, request: Request, caller: CallerOf, uows: Uows) -> None:
        """Raise PermissionDeniedError, or the thing's own NotFoundError."""
        named = next((one for one in SUBJECTS if one.parameter in request.path_params), None)
        if named is None or caller.is_platform_admin:
            if not caller.may_anywhere(self.permission):
                raise PermissionDeniedError(self.permission)
            return
        async with uows() as uow:
            await self._check(caller, named, str(request.path_params[named.parameter]), uow.session)

    async def _check(self, caller: Caller, named: PathSubject, value: str, session: AsyncSession) -> None:
        owner = await named.find_owner(session, value) if "\0" not in value else None
        if owner is None or not _is_known(caller, named, owner):
            raise named.not_found(value)
        is_read_by_all = owner.team is None and self.permission is named.read_by_all
        if not is_read_by_all and not caller.may(self.permission, owner.team):
            raise PermissionDeniedError(self.permission, owner.team)


def _is_known(caller: Caller, named: PathSubject, owner: Owner) -> bool:
    if owner.team is None and named.read_by_all is not None:
        return caller.may_anywhere(named.read_by_all)
    return caller.knows(owner.team)


@dataclass(frozen=True, slots=True)
class Identified(RouteGuard):
    """The dependency of a route that everybody may ask who has proved who they are, roles or none."""

    async def __call__(self, caller: CallerOf) -> None:
        """Raise UnauthenticatedError where the caller has not."""
        del caller


@dataclass(frozen=True, slots=True)
class Open(RouteGuard):
    """The mark of a route that anybody may ask, and why."""

    reason: str

    async def __call__(self) -> None:
        """Let everybody through."""


def requires(permission: Permission) -> DependsMarker:
    """Name the permission that a route needs: `dependencies=[requires(Permission.…)]`."""
    return DependsMarker(Guard(permission))


def requires_identity() -> DependsMarker:
    """Mark a route that everybody who is known may ask."""
    return DependsMarker(Identified())


def open_to_all(reason: str) -> DependsMarker:
    """Mark a route that anybody may ask, with the reason."""
    return DependsMarker(Open(reason))


def check_team(caller: Caller, permission: Permission, team: str | None) -> None:
    """Raise PermissionDeniedError where the caller lacks a right in a team that the body names.

    None stands for what belongs to no team.
    """
    if not caller.may(permission, team):
        raise PermissionDeniedError(permission, team)


async def check_environment(
    caller: Caller, permission: Permission, environment_id: EnvironmentId, uow: UnitOfWork
) -> None:
    """Check a right in the team of an environment that the body names.

    Raises:
        EnvironmentNotFoundError: there is none, or it is not the caller's to know of.
        PermissionDeniedError: the caller lacks the right in its own team.
    """
    named = next(one for one in SUBJECTS if one.parameter == "environment_id")
    owner = await named.find_owner(uow.session, environment_id)
    if owner is None or not caller.knows(owner.team):
        raise named.not_found(environment_id)
    check_team(caller, permission, owner.team)
