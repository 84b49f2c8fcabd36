"""Resource types described by hand, for packages whose SDK is not installed: random and tls.

Source: the resources' pages in the Pulumi registry.
"""

from collections.abc import Mapping, Sequence

from sandbox.cloud.sdk.model import Kind, ObjectSpec, PropertySpec, ResourceSpec, TypeSpec

_KINDS: Mapping[str, TypeSpec] = {
    "text": TypeSpec(Kind.STRING),
    "flag": TypeSpec(Kind.BOOLEAN),
    "whole": TypeSpec(Kind.INTEGER),
    "texts": TypeSpec(Kind.LIST, item=TypeSpec(Kind.STRING)),
    "map": TypeSpec(Kind.MAP, item=TypeSpec(Kind.STRING)),
    "any": TypeSpec(Kind.ANY),
}


def resource_spec(
    token: str, inputs: Mapping[str, str], outputs: Mapping[str, str], secrets: Sequence[str] = ()
) -> ResourceSpec:
    """Describe a resource type.

    Args:
        token: its type token.
        inputs: their kinds by name; a kind with `!` behind it is required.
        outputs: the kinds of what is computed, by name.
        secrets: the outputs that are secret.
    """
    taken = {
        name: PropertySpec(name, _KINDS[kind.rstrip("!")], kind.endswith("!"))
        for name, kind in inputs.items()
    }
    given = {name: PropertySpec(name, _KINDS[kind], is_required=True) for name, kind in outputs.items()}
    return ResourceSpec(token, ObjectSpec(taken), ObjectSpec({**taken, **given}), frozenset(secrets))
