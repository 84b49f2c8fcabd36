"""The containers that run beside a workload's own, by the names a request gives them."""

import json
from dataclasses import replace

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
from programs.ecs.otel_collector import GRPC_PORT, collector_configuration
from programs.ecs.region import region_settings
from programs.request.sidecars import (
    KNOWN_SIDECAR_CPU_UNITS,
    KNOWN_SIDECAR_MEMORY_MIB,
    KnownSidecar,
    container_name,
)

_XRAY_PORT = 2000
_STATSD_PORT = 8125
_EMF_PORT = 25888
_CLOUDWATCH_AGENT_CONFIG = json.dumps(
    {
        "metrics": {"metrics_collected": {"statsd": {"service_address": f":{_STATSD_PORT}"}}},
        "logs": {"metrics_collected": {"emf": {}}},
    }
)


def sidecar_container(
    sidecar: KnownSidecar, logs: LogConfiguration, region: str, log_group_name: str
) -> ContainerDefinition:
    """Return the container of a sidecar; `logs` is where its own output goes.

    `log_group_name` is the workload's, for metrics that travel as log lines.
    """
    container = _container(sidecar, logs, region, log_group_name)
    return replace(container, environment=(*region_settings(region), *container.environment))


def sidecar_environment(
    sidecars: tuple[KnownSidecar, ...], log_group_name: str
) -> tuple[EnvironmentVariable, ...]:
    """Return the settings that make the workload's own container find and use its sidecars."""
    settings: list[EnvironmentVariable] = []
    if KnownSidecar.XRAY in sidecars:
        settings.append(EnvironmentVariable("AWS_XRAY_DAEMON_ADDRESS", f"127.0.0.1:{_XRAY_PORT}"))
    if KnownSidecar.OTEL in sidecars:
        address = f"http://127.0.0.1:{GRPC_PORT}"
        settings.append(EnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT", address))
        # SDKs speak HTTP otherwise, which this port does not:
        # https://opentelemetry.io/docs/languages/sdk-configuration/otlp-exporter/
        settings.append(EnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"))
    if KnownSidecar.CLOUDWATCH_AGENT in sidecars:
        # The group that EMF's libraries name otherwise is one that the task may not write:
        # https://github.com/awslabs/aws-embedded-metrics-python#configuration
        settings.append(EnvironmentVariable("AWS_EMF_LOG_GROUP_NAME", log_group_name))
    return tuple(settings)


def _container(
    sidecar: KnownSidecar, logs: LogConfiguration, region: str, log_group_name: str
) -> ContainerDefinition:
    match sidecar:
        case KnownSidecar.XRAY:
            return _xray(logs)
        case KnownSidecar.OTEL:
            return _otel(logs, collector_configuration(region, log_group_name))
        case KnownSidecar.FLUENT_BIT:
            return _fluent_bit(logs)
        case KnownSidecar.CLOUDWATCH_AGENT:
            return _cloudwatch_agent(logs)


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


def _otel(logs: LogConfiguration, configuration: str) -> ContainerDefinition:
    return ContainerDefinition(
        name=container_name(KnownSidecar.OTEL),
        image=OTEL_COLLECTOR_IMAGE,
        essential=False,
        cpu=KNOWN_SIDECAR_CPU_UNITS,
        memory_reservation=KNOWN_SIDECAR_MEMORY_MIB,
        port_mappings=(PortMapping(GRPC_PORT),),
        environment=(EnvironmentVariable("AOT_CONFIG_CONTENT", configuration),),
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
