"""The Envoy container that carries a task's traffic in App Mesh."""

from programs.ecs.container import (
    ContainerDefinition,
    EnvironmentVariable,
    HealthCheck,
    LogConfiguration,
    PortMapping,
)
from programs.ecs.region import region_settings

ENVOY_NAME = "envoy"
ENVOY_IMAGE = "public.ecr.aws/appmesh/aws-appmesh-envoy:v1.29.12.1-prod"
_USER = "1337"
_ADMIN_PORT = 9901
# https://docs.aws.amazon.com/app-mesh/latest/userguide/envoy.html
_IS_LIVE = f"curl -s http://localhost:{_ADMIN_PORT}/server_info | grep state | grep -q LIVE"
_CPU_UNITS = 64
_MEMORY_MIB = 128


def envoy_container(
    resource_arn: str, logs: LogConfiguration, region: str, *, has_tracing: bool, ports: tuple[int, ...] = ()
) -> ContainerDefinition:
    """Return the proxy; the workload's own container waits until it is healthy.

    `resource_arn` is the virtual node or gateway it speaks for; `ports` are a gateway's.
    """
    settings = [*region_settings(region), EnvironmentVariable("APPMESH_RESOURCE_ARN", resource_arn)]
    if has_tracing:
        settings.append(EnvironmentVariable("ENABLE_ENVOY_XRAY_TRACING", "1"))
    return ContainerDefinition(
        name=ENVOY_NAME,
        image=ENVOY_IMAGE,
        essential=True,
        cpu=_CPU_UNITS,
        memory_reservation=_MEMORY_MIB,
        port_mappings=tuple(PortMapping(port) for port in ports),
        environment=tuple(sorted(settings, key=lambda one: one.name)),
        health_check=HealthCheck(("CMD-SHELL", _IS_LIVE), interval=5, timeout=2, retries=3, start_period=10),
        log_configuration=logs,
        user=_USER,
    )
