"""Recorded resources as these tests need them."""

from sandbox.engine import urn as urns
from sandbox.engine.state.resource import ResourceState

THING = "test:index:Thing"


def urn_of(name: str, parent: str = "") -> str:
    """The URN of a thing."""
    return urns.make("dev", "lab", parent, THING, name)


def thing(name: str, *needs: ResourceState, parent: ResourceState | None = None) -> ResourceState:
    """A thing that depends on others."""
    above = parent.urn if parent else ""
    return ResourceState(
        type=THING,
        urn=urn_of(name, above),
        custom=True,
        id=f"id-{name}",
        parent=above,
        dependencies=[needed.urn for needed in needs],
    )
