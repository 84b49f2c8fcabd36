"""The states of a step while it is carried out."""

from sandbox.engine.providers.model import Made, Outcome, ProviderError
from sandbox.engine.state.resource import ResourceState
from sandbox.engine.steps.model import Step


class ResourceNotReadyError(ProviderError):
    """The resource exists and is not ready."""

    def __init__(self, reasons: list[str]) -> None:
        """Keep the provider's reasons."""
        super().__init__(_problems(reasons), Outcome.PARTIAL_FAILURE)


def _problems(reasons: list[str]) -> str:
    noun = "error" if len(reasons) == 1 else "errors"
    listed = "".join(f"\t* {reason}\n" for reason in reasons)
    return f"{len(reasons)} {noun} occurred:\n{listed}\n"


def new_of(step: Step) -> ResourceState:
    """The state that a step brings."""
    if step.new is None:
        raise AssertionError(step.op)
    return step.new


def old_of(step: Step) -> ResourceState:
    """The state that a step starts from."""
    if step.old is None:
        raise AssertionError(step.op)
    return step.old


def take(new: ResourceState, made: Made) -> None:
    """Give a state what the provider made of it."""
    new.id, new.outputs = made.id, made.outputs
    new.init_errors, new.refresh_before_update = made.init_errors, made.refresh_before_update


def raise_if_not_ready(new: ResourceState) -> None:
    """Fail for a resource that stands and is not ready.

    Raises:
        ResourceNotReadyError: with the provider's reasons.
    """
    if new.init_errors:
        raise ResourceNotReadyError(new.init_errors)
