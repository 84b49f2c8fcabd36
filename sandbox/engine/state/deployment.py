"""A whole recorded state, and the untyped envelope in which backends carry it."""

from dataclasses import dataclass, field
from hashlib import sha256

from sandbox.engine.clock import timestamp
from sandbox.engine.errors import EngineError
from sandbox.engine.state.json_values import JsonObject, child, number, objects, text, texts
from sandbox.engine.state.properties_json import Opener
from sandbox.engine.state.resource import PendingOperation, ResourceState
from sandbox.engine.state.resource_json import operation_from_json, resource_from_json
from sandbox.engine.version import DISPLAY_VERSION

# The schema written without features, and the newest that is understood (apitype.DeploymentSchemaVersion*).
SCHEMA_VERSION = 3
NEWEST_SCHEMA_VERSION = 4
_SUPPORTED_FEATURES = frozenset({"refreshBeforeUpdate", "views", "hooks", "taint", "replaceWith"})


@dataclass(frozen=True, slots=True)
class UntypedDeployment:
    """A deployment as JSON with the version and the features its reader must know."""

    deployment: JsonObject
    version: int = SCHEMA_VERSION
    features: list[str] = field(default_factory=list[str])

    def to_json(self) -> JsonObject:
        """The envelope."""
        document: JsonObject = {"version": self.version}
        if self.features:
            document["features"] = [*self.features]
        return {**document, "deployment": self.deployment}

    @classmethod
    def from_json(cls, document: JsonObject) -> "UntypedDeployment":
        """Out of an envelope.

        Raises:
            EngineError: if the version or a feature is not known.
        """
        version = int(number(document, "version"))
        features = texts(document, "features")
        if version > NEWEST_SCHEMA_VERSION:
            raise EngineError("this stack's deployment version is too new")
        if missing := sorted(set(features) - _SUPPORTED_FEATURES):
            raise EngineError(
                f"this stack's deployment needs support for the following features: {', '.join(missing)}"
            )
        return cls(child(document, "deployment"), version, features)


@dataclass(frozen=True, slots=True)
class SecretsProvider:
    """How the secrets in a deployment were encrypted."""

    type: str
    state: JsonObject

    def to_json(self) -> JsonObject:
        """The recorded form."""
        return {"type": self.type, "state": self.state}


@dataclass(slots=True)
class Snapshot:
    """The resources of a stack, what was under way, and how its secrets are kept."""

    resources: list[ResourceState] = field(default_factory=list[ResourceState])
    pending_operations: list[PendingOperation] = field(default_factory=list[PendingOperation])
    secrets_provider: SecretsProvider | None = None
    raw: JsonObject = field(default_factory=dict)


def read_secrets_provider(deployment: JsonObject) -> SecretsProvider | None:
    """How a deployment's secrets were encrypted, if it says."""
    recorded = child(deployment, "secrets_providers")
    return (
        SecretsProvider(text(recorded, "type"), child(recorded, "state")) if text(recorded, "type") else None
    )


def read_snapshot(deployment: JsonObject, opener: Opener) -> Snapshot:
    """The state in a deployment."""
    return Snapshot(
        [resource_from_json(item, opener) for item in objects(deployment, "resources")],
        [operation_from_json(item, opener) for item in objects(deployment, "pending_operations")],
        read_secrets_provider(deployment),
        deployment,
    )


def manifest() -> JsonObject:
    """Who wrote a deployment and when; the magic guards the version (apitype.ManifestV1)."""
    return {
        "time": timestamp(),
        "magic": sha256(DISPLAY_VERSION.encode()).hexdigest(),
        "version": DISPLAY_VERSION,
    }


def features_of(resource: JsonObject) -> set[str]:
    """Features that a reader of a resource must know."""
    marks = {
        "refreshBeforeUpdate": "refreshBeforeUpdate",
        "viewOf": "views",
        "resourceHooks": "hooks",
        "taint": "taint",
        "replaceWith": "replaceWith",
    }
    return {feature for key, feature in marks.items() if resource.get(key)}
