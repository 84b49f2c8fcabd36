"""The tables of AWS types agree with the installed SDK."""

import re

from sandbox.cloud.aws.rules import registry
from sandbox.cloud.aws.rules.models import MODELS
from sandbox.cloud.aws.rules.protection import PROTECTIONS
from sandbox.cloud.aws.rules.shapes import service_model
from sandbox.cloud.aws.table import TypeEntry, type_entries
from sandbox.cloud.sdk.model import ResourceSpec
from sandbox.cloud.sdk.package import SdkPackage

AWS = SdkPackage("pulumi-aws")


def _misnamed(entry: TypeEntry, spec: ResourceSpec) -> set[str]:
    inputs, outputs = set(spec.inputs.properties), set(spec.outputs.properties)
    replaced = {name.lstrip("-").partition(".")[0] for name in entry.replace} - {"*"}
    referring = {re.split(r"[.\[]", path)[0] for path in entry.references}
    replaced |= {*entry.replace_unless, *entry.replace_unless.values()}
    return (replaced | referring | set(entry.defaults)) - inputs | set(entry.outputs) - inputs - outputs


def test_every_listed_name_is_the_sdks() -> None:
    """A table names no type and no property that the installed SDK does not have."""
    wrong: dict[str, set[str]] = {}
    for name, entry in type_entries().items():
        spec = AWS.resource(f"aws:{name}")
        found = {"type"} if spec is None else _misnamed(entry, spec)
        if found:
            wrong[name] = found
    assert wrong == {}


def test_every_reference_leads_to_a_type() -> None:
    """References name types of the SDK."""
    known = set(AWS.tokens())
    named = {
        f"aws:{part}"
        for entry in type_entries().values()
        for text in entry.references.values()
        for part in text.removeprefix("~").removesuffix("?").split("|")
    }
    assert named <= known


def test_every_rule_is_for_a_type() -> None:
    """Rules, checks and protections are for types of the SDK."""
    named = {*registry.RULES, *registry.CHECKS, *PROTECTIONS, *MODELS}
    assert {f"aws:{name}" for name in named} <= set(AWS.tokens())


def test_every_model_names_a_call() -> None:
    """Types are checked against calls that AWS's service models have."""
    for service, operation in MODELS.values():
        assert operation in service_model(service).operations
