"""The sidecars that are set up by name, as native sidecar containers.

https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
"""

import json
from dataclasses import dataclass

from pulumi_kubernetes.core.v1 import ContainerArgs, ContainerPortArgs, EnvVarArgs

from programs.components.scope import Scope
from programs.components.sidecar_images import (
    CLOUDWATCH_AGENT_IMAGE,
    FLUENT_BIT_IMAGE,
    OTEL_COLLECTOR_IMAGE,
    XRAY_DAEMON_IMAGE,
)
from programs.eks.pod_security import container_security_context
from programs.eks.resources import sidecar_resources
from programs.eks.volumes import scratch_mounts, scratch_of
from programs.request.observability import Tracing
from programs.request.shape import SharedShape
from programs.request.sidecars import (
    KNOWN_SIDECAR_CPU_UNITS,
    KNOWN_SIDECAR_MEMORY_MIB,
    KnownSidecar,
    container_name,
    known_sidecars,
)
from programs.request.workload import Workload

METRICS_LOG_PART = "otel/metrics"
"""Ends the name of the log group that collectors write metrics to; no workload's can be the same."""

_XRAY_PORT = 2000
_OTLP_PORT = 4317
_FORWARD_PORT = 24224
_STATSD_PORT = 8125
_SCRATCH_PATH = "/tmp"  # noqa: S108 -- a mount point in the container


@dataclass(frozen=True, slots=True)
class SidecarSetting:
    """What one known sidecar is made of."""

    image: str
    ports: tuple[tuple[int, str], ...]
    arguments: tuple[str, ...] = ()
    env: tuple[tuple[str, str], ...] = ()
    workload_env: tuple[tuple[str, str], ...] = ()


def known_sidecars_of(workload: Workload, request: SharedShape) -> tuple[KnownSidecar, ...]:
    """Return the sidecars set up by name; tracing puts the X-Ray daemon beside every workload."""
    return known_sidecars(workload.sidecars, has_tracing=request.observability.tracing is Tracing.XRAY)


def sidecar_setting(sidecar: KnownSidecar, scope: Scope, workload: Workload) -> SidecarSetting:
    """Return how a sidecar runs beside a workload."""
    match sidecar:
        case KnownSidecar.XRAY:
            return SidecarSetting(
                image=XRAY_DAEMON_IMAGE,
                ports=((_XRAY_PORT, "UDP"),),
                arguments=("--local-mode", "--region", scope.region),
                workload_env=(("AWS_XRAY_DAEMON_ADDRESS", f"127.0.0.1:{_XRAY_PORT}"),),
            )
        case KnownSidecar.OTEL:
            return SidecarSetting(
                image=OTEL_COLLECTOR_IMAGE,
                ports=((_OTLP_PORT, "TCP"),),
                env=(("AOT_CONFIG_CONTENT", _collector_config(scope)),),
                workload_env=(("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{_OTLP_PORT}"),),
            )
        case KnownSidecar.FLUENT_BIT:
            return SidecarSetting(
                image=FLUENT_BIT_IMAGE,
                ports=((_FORWARD_PORT, "TCP"),),
                arguments=_fluent_bit_arguments(scope, workload),
                workload_env=(("FLUENT_HOST", "127.0.0.1"), ("FLUENT_PORT", str(_FORWARD_PORT))),
            )
        case KnownSidecar.CLOUDWATCH_AGENT:
            return SidecarSetting(
                image=CLOUDWATCH_AGENT_IMAGE,
                ports=((_STATSD_PORT, "UDP"),),
                env=(("CW_CONFIG_CONTENT", _agent_config()), ("AWS_REGION", scope.region)),
                workload_env=(("STATSD_HOST", "127.0.0.1"), ("STATSD_PORT", str(_STATSD_PORT))),
            )


def known_sidecar_container(sidecar: KnownSidecar, scope: Scope, workload: Workload) -> ContainerArgs:
    """Return the container; it starts before the workload's own and ends after it."""
    name, setting = container_name(sidecar), sidecar_setting(sidecar, scope, workload)
    scratch = scratch_of(name, (_SCRATCH_PATH,), is_read_only=True)
    return ContainerArgs(
        name=name,
        image=setting.image,
        args=list(setting.arguments) or None,
        env=[EnvVarArgs(name=key, value=value) for key, value in setting.env],
        ports=[ContainerPortArgs(container_port=port, protocol=protocol) for port, protocol in setting.ports],
        restart_policy="Always",
        resources=sidecar_resources(KNOWN_SIDECAR_CPU_UNITS, KNOWN_SIDECAR_MEMORY_MIB, workload),
        security_context=container_security_context(None, is_read_only=True),
        volume_mounts=scratch_mounts(scratch),
    )


def known_sidecar_scratch(sidecar: KnownSidecar) -> tuple[str, str]:
    """Return the container and the directory that a known sidecar may write to."""
    return container_name(sidecar), _SCRATCH_PATH


def _collector_config(scope: Scope) -> str:
    # JSON is YAML: the collector reads it as such.
    return json.dumps(
        {
            "receivers": {"otlp": {"protocols": {"grpc": {"endpoint": f"127.0.0.1:{_OTLP_PORT}"}}}},
            "exporters": {
                "awsxray": {"region": scope.region},
                "awsemf": {"region": scope.region, "log_group_name": scope.log_group_name(METRICS_LOG_PART)},
            },
            "service": {
                "pipelines": {
                    "traces": {"receivers": ["otlp"], "exporters": ["awsxray"]},
                    "metrics": {"receivers": ["otlp"], "exporters": ["awsemf"]},
                }
            },
        },
        sort_keys=True,
    )


def _agent_config() -> str:
    collected = {"statsd": {"service_address": f":{_STATSD_PORT}"}}
    return json.dumps({"metrics": {"metrics_collected": collected}}, sort_keys=True)


def _fluent_bit_arguments(scope: Scope, workload: Workload) -> tuple[str, ...]:
    settings = {
        "region": scope.region,
        "log_group_name": scope.log_group_name(workload.name),
        "log_stream_prefix": "fluent-bit-",
        "auto_create_group": "false",
    }
    output = [part for key, value in settings.items() for part in ("-p", f"{key}={value}")]
    listen = ("-i", "forward", "-p", "listen=127.0.0.1", "-p", f"port={_FORWARD_PORT}")
    return (*listen, "-o", "cloudwatch_logs", "-m", "*", *output)
