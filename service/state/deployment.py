"""A deployment: the state of a stack as the engine writes it (Pulumi's deployment schema, versions 3 and 4).

Fields that the backend reasons about are typed; whatever else the engine wrote is carried along untouched.
"""

from dataclasses import dataclass, field, replace
from typing import Self

from service.state.json_values import (
    DocumentError,
    JsonObject,
    JsonValue,
    as_object,
    read_flag,
    read_integer,
    read_list,
    read_object,
    read_text,
    read_texts,
)

OLDEST_SCHEMA_VERSION = 1
"""Deployments of schema 1 and 2 lack fields that 3 adds; read as 3 they mean the same."""
PLAIN_SCHEMA_VERSION = 3
FEATURES_SCHEMA_VERSION = 4
"""The newest schema: used exactly when a deployment needs one of its named features."""


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource's state: its identity and edges, and in `rest` all else (inputs, outputs, options)."""

    urn: str
    type: str
    id: str = ""
    is_custom: bool = False
    is_pending_delete: bool = False
    is_pending_replacement: bool = False
    parent: str = ""
    provider: str = ""
    dependencies: tuple[str, ...] = ()
    property_dependencies: tuple[tuple[str, tuple[str, ...]], ...] = ()
    deleted_with: str = ""
    replace_with: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    view_of: str = ""
    rest: JsonObject = field(default_factory=JsonObject)

    @classmethod
    def from_json(cls, document: JsonValue) -> Self:
        """Read a resource; raise DocumentError where a field has the wrong type."""
        fields = as_object(document, "a resource")
        edges = read_object(fields, "propertyDependencies") or {}
        return cls(
            urn=read_text(fields, "urn"),
            type=read_text(fields, "type"),
            id=read_text(fields, "id"),
            is_custom=read_flag(fields, "custom"),
            is_pending_delete=read_flag(fields, "delete"),
            is_pending_replacement=read_flag(fields, "pendingReplacement"),
            parent=read_text(fields, "parent"),
            provider=read_text(fields, "provider"),
            dependencies=read_texts(fields, "dependencies"),
            property_dependencies=tuple((key, read_texts(edges, key)) for key in edges),
            deleted_with=read_text(fields, "deletedWith"),
            replace_with=read_texts(fields, "replaceWith"),
            aliases=read_texts(fields, "aliases"),
            view_of=read_text(fields, "viewOf"),
            rest={key: value for key, value in fields.items() if key not in _TYPED_KEYS},
        )

    def to_json(self) -> JsonObject:
        """Write the resource; empty fields are left out, as the engine does."""
        typed: JsonObject = {
            "urn": self.urn,
            "custom": self.is_custom,
            "delete": self.is_pending_delete,
            "id": self.id,
            "type": self.type,
            "parent": self.parent,
            "provider": self.provider,
            "dependencies": list(self.dependencies),
            "propertyDependencies": {key: list(urns) for key, urns in self.property_dependencies},
            "pendingReplacement": self.is_pending_replacement,
            "aliases": list(self.aliases),
            "deletedWith": self.deleted_with,
            "replaceWith": list(self.replace_with),
            "viewOf": self.view_of,
        }
        kept: JsonObject = {key: value for key, value in typed.items() if value or key in _ALWAYS_WRITTEN}
        return {**kept, **self.rest}


@dataclass(frozen=True, slots=True)
class PendingOperation:
    """A step that had begun and not ended when the state was written; `type` is creating, updating, ..."""

    type: str
    resource: Resource

    @classmethod
    def from_json(cls, document: JsonValue) -> Self:
        """Read a pending operation; raise DocumentError where a field has the wrong type."""
        fields = as_object(document, "a pending operation")
        return cls(read_text(fields, "type"), Resource.from_json(fields.get("resource")))

    def to_json(self) -> JsonObject:
        """Write the operation."""
        return {"resource": self.resource.to_json(), "type": self.type}


@dataclass(frozen=True, slots=True)
class Deployment:
    """The state of a stack: resources in an order in which everything comes before what needs it."""

    manifest: JsonObject
    resources: tuple[Resource, ...] = ()
    pending_operations: tuple[PendingOperation, ...] = ()
    secrets_provider: JsonObject | None = None
    metadata: JsonObject = field(default_factory=JsonObject)
    snippets: tuple[JsonObject, ...] = ()
    extensions: JsonObject = field(default_factory=JsonObject)
    rest: JsonObject = field(default_factory=JsonObject)

    @classmethod
    def from_json(cls, document: JsonValue) -> Self:
        """Read a deployment; raise DocumentError where a field has the wrong type."""
        fields = as_object(document, "the deployment")
        return cls(
            manifest=read_object(fields, "manifest") or {},
            resources=tuple(Resource.from_json(item) for item in read_list(fields, "resources")),
            pending_operations=tuple(
                PendingOperation.from_json(item) for item in read_list(fields, "pending_operations")
            ),
            secrets_provider=read_object(fields, "secrets_providers"),
            metadata=read_object(fields, "metadata") or {},
            snippets=tuple(as_object(item, "a snippet") for item in read_list(fields, "snippets")),
            extensions=read_object(fields, "extensions") or {},
            rest={key: value for key, value in fields.items() if key not in _DEPLOYMENT_KEYS},
        )

    def to_json(self) -> JsonObject:
        """Write the deployment; empty parts are left out, as the engine does."""
        parts: JsonObject = {
            "secrets_providers": self.secrets_provider,
            "resources": [resource.to_json() for resource in self.resources],
            "pending_operations": [operation.to_json() for operation in self.pending_operations],
            "snippets": list(self.snippets),
            "extensions": self.extensions,
        }
        kept: JsonObject = {key: value for key, value in parts.items() if value}
        return {"manifest": self.manifest, **kept, "metadata": self.metadata, **self.rest}


@dataclass(frozen=True, slots=True)
class VersionedDeployment:
    """A deployment with the schema version and the features a reader must know."""

    schema_version: int
    deployment: Deployment
    features: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, document: JsonValue) -> Self:
        """Read `{"version", "features", "deployment"}`; raise DocumentError for a version nobody knows."""
        fields = as_object(document, "the document")
        version = read_integer(fields, "version")
        if version is None or not OLDEST_SCHEMA_VERSION <= version <= FEATURES_SCHEMA_VERSION:
            raise DocumentError(
                f"deployment schema version {version} is not supported: "
                f"{OLDEST_SCHEMA_VERSION} to {FEATURES_SCHEMA_VERSION} are"
            )
        return cls(version, Deployment.from_json(fields.get("deployment")), read_texts(fields, "features"))

    def to_json(self) -> JsonObject:
        """Write the envelope."""
        features: JsonObject = {"features": list(self.features)} if self.features else {}
        return {"version": self.schema_version, **features, "deployment": self.deployment.to_json()}

    def without_integrity_error(self) -> Self:
        """Return the deployment without the mark that an engine left when it wrote a broken state."""
        metadata: JsonObject = {k: v for k, v in self.deployment.metadata.items() if k != "integrity_error"}
        return replace(self, deployment=replace(self.deployment, metadata=metadata))


def empty_deployment() -> VersionedDeployment:
    """Return what a stack holds before its first update."""
    manifest: JsonObject = {"time": "0001-01-01T00:00:00Z", "magic": "", "version": ""}
    return VersionedDeployment(PLAIN_SCHEMA_VERSION, Deployment(manifest))


_ALWAYS_WRITTEN = frozenset({"urn", "custom", "type"})
_TYPED_KEYS = frozenset(
    {
        "urn",
        "custom",
        "delete",
        "id",
        "type",
        "parent",
        "provider",
        "dependencies",
        "propertyDependencies",
        "pendingReplacement",
        "aliases",
        "deletedWith",
        "replaceWith",
        "viewOf",
    }
)
_DEPLOYMENT_KEYS = frozenset(
    {"manifest", "secrets_providers", "resources", "pending_operations", "metadata", "snippets", "extensions"}
)
