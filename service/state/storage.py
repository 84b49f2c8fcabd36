"""How a deployment is kept: JSON, compressed, with the digest of what was compressed."""

import hashlib
from dataclasses import dataclass, field, replace

import zstandard

from service.state.deployment import Deployment, VersionedDeployment
from service.state.json_values import dump_json, parse_json

_LEVEL = 3
_ADDRESS = "berth:backend"
_ADDRESS_MEMBER = b'"url":"berth:backend"'
MAX_BYTES = 512 * 1024 * 1024
"""Nothing that was stored is larger than this when it is opened again."""


@dataclass(frozen=True, slots=True)
class StoredDeployment:
    """A deployment as a row holds it."""

    schema_version: int
    features: tuple[str, ...]
    digest: str
    size_bytes: int
    resource_count: int
    pending_operation_count: int
    body: bytes = field(repr=False)


def compress(content: bytes) -> bytes:
    """Compress with Zstandard, the length inside."""
    return zstandard.ZstdCompressor(level=_LEVEL).compress(content)


def decompress(content: bytes) -> bytes:
    """Undo `compress`."""
    return zstandard.ZstdDecompressor().decompress(content, max_output_size=MAX_BYTES)


def store(versioned: VersionedDeployment) -> StoredDeployment:
    """Serialize and compress a deployment. Takes CPU: call it in a thread.

    The backend's address is not kept with it: see `export`.
    """
    content = dump_json(_without_address(versioned.deployment).to_json())
    return StoredDeployment(
        schema_version=versioned.schema_version,
        features=versioned.features,
        digest=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        resource_count=len(versioned.deployment.resources),
        pending_operation_count=len(versioned.deployment.pending_operations),
        body=compress(content),
    )


def load(stored: StoredDeployment) -> VersionedDeployment:
    """Decompress and read a deployment. Takes CPU: call it in a thread."""
    deployment = Deployment.from_json(parse_json(decompress(stored.body)))
    return VersionedDeployment(stored.schema_version, deployment, stored.features)


def _without_address(deployment: Deployment) -> Deployment:
    provider = deployment.secrets_provider
    state = None if provider is None else provider.get("state")
    if provider is None or provider.get("type") != "service" or not isinstance(state, dict):
        return deployment
    return replace(deployment, secrets_provider={**provider, "state": {**state, "url": _ADDRESS}})


def export(stored: StoredDeployment, *, backend_url: str) -> bytes:
    """Return `{"version", "features", "deployment"}` as JSON, the deployment exactly as it was stored.

    Only the backend's address in its secrets provider is the one under which the reader reaches it: an
    engine decrypts there, and addresses change.
    """
    features = b',"features":' + dump_json(list(stored.features)) if stored.features else b""
    head = b'{"version":' + str(stored.schema_version).encode() + features
    content = decompress(stored.body).replace(_ADDRESS_MEMBER, b'"url":' + dump_json(backend_url), 1)
    return head + b',"deployment":' + content + b"}"
