"""URNs, aliases and targets."""

import pytest

from sandbox.engine import urn as urns
from sandbox.engine.steps.aliases import former_urns
from sandbox.engine.steps.model import Alias
from sandbox.engine.steps.targets import Targets

STACK = "urn:pulumi:dev::lab::pulumi:pulumi:Stack::lab-dev"
GROUP = "urn:pulumi:dev::lab::local:index:Group::group"
THING = "urn:pulumi:dev::lab::test:index:Thing::thing"
INSIDE = "urn:pulumi:dev::lab::local:index:Group$test:index:Thing::thing"


def test_urns_name_the_types_above() -> None:
    """A component's type is part of its children's URNs, the stack's is not."""
    assert urns.make("dev", "lab", STACK, "test:index:Thing", "thing") == THING
    assert urns.make("dev", "lab", GROUP, "test:index:Thing", "thing") == INSIDE
    assert urns.type_of(INSIDE) == "test:index:Thing"


def test_names_may_hold_anything() -> None:
    """Colons in a name stay in the name."""
    assert urns.name_of(f"{THING}::with::colons") == "thing::with::colons"


@pytest.mark.parametrize(
    ("alias", "former"),
    [
        (Alias(urn="urn:pulumi:x::y::z::n"), "urn:pulumi:x::y::z::n"),
        (Alias(name="old"), INSIDE.replace("::thing", "::old")),
        (Alias(type="test:index:Old"), INSIDE.replace("Thing::", "Old::")),
        (Alias(has_no_parent=True), THING),
        (Alias(project="other"), INSIDE.replace("::lab::", "::other::")),
    ],
)
def test_alias_names_what_differs(alias: Alias, former: str) -> None:
    """What an alias does not say is as it is now."""
    assert former_urns("dev", "lab", GROUP, "test:index:Thing", "thing", [alias], {}) == [former]


def test_children_of_a_renamed_parent_are_found() -> None:
    """A child is looked for below its parent's former name."""
    former_group = GROUP.replace("Group::", "Team::")
    found = former_urns("dev", "lab", GROUP, "test:index:Thing", "thing", [], {GROUP: former_group})
    assert found == [INSIDE.replace("Group$", "Team$")]


@pytest.mark.parametrize(
    ("pattern", "meant"),
    [
        (THING, True),
        ("urn:pulumi:dev::lab::test:index:Thing::other", False),
        ("**thing", True),
        ("urn:pulumi:dev::lab::test:index:*::thing", True),
        ("urn:pulumi:*::thing", False),
    ],
)
def test_targets_by_pattern(pattern: str, meant: bool) -> None:
    """One star stays within a part of a URN, two do not."""
    assert Targets([pattern]).contains(THING) is meant


def test_no_targets_mean_everything() -> None:
    """Without targets nothing is left out."""
    assert Targets().contains(THING)
    assert not Targets().is_constrained
