"""Probes: what a request's health check and health path mean to the kubelet."""

from dataclasses import dataclass

from pulumi_kubernetes.core.v1 import (
    ExecActionArgs,
    GRPCActionArgs,
    HTTPGetActionArgs,
    ProbeArgs,
    TCPSocketActionArgs,
)

from programs.request.containers import HealthCheck, Protocol
from programs.request.workload import Workload


@dataclass(frozen=True, slots=True)
class Probes:
    """The three probes of a container."""

    startup: ProbeArgs | None
    readiness: ProbeArgs | None
    liveness: ProbeArgs | None


NO_PROBES = Probes(None, None, None)


def workload_probes(workload: Workload) -> Probes:
    """Return the probes of a workload's own container.

    Its health check decides over life and readiness; without one, its first port does: by the health path
    where it is public, by accepting connections where it is not. A worker without either has none.
    """
    if workload.health_check is not None:
        return command_probes(workload.health_check)
    if not workload.ports or workload.ports[0].protocol is Protocol.UDP:
        return NO_PROBES
    port, first = workload.ports[0].name, workload.ports[0]
    if first.protocol is Protocol.GRPC:
        grpc = ProbeArgs(grpc=GRPCActionArgs(port=first.port), period_seconds=15, timeout_seconds=5)
        return Probes(None, grpc, grpc)
    alive = ProbeArgs(tcp_socket=TCPSocketActionArgs(port=port), period_seconds=15, timeout_seconds=5)
    if workload.public is None or first.protocol is Protocol.TCP:
        return Probes(None, alive, alive)
    path = HTTPGetActionArgs(path=workload.public.health_path, port=port)
    return Probes(None, ProbeArgs(http_get=path, period_seconds=15, timeout_seconds=5), alive)


def command_probes(check: HealthCheck) -> Probes:
    """Return the probes that run a command; failures while it starts do not count."""
    action = ExecActionArgs(command=["/bin/sh", "-c", check.command])
    regular = ProbeArgs(
        exec_=action,
        period_seconds=check.interval_seconds,
        timeout_seconds=check.timeout_seconds,
        failure_threshold=check.retries,
    )
    if check.start_period_seconds == 0:
        return Probes(None, regular, regular)
    # Checked every few seconds while it starts, and given up after the start period and the retries.
    period = 5
    startup = ProbeArgs(
        exec_=action,
        period_seconds=period,
        timeout_seconds=check.timeout_seconds,
        failure_threshold=-(-check.start_period_seconds // period) + check.retries,
    )
    return Probes(startup, regular, regular)
