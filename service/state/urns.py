"""URNs: `urn:pulumi:<stack>::<project>::<parent types$type>::<name>` (Pulumi docs, Resource names)."""

from dataclasses import dataclass

PREFIX = "urn:pulumi:"
ROOT_STACK_TYPE = "pulumi:pulumi:Stack"
PROVIDER_TYPE_PREFIX = "pulumi:providers:"
_PARTS = 4


@dataclass(frozen=True, slots=True)
class Urn:
    """A URN in its parts; the name may itself contain `::`."""

    stack: str
    project: str
    qualified_type: str
    name: str

    @property
    def type(self) -> str:
        """The resource's own type, without its parents'."""
        return self.qualified_type.rpartition("$")[2]

    def __str__(self) -> str:
        return f"{PREFIX}{self.stack}::{self.project}::{self.qualified_type}::{self.name}"


def parse_urn(text: str) -> Urn | None:
    """Return the parts, or None where the text is not a URN."""
    if not text.startswith(PREFIX):
        return None
    parts = text.removeprefix(PREFIX).split("::", _PARTS - 1)
    if len(parts) != _PARTS:
        return None
    return Urn(*parts)


def resource_name(urn: str) -> str:
    """Return the name at the end of a URN."""
    return urn.split("::", _PARTS - 1)[-1]


def split_provider_reference(reference: str) -> tuple[str, str] | None:
    """Return URN and id of `<urn>::<id>`, or None where that is not the shape or the URN is no provider's."""
    urn_text, separator, provider_id = reference.rpartition("::")
    urn = parse_urn(urn_text)
    if not separator or urn is None or not urn.type.startswith(PROVIDER_TYPE_PREFIX):
        return None
    return urn_text, provider_id
