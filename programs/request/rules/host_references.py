"""Where settings name other workloads' hosts."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from programs.request.containers import HOST_REFERENCE
from programs.request.rules.problem import Place
from programs.request.sidecars import OwnSidecar
from programs.request.workload import Workload


@dataclass(frozen=True, slots=True)
class HostReference:
    """A setting that names the host of workload `called`."""

    place: Place
    called: str


def host_references(workloads: Iterable[Workload]) -> Iterator[HostReference]:
    """Every reference to a host, in settings of workloads and of the sidecars they describe themselves."""
    for index, workload in enumerate(workloads):
        place: Place = ("workloads", index)
        yield from _references(workload.env, (*place, "env"))
        for number, sidecar in enumerate(workload.sidecars):
            if isinstance(sidecar, OwnSidecar):
                yield from _references(sidecar.env, (*place, "sidecars", number, "env"))


def _references(env: Mapping[str, str], place: Place) -> Iterator[HostReference]:
    for key, value in env.items():
        for called in re.findall(HOST_REFERENCE, value):
            yield HostReference((*place, key), called)
