"""The life of an update over HTTP."""

import httpx
import pytest
from sqlalchemy import text

from service.backend.compaction import COMPACT_AFTER_BATCHES
from service.backend.use_cases import close_interrupted_update, revoke_stack_tokens
from service.core.unit_of_work import UnitOfWorkFactory
from service.state import repository
from tests.service.backend.engine_client import (
    SECRET,
    EngineClient,
    Scene,
    begun,
    deployment,
    made,
    root,
    thing,
    thing_urn,
)


async def count(uow_factory: UnitOfWorkFactory, table: str) -> int:
    async with uow_factory() as uow:
        return int(await uow.session.scalar(text(f"SELECT count(*) FROM {table}")) or 0)  # noqa: S608 -- literals


async def test_a_journaled_update_becomes_a_state_version(scene: Scene) -> None:
    """What the journal tells stands in the export, the resources, the outputs and on the operation."""
    engine = scene.engine
    started = (await engine.start()).json()
    assert (started["version"], started["journalVersion"]) == (1, 1)
    assert (await engine.journal(made(1, 1, root(url="http://x", password=SECRET)))).status_code == 200
    assert (await engine.journal(begun(2, 2, thing("a")), made(3, 2, thing("a")))).status_code == 200
    assert (await engine.complete()).status_code == 204
    assert (await engine.urns())[1] == thing_urn("a")
    async with scene.uow_factory() as uow:
        stack_id = await repository.stack_of_environment(uow, scene.environment_id)
        assert stack_id is not None
        shown = {view.name: view.value for view in await repository.outputs(uow, stack_id)}
        assert shown == {"url": "http://x", "password": {"secret": True}}
        resources = await repository.page_of_resources(uow, stack_id, after=None, limit=10)
        assert [resource.provider_id for resource in resources] == [None, "id-a"]
        recorded = await uow.session.scalar(text("SELECT state_version FROM operations"))
        assert recorded == 1
        assert await repository.resource_count(uow, scene.environment_id) == 2
    assert await count(scene.uow_factory, "journal_batches") == 0


async def test_a_failed_update_records_what_was_made_and_keeps_the_last_good_outputs(scene: Scene) -> None:
    """After a failure the new state stands, and the outputs of before stay, marked stale."""
    engine = scene.engine
    await engine.start()
    await engine.journal(made(1, 1, root(url="good")))
    await engine.complete()
    await engine.start()
    await engine.journal(made(1, 1, thing("half", parent="")), begun(2, 2, thing("lost", parent="")))
    assert (await engine.complete("failed")).status_code == 204
    pending = (await engine.exported())["pending_operations"]
    assert [operation["type"] for operation in pending] == ["creating"]
    async with scene.uow_factory() as uow:
        stack_id = await repository.stack_of_environment(uow, scene.environment_id)
        assert stack_id is not None
        (output,) = await repository.outputs(uow, stack_id)
        assert (output.value, output.is_stale, output.state_version) == ("good", True, 1)
        newest = await repository.newest_version(uow, stack_id)
        assert newest is not None
        assert (newest.number, newest.is_good, newest.pending_operation_count) == (2, False, 1)


@pytest.mark.parametrize(("kind", "dry_run"), [("preview", False), ("refresh", True), ("update", True)])
async def test_a_run_that_only_looks_makes_no_version(scene: Scene, kind: str, dry_run: bool) -> None:
    """Previews and dry runs hold no stack and leave nothing."""
    assert (await scene.engine.start(kind, dry_run=dry_run)).json()["version"] == 0
    assert (await scene.engine.complete()).status_code == 204
    assert await count(scene.uow_factory, "state_versions") == 0
    assert (await scene.engine.start()).status_code == 200


async def test_a_second_writer_is_refused_in_words_that_the_sdk_knows(person: EngineClient) -> None:
    """The Automation API recognizes the conflict, and a person reads who holds the stack."""
    await person.init()
    await person.start()
    refused = await EngineClient(person.http, "other", person.stack).start()
    message = refused.json()["message"]
    assert refused.status_code == 409
    assert message.startswith("Conflict: Another update is currently in progress.")
    assert "local-developer has held the stack for a update since" in message


async def test_a_batch_that_is_sent_again_counts_once(scene: Scene) -> None:
    """A retry after a lost answer neither fails nor doubles a step."""
    await scene.engine.start()
    for _ in range(3):
        assert (await scene.engine.journal(made(1, 1, root()))).status_code == 200
    assert await count(scene.uow_factory, "journal_batches") == 1
    for _ in range(2):
        assert (await scene.engine.complete()).status_code == 204
    assert await count(scene.uow_factory, "state_versions") == 1


@pytest.mark.parametrize("moved_on", [{"epoch": 2}, {"state": "interrupted"}])
async def test_every_write_of_an_overtaken_engine_is_refused(
    scene: Scene, moved_on: dict[str, object]
) -> None:
    """Once the operation has another epoch or state, the old run's lease and token open nothing."""
    engine = scene.engine
    await engine.start()
    await engine.journal(made(1, 1, root()))
    await scene.change_operation(**moved_on)
    answers = [
        await engine.journal(made(2, 2, thing("late"))),
        await engine.write("POST", "/events/batch", {"events": [{"sequence": 1}]}),
        await engine.write("POST", "/renew_lease", {"duration": 300}, compress=False),
        await engine.complete(),
        await engine.ask("POST", "/update", {"metadata": {}}),
        await engine.ask("POST", "/encrypt", {"plaintext": "eA=="}),
        await engine.ask("GET", "/export"),
    ]
    assert [answer.status_code for answer in answers] == [403] * len(answers)
    assert await count(scene.uow_factory, "state_versions") == 0
    assert await count(scene.uow_factory, "journal_batches") == 1


async def test_an_interrupted_update_is_folded_and_the_next_may_start(scene: Scene) -> None:
    """Take-over keeps what was done and what was under way; a second take-over does nothing."""
    engine = scene.engine
    await engine.start()
    await engine.journal(made(1, 1, root(url="x")), begun(2, 2, thing("a")))
    for _ in range(2):
        async with scene.uow_factory() as uow:
            await close_interrupted_update(uow, operation_id=scene.operation_id)
            await uow.commit()
    exported = await engine.exported()
    assert len(exported["resources"]) == 1
    assert len(exported["pending_operations"]) == 1
    assert await count(scene.uow_factory, "state_versions") == 1
    assert (await engine.journal(made(3, 2, thing("a")))).status_code == 403
    assert (await engine.start()).json()["version"] == 2


async def test_an_expired_lease_is_lost_and_its_update_taken_over(
    person: EngineClient, uow_factory: UnitOfWorkFactory
) -> None:
    """A person's dead update is folded by the next one that starts; its own late writes are refused."""
    await person.init()
    await person.start()
    await person.journal(made(1, 1, root()))
    async with uow_factory() as uow:
        await uow.session.execute(text("UPDATE updates SET lease_until = now() - interval '1 second'"))
        await uow.commit()
    assert (await person.journal(made(2, 2, thing("late")))).status_code == 403
    assert (await person.write("POST", "/renew_lease", {"duration": 300})).status_code == 403
    successor = EngineClient(person.http, "other", person.stack)
    assert (await successor.start()).json()["version"] == 2
    assert len(await successor.urns()) == 1


async def test_a_renewed_lease_keeps_its_token(scene: Scene) -> None:
    """Renewal answers the same token with a later end, 300 seconds ahead at most."""
    started = (await scene.engine.start()).json()
    renewed = (await scene.engine.write("POST", "/renew_lease", {"duration": 4000}, compress=False)).json()
    assert renewed["token"] == started["token"]
    assert 0 <= renewed["tokenExpiration"] - started["tokenExpiration"] < 60


async def test_a_revoked_token_opens_nothing(scene: Scene) -> None:
    """After the operation has ended its token is unknown."""
    async with scene.uow_factory() as uow:
        await revoke_stack_tokens(uow, operation_id=scene.operation_id)
        await uow.commit()
    assert (await scene.engine.ask("GET", "")).status_code == 401


async def test_a_token_opens_its_own_stack_only(scene: Scene, http: httpx.AsyncClient) -> None:
    """Another stack does not exist for an engine, and its lease does not fit another's update."""
    other = await Scene.begin(http, scene.uow_factory, name="prod")
    await other.engine.start()
    stranger = EngineClient(http, scene.engine.token, other.engine.stack)
    assert (await stranger.ask("GET", "/export")).status_code == 404
    assert (await stranger.ask("POST", "/update", {"metadata": {}})).status_code == 404
    await scene.engine.start()
    scene.engine.update_id = other.engine.update_id
    assert (await scene.engine.journal(made(1, 1, root()))).status_code == 404
    scene.engine.stack = other.engine.stack
    assert (await scene.engine.journal(made(1, 1, root()))).status_code == 403


async def test_a_broken_state_is_refused_and_the_last_good_one_stays(scene: Scene) -> None:
    """Completion says what is wrong; the newest version is the one before; the journal is kept."""
    engine = scene.engine
    await engine.start()
    await engine.journal(made(1, 1, root(url="good")))
    await engine.complete()
    await engine.start()
    await engine.journal(made(1, 1, thing("a", parent="", dependencies=[thing_urn("nowhere")])))
    refused = await engine.complete()
    assert refused.status_code == 400
    assert "is missing" in refused.json()["message"]
    assert await count(scene.uow_factory, "state_versions") == 1
    assert await count(scene.uow_factory, "journal_batches") == 1
    assert len(await engine.urns()) == 1
    assert (await engine.start()).json()["version"] == 3


async def test_a_person_cancels_their_update_and_its_engine_stops(person: EngineClient) -> None:
    """Cancel ends the update with what it wrote and takes the lease."""
    await person.init()
    await person.start()
    await person.journal(made(1, 1, root()))
    assert (await person.ask("POST", f"/update/{person.update_id}/cancel")).status_code == 200
    assert (await person.journal(made(2, 2, thing("late")))).status_code == 403
    assert len(await person.urns()) == 1
    assert (await person.ask("POST", f"/update/{person.update_id}/cancel")).status_code == 409


async def test_cancelling_an_operations_update_asks_its_worker(scene: Scene, person: EngineClient) -> None:
    """The worker is asked to stop; the update goes on until it does."""
    await scene.engine.start()
    assert (await person.ask("POST", f"/update/{scene.engine.update_id}/cancel")).status_code == 200
    async with scene.uow_factory() as uow:
        assert await uow.session.scalar(text("SELECT cancel_requested_at FROM operations")) is not None
    assert (await scene.engine.journal(made(1, 1, root()))).status_code == 200


async def test_an_update_without_writes_leaves_the_state_as_it_was(scene: Scene) -> None:
    """A deploy that changed nothing records the same deployment under its own number."""
    engine = scene.engine
    await engine.start()
    await engine.journal(made(1, 1, root(url="x")))
    await engine.complete()
    await engine.start()
    await engine.complete()
    assert await engine.exported(1) == await engine.exported(2)


async def test_checkpoints_and_journal_do_not_mix(scene: Scene) -> None:
    """An update keeps its state in the one way it was started with."""
    await scene.engine.start()
    body = {"version": 3, "deployment": deployment(root())}
    assert (await scene.engine.write("PATCH", "/checkpoint", body)).status_code == 409


async def test_a_long_journal_is_compacted_on_the_way(scene: Scene) -> None:
    """Batches of a long update are merged, steps that ended lose their beginning, and nothing is lost."""
    engine = scene.engine
    await engine.start()
    await engine.journal(made(1, 1, root()))
    for number in range(COMPACT_AFTER_BATCHES):
        step = (
            begun(2 * number + 2, number + 2, thing(f"t{number}")),
            made(2 * number + 3, number + 2, thing(f"t{number}")),
        )
        assert (await engine.journal(*step)).status_code == 200
    assert await count(scene.uow_factory, "journal_batches") < COMPACT_AFTER_BATCHES / 2
    await engine.complete()
    assert len(await engine.urns()) == COMPACT_AFTER_BATCHES + 1
