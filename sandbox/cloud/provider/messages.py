"""Protocol messages to and from the plain values of the provider model."""

from pulumi.runtime.proto import provider_pb2 as rpc

from sandbox.cloud.provider.model import (
    Autonaming,
    Change,
    CheckCall,
    Checked,
    DiffCall,
    Difference,
    PathChange,
    Target,
)
from sandbox.cloud.wire.structs import properties_from, struct_of
from sandbox.cloud.wire.values import Properties, Secret, revealed_properties, secret_properties_kept

_KINDS = {
    (Change.ADD, False): rpc.PropertyDiff.ADD,
    (Change.ADD, True): rpc.PropertyDiff.ADD_REPLACE,
    (Change.DELETE, False): rpc.PropertyDiff.DELETE,
    (Change.DELETE, True): rpc.PropertyDiff.DELETE_REPLACE,
    (Change.UPDATE, False): rpc.PropertyDiff.UPDATE,
    (Change.UPDATE, True): rpc.PropertyDiff.UPDATE_REPLACE,
}


def target_of(urn: str) -> Target:
    """The resource that a URN names."""
    _, _, qualified_type, name = urn.split("::", 3)
    return Target(urn, qualified_type.rpartition("$")[2], name)


def check_call_from(request: rpc.CheckRequest) -> CheckCall:
    """Read a Check request; secrets are revealed."""
    options = request.autonaming
    mode = options.mode
    return CheckCall(
        target=target_of(request.urn),
        olds=revealed_properties(properties_from(request.olds)),
        news=revealed_properties(properties_from(request.news)),
        random_seed=request.randomSeed,
        autonaming=Autonaming(
            options.proposed_name,
            is_enforced=mode == rpc.CheckRequest.AutonamingOptions.ENFORCE,
            is_disabled=mode == rpc.CheckRequest.AutonamingOptions.DISABLE,
        ),
    )


def check_response(checked: Checked, news: Properties) -> rpc.CheckResponse:
    """Write a Check response; what was secret in `news` is secret again."""
    return rpc.CheckResponse(
        inputs=struct_of(secret_properties_kept(checked.inputs, news)),
        failures=[rpc.CheckFailure(property=item.property, reason=item.reason) for item in checked.failures],
    )


def diff_call_from(request: rpc.DiffRequest) -> DiffCall:
    """Read a Diff request; secrets are revealed."""
    return DiffCall(
        target=target_of(request.urn),
        id=request.id,
        old_outputs=revealed_properties(properties_from(request.olds)),
        old_inputs=revealed_properties(properties_from(request.old_inputs)),
        news=revealed_properties(properties_from(request.news)),
        ignored=tuple(request.ignoreChanges),
    )


def diff_response(difference: Difference) -> rpc.DiffResponse:
    """Write a Diff response."""
    replaced = [change.path for change in difference.changes if change.replaces]
    return rpc.DiffResponse(
        changes=rpc.DiffResponse.DIFF_SOME if difference.changes else rpc.DiffResponse.DIFF_NONE,
        replaces=list(dict.fromkeys(_top(path) for path in replaced)),
        diffs=list(dict.fromkeys(_top(change.path) for change in difference.changes)),
        detailedDiff={change.path: _property_diff(change) for change in difference.changes},
        hasDetailedDiff=bool(difference.changes),
        deleteBeforeReplace=difference.delete_before_replace,
    )


def outputs_of(outputs: Properties, inputs: Properties, secret_names: frozenset[str]) -> Properties:
    """Outputs with what is secret by its inputs or by its type marked so."""
    kept = secret_properties_kept(outputs, inputs)
    marked: Properties = {
        name: Secret(value) if name in secret_names and not isinstance(value, Secret) else value
        for name, value in kept.items()
    }
    return marked


def _property_diff(change: PathChange) -> rpc.PropertyDiff:
    return rpc.PropertyDiff(kind=_KINDS[change.change, change.replaces], inputDiff=True)


def _top(path: str) -> str:
    for end, character in enumerate(path):
        if character in ".[":
            return path[:end] or path
    return path
