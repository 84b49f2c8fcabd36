"""Update plans: what a preview foresaw, and that a run keeps to it."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class ResourcePlan:
    """The steps foreseen for one resource, in order, and the seed its names were made from."""

    ops: list[str] = field(default_factory=list[str])
    seed: bytes = b""


@dataclass(slots=True)
class Plan:
    """The plans of all resources, by URN."""

    resources: dict[str, ResourcePlan] = field(default_factory=dict[str, ResourcePlan])

    def record(self, urn: str, op: str) -> None:
        """Foresee a step."""
        self.resources.setdefault(urn, ResourcePlan()).ops.append(op)
