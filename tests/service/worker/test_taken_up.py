"""What is started by itself after a run was cut off, and what is left to people."""

from collections.abc import AsyncIterator

import pytest

from service.settings import Settings
from tests.service.documents import create
from tests.service.lifecycle.engine import End
from tests.service.lifecycle.world import World, open_world


@pytest.fixture
async def world(settings: Settings) -> AsyncIterator[World]:
    """An installation whose only worker runs what a test tells it to."""
    async with open_world(settings) as opened:
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
