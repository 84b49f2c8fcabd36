"""Plans are checked before anything is done: what a check finds is shown, waits for people, or ends it."""

from collections.abc import Sequence
from dataclasses import replace

import httpx
import pytest

from service.core.ids import OperationId
from service.core.unit_of_work import UnitOfWork, UnitOfWorkFactory
from service.environments.repository import get_environment
from service.events.model import StepAction
from service.operations.model import Finding, OperationKind, Severity
from service.operations.use_cases import StartOperation, start_operation
from service.plans.checking import CheckedPlan, PlanCheck, Prospect
from service.plans.errors import PlanRefusedError
from service.plans.resources import PlannedResource, pack_resources, unpack_resources
from service.plans.rules import PlanRules, plan_rules
from service.plans.settings import PlanFirst
from service.settings import Settings
from tests.service.documents import create
from tests.service.runs import CREATES_WEB, PlayedRun, play_run, urn_of

VOLUME = "aws:efs/fileSystem:FileSystem"
DATA = PlayedRun({"data": StepAction.CREATE}, type=VOLUME)
WEB = PlannedResource("aws:ecs/service:Service", "web", urn_of("web"), {"desiredCount": 2})


async def read(client: httpx.AsyncClient, operation: dict) -> dict:
    return (await client.get(f"/v1/operations/{operation['id']}")).json()


async def ask(client: httpx.AsyncClient, environment: dict, kind: str, **more: object) -> dict:
    path = f"/v1/environments/{environment['id']}/operations"
    response = await client.post(path, json={"kind": kind, **more})
    assert response.status_code == 202, response.text
    return response.json()["operation"]


def finding(severity: Severity) -> Finding:
    return Finding("two_tasks", severity, "web has two tasks", "ask for one", WEB.urn, "too_many_tasks")


def rules_with(severity: Severity, settings: Settings) -> PlanRules:
    """The installation's rules, with a check more that finds one thing wherever `web` is planned."""

    async def find(plan: CheckedPlan, _uow: UnitOfWork) -> Sequence[Finding]:
        return [finding(severity) for resource in plan.resources if resource.inputs == {"desiredCount": 2}]

    async def wants_plan(_prospect: Prospect, _uow: UnitOfWork) -> bool:
        return True

    return replace(plan_rules(settings), checks=(PlanCheck(find, wants_plan),))


async def checked_deploy(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, rules: PlanRules
) -> tuple[dict, dict]:
    """Have a deploy planned under the rules; return it and the preview that made its plan."""
    environment, first = await create(client)
    await client.post(f"/v1/operations/{first['id']}/cancel")
    async with uow_factory() as uow:
        recorded = await get_environment(uow.session, environment["id"], lock=True)
        command = StartOperation(OperationKind.DEPLOY, "ann", 5, rules)
        deploy = await start_operation(recorded, command, uow)
        await uow.commit()
    await play_run(uow_factory, deploy.plan_operation_id, replace(CREATES_WEB, planned=(WEB,), rules=rules))
    return await read(client, {"id": deploy.id}), await read(client, {"id": deploy.plan_operation_id})


@pytest.mark.parametrize(
    ("severity", "state"),
    [
        (Severity.ADVISORY, "queued"),
        (Severity.NEEDS_APPROVAL, "awaiting_approval"),
        (Severity.REFUSED, "failed"),
    ],
)
async def test_severity_decides(
    client: httpx.AsyncClient,
    uow_factory: UnitOfWorkFactory,
    settings: Settings,
    severity: Severity,
    state: str,
) -> None:
    """An advisory finding lets the deploy pass, another waits for somebody, a refusal ends it untouched."""
    deploy, preview = await checked_deploy(client, uow_factory, rules_with(severity, settings))
    shown = {
        "rule": "two_tasks",
        "severity": severity,
        "message": "web has two tasks",
        "hint": "ask for one",
        "resource_urn": WEB.urn,
        "code": "too_many_tasks",
    }
    assert (deploy["state"], preview["state"]) == (state, "succeeded")
    assert deploy["findings"] == preview["findings"] == [shown]
    plan = (await client.get(f"/v1/operations/{deploy['id']}/plan")).json()
    assert plan["findings"] == [shown]
    assert plan["approvals_needed"] == (1 if severity is Severity.NEEDS_APPROVAL else 0)
    if severity is Severity.REFUSED:
        assert deploy["failure"]["code"] == "too_many_tasks"
        assert deploy["started_at"] is None


async def test_plan_that_is_refused_cannot_be_named(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, settings: Settings
) -> None:
    """A deploy that names a plan is refused at once where a check refuses that plan."""
    rules = rules_with(Severity.REFUSED, settings)
    _, preview = await checked_deploy(client, uow_factory, rules)
    plan = (await client.get(f"/v1/operations/{preview['id']}/plan")).json()
    async with uow_factory() as uow:
        environment = await get_environment(uow.session, plan["environment_id"], lock=True)
        command = StartOperation(OperationKind.DEPLOY, "ann", 5, rules, plan_id=plan["id"])
        with pytest.raises(PlanRefusedError, match="web has two tasks") as refused:
            await start_operation(environment, command, uow)
    assert refused.value.context["rule_code"] == "too_many_tasks"


def test_planned_resources_are_kept_with_the_plan() -> None:
    """What is stored of planned resources comes back as it was."""
    assert unpack_resources(pack_resources([WEB])) == (WEB,)


class TestLosses:
    """What holds data, and what is in production, is neither deleted nor replaced without approval."""

    async def deployed(
        self, client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, played: PlayedRun, **more: object
    ) -> dict:
        environment, deploy = await create(client, **more)
        await play_run(uow_factory, deploy["plan_operation_id"] or deploy["id"], played)
        if deploy["plan_operation_id"]:
            await play_run(uow_factory, deploy["id"], played)
        return environment

    async def test_deploy_that_puts_drift_right_is_planned_first(
        self, client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
    ) -> None:
        """What it will do stands in no record, so it is planned where no other deploy would be."""
        environment = await self.deployed(client, uow_factory, CREATES_WEB)
        deploy = await ask(client, environment, "deploy", refresh=True)
        assert deploy["state"] == "pending"
        preview = await read(client, {"id": deploy["plan_operation_id"]})
        assert preview["options"]["refresh"] is True
        await play_run(uow_factory, preview["id"], CREATES_WEB)
        assert (await read(client, deploy))["state"] == "queued"

    async def test_first_deploy_is_one_run(self, client: httpx.AsyncClient) -> None:
        """Where nothing stands nothing can be lost: the first deploy needs no plan."""
        _, deploy = await create(client)
        assert (deploy["state"], deploy["plan_operation_id"]) == ("queued", None)

    async def test_destroying_data_needs_approval(
        self, client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
    ) -> None:
        """The destroy of a file system waits for approval; who asked may give it on one machine."""
        environment = await self.deployed(client, uow_factory, DATA)
        destroy = await ask(client, environment, "destroy")
        assert destroy["state"] == "awaiting_approval"
        plan = (await client.get(f"/v1/operations/{destroy['id']}/plan")).json()
        [shown] = plan["findings"]
        assert (shown["rule"], shown["severity"]) == ("losses", "needs_approval")
        assert "with the data" in shown["message"]
        path = f"/v1/operations/{destroy['id']}/approve"
        approved = await client.post(path, json={"digest": plan["digest"]})
        assert approved.json()["operation"]["state"] == "queued"

    async def test_destroying_what_holds_no_data_needs_nobody(
        self, client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
    ) -> None:
        """Without data, outside of production, a destroy goes into the line."""
        environment = await self.deployed(client, uow_factory, CREATES_WEB)
        assert (await ask(client, environment, "destroy"))["state"] == "queued"

    async def test_ephemeral_environment_ends_unasked(
        self, client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
    ) -> None:
        """Of an environment that was asked for with an end the end needs nobody's word."""
        environment = await self.deployed(client, uow_factory, DATA, **{"class": "ephemeral"})
        assert (await ask(client, environment, "destroy"))["state"] == "queued"

    @pytest.mark.parametrize(
        ("action", "state"), [(StepAction.REPLACE, "awaiting_approval"), (StepAction.UPDATE, "queued")]
    )
    async def test_replacing_data_needs_approval(
        self, client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, action: StepAction, state: str
    ) -> None:
        """Where data stands a deploy is planned first; it waits if the plan would replace it."""
        environment = await self.deployed(client, uow_factory, DATA)
        deploy = await ask(client, environment, "deploy")
        assert deploy["state"] == "pending"
        await play_run(uow_factory, deploy["plan_operation_id"], replace(DATA, steps={"data": action}))
        assert (await read(client, deploy))["state"] == state

    async def test_production_needs_approval(self, client: httpx.AsyncClient) -> None:
        """In production the destroy of anything waits, also of what a deploy is only about to make."""
        environment, deploy = await create(client, **{"class": "production", "protected": False})
        assert (await ask(client, environment, "destroy"))["state"] == "awaiting_approval"
        assert (await read(client, deploy))["state"] in {"queued", "pending"}


class TestEveryDeployPlanned:
    """With `plan_first=always` no deploy runs without a plan."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"plan_first": PlanFirst.ALWAYS})

    async def test_deploy_is_planned_and_goes_on(
        self, client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
    ) -> None:
        """The deploy waits for its preview, and then runs held to that plan without anybody's word."""
        _, deploy = await create(client)
        assert deploy["state"] == "pending"
        await play_run(uow_factory, deploy["plan_operation_id"])
        assert (await read(client, deploy))["state"] == "queued"
        assert await play_run(uow_factory, OperationId(deploy["id"])) == CREATES_WEB.plan_document
