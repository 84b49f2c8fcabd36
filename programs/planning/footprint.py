"""How much compute a request can come to hold: vCPUs, memory and instance families, at its largest. Pure."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from programs.planning.sizes import GIB, UNITS_PER_VCPU
from programs.request import EcsEnvironment, EksEnvironment
from programs.request.eks import Autoscaler
from programs.request.workload import Workload

ANY_FAMILY = "*"
"""What Auto Mode chooses from; Karpenter from `c*` where its categories name `c`."""


@dataclass(frozen=True, slots=True)
class Machine:
    """The size of an instance type."""

    vcpus: float
    memory_gib: float


MachineOf = Callable[[str], Machine | None]
"""Tells the size of an instance type; None where nobody knows it."""


@dataclass(frozen=True, slots=True)
class Footprint:
    """What a request holds at its largest; instance types of no known size are named and count nothing."""

    vcpus: float
    memory_gib: float
    unsized_types: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Group:
    """Machines that are bought together: of any of these types, `count` at most."""

    instance_types: tuple[str, ...]
    count: int


def footprint_of(request: EcsEnvironment | EksEnvironment, machine_of: MachineOf) -> Footprint:
    """Return what a request holds at its largest.

    Nodes count with all that they have, and what runs on them not once more. Copies count by themselves where
    they may run without a node of the request's own: on Fargate, or on what Auto Mode adds. Of a group's
    instance types the largest counts. What a rollout runs twice for a while is left out.
    """
    copies = [(one, _most_copies(one)) for one in _on_their_own(request)]
    vcpus = sum(count * one.cpu_units / UNITS_PER_VCPU for one, count in copies)
    memory_gib = sum(count * one.memory_mib / GIB for one, count in copies)
    unsized: set[str] = set()
    for group in _groups(request):
        sizes = {name: machine_of(name) for name in group.instance_types}
        known = [size for size in sizes.values() if size is not None]
        unsized |= {name for name, size in sizes.items() if size is None}
        vcpus += group.count * max((size.vcpus for size in known), default=0)
        memory_gib += group.count * max((size.memory_gib for size in known), default=0)
    if isinstance(request, EksEnvironment) and request.cluster.autoscaler is Autoscaler.KARPENTER:
        vcpus += request.cluster.karpenter.max_vcpus
        memory_gib += request.cluster.karpenter.max_memory_gib
    return Footprint(vcpus, memory_gib, frozenset(unsized))


def families_of(request: EcsEnvironment | EksEnvironment) -> frozenset[str]:
    """Return the instance families that a request may use, with a pattern for what others choose."""
    named = {name.partition(".")[0] for group in _groups(request) for name in group.instance_types}
    return frozenset(named | set(_chosen_by_others(request)))


def _chosen_by_others(request: EcsEnvironment | EksEnvironment) -> Iterator[str]:
    if isinstance(request, EksEnvironment):
        if request.cluster.auto_mode:
            yield ANY_FAMILY
        if request.cluster.autoscaler is Autoscaler.KARPENTER:
            yield from (f"{category}*" for category in request.cluster.karpenter.instance_categories)


def _groups(request: EcsEnvironment | EksEnvironment) -> Iterator[_Group]:
    if isinstance(request, EcsEnvironment):
        ec2 = request.capacity.ec2
        if ec2 is not None:
            # At weight 0 no task makes the group grow.
            yield _Group(ec2.instance_types, ec2.max if ec2.weight > 0 else ec2.min)
        return
    for group in request.cluster.node_groups.values():
        yield _Group(group.instance_types, group.max)


def _on_their_own(request: EcsEnvironment | EksEnvironment) -> Iterable[Workload]:
    if isinstance(request, EcsEnvironment):
        return request.workloads if request.capacity.runs_on_fargate else ()
    if request.cluster.auto_mode:
        return request.workloads
    selectors = [one for profile in request.cluster.fargate_profiles.values() for one in profile.selectors]
    namespaces = {selector.namespace for selector in selectors}
    return [one for one in request.workloads if one.name in namespaces]  # a workload's namespace is its name


def _most_copies(workload: Workload) -> int:
    scheduled = workload.scaling.schedule if workload.scaling is not None else ()
    return max(workload.replicas.max, *(change.max for change in scheduled), 0)
