"""Helm releases: recorded with their values, refused where the chart itself would refuse."""

from sandbox.cloud.kubernetes.clusters import Cluster, objects_in
from sandbox.cloud.kubernetes.manifests import RELEASE, Kind
from sandbox.cloud.kubernetes.tables import chart_of, kinds
from sandbox.cloud.provider.errors import CloudError
from sandbox.cloud.store.inventory import Inventory
from sandbox.cloud.store.records import Record
from sandbox.cloud.wire.values import Properties, Value, is_properties, object_of, text_of

_CRD = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition"


def refuse_release(inputs: Properties) -> None:
    """Refuse a release whose chart cannot do without a value that is missing."""
    chart = chart_of(text_of(inputs, "chart"))
    if any(not _at(object_of(inputs, "values"), path) for path in chart.required_values):
        raise CloudError(chart.refusal)


def release_outputs(inputs: Properties, revision: int) -> Properties:
    """What Helm says of a release."""
    name, namespace = text_of(inputs, "name"), text_of(inputs, "namespace")
    chart = text_of(inputs, "chart").rpartition("/")[2]
    version = text_of(inputs, "version") or "1.0.0"
    return {
        **inputs,
        "version": version,
        "resourceNames": {"Deployment/apps/v1": [f"{namespace}/{name}"]},
        "status": {
            "appVersion": version,
            "chart": chart,
            "name": name,
            "namespace": namespace,
            "revision": revision,
            "status": "deployed",
            "version": version,
        },
    }


def releases_in(inventory: Inventory, host: str) -> list[Record]:
    """The releases of a cluster."""
    return [record for record in objects_in(inventory, host) if record.type == RELEASE]


def has_controller(inventory: Inventory, cluster: Cluster, controller: str) -> bool:
    """Whether a controller runs in a cluster: a release brings it, or Auto Mode does."""
    if cluster.has_auto_mode:
        return True
    releases = releases_in(inventory, cluster.host)
    return any(chart_of(text_of(record.outputs, "chart")).controller == controller for record in releases)


def serves(inventory: Inventory, cluster: Cluster, kind: Kind) -> bool:
    """Whether a cluster's API serves a kind: built in, or added by a chart or a definition."""
    table = kinds()
    if kind.group in table.built_in_groups or (
        cluster.has_auto_mode and kind.group in table.auto_mode_groups
    ):
        return True
    return any(_adds(record, kind) for record in objects_in(inventory, cluster.host))


def _adds(record: Record, kind: Kind) -> bool:
    if record.type == RELEASE:
        return kind.group in chart_of(text_of(record.outputs, "chart")).groups
    if record.type != _CRD:
        return False
    spec = object_of(record.outputs, "spec")
    return text_of(spec, "group") == kind.group and object_of(spec, "names").get("kind") == kind.name


def _at(values: Properties, path: str) -> Value:
    value: Value = values
    for part in path.split("."):
        value = value.get(part) if is_properties(value) else None
    return value
