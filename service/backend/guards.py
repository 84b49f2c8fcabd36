"""What stands before the backend's routes: the same permissions as at the API, for people.

An engine's token opens one stack for one run, and that is its right; a lease's token one update.
"""

from dataclasses import dataclass

from fastapi import Request
from fastapi.params import Depends

from service.access.errors import PermissionDeniedError
from service.access.http import RouteGuard
from service.access.permissions import Permission
from service.backend.callers import EngineCaller
from service.backend.dependencies import CallerOf, LeaseOf
from service.backend.errors import StackNotFoundError
from service.backend.model import StackName
from service.backend.update_use_cases import recognize_lease
from service.core.app_state import Uows


@dataclass(frozen=True, slots=True)
class StackGuard(RouteGuard):
    """Lets engines through, and people who have the permission in the team that the path names.

    A stack of a team that they do not know is answered as one that is not there.
    """

    permission: Permission

    @property
    def needed(self) -> Permission:
        """The permission."""
        return self.permission

    async def __call__(self, request: Request, caller: CallerOf) -> None:
        """Raise PermissionDeniedError or StackNotFoundError."""
        if isinstance(caller, EngineCaller):
            return
        named = request.path_params
        team = named.get("organization")
        if team is None:
            if not caller.person.may_anywhere(self.permission):
                raise PermissionDeniedError(self.permission)
        elif caller.may_use(team):
            if not caller.person.may(self.permission, team):
                raise PermissionDeniedError(self.permission, team)
        elif "stack" in named:
            raise StackNotFoundError(f"Stack '{StackName(team, named['project'], named['stack'])}' not found")


@dataclass(frozen=True, slots=True)
class LoginGuard(RouteGuard):
    """Lets everybody through who is known."""

    async def __call__(self, caller: CallerOf) -> None:
        """Raise UnauthenticatedError where the caller is not."""
        del caller


@dataclass(frozen=True, slots=True)
class LeaseGuard(RouteGuard):
    """Lets through whoever has a lease's token; whether it still holds, the route checks with each write.

    Bodies may have 128 MB, and a small one may hold so much compressed: a stranger's is not read.
    """

    async def __call__(self, lease: LeaseOf, uows: Uows) -> None:
        """Raise UpdateNotFoundError or LeaseLostError."""
        async with uows() as uow:
            await recognize_lease(uow, lease)


def needs(permission: Permission) -> Depends:
    """Name the permission that a person needs for a route."""
    return Depends(StackGuard(permission))


def needs_login() -> Depends:
    """Mark a route that everybody who is logged in may ask."""
    return Depends(LoginGuard())


def needs_lease() -> Depends:
    """Mark a route that an update's lease opens."""
    return Depends(LeaseGuard())
