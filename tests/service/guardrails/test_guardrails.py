"""Plans are held to the guardrails: advisory or mandatory by settings, with exemptions that end."""

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from service.core.clock import utc_now
from service.core.unit_of_work import UnitOfWorkFactory
from service.guardrails.model import Level, RuleName
from service.guardrails.settings import GuardrailSettings
from service.plans.resources import PlannedResource
from service.plans.rules import plan_rules
from service.settings import Settings
from tests.service.documents import create
from tests.service.runs import CREATES_WEB, play_run

OPEN_SSH = PlannedResource(
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "ssh",
    "urn:ssh",
    {"cidrIpv4": "0.0.0.0/0", "fromPort": 22, "toPort": 22},
)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings that hold class standard to no public access, but one team only with approval."""
    guardrails = GuardrailSettings(
        levels={"standard": {RuleName.PUBLIC_ACCESS: Level.MANDATORY}},
        team_levels={"trusted": {RuleName.PUBLIC_ACCESS: Level.APPROVAL}},
    )
    return settings.model_copy(update={"guardrails": guardrails})


async def planned(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, settings: Settings, deploy: dict
) -> dict:
    played = replace(CREATES_WEB, planned=(OPEN_SSH,), rules=plan_rules(settings))
    await play_run(uow_factory, deploy["plan_operation_id"], played)
    return (await client.get(f"/v1/operations/{deploy['id']}")).json()


async def exempt(client: httpx.AsyncClient, **scope: str) -> httpx.Response:
    until = (utc_now() + timedelta(days=1)).isoformat()
    wish = {"rule": "public_access", "reason": "a penetration test", "until": until, **scope}
    return await client.post("/v1/guardrails/exemptions", json=wish)


async def test_mandatory_guardrail_ends_the_deploy(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, settings: Settings
) -> None:
    """Where a rule is mandatory a deploy is planned first, and fails untouched if the plan breaks it."""
    _, deploy = await create(client)
    assert deploy["state"] == "pending"
    ended = await planned(client, uow_factory, settings, deploy)
    assert (ended["state"], ended["failure"]["code"]) == ("failed", "guardrail_violated")
    assert ended["failure"]["resource_urn"] == "urn:ssh"
    assert "port 22 is open" in ended["failure"]["message"]
    assert (ended["findings"][0]["rule"], ended["findings"][0]["severity"]) == ("public_access", "refused")


async def test_level_of_a_team_goes_first(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, settings: Settings
) -> None:
    """A team's own level replaces its class's: here somebody must agree."""
    _, deploy = await create(client, team="trusted")
    waiting = await planned(client, uow_factory, settings, deploy)
    assert waiting["state"] == "awaiting_approval"


async def test_exemption_lets_it_pass_until_it_ends(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, settings: Settings
) -> None:
    """An exempt environment's violation is told as an advice; once revoked the rule holds again."""
    environment, deploy = await create(client)
    granted = await exempt(client, environment_id=environment["id"])
    assert granted.status_code == 201, granted.text
    assert (granted.json()["team"], granted.json()["environment_id"]) == (
        environment["team"],
        environment["id"],
    )
    passed = await planned(client, uow_factory, settings, deploy)
    assert passed["state"] == "queued"
    assert "a penetration test" in passed["findings"][0]["hint"]
    path = f"/v1/guardrails/exemptions/{granted.json()['id']}/revoke"
    assert (await client.post(path)).json()["revoked_at"]
    again = await client.post(path)
    assert (again.status_code, again.json()["code"]) == (409, "exemption_over")
    other = (
        await client.post(f"/v1/environments/{environment['id']}/operations", json={"kind": "deploy"})
    ).json()["operation"]
    await client.post(f"/v1/operations/{deploy['id']}/cancel")
    assert (await planned(client, uow_factory, settings, other))["state"] == "failed"
    listed = (await client.get("/v1/guardrails/exemptions", params={"active": "false"})).json()["items"]
    assert [one["id"] for one in listed] == [granted.json()["id"]]
    audit = (await client.get("/v1/audit", params={"action": "exemption.granted"})).json()["items"]
    assert audit[0]["detail"]["reason"] == "a penetration test"


async def test_exemption_ends_within_a_year(client: httpx.AsyncClient) -> None:
    """An exemption without a near end, or with two scopes, is refused with the place that is wrong."""
    far = (utc_now() + timedelta(days=400)).isoformat()
    refused = await exempt(client, team="shop", until=far)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/until")
    both = await exempt(client, team="shop", environment_id="env_" + "0" * 32)
    assert both.status_code == 422
    missing = await exempt(client, environment_id="env_" + "0" * 32)
    assert (missing.status_code, missing.json()["code"]) == (404, "environment_not_found")


async def test_guardrails_are_listed_with_their_levels(client: httpx.AsyncClient) -> None:
    """Who asks is told each rule's text and how strictly it is held to for each class."""
    items = {one["name"]: one for one in (await client.get("/v1/guardrails")).json()["items"]}
    assert set(items) == set(RuleName)
    assert items["public_access"]["levels"] == {
        "ephemeral": "advisory",
        "standard": "mandatory",
        "production": "mandatory",
    }
