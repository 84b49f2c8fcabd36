"""Property values as the engine holds them: JSON values, and the things that JSON has no word for."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

# Signatures and sentinels of the protocol (sdk/go/common/resource/sig, sdk/go/common/resource/plugin/rpc.go).
SIGNATURE_KEY = "4dabf18193072939515e22adb298388d"
SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 -- a protocol constant, not a secret
RESOURCE_SIGNATURE = "5cf8f73096256a8f31e491e813e4eb8e"
OUTPUT_SIGNATURE = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
ASSET_SIGNATURE = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE_SIGNATURE = "0def7320c3a5731c473e5ecbe6d01bc7"
UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
UNKNOWN_SENTINELS = frozenset(
    {
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        UNKNOWN_STRING,
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that only the real run will know, by the sentinel it travels as."""

    sentinel: str = UNKNOWN_STRING


@dataclass(slots=True)
class Secret:
    """A value that is encrypted wherever it is stored; `ciphertext` is remembered between two writes."""

    element: "Property"
    ciphertext: str | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self.element == other.element

    __hash__ = None  # pyright: ignore[reportAssignmentType] -- mutable, compared by what it hides


@dataclass(slots=True)
class OutputValue:
    """An output with what is known of it and the resources it depends on."""

    element: "Property"
    known: bool
    secret: bool
    dependencies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asset:
    """A file, text or remote file."""

    hash: str = ""
    text: str = ""
    path: str = ""
    uri: str = ""


@dataclass(slots=True)
class Archive:
    """A collection of assets, a path or a remote archive."""

    hash: str = ""
    assets: dict[str, "Asset | Archive"] | None = None
    path: str = ""
    uri: str = ""


@dataclass(slots=True)
class ResourceReference:
    """A resource as a value; `id` is None for a component."""

    urn: str
    id: "Property" = None
    package_version: str = ""


Property: TypeAlias = (
    bool
    | float
    | str
    | list["Property"]
    | dict[str, "Property"]
    | Unknown
    | Secret
    | OutputValue
    | Asset
    | Archive
    | ResourceReference
    | None
)
Properties: TypeAlias = dict[str, Property]

UNKNOWN = Unknown()


def children(value: Property) -> Iterator[Property]:
    """The values directly inside a value."""
    match value:
        case list():
            yield from value
        case dict():
            yield from value.values()
        case Secret() | OutputValue():
            yield value.element
        case ResourceReference():
            yield value.id
        case _:
            return


def has_unknowns(value: Property) -> bool:
    """Whether anything in the value is unknown."""
    if isinstance(value, Unknown) or (isinstance(value, OutputValue) and not value.known):
        return True
    return any(has_unknowns(child) for child in children(value))


def has_secrets(value: Property) -> bool:
    """Whether anything in the value is secret."""
    if isinstance(value, Secret) or (isinstance(value, OutputValue) and value.secret):
        return True
    return any(has_secrets(child) for child in children(value))


def output_dependencies(value: Property) -> Iterator[str]:
    """URNs that the outputs and resources inside a value depend on."""
    if isinstance(value, OutputValue):
        yield from value.dependencies
    elif isinstance(value, ResourceReference):
        yield value.urn
    for child in children(value):
        yield from output_dependencies(child)


def equal(left: Property, right: Property) -> bool:
    """Whether two values are the same; in an object a null property is as good as a missing one."""
    match left, right:
        case dict(), dict():
            return all(equal(left.get(key), right.get(key)) for key in left.keys() | right.keys())
        case list(), list():
            return len(left) == len(right) and all(map(equal, left, right))
        case Secret(), Secret():
            return equal(left.element, right.element)
        case (Asset(), Asset()) | (Archive(), Archive()):
            return left.hash == right.hash
        case ResourceReference(), ResourceReference():
            return left.urn == right.urn and equal(left.id, right.id)
        case _:
            return isinstance(left, bool) == isinstance(right, bool) and left == right


def unwrap(value: Property) -> Property:
    """The value without secrets and outputs around its parts."""
    match value:
        case Secret():
            return unwrap(value.element)
        case OutputValue():
            return unwrap(value.element) if value.known else UNKNOWN
        case list():
            return [unwrap(item) for item in value]
        case dict():
            return {key: unwrap(item) for key, item in value.items()}
        case ResourceReference():
            return ResourceReference(value.urn, unwrap(value.id), value.package_version)
        case _:
            return value


def downgrade_outputs(value: Property) -> Property:
    """The value with outputs turned into plain, unknown or secret values."""
    match value:
        case OutputValue():
            plain = downgrade_outputs(value.element) if value.known else UNKNOWN
            return Secret(plain) if value.secret else plain
        case Secret():
            return Secret(downgrade_outputs(value.element))
        case list():
            return [downgrade_outputs(item) for item in value]
        case dict():
            return {key: downgrade_outputs(item) for key, item in value.items()}
        case ResourceReference():
            return ResourceReference(value.urn, downgrade_outputs(value.id), value.package_version)
        case _:
            return value


def downgrade_properties(properties: Properties) -> Properties:
    """Every property with its outputs turned into plain, unknown or secret values."""
    return {key: downgrade_outputs(value) for key, value in properties.items()}


def annotate_secrets(outputs: Properties, inputs: Properties) -> None:
    """Mark outputs as secret whose inputs are, for a provider that cannot keep secrets itself."""
    for key, given in inputs.items():
        if key not in outputs:
            continue
        result = outputs[key]
        if isinstance(result, dict) and isinstance(given, dict):
            annotate_secrets(result, given)
        elif not isinstance(result, Secret) and has_secrets(given):
            outputs[key] = Secret(result)
