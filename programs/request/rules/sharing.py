"""What the containers of one workload share: CPU, memory, ports and directories."""

from collections.abc import Iterator

from programs.request.observability import Observability, Tracing
from programs.request.rules.problem import Place, Problem
from programs.request.sidecars import (
    KNOWN_SIDECAR_CPU_UNITS,
    KNOWN_SIDECAR_MEMORY_MIB,
    OwnSidecar,
    known_sidecars,
    sidecar_part,
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
    known = known_sidecars(workload.sidecars, has_tracing=observability.tracing is Tracing.XRAY)
    part = sidecar_part(workload.own_sidecars, len(known))
    names = ", ".join(known)
    for field, unit, taken, whole, each in (
        ("cpu_units", "units", part.cpu_units, workload.cpu_units, KNOWN_SIDECAR_CPU_UNITS),
        ("memory_mib", "MiB", part.memory_mib, workload.memory_mib, KNOWN_SIDECAR_MEMORY_MIB),
    ):
        if taken >= whole:
            of_known = f" ({each} {unit} each for {names})" if known else ""
            message = f"the sidecars take {taken} {unit} of {whole}{of_known}; write more"
            yield Problem((*place, field), message)
