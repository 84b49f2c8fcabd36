"""Which rules hold for which type, and when they are asked."""

from sandbox.cloud.aws.surroundings import Surroundings
from sandbox.cloud.store.inventory import Inventory
from sandbox.cloud.store.records import Record
from sandbox.cloud.wire.values import Properties


def refuse_creation(inventory: Inventory, around: Surroundings, token: str, inputs: Properties) -> None:
    """Refuse a resource that AWS would refuse to make."""


def refuse_change(inventory: Inventory, around: Surroundings, record: Record, outputs: Properties) -> None:
    """Refuse a change that AWS would refuse."""


def refuse_deletion(inventory: Inventory, record: Record) -> None:
    """Refuse to delete what AWS protects."""
