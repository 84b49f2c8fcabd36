"""Names that must be unique where they stand."""

from collections.abc import Iterable, Iterator

from programs.request.rules.problem import Place, Problem
from programs.request.shape import SharedShape
from programs.request.sidecars import container_name
from programs.request.workload import Workload

RESERVED_CONTAINER_NAMES = frozenset({"envoy", "log-router", "ecs-service-connect"})
"""Containers that the programs and AWS add themselves."""


def repeated(names: Iterable[object], place: Place, what: str, key: str | None = None) -> Iterator[Problem]:
    """A problem at each name that stands earlier in the same list; `key` is the field that holds it."""
    first_at: dict[object, int] = {}
    for index, name in enumerate(names):
        if name in first_at:
            loc = (*place, index) if key is None else (*place, index, key)
            yield Problem(loc, f"{what} `{name}` is already at position {first_at[name]}; write another name")
        first_at.setdefault(name, index)


def uniqueness_problems(request: SharedShape) -> Iterator[Problem]:
    """Duplicate names among workloads, repositories, and inside each workload."""
    yield from repeated((w.name for w in request.workloads), ("workloads",), "workload", "name")
    yield from repeated(request.registry.repositories, ("registry", "repositories"), "repository")
    yield from repeated(request.registry.pull_accounts, ("registry", "pull_accounts"), "account")
    yield from repeated(request.network.endpoints, ("network", "endpoints"), "endpoint")
    for index, workload in enumerate(request.workloads):
        yield from _within(workload, ("workloads", index))


def _within(workload: Workload, place: Place) -> Iterator[Problem]:
    yield from repeated((p.name for p in workload.ports), (*place, "ports"), "port", "name")
    numbers = ((p.port, p.protocol == "udp") for p in workload.ports)
    seen: set[tuple[int, bool]] = set()
    for index, number in enumerate(numbers):
        if number in seen:
            yield Problem(
                (*place, "ports", index, "port"), f"port {number[0]} stands twice; write each port once"
            )
        seen.add(number)
    yield from repeated((v.name for v in workload.volumes), (*place, "volumes"), "volume", "name")
    yield from repeated(
        (v.mount_path for v in workload.volumes), (*place, "volumes"), "mount path", "mount_path"
    )
    yield from repeated(workload.writable_paths, (*place, "writable_paths"), "path")
    yield from repeated((u.name.value for u in workload.ulimits), (*place, "ulimits"), "limit", "name")
    yield from repeated((s.name for s in workload.secrets), (*place, "secrets"), "variable", "name")
    yield from _container_names(workload, place)


def _container_names(workload: Workload, place: Place) -> Iterator[Problem]:
    taken = {workload.name} | RESERVED_CONTAINER_NAMES
    for index, sidecar in enumerate(workload.sidecars):
        name = container_name(sidecar)
        if name in taken:
            yield Problem(
                (*place, "sidecars", index), f"a container `{name}` is there already; write another name"
            )
        taken.add(name)
