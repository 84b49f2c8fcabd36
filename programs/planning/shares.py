"""How tasks are split between two families of capacity. Pure."""

from programs.request.containers import Protocol
from programs.request.mesh import MeshKind
from programs.request.workload import Workload


def is_one_service(workload: Workload, mesh: MeshKind) -> bool:
    """Return whether Service Connect names the workload: a name belongs to one service (docs/adr/0010)."""
    serves = any(port.protocol is not Protocol.UDP for port in workload.ports)
    return mesh is MeshKind.SERVICE_CONNECT and serves


def split_count(count: int, main_weight: int, second_weight: int) -> tuple[int, int]:
    """Split a number of tasks between two families by weight, rounding in the larger one's favour.

    The second family gets at least one task of two or more: an autoscaler cannot judge a service without
    tasks, and a request that weighs a family means it.
    """
    second = count * second_weight // (main_weight + second_weight)
    if second == 0 and count > 1:
        second = 1
    return count - second, second
