"""AWS App Mesh by its controller: a mesh, a node and a service for each workload that listens.

AWS ended App Mesh on 2026-09-30; what is made here runs in the sandbox.
https://aws.github.io/aws-app-mesh-controller-for-k8s/reference/api_spec/
"""

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from programs.components.policy import Statement
from programs.components.scope import Scope
from programs.eks.charts import APP_MESH_CONTROLLER
from programs.eks.controller import Controller, ControllerArgs
from programs.eks.naming import namespace_of, object_labels, selector_labels, service_host
from programs.eks.platform import Platform
from programs.eks.roles import ServiceAccount
from programs.request.containers import Protocol
from programs.request.mesh import Mesh
from programs.request.workload import Workload

ACCOUNT = ServiceAccount("appmesh-system", "appmesh-controller")
_API_VERSION = "appmesh.k8s.aws/v1beta2"
_MESH_LABEL = "mesh"
_KEEP_ACTIONS = (
    "appmesh:Create*",
    "appmesh:Delete*",
    "appmesh:Describe*",
    "appmesh:Update*",
    "appmesh:TagResource",
    "appmesh:UntagResource",
)


def mesh_name(scope: Scope) -> str:
    """Return the mesh's name."""
    return scope.name("")


def namespace_labels(scope: Scope) -> tuple[tuple[str, str], ...]:
    """Return the labels by which the controller puts an Envoy beside every pod of a namespace.

    Its init container changes the pod's network, which Pod Security `restricted` does not admit.
    """
    return (
        (_MESH_LABEL, mesh_name(scope)),
        ("appmesh.k8s.aws/sidecarInjectorWebhook", "enabled"),
        ("pod-security.kubernetes.io/enforce", "privileged"),
    )


class AppMesh(pulumi.ComponentResource):
    """The controller and the mesh."""

    ready: list[pulumi.Resource]

    def __init__(self, name: str, platform: Platform, opts: pulumi.ResourceOptions | None = None) -> None:
        """Install the controller and make the mesh."""
        super().__init__("berth:eks:AppMesh", name, None, opts)
        scope = platform.scope
        controller = Controller(
            name,
            ControllerArgs(
                platform=platform,
                chart=APP_MESH_CONTROLLER,
                account=ACCOUNT,
                purpose="Keeps the mesh",
                statements=mesh_statements(scope),
                values={"region": scope.region, "accountId": scope.account_id},
            ),
            pulumi.ResourceOptions(parent=self),
        )
        mesh = CustomResource(
            f"{name}-mesh",
            api_version=_API_VERSION,
            kind="Mesh",
            metadata=ObjectMetaArgs(name=mesh_name(scope)),
            spec={"namespaceSelector": {"matchLabels": {_MESH_LABEL: mesh_name(scope)}}},
            opts=platform.reaching_out(self, [controller.release]),
        )
        self.ready = [controller.release, mesh]
        self.register_outputs({})


def make_mesh_parts(
    name: str, workload: Workload, scope: Scope, mesh: Mesh, opts: pulumi.ResourceOptions
) -> list[CustomResource]:
    """Make a workload's virtual node, router and service; nothing for a worker."""
    if not workload.ports:
        return []

    def part(kind: str, spec: dict[str, object]) -> CustomResource:
        metadata = ObjectMetaArgs(
            name=workload.name, namespace=namespace_of(workload.name), labels=object_labels(scope, workload)
        )
        return CustomResource(
            f"{name}-{kind}", api_version=_API_VERSION, kind=kind, metadata=metadata, spec=spec, opts=opts
        )

    provider = {"virtualRouter": {"virtualRouterRef": {"name": workload.name}}}
    service: dict[str, object] = {"awsName": service_host(workload.name), "provider": provider}
    return [
        part("VirtualNode", virtual_node_spec(workload, mesh)),
        part("VirtualRouter", virtual_router_spec(workload, mesh)),
        part("VirtualService", service),
    ]


def _protocol(workload: Workload) -> str:
    return {Protocol.UDP: "tcp"}.get(workload.ports[0].protocol, workload.ports[0].protocol.value)


def virtual_node_spec(workload: Workload, mesh: Mesh) -> dict[str, object]:
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
    spec: dict[str, object] = {
        "podSelector": {"matchLabels": selector_labels(workload.name)},
        "listeners": [listener],
        "serviceDiscovery": {"dns": {"hostname": service_host(workload.name)}},
        "logging": {"accessLog": {"file": {"path": "/dev/stdout"}}},
    }
    if mesh.mtls is not None:
        authority = mesh.mtls.certificate_authority_arn
        trust = {"acm": {"certificateAuthorityARNs": [authority]}}
        spec["backendDefaults"] = {"clientPolicy": {"tls": {"enforce": True, "validation": {"trust": trust}}}}
    return spec


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


def mesh_statements(scope: Scope) -> list[Statement]:
    """Return the controller's rights: meshes of this account, and the names in Cloud Map.

    https://raw.githubusercontent.com/aws/aws-app-mesh-controller-for-k8s/master/config/iam/controller-iam-policy.json
    """
    meshes = (scope.arn("appmesh", "mesh/*"),)
    return [
        Statement("KeepMesh", _KEEP_ACTIONS, meshes),
        # Lists, and Cloud Map's own look-ups, have no resources to narrow them to.
        Statement(
            "Look",
            (
                "appmesh:ListMeshes",
                "servicediscovery:ListServices",
                "servicediscovery:ListNamespaces",
                "acm:ListCertificates",
                "acm-pca:ListCertificateAuthorities",
            ),
            ("*",),
        ),
    ]
