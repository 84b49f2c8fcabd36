"""What the containers of one workload share: CPU, memory, ports and directories."""

from collections.abc import Iterator

from programs.request.rules.problem import Place, Problem
from programs.request.sidecars import OwnSidecar
from programs.request.workload import Workload


def sharing_problems(workload: Workload, place: Place) -> Iterator[Problem]:
    """Sidecars that leave nothing for the workload's own container, ports and directories claimed twice."""
    own = [(n, s) for n, s in enumerate(workload.sidecars) if isinstance(s, OwnSidecar)]
    cpu_units = sum(sidecar.cpu_units for _, sidecar in own)
    memory_mib = sum(sidecar.memory_mib for _, sidecar in own)
    if cpu_units >= workload.cpu_units:
        yield Problem(
            (*place, "cpu_units"), f"the sidecars take {cpu_units} units of {workload.cpu_units}; write more"
        )
    if memory_mib >= workload.memory_mib:
        yield Problem(
            (*place, "memory_mib"), f"the sidecars take {memory_mib} MiB of {workload.memory_mib}; write more"
        )
    taken = {port.port for port in workload.ports}
    for number, sidecar in own:
        for position, port in enumerate(sidecar.ports):
            if port.alias is not None:
                yield Problem(
                    (*place, "sidecars", number, "ports", position, "alias"),
                    "only the workload's own containers reach it; leave it out",
                )
            if port.port in taken:
                yield Problem(
                    (*place, "sidecars", number, "ports", position, "port"),
                    f"port {port.port} is taken in this workload, whose containers share one address; "
                    f"write another",
                )
            taken.add(port.port)
    mounts = set(workload.writable_paths)
    for number, volume in enumerate(workload.volumes):
        if volume.mount_path in mounts:
            yield Problem(
                (*place, "volumes", number, "mount_path"),
                f"`{volume.mount_path}` is in `writable_paths` as well; write it once",
            )
