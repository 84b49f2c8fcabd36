"""Who speaks to the backend: an engine that runs one operation, or a person; and what each may see."""

from dataclasses import dataclass

from service.access.credentials import Authenticator, Credential
from service.access.model import EVERY_TEAM
from service.access.model import Caller as Person
from service.access.permissions import Permission
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
    """A person, or a pipeline in the place of one, with the same roles as at the API."""

    person: Person

    @property
    def login(self) -> str:
        """The name under which their deeds are recorded."""
        return self.person.actor

    @property
    def teams(self) -> frozenset[str] | None:
        """The teams whose stacks they see; None is every team."""
        scope = self.person.teams_where(Permission.STACKS_READ)
        return None if scope is None or EVERY_TEAM in scope else scope

    def may_use(self, team: str) -> bool:
        """Whether the team's stacks are this person's to know of."""
        return self.person.knows(team)


Caller = EngineCaller | PersonCaller


async def identify_caller(uow: UnitOfWork, people: Authenticator, credential: Credential) -> Caller:
    """Return who sent `Authorization: token …`; raise UnauthenticatedError where nobody known did."""
    token = credential.token
    if token is None:
        raise UnauthenticatedError("an access token is required: log in first")
    if token.startswith(STACK_TOKEN_PREFIX):
        grant = await keys_repository.find_grant(uow, token_hash(token))
        if grant is None:
            raise UnauthenticatedError("the engine's token has expired or was revoked")
        return EngineCaller(grant.stack_id, grant.operation_id, grant.epoch)
    return PersonCaller(await people.identify(credential))


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
