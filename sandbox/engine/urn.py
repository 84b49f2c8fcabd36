"""Resource names: URNs and references to provider resources."""

from dataclasses import dataclass

ROOT_STACK_TYPE = "pulumi:pulumi:Stack"
_PROVIDERS = "pulumi:providers:"
_PREFIX = "urn:pulumi:"


@dataclass(frozen=True, slots=True)
class Parts:
    """What a URN is made of."""

    stack: str
    project: str
    qualified_type: str
    name: str

    @property
    def type(self) -> str:
        """The type without its parents' types."""
        return self.qualified_type.rsplit("$", 1)[-1]


def parse(urn: str) -> Parts:
    """The parts of a URN.

    Raises:
        ValueError: if the text is no URN.
    """
    pieces = urn.removeprefix(_PREFIX).split("::", 3)
    if not urn.startswith(_PREFIX) or len(pieces) != 4:  # noqa: PLR2004 -- stack, project, type, name
        msg = f"invalid URN {urn!r}"
        raise ValueError(msg)
    return Parts(*pieces)


def make(stack: str, project: str, parent: str, type_token: str, name: str) -> str:
    """The URN of a resource; the root stack is not part of its children's types."""
    qualified = type_token
    if parent:
        parent_type = parse(parent).qualified_type
        if parent_type != ROOT_STACK_TYPE:
            qualified = f"{parent_type}${type_token}"
    return f"{_PREFIX}{stack}::{project}::{qualified}::{name}"


def type_of(urn: str) -> str:
    """The type in a URN."""
    return parse(urn).type


def name_of(urn: str) -> str:
    """The name in a URN."""
    return parse(urn).name


def is_root_stack(urn: str) -> bool:
    """Whether a URN names a root stack."""
    return parse(urn).qualified_type == ROOT_STACK_TYPE


def is_provider_type(type_token: str) -> bool:
    """Whether resources of a type are providers."""
    return type_token.startswith(_PROVIDERS)


def provider_package(type_token: str) -> str:
    """The package that a provider type provides for."""
    return type_token.removeprefix(_PROVIDERS)


def provider_type(package: str) -> str:
    """The type of a package's provider resources."""
    return f"{_PROVIDERS}{package}"


def package_of(type_token: str) -> str:
    """The package of a type or function token."""
    return type_token.split(":", 1)[0]


def is_default_provider(urn: str) -> bool:
    """Whether a URN names a provider that the engine made by itself."""
    parts = parse(urn)
    return is_provider_type(parts.type) and parts.name.startswith("default")


def split_reference(reference: str) -> tuple[str, str]:
    """URN and id of a provider reference."""
    urn, _, identity = reference.rpartition("::")
    return urn, identity


def join_reference(urn: str, identity: str) -> str:
    """A provider reference."""
    return f"{urn}::{identity}"
