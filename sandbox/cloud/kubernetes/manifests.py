"""Kubernetes manifests: what they are called and where they stand."""

from dataclasses import dataclass

from sandbox.cloud.kubernetes.tables import kinds
from sandbox.cloud.wire.values import UNKNOWN, Properties, object_of, text_of

RELEASE = "kubernetes:helm.sh/v3:Release"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of object: its API version and name."""

    api_version: str
    name: str

    @property
    def group(self) -> str:
        """The API group; empty for the core one."""
        return self.api_version.rpartition("/")[0]

    @property
    def is_namespaced(self) -> bool:
        """Whether objects of the kind stand in a namespace."""
        return self.name not in kinds().cluster_scoped

    @property
    def plural(self) -> str:
        """The kind's name in API paths and errors: `deployments.apps`."""
        lower = self.name.lower()
        plural = (
            f"{lower}es"
            if lower.endswith("s")
            else f"{lower[:-1]}ies"
            if lower.endswith("cy")
            else f"{lower}s"
        )
        return f"{plural}.{self.group}" if self.group else plural


def kind_of(type_: str) -> Kind:
    """The kind that a resource type stands for; a patch stands for what it patches."""
    _, api_version, name = type_.split(":")
    return Kind(api_version.removeprefix("core/"), name.removesuffix("Patch"))


def is_patch(type_: str) -> bool:
    """Whether a resource type patches an object that stands already."""
    return type_.endswith("Patch")


def namespace_of(kind: Kind, manifest: Properties, default: str) -> str:
    """The namespace that an object stands in; empty for kinds without one."""
    return text_of(object_of(manifest, "metadata"), "namespace") or default if kind.is_namespaced else ""


def id_of(kind: Kind, manifest: Properties, default_namespace: str) -> str:
    """An object's id: `namespace/name`, or its name alone where the kind has no namespace."""
    name = text_of(object_of(manifest, "metadata"), "name")
    namespace = namespace_of(kind, manifest, default_namespace)
    return f"{namespace}/{name}" if namespace else name


def is_name_unknown(manifest: Properties) -> bool:
    """Whether it is not yet known what an object will be called."""
    metadata = manifest.get("metadata")
    return metadata is UNKNOWN or (isinstance(metadata, dict) and metadata.get("name") is UNKNOWN)
