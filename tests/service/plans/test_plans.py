"""Plan, approve, apply exactly that."""

from dataclasses import replace

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from service.access.credentials import LOCAL_DEVELOPER
from service.core.unit_of_work import UnitOfWorkFactory
from service.events.model import StepAction
from service.operations.states import OperationState
from service.plans.errors import PlanStaleError
from service.plans.replacing import steps_between
from service.plans.rules import plan_rules
from service.plans.settings import ApprovalSetting
from service.plans.use_cases import DecideOnPlan, approve_operation, expire_approvals
from service.settings import Settings
from service.state.deployment import Deployment, Resource, empty_deployment
from tests.service.documents import create
from tests.service.runs import CREATES_WEB, TYPE, PlayedRun, play_run, urn_of

FAILS = PlayedRun(state=OperationState.FAILED)
NOTHING_CHANGES = PlayedRun({"web": StepAction.SAME})


@pytest.fixture
def rule() -> ApprovalSetting:
    """The approval rule of class standard."""
    return ApprovalSetting(approvers=1, self_approval=True)


@pytest.fixture
def settings(settings: Settings, rule: ApprovalSetting) -> Settings:
    """Settings in which class standard has the rule."""
    return settings.model_copy(update={"approvals": {"standard": rule}})


async def read(client: httpx.AsyncClient, operation: dict) -> dict:
    return (await client.get(f"/v1/operations/{operation['id']}")).json()


async def plan_of(client: httpx.AsyncClient, operation: dict) -> dict:
    response = await client.get(f"/v1/operations/{operation['id']}/plan")
    assert response.status_code == 200, response.text
    return response.json()


async def say(
    client: httpx.AsyncClient, operation: dict, word: str, digest: str, **more: str
) -> httpx.Response:
    body = {"digest": digest, **more}
    return await client.post(f"/v1/operations/{operation['id']}/{word}", json=body)


async def planned(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, played: PlayedRun = CREATES_WEB
) -> tuple[dict, dict]:
    """Create an environment and make its deploy's plan."""
    environment, deploy = await create(client)
    await play_run(uow_factory, deploy["plan_operation_id"], played)
    return environment, await read(client, deploy)


async def test_deploy_waits_for_its_plan_and_for_approval(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """A deploy that needs approval is planned, waits for it, and then runs held to just that plan."""
    _, deploy = await create(client)
    assert (deploy["kind"], deploy["state"]) == ("deploy", "pending")
    preview = await read(client, {"id": deploy["plan_operation_id"]})
    assert (preview["kind"], preview["state"]) == ("preview", "queued")
    assert (await client.get(f"/v1/operations/{deploy['id']}/plan")).json()["code"] == "plan_not_found"
    await play_run(uow_factory, preview["id"])
    waiting = await read(client, deploy)
    assert waiting["state"] == "awaiting_approval"
    assert waiting["approval_expires_at"]
    plan = await plan_of(client, deploy)
    assert (plan["id"], plan["operation_id"]) == (waiting["plan_id"], preview["id"])
    assert (plan["approvals_needed"], plan["decisions"], plan["base_state_version"]) == (1, [], None)
    assert [(step["action"], step["name"]) for step in plan["steps"]] == [("create", "web")]
    approved = await say(client, deploy, "approve", plan["digest"], comment="go")
    assert approved.status_code == 202
    assert approved.json()["operation"]["state"] == "queued"
    [decision] = (await plan_of(client, deploy))["decisions"]
    assert (decision["actor"], decision["decision"], decision["comment"]) == (
        LOCAL_DEVELOPER.actor,
        "approved",
        "go",
    )
    assert await play_run(uow_factory, deploy["id"]) == CREATES_WEB.plan_document
    events = (await client.get(f"/v1/operations/{deploy['id']}/events")).json()["items"]
    states = [event["payload"]["state"] for event in events if event["payload"]["type"] == "state_changed"]
    assert states == ["pending", "awaiting_approval", "queued", "running", "succeeded"]


async def test_plan_without_changes_needs_nobody(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """Where nothing would change there is nothing to approve: the deploy goes on by itself."""
    _, deploy = await planned(client, uow_factory, NOTHING_CHANGES)
    assert deploy["state"] == "queued"
    assert (await plan_of(client, deploy))["steps"] == []


@pytest.mark.parametrize("rule", [ApprovalSetting(self_approval=True, destructive_only=True)])
@pytest.mark.parametrize(
    ("action", "state"), [(StepAction.UPDATE, "queued"), (StepAction.REPLACE, "awaiting_approval")]
)
async def test_only_destruction_needs_approval(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, action: StepAction, state: str
) -> None:
    """A rule for destructive plans lets others pass, held to what was planned."""
    _, deploy = await planned(client, uow_factory, PlayedRun({"web": action}))
    assert deploy["state"] == state
    assert deploy["plan_id"]


@pytest.mark.parametrize("state", [OperationState.FAILED, OperationState.CANCELLED])
async def test_deploy_that_cannot_be_planned_fails(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, state: OperationState
) -> None:
    """If the preview ends badly, the deploy that waits for it fails and names it."""
    _, deploy = await planned(client, uow_factory, PlayedRun(state=state))
    assert (deploy["state"], deploy["failure"]["code"]) == ("failed", "plan_failed")
    assert deploy["plan_operation_id"] in deploy["failure"]["message"]
    assert (await client.post(f"/v1/operations/{deploy['id']}/retry")).status_code == 202


async def test_cancelling_one_ends_the_other(client: httpx.AsyncClient) -> None:
    """A waiting preview and the deploy that waits for its plan do not outlive each other."""
    _, deploy = await create(client)
    await client.post(f"/v1/operations/{deploy['id']}/cancel")
    assert (await read(client, {"id": deploy["plan_operation_id"]}))["state"] == "cancelled"
    _, other = await create(client, name="other")
    await client.post(f"/v1/operations/{other['plan_operation_id']}/cancel")
    assert (await read(client, other))["failure"]["code"] == "plan_failed"


async def test_newer_deploy_supersedes_plan_and_deploy(client: httpx.AsyncClient) -> None:
    """`latest` ends a deploy that waits for its plan, and the preview that was to make it."""
    environment, deploy = await create(client)
    path = f"/v1/environments/{environment['id']}/operations"
    newer = (await client.post(path, json={"kind": "deploy", "queue": "latest"})).json()["operation"]
    assert (await read(client, deploy))["superseded_by"] == newer["id"]
    assert (await read(client, {"id": deploy["plan_operation_id"]}))["state"] == "cancelled"
    assert (await read(client, newer))["state"] == "pending"


async def test_other_digest_is_not_approved(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """Only the digest of the plan as it stands is approved."""
    _, deploy = await planned(client, uow_factory)
    for word in ("approve", "reject"):
        response = await say(client, deploy, word, "0" * 64)
        assert (response.status_code, response.json()["code"]) == (409, "plan_changed")
    assert (await read(client, deploy))["state"] == "awaiting_approval"


async def test_rejected_is_the_end(client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory) -> None:
    """A rejected operation ends and tells why; it cannot be approved any more."""
    _, deploy = await planned(client, uow_factory)
    digest = (await plan_of(client, deploy))["digest"]
    rejected = await say(client, deploy, "reject", digest, comment="not on a Friday")
    assert rejected.json()["operation"]["state"] == "rejected"
    events = (await client.get(f"/v1/operations/{deploy['id']}/events")).json()["items"]
    assert "not on a Friday" in events[-1]["payload"]["message"]
    again = await say(client, deploy, "approve", digest)
    assert (again.status_code, again.json()["code"]) == (409, "operation_state")


async def test_request_that_moved_makes_the_plan_stale(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """After a change of the request the old plan cannot be approved; a new one is made for it at once."""
    environment, deploy = await planned(client, uow_factory)
    digest = (await plan_of(client, deploy))["digest"]
    await client.patch(
        f"/v1/environments/{environment['id']}",
        params={"operation": "preview"},
        json={"tags": {"a": "b"}},
        headers={"If-Match": "*"},
    )
    response = await say(client, deploy, "approve", digest)
    assert (response.status_code, response.json()["code"]) == (409, "plan_stale")
    pending = await read(client, deploy)
    assert (pending["state"], pending["plan_id"]) == ("pending", None)
    assert response.json()["context"]["operation_id"] == pending["plan_operation_id"]
    await play_run(uow_factory, pending["plan_operation_id"])
    new = await plan_of(client, deploy)
    assert new["digest"] != digest
    assert (await say(client, deploy, "approve", new["digest"])).status_code == 202


async def test_state_that_moved_makes_the_plan_stale(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """A plan holds for the state it was made from: after another deploy it is neither approved nor run."""
    environment, first = await planned(client, uow_factory)
    path = f"/v1/environments/{environment['id']}/operations"
    second = (await client.post(path, json={"kind": "deploy"})).json()["operation"]
    await play_run(uow_factory, second["plan_operation_id"])
    for deploy in (first, second):
        digest = (await plan_of(client, deploy))["digest"]
        assert (await say(client, deploy, "approve", digest)).status_code == 202
    await play_run(uow_factory, first["id"])
    with pytest.raises(PlanStaleError, match="state moved to version 1"):
        await play_run(uow_factory, second["id"])
    third = (await client.post(path, json={"kind": "deploy"})).json()["operation"]
    await play_run(uow_factory, third["plan_operation_id"])
    assert (await plan_of(client, third))["base_state_version"] == 1


@pytest.mark.parametrize("rule", [ApprovalSetting(approvers=2)])
async def test_enough_others_must_agree(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, settings: Settings
) -> None:
    """Whoever asked does not count, and nobody counts twice."""
    _, deploy = await planned(client, uow_factory)
    digest = (await plan_of(client, deploy))["digest"]
    own = await say(client, deploy, "approve", digest)
    assert (own.status_code, own.json()["code"]) == (409, "self_approval")
    states = []
    for actor in ("ann", "ann", "bob"):
        async with uow_factory() as uow:
            command = DecideOnPlan(deploy["id"], digest, actor, is_proven_person=True)
            accepted = await approve_operation(command, plan_rules(settings), uow)
            await uow.commit()
            states.append(accepted.operation.state)
    assert states == ["awaiting_approval", "awaiting_approval", "queued"]


async def test_approval_expires(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, rows: AsyncEngine
) -> None:
    """What nobody approves in time ends as expired, and cannot be approved until somebody notices."""
    _, deploy = await planned(client, uow_factory)
    async with uow_factory() as uow:
        assert await expire_approvals(uow) == 0
    async with rows.begin() as connection:
        await connection.execute(text("UPDATE operations SET approval_expires_at = now()"))
    digest = (await client.get(f"/v1/operations/{deploy['id']}/plan")).json()["digest"]
    late = await client.post(f"/v1/operations/{deploy['id']}/approve", json={"digest": digest})
    assert (late.status_code, late.json()["code"]) == (409, "operation_state")
    async with uow_factory() as uow:
        assert await expire_approvals(uow) == 1
    assert (await read(client, deploy))["state"] == "expired"


async def test_destroy_is_planned_from_what_stands(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """A destroy's plan is every recorded resource, and needs approval; of nothing it needs none."""
    environment, deploy = await planned(client, uow_factory, PlayedRun({"web": StepAction.CREATE}))
    await say(client, deploy, "approve", (await plan_of(client, deploy))["digest"])
    await play_run(uow_factory, deploy["id"])
    destroy = (await client.delete(f"/v1/environments/{environment['id']}")).json()["operation"]
    assert destroy["state"] == "awaiting_approval"
    plan = await plan_of(client, destroy)
    assert [(step["action"], step["name"]) for step in plan["steps"]] == [("delete", "web")]
    assert plan["base_state_version"] == 1
    approved = await say(client, destroy, "approve", plan["digest"])
    assert approved.json()["operation"]["state"] == "queued"
    empty, waiting = await create(client, name="empty")
    await client.post(f"/v1/operations/{waiting['id']}/cancel")
    destroy = (await client.delete(f"/v1/environments/{empty['id']}")).json()["operation"]
    assert destroy["state"] == "queued"


@pytest.mark.parametrize("rule", [ApprovalSetting(approvers=1)])
async def test_repeated_approval_is_answered_once(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """Words about a plan take an Idempotency-Key like every POST."""
    _, deploy = await planned(client, uow_factory)
    digest = (await plan_of(client, deploy))["digest"]
    path = f"/v1/operations/{deploy['id']}/reject"
    headers = {"Idempotency-Key": "no"}
    first, second = [await client.post(path, json={"digest": digest}, headers=headers) for _ in range(2)]
    assert (first.status_code, first.content) == (second.status_code, second.content)


class TestWithoutRules:
    """A class without a rule: nothing waits, but a deploy can be held to a plan on request."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"approvals": {}})

    async def test_deploy_exactly_what_was_previewed(
        self, client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
    ) -> None:
        """A deploy that names the plan of a preview runs held to it; once state moved it is refused."""
        environment, deploy = await create(client)
        assert deploy["state"] == "queued"
        path = f"/v1/environments/{environment['id']}/operations"
        preview = (await client.post(path, json={"kind": "preview"})).json()["operation"]
        await client.post(f"/v1/operations/{deploy['id']}/cancel")
        await play_run(uow_factory, preview["id"])
        plan = await plan_of(client, preview)
        wanted = {"kind": "deploy", "plan_id": plan["id"]}
        held = (await client.post(path, json=wanted)).json()["operation"]
        assert (held["state"], held["plan_id"]) == ("queued", plan["id"])
        assert await play_run(uow_factory, held["id"]) == CREATES_WEB.plan_document
        stale = await client.post(path, json=wanted)
        assert (stale.status_code, stale.json()["code"]) == (409, "plan_stale")
        missing = await client.post(path, json={"kind": "deploy", "plan_id": "plan_" + "0" * 32})
        assert (missing.status_code, missing.json()["code"]) == (404, "plan_not_found")
        odd = await client.post(path, json={"kind": "refresh", "plan_id": plan["id"]})
        assert odd.status_code == 422


async def test_restore_is_planned_without_an_engine(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """Where a class wants approval, a restore has its plan at once; one that changes nothing needs nobody."""
    environment, first = await planned(client, uow_factory)
    await say(client, first, "approve", (await plan_of(client, first))["digest"])
    await play_run(uow_factory, first["id"])
    body = {"kind": "restore", "state_version": 1}
    answer = await client.post(f"/v1/environments/{environment['id']}/operations", json=body)
    restore = answer.json()["operation"]
    assert (await plan_of(client, restore))["steps"] == []
    assert restore["state"] == "queued"


def test_state_in_place_of_another_gains_loses_and_changes_records() -> None:
    """What the record loses counts as deleted, what it gains as imported."""

    def state(**inputs: int) -> Deployment:
        resources = [
            Resource(urn_of(name), TYPE, is_custom=True, rest={"inputs": {"n": number}})
            for name, number in inputs.items()
        ]
        return replace(empty_deployment().deployment, resources=tuple(resources))

    steps = steps_between(state(kept=1, changed=1, lost=1), state(kept=1, changed=2, gained=1))
    assert {step.name: step.action for step in steps} == {
        "lost": StepAction.DELETE,
        "kept": StepAction.SAME,
        "changed": StepAction.UPDATE,
        "gained": StepAction.IMPORT,
    }


async def test_deploy_held_to_a_plan_has_the_options_of_its_preview(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """A plan that was made by a refreshing preview is applied by a refreshing deploy."""
    environment, _ = await create(client)
    address = f"/v1/environments/{environment['id']}/operations"
    preview = (await client.post(address, json={"kind": "preview", "refresh": True})).json()["operation"]
    await play_run(uow_factory, preview["id"])
    plan = await plan_of(client, preview)
    deploy = (await client.post(address, json={"kind": "deploy", "plan_id": plan["id"]})).json()["operation"]
    assert deploy["options"]["refresh"] is True
