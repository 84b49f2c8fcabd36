"""Deployments as documents: read, written, renamed, masked, stored."""

import json

from hypothesis import given
from hypothesis import strategies as st

from service.state.deployment import Deployment, Resource, VersionedDeployment
from service.state.masking import mask
from service.state.projection import project_outputs, project_resources
from service.state.renaming import StackRename, rename_stack
from service.state.storage import export, load, store
from service.state.urns import Urn, parse_urn

SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "AQ=="}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)
NAMES = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters=":$"), min_size=1)
RESOURCES = st.fixed_dictionaries(
    {"urn": st.text(), "custom": st.booleans(), "type": st.text(min_size=1)},
    optional={
        "id": st.text(min_size=1),
        "delete": st.just(value=True),
        "parent": st.text(min_size=1),
        "dependencies": st.lists(st.text(), min_size=1),
        "propertyDependencies": st.dictionaries(st.text(), st.lists(st.text()), min_size=1),
        "inputs": st.dictionaries(st.text(), JSON),
        "protect": st.booleans(),
        "somethingNew": JSON,
    },
)


@given(document=RESOURCES)
def test_a_resource_is_written_as_it_was_read(document: dict[str, object]) -> None:
    """Fields that nobody here knows are kept."""
    assert Resource.from_json(document).to_json() == document


@given(resources=st.lists(RESOURCES), features=st.lists(st.sampled_from(["taint", "views"]), unique=True))
def test_what_is_stored_comes_back(resources: list[object], features: list[str]) -> None:
    """Compression and export change nothing."""
    document = {
        "version": 4,
        "features": features,
        "deployment": {"manifest": {}, "resources": resources, "metadata": {}},
    }
    versioned = VersionedDeployment.from_json(document)
    stored = store(versioned)
    assert load(stored) == versioned
    assert VersionedDeployment.from_json(json.loads(export(stored, backend_url="http://x"))) == versioned


@given(stack=NAMES, project=NAMES, type_=NAMES, name=st.text(min_size=1))
def test_a_urn_comes_apart_and_together(stack: str, project: str, type_: str, name: str) -> None:
    """A name may hold anything, the separator included."""
    urn = Urn(stack, project, f"parent${type_}", name)
    assert parse_urn(str(urn)) == urn
    assert urn.type == type_


def test_a_rename_reaches_every_reference_and_no_other_stack() -> None:
    """Edges, providers, references inside of properties and the secrets provider follow the new name."""

    def urn(name: str, stack: str = "old") -> str:
        return f"urn:pulumi:{stack}::shop::t:i:T::{name}"

    provider = "urn:pulumi:old::shop::pulumi:providers:aws::main"
    reference = {"4dabf18193072939515e22adb298388d": "5cf8f73096256a8f31e491e813e4eb8e", "urn": urn("b")}
    resource = {
        "urn": urn("a"),
        "type": "t:i:T",
        "custom": True,
        "parent": "urn:pulumi:old::shop::pulumi:pulumi:Stack::shop-old",
        "provider": f"{provider}::7",
        "dependencies": [urn("b")],
        "propertyDependencies": {"p": [urn("b")]},
        "aliases": [urn("c")],
        "deletedWith": urn("b"),
        "replaceWith": [urn("b")],
        "viewOf": urn("b"),
        "inputs": {"r": [reference], "text": urn("b"), "other": {**reference, "urn": urn("b", "else")}},
        "sourcePosition": urn("b"),
    }
    deployment = Deployment.from_json(
        {
            "manifest": {},
            "resources": [resource],
            "pending_operations": [{"type": "creating", "resource": resource}],
            "secrets_providers": {
                "type": "service",
                "state": {"owner": "t", "project": "shop", "stack": "old"},
            },
        }
    )
    renamed = rename_stack(deployment, StackRename("shop", "old", "shop", "new")).to_json()
    text = json.dumps(renamed)
    # What is only text stays: an input that looks like a URN, and where the source stood.
    assert text.count("urn:pulumi:old") == 4
    assert "shop-new" in text
    assert "urn:pulumi:else::" in text
    assert renamed["secrets_providers"]["state"]["stack"] == "new"


def test_a_projection_masks_secrets_wherever_they_stand() -> None:
    """Outputs of the stack and properties of resources show that there is a secret, never which."""
    root = {
        "urn": "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev",
        "type": "pulumi:pulumi:Stack",
        "custom": False,
        "outputs": {"plain": 1, "hidden": SECRET, "deep": {"list": [SECRET]}},
    }
    deployment = Deployment.from_json({"manifest": {}, "resources": [root]})
    outputs = {
        view.name: (view.value, view.is_secret) for view in project_outputs(deployment, state_version=1)
    }
    masked = {"secret": True}
    assert outputs == {
        "plain": (1, False),
        "hidden": (masked, True),
        "deep": ({"list": [masked]}, True),
    }
    assert "AQ==" not in str(project_resources(deployment))


@given(value=JSON)
def test_masking_leaves_nothing_that_postgres_cannot_hold(value: object) -> None:
    """No NUL character survives, and a value without secrets is otherwise the same."""
    assert "\\u0000" not in json.dumps(mask(value))
