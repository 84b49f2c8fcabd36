"""What the API server and the built-in controllers add to an object."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from uuid import uuid4

from sandbox.cloud.kubernetes.manifests import Kind
from sandbox.cloud.wire.values import Properties, Value, object_of, objects_of, text_of


def live_object(manifest: Properties, namespace: str, generation: int) -> Properties:
    """An object as the API server returns it once it stands."""
    metadata = object_of(manifest, "metadata")
    added: Properties = {
        "uid": text_of(metadata, "uid") or str(uuid4()),
        "creationTimestamp": text_of(metadata, "creationTimestamp")
        or datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "generation": generation,
        "resourceVersion": str(1000 + generation),
    }
    placed: Properties = {"namespace": namespace} if namespace else {}
    return {**manifest, "metadata": {**metadata, **placed, **added}}


def settled(kind: Kind, live: Properties, address: Callable[[], str]) -> Properties:
    """A live object with the defaults and the status that it has once it works."""
    completed: Properties = {**live, "spec": _service_spec(live, address)} if kind.name == "Service" else live
    status = _STATUS.get(kind.name)
    return {**completed, "status": status(completed)} if status else completed


def _service_spec(live: Properties, address: Callable[[], str]) -> Properties:
    spec = object_of(live, "spec")
    ip = text_of(spec, "clusterIP") or address()
    ports: list[Value] = [
        {"protocol": "TCP", "targetPort": port.get("port"), **port} for port in objects_of(spec, "ports")
    ]
    defaults: Properties = {
        "type": "ClusterIP",
        "sessionAffinity": "None",
        "internalTrafficPolicy": "Cluster",
        "ipFamilies": ["IPv4"],
        "ipFamilyPolicy": "SingleStack",
    }
    return {**defaults, **spec, "clusterIP": ip, "clusterIPs": [ip], "ports": ports}


def _replicas(live: Properties) -> Properties:
    wanted = object_of(live, "spec").get("replicas", 1)
    return {
        "availableReplicas": wanted,
        "observedGeneration": object_of(live, "metadata").get("generation"),
        "readyReplicas": wanted,
        "replicas": wanted,
        "updatedReplicas": wanted,
    }


def _available(live: Properties) -> Properties:
    condition: Properties = {"type": "Available", "status": "True", "reason": "MinimumReplicasAvailable"}
    return {**_replicas(live), "conditions": [condition]}


_STATUS: Mapping[str, Callable[[Properties], Properties]] = {
    "Deployment": _available,
    "StatefulSet": _replicas,
    "ReplicaSet": _replicas,
    "DaemonSet": lambda _live: {"currentNumberScheduled": 1, "desiredNumberScheduled": 1, "numberReady": 1},
    "Job": lambda _live: {"succeeded": 1, "conditions": [{"type": "Complete", "status": "True"}]},
    "Namespace": lambda _live: {"phase": "Active"},
    "PersistentVolumeClaim": lambda _live: {"phase": "Bound"},
    "Pod": lambda _live: {"phase": "Running"},
    "Service": lambda _live: {"loadBalancer": {}},
    "Ingress": lambda _live: {"loadBalancer": {}},
}
