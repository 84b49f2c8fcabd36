"""What a slow verb has begun."""

from dataclasses import dataclass

from service.environments.model import Environment
from service.operations.model import Operation


@dataclass(frozen=True, slots=True)
class Accepted:
    """The operation that has begun or changed, and the environment that it works on."""

    environment: Environment
    operation: Operation
