"""Resources to and from the JSON of deployments (version 3: apitype.ResourceV3)."""

from sandbox.engine.properties.paths import PropertyPath, parse_path
from sandbox.engine.state.json_values import Json, JsonObject, child, flag, number, objects, text, texts
from sandbox.engine.state.properties_json import (
    Opener,
    Sealer,
    from_json,
    from_json_object,
    to_json,
    to_json_object,
)
from sandbox.engine.state.resource import (
    CustomTimeouts,
    HookKind,
    OperationKind,
    PendingOperation,
    ResourceState,
)


def resource_to_json(state: ResourceState, sealer: Sealer) -> JsonObject:
    """The recorded form of a resource; what is empty is left out."""
    document: JsonObject = {"urn": state.urn, "custom": state.custom}
    rest: JsonObject = {
        "delete": state.delete,
        "id": state.id,
        "type": state.type,
        "inputs": to_json_object(state.inputs, sealer),
        "outputs": to_json_object(state.outputs, sealer),
        "parent": state.parent,
        "protect": state.protect,
        "taint": state.taint,
        "external": state.external,
        "dependencies": [*state.dependencies],
        "initErrors": [*state.init_errors],
        "provider": state.provider,
        "propertyDependencies": {key: [*urns] for key, urns in sorted(state.property_dependencies.items())},
        "pendingReplacement": state.pending_replacement,
        "additionalSecretOutputs": [*state.additional_secret_outputs],
        "aliases": [*state.aliases],
        "customTimeouts": _timeouts_to_json(state.custom_timeouts),
        "importID": state.import_id,
        "retainOnDelete": state.retain_on_delete,
        "deletedWith": state.deleted_with,
        "replaceWith": [*state.replace_with],
        "created": state.created,
        "modified": state.modified,
        "sourcePosition": state.source_position,
        "stackTrace": [{"sourcePosition": position} for position in state.stack_trace],
        "ignoreChanges": [*state.ignore_changes],
        "hideDiff": [_path_to_json(parse_path(path)) for path in state.hide_diff],
        "replaceOnChanges": [*state.replace_on_changes],
        "replacementTrigger": to_json(state.replacement_trigger, sealer),
        "refreshBeforeUpdate": state.refresh_before_update,
        "viewOf": state.view_of,
        "resourceHooks": {kind.value: [*names] for kind, names in state.hooks.items()},
    }
    document.update((key, value) for key, value in rest.items() if value not in (False, "", None, [], {}))
    return document


def _timeouts_to_json(timeouts: CustomTimeouts) -> JsonObject:
    seconds = {
        "create": timeouts.create,
        "update": timeouts.update,
        "delete": timeouts.delete,
        "read": timeouts.read,
    }
    return {key: int(value) if value == int(value) else value for key, value in seconds.items() if value}


def _path_to_json(path: PropertyPath) -> list[Json]:
    return [*path]


def resource_from_json(document: JsonObject, opener: Opener) -> ResourceState:
    """A resource out of its recorded form."""
    timeouts = child(document, "customTimeouts")
    return ResourceState(
        type=text(document, "type"),
        urn=text(document, "urn"),
        custom=flag(document, "custom"),
        id=text(document, "id"),
        inputs=from_json_object(child(document, "inputs"), opener),
        outputs=from_json_object(child(document, "outputs"), opener),
        parent=text(document, "parent"),
        provider=text(document, "provider"),
        delete=flag(document, "delete"),
        protect=flag(document, "protect"),
        taint=flag(document, "taint"),
        external=flag(document, "external"),
        dependencies=texts(document, "dependencies"),
        init_errors=texts(document, "initErrors"),
        property_dependencies={
            key: texts(child(document, "propertyDependencies"), key)
            for key in child(document, "propertyDependencies")
        },
        pending_replacement=flag(document, "pendingReplacement"),
        additional_secret_outputs=texts(document, "additionalSecretOutputs"),
        aliases=texts(document, "aliases"),
        custom_timeouts=CustomTimeouts(
            number(timeouts, "create"),
            number(timeouts, "update"),
            number(timeouts, "delete"),
            number(timeouts, "read"),
        ),
        import_id=text(document, "importID"),
        retain_on_delete=flag(document, "retainOnDelete"),
        deleted_with=text(document, "deletedWith"),
        replace_with=texts(document, "replaceWith"),
        created=text(document, "created"),
        modified=text(document, "modified"),
        source_position=text(document, "sourcePosition"),
        stack_trace=[text(frame, "sourcePosition") for frame in objects(document, "stackTrace")],
        ignore_changes=texts(document, "ignoreChanges"),
        hide_diff=_hidden(document),
        replace_on_changes=texts(document, "replaceOnChanges"),
        replacement_trigger=from_json(document.get("replacementTrigger"), opener),
        refresh_before_update=flag(document, "refreshBeforeUpdate"),
        view_of=text(document, "viewOf"),
        hooks={
            HookKind(kind): texts(child(document, "resourceHooks"), kind)
            for kind in child(document, "resourceHooks")
        },
    )


def _hidden(document: JsonObject) -> list[str]:
    paths = document.get("hideDiff")
    if not isinstance(paths, list):
        return []
    return [
        "".join(_step_text(step) for step in path).removeprefix(".")
        for path in paths
        if isinstance(path, list)
    ]


def _step_text(step: Json) -> str:
    return f"[{step}]" if isinstance(step, int) else f".{step}"


def operation_to_json(operation: PendingOperation, sealer: Sealer) -> JsonObject:
    """The recorded form of a pending operation."""
    return {"resource": resource_to_json(operation.resource, sealer), "type": operation.kind.value}


def operation_from_json(document: JsonObject, opener: Opener) -> PendingOperation:
    """A pending operation out of its recorded form."""
    return PendingOperation(
        resource_from_json(child(document, "resource"), opener), OperationKind(text(document, "type"))
    )
