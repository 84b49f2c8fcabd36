"""Who speaks to the backend: an engine that runs one operation, or a person; and what each may see."""

from dataclasses import dataclass
from typing import Protocol

from service.backend import keys_repository, stacks_repository, updates_repository
from service.backend.errors import LeaseLostError, StackNotFoundError
from service.backend.model import STACK_TOKEN_PREFIX, Stack, StackName, engine_login, token_hash
from service.core.errors import UnauthenticatedError
from service.core.ids import OperationId, StackId
from service.core.unit_of_work import UnitOfWork
from service.operations.model import Epoch


@dataclass(frozen=True, slots=True)
class EngineCaller:
    """An engine, by the token that its worker gave it: one stack, one epoch of one operation."""

    stack_id: StackId
    operation_id: OperationId
    epoch: Epoch

    @property
    def login(self) -> str:
        """The name under which its deeds are recorded."""
        return engine_login(self.operation_id)


@dataclass(frozen=True, slots=True)
class PersonCaller:
    """A person; `teams` None means every team."""

    login: str
    teams: frozenset[str] | None = None

    def may_use(self, team: str) -> bool:
        """Whether the team's stacks are this person's to use."""
        return self.teams is None or team in self.teams


Caller = EngineCaller | PersonCaller


class PeopleDirectory(Protocol):
    """Tells whose token a token is."""

    async def find_person(self, uow: UnitOfWork, token: str) -> PersonCaller | None:
        """Return the token's owner, or None where it opens nothing."""
        ...


class LocalDeveloper:
    """The directory of a machine that has one user: whoever can reach the service is that user."""

    async def find_person(self, uow: UnitOfWork, token: str) -> PersonCaller | None:
        """Return the one user for any token."""
        del uow
        return PersonCaller("local-developer") if token else None


async def identify_caller(uow: UnitOfWork, people: PeopleDirectory, authorization: str | None) -> Caller:
    """Return who sent `Authorization: token …`; raise UnauthenticatedError where nobody known did."""
    scheme, _, token = (authorization or "").partition(" ")
    token = token.strip()
    if scheme.lower() not in {"token", "bearer"} or not token:
        raise UnauthenticatedError("an access token is required: log in first")
    if token.startswith(STACK_TOKEN_PREFIX):
        grant = await keys_repository.find_grant(uow, token_hash(token))
        if grant is None:
            raise UnauthenticatedError("the engine's token has expired or was revoked")
        return EngineCaller(grant.stack_id, grant.operation_id, grant.epoch)
    person = await people.find_person(uow, token)
    if person is None:
        raise UnauthenticatedError("the access token is not valid")
    return person


async def open_stack(uow: UnitOfWork, caller: Caller, address: StackName, *, lock: bool = False) -> Stack:
    """Return a stack that the caller may use; locks are taken in the order operation, stack.

    Raises:
        StackNotFoundError: there is none of that name, or it is not the caller's to know of.
        LeaseLostError: the caller's operation has moved past this run.
    """
    stack = await stacks_repository.find(uow, address)
    if stack is None or not _may_open(caller, stack):
        raise StackNotFoundError(f"Stack '{address}' not found")
    await check_epoch(uow, caller)
    locked = await stacks_repository.find(uow, address, lock=True) if lock else stack
    if locked is None:
        raise StackNotFoundError(f"Stack '{address}' not found")
    return locked


def _may_open(caller: Caller, stack: Stack) -> bool:
    match caller:
        case EngineCaller():
            return stack.id == caller.stack_id
        case PersonCaller():
            return caller.may_use(stack.address.team)


async def check_epoch(uow: UnitOfWork, caller: Caller) -> None:
    """Raise LeaseLostError where the caller is an engine whose operation no longer runs in its epoch."""
    match caller:
        case EngineCaller():
            if not await updates_repository.holds_epoch(uow, caller.operation_id, caller.epoch):
                raise LeaseLostError(
                    f"operation {caller.operation_id} no longer runs in epoch {caller.epoch}"
                )
        case PersonCaller():
            return
