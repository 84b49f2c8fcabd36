"""Every type of resource that the programs make has its place among priced, free and not priced."""

import ast
import importlib
import inspect
import re
import warnings
from pathlib import Path

import pytest

from service.costs.catalogue import FREE, PRICED, UNPRICED, is_known
from tests.service.costs.plans import EXAMPLES, plan_of_example

REQUESTS = sorted(path.name for path in EXAMPLES.glob("*.e?s.yaml"))


@pytest.mark.parametrize("name", REQUESTS)
def test_every_type_of_an_example_is_known(name: str) -> None:
    """A type that the programs make and nobody put down fails here, with its name."""
    unknown = {resource.type for resource in plan_of_example(name) if not is_known(resource.type)}
    assert unknown == set()


@pytest.mark.parametrize(
    "made",
    [
        "aws:ec2/securityGroup:SecurityGroup",
        "aws:ec2/securityGroupRule:SecurityGroupRule",
        "aws:eks/accessEntry:AccessEntry",
        "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
        "aws:eks/addon:Addon",
        "aws:eks/cluster:Cluster",
        "aws:eks/fargateProfile:FargateProfile",
        "aws:eks/nodeGroup:NodeGroup",
        "aws:iam/role:Role",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    ],
)
def test_every_type_that_remote_components_make_is_known(made: str) -> None:
    """What pulumi-eks makes inside its components is in a plan as well."""
    assert is_known(made)


def test_no_type_has_two_places() -> None:
    """A type is priced, free or not priced, never two of these."""
    assert not PRICED.keys() & FREE.keys()
    assert not PRICED.keys() & UNPRICED.keys()
    assert not FREE.keys() & UNPRICED.keys()


def test_types_in_the_programs_sources_are_known() -> None:
    """Each AWS resource class that the programs' sources name has its place, reached by an example or not."""
    named = {
        token for path in (EXAMPLES.parent / "programs").rglob("*.py") for token in _resource_tokens(path)
    }
    assert {token for token in named if not is_known(token)} == set()


def _resource_tokens(path: Path) -> set[str]:
    """Return the types of the classes `aws.MODULE.NAME` that a source makes."""
    tokens: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Attribute(value=ast.Name(id="aws"), attr=module), attr=name)
            ) if not name.endswith("Args"):
                tokens |= _token(module, name)
            case _:
                continue
    return tokens


def _token(module: str, name: str) -> set[str]:
    """Return the type that a class of the SDK registers; none for what is no resource."""
    with warnings.catch_warnings():
        # The SDK warns about modules of its own when it is imported.
        warnings.simplefilter("ignore")
        made = getattr(importlib.import_module(f"pulumi_aws.{module}"), name)
        source = inspect.getsource(made)
    return set(re.findall(r'@pulumi\.type_token\("([^"]+)"\)', source))
