"""Faults on demand, for every provider."""

from collections.abc import Callable

from sandbox.cloud.provider.errors import CloudError, ConnectionLostError, InitializationError
from sandbox.cloud.provider.model import Made
from sandbox.cloud.store.faults import Fault, FaultKind, Faults, Operation

_SAID = {
    FaultKind.ERROR: "InternalFailure: The request processing has failed because of an unknown error.",
    FaultKind.THROTTLE: "ThrottlingException: Rate exceeded",
    FaultKind.TIMEOUT: "timeout while waiting for state to become 'available' (last state: 'pending')",
    FaultKind.PARTIAL: "waiting for the resource to become available: unexpected state 'failed'",
    FaultKind.LOST: "error reading from server: EOF",
}

Wording = Callable[[Fault, str], CloudError]


def refuse_if_told(
    faults: Faults, token: str, operation: Operation, name: str, wording: Wording | None = None
) -> Fault | None:
    """Fail a call that a fault is waiting for.

    Args:
        faults: the faults that wait.
        token: the resource type or function.
        operation: what is being done.
        name: the resource's name or id, for the text.
        wording: how the provider words it; absent: the plain message.

    Returns:
        A fault that strikes only after the call has had its effect, or None.

    Raises:
        CloudError: the fault strikes before the call has any effect.
    """
    fault = faults.strike(token, operation)
    if fault is None or fault.kind in (FaultKind.PARTIAL, FaultKind.LOST):
        return fault
    raise wording(fault, said_by(fault)) if wording else CloudError(f"{operation} {name}: {said_by(fault)}")


def strike_afterwards(fault: Fault | None, made: Made) -> None:
    """Fail a call that has had its effect.

    Raises:
        ConnectionLostError: the caller does not hear of what was made.
        InitializationError: what was made is not usable.
    """
    if fault is None:
        return
    if fault.kind is FaultKind.LOST:
        raise ConnectionLostError(said_by(fault))
    raise InitializationError(made.id, made.outputs, made.inputs, (said_by(fault),))


def said_by(fault: Fault) -> str:
    """What the cloud says when a fault strikes."""
    return fault.message or _SAID[fault.kind]
