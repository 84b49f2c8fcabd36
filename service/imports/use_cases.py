"""A state that was exported elsewhere becomes an environment's, by an operation like any other."""

from dataclasses import dataclass, replace

from service.audit.repository import AuditAction, AuditEntry, record_action
from service.backend.keyring import Keyring
from service.backend.replacing import upload_state
from service.core.ids import EnvironmentId
from service.core.unit_of_work import UnitOfWork
from service.environments.repository import get_environment
from service.operations.accepted import Accepted
from service.operations.model import OperationOptions
from service.operations.use_cases import StartOperation, start_operation
from service.state.deployment import VersionedDeployment


@dataclass(frozen=True, slots=True)
class ImportState:
    """The wish that an environment's recorded state is this one from now on."""

    environment_id: EnvironmentId
    state: VersionedDeployment
    start: StartOperation


async def import_state(command: ImportState, uow: UnitOfWork, keyring: Keyring) -> Accepted:
    """Keep a state and put the operation that puts it in place in line. The caller commits.

    Raises:
        EnvironmentNotFoundError: there is none of this id.
        IntegrityError: the state is broken.
        ForeignSecretsError: its secrets are encrypted and do not open here.
    """
    environment = await get_environment(uow.session, command.environment_id, lock=True)
    actor = command.start.actor
    upload_id = await upload_state(uow, keyring, environment, command.state, actor)
    start = replace(command.start, options=OperationOptions(upload_id=upload_id))
    operation = await start_operation(environment, start, uow)
    entry = AuditEntry(
        actor=actor,
        action=AuditAction.STATE_IMPORTED,
        team=environment.team,
        environment_id=environment.id,
        operation_id=operation.id,
        detail={"upload_id": upload_id, "resources": len(command.state.deployment.resources)},
    )
    await record_action(uow.session, entry)
    return Accepted(environment, operation)
