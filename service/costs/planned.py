"""A plan: the resources that will stand, with their inputs, and how they hang together."""

from collections.abc import Iterable, Iterator

from service.plans.resources import PlannedResource

__all__ = ["Plan", "PlannedResource"]


class Plan:
    """All resources of a plan, in an order that does not depend on how they came."""

    def __init__(self, resources: Iterable[PlannedResource]) -> None:
        self.resources = tuple(sorted(resources, key=lambda resource: resource.urn))
        self._by_urn = {resource.urn: resource for resource in self.resources}
        self._by_type: dict[str, list[PlannedResource]] = {}
        for resource in self.resources:
            self._by_type.setdefault(resource.type, []).append(resource)

    def of_type(self, *types: str) -> list[PlannedResource]:
        """Return the resources of the types, sorted by URN within each."""
        return [resource for kind in types for resource in self._by_type.get(kind, [])]

    def has(self, *types: str) -> bool:
        """Say whether there is a resource of one of the types."""
        return any(kind in self._by_type for kind in types)

    def nearest(self, resource: PlannedResource, *types: str) -> PlannedResource | None:
        """Return the resource of the types that stands closest in the tree of components.

        References between resources are unknown before deployment, but what belongs together is made in one
        component. Of several equally close, the one whose name has most of its beginning in common wins.
        """
        own = list(self._ancestors(resource))

        def closeness(other: PlannedResource) -> tuple[int, int, str]:
            shared = set(own) & set(self._ancestors(other))
            depth = max((len(own) - own.index(urn) for urn in shared), default=0)
            return depth, _common_length(resource.name, other.name), other.urn

        return max(self.of_type(*types), key=closeness, default=None)

    def _ancestors(self, resource: PlannedResource) -> Iterator[str]:
        seen: set[str] = set()
        urn = resource.parent
        while urn is not None and urn not in seen:
            yield urn
            seen.add(urn)
            parent = self._by_urn.get(urn)
            urn = parent.parent if parent is not None else None


def _common_length(one: str, other: str) -> int:
    """Count the characters that two names begin with in common."""
    pairs = zip(one, other, strict=False)
    return next(
        (place for place, (left, right) in enumerate(pairs) if left != right), min(len(one), len(other))
    )
