"""Names and labels inside the cluster."""

from programs.components.scope import Scope
from programs.planning.names import LOAD_BALANCER_LIMIT
from programs.request.shape import SharedShape
from programs.request.workload import Workload

NAME_LABEL = "app.kubernetes.io/name"


def balancer_name(scope: Scope) -> str:
    """Return the name of the load balancer that the environment's ingresses share."""
    return scope.name("", LOAD_BALANCER_LIMIT)


def namespace_of(workload_name: str) -> str:
    """Return the namespace a workload has for itself: its own name."""
    return workload_name


def service_host(workload_name: str) -> str:
    """Return the name under which other pods reach a workload."""
    return f"{workload_name}.{namespace_of(workload_name)}.svc.cluster.local"


def reachable_hosts(request: SharedShape) -> dict[str, str]:
    """Return the address of every workload that listens, by name."""
    return {workload.name: service_host(workload.name) for workload in request.workloads if workload.ports}


def selector_labels(workload_name: str) -> dict[str, str]:
    """Return the labels by which a workload's pods are found; they never change."""
    return {NAME_LABEL: workload_name}


def object_labels(scope: Scope, workload: Workload) -> dict[str, str]:
    """Return the labels of everything that belongs to a workload."""
    return {
        **selector_labels(workload.name),
        "app.kubernetes.io/part-of": scope.environment,
        "app.kubernetes.io/managed-by": "berth",
    }


def secret_name(workload_name: str) -> str:
    """Return the Kubernetes secret that a workload's secrets arrive in."""
    return f"{workload_name}-secrets"


def secret_key(container: str, variable: str) -> str:
    """Return the key of one container's variable within that secret."""
    return f"{container}.{variable}"
