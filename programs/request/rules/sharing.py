"""What the containers of one workload share: CPU, memory, ports and directories."""

from collections.abc import Iterator

from programs.request.observability import Observability, Tracing
from programs.request.rules.problem import Place, Problem
from programs.request.sidecars import (
    KNOWN_SIDECAR_CPU_UNITS,
    KNOWN_SIDECAR_MEMORY_MIB,
    KnownSidecar,
    OwnSidecar,
    known_sidecars,
)
from programs.request.workload import Workload


def sharing_problems(workload: Workload, observability: Observability, place: Place) -> Iterator[Problem]:
    """Sidecars that leave nothing for the workload's own container, ports and directories claimed twice."""
    yield from _share_problems(workload, observability, place)
    own = [(n, s) for n, s in enumerate(workload.sidecars) if isinstance(s, OwnSidecar)]
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


def _share_problems(workload: Workload, observability: Observability, place: Place) -> Iterator[Problem]:
    own = [sidecar for sidecar in workload.sidecars if isinstance(sidecar, OwnSidecar)]
    known = known_sidecars(workload.sidecars, has_tracing=observability.tracing is Tracing.XRAY)
    cpu_units = sum(sidecar.cpu_units for sidecar in own) + len(known) * KNOWN_SIDECAR_CPU_UNITS
    if cpu_units >= workload.cpu_units:
        each = _for_each(known, f"{KNOWN_SIDECAR_CPU_UNITS} units")
        yield Problem(
            (*place, "cpu_units"),
            f"the sidecars take {cpu_units} units of {workload.cpu_units}{each}; write more",
        )
    memory_mib = sum(sidecar.memory_mib for sidecar in own) + len(known) * KNOWN_SIDECAR_MEMORY_MIB
    if memory_mib >= workload.memory_mib:
        each = _for_each(known, f"{KNOWN_SIDECAR_MEMORY_MIB} MiB")
        yield Problem(
            (*place, "memory_mib"),
            f"the sidecars take {memory_mib} MiB of {workload.memory_mib}{each}; write more",
        )


def _for_each(known: tuple[KnownSidecar, ...], amount: str) -> str:
    return f" ({amount} each for {', '.join(known)})" if known else ""
