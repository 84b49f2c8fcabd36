"""Service Connect: workloads reach each other by name through a proxy that ECS runs."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from programs.components.scope import Scope
from programs.ecs.log_configuration import awslogs
from programs.request.containers import BALANCED_PROTOCOLS, Port, Protocol
from programs.request.mesh import Mesh, MeshKind
from programs.request.workload import Workload

_PROXY_PORT = 15443
"""Above the ports that workloads usually listen on, and not one of Envoy's own in App Mesh."""


@dataclass(frozen=True, slots=True)
class ConnectTls:
    """What Service Connect encrypts traffic between workloads with."""

    authority_arn: pulumi.Input[str]
    role_arn: pulumi.Input[str]
    key_arn: pulumi.Input[str]


@dataclass(frozen=True, slots=True)
class ConnectSettings:
    """The environment's Service Connect: its namespace, the mesh's timeouts, and TLS where asked."""

    scope: Scope
    namespace_arn: pulumi.Input[str]
    namespace_name: str
    mesh: Mesh
    tls: ConnectTls | None


def proxy_port(workload: Workload, mesh: Mesh) -> int | None:
    """Return the port a workload's proxy takes encrypted calls on, where it cannot be the workload's.

    The load balancer calls the workload's first port without the mesh's encryption, so the proxy must leave
    that port alone: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectService.html
    (ingressPortOverride).
    """
    is_encrypted = mesh.kind is MeshKind.SERVICE_CONNECT and mesh.tls
    return _PROXY_PORT if is_encrypted and workload.public is not None else None


def connect_configuration(
    workload: Workload, settings: ConnectSettings, log_group_name: str
) -> aws.ecs.ServiceServiceConnectConfigurationArgs:
    """Return a service's part: every workload is a client; each port but UDP is served under its alias."""
    logs = awslogs(log_group_name, settings.scope.region, "service-connect")
    served = [port for port in workload.ports if port.protocol is not Protocol.UDP]
    return aws.ecs.ServiceServiceConnectConfigurationArgs(
        enabled=True,
        namespace=settings.namespace_arn,
        services=[_served_port(workload, port, settings) for port in served] or None,
        log_configuration=aws.ecs.ServiceServiceConnectConfigurationLogConfigurationArgs(
            log_driver=logs.log_driver, options={option.name: option.value for option in logs.options}
        ),
        access_log_configuration=aws.ecs.ServiceServiceConnectConfigurationAccessLogConfigurationArgs(
            format="JSON", include_query_parameters="DISABLED"
        ),
    )


def _served_port(
    workload: Workload, port: Port, settings: ConnectSettings
) -> aws.ecs.ServiceServiceConnectConfigurationServiceArgs:
    alias = aws.ecs.ServiceServiceConnectConfigurationServiceClientAliasArgs(
        port=port.port, dns_name=f"{port.alias or workload.name}.{settings.namespace_name}"
    )
    return aws.ecs.ServiceServiceConnectConfigurationServiceArgs(
        port_name=port.name,
        discovery_name=f"{workload.name}-{port.name}",
        client_alias=[alias],
        ingress_port_override=proxy_port(workload, settings.mesh) if port is workload.ports[0] else None,
        timeout=_timeout(port, settings.mesh),
        tls=_tls(settings.tls),
    )


def _timeout(port: Port, mesh: Mesh) -> aws.ecs.ServiceServiceConnectConfigurationServiceTimeoutArgs | None:
    """Return the timeouts; one for requests exists only where the proxy understands requests."""
    request_timeout = mesh.request_timeout_seconds if port.protocol in BALANCED_PROTOCOLS else None
    if request_timeout is None and mesh.idle_timeout_seconds is None:
        return None
    return aws.ecs.ServiceServiceConnectConfigurationServiceTimeoutArgs(
        idle_timeout_seconds=mesh.idle_timeout_seconds, per_request_timeout_seconds=request_timeout
    )


def _tls(tls: ConnectTls | None) -> aws.ecs.ServiceServiceConnectConfigurationServiceTlsArgs | None:
    if tls is None:
        return None
    issuer = aws.ecs.ServiceServiceConnectConfigurationServiceTlsIssuerCertAuthorityArgs(
        aws_pca_authority_arn=tls.authority_arn
    )
    return aws.ecs.ServiceServiceConnectConfigurationServiceTlsArgs(
        issuer_cert_authority=issuer, role_arn=tls.role_arn, kms_key=tls.key_arn
    )
