"""Renamed resources: references that still use an old URN are made to use the present one."""

from dataclasses import dataclass, replace

from service.state.deployment import Deployment, Resource
from service.state.integrity import IntegrityError
from service.state.json_values import JsonObject, read_object
from service.state.urns import ROOT_STACK_TYPE, Urn, parse_urn


def normalize_references(deployment: Deployment) -> Deployment:
    """Return the deployment with every reference pointing at a present URN and no aliases left.

    Raises IntegrityError where two resources claim the same alias.
    """
    renamed = _renamed_urns(deployment.resources)
    return replace(
        deployment,
        resources=tuple(_rewrite(resource, renamed) for resource in deployment.resources),
        snippets=tuple(_rewrite_snippet(snippet, renamed) for snippet in deployment.snippets),
    )


@dataclass(frozen=True, slots=True)
class _Renamed:
    urns: dict[str, str]

    def __call__(self, urn: str) -> str:
        return self.urns.get(urn, urn)


def _renamed_urns(resources: tuple[Resource, ...]) -> _Renamed:
    urns: dict[str, str] = {}
    for resource in resources:
        for alias in resource.aliases:
            if urns.setdefault(alias, resource.urn) != resource.urn:
                raise IntegrityError(f"{urns[alias]} and {resource.urn} have the same alias: {alias}")
        _follow_parent(resource, urns)
    return _Renamed(urns)


def _follow_parent(resource: Resource, urns: dict[str, str]) -> None:
    """A child's URN holds its parent's types: it changes with them."""
    parent, own = parse_urn(urns.get(resource.parent, "")), parse_urn(resource.urn)
    if parent is None or own is None or parent.qualified_type == ROOT_STACK_TYPE:
        return
    urns[resource.urn] = str(Urn(own.stack, own.project, f"{parent.qualified_type}${own.type}", own.name))


def _rewrite(resource: Resource, renamed: _Renamed) -> Resource:
    if not renamed.urns:
        return resource
    provider_urn, separator, provider_id = resource.provider.rpartition("::")
    return replace(
        resource,
        urn=renamed(resource.urn),
        parent=renamed(resource.parent),
        provider=f"{renamed(provider_urn)}{separator}{provider_id}",
        dependencies=tuple(map(renamed, resource.dependencies)),
        property_dependencies=tuple(
            (key, tuple(map(renamed, urns))) for key, urns in resource.property_dependencies
        ),
        deleted_with=renamed(resource.deleted_with),
        view_of=renamed(resource.view_of),
        aliases=(),
    )


def _rewrite_snippet(snippet: JsonObject, renamed: _Renamed) -> JsonObject:
    references = read_object(snippet, "references")
    if not references:
        return snippet
    fixed: JsonObject = {
        key: renamed(urn) if isinstance(urn, str) else urn for key, urn in references.items()
    }
    return {**snippet, "references": fixed}
