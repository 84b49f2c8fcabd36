"""The task sizes that Fargate has.

Source: docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html, "Task CPU and
memory".
"""

from collections.abc import Mapping

_GIB = 1024

_MEMORY_MIB_OF_CPU: Mapping[int, tuple[int, ...]] = {
    256: (512, 1 * _GIB, 2 * _GIB),
    512: tuple(range(1 * _GIB, 4 * _GIB + 1, _GIB)),
    1024: tuple(range(2 * _GIB, 8 * _GIB + 1, _GIB)),
    2048: tuple(range(4 * _GIB, 16 * _GIB + 1, _GIB)),
    4096: tuple(range(8 * _GIB, 30 * _GIB + 1, _GIB)),
    8192: tuple(range(16 * _GIB, 60 * _GIB + 1, 4 * _GIB)),
    16384: tuple(range(32 * _GIB, 120 * _GIB + 1, 8 * _GIB)),
}


def is_task_size(cpu_units: int, memory_mib: int) -> bool:
    """Whether Fargate has tasks of this size."""
    return memory_mib in _MEMORY_MIB_OF_CPU.get(cpu_units, ())
