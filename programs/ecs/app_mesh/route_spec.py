"""Routes of a virtual router: how a request is spread over nodes, tried again and timed out."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_aws as aws

from programs.request.containers import Protocol
from programs.request.mesh import Mesh, Retries

_TCP_EVENTS = frozenset({"connection-error"})
# https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_GrpcRetryPolicy.html
_GRPC_EVENTS = ("cancelled", "deadline-exceeded", "internal", "resource-exhausted", "unavailable")


@dataclass(frozen=True, slots=True)
class WeightedNode:
    """A virtual node and its share of the requests, in percent."""

    node: str
    weight: int


def route_spec(protocol: Protocol, nodes: Sequence[WeightedNode], mesh: Mesh) -> aws.appmesh.RouteSpecArgs:
    """Return the route of one port, in the form that its protocol has."""
    match protocol:
        case Protocol.HTTP:
            return aws.appmesh.RouteSpecArgs(http_route=_http(nodes, mesh))
        case Protocol.HTTP2:
            return aws.appmesh.RouteSpecArgs(http2_route=_http2(nodes, mesh))
        case Protocol.GRPC:
            return aws.appmesh.RouteSpecArgs(grpc_route=_grpc(nodes, mesh))
        case Protocol.TCP | Protocol.UDP:
            return aws.appmesh.RouteSpecArgs(tcp_route=_tcp(nodes))


def _http(nodes: Sequence[WeightedNode], mesh: Mesh) -> aws.appmesh.RouteSpecHttpRouteArgs:
    targets = [
        aws.appmesh.RouteSpecHttpRouteActionWeightedTargetArgs(virtual_node=one.node, weight=one.weight)
        for one in nodes
    ]
    route = aws.appmesh.RouteSpecHttpRouteArgs(
        action=aws.appmesh.RouteSpecHttpRouteActionArgs(weighted_targets=targets),
        match=aws.appmesh.RouteSpecHttpRouteMatchArgs(prefix="/"),
    )
    if mesh.retries is not None:
        route.retry_policy = aws.appmesh.RouteSpecHttpRouteRetryPolicyArgs(
            max_retries=mesh.retries.max,
            per_retry_timeout=aws.appmesh.RouteSpecHttpRouteRetryPolicyPerRetryTimeoutArgs(
                unit="s", value=mesh.retries.per_try_timeout_seconds
            ),
            http_retry_events=_http_events(mesh.retries),
            tcp_retry_events=_tcp_events(mesh.retries),
        )
    if mesh.timeout_seconds is not None:
        limit = aws.appmesh.RouteSpecHttpRouteTimeoutPerRequestArgs(unit="s", value=mesh.timeout_seconds)
        route.timeout = aws.appmesh.RouteSpecHttpRouteTimeoutArgs(per_request=limit)
    return route


def _http2(nodes: Sequence[WeightedNode], mesh: Mesh) -> aws.appmesh.RouteSpecHttp2RouteArgs:
    targets = [
        aws.appmesh.RouteSpecHttp2RouteActionWeightedTargetArgs(virtual_node=one.node, weight=one.weight)
        for one in nodes
    ]
    route = aws.appmesh.RouteSpecHttp2RouteArgs(
        action=aws.appmesh.RouteSpecHttp2RouteActionArgs(weighted_targets=targets),
        match=aws.appmesh.RouteSpecHttp2RouteMatchArgs(prefix="/"),
    )
    if mesh.retries is not None:
        route.retry_policy = aws.appmesh.RouteSpecHttp2RouteRetryPolicyArgs(
            max_retries=mesh.retries.max,
            per_retry_timeout=aws.appmesh.RouteSpecHttp2RouteRetryPolicyPerRetryTimeoutArgs(
                unit="s", value=mesh.retries.per_try_timeout_seconds
            ),
            http_retry_events=_http_events(mesh.retries),
            tcp_retry_events=_tcp_events(mesh.retries),
        )
    if mesh.timeout_seconds is not None:
        limit = aws.appmesh.RouteSpecHttp2RouteTimeoutPerRequestArgs(unit="s", value=mesh.timeout_seconds)
        route.timeout = aws.appmesh.RouteSpecHttp2RouteTimeoutArgs(per_request=limit)
    return route


def _grpc(nodes: Sequence[WeightedNode], mesh: Mesh) -> aws.appmesh.RouteSpecGrpcRouteArgs:
    targets = [
        aws.appmesh.RouteSpecGrpcRouteActionWeightedTargetArgs(virtual_node=one.node, weight=one.weight)
        for one in nodes
    ]
    route = aws.appmesh.RouteSpecGrpcRouteArgs(
        action=aws.appmesh.RouteSpecGrpcRouteActionArgs(weighted_targets=targets),
        match=aws.appmesh.RouteSpecGrpcRouteMatchArgs(),
    )
    if mesh.retries is not None:
        route.retry_policy = aws.appmesh.RouteSpecGrpcRouteRetryPolicyArgs(
            max_retries=mesh.retries.max,
            per_retry_timeout=aws.appmesh.RouteSpecGrpcRouteRetryPolicyPerRetryTimeoutArgs(
                unit="s", value=mesh.retries.per_try_timeout_seconds
            ),
            grpc_retry_events=list(_GRPC_EVENTS),
            http_retry_events=_http_events(mesh.retries),
            tcp_retry_events=_tcp_events(mesh.retries),
        )
    if mesh.timeout_seconds is not None:
        limit = aws.appmesh.RouteSpecGrpcRouteTimeoutPerRequestArgs(unit="s", value=mesh.timeout_seconds)
        route.timeout = aws.appmesh.RouteSpecGrpcRouteTimeoutArgs(per_request=limit)
    return route


def _tcp(nodes: Sequence[WeightedNode]) -> aws.appmesh.RouteSpecTcpRouteArgs:
    targets = [
        aws.appmesh.RouteSpecTcpRouteActionWeightedTargetArgs(virtual_node=one.node, weight=one.weight)
        for one in nodes
    ]
    return aws.appmesh.RouteSpecTcpRouteArgs(
        action=aws.appmesh.RouteSpecTcpRouteActionArgs(weighted_targets=targets)
    )


def _http_events(retries: Retries) -> list[str] | None:
    return [event for event in retries.events if event not in _TCP_EVENTS] or None


def _tcp_events(retries: Retries) -> list[str] | None:
    return [event for event in retries.events if event in _TCP_EVENTS] or None
