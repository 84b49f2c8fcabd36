"""What a deployment shows of its resources and outputs, secrets masked."""

from datetime import datetime

from service.state.deployment import Deployment, Resource
from service.state.json_values import JsonObject, read_flag, read_object, read_text
from service.state.masking import contains_secret, displayable, mask, mask_object
from service.state.model import OutputView, ResourceView
from service.state.urns import ROOT_STACK_TYPE, parse_urn


def project_resources(deployment: Deployment) -> list[ResourceView]:
    """Return every resource in the deployment's order."""
    return [_project(position, resource) for position, resource in enumerate(deployment.resources)]


def project_outputs(deployment: Deployment, *, state_version: int) -> list[OutputView]:
    """Return the outputs of the stack itself; none where the stack resource is gone."""
    for resource in deployment.resources:
        if resource.type == ROOT_STACK_TYPE and not resource.is_pending_delete:
            outputs = read_object(resource.rest, "outputs") or {}
            return [
                OutputView(
                    name=displayable(name),
                    value=mask(value),
                    is_secret=contains_secret(value),
                    is_stale=False,
                    state_version=state_version,
                )
                for name, value in outputs.items()
            ]
    return []


def _project(position: int, resource: Resource) -> ResourceView:
    urn = parse_urn(resource.urn)
    return ResourceView(
        position=position,
        urn=displayable(resource.urn),
        type=displayable(resource.type),
        name=displayable(urn.name if urn else resource.urn),
        provider_id=displayable(resource.id) or None,
        parent=displayable(resource.parent) or None,
        dependencies=[displayable(dependency) for dependency in resource.dependencies],
        is_custom=resource.is_custom,
        is_external=read_flag(resource.rest, "external"),
        is_protected=read_flag(resource.rest, "protect"),
        is_pending_delete=resource.is_pending_delete,
        inputs=mask_object(read_object(resource.rest, "inputs") or {}),
        outputs=mask_object(read_object(resource.rest, "outputs") or {}),
        created_at=_moment(resource.rest, "created"),
        modified_at=_moment(resource.rest, "modified"),
    )


def _moment(fields: JsonObject, key: str) -> datetime | None:
    """Read a time of RFC 3339; one that is none, or that names no zone, is left out."""
    text = read_text(fields, key)
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
