"""How long a virtual node's listener waits, in the form that each protocol has."""

import pulumi_aws as aws

from programs.request.containers import Protocol
from programs.request.mesh import Mesh


def listener_timeout(protocol: Protocol, mesh: Mesh) -> aws.appmesh.VirtualNodeSpecListenerTimeoutArgs | None:
    """Return the listener's own limit, in seconds; the lower of it and the route's would win otherwise."""
    request, idle = mesh.timeout_seconds, mesh.idle_timeout_seconds
    if request is None and idle is None:
        return None
    match protocol:
        case Protocol.HTTP:
            return aws.appmesh.VirtualNodeSpecListenerTimeoutArgs(http=_http(request, idle))
        case Protocol.HTTP2:
            return aws.appmesh.VirtualNodeSpecListenerTimeoutArgs(http2=_http2(request, idle))
        case Protocol.GRPC:
            return aws.appmesh.VirtualNodeSpecListenerTimeoutArgs(grpc=_grpc(request, idle))
        case Protocol.TCP | Protocol.UDP:
            return _tcp(idle)


def _http(request: int | None, idle: int | None) -> aws.appmesh.VirtualNodeSpecListenerTimeoutHttpArgs:
    limit = aws.appmesh.VirtualNodeSpecListenerTimeoutHttpPerRequestArgs
    silence = aws.appmesh.VirtualNodeSpecListenerTimeoutHttpIdleArgs
    return aws.appmesh.VirtualNodeSpecListenerTimeoutHttpArgs(
        per_request=limit(unit="s", value=request) if request is not None else None,
        idle=silence(unit="s", value=idle) if idle is not None else None,
    )


def _http2(request: int | None, idle: int | None) -> aws.appmesh.VirtualNodeSpecListenerTimeoutHttp2Args:
    limit = aws.appmesh.VirtualNodeSpecListenerTimeoutHttp2PerRequestArgs
    silence = aws.appmesh.VirtualNodeSpecListenerTimeoutHttp2IdleArgs
    return aws.appmesh.VirtualNodeSpecListenerTimeoutHttp2Args(
        per_request=limit(unit="s", value=request) if request is not None else None,
        idle=silence(unit="s", value=idle) if idle is not None else None,
    )


def _grpc(request: int | None, idle: int | None) -> aws.appmesh.VirtualNodeSpecListenerTimeoutGrpcArgs:
    limit = aws.appmesh.VirtualNodeSpecListenerTimeoutGrpcPerRequestArgs
    silence = aws.appmesh.VirtualNodeSpecListenerTimeoutGrpcIdleArgs
    return aws.appmesh.VirtualNodeSpecListenerTimeoutGrpcArgs(
        per_request=limit(unit="s", value=request) if request is not None else None,
        idle=silence(unit="s", value=idle) if idle is not None else None,
    )


def _tcp(idle: int | None) -> aws.appmesh.VirtualNodeSpecListenerTimeoutArgs | None:
    if idle is None:
        return None
    silence = aws.appmesh.VirtualNodeSpecListenerTimeoutTcpIdleArgs(unit="s", value=idle)
    return aws.appmesh.VirtualNodeSpecListenerTimeoutArgs(
        tcp=aws.appmesh.VirtualNodeSpecListenerTimeoutTcpArgs(idle=silence)
    )
