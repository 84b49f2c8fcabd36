"""What a rule is given: what is asked for, and the cloud that it is asked of."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sandbox.cloud.aws.surroundings import Surroundings
from sandbox.cloud.provider.errors import ApiError
from sandbox.cloud.provider.model import Failure
from sandbox.cloud.store.inventory import Inventory
from sandbox.cloud.store.records import Record
from sandbox.cloud.wire.values import Properties, text_of


@dataclass(frozen=True, slots=True)
class Asked:
    """A resource to be made or changed.

    Attributes:
        inventory: what stands in the cloud.
        around: the account and region.
        properties: the resource as it would be.
        record: the resource as it is; None for a new one.
    """

    inventory: Inventory
    around: Surroundings
    properties: Properties
    record: Record | None = None

    def text(self, name: str) -> str:
        """A property's text; empty where it is absent."""
        return text_of(self.properties, name)

    def find(self, type_: str, key: str) -> Record | None:
        """The resource that an id, an ARN or a name refers to.

        Args:
            type_: its type without the package: `ec2/subnet:Subnet`.
            key: the id, ARN or name.
        """
        return self.inventory.referenced(f"aws:{type_}", key, self.around.scope) if key else None

    def others(self, type_: str, name: str, value: str) -> list[Record]:
        """The other resources of a type, in this account and region, one of whose properties has a value."""
        return [
            record
            for record in self.inventory.with_property(f"aws:{type_}", self.around.scope, name, value)
            if self.record is None or record.number != self.record.number
        ]


Rule = Callable[[Asked], Iterator[ApiError]]
"""Says what AWS refuses when a resource is made or changed."""

Protection = Callable[[Record], Iterator[ApiError]]
"""Says why AWS refuses to delete a resource."""

InputCheck = Callable[[Properties], Iterator[Failure]]
"""Says which inputs the provider refuses before it asks AWS; unknown ones pass."""
