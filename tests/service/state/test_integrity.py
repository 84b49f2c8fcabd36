"""The rules that a state must keep."""

import pytest

from service.state.deployment import Deployment
from service.state.integrity import IntegrityError, check_integrity, manifest_magic
from service.state.json_values import JsonObject

PROVIDER = "urn:pulumi:dev::environments::pulumi:providers:aws::main"


def thing(name: str, **rest: object) -> dict[str, object]:
    return {"urn": f"urn:pulumi:dev::environments::t:i:T::{name}", "type": "t:i:T", "custom": True, **rest}


def urn(name: str) -> str:
    return str(thing(name)["urn"])


def provider(provider_id: str = "1") -> dict[str, object]:
    return {"urn": PROVIDER, "type": "pulumi:providers:aws", "custom": True, "id": provider_id}


def deployment(*resources: object, **rest: object) -> Deployment:
    document: JsonObject = {"manifest": {"version": "v3", "magic": manifest_magic("v3")}}
    return Deployment.from_json({**document, "resources": list(resources), **rest})


@pytest.mark.parametrize(
    "resources",
    [
        (),
        (thing("a"), thing("b", parent=urn("a"), dependencies=[urn("a")], deletedWith=urn("a"))),
        (thing("a"), thing("a", delete=True), thing("a", delete=True)),
        (thing("a", delete=True), thing("a", delete=True)),
        (provider(), thing("a", provider=f"{PROVIDER}::1")),
        (thing("a", provider=f"{PROVIDER}::gone", pendingReplacement=True),),
        ({"urn": urn("c"), "type": "t:i:T", "custom": False},),
    ],
)
def test_a_consistent_state_is_taken(resources: tuple[object, ...]) -> None:
    """Everything comes before what needs it, and only what is to be deleted shares a URN."""
    check_integrity(deployment(*resources))


@pytest.mark.parametrize(
    ("resources", "fault"),
    [
        ((thing("b", parent=urn("a")), thing("a")), "parent .* comes after it"),
        ((thing("b", parent=urn("a")),), "parent .* is missing"),
        ((thing("b", dependencies=[urn("a")]),), "dependency .* is missing"),
        (
            (thing("b", propertyDependencies={"p": [urn("a")]}), thing("a")),
            "property dependency .* comes after",
        ),
        ((thing("b", deletedWith=urn("a")),), "deleted-with"),
        ((thing("a"), thing("a")), "duplicate resource"),
        ((thing("a", provider=f"{PROVIDER}::1"),), "unknown provider"),
        ((provider("2"), thing("a", provider=f"{PROVIDER}::1")), "unknown provider"),
        ((thing("a", provider="nonsense"),), "malformed provider"),
        ((thing("a", custom=False, id="x"),), "component and yet has an id"),
        (({"urn": "", "type": "t:i:T"},), "no 'urn'"),
        (({"urn": urn("a"), "type": ""},), "no 'type'"),
    ],
)
def test_an_inconsistent_state_is_refused_with_its_fault(resources: tuple[object, ...], fault: str) -> None:
    """The message names the resource and what is wrong with it."""
    with pytest.raises(IntegrityError, match=fault):
        check_integrity(deployment(*resources))


def test_a_manifest_that_was_tampered_with_is_refused() -> None:
    """The check value belongs to the version."""
    broken = Deployment.from_json({"manifest": {"version": "v3", "magic": manifest_magic("v4")}})
    with pytest.raises(IntegrityError, match="magic"):
        check_integrity(broken)


@pytest.mark.parametrize("snippets", [[{}], [{"uuid": "1"}, {"uuid": "1"}]])
def test_snippets_have_names_of_their_own(snippets: list[object]) -> None:
    """A snippet without an id, or two with one, are refused."""
    with pytest.raises(IntegrityError, match="uuid"):
        check_integrity(deployment(snippets=snippets))
