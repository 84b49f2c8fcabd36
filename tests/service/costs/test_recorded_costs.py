"""What operations, environments and the fleet cost, as it is recorded and shown."""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from service.access.permissions import Role
from service.core.unit_of_work import UnitOfWorkFactory
from service.costs.repository import take_snapshot
from service.events.model import StepAction
from service.plans.resources import PlannedResource
from tests.service.access.callers import client_of, know, member
from tests.service.documents import create, shop
from tests.service.runs import PlayedRun, play_run

KEY = "aws:kms/key:Key"
# A key costs 1 USD, and 20,000 requests at 0.03 USD for 10,000 by assumption.
KEY_USD = "1.06"


def keys(*names: str) -> PlayedRun:
    """A run that makes KMS keys."""
    planned = tuple(PlannedResource(KEY, name, f"urn:{name}") for name in names)
    return PlayedRun(dict.fromkeys(names, StepAction.CREATE), type=KEY, planned=planned)


async def read(client: httpx.AsyncClient, path: str) -> dict[str, Any]:
    response = await client.get(path)
    assert response.status_code == 200, response.text
    return response.json()


async def create_preview(client: httpx.AsyncClient, **changes: object) -> tuple[dict, dict]:
    """Create an environment with a preview alone."""
    response = await client.post("/v1/environments?operation=preview", json=shop(**changes))
    assert response.status_code == 202, response.text
    return response.json()["environment"], response.json()["operation"]


async def start(client: httpx.AsyncClient, environment: Mapping[str, Any], **wanted: str) -> dict[str, Any]:
    response = await client.post(f"/v1/environments/{environment['id']}/operations", json=wanted)
    assert response.status_code == 202, response.text
    return response.json()["operation"]


async def test_a_plan_a_deploy_and_a_destroy_carry_their_cost(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """The preview's estimate is the deploy's at once, the state's afterwards, and what a destroy saves."""
    environment, preview = await create_preview(client)
    await play_run(uow_factory, preview["id"], keys("a", "b"))
    planned = (await read(client, f"/v1/operations/{preview['id']}"))["cost"]
    assert planned["before"]["desired_usd"] == "0.00"
    assert planned["after"]["desired_usd"] == "2.12"
    assert planned["change_usd"] == "2.12"
    assert (planned["currency"], planned["hours_per_month"], planned["region"]) == ("USD", 730, "us-east-1")

    plan = await read(client, f"/v1/operations/{preview['id']}/plan")
    deploy = await start(client, environment, kind="deploy", plan_id=plan["id"])
    assert (await read(client, f"/v1/operations/{deploy['id']}"))["cost"] == planned
    detail = await read(client, f"/v1/operations/{deploy['id']}/cost")
    assert detail["operation_id"] == preview["id"]

    await play_run(uow_factory, deploy["id"], keys("a", "b"))
    cost = await read(client, f"/v1/environments/{environment['id']}/cost")
    assert cost["standing"]["after"]["total"] == planned["after"]
    assert cost["standing"]["operation_id"] == deploy["id"]
    assert cost["planned"] is None
    assert cost["forecast"]["usd_per_month"] == "2.12"

    destroy = await start(client, environment, kind="destroy")
    saved = (await read(client, f"/v1/operations/{destroy['id']}"))["cost"]
    assert (saved["before"]["desired_usd"], saved["change_usd"]) == ("2.12", "-2.12")


async def test_each_charge_shows_its_arithmetic_and_what_it_assumes(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """Fixed and by use apart, by component and resource, with the assumption that a request overrides."""
    _, preview = await create_preview(client, cost_assumptions={"requests_per_key": 1_000_000})
    await play_run(uow_factory, preview["id"], keys("a"))
    after = (await read(client, f"/v1/operations/{preview['id']}/cost"))["after"]
    assert (after["fixed"]["desired_usd"], after["usage"]["desired_usd"]) == ("1.00", "3.00")
    assert after["by_component"] == [
        {"component": "keys", "cost": {"min_usd": "4.00", "desired_usd": "4.00", "max_usd": "4.00"}}
    ]
    assert [one["urn"] for one in after["by_resource"]] == ["urn:a"]
    usage = next(line for line in after["lines"] if line["kind"] == "usage")
    assert usage["arithmetic"] == "1000000 request x 0.000003 USD = 3 USD"
    assert usage["assumptions"] == ["requests_per_key"]
    assert after["assumptions"]["requests_per_key"] == 1_000_000


async def test_a_region_without_prices_is_deployed_without_an_estimate(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """Nobody guesses, and nobody is kept from deploying."""
    environment, deploy = await create(client, region="ap-southeast-4")
    await play_run(uow_factory, deploy["id"], keys("a"))
    ended = await read(client, f"/v1/operations/{deploy['id']}")
    assert ended["state"] == "succeeded"
    assert ended["cost"]["not_estimated"] == "region_not_priced"
    assert ended["cost"]["after"] is None
    assert (await read(client, f"/v1/environments/{environment['id']}/cost"))["standing"]["after"] is None
    fleet = await read(client, "/v1/costs")
    assert (fleet["total"]["environments"], fleet["total"]["not_estimated"]) == (1, 1)


async def test_an_estimate_that_fails_fails_alone(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """A number that no arithmetic can hold leaves the preview as good as any."""
    _, preview = await create_preview(client)
    planned = (
        PlannedResource("aws:ecs/service:Service", "web", "urn:web", {"desiredCount": "9e999999"}),
        PlannedResource(
            "aws:ecs/taskDefinition:TaskDefinition", "t", "urn:t", {"cpu": "256", "memory": "512"}
        ),
    )
    await play_run(uow_factory, preview["id"], PlayedRun(planned=planned))
    ended = await read(client, f"/v1/operations/{preview['id']}")
    assert (ended["state"], ended["cost"]["not_estimated"]) == ("succeeded", "estimate_failed")


async def test_an_operation_without_a_cost_says_so(client: httpx.AsyncClient) -> None:
    """What has planned and changed nothing yet has no cost, which is no error of the service."""
    environment, deploy = await create(client)
    response = await client.get(f"/v1/operations/{deploy['id']}/cost")
    assert (response.status_code, response.json()["code"]) == (404, "cost_not_known")
    cost = await read(client, f"/v1/environments/{environment['id']}/cost")
    assert (cost["standing"], cost["planned"]) == (None, None)
    assert cost["forecast"]["spent_usd"] == "0.00"


async def test_what_is_planned_is_foreseen_until_its_end(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """Before anything stands the forecast takes the plan as deployed now: ten days of 730 hours a month."""
    environment, preview = await create_preview(client, ttl="P10D")
    await play_run(uow_factory, preview["id"], keys(*(f"key-{number}" for number in range(100))))
    forecast = (await read(client, f"/v1/environments/{environment['id']}/cost"))["forecast"]
    assert forecast["spent_usd"] == "0.00"
    assert forecast["usd_per_month"] == "106.00"
    assert forecast["at_expiry_usd"] == "34.85"


@pytest.mark.parametrize(
    ("group_by", "groups"),
    [
        ("team", [("payments", "2.12"), ("storefront", "1.06")]),
        ("class", [("standard", "3.18")]),
        ("orchestrator", [("eks", "2.12"), ("ecs", "1.06")]),
    ],
)
async def test_the_fleet_is_told_apart(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, group_by: str, groups: list[tuple[str, str]]
) -> None:
    """By team, class and orchestrator, the dearest first, with the day's snapshot as history."""
    _, small = await create(client)
    await play_run(uow_factory, small["id"], keys("a"))
    _, large = await create(client, team="payments", orchestrator="eks")
    await play_run(uow_factory, large["id"], keys("a", "b"))
    for _ in range(2):
        async with uow_factory() as uow:
            await take_snapshot(uow.session)
            await uow.commit()
    fleet = await read(client, f"/v1/costs?group_by={group_by}")
    assert [(one["group"], one["cost"]["desired_usd"]) for one in fleet["groups"]] == groups
    assert fleet["total"]["cost"]["desired_usd"] == "3.18"
    history = sorted((one["group"], one["cost"]["desired_usd"]) for one in fleet["history"])
    assert history == sorted(groups)


async def test_a_day_has_one_snapshot_the_last(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """What changes during a day corrects the day's note."""
    environment, deploy = await create(client)
    await play_run(uow_factory, deploy["id"], keys("a"))
    async with uow_factory() as uow:
        await take_snapshot(uow.session)
        await uow.commit()
    again = await start(client, environment, kind="deploy")
    await play_run(uow_factory, again["id"], keys("a", "b"))
    async with uow_factory() as uow:
        await take_snapshot(uow.session)
        rows = (await uow.session.execute(text("SELECT desired_usd FROM cost_snapshots"))).all()
    assert [str(row.desired_usd) for row in rows] == ["2.12"]


async def test_other_teams_costs_are_not_shown(app: FastAPI, uow_factory: UnitOfWorkFactory) -> None:
    """The fleet of a caller is that of its teams; another team's operation has no cost to be seen."""
    know(
        app,
        {
            "ada": member("ada", "storefront", Role.DEVELOPER),
            "bo": member("bo", "payments", Role.VIEWER),
        },
    )
    async with client_of(app, "ada") as ada, client_of(app, "bo") as bo:
        made = (await ada.post("/v1/environments", json=shop())).json()
        await play_run(uow_factory, made["operation"]["id"], keys("a"))
        assert (await bo.get("/v1/costs")).json()["total"]["environments"] == 0
        assert (await bo.get("/v1/costs?team=storefront")).json()["total"]["environments"] == 0
        assert (await ada.get("/v1/costs")).json()["total"]["cost"]["desired_usd"] == KEY_USD
        hidden = await bo.get(f"/v1/operations/{made['operation']['id']}/cost")
        assert (hidden.status_code, hidden.json()["code"]) == (404, "operation_not_found")
