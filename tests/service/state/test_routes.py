"""Outputs, resources and state versions over HTTP."""

import httpx

from service.core.unit_of_work import UnitOfWorkFactory
from tests.service.backend.engine_client import SECRET, Scene, made, root, thing


async def test_what_stands_is_shown(client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory) -> None:
    """After an update its outputs, resources and version are answered, secrets masked."""
    async with httpx.AsyncClient(transport=client._transport, base_url="http://x/api") as http:  # noqa: SLF001
        scene = await Scene.begin(http, uow_factory)
        url = f"/v1/environments/{scene.environment_id}"
        assert (await client.get(f"{url}/outputs")).json() == {
            "items": [],
            "state_version": None,
            "is_stale": False,
        }
        await scene.engine.start()
        things = [made(number + 2, number + 2, thing(f"t{number}")) for number in range(5)]
        await scene.engine.journal(made(1, 1, root(url="http://x", password=SECRET)), *things)
        await scene.engine.complete()
    outputs = (await client.get(f"{url}/outputs")).json()
    assert {item["name"]: item["value"] for item in outputs["items"]} == {
        "url": "http://x",
        "password": {"secret": True},
    }
    assert (outputs["state_version"], outputs["is_stale"]) == (1, False)
    (version,) = (await client.get(f"{url}/state-versions")).json()["items"]
    assert (version["number"], version["resource_count"], version["is_good"]) == (1, 6, True)
    assert version["operation_id"] == scene.operation_id

    names, token = [], ""
    while token is not None:
        page = (await client.get(f"{url}/resources?page_size=2{token and f'&page_token={token}'}")).json()
        names += [item["name"] for item in page["items"]]
        token = page["next_page_token"]
    assert names == ["environments-dev", "t0", "t1", "t2", "t3", "t4"]
    by_type = (await client.get(f"{url}/resources", params={"type": "test:index:Thing"})).json()
    assert len(by_type["items"]) == 5


async def test_an_unknown_environment_is_not_found(client: httpx.AsyncClient) -> None:
    """Each of the lists says so as a problem."""
    for what in ("outputs", "resources", "state-versions"):
        answer = await client.get(f"/v1/environments/env_{'0' * 32}/{what}")
        assert (answer.status_code, answer.json()["code"]) == (404, "environment_not_found")
