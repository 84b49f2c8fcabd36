"""Faults on demand as AWS would show them."""

from sandbox.cloud.aws.calls import worded
from sandbox.cloud.provider.errors import ApiError, CloudError
from sandbox.cloud.store.faults import Fault, FaultKind, Faults, Operation


def refuse_if_told(faults: Faults, token: str, operation: Operation, name: str) -> Fault | None:
    """Fail a call that a fault is waiting for.

    Returns:
        A fault that strikes only after the call has had its effect, or None.

    Raises:
        CloudError: the fault strikes before the call has any effect.
    """
    fault = faults.strike(token, operation)
    if fault is None or fault.kind in (FaultKind.PARTIAL, FaultKind.LOST):
        return fault
    raise _refusal(fault, token, operation, name)


def _refusal(fault: Fault, token: str, operation: Operation, name: str) -> CloudError:
    if fault.kind is FaultKind.THROTTLE:
        said = ApiError("ThrottlingException", fault.message or "Rate exceeded")
        return worded(said, token, operation, name)
    if fault.kind is FaultKind.TIMEOUT:
        said = (
            fault.message
            or "timeout while waiting for state to become 'available' (last state: 'pending', timeout: 10m0s)"
        )
        return CloudError(f"1 error occurred:\n\t* waiting for {token} ({name}) {operation}: {said}\n\n")
    said = ApiError(
        "InternalFailure", fault.message or "The request processing has failed because of an unknown error."
    )
    return worded(said, token, operation, name)
