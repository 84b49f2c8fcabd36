"""References between parts: hosts of other workloads, callers, containers that start first."""

import re
from collections.abc import Iterator, Mapping

from programs.request.containers import ENDING, HOST_REFERENCE, Dependency, DependencyCondition
from programs.request.environment_references import ANY_ENVIRONMENT_REFERENCE, ENVIRONMENT_REFERENCE
from programs.request.rules.problem import Place, Problem
from programs.request.shape import SharedShape
from programs.request.sidecars import KnownSidecar, OwnSidecar, container_name
from programs.request.workload import Workload

_ANY_REFERENCE = re.compile(r"\$\{workloads?\b[^}]*\}?")


def reference_problems(request: SharedShape) -> Iterator[Problem]:
    """References to workloads and containers that are not there, or that nobody can call."""
    callable_names = {workload.name for workload in request.workloads if workload.ports}
    names = {workload.name for workload in request.workloads}
    for index, workload in enumerate(request.workloads):
        place: Place = ("workloads", index)
        yield from _host_problems(workload.env, (*place, "env"), callable_names, names)
        for number, sidecar in enumerate(workload.sidecars):
            if isinstance(sidecar, OwnSidecar):
                yield from _host_problems(
                    sidecar.env, (*place, "sidecars", number, "env"), callable_names, names
                )
        for number, caller in enumerate(workload.allow_from):
            if caller not in names:
                yield Problem((*place, "allow_from", number), f"no workload `{caller}`; {_there_are(names)}")
        if workload.allow_from and not workload.ports:
            yield Problem((*place, "allow_from"), "has no port to call; write `ports`, or leave it out")
        yield from _dependency_problems(workload, place)


def _there_are(names: set[str]) -> str:
    return f"write one of {', '.join(sorted(names))}" if names else "there are none with a port"


def _host_problems(
    env: Mapping[str, str], place: Place, callable_names: set[str], names: set[str]
) -> Iterator[Problem]:
    for key, value in env.items():
        for reference in ANY_ENVIRONMENT_REFERENCE.findall(value):
            if ENVIRONMENT_REFERENCE.fullmatch(reference) is None:
                yield Problem(
                    (*place, key),
                    f"cannot resolve `{reference}`; write ${{environments.NAME.outputs.KEY}}",
                )
        for reference in _ANY_REFERENCE.findall(value):
            match = re.fullmatch(HOST_REFERENCE, reference)
            if match is None:
                yield Problem((*place, key), f"cannot resolve `{reference}`; write ${{workloads.NAME.host}}")
            elif match.group(1) not in names:
                yield Problem((*place, key), f"no workload `{match.group(1)}`; {_there_are(callable_names)}")
            elif match.group(1) not in callable_names:
                yield Problem((*place, key), f"workload `{match.group(1)}` has no `ports`; give it one")


def _dependency_problems(workload: Workload, place: Place) -> Iterator[Problem]:
    checked = {
        container_name(sidecar): not isinstance(sidecar, OwnSidecar) or sidecar.health_check is not None
        for sidecar in workload.sidecars
    }
    yield from _unmet(workload.depends_on, (*place, "depends_on"), checked)
    yield from _endless(workload.depends_on, workload, (*place, "depends_on"))
    checked[workload.name] = workload.health_check is not None
    edges: dict[str, set[str]] = {workload.name: {d.container for d in workload.depends_on}}
    for number, sidecar in enumerate(workload.sidecars):
        if isinstance(sidecar, OwnSidecar):
            others = {name: has_check for name, has_check in checked.items() if name != sidecar.name}
            yield from _unmet(sidecar.depends_on, (*place, "sidecars", number, "depends_on"), others)
            yield from _endless(sidecar.depends_on, workload, (*place, "sidecars", number, "depends_on"))
            edges[sidecar.name] = {d.container for d in sidecar.depends_on}
    if _has_cycle(edges):
        yield Problem(
            (*place, "depends_on"), "containers wait for each other in a circle; drop one of the dependencies"
        )


def _unmet(
    dependencies: tuple[Dependency, ...], place: Place, has_health_check: Mapping[str, bool]
) -> Iterator[Problem]:
    for number, dependency in enumerate(dependencies):
        if dependency.container not in has_health_check:
            yield Problem(
                (*place, number, "container"),
                f"no container `{dependency.container}` in this workload; "
                f"{_there_are(set(has_health_check))}",
            )
        elif (
            dependency.condition is DependencyCondition.HEALTHY and not has_health_check[dependency.container]
        ):
            yield Problem(
                (*place, number, "condition"),
                f"`{dependency.container}` has no `health_check`; give it one, or write START",
            )


def _endless(dependencies: tuple[Dependency, ...], workload: Workload, place: Place) -> Iterator[Problem]:
    """Waits for the end of what runs as long as the workload: nothing would ever start."""
    known = {container_name(one) for one in workload.sidecars if isinstance(one, KnownSidecar)}
    for number, dependency in enumerate(dependencies):
        if dependency.container in {workload.name, *known} and dependency.condition in ENDING:
            yield Problem(
                (*place, number, "condition"),
                f"`{dependency.container}` runs as long as the workload, and never ends; write START",
            )


def _has_cycle(edges: Mapping[str, set[str]]) -> bool:
    done: set[str] = set()

    def reaches_itself(name: str, path: frozenset[str]) -> bool:
        if name in path:
            return True
        if name in done:
            return False
        found = any(reaches_itself(after, path | {name}) for after in edges.get(name, set()))
        done.add(name)
        return found

    return any(reaches_itself(name, frozenset()) for name in edges)
