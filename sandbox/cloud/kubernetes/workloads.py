"""What the API server refuses in workloads, services and ingresses.

Source: the validation of `k8s.io/kubernetes/pkg/apis`, as the API reference describes it.
"""

import re
from collections.abc import Iterator

from sandbox.cloud.kubernetes.manifests import Kind
from sandbox.cloud.wire.values import Properties, Value, object_of, objects_of, text_of

_SELECTING = frozenset({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"})
_TEMPLATED = _SELECTING | {"Job"}
_QUANTITY = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?")
_HIGHEST_PORT = 65535
_CONTAINER_NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")


def workload_faults(kind: Kind, manifest: Properties) -> Iterator[str]:
    """What the API server says of an object beyond its shape."""
    spec = object_of(manifest, "spec")
    if kind.name in _SELECTING:
        yield from _selector(spec)
    if kind.name in _TEMPLATED:
        yield from _pod(object_of(object_of(spec, "template"), "spec"), "spec.template.spec")
    if kind.name == "Pod":
        yield from _pod(spec, "spec")
    if kind.name == "Service":
        yield from _service(spec)
    if kind.name == "HorizontalPodAutoscaler":
        yield from _autoscaler(spec)


def _selector(spec: Properties) -> Iterator[str]:
    wanted = object_of(object_of(spec, "selector"), "matchLabels")
    labels = object_of(object_of(object_of(spec, "template"), "metadata"), "labels")
    if "selector" in spec and not object_of(spec, "selector"):
        yield "spec.selector: Invalid value: {}: empty selector is invalid for deployment"
    if any(labels.get(key) != value for key, value in wanted.items() if isinstance(value, str)):
        yield (
            f"spec.template.metadata.labels: Invalid value: {_shown(labels)}: "
            "`selector` does not match template `labels`"
        )


def _pod(spec: Properties, path: str) -> Iterator[str]:
    containers = objects_of(spec, "containers")
    if "containers" in spec and spec["containers"] == []:
        yield f"{path}.containers: Required value"
    seen: set[str] = set()
    for index, container in enumerate(containers):
        place = f"{path}.containers[{index}]"
        name = text_of(container, "name")
        if name in seen:
            yield f'{place}.name: Duplicate value: "{name}"'
        seen.add(name)
        yield from _container(container, place)


def _container(container: Properties, place: str) -> Iterator[str]:
    name = text_of(container, "name")
    if name and not _CONTAINER_NAME.fullmatch(name):
        yield f'{place}.name: Invalid value: "{name}": a lowercase RFC 1123 label is required'
    for index, port in enumerate(objects_of(container, "ports")):
        yield from _port(port.get("containerPort"), f"{place}.ports[{index}].containerPort")
    resources = object_of(container, "resources")
    for part in ("requests", "limits"):
        for resource, quantity in object_of(resources, part).items():
            if isinstance(quantity, str) and not _QUANTITY.fullmatch(quantity):
                field = f"{place}.resources.{part}[{resource}]"
                yield f'{field}: Invalid value: "{quantity}": quantities must match {_RULE}'


_RULE = "the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"


def _service(spec: Properties) -> Iterator[str]:
    ports = objects_of(spec, "ports")
    for index, port in enumerate(ports):
        yield from _port(port.get("port"), f"spec.ports[{index}].port")
        if len(ports) > 1 and not text_of(port, "name"):
            yield f"spec.ports[{index}].name: Required value"
    is_external = text_of(spec, "type") == "ExternalName"
    if not ports and not is_external and text_of(spec, "clusterIP") != "None":
        yield "spec.ports: Required value"


def _autoscaler(spec: Properties) -> Iterator[str]:
    least, most = spec.get("minReplicas", 1), spec.get("maxReplicas")
    if isinstance(least, int) and isinstance(most, int) and most < least:
        yield f"spec.maxReplicas: Invalid value: {most}: must be greater than or equal to `minReplicas`"


def _port(port: Value, place: str) -> Iterator[str]:
    if isinstance(port, int) and not 1 <= port <= _HIGHEST_PORT:
        yield f"{place}: Invalid value: {port}: must be between 1 and {_HIGHEST_PORT}, inclusive"


def _shown(labels: Properties) -> str:
    inside = ", ".join(f'"{key}":"{value}"' for key, value in labels.items())
    return f"map[string]string{{{inside}}}"
