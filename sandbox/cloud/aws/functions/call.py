"""A function call, as the functions are given it."""

from dataclasses import dataclass

from sandbox.cloud.aws.surroundings import Surroundings
from sandbox.cloud.store.inventory import Inventory
from sandbox.cloud.wire.values import Properties, text_of


@dataclass(frozen=True, slots=True)
class Invocation:
    """A function call: its token, its arguments, where it is made, and what stands there."""

    token: str
    arguments: Properties
    around: Surroundings
    inventory: Inventory

    def text(self, name: str) -> str:
        """An argument's text; empty where it is absent."""
        return text_of(self.arguments, name)
