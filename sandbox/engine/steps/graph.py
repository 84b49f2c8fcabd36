"""Who depends on whom in a recorded state."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from sandbox.engine.state.resource import ResourceState


class DependencyGraph:
    """The dependencies among resources in recorded order: what is needed comes first."""

    def __init__(self, resources: Sequence[ResourceState]) -> None:
        """Index the resources."""
        self._resources = resources
        self._index = {resource: position for position, resource in enumerate(resources)}
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        self._children: defaultdict[str, list[int]] = defaultdict(list)
        for position, resource in enumerate(resources):
            self._places[resource.urn].append(position)
            if resource.parent:
                self._children[resource.parent].append(position)

    def alias(self, refreshed: ResourceState, recorded: ResourceState) -> None:
        """Let a refreshed state stand for the recorded one."""
        self._index[refreshed] = self._index[recorded]

    def __contains__(self, resource: ResourceState) -> bool:
        """Whether a resource is part of the graph."""
        return resource in self._index

    def dependents(
        self, root: ResourceState, ignored: Collection[str] = (), *, with_children: bool = False
    ) -> list[ResourceState]:
        """Everything that needs a resource, directly or not, in recorded order."""
        names = {root.urn}
        found: list[ResourceState] = []
        for candidate in self._resources[self._index[root] + 1 :]:
            if candidate.urn in ignored:
                continue
            needed = candidate.requirements() if with_children else _without_parent(candidate)
            if any(urn in names for urn in needed):
                found.append(candidate)
                names.add(candidate.urn)
        return found

    def dependencies(self, resource: ResourceState) -> set[ResourceState]:
        """What a resource needs directly; with a component come its children."""
        position = self._index[resource]
        positions: set[int] = set()
        for urn in _without_parent(resource):
            positions.update(self._before(urn, position))
        for found in list(positions):
            if not self._resources[found].custom:
                positions.update(self._descendants(self._resources[found].urn, position))
        if resource.parent:
            positions.update(self._before(resource.parent, position))
        return {self._resources[found] for found in positions}

    def _before(self, urn: str, position: int) -> list[int]:
        return [found for found in self._places.get(urn, ()) if found < position]

    def _descendants(self, urn: str, position: int) -> set[int]:
        found: set[int] = set()
        waiting = [urn]
        while waiting:
            for child in self._children.get(waiting.pop(), ()):
                if child < position and child not in found:
                    found.add(child)
                    waiting.append(self._resources[child].urn)
        return found

    def transitive_dependencies(self, resource: ResourceState) -> set[ResourceState]:
        """Everything that a resource needs, directly or not."""
        found: set[ResourceState] = set()
        waiting = [resource]
        while waiting:
            for needed in self.dependencies(waiting.pop()):
                if needed not in found:
                    found.add(needed)
                    waiting.append(needed)
        return found

    def deletion_order(self, condemned: Collection[ResourceState]) -> list[list[ResourceState]]:
        """Groups of resources that may be deleted together, those that nothing needs first."""
        doomed = set(condemned)
        levels: dict[ResourceState, int] = {}
        for resource in sorted(doomed, key=self._index.__getitem__):
            below = [
                levels[needed]
                for needed in self.dependencies(resource)
                if needed in doomed and needed in levels
            ]
            levels[resource] = 1 + max(below, default=-1)
        groups: defaultdict[int, list[ResourceState]] = defaultdict(list)
        for resource, level in levels.items():
            groups[level].append(resource)
        return [groups[level] for level in sorted(groups, reverse=True)]


def _without_parent(resource: ResourceState) -> list[str]:
    needed = list(resource.related())
    if resource.provider:
        needed.append(resource.provider_urn)
    return needed
