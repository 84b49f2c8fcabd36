"""Adoption: a program takes over resources that stand in the cloud already instead of making them anew."""

from collections.abc import Sequence

import pulumi
from pulumi.automation import PulumiFn

from service.operations.model import AdoptedResource


class Adoption:
    """Gives the resources of a program that are to be adopted the ids under which they stand.

    It reaches what the program's own code makes and what remote components make, by the engine's resource
    transforms; parents, providers and inputs are the program's.
    """

    def __init__(self, wanted: Sequence[AdoptedResource]) -> None:
        self._ids = {(one.type, one.name): one.id for one in wanted}
        self._unmet = set(self._ids)

    @property
    def unmet(self) -> list[str]:
        """What the program never made, as `type name`."""
        return sorted(f"{type_} {name}" for type_, name in self._unmet)

    def within(self, program: PulumiFn) -> PulumiFn:
        """Return the program with the adoption in it."""

        def adopting() -> object:
            pulumi.runtime.register_resource_transform(self._transform)
            return program()

        return adopting  # pyright: ignore[reportReturnType] -- what the program returns is passed on

    def _transform(self, args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        key = (args.type_, args.name)
        found = self._ids.get(key)
        if found is None:
            return None
        self._unmet.discard(key)
        options = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(import_=found))
        return pulumi.ResourceTransformResult(props=args.props, opts=options)
