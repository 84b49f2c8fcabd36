"""Updates that people run themselves on an environment's stack."""

from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import text

from service.core.unit_of_work import UnitOfWorkFactory
from service.main import create_app
from service.plans.settings import ApprovalSetting
from service.settings import Settings
from tests.service.backend.engine_client import EngineClient, Scene, deployment, made, root, thing, thing_urn

EVENTS = [
    {"sequence": 0, "timestamp": 1790000000, "preludeEvent": {"config": {}}},
    {
        "sequence": 1,
        "timestamp": 1790000001,
        "resourcePreEvent": {"metadata": {"op": "create", "urn": thing_urn("a"), "type": "test:index:Thing"}},
    },
    {
        "sequence": 2,
        "timestamp": 1790000002,
        "diagnosticEvent": {"severity": "warning", "message": "\u0000 <{%reset%}>hm"},
    },
    {
        "sequence": 3,
        "timestamp": 1790000003,
        "summaryEvent": {"durationSeconds": 2, "resourceChanges": {"create": 1}},
    },
]


@pytest.fixture
async def idle(scene: Scene) -> Scene:
    """An environment that stands, with nothing running."""
    await scene.change_operation(state="succeeded")
    async with scene.uow_factory() as uow:
        await uow.session.execute(text("UPDATE environments SET status = 'ready'"))
        await uow.commit()
    return scene


async def one(uow_factory: UnitOfWorkFactory, query: str) -> dict[str, object]:
    async with uow_factory() as uow:
        return dict((await uow.session.execute(text(query))).mappings().one())


async def newest_operation(scene: Scene) -> dict[str, object]:
    return await one(scene.uow_factory, "SELECT * FROM operations ORDER BY id DESC LIMIT 1")


async def test_a_persons_update_is_an_operation_of_the_environment(idle: Scene, person: EngineClient) -> None:
    """It shows with its events, audit entry and state version, and holds the environment meanwhile."""
    assert (await person.start()).status_code == 200
    running = await newest_operation(idle)
    described = [running[column] for column in ("kind", "state", "created_by")]
    assert described == ["deploy", "running", "local-developer"]
    environment = await one(idle.uow_factory, "SELECT * FROM environments")
    assert (environment["status"], environment["current_operation_id"]) == ("deploying", running["id"])
    for _ in range(2):
        assert (await person.write("POST", "/events/batch", {"events": EVENTS})).status_code == 200
    assert (await person.write("POST", "/renew_lease", {"duration": 300})).status_code == 200
    await person.journal(made(1, 1, root()))
    assert (await person.complete()).status_code == 204
    ended = await newest_operation(idle)
    assert (ended["state"], ended["state_version"], ended["changes"]["create"]) == ("succeeded", 1, 1)
    environment = await one(idle.uow_factory, "SELECT * FROM environments")
    assert (environment["status"], environment["current_operation_id"]) == ("ready", None)
    async with idle.uow_factory() as uow:
        query = text("SELECT type FROM operation_events WHERE operation_id = :id ORDER BY sequence")
        types = list(await uow.session.scalars(query, {"id": ended["id"]}))
        audit = await uow.session.scalar(
            text("SELECT action FROM audit_log WHERE operation_id = :id"), {"id": ended["id"]}
        )
    assert types == ["state_changed", "resource_started", "diagnostic", "summary", "state_changed"]
    assert audit == "operation.run_by_hand"


async def test_an_update_by_hand_waits_for_no_one_and_passes_no_one(
    scene: Scene, person: EngineClient
) -> None:
    """While an operation runs, a person is refused with its name; nothing is written."""
    refused = await person.start()
    assert refused.status_code == 409
    assert refused.json()["message"].startswith("Conflict: Another update is currently in progress.")
    assert scene.operation_id in refused.json()["message"]
    assert (
        await person.ask("POST", "/import", {"version": 3, "deployment": deployment(root())})
    ).status_code == 409
    assert (await newest_operation(scene))["id"] == scene.operation_id


async def test_a_protected_environment_is_not_destroyed_by_hand(idle: Scene, person: EngineClient) -> None:
    """The rules of the API hold for the CLI; other updates are free."""
    async with idle.uow_factory() as uow:
        await uow.session.execute(text("UPDATE environments SET is_protected = true"))
        await uow.commit()
    refused = await person.start("destroy")
    assert (refused.status_code, "protected" in refused.json()["message"]) == (409, True)
    assert (await person.start("refresh")).status_code == 200


@pytest.fixture
async def strict(settings: Settings) -> AsyncIterator[EngineClient]:
    """Somebody at a terminal, where every change of this class needs an approval."""
    rules = {one: ApprovalSetting() for one in ("ephemeral", "standard", "production")}
    app = create_app(settings.model_copy(update={"approvals": rules}))
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://backend/api") as http,
    ):
        yield EngineClient(http, "personal-token", "shop/environments/dev")


async def test_what_needs_an_approval_is_not_done_by_hand(idle: Scene, strict: EngineClient) -> None:
    """Deploy, destroy and import are refused with the place to ask; a refresh may run."""
    imported = await strict.ask("POST", "/import", {"version": 3, "deployment": deployment(root())})
    for refused in (await strict.start(), await strict.start("destroy"), imported):
        assert refused.status_code == 409
        assert "approved before it runs" in refused.json()["message"]
        assert "POST /v1/environments/" in refused.json()["message"]
    assert (await newest_operation(idle))["id"] == idle.operation_id
    assert (await strict.start("refresh")).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("UPDATE environments SET environment_class = 'production'", id="in production"),
        pytest.param("UPDATE resources SET type = 'aws:efs/fileSystem:FileSystem'", id="of data"),
    ],
)
async def test_a_destroy_that_the_api_would_hold_is_not_done_by_hand(
    idle: Scene, person: EngineClient, change: str
) -> None:
    """What is in production, or holds data, is destroyed with an approval alone: it is asked of the API."""
    await person.start()
    await person.journal(made(1, 1, root()), made(2, 2, thing("a")))
    await person.complete()
    async with idle.uow_factory() as uow:
        await uow.session.execute(text(change))
        await uow.commit()
    refused = await person.start("destroy")
    assert refused.status_code == 409
    assert "this must be approved before it runs" in refused.json()["message"]
    assert "POST /v1/environments/" in refused.json()["message"]
    assert (await one(idle.uow_factory, "SELECT status FROM environments"))["status"] == "ready"


async def test_a_destroy_by_hand_destroys_the_environment_only_when_nothing_remains(
    idle: Scene, person: EngineClient
) -> None:
    """What a targeted destroy leaves keeps the environment; an empty state ends it."""
    await person.start()
    await person.journal(made(1, 1, root()), made(2, 2, thing("a")))
    await person.complete()
    await person.start("destroy")
    await person.journal({"version": 1, "kind": 1, "sequenceID": 1, "operationID": 1, "removeOld": 1})
    await person.complete()
    assert (await newest_operation(idle))["failure"]["code"] == "resources_remain"
    assert (await one(idle.uow_factory, "SELECT status FROM environments"))["status"] == "destroy_failed"
    await person.start("destroy")
    await person.journal({"version": 1, "kind": 1, "sequenceID": 1, "operationID": 1, "removeOld": 0})
    assert (await person.complete()).status_code == 204
    assert (await one(idle.uow_factory, "SELECT status FROM environments"))["status"] == "destroyed"
    assert (await person.ask("GET", "")).status_code == 404


async def test_a_cancelled_update_by_hand_is_a_cancelled_operation(idle: Scene, person: EngineClient) -> None:
    """Cancel folds what was written and frees the environment."""
    await person.start()
    await person.journal(made(1, 1, root()))
    assert (await person.ask("POST", f"/update/{person.update_id}/cancel")).status_code == 200
    assert (await newest_operation(idle))["state"] == "cancelled"
    assert len(await person.urns()) == 1
    assert (await person.start()).status_code == 200


async def test_the_api_cancels_an_update_by_hand_at_once(idle: Scene, person: EngineClient) -> None:
    """No worker hears of the wish: the operation ends at once, and the CLI is told when it goes on."""
    await person.start()
    await person.journal(made(1, 1, root()))
    operation = await newest_operation(idle)
    address = f"http://backend/v1/operations/{operation['id']}/cancel"
    cancelled = await person.http.post(address, headers={"Content-Type": "application/json"})
    assert cancelled.status_code == 202, cancelled.text
    assert cancelled.json()["operation"]["state"] == "cancelled"
    assert (await newest_operation(idle))["state"] == "cancelled"
    assert len(await person.urns()) == 1
    assert (await person.complete()).status_code >= 400
    assert (await person.start()).status_code == 200


async def test_an_import_by_hand_is_an_operation(idle: Scene, person: EngineClient) -> None:
    """A state that is put in place by hand says who did it."""
    answer = await person.ask("POST", "/import", {"version": 3, "deployment": deployment(root())})
    assert answer.status_code == 200
    operation = await newest_operation(idle)
    assert (operation["kind"], operation["state"], operation["state_version"]) == ("import", "succeeded", 1)


async def test_a_preview_by_hand_takes_no_place(scene: Scene, person: EngineClient) -> None:
    """Looking is allowed while others work."""
    assert (await person.start("preview")).status_code == 200
    assert (await newest_operation(scene))["id"] == scene.operation_id


async def test_every_decryption_is_audited(scene: Scene, person: EngineClient) -> None:
    """Who, which stack and how many values; never the values."""
    sealed = (await scene.engine.ask("POST", "/encrypt", {"plaintext": "aHVzaA=="})).json()["ciphertext"]
    await scene.engine.ask("POST", "/batch-decrypt", {"ciphertexts": [sealed, sealed]})
    await person.ask("POST", "/decrypt", {"ciphertext": sealed})
    await person.ask("POST", "/decrypt/log-decryption", {"secretName": "password"})
    async with scene.uow_factory() as uow:
        rows = await uow.session.execute(
            text(
                "SELECT actor, operation_id, detail FROM audit_log"
                " WHERE action = 'secrets.decrypted' ORDER BY id"
            )
        )
        entries = [(row.actor, row.operation_id, row.detail) for row in rows]
    stack = {"stack": "shop/environments/dev"}
    assert entries == [
        (f"operation:{scene.operation_id}", scene.operation_id, {**stack, "values": 2}),
        ("local-developer", None, {**stack, "values": 1}),
        ("local-developer", None, {**stack, "secret": "password"}),
    ]
