"""Security groups of the workloads: one each, opened to named callers and to nobody else."""

from collections.abc import Iterable, Mapping, Sequence

import pulumi

from programs.components.network import NetworkPlacement
from programs.components.scope import Scope
from programs.components.security_group import TCP, PeerRule, SecurityGroup, SecurityGroupArgs, admit_peer
from programs.request.containers import Protocol
from programs.request.workload import Workload


def make_workload_groups(
    workloads: Sequence[Workload],
    callers: Mapping[str, Iterable[str]],
    scope: Scope,
    placement: NetworkPlacement,
    opts: pulumi.ResourceOptions,
) -> dict[str, SecurityGroup]:
    """Make every workload's group and open its ports to its callers; return the groups by workload."""
    groups: dict[str, SecurityGroup] = {}
    for workload in workloads:
        args = SecurityGroupArgs(
            scope=scope,
            part=workload.name,
            vpc_id=placement.vpc_id,
            description=f"Tasks of {workload.name}: the load balancer and named callers in",
            allow_egress=True,
        )
        groups[workload.name] = SecurityGroup(workload.name, args, opts)
    for workload in workloads:
        _admit_callers(workload, callers.get(workload.name, ()), groups)
    return groups


def callees_of(callers: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Return for each workload those it calls, sorted, from those that call each."""
    callees: dict[str, list[str]] = {}
    for callee in sorted(callers):
        for caller in callers[callee]:
            callees.setdefault(caller, []).append(callee)
    return {caller: tuple(called) for caller, called in callees.items()}


def _admit_callers(workload: Workload, callers: Iterable[str], groups: Mapping[str, SecurityGroup]) -> None:
    """Open each port to each caller; a caller that comes or goes moves no other rule."""
    group = groups[workload.name]
    for caller in callers:
        for port in workload.ports:
            protocol = "udp" if port.protocol is Protocol.UDP else TCP
            rule = PeerRule(group, groups[caller], port.port, f"Calls from {caller}", protocol)
            admit_peer(f"{workload.name}-from-{caller}-{port.port}-{protocol}", rule, group)
