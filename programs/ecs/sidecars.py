"""The containers that run beside a workload's own, by the names a request gives them."""

import json

from programs.components.sidecar_images import (
    CLOUDWATCH_AGENT_IMAGE,
    FLUENT_BIT_IMAGE,
    OTEL_COLLECTOR_IMAGE,
    XRAY_DAEMON_IMAGE,
)
from programs.ecs.container import (
    ContainerDefinition,
    EnvironmentVariable,
    FirelensConfiguration,
    HealthCheck,
    LogConfiguration,
    Option,
    PortMapping,
)
from programs.request.sidecars import (
    KNOWN_SIDECAR_CPU_UNITS,
    KNOWN_SIDECAR_MEMORY_MIB,
    KnownSidecar,
    container_name,
)

_XRAY_PORT = 2000
_OTLP_GRPC_PORT = 4317
_STATSD_PORT = 8125
_EMF_PORT = 25888
# The collector's own default set-up for ECS: traces to X-Ray, container metrics to CloudWatch.
# https://aws-otel.github.io/docs/setup/ecs/config-through-ssm
_OTEL_CONFIG_PATH = "--config=/etc/ecs/ecs-default-config.yaml"
_CLOUDWATCH_AGENT_CONFIG = json.dumps(
    {
        "metrics": {"metrics_collected": {"statsd": {"service_address": f":{_STATSD_PORT}"}}},
        "logs": {"metrics_collected": {"emf": {}}},
    }
)


def sidecar_container(sidecar: KnownSidecar, logs: LogConfiguration) -> ContainerDefinition:
    """Return the container of a sidecar; `logs` is where its own output goes."""
    match sidecar:
        case KnownSidecar.XRAY:
            return _xray(logs)
        case KnownSidecar.OTEL:
            return _otel(logs)
        case KnownSidecar.FLUENT_BIT:
            return _fluent_bit(logs)
        case KnownSidecar.CLOUDWATCH_AGENT:
            return _cloudwatch_agent(logs)


def sidecar_environment(sidecars: tuple[KnownSidecar, ...]) -> tuple[EnvironmentVariable, ...]:
    """Return the settings that make the workload's own container find its sidecars."""
    settings: list[EnvironmentVariable] = []
    if KnownSidecar.XRAY in sidecars:
        settings.append(EnvironmentVariable("AWS_XRAY_DAEMON_ADDRESS", f"127.0.0.1:{_XRAY_PORT}"))
    if KnownSidecar.OTEL in sidecars:
        address = f"http://127.0.0.1:{_OTLP_GRPC_PORT}"
        settings.append(EnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT", address))
    return tuple(settings)


def _xray(logs: LogConfiguration) -> ContainerDefinition:
    return ContainerDefinition(
        name=container_name(KnownSidecar.XRAY),
        image=XRAY_DAEMON_IMAGE,
        essential=False,
        cpu=KNOWN_SIDECAR_CPU_UNITS,
        memory_reservation=KNOWN_SIDECAR_MEMORY_MIB,
        port_mappings=(PortMapping(_XRAY_PORT, "udp"),),
        log_configuration=logs,
        readonly_root_filesystem=True,
        user="1337",
    )


def _otel(logs: LogConfiguration) -> ContainerDefinition:
    return ContainerDefinition(
        name=container_name(KnownSidecar.OTEL),
        image=OTEL_COLLECTOR_IMAGE,
        essential=False,
        cpu=KNOWN_SIDECAR_CPU_UNITS,
        memory_reservation=KNOWN_SIDECAR_MEMORY_MIB,
        command=(_OTEL_CONFIG_PATH,),
        port_mappings=(PortMapping(_OTLP_GRPC_PORT),),
        health_check=HealthCheck(("CMD", "/healthcheck"), interval=10, timeout=5, retries=3, start_period=5),
        log_configuration=logs,
        readonly_root_filesystem=True,
    )


def _fluent_bit(logs: LogConfiguration) -> ContainerDefinition:
    # Essential: without its router the workload's output has nowhere to go.
    return ContainerDefinition(
        name=container_name(KnownSidecar.FLUENT_BIT),
        image=FLUENT_BIT_IMAGE,
        essential=True,
        cpu=KNOWN_SIDECAR_CPU_UNITS,
        memory_reservation=KNOWN_SIDECAR_MEMORY_MIB,
        firelens_configuration=FirelensConfiguration(
            "fluentbit", (Option("enable-ecs-log-metadata", "true"),)
        ),
        log_configuration=logs,
        user="0",
    )


def _cloudwatch_agent(logs: LogConfiguration) -> ContainerDefinition:
    return ContainerDefinition(
        name=container_name(KnownSidecar.CLOUDWATCH_AGENT),
        image=CLOUDWATCH_AGENT_IMAGE,
        essential=False,
        cpu=KNOWN_SIDECAR_CPU_UNITS,
        memory_reservation=KNOWN_SIDECAR_MEMORY_MIB,
        port_mappings=(PortMapping(_STATSD_PORT, "udp"), PortMapping(_EMF_PORT)),
        environment=(EnvironmentVariable("CW_CONFIG_CONTENT", _CLOUDWATCH_AGENT_CONFIG),),
        log_configuration=logs,
    )
