"""What one engine wrote the other reads, updates and destroys, wherever it is kept."""

import json
from collections.abc import Iterator
from pathlib import Path

import pulumi
import pytest
from pulumi import automation

from tests.conformance.cloud import serve
from tests.conformance.conftest import engine_command
from tests.conformance.lab import Lab
from tests.conformance.leftovers import leftovers_closed
from tests.conformance.things import Group, Provider, Thing

PAIRS = [
    pytest.param("sandbox then sandbox"),
    pytest.param("sandbox then official", marks=pytest.mark.official_engine),
    pytest.param("official then sandbox", marks=pytest.mark.official_engine),
]
PASSWORD = "a password that is written nowhere"  # noqa: S105 -- made up here


def _shop(color: str, plan: str, *, has_tail: bool) -> None:
    config = pulumi.Config()
    network = Thing("network", {"replace": plan, "password": config.require_secret("password")})
    provider = Provider("explicit", {"region": "north"})
    group = Group("group", pulumi.ResourceOptions(depends_on=[network]))
    inside = pulumi.ResourceOptions(parent=group, provider=provider)
    member = Thing("member", {"color": color, "network": network.arn, "list": [1, {"deep": None}]}, inside)
    Thing("watched", {"of": member.id}, pulumi.ResourceOptions(parent=member, ignore_changes=["color"]))
    if has_tail:
        Thing("tail", {"of": member.id}, pulumi.ResourceOptions(depends_on=[group]))
    pulumi.export("arn", member.arn)
    pulumi.export("password", config.require_secret("password"))
    pulumi.export("nested", {"list": [1.5, True, None], "text": "a"})


def first() -> None:
    """The program as it is made."""
    _shop("red", "small", has_tail=True)


def second() -> None:
    """The program as it is changed: an update, a replacement, a deletion."""
    _shop("blue", "large", has_tail=False)


@pytest.fixture(params=PAIRS)
def labs(
    request: pytest.FixtureRequest, tmp_path: Path, kept_by: dict[str, str]
) -> Iterator[tuple[Lab, Lab]]:
    """One lab at the hands of who begins and of who goes on."""
    (tmp_path / "state").mkdir()
    served = serve()
    begins, goes_on = str(request.param).split(" then ")
    lab = Lab(engine_command(begins), served, tmp_path, environment=kept_by)
    with leftovers_closed():
        yield lab, lab.with_engine(engine_command(goes_on))
        served.stop()


def test_one_engine_goes_on_where_another_ended(labs: tuple[Lab, Lab]) -> None:
    """A state goes from hand to hand through its whole life, secrets and all."""
    one, other = labs
    stack = one.stack(first)
    stack.set_config("password", automation.ConfigValue(PASSWORD, secret=True))
    assert one.up(stack) == {"create": 7}
    assert PASSWORD not in json.dumps(one.checkpoint(stack))
    again = other.same_stack(first)
    assert again.get_config("password").value == PASSWORD
    assert other.preview(again) == {"same": 7}
    assert other.up(again) == {"same": 7}
    assert other.up(again, second) == {"same": 4, "update": 1, "replace": 1, "delete": 1}
    outputs = automation.Stack.outputs(again)
    assert (outputs["password"].value, outputs["password"].secret) == (PASSWORD, True)
    assert outputs["nested"].value == {"list": [1.5, True, None], "text": "a"}
    assert one.refresh(one.same_stack(second)) == {"same": 6}
    assert one.up(one.same_stack(second)) == {"same": 6}
    assert other.destroy(other.same_stack()) == {"delete": 6}
    assert one.cloud.names() == []
    assert one.names(one.same_stack()) == []
