"""Whom a resource needs: ids, ARNs and names in its properties, by the table of types."""

from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.cloud.aws.surroundings import Surroundings
from sandbox.cloud.aws.table import TypeEntry, entry_of
from sandbox.cloud.provider.errors import ApiError
from sandbox.cloud.store.inventory import Inventory
from sandbox.cloud.store.records import Use
from sandbox.cloud.wire.values import Properties, Value, is_list, is_properties

_ACCOUNT_PART = 4
"""Where an ARN names the account."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A property that names other resources.

    Attributes:
        path: where the names stand; `[]` is every item of a list.
        types: the types that the names may be of.
        blocks: whether the other one cannot be deleted first.
        may_be_foreign: whether the other one may stand outside this cloud.
    """

    path: str
    types: tuple[str, ...]
    blocks: bool
    may_be_foreign: bool


def references_of(entry: TypeEntry) -> Iterator[Reference]:
    """The references that a type's table entry lists."""
    for path, text in entry.references.items():
        types = text.removeprefix("~").removesuffix("?").split("|")
        yield Reference(path, tuple(f"aws:{name}" for name in types), text[0] != "~", text[-1] == "?")


def uses_of(
    inventory: Inventory, around: Surroundings, entry: TypeEntry, values: Properties
) -> tuple[Use, ...]:
    """The resources in this cloud that the properties name.

    Raises:
        ApiError: one that has to stand in this cloud does not.
    """
    return tuple(
        use
        for reference in references_of(entry)
        for key in _texts_at(values, reference.path.replace("[]", ".[]").split("."))
        for use in _use(inventory, around, reference, key)
    )


def _use(inventory: Inventory, around: Surroundings, reference: Reference, key: str) -> Iterator[Use]:
    for type_ in reference.types:
        found = inventory.referenced(type_, _bare(type_, key), around.scope)
        if found is not None:
            yield Use(type_, found.id, reference.path, reference.blocks)
            return
    if not reference.may_be_foreign and not _is_foreign(around, reference.types[0], key):
        raise missing(reference.types[0], key)


def missing(type_: str, key: str) -> ApiError:
    """What AWS says of something that does not exist."""
    entry = entry_of(type_)
    code, message = entry.not_found or ("ResourceNotFoundException", "The resource '{key}' does not exist")
    return ApiError(code, message.replace("{key}", key), status=entry.status)


def _bare(type_: str, key: str) -> str:
    # a task definition may be named with its revision, a role or a policy by its ARN
    if type_ == "aws:ecs/taskDefinition:TaskDefinition" and not key.startswith("arn:"):
        return key.partition(":")[0]
    return key


def _is_foreign(around: Surroundings, type_: str, key: str) -> bool:
    parts = key.split(":")
    if len(parts) > _ACCOUNT_PART and parts[_ACCOUNT_PART] not in ("", "aws", around.account):
        return True
    if type_ == "aws:iam/policy:Policy":
        return ":iam::aws:" in key
    return key in ("local", "default")


def _texts_at(value: Value, parts: list[str]) -> Iterator[str]:
    if not parts:
        if isinstance(value, str) and value:
            yield value
    elif parts[0] == "[]":
        for item in value if is_list(value) else []:
            yield from _texts_at(item, parts[1:])
    elif is_properties(value):
        yield from _texts_at(value.get(parts[0]), parts[1:])
