"""Who calls whom among the workloads of a request."""

import re
from collections.abc import Iterator, Mapping, Sequence

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


def callees_first(callees: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """For each workload that calls or is called the callees to wait for, in an order where those come first.

    Of workloads that call each other in a circle the first by name waits for its callees, and the call that
    leads back to one that waits already is left out. It depends on names alone, so that equal requests give
    equal orders.
    """
    ordered: dict[str, tuple[str, ...]] = {}
    for name in sorted({*callees, *(called for some in callees.values() for called in some)}):
        _put_callees_first(name, callees, ordered, ())
    return ordered


def _put_callees_first(
    name: str,
    callees: Mapping[str, Sequence[str]],
    ordered: dict[str, tuple[str, ...]],
    path: tuple[str, ...],
) -> None:
    if name in ordered:
        return
    awaited = tuple(called for called in sorted(callees.get(name, ())) if called not in (*path, name))
    for called in awaited:
        _put_callees_first(called, callees, ordered, (*path, name))
    ordered[name] = awaited


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
