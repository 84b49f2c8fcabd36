"""What is started by itself after a run was cut off, and what is left to people."""

from collections.abc import AsyncIterator

import pytest

from programs.catalogue import BLUEPRINTS
from service.plans.settings import ApprovalSetting
from service.settings import Settings
from tests.service.documents import create
from tests.service.lifecycle.engine import End
from tests.service.lifecycle.world import World, open_world

VERSION = BLUEPRINTS["ecs"].version


@pytest.fixture
async def world(settings: Settings) -> AsyncIterator[World]:
    """An installation whose only worker runs what a test tells it to; two must agree to class production."""
    rule = ApprovalSetting(approvers=1)
    async with open_world(settings.model_copy(update={"approvals": {"production": rule}})) as opened:
        yield opened


async def operations(world: World, environment: dict) -> list[dict]:
    """Return the environment's operations, the oldest first."""
    shown = await world.client.get(f"/v1/environments/{environment['id']}/operations")
    return list(reversed(shown.json()["items"]))


async def story(world: World, environment: dict) -> list[tuple[str, str]]:
    """Return kind and state of the environment's operations, the oldest first."""
    return [(one["kind"], one["state"]) for one in await operations(world, environment)]


async def test_cut_off_deploy_runs_again(world: World) -> None:
    """A deploy whose worker was lost is put in line again."""
    environment, _ = await create(world.client)
    await world.begin()
    await world.lose_the_worker()
    assert await story(world, environment) == [("deploy", "interrupted"), ("deploy", "queued")]


async def test_what_was_cancelled_does_not_run_again(world: World) -> None:
    """A deploy that somebody asked to cancel stays ended when its worker is lost before it has heard."""
    environment, deploy = await create(world.client)
    await world.begin()
    await world.client.post(f"/v1/operations/{deploy['id']}/cancel")
    await world.lose_the_worker()
    assert await story(world, environment) == [("deploy", "interrupted")]


async def test_cancelled_deploy_that_was_cut_off_in_a_step_is_repaired(world: World) -> None:
    """What a cancelled deploy has left half done is looked up in the cloud; the deploy does not run again."""
    environment, deploy = await create(world.client)
    await world.begin()
    await world.client.post(f"/v1/operations/{deploy['id']}/cancel")
    await world.end(End.DIES_IN_A_STEP)
    assert await story(world, environment) == [("deploy", "interrupted"), ("repair", "queued")]


async def begin(world: World, kind: str) -> None:
    """Begin what is next in line: an operation of this kind."""
    begun = await world.begin()
    assert begun is not None
    assert begun.runs
    shown = (await world.client.get(f"/v1/operations/{begun.operation_id}")).json()
    assert shown["kind"] == kind


async def ask(world: World, environment: dict, kind: str, **wishes: str) -> dict:
    url = f"/v1/environments/{environment['id']}/operations"
    answer = await world.client.post(url, json={"kind": kind, **wishes})
    assert answer.status_code == 202, answer.text
    return answer.json()["operation"]


@pytest.mark.parametrize("kind", ["deploy", "destroy"])
async def test_repair_comes_before_what_waits(world: World, kind: str) -> None:
    """What waits behind a deploy that was cut off in a step runs once that is repaired, in its place."""
    environment, _ = await create(world.client)
    await begin(world, "deploy")
    await ask(world, environment, kind)
    await world.end(End.DIES_IN_A_STEP)
    assert await story(world, environment) == [
        ("deploy", "interrupted"),
        (kind, "queued"),
        ("repair", "queued"),
    ]
    await begin(world, "repair")
    await world.end(End.SUCCEEDS)
    await begin(world, kind)


async def test_deploy_runs_again_behind_what_changes_nothing(world: World) -> None:
    """A look at the cloud that waits keeps no deploy from being taken up."""
    environment, _ = await create(world.client)
    await begin(world, "deploy")
    await ask(world, environment, "detect_drift")
    await world.lose_the_worker()
    assert await story(world, environment) == [
        ("deploy", "interrupted"),
        ("detect_drift", "queued"),
        ("deploy", "queued"),
    ]


@pytest.mark.parametrize("policy", ["latest", "replace"])
async def test_repair_gives_way_to_nothing(world: World, policy: str) -> None:
    """A newer deploy takes the place of the one that was taken up, not of its repair."""
    environment, _ = await create(world.client)
    await begin(world, "deploy")
    await world.end(End.DIES_IN_A_STEP)
    await ask(world, environment, "deploy", queue=policy)
    assert await story(world, environment) == [
        ("deploy", "interrupted"),
        ("repair", "queued"),
        ("deploy", "superseded"),
        ("deploy", "queued"),
    ]


async def approve(world: World, operation: dict) -> int:
    """Agree to an operation's plan as its caller; return the answer's status."""
    url = f"/v1/operations/{operation['id']}"
    plan = (await world.client.get(f"{url}/plan")).json()
    return (await world.client.post(f"{url}/approve", json={"digest": plan["digest"]})).status_code


async def name(world: World, operation: dict, asked_by: str) -> None:
    await world.write(
        "UPDATE operations SET created_by = :by WHERE id = :id", by=asked_by, id=operation["id"]
    )


async def test_approved_deploy_is_planned_and_approved_again(world: World) -> None:
    """A deploy that needed somebody else's word does not run again without it, and is still its caller's."""
    environment, deploy = await create(world.client, **{"class": "production"})
    await begin(world, "preview")
    await world.end(End.SUCCEEDS)
    await name(world, deploy, "somebody")
    assert await approve(world, deploy) == 202
    await name(world, deploy, deploy["created_by"])
    await begin(world, "deploy")
    await world.lose_the_worker()
    await begin(world, "preview")
    await world.end(End.SUCCEEDS)
    again = next(one for one in await operations(world, environment) if one["retry_of"] == deploy["id"])
    assert (again["state"], again["created_by"]) == ("awaiting_approval", "berth-recovery")
    assert await approve(world, again) == 409
    await name(world, deploy, "somebody")
    assert await approve(world, again) == 202


@pytest.mark.parametrize(("version", "state"), [(VERSION, "queued"), ("0.9.0", "pending")])
async def test_deploy_of_another_blueprint_is_looked_at_anew(world: World, version: str, state: str) -> None:
    """What was allowed to run without a plan runs again without one by the same program only."""
    environment, deploy = await create(world.client)
    await begin(world, "deploy")
    await world.write(
        "UPDATE operations SET blueprint_version = :version WHERE id = :id", version=version, id=deploy["id"]
    )
    await world.write(
        "UPDATE environments SET environment_class = 'production' WHERE id = :id", id=environment["id"]
    )
    await world.lose_the_worker()
    again = next(one for one in await operations(world, environment) if one["retry_of"] == deploy["id"])
    assert (again["state"], again["blueprint_version"]) == (state, VERSION)


async def test_preview_that_was_cut_off_is_made_again(world: World) -> None:
    """What waits for a plan goes on waiting when the worker that makes it is lost, so often in a row."""
    environment, deploy = await create(world.client, **{"class": "production"})
    for _ in range(2):
        await begin(world, "preview")
        await world.lose_the_worker()
    await begin(world, "preview")
    await world.end(End.SUCCEEDS)
    shown = (await world.client.get(f"/v1/operations/{deploy['id']}")).json()
    assert shown["state"] == "awaiting_approval"
    previews = [state for kind, state in await story(world, environment) if kind == "preview"]
    assert previews == ["interrupted", "interrupted", "succeeded"]


async def test_preview_that_is_cut_off_too_often_is_given_up(world: World) -> None:
    """After as many times in a row as are configured the operation that waits for the plan has failed."""
    _, deploy = await create(world.client, **{"class": "production"})
    for _ in range(3):
        await begin(world, "preview")
        await world.lose_the_worker()
    shown = (await world.client.get(f"/v1/operations/{deploy['id']}")).json()
    assert (shown["state"], shown["failure"]["code"]) == ("failed", "plan_failed")


@pytest.mark.parametrize("loss", ["DELETE FROM plans", "UPDATE plans SET document = NULL"])
async def test_deploy_whose_plan_is_gone_does_not_run(world: World, loss: str) -> None:
    """A deploy that was approved with a plan is refused when there is nothing to hold it to."""
    _, deploy = await create(world.client, **{"class": "production"})
    await begin(world, "preview")
    await world.end(End.SUCCEEDS)
    await name(world, deploy, "somebody")
    assert await approve(world, deploy) == 202
    await world.write("DELETE FROM plan_decisions")
    await world.write(loss)
    begun = await world.begin()
    assert begun is not None
    assert not begun.runs
    shown = (await world.client.get(f"/v1/operations/{deploy['id']}")).json()
    assert (shown["state"], shown["failure"]["code"]) == ("failed", "plan_not_found")
