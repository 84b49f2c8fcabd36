"""The table of AWS types: what their SDK classes do not say about them."""

import tomllib
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, JsonValue

_GLOBAL_SERVICES = frozenset({"iam", "route53", "cloudfront", "organizations", "globalaccelerator", "waf"})


class TypeEntry(BaseModel):
    """What is known of one resource type.

    Attributes:
        id: template of the id; absent: random hexadecimal digits.
        arn: template of the ARN, for types that have one.
        shares_id: whether several of the type may have one id and are told apart by ARN.
        name: the input that names the resource; `-` says that nothing does.
        name_limit: the most characters that a name may have.
        name_pattern: what a name must match as a whole.
        name_lower: whether a generated name is lower case.
        name_prefix: what a generated name begins with.
        unique: whether two of the type may not bear one name.
        unique_within: the input within which names are unique; absent: account and region.
        global_name: whether names are unique over all accounts and regions.
        replace: inputs whose change needs a new resource; `*` is all of them, `-name` all but that one.
        replace_unless: of inputs whose change needs a new resource, the input that, when true, makes it an
            update as long as the former was and stays given.
        api: the service and the calls that create, update and delete, for error texts; absent: derived.
        status: the HTTP status of the type's refusals.
        exists, in_use, not_found: code and message (a template) of these refusals.
        references: inputs that hold another resource's id, ARN or name, and its type. `~` in front says
        that the
            other may be deleted first, `?` behind that it may stand outside this cloud, `|` parts
            alternatives.
        defaults: inputs that the provider fills in.
        outputs: what AWS computes, as values or templates.
        seconds: how long AWS takes to create, update and delete.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str | None = None
    arn: str | None = None
    shares_id: bool = False
    name: str = "name"
    name_limit: int | None = None
    name_pattern: str | None = None
    name_lower: bool = False
    name_prefix: str = ""
    unique: bool = True
    unique_within: str | None = None
    global_name: bool = False
    replace: tuple[str, ...] = ()
    replace_unless: dict[str, str] = {}
    api: tuple[str, ...] = ()
    status: int = 400
    exists: tuple[str, str] | None = None
    in_use: tuple[str, str] | None = None
    not_found: tuple[str, str] | None = None
    references: dict[str, str] = {}
    defaults: dict[str, JsonValue] = {}
    outputs: dict[str, JsonValue] = {}
    seconds: tuple[float, float, float] = (2, 1, 1)


_UNLISTED = TypeEntry()


@cache
def type_entries() -> dict[str, TypeEntry]:
    """Every entry of the tables, by type without the package: `ec2/vpc:Vpc`."""
    folder = files("sandbox.cloud.aws") / "tables"
    tables = [
        tomllib.loads(path.read_text(encoding="utf-8"))
        for path in folder.iterdir()
        if path.name.endswith(".toml")
    ]
    return {name: TypeEntry.model_validate(entry) for table in tables for name, entry in table.items()}


def entry_of(token: str) -> TypeEntry:
    """The entry of a type; an empty one for a type that no table lists.

    Args:
        token: the type with its package: `aws:ec2/vpc:Vpc`.
    """
    return type_entries().get(token.removeprefix("aws:"), _UNLISTED)


def is_listed(token: str) -> bool:
    """Whether a table lists the type."""
    return token.removeprefix("aws:") in type_entries()


def is_global(token: str) -> bool:
    """Whether the type belongs to a service without regions."""
    return service_of(token) in _GLOBAL_SERVICES


def service_of(token: str) -> str:
    """The service part of a token: `ec2` of `aws:ec2/vpc:Vpc`."""
    return token.removeprefix("aws:").partition("/")[0]
