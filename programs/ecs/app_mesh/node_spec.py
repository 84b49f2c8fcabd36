"""Virtual nodes: where a workload's tasks are found and what its Envoys accept and call."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from programs.ecs.app_mesh.listener_timeout import listener_timeout
from programs.request.containers import Port, Protocol
from programs.request.mesh import Mesh


@dataclass(frozen=True, slots=True)
class NodeCertificate:
    """A node's certificate and the authority that it and its peers trust."""

    certificate_arn: pulumi.Input[str]
    authority_arn: str


@dataclass(frozen=True, slots=True)
class NodeDiscovery:
    """The Cloud Map service that the node's tasks register with."""

    namespace_name: str
    service_name: pulumi.Input[str]


def node_spec(
    ports: Sequence[Port],
    backends: Sequence[str],
    discovery: NodeDiscovery | None,
    certificate: NodeCertificate | None,
    mesh: Mesh,
) -> aws.appmesh.VirtualNodeSpecArgs:
    """Return the node; `backends` are the virtual services it calls."""
    return aws.appmesh.VirtualNodeSpecArgs(
        listeners=[_listener(port, certificate, mesh) for port in ports] or None,
        backends=[
            aws.appmesh.VirtualNodeSpecBackendArgs(
                virtual_service=aws.appmesh.VirtualNodeSpecBackendVirtualServiceArgs(
                    virtual_service_name=backend
                )
            )
            for backend in backends
        ]
        or None,
        backend_defaults=_backend_defaults(certificate),
        service_discovery=_discovery(discovery),
        logging=aws.appmesh.VirtualNodeSpecLoggingArgs(
            access_log=aws.appmesh.VirtualNodeSpecLoggingAccessLogArgs(
                file=aws.appmesh.VirtualNodeSpecLoggingAccessLogFileArgs(path="/dev/stdout")
            )
        ),
    )


def _listener(
    port: Port, certificate: NodeCertificate | None, mesh: Mesh
) -> aws.appmesh.VirtualNodeSpecListenerArgs:
    return aws.appmesh.VirtualNodeSpecListenerArgs(
        port_mapping=aws.appmesh.VirtualNodeSpecListenerPortMappingArgs(
            port=port.port, protocol=port.protocol.value
        ),
        timeout=listener_timeout(port.protocol, mesh),
        outlier_detection=_outlier_detection(mesh),
        connection_pool=_connection_pool(port.protocol, mesh),
        tls=_tls(certificate),
    )


def _tls(certificate: NodeCertificate | None) -> aws.appmesh.VirtualNodeSpecListenerTlsArgs | None:
    if certificate is None:
        return None
    acm = aws.appmesh.VirtualNodeSpecListenerTlsCertificateAcmArgs(
        certificate_arn=certificate.certificate_arn
    )
    return aws.appmesh.VirtualNodeSpecListenerTlsArgs(
        mode="STRICT", certificate=aws.appmesh.VirtualNodeSpecListenerTlsCertificateArgs(acm=acm)
    )


def _backend_defaults(
    certificate: NodeCertificate | None,
) -> aws.appmesh.VirtualNodeSpecBackendDefaultsArgs | None:
    if certificate is None:
        return None
    trust = aws.appmesh.VirtualNodeSpecBackendDefaultsClientPolicyTlsValidationTrustArgs(
        acm=aws.appmesh.VirtualNodeSpecBackendDefaultsClientPolicyTlsValidationTrustAcmArgs(
            certificate_authority_arns=[certificate.authority_arn]
        )
    )
    tls = aws.appmesh.VirtualNodeSpecBackendDefaultsClientPolicyTlsArgs(
        enforce=True,
        validation=aws.appmesh.VirtualNodeSpecBackendDefaultsClientPolicyTlsValidationArgs(trust=trust),
    )
    return aws.appmesh.VirtualNodeSpecBackendDefaultsArgs(
        client_policy=aws.appmesh.VirtualNodeSpecBackendDefaultsClientPolicyArgs(tls=tls)
    )


def _discovery(discovery: NodeDiscovery | None) -> aws.appmesh.VirtualNodeSpecServiceDiscoveryArgs | None:
    if discovery is None:
        return None
    return aws.appmesh.VirtualNodeSpecServiceDiscoveryArgs(
        aws_cloud_map=aws.appmesh.VirtualNodeSpecServiceDiscoveryAwsCloudMapArgs(
            namespace_name=discovery.namespace_name, service_name=discovery.service_name
        )
    )


def _outlier_detection(mesh: Mesh) -> aws.appmesh.VirtualNodeSpecListenerOutlierDetectionArgs | None:
    detection = mesh.outlier_detection
    if detection is None:
        return None
    return aws.appmesh.VirtualNodeSpecListenerOutlierDetectionArgs(
        max_server_errors=detection.max_server_errors,
        max_ejection_percent=detection.max_ejection_percent,
        interval=aws.appmesh.VirtualNodeSpecListenerOutlierDetectionIntervalArgs(
            unit="s", value=detection.interval_seconds
        ),
        base_ejection_duration=aws.appmesh.VirtualNodeSpecListenerOutlierDetectionBaseEjectionDurationArgs(
            unit="s", value=detection.base_ejection_seconds
        ),
    )


def _connection_pool(
    protocol: Protocol, mesh: Mesh
) -> aws.appmesh.VirtualNodeSpecListenerConnectionPoolArgs | None:
    pool = mesh.connection_pool
    if pool is None:
        return None
    match protocol:
        case Protocol.HTTP:
            http = aws.appmesh.VirtualNodeSpecListenerConnectionPoolHttpArgs(
                max_connections=pool.max_connections, max_pending_requests=pool.max_pending_requests
            )
            return aws.appmesh.VirtualNodeSpecListenerConnectionPoolArgs(https=[http])
        case Protocol.HTTP2:
            http2 = aws.appmesh.VirtualNodeSpecListenerConnectionPoolHttp2Args(
                max_requests=pool.max_connections
            )
            return aws.appmesh.VirtualNodeSpecListenerConnectionPoolArgs(http2s=[http2])
        case Protocol.GRPC:
            grpc = aws.appmesh.VirtualNodeSpecListenerConnectionPoolGrpcArgs(
                max_requests=pool.max_connections
            )
            return aws.appmesh.VirtualNodeSpecListenerConnectionPoolArgs(grpc=grpc)
        case Protocol.TCP | Protocol.UDP:
            tcp = aws.appmesh.VirtualNodeSpecListenerConnectionPoolTcpArgs(
                max_connections=pool.max_connections
            )
            return aws.appmesh.VirtualNodeSpecListenerConnectionPoolArgs(tcps=[tcp])
