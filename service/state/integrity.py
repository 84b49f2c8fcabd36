"""The rules that a deployment must keep, the same that the engine checks before it uses one."""

import hashlib
from collections import Counter
from collections.abc import Iterable

from service.core.errors import InvalidInputError
from service.state.deployment import Deployment, Resource
from service.state.json_values import JsonObject, read_text
from service.state.urns import PROVIDER_TYPE_PREFIX, split_provider_reference


class IntegrityError(InvalidInputError):
    """A deployment breaks a rule that the engine relies on; it must not replace the last good one."""

    code = "state_integrity"
    title = "The state is not consistent"


def manifest_magic(engine_version: str) -> str:
    """Return the manifest's check value: the hex SHA-256 of the engine's version, empty for none."""
    return hashlib.sha256(engine_version.encode()).hexdigest() if engine_version else ""


def check_integrity(deployment: Deployment) -> None:
    """Raise IntegrityError unless URNs are unique and everything comes before what refers to it."""
    _check_manifest(deployment.manifest)
    seen: set[str] = set()
    providers: set[tuple[str, str]] = set()
    for index, resource in enumerate(deployment.resources):
        _check_identity(resource, index)
        if resource.type.startswith(PROVIDER_TYPE_PREFIX):
            providers.add((resource.urn, resource.id))
        _check_provider(resource, providers)
        _check_edges(resource, seen, deployment.resources[index + 1 :])
        seen.add(resource.urn)
    _check_unique(deployment.resources)
    _check_snippets(deployment.snippets)


def _check_manifest(manifest: JsonObject) -> None:
    if read_text(manifest, "magic") != manifest_magic(read_text(manifest, "version")):
        raise IntegrityError("magic cookie mismatch: possible tampering or corruption")


def _check_identity(resource: Resource, index: int) -> None:
    if not resource.urn:
        raise IntegrityError(f"resource at index {index} has no 'urn'")
    if not resource.type:
        raise IntegrityError(f"resource {resource.urn} has no 'type'")
    if resource.id and not resource.is_custom:
        raise IntegrityError(f"resource {resource.urn} is a component and yet has an id")


def _check_provider(resource: Resource, known: set[tuple[str, str]]) -> None:
    if not resource.provider:
        return
    reference = split_provider_reference(resource.provider)
    if reference is None:
        raise IntegrityError(f"resource {resource.urn} has a malformed provider reference")
    if reference not in known and not resource.is_pending_replacement:
        raise IntegrityError(f"resource {resource.urn} refers to unknown provider {resource.provider}")


def _edges(resource: Resource) -> Iterable[tuple[str, str]]:
    if resource.parent:
        yield "parent", resource.parent
    for urn in resource.dependencies:
        yield "dependency", urn
    for _, urns in resource.property_dependencies:
        for urn in urns:
            yield "property dependency", urn
    if resource.deleted_with:
        yield "deleted-with resource", resource.deleted_with


def _check_edges(resource: Resource, seen: set[str], later: tuple[Resource, ...]) -> None:
    for kind, urn in _edges(resource):
        if urn in seen:
            continue
        fault = "comes after it" if any(other.urn == urn for other in later) else "is missing"
        raise IntegrityError(f"resource {resource.urn}: its {kind} {urn} {fault}")


def _check_unique(resources: tuple[Resource, ...]) -> None:
    living = Counter(resource.urn for resource in resources if not resource.is_pending_delete)
    for urn, count in living.items():
        if count > 1:
            raise IntegrityError(f"duplicate resource {urn} (not marked for deletion)")


def _check_snippets(snippets: tuple[JsonObject, ...]) -> None:
    uuids = [read_text(snippet, "uuid") for snippet in snippets]
    if "" in uuids:
        raise IntegrityError(f"snippet at index {uuids.index('')} has no 'uuid'")
    if len(set(uuids)) != len(uuids):
        raise IntegrityError("two snippets have the same 'uuid'")
