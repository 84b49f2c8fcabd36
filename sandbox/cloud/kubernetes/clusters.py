"""Which cluster a provider instance speaks to, and whether it answers."""

import json
from dataclasses import dataclass

import yaml

from sandbox.cloud.kubernetes.tables import kinds
from sandbox.cloud.provider.errors import CloudError
from sandbox.cloud.provider.model import Session
from sandbox.cloud.store.inventory import Inventory
from sandbox.cloud.store.records import Record, Scope
from sandbox.cloud.wire.values import Properties, Value, is_properties, object_of, objects_of, text_of

CLUSTER = "aws:eks/cluster:Cluster"
_REGION = "kubernetes"
_UNREACHABLE = "configured Kubernetes cluster is unreachable"


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster's API.

    Attributes:
        host: its address, under which its objects are kept.
        namespace: the namespace of objects that name none.
        record: the EKS cluster behind it; None for a cluster outside of this cloud.
    """

    host: str
    namespace: str
    record: Record | None

    @property
    def scope(self) -> Scope:
        """The scope of its objects."""
        return Scope(self.host, _REGION)

    @property
    def has_auto_mode(self) -> bool:
        """Whether EKS Auto Mode runs its nodes."""
        return (
            self.record is not None and object_of(self.record.outputs, "computeConfig").get("enabled") is True
        )


def cluster_of(inventory: Inventory, session: Session) -> Cluster:
    """The cluster that a provider instance is configured for.

    Raises:
        CloudError: the settings name none, or it does not answer.
    """
    host = _host(session.configuration)
    if not host:
        raise CloudError(
            f"{_UNREACHABLE}: unable to load Kubernetes client configuration from kubeconfig file. "
            "Make sure you have: \n\n \t • set up the provider as per "
            "https://www.pulumi.com/registry/packages/kubernetes/installation-configuration/"
        )
    record = next((item for item in inventory.of_type(CLUSTER) if item.outputs.get("endpoint") == host), None)
    if record is None and host.endswith(".eks.amazonaws.com"):
        name = host.removeprefix("https://")
        raise CloudError(
            f"{_UNREACHABLE}: unable to load schema information from the API server: "
            f'Get "{host}/openapi/v2?timeout=32s": dial tcp: lookup {name}: no such host'
        )
    namespace = text_of(session.configuration, "namespace") or "default"
    return Cluster(host, namespace, record)


def has_namespace(inventory: Inventory, cluster: Cluster, name: str) -> bool:
    """Whether a namespace stands in a cluster."""
    if not name or name in kinds().always_present:
        return True
    return inventory.find("kubernetes:core/v1:Namespace", name, cluster.scope) is not None


def objects_in(inventory: Inventory, host: str) -> list[Record]:
    """Every object of a cluster, oldest first."""
    return inventory.in_scope(Scope(host, _REGION))


def _host(configuration: Properties) -> str:
    given = configuration.get("kubeconfig")
    loaded = _loaded(given)
    clusters = objects_of(loaded, "clusters")
    wanted = text_of(configuration, "context") or text_of(loaded, "current-context")
    contexts = objects_of(loaded, "contexts")
    context = next((item for item in contexts if item.get("name") == wanted), contexts[0] if contexts else {})
    name = text_of(object_of(context, "context"), "cluster")
    found = next((item for item in clusters if item.get("name") == name), clusters[0] if clusters else {})
    return text_of(object_of(found, "cluster"), "server").rstrip("/")


def _loaded(given: Value) -> Properties:
    if is_properties(given):
        return given
    if not isinstance(given, str):
        return {}
    try:
        loaded: object = json.loads(given) if given.lstrip().startswith("{") else yaml.safe_load(given)
    except (ValueError, yaml.YAMLError):
        return {}
    return loaded if is_properties(loaded) else {}
