"""What App Mesh is told of a workload's port and of the route to it.

https://aws.github.io/aws-app-mesh-controller-for-k8s/reference/api_spec/
"""

from programs.request.containers import Protocol
from programs.request.mesh import Mesh
from programs.request.workload import Workload


def _protocol(workload: Workload) -> str:
    return {Protocol.UDP: "tcp"}.get(workload.ports[0].protocol, workload.ports[0].protocol.value)


def listener_spec(workload: Workload, mesh: Mesh) -> dict[str, object]:
    """Return what the workload's Envoy serves: its first port, with what the mesh demands of callers."""
    protocol = _protocol(workload)
    listener: dict[str, object] = {
        "portMapping": {"port": workload.ports[0].port, "protocol": protocol},
    }
    if mesh.idle_timeout_seconds is not None:
        listener["timeout"] = {protocol: {"idle": _seconds(mesh.idle_timeout_seconds)}}
    if mesh.outlier_detection is not None:
        outlier = mesh.outlier_detection
        listener["outlierDetection"] = {
            "maxServerErrors": outlier.max_server_errors,
            "interval": _seconds(outlier.interval_seconds),
            "baseEjectionDuration": _seconds(outlier.base_ejection_seconds),
            "maxEjectionPercent": outlier.max_ejection_percent,
        }
    if mesh.connection_pool is not None:
        listener["connectionPool"] = {protocol: _pool(protocol, mesh)}
    return listener


def _pool(protocol: str, mesh: Mesh) -> dict[str, int]:
    pool = mesh.connection_pool
    if pool is None:
        return {}
    if protocol in {"http2", "grpc"}:
        return {"maxRequests": pool.max_connections}
    if protocol == "tcp":
        return {"maxConnections": pool.max_connections}
    return {"maxConnections": pool.max_connections, "maxPendingRequests": pool.max_pending_requests}


def virtual_router_spec(workload: Workload, mesh: Mesh) -> dict[str, object]:
    """Return the one route to the workload's node, with its retries and its timeout."""
    protocol = _protocol(workload)
    target = {"virtualNodeRef": {"name": workload.name}, "weight": 100}
    route: dict[str, object] = {"action": {"weightedTargets": [target]}}
    if protocol in {"http", "http2"}:
        route["match"] = {"prefix": "/"}
    if protocol == "grpc":
        route["match"] = {}
    if mesh.retries is not None and protocol != "tcp":
        route["retryPolicy"] = _retries(mesh, protocol)
    if mesh.timeout_seconds is not None and protocol != "tcp":
        route["timeout"] = {"perRequest": _seconds(mesh.timeout_seconds)}
    listener = {"portMapping": {"port": workload.ports[0].port, "protocol": protocol}}
    return {"listeners": [listener], "routes": [{"name": "all", f"{protocol}Route": route}]}


def _retries(mesh: Mesh, protocol: str) -> dict[str, object]:
    if mesh.retries is None:
        return {}
    over_tcp = [event for event in mesh.retries.events if event == "connection-error"]
    over_http = [event for event in mesh.retries.events if event != "connection-error"]
    policy: dict[str, object] = {
        "maxRetries": mesh.retries.max,
        "perRetryTimeout": _seconds(mesh.retries.per_try_timeout_seconds),
    }
    if over_http:
        policy["httpRetryEvents"] = over_http
    if over_tcp:
        policy["tcpRetryEvents"] = ["connection-error"]
    if protocol == "grpc":
        policy["grpcRetryEvents"] = ["unavailable"]
    return policy


def _seconds(count: int) -> dict[str, object]:
    return {"unit": "s", "value": count}
