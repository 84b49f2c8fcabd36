"""Who decrypted what: an audit entry for every request that reveals secrets, never the secrets."""

from service.audit.repository import AuditAction, AuditEntry, record_action
from service.backend.callers import Caller, EngineCaller
from service.backend.model import Stack
from service.core.unit_of_work import UnitOfWork


async def audit_decryption(uow: UnitOfWork, caller: Caller, stack: Stack, **detail: str | int) -> None:
    """Note that the caller was given plain text of this stack's secrets. Does not commit."""
    shown = {name: value for name, value in detail.items() if value}
    await record_action(
        uow.session,
        AuditEntry(
            actor=caller.login,
            action=AuditAction.SECRETS_DECRYPTED,
            team=stack.address.team,
            environment_id=stack.environment_id,
            operation_id=caller.operation_id if isinstance(caller, EngineCaller) else None,
            detail={"stack": str(stack.address), **shown},
        ),
    )
