"""What is due for an environment: listed, delayed, skipped, done by the clock."""

from datetime import datetime, timedelta

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from service.core.clock import utc_now
from service.core.unit_of_work import UnitOfWorkFactory
from service.environments.requested import read_request
from service.events.model import StepAction
from service.operations.states import OperationState
from service.schedules.turns import SCHEDULER, turn_due
from service.settings import LifetimeSetting, Settings
from tests.service.documents import create, shop
from tests.service.runs import PlayedRun, play_run
from tests.service.schedules.scene import due, make_due, ready

HOURS = {"start": "08:00", "end": "18:00", "timezone": "Europe/Berlin", "days": ["mon", "wed", "sun"]}


async def turn(uow_factory: UnitOfWorkFactory, settings: Settings) -> int:
    async with uow_factory() as uow:
        return await turn_due(uow, settings)


async def deploys(client: httpx.AsyncClient, path: str) -> list[dict]:
    return (await client.get(f"{path}/operations", params={"kind": "deploy"})).json()["items"]


async def test_everything_that_is_due_is_listed_in_order(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """The end, the next pause, the next resume and the next look for drift, the nearest first."""
    path = await ready(client, uow_factory, ttl="P30D", working_hours=HOURS)
    items = (await client.get(f"{path}/scheduled-actions")).json()["items"]
    assert {one["kind"] for one in items} == {"expiry", "pause", "resume", "drift_check"}
    assert [one["due_at"] for one in items] == sorted(one["due_at"] for one in items)
    assert not any(one["held"] or one["changed_by"] for one in items)


async def test_a_pause_is_delayed_until_work_begins_again_at_most(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """Delaying moves the due moment and names who did it; not into the past, not past the next resume."""
    path = await ready(client, uow_factory, working_hours=HOURS)
    pause = (await due(client, path))["pause"]
    planned = datetime.fromisoformat(pause["planned_at"])
    address = f"{path}/scheduled-actions/{pause['id']}"
    later = (planned + timedelta(hours=2)).isoformat()
    delayed = await client.post(f"{address}/delay", json={"until": later})
    assert delayed.status_code == 200, delayed.text
    changed = (await due(client, path))["pause"]
    assert datetime.fromisoformat(changed["due_at"]) == planned + timedelta(hours=2)
    assert (changed["id"], changed["changed_by"]) == (pause["id"], "local-developer")
    for until in (utc_now() - timedelta(hours=1), planned + timedelta(days=4)):
        refused = await client.post(f"{address}/delay", json={"until": until.isoformat()})
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid_delay")


async def test_a_skipped_action_is_the_next_one_and_no_other(
    client: httpx.AsyncClient, rows: AsyncEngine, uow_factory: UnitOfWorkFactory
) -> None:
    """Skipping moves to the next occurrence; skipping the same one again finds nothing."""
    path = await ready(client, uow_factory, working_hours=HOURS)
    pause = (await due(client, path))["pause"]
    address = f"{path}/scheduled-actions/{pause['id']}/skip"
    assert (await client.post(address)).status_code == 200
    following = (await due(client, path))["pause"]
    assert following["due_at"] > pause["due_at"]
    again = await client.post(address)
    assert (again.status_code, again.json()["code"]) == (404, "scheduled_action_not_found")
    async with rows.connect() as connection:
        detail = await connection.scalar(
            text("SELECT detail FROM audit_log WHERE action = 'scheduled_action.skipped'")
        )
    assert detail["action"] == "pause"


async def test_an_end_is_delayed_within_its_class_and_skipped_by_its_lifetime(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """An end moves as an extension does, within the class's longest; skipping adds its time to live."""
    path = await ready(client, uow_factory, **{"class": "ephemeral"}, ttl="P2D")
    end = (await due(client, path))["expiry"]
    address = f"{path}/scheduled-actions/{end['id']}"
    too_late = {"until": (utc_now() + timedelta(days=40)).isoformat()}
    refused = await client.post(f"{address}/delay", json=too_late)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/ttl")
    assert (await client.post(f"{address}/skip")).status_code == 200
    moved = (await due(client, path))["expiry"]
    added = datetime.fromisoformat(moved["due_at"]) - datetime.fromisoformat(end["due_at"])
    assert abs(added - timedelta(days=2)) < timedelta(seconds=1)


async def test_a_skipped_end_goes_as_far_as_its_class_allows(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, settings: Settings
) -> None:
    """A time to live that does not fit twice into the longest is added as far as it fits."""
    path = await ready(client, uow_factory, **{"class": "ephemeral"}, ttl="P20D")
    longest = settings.lifetime_of("ephemeral", "storefront").max_days
    assert longest is not None
    assert longest < 2 * 20
    end = (await due(client, path))["expiry"]
    skipped = await client.post(f"{path}/scheduled-actions/{end['id']}/skip")
    assert skipped.status_code == 200, skipped.text
    moved = datetime.fromisoformat((await due(client, path))["expiry"]["due_at"])
    assert abs(moved - utc_now() - timedelta(days=longest)) < timedelta(minutes=1)


async def test_a_drift_check_that_is_put_off_is_not_made_before(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """A drift check is put off by its own period, and to any moment within the next months."""
    path = await ready(client, uow_factory)
    check = (await due(client, path))["drift_check"]
    assert (await client.post(f"{path}/scheduled-actions/{check['id']}/skip")).status_code == 200
    skipped = (await due(client, path))["drift_check"]
    added = datetime.fromisoformat(skipped["due_at"]) - datetime.fromisoformat(check["due_at"])
    assert abs(added - timedelta(hours=24)) < timedelta(seconds=1)


async def test_the_clock_pauses_and_resumes(
    client: httpx.AsyncClient, rows: AsyncEngine, uow_factory: UnitOfWorkFactory, settings: Settings
) -> None:
    """A due pause is a deploy in the service's name; the environment is paused until a resume succeeds."""
    path = await ready(client, uow_factory, working_hours=HOURS)
    for kind, paused in (("pause", True), ("resume", False)):
        await make_due(rows, kind)
        assert [await turn(uow_factory, settings) for _ in range(2)] == [1, 0]
        operation = (await deploys(client, path))[0]
        assert (operation["created_by"], operation["state"]) == (SCHEDULER, "queued")
        await play_run(uow_factory, operation["id"])
        assert (await client.get(path)).json()["paused"] is paused
    assert all(
        datetime.fromisoformat(one["due_at"]) > utc_now() for one in (await due(client, path)).values()
    )


async def test_after_an_outage_only_the_last_turn_is_made(
    client: httpx.AsyncClient, rows: AsyncEngine, uow_factory: UnitOfWorkFactory, settings: Settings
) -> None:
    """A pause and the resume after it that were both missed leave the environment running."""
    path = await ready(client, uow_factory, working_hours=HOURS)
    await make_due(rows, "pause", timedelta(hours=14))
    await make_due(rows, "resume", timedelta(minutes=5))
    assert await turn(uow_factory, settings) == 0
    assert len(await deploys(client, path)) == 1


async def test_protected_environments_are_not_touched_by_the_clock(
    client: httpx.AsyncClient, rows: AsyncEngine, uow_factory: UnitOfWorkFactory, settings: Settings
) -> None:
    """What is due for a protected environment is shown as held and not done; nor is it paused by hand."""
    path = await ready(client, uow_factory, working_hours=HOURS, ttl="P30D", protected=True)
    held = {kind: one["held"] for kind, one in (await due(client, path)).items()}
    assert held == {"expiry": True, "pause": True, "resume": True, "drift_check": False}
    await make_due(rows, "pause")
    assert await turn(uow_factory, settings) == 0
    refused = await client.post(f"{path}/pause")
    assert (refused.status_code, refused.json()["code"]) == (409, "environment_protected")


async def test_a_freeze_puts_turns_off(
    client: httpx.AsyncClient, rows: AsyncEngine, uow_factory: UnitOfWorkFactory, settings: Settings
) -> None:
    """A pause that is due in a freeze is tried again until the freeze is over."""
    path = await ready(client, uow_factory, working_hours=HOURS)
    freeze = {"reason": "sale", "ends_at": (utc_now() + timedelta(days=1)).isoformat()}
    frozen = (await client.post("/v1/freezes", json=freeze)).json()
    await make_due(rows, "pause")
    assert await turn(uow_factory, settings) == 0
    assert datetime.fromisoformat((await due(client, path))["pause"]["due_at"]) > utc_now()
    await client.post(f"/v1/freezes/{frozen['id']}/lift")
    async with rows.begin() as connection:
        await connection.execute(text("UPDATE scheduled_actions SET due_at = now() WHERE kind = 'pause'"))
    assert await turn(uow_factory, settings) == 1


async def test_a_deploy_of_a_paused_environment_says_that_it_stays_paused(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """A plain deploy neither resumes nor stays silent; a resume that failed leaves the pause in place."""
    path = await ready(client, uow_factory)
    paused = (await client.post(f"{path}/pause")).json()["operation"]
    await play_run(uow_factory, paused["id"])
    plain = (await client.post(f"{path}/operations", json={"kind": "deploy"})).json()["operation"]
    await play_run(uow_factory, plain["id"])
    events = (await client.get(f"/v1/operations/{plain['id']}/events")).json()["items"]
    said = [one["payload"]["message"] for one in events if one["payload"]["type"] == "diagnostic"]
    assert [one for one in said if "paused" in one] == said
    assert len(said) == 1
    resumed = (await client.post(f"{path}/resume")).json()["operation"]
    await play_run(uow_factory, resumed["id"], PlayedRun(state=OperationState.FAILED))
    assert (await client.get(path)).json()["paused"] is True
    again = (await client.post(f"/v1/operations/{resumed['id']}/retry")).json()["operation"]
    await play_run(uow_factory, again["id"])
    assert (await client.get(path)).json()["paused"] is False


async def test_a_pause_deploys_what_was_deployed_and_no_change_that_waits(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """A change of the request that was only previewed does not slip in with a pause."""
    path = await ready(client, uow_factory)
    change = {"tags": {"cost-centre": "4711"}}
    await client.patch(path, json=change, params={"operation": "preview"}, headers={"If-Match": "*"})
    paused = (await client.post(f"{path}/pause")).json()["operation"]
    detail = (await client.get(f"/v1/operations/{paused['id']}")).json()
    assert "tags" not in detail["request"]
    assert (await client.get(path)).json()["request"]["tags"] == change["tags"]


async def test_a_pause_does_nothing_of_what_was_stopped(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """What a deploy was to bring that began and was stopped is in no pause after it, nor in its retry."""
    path = await ready(client, uow_factory)
    change = {"tags": {"cost-centre": "4711"}}
    changed = await client.patch(path, json=change, headers={"If-Match": "*"})
    stopped = PlayedRun(state=OperationState.FAILED)
    await play_run(uow_factory, changed.json()["operation"]["id"], stopped)
    paused = (await client.post(f"{path}/pause")).json()["operation"]
    await play_run(uow_factory, paused["id"], stopped)
    again = (await client.post(f"/v1/operations/{paused['id']}/retry")).json()["operation"]
    for turn in (paused, again):
        assert "tags" not in (await client.get(f"/v1/operations/{turn['id']}")).json()["request"]


@pytest.mark.parametrize(
    "moved",
    [
        pytest.param("UPDATE operations SET blueprint_version = '0'", id="blueprint"),
        pytest.param("UPDATE operations SET state_version = 0", id="state"),
    ],
)
async def test_a_pause_that_would_do_more_than_pause_is_planned_first(
    client: httpx.AsyncClient, rows: AsyncEngine, uow_factory: UnitOfWorkFactory, moved: str
) -> None:
    """Where blueprint or state have moved, a pause is held to a plan of what was deployed, changed or not."""
    environment, deploy = await create(client, **{"class": "production"}, protected=False)
    path = f"/v1/environments/{environment['id']}"
    if deploy["plan_operation_id"]:
        await play_run(uow_factory, deploy["plan_operation_id"])
    await play_run(uow_factory, deploy["id"])
    change = {"tags": {"cost-centre": "4711"}}
    await client.patch(path, json=change, params={"operation": "preview"}, headers={"If-Match": "*"})
    answer = await client.post(f"{path}/pause")
    assert answer.status_code == 202, answer.text
    as_before = answer.json()["operation"]
    assert as_before["state"] == "queued"
    await client.post(f"/v1/operations/{as_before['id']}/cancel")
    async with rows.begin() as connection:
        await connection.execute(text(moved))
    paused = (await client.post(f"{path}/pause")).json()["operation"]
    assert paused["state"] == "pending"
    await play_run(uow_factory, paused["plan_operation_id"], PlayedRun({"web": StepAction.UPDATE}))
    assert await play_run(uow_factory, paused["id"]) is not None
    assert "tags" not in (await client.get(f"/v1/operations/{paused['id']}")).json()["request"]


async def test_what_was_never_deployed_cannot_be_paused(client: httpx.AsyncClient) -> None:
    """There is nothing to pause before the first deploy has succeeded."""
    environment, _ = await create(client)
    for verb in ("pause", "resume"):
        refused = await client.post(f"/v1/environments/{environment['id']}/{verb}")
        assert (refused.status_code, refused.json()["code"]) == (409, "environment_not_deployed")


async def test_changed_hours_are_planned_anew(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """New hours take the place of the old ones, and no hours leave nothing due."""
    path = await ready(client, uow_factory, working_hours=HOURS)
    before = (await due(client, path))["pause"]["due_at"]
    for hours, changed in (({**HOURS, "end": "19:00"}, True), (None, False)):
        await client.patch(path, json={"working_hours": hours}, headers={"If-Match": "*"})
        pause = (await due(client, path)).get("pause")
        assert (pause is not None and pause["due_at"] != before) is changed


@pytest.mark.parametrize(
    ("changes", "days"),
    [
        pytest.param({"class": "ephemeral"}, 3, id="class"),
        pytest.param({"class": "standard"}, None, id="none"),
        pytest.param({"class": "standard", "team": "payments"}, 10, id="the team's longest"),
        pytest.param({"class": "ephemeral", "team": "payments"}, 1, id="the team's default"),
        pytest.param({"class": "ephemeral", "team": "payments", "ttl": "P2D"}, 2, id="as asked"),
    ],
)
async def test_lifetimes_are_of_class_and_team(
    settings: Settings, changes: dict[str, object], days: float | None
) -> None:
    """A request without a ttl lives as long as its team's class does, else as its class does."""
    ruled = settings.model_copy(
        update={
            "team_lifetimes": {
                "payments": {
                    "standard": LifetimeSetting(max_days=10),
                    "ephemeral": LifetimeSetting(default_days=1, max_days=5),
                }
            }
        }
    )
    lifetime = read_request(shop(**changes), ruled).ttl  # pyright: ignore[reportArgumentType]
    assert lifetime == (None if days is None else timedelta(days=days))
