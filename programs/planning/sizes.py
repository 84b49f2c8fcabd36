"""Sizes of containers: the pairs Fargate has, and what units mean on Kubernetes."""

from dataclasses import dataclass

UNITS_PER_VCPU = 1024
MILLICORES_PER_VCPU = 1000
GIB = 1024


@dataclass(frozen=True, slots=True, order=True)
class FargateSize:
    """A pair of CPU units and MiB of memory that Fargate runs."""

    cpu_units: int
    memory_mib: int

    def __str__(self) -> str:
        return f"{self.cpu_units}/{self.memory_mib}"


_MEMORY_MIB_BY_CPU_UNITS: dict[int, tuple[int, ...]] = {
    256: (512, 1 * GIB, 2 * GIB),
    512: tuple(range(1 * GIB, 4 * GIB + 1, GIB)),
    1024: tuple(range(2 * GIB, 8 * GIB + 1, GIB)),
    2048: tuple(range(4 * GIB, 16 * GIB + 1, GIB)),
    4096: tuple(range(8 * GIB, 30 * GIB + 1, GIB)),
    8192: tuple(range(16 * GIB, 60 * GIB + 1, 4 * GIB)),
    16384: tuple(range(32 * GIB, 120 * GIB + 1, 8 * GIB)),
}
"""Amazon ECS developer guide, 'Fargate task CPU and memory'."""

FARGATE_SIZES = tuple(
    FargateSize(cpu_units, memory_mib)
    for cpu_units, memories in _MEMORY_MIB_BY_CPU_UNITS.items()
    for memory_mib in memories
)


def is_fargate_size(cpu_units: int, memory_mib: int) -> bool:
    """Whether Fargate runs tasks of this size."""
    return memory_mib in _MEMORY_MIB_BY_CPU_UNITS.get(cpu_units, ())


def nearest_fargate_sizes(cpu_units: int, memory_mib: int, count: int = 3) -> tuple[FargateSize, ...]:
    """The Fargate sizes nearest to what was asked: those that hold it first, then by how much they differ."""

    def distance(size: FargateSize) -> tuple[bool, float]:
        is_too_small = size.cpu_units < cpu_units or size.memory_mib < memory_mib
        ratios = (size.cpu_units / cpu_units, size.memory_mib / memory_mib)
        return is_too_small, sum(max(ratio, 1 / ratio) for ratio in ratios)

    return tuple(sorted(FARGATE_SIZES, key=distance)[:count])


def millicores(cpu_units: int) -> int:
    """CPU units (1024 a vCPU) as Kubernetes millicores (1000 a vCPU), rounded up, at least 1."""
    return max(1, -(-cpu_units * MILLICORES_PER_VCPU // UNITS_PER_VCPU))
