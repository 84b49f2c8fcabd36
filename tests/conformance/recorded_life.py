"""A life that leaves in a stack's checkpoints whatever one can say, and those checkpoints made comparable."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pulumi
from pulumi import Alias, ResourceOptions, automation

from tests.conformance.cloud import Json
from tests.conformance.lab import Lab, attempt
from tests.conformance.things import Box, Group, Provider, Reading, Thing

PASSWORD = "a password that is written nowhere"  # noqa: S105 -- made up here
FOUND, ADOPTED = "found-1", "adopted-2"
TIMES = ("created", "modified")


@dataclass(frozen=True)
class Age:
    """What changes in the program as the stack grows older."""

    color: str = "red"
    plan: str = "small"
    is_first: bool = True
    has_newcomers: bool = False


def _inside_components(age: Age, secret: pulumi.Output[str], network: Thing) -> None:
    provider = Provider("explicit", {"region": "north", "token": secret})
    group = Group("group", ResourceOptions(providers=[provider], depends_on=[network]))
    nested = Group("nested", ResourceOptions(parent=group))
    inside = ResourceOptions(parent=nested)
    props = {"color": age.color, "network": network.arn, "list": [1, {"deep": None}], "none": None}
    member = Thing("member", props, inside)
    watching = ResourceOptions(
        parent=member,
        ignore_changes=["color"],
        replace_on_changes=["size"],
        additional_secret_outputs=["arn"],
        custom_timeouts=pulumi.CustomTimeouts(create="5m", delete="1h30m"),
    )
    watched = Thing("watched", {"of": member.id, "color": age.color, "size": age.plan}, watching)
    Box("box", {"value": watched.arn}, ResourceOptions(parent=group))
    nested.register_outputs({"member": member.arn, "secret": secret})
    group.register_outputs({})
    pulumi.export("member", member.arn)


def _with_options(age: Age, network: Thing) -> None:
    Thing("shielded", {"color": age.color}, ResourceOptions(protect=True))
    host = Thing("host", {"text": pulumi.StringAsset("some text")})
    Thing("guest", {}, ResourceOptions(deleted_with=host, depends_on=[network]))
    emptied = Thing("emptied", {"replace": age.plan, "dbr": True})
    Thing("downstream", {"replaceOf": emptied.id, "beside": [emptied.arn, host.arn]})
    opts = ResourceOptions(delete_before_replace=True)
    Thing("swapped", {"replace": age.plan}, opts)
    Reading("found", FOUND)
    Thing("adopted", {"value": 1}, ResourceOptions(import_=ADOPTED))
    if age.is_first:
        Thing("before", {"value": 1})
        Thing("kept", {}, ResourceOptions(retain_on_delete=True))
        Thing("gone", {"of": network.id})
    else:
        Thing("after", {"value": age.plan}, ResourceOptions(aliases=[Alias(name="before")]))
    if age.has_newcomers:
        refused = Thing("refused", {"value": 1})
        Thing("never", {"of": refused.id})
        Thing("half", {"value": 1})


def program_of(age: Age) -> Callable[[], None]:
    """The program at an age."""

    def program() -> None:
        secret = pulumi.Config().require_secret("password")
        network = Thing("network", {"replace": age.plan, "password": secret})
        _inside_components(age, secret, network)
        _with_options(age, network)
        pulumi.export("password", secret)
        pulumi.export("nested", {"list": [1.5, True, None], "text": "a"})

    return program


SECOND = Age(color="blue", plan="large", is_first=False)
THIRD = Age(color="green", plan="huge", is_first=False, has_newcomers=True)


def begin(lab: Lab) -> automation.Stack:
    """A new stack, and a cloud where something stands already."""
    lab.cloud.add("found", {"value": 0})
    lab.cloud.add("adopted", {"value": 1})
    stack = lab.stack(program_of(Age()))
    stack.set_config("password", automation.ConfigValue(PASSWORD, secret=True))
    return stack


def create(lab: Lab, stack: automation.Stack) -> None:
    """Everything is made."""
    lab.up(stack)


def update(lab: Lab, stack: automation.Stack) -> None:
    """Some are updated, replaced in either order, renamed, forgotten and deleted."""
    lab.up(stack, program_of(SECOND))


def fail(lab: Lab, stack: automation.Stack) -> None:
    """Creations fail wholly and halfway, an update halfway, a replacement once its deletion is done."""
    lab.cloud.faults = {
        ("create", "refused"): "no room",
        ("create", "half"): "partial: it does not answer",
        ("update", "after"): "partial: it does not answer",
        ("create", "swapped"): "no room",
        ("delete", "network"): "something stands in it",
    }
    assert attempt(lambda: lab.up(stack, program_of(THIRD), continue_on_error=True)) is not None
    half_made = "1 error occurred:\n\t* partial: it does not answer\n\n\n"
    said = ["no room\n"] * 2 + ["something stands in it\n", "update failed\n"]
    assert sorted(lab.diagnostics()) == [half_made, half_made, *said]


def leave_behind(lab: Lab, stack: automation.Stack) -> None:
    """A replacement is made and what it replaces cannot be deleted."""
    lab.cloud.faults = {("delete", "network"): "something stands in it"}
    assert attempt(lambda: lab.up(stack, program_of(THIRD))) is not None


def drift(lab: Lab, stack: automation.Stack) -> None:
    """The cloud changed behind the engine's back, and a refresh looks."""
    lab.cloud.faults = {}
    for identity, thing in list(lab.cloud.things.items()):
        if thing["_name"] == "shielded":
            lab.cloud.things[identity] = {**thing, "color": "white", "more": 1}
        if thing["_name"] == "downstream":
            del lab.cloud.things[identity]
    lab.refresh(stack)


def heal(lab: Lab, stack: automation.Stack) -> None:
    """A run without faults brings everything to where it belongs."""
    lab.up(stack, program_of(THIRD))


def destroy(lab: Lab, stack: automation.Stack) -> None:
    """Everything goes but what is protected."""
    lab.destroy(stack, exclude_protected=True)


STAGES = (create, update, fail, leave_behind, drift, heal, destroy)


def _tidied(resource: dict[str, Json]) -> dict[str, Json]:
    """A resource without what differs between two runs of one engine: moments, paths, the order of sets."""
    tidy = {**resource, **{key: "<time>" for key in TIMES if key in resource}}
    if "sourcePosition" in tidy:
        tidy["sourcePosition"] = _file_of(tidy["sourcePosition"])
        files = [_file_of(frame["sourcePosition"]) for frame in tidy["stackTrace"]]
        tidy["stackTrace"] = [file for file in files if file == Path(__file__).name]
    if "dependencies" in tidy:
        tidy["dependencies"] = sorted(tidy["dependencies"])
    if "propertyDependencies" in tidy:
        tidy["propertyDependencies"] = {
            key: sorted(urns) for key, urns in tidy["propertyDependencies"].items()
        }
    return tidy


def _file_of(position: str) -> str:
    return position.rsplit("/", 1)[1].rsplit("#", 1)[0]


def comparable(exported: list[dict[str, Json]]) -> list[dict[str, Json]]:
    """Exported deployments with their resources by URN, and with names in place of ids and moments.

    Ids are numbered for each resource over all deployments, so that a replacement still shows.
    """
    stages: list[dict[str, Json]] = []
    identities: dict[str, str] = {}
    counts: dict[str, int] = {}
    for deployment in exported:
        tidied = [_tidied(resource) for resource in deployment["resources"]]
        resources = sorted(tidied, key=lambda item: (item["urn"], item.get("delete", False)))
        for item in resources:
            name = item["urn"].rsplit("::", 1)[1]
            if item.get("id", "") not in {"", *identities}:
                counts[name] = counts.get(name, 0) + 1
                identities[item["id"]] = f"<{name} {counts[name]}>"
        stages.append({"resources": resources, "pending": deployment.get("pending_operations", [])})
    known = sorted(identities, key=len, reverse=True)
    pattern = re.compile("|".join(rf"(?<![\w-]){re.escape(identity)}(?![\w-])" for identity in known))
    text = pattern.sub(lambda found: identities[found.group()], json.dumps(stages))
    return list(json.loads(text))
