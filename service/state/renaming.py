"""A renamed stack: its URNs, and every place of a deployment that names one, follow."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from service.state.deployment import Deployment, PendingOperation, Resource
from service.state.json_values import JsonObject, JsonValue, read_object
from service.state.masking import SIGNATURE_KEY
from service.state.urns import ROOT_STACK_TYPE, Urn, parse_urn

_RESOURCE_REFERENCE = "5cf8f73096256a8f31e491e813e4eb8e"
_OUTPUT_VALUE = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_PROPERTIES = ("inputs", "outputs", "replacementTrigger")


@dataclass(frozen=True, slots=True)
class StackRename:
    """From which project and stack to which; URNs of other stacks are left alone."""

    old_project: str
    old_stack: str
    new_project: str
    new_stack: str

    def __call__(self, text: str) -> str:
        """Return the URN after the rename; the root resource is named for project and stack."""
        urn = parse_urn(text)
        if urn is None or (urn.stack, urn.project) != (self.old_stack, self.old_project):
            return text
        is_root = urn.qualified_type == ROOT_STACK_TYPE
        name = f"{self.new_project}-{self.new_stack}" if is_root else urn.name
        return str(Urn(self.new_stack, self.new_project, urn.qualified_type, name))


def rename_stack(deployment: Deployment, rename: StackRename) -> Deployment:
    """Return the deployment under the new name, its secrets provider included."""
    return replace(
        deployment,
        resources=tuple(_resource(resource, rename) for resource in deployment.resources),
        pending_operations=tuple(
            PendingOperation(operation.type, _resource(operation.resource, rename))
            for operation in deployment.pending_operations
        ),
        secrets_provider=_secrets_provider(deployment.secrets_provider, rename),
    )


def _resource(resource: Resource, rename: StackRename) -> Resource:
    provider_urn, separator, provider_id = resource.provider.rpartition("::")
    return replace(
        resource,
        urn=rename(resource.urn),
        parent=rename(resource.parent),
        provider=f"{rename(provider_urn)}{separator}{provider_id}",
        dependencies=tuple(map(rename, resource.dependencies)),
        property_dependencies=tuple(
            (key, tuple(map(rename, urns))) for key, urns in resource.property_dependencies
        ),
        deleted_with=rename(resource.deleted_with),
        replace_with=tuple(map(rename, resource.replace_with)),
        aliases=tuple(map(rename, resource.aliases)),
        view_of=rename(resource.view_of),
        rest={
            key: _value(value, rename) if key in _PROPERTIES else value
            for key, value in resource.rest.items()
        },
    )


def _value(value: JsonValue, rename: Callable[[str], str]) -> JsonValue:
    match value:
        case list():
            return [_value(item, rename) for item in value]
        case dict():
            return _object(value, rename)
        case _:
            return value


def _object(value: JsonObject, rename: Callable[[str], str]) -> JsonObject:
    signature = value.get(SIGNATURE_KEY)
    if signature == _RESOURCE_REFERENCE:
        return {
            key: rename(item) if key == "urn" and isinstance(item, str) else item
            for key, item in value.items()
        }
    inside: JsonObject = {key: _value(item, rename) for key, item in value.items()}
    dependencies = value.get("dependencies")
    if signature == _OUTPUT_VALUE and isinstance(dependencies, list):
        inside["dependencies"] = [rename(item) if isinstance(item, str) else item for item in dependencies]
    return inside


def _secrets_provider(provider: JsonObject | None, rename: StackRename) -> JsonObject | None:
    """The backend's own secrets provider finds its stack by name."""
    if provider is None or provider.get("type") != "service":
        return provider
    state = read_object(provider, "state") or {}
    return {**provider, "state": {**state, "project": rename.new_project, "stack": rename.new_stack}}
