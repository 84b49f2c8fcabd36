"""Who calls whom among the workloads of a request."""

import re
from collections.abc import Iterator

from programs.request.containers import HOST_REFERENCE
from programs.request.shape import SharedShape
from programs.request.sidecars import OwnSidecar
from programs.request.workload import Workload


def callers_of(request: SharedShape) -> dict[str, tuple[str, ...]]:
    """For each workload the names, sorted, of those that may call it.

    These are its `allow_from` and the workloads whose settings name its host.
    """
    callers: dict[str, set[str]] = {workload.name: set(workload.allow_from) for workload in request.workloads}
    for workload in request.workloads:
        for called in _hosts_named_by(workload):
            callers[called].add(workload.name)
    return {name: tuple(sorted(names)) for name, names in callers.items()}


def _hosts_named_by(workload: Workload) -> Iterator[str]:
    settings = list(workload.env.values())
    for sidecar in workload.sidecars:
        if isinstance(sidecar, OwnSidecar):
            settings.extend(sidecar.env.values())
    for value in settings:
        yield from re.findall(HOST_REFERENCE, value)


def with_hosts(value: str, hosts: dict[str, str]) -> str:
    """A plain setting in which each `${workloads.NAME.host}` is replaced by that workload's address."""
    return re.sub(HOST_REFERENCE, lambda match: hosts[match.group(1)], value)
