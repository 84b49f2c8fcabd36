"""Security groups of the workloads: one each, opened to named callers and to nobody else."""

from collections.abc import Iterable, Mapping

import pulumi

from programs.components.network import NetworkPlacement
from programs.components.scope import Scope
from programs.components.security_group import TCP, PeerRule, SecurityGroup, SecurityGroupArgs, admit_peer
from programs.ecs.service_connect import proxy_port
from programs.request import EcsEnvironment
from programs.request.containers import Protocol
from programs.request.mesh import Mesh
from programs.request.workload import Workload


def make_workload_groups(
    request: EcsEnvironment,
    callers: Mapping[str, Iterable[str]],
    scope: Scope,
    placement: NetworkPlacement,
    opts: pulumi.ResourceOptions,
) -> dict[str, SecurityGroup]:
    """Make every workload's group and open its ports to its callers; return the groups by workload."""
    groups: dict[str, SecurityGroup] = {}
    for workload in request.workloads:
        args = SecurityGroupArgs(
            scope=scope,
            part=workload.name,
            vpc_id=placement.vpc_id,
            description=f"Tasks of {workload.name}: the load balancer and named callers in",
            allow_egress=True,
        )
        groups[workload.name] = SecurityGroup(workload.name, args, opts)
    for workload in request.workloads:
        openings = _openings(workload, request.mesh)
        for caller in callers.get(workload.name, ()):
            _admit_caller(workload.name, caller, openings, groups)
    return groups


def callees_of(callers: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Return for each workload those it calls, sorted, from those that call each."""
    callees: dict[str, list[str]] = {}
    for callee in sorted(callers):
        for caller in callers[callee]:
            callees.setdefault(caller, []).append(callee)
    return {caller: tuple(called) for caller, called in callees.items()}


def _openings(workload: Workload, mesh: Mesh) -> tuple[tuple[int, str], ...]:
    """Return ports and protocols that callers use: the workload's, and its proxy's where that has its own."""
    own = tuple((port.port, "udp" if port.protocol is Protocol.UDP else TCP) for port in workload.ports)
    proxy = proxy_port(workload, mesh)
    return own if proxy is None else (*own, (proxy, TCP))


def _admit_caller(
    workload: str, caller: str, openings: tuple[tuple[int, str], ...], groups: Mapping[str, SecurityGroup]
) -> None:
    """Open each port to one caller; a caller that comes or goes moves no other rule."""
    group = groups[workload]
    for port, protocol in openings:
        rule = PeerRule(group, groups[caller], port, f"Calls from {caller}", protocol)
        admit_peer(f"{workload}-from-{caller}-{port}-{protocol}", rule, group)
