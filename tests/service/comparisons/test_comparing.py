"""Comparisons as they are asked for, previewed, read and cleared away."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from service.access.permissions import Role
from service.backend.tables import StackRow
from service.comparisons import repository
from service.comparisons.use_cases import clear_comparisons
from service.core.errors import ConfigurationError
from service.core.unit_of_work import UnitOfWorkFactory
from service.costs.tables import OperationCostRow
from service.environments.tables import EnvironmentRow
from service.events.tables import OperationEventRow
from service.main import create_app
from service.operations.states import OperationState
from service.operations.tables import OperationRow
from service.plans.tables import PlanRow
from service.recommendations.reasons import SHIPPED
from service.settings import Settings
from service.webhooks.tables import WebhookEventRow
from tests.service.access.callers import client_of, know, member
from tests.service.comparisons.sides import APPLICATION, ecs_plan, eks_plan
from tests.service.runs import CREATES_WEB, PlayedRun, play_run

LEFT_NOTHING_IN = (
    EnvironmentRow,
    OperationRow,
    OperationEventRow,
    PlanRow,
    OperationCostRow,
    StackRow,
    WebhookEventRow,
)
ANSWERS = {"kubernetes_experience": "some", "operations_capacity": "part_time"}
WANTED = {"application": APPLICATION, "answers": ANSWERS}
PLANS = {"ecs": ecs_plan(), "eks": eks_plan()}


async def begin(client: httpx.AsyncClient, **changes: object) -> dict[str, Any]:
    """Ask for a comparison and read it."""
    response = await client.post("/v1/comparisons", json={**WANTED, **changes})
    assert response.status_code == 202, response.text
    assert response.headers["location"] == f"/v1/comparisons/{response.json()['id']}"
    return await look(client, response.json()["id"])


async def look(client: httpx.AsyncClient, comparison_id: str) -> dict[str, Any]:
    response = await client.get(f"/v1/comparisons/{comparison_id}")
    assert response.status_code == 200, response.text
    return response.json()


async def play_previews(
    uow_factory: UnitOfWorkFactory, comparison: dict[str, Any], played: PlayedRun = CREATES_WEB
) -> None:
    """Run both previews, each with its side's plan."""
    for side in comparison["sides"]:
        if side["operation_id"] is not None:
            planned = PLANS[side["orchestrator"]] if played.state is OperationState.SUCCEEDED else ()
            await play_run(uow_factory, side["operation_id"], replace(played, planned=planned))


async def test_both_sides_are_previewed_and_put_beside_each_other(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """202 with a comparison whose previews are operations in line; once both have ended it has the facts."""
    begun = await begin(client)
    assert begun["state"] == "running"
    assert [side["state"] for side in begun["sides"]] == ["running", "running"]
    assert begun["recommendation"] is None
    for side in begun["sides"]:
        operation = (await client.get(f"/v1/operations/{side['operation_id']}")).json()
        assert (operation["kind"], operation["state"]) == ("preview", "queued")

    await play_previews(uow_factory, begun)
    finished = await look(client, begun["id"])
    assert finished["state"] == "finished"
    totals = [side["estimate"]["total"] for side in finished["sides"]]
    assert totals == [
        {"min_usd": "105.41", "desired_usd": "141.45", "max_usd": "285.61"},
        {"min_usd": "214.05", "desired_usd": "285.73", "max_usd": "429.09"},
    ]
    ecs, eks = finished["sides"]
    assert ecs["resources_by_type"]["aws:ecs/service:Service"] == 1
    assert any(node["type"] == "aws:eks/cluster:Cluster" for node in eks["graph"]["nodes"])
    assert any("Kubernetes versions" in duty["what"] for duty in eks["duties"])
    assert [choice["name"] for choice in finished["compute"]][:2] == ["Fargate", "Fargate Spot"]
    assert finished["recommendation"]["verdict"] == "ecs"
    assert {other["name"]: other["is_open"] for other in finished["alternatives"]} == {
        "ECS Express Mode": True,
        "AWS App Runner": False,
    }


async def test_the_environments_of_a_comparison_are_nobodys(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """They are in no list, count nowhere, take no operation, and leave the application's own name free."""
    begun = await begin(client)
    for query in ("", "?include_destroyed=true", "?status=destroyed"):
        assert (await client.get(f"/v1/environments{query}")).json()["items"] == []
    operation = (await client.get(f"/v1/operations/{begun['sides'][0]['operation_id']}")).json()
    refused = await client.post(
        f"/v1/environments/{operation['environment_id']}/operations", json={"kind": "deploy"}
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "environment_destroyed")
    created = await client.post("/v1/environments", json={**APPLICATION, "orchestrator": "ecs"})
    assert created.status_code == 202
    await play_previews(uow_factory, begun)
    assert (await client.get("/v1/costs")).json()["total"]["environments"] == 0


async def test_a_comparison_leaves_nothing_behind(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """An hour after its end its environments, operations, events, plans and stacks are gone; it stays."""
    begun = await begin(client)
    await play_previews(uow_factory, begun)
    async with uow_factory() as uow:
        await clear_comparisons(uow)
        assert await repository.find_removable(uow.session, age=timedelta(hours=1), limit=9) == []
        removable = await repository.find_removable(uow.session, age=timedelta(0), limit=9)
        assert len(removable) == 2
        for environment_id in removable:
            await repository.remove_environment(uow.session, environment_id)
        await uow.commit()
        for table in LEFT_NOTHING_IN:
            assert (await uow.session.scalar(select(func.count()).select_from(table))) == 0, table
    finished = await look(client, begun["id"])
    assert finished["sides"][0]["estimate"]["total"]["desired_usd"] == "141.45"


async def test_a_side_that_cannot_be_had_is_not_previewed(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """Fargate has no such size: the ECS side says so, and that counts for EKS."""
    workload = {**APPLICATION["workloads"][0], "cpu_units": 256, "memory_mib": 8192}
    begun = await begin(client, application={**APPLICATION, "workloads": [workload]})
    ecs = begun["sides"][0]
    assert (ecs["state"], ecs["operation_id"], ecs["estimate"]) == ("unavailable", None, None)
    assert [item["pointer"] for item in ecs["unavailable"]] == ["/workloads/0/memory_mib"]
    await play_previews(uow_factory, begun)
    finished = await look(client, begun["id"])
    assert finished["state"] == "finished"
    reasons = finished["recommendation"]["reasons_for"]
    assert "not available on ECS" in {reason["because"] for reason in reasons}


async def test_a_preview_that_fails_ends_its_side(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """Without a plan there is no estimate, and the page says that the preview failed."""
    begun = await begin(client)
    await play_previews(uow_factory, begun, replace(CREATES_WEB, state=OperationState.FAILED))
    finished = await look(client, begun["id"])
    assert finished["state"] == "finished"
    assert [side["state"] for side in finished["sides"]] == ["failed", "failed"]
    assert [side["estimate"] for side in finished["sides"]] == [None, None]


async def test_a_preview_that_is_cancelled_in_line_ends_its_side(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """No worker tells of it: housekeeping finds it."""
    begun = await begin(client)
    for side in begun["sides"]:
        await client.post(f"/v1/operations/{side['operation_id']}/cancel")
    async with uow_factory() as uow:
        await clear_comparisons(uow)
    finished = await look(client, begun["id"])
    assert finished["state"] == "finished"
    assert {side["failure"]["code"] for side in finished["sides"]} == {"preview_not_run"}


async def test_the_report_is_a_page_that_asks_for_nothing(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """While the previews run it asks again by itself; then it is whole, and its policy allows no script."""
    begun = await begin(client)
    waiting = await client.get(f"/v1/comparisons/{begun['id']}/report")
    assert 'http-equiv="refresh"' in waiting.text
    await play_previews(uow_factory, begun)
    report = await client.get(f"/v1/comparisons/{begun['id']}/report")
    assert report.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in report.headers["content-security-policy"]
    assert report.text.count("<svg") == 3
    assert "<script" not in report.text
    assert "141.45 USD" in report.text


async def test_an_application_that_is_wrong_is_refused_with_its_places(client: httpx.AsyncClient) -> None:
    """What both sides refuse is the application's fault; a region or type without prices is told at once."""
    wrong = await client.post("/v1/comparisons", json={"application": {**APPLICATION, "colour": "red"}})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid_application")
    assert [one["pointer"] for one in wrong.json()["errors"]] == ["/colour"]
    elsewhere = await client.post(
        "/v1/comparisons", json={"application": {**APPLICATION, "region": "ap-southeast-4"}}
    )
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (422, "region_not_priced")
    odd = await client.post("/v1/comparisons", json={**WANTED, "instance_type": "zz9.huge"})
    assert (odd.status_code, odd.json()["code"]) == (422, "instance_type_not_priced")
    unknown = await client.post(
        "/v1/comparisons", json={"application": {**APPLICATION, "account": "nowhere"}}
    )
    assert [one["pointer"] for one in unknown.json()["errors"]] == ["/account"]


async def test_a_repetition_makes_one_comparison(client: httpx.AsyncClient) -> None:
    """The same Idempotency-Key gets the same comparison."""
    headers = {"Idempotency-Key": "compare-1"}
    first = await client.post("/v1/comparisons", json=WANTED, headers=headers)
    again = await client.post("/v1/comparisons", json=WANTED, headers=headers)
    assert first.json() == again.json()
    assert len((await client.get("/v1/comparisons")).json()["items"]) == 1


async def test_comparisons_are_the_teams(app: FastAPI) -> None:
    """Another team sees none of them, and makes none for this one."""
    know(
        app,
        {
            "ada": member("ada", "storefront", Role.DEVELOPER),
            "bo": member("bo", "payments", Role.DEVELOPER),
        },
    )
    async with client_of(app, "ada") as ada, client_of(app, "bo") as bo:
        made = (await ada.post("/v1/comparisons", json=WANTED)).json()
        assert (await bo.get(f"/v1/comparisons/{made['id']}")).json()["code"] == "comparison_not_found"
        assert (await bo.get("/v1/comparisons")).json()["items"] == []
        assert (await bo.post("/v1/comparisons", json=WANTED)).status_code == 403
        asked = await bo.post("/v1/recommendations", json={"comparison_id": made["id"]})
        assert asked.json()["code"] == "comparison_not_found"


async def test_recommendations_weigh_answers_and_a_comparisons_facts(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """Facts count once the comparison is finished; the answer says where it would flip."""
    alone = (await client.post("/v1/recommendations", json={"answers": {"portability": "required"}})).json()
    assert (alone["verdict"], alone["eks_weight"]) == ("eks", 5)
    begun = await begin(client)
    wanted = {"answers": ANSWERS, "comparison_id": begun["id"]}
    early = await client.post("/v1/recommendations", json=wanted)
    assert (early.status_code, early.json()["code"]) == (409, "comparison_unfinished")
    await play_previews(uow_factory, begun)
    weighed = (await client.post("/v1/recommendations", json=wanted)).json()
    assert weighed == (await look(client, begun["id"]))["recommendation"]
    assert weighed["reasons_for"][0]["because"] == "141.45 USD a month on ECS, 285.73 USD on EKS"
    assert {flip["change"] for flip in weighed["flip_points"]} >= {"portability were required"}


async def test_a_platform_team_weighs_for_itself(settings: Settings, tmp_path: Path) -> None:
    """A table of one's own counts in place of the one that ships; a wrong one stops the start."""
    table = tmp_path / "reasons.toml"
    shipped = SHIPPED.read_text(encoding="utf-8")
    table.write_text(shipped.replace('favours = "eks"', 'favours = "ecs"'), encoding="utf-8")
    own = create_app(settings.model_copy(update={"recommendation_reasons": table}))
    async with (
        own.router.lifespan_context(own),
        httpx.AsyncClient(transport=httpx.ASGITransport(own), base_url="http://berth.test") as client,
    ):
        body = {"answers": {"portability": "required"}}
        assert (await client.post("/v1/recommendations", json=body)).json()["verdict"] == "ecs"
    broken = settings.model_copy(update={"recommendation_reasons": tmp_path / "missing.toml"})
    with pytest.raises(ConfigurationError, match=r"missing\.toml"):
        create_app(broken)
