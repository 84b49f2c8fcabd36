"""Whether the parts of a deployment fit together."""

from collections.abc import Iterator

from sandbox.engine import urn as urns
from sandbox.engine.errors import EngineError
from sandbox.engine.state.json_values import JsonObject, child, flag, objects, text, texts


def refuse_unsound(deployment: JsonObject) -> None:
    """Refuse resources that need what is missing or comes after them.

    Raises:
        EngineError: naming the first one.
    """
    resources = objects(deployment, "resources")
    positions = {text(resource, "urn"): index for index, resource in enumerate(resources)}
    seen: set[str] = set()
    for index, resource in enumerate(resources):
        urn = text(resource, "urn")
        if not urn or not text(resource, "type"):
            raise _unsound(f"resource at index {index} missing required 'urn' or 'type' field")
        if not flag(resource, "custom") and text(resource, "id"):
            raise _unsound(f"resource '{urn}' has 'custom false but non-empty ID")
        for kind, needed in _needs(resource):
            if needed not in seen:
                where = "comes after it" if needed in positions else "refers to missing resource"
                raise _unsound(f"resource {urn}'s {kind} {needed} {where}")
        seen.add(urn)


def _needs(resource: JsonObject) -> Iterator[tuple[str, str]]:
    if parent := text(resource, "parent"):
        yield "parent", parent
    if provider := text(resource, "provider"):
        yield "provider", urns.split_reference(provider)[0]
    for needed in texts(resource, "dependencies"):
        yield "dependency", needed
    by_key = child(resource, "propertyDependencies")
    for key in by_key:
        for needed in texts(by_key, key):
            yield f"property dependency (from property {key})", needed
    if needed := text(resource, "deletedWith"):
        yield "deleted with dependency", needed


def _unsound(problem: str) -> EngineError:
    return EngineError(
        f"state file contains errors: {problem}; "
        "importing this file could be dangerous; rerun with --force to proceed anyway"
    )
