"""Who must agree: by class, by team, and nobody to what they asked for or wrote themselves."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from service.access.model import Caller, CallerKind
from service.access.permissions import Role
from service.core.unit_of_work import UnitOfWorkFactory
from service.events.model import StepAction
from service.main import create_app
from service.plans.rules import plan_rules
from service.plans.settings import ApprovalSetting
from service.plans.use_cases import expire_approvals
from service.settings import Cloud, Settings
from tests.service.access.callers import client_of, know, member
from tests.service.documents import shop
from tests.service.runs import PlayedRun, play_run

CREATES = PlayedRun({"web": StepAction.CREATE})
SETTINGS = {
    "approvals": {"standard": ApprovalSetting(lifetime_hours=5), "production": ApprovalSetting(approvers=2)},
    "team_approvals": {
        "payments": {"standard": ApprovalSetting(approvers=2, lifetime_hours=1), "production": None},
        "tools": {"standard": ApprovalSetting(self_approval=True)},
    },
}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update=SETTINGS)


TEAMS = ("storefront", "payments", "tools")


def introduce(app: FastAPI) -> FastAPI:
    """Let the application know three admins of all teams, and a developer of one."""
    roles = {team: frozenset({Role.ADMIN}) for team in TEAMS}
    admins = {name: Caller(f"user:{name}", CallerKind.USER, roles) for name in ("ada", "bo", "cy")}
    know(app, {**admins, "dev": member("dev", "storefront", Role.DEVELOPER)})
    return app


@pytest.fixture
async def app(app: FastAPI) -> FastAPI:
    return introduce(app)


class Asked:
    """A deploy that waits for approval, and what people say to it."""

    def __init__(self, app: FastAPI, accepted: Mapping[str, dict]) -> None:
        self.app = app
        self.environment_id = accepted["environment"]["id"]
        self.id = accepted["operation"]["id"]

    async def read(self) -> dict:
        async with client_of(self.app, "ada") as client:
            return (await client.get(f"/v1/operations/{self.id}")).json()

    async def plan(self) -> dict:
        async with client_of(self.app, "ada") as client:
            return (await client.get(f"/v1/operations/{self.id}/plan")).json()

    async def approve(self, name: str, digest: str | None = None) -> tuple[int, str]:
        """Approve the present plan, or another; return the status and the code, or the state."""
        wanted = digest or (await self.plan())["digest"]
        async with client_of(self.app, name) as client:
            answer = await client.post(f"/v1/operations/{self.id}/approve", json={"digest": wanted})
        body = answer.json()
        return answer.status_code, body["code"] if "code" in body else body["operation"]["state"]

    async def change(self, name: str) -> None:
        """Change the request, without asking for a deploy of it."""
        async with client_of(self.app, name) as client:
            answer = await client.patch(
                f"/v1/environments/{self.environment_id}?operation=preview",
                json={"tags": {"by": name}},
                headers={"If-Match": "*"},
            )
            assert answer.status_code == 202, answer.text


async def ask(
    app: FastAPI, uow_factory: UnitOfWorkFactory, settings: Settings, team: str, **changes: object
) -> Asked:
    """Let ada ask for a deploy, and have its plan made."""
    async with client_of(app, "ada") as ada:
        answer = await ada.post("/v1/environments", json=shop(team=team, **changes))
        assert answer.status_code == 202, answer.text
    asked = Asked(app, answer.json())
    await make_plan(asked, uow_factory, settings)
    return asked


async def make_plan(asked: Asked, uow_factory: UnitOfWorkFactory, settings: Settings) -> None:
    planned_by = (await asked.read())["plan_operation_id"]
    if planned_by is not None:
        played = PlayedRun(CREATES.steps, rules=plan_rules(settings))
        await play_run(uow_factory, planned_by, played)


@pytest.mark.parametrize(
    ("team", "environment_class", "needed"),
    [
        ("storefront", "standard", 1),
        ("storefront", "production", 2),
        ("payments", "standard", 2),
        ("payments", "production", 0),
        ("payments", "ephemeral", 0),
    ],
)
async def test_a_team_s_rule_takes_the_place_of_its_class_s(
    app: FastAPI,
    uow_factory: UnitOfWorkFactory,
    settings: Settings,
    team: str,
    environment_class: str,
    needed: int,
) -> None:
    """As a whole, for the classes that it names; null needs nobody."""
    asked = await ask(app, uow_factory, settings, team, **{"class": environment_class})
    shown = await asked.read()
    assert shown["state"] == ("awaiting_approval" if needed else "queued")
    if needed:
        assert (await asked.plan())["approvals_needed"] == needed


async def test_so_many_others_must_agree_as_the_team_s_rule_says(
    app: FastAPI, uow_factory: UnitOfWorkFactory, settings: Settings
) -> None:
    """Who asked is refused by 409 self_approval, nobody counts twice, and who may not approve by 403."""
    asked = await ask(app, uow_factory, settings, "payments")
    assert await asked.approve("ada") == (409, "self_approval")
    assert await asked.approve("dev") == (404, "operation_not_found")
    assert await asked.approve("bo", "0" * 64) == (409, "plan_changed")
    assert await asked.approve("bo") == (202, "awaiting_approval")
    assert await asked.approve("bo") == (202, "awaiting_approval")
    assert await asked.approve("cy") == (202, "queued")
    assert await asked.approve("cy", "0" * 64) == (409, "operation_state")
    own = await ask(app, uow_factory, settings, "storefront")
    assert await own.approve("dev") == (403, "permission_denied")


async def test_a_team_may_let_who_asked_approve(
    app: FastAPI, uow_factory: UnitOfWorkFactory, settings: Settings
) -> None:
    """Where its rule says so."""
    asked = await ask(app, uow_factory, settings, "tools")
    assert await asked.approve("ada") == (202, "queued")


async def test_a_change_needs_all_approvals_anew(
    app: FastAPI, uow_factory: UnitOfWorkFactory, settings: Settings
) -> None:
    """What was agreed to before the change counts no more: another plan, another count."""
    asked = await ask(app, uow_factory, settings, "payments")
    assert await asked.approve("bo") == (202, "awaiting_approval")
    await asked.change("ada")
    assert await asked.approve("cy") == (409, "plan_stale")
    await make_plan(asked, uow_factory, settings)
    assert (await asked.plan())["decisions"] == []
    assert await asked.approve("bo") == (202, "awaiting_approval")
    assert await asked.approve("cy") == (202, "queued")


async def test_nobody_approves_a_change_that_they_slipped_in(
    app: FastAPI, uow_factory: UnitOfWorkFactory, settings: Settings
) -> None:
    """Ada asked, bo then changed the request: bo's word on it would be a word on his own."""
    asked = await ask(app, uow_factory, settings, "storefront")
    await asked.change("bo")
    assert await asked.approve("bo") == (409, "self_approval")
    assert await asked.approve("cy") == (409, "plan_stale")
    await make_plan(asked, uow_factory, settings)
    assert await asked.approve("bo") == (409, "self_approval")
    assert await asked.approve("ada") == (409, "self_approval")
    assert await asked.approve("cy") == (202, "queued")


NAMES_OF_ADA = (
    Caller("user:Ada@example.com", CallerKind.PERSONAL_TOKEN, {"storefront": frozenset({Role.ADMIN})}),
    *(
        Caller(
            portal,
            kind,
            {"storefront": frozenset({Role.ADMIN})},
            on_behalf_of="user:default/ada",
            vouches=True,
        )
        for portal, kind in (
            ("backstage:scaffolder", CallerKind.BACKSTAGE),
            ("backstage:catalog", CallerKind.BACKSTAGE),
            ("service:platform/portal", CallerKind.SERVICE_TOKEN),
        )
    ),
)


async def test_one_person_is_one_through_whichever_channel(
    app: FastAPI, uow_factory: UnitOfWorkFactory, settings: Settings
) -> None:
    """Who asked by their own token does not approve through a portal; two portals make no two people."""
    admin = {"storefront": frozenset({Role.ADMIN})}
    others = [replace(one, on_behalf_of="user:default/bo") for one in NAMES_OF_ADA[1:]]
    names = {f"ada-{number}": one for number, one in enumerate(NAMES_OF_ADA)}
    names |= {f"bo-{number}": one for number, one in enumerate(others)}
    known = {name: Caller(f"user:{name}", CallerKind.USER, admin) for name in ("ada", "bo", "cy")}
    know(app, {**known, **names})
    asked = await ask(app, uow_factory, settings, "storefront", **{"class": "production"})
    for name in ("ada-0", "ada-1", "ada-2", "ada-3"):
        assert await asked.approve(name) == (409, "self_approval")
    for name in ("bo-0", "bo-1", "bo-2", "bo"):
        assert await asked.approve(name) == (202, "awaiting_approval")
    assert await asked.approve("cy") == (202, "queued")


async def test_change_through_a_portal_is_its_person_s(
    app: FastAPI, uow_factory: UnitOfWorkFactory, settings: Settings
) -> None:
    """Who has slipped a change in through a portal does not approve it by their own token."""
    admin = {"storefront": frozenset({Role.ADMIN})}
    portal = replace(NAMES_OF_ADA[1], on_behalf_of="user:default/bo")
    people = {name: Caller(f"user:{name}", CallerKind.USER, admin) for name in ("ada", "bo")}
    know(app, {**people, "portal": portal})
    asked = await ask(app, uow_factory, settings, "storefront")
    await asked.change("portal")
    assert await asked.approve("bo") == (409, "self_approval")


async def test_who_may_be_anybody_does_not_approve(
    app: FastAPI, uow_factory: UnitOfWorkFactory, settings: Settings
) -> None:
    """A team's token, whomever it names, and a portal that names nobody may be who asked; all may reject."""
    admin = {"storefront": frozenset({Role.ADMIN})}
    token = Caller("service:storefront/ci", CallerKind.SERVICE_TOKEN, admin)
    unproven = {
        "token": token,
        "forwarding": replace(token, on_behalf_of="user:default/bo"),
        "plugin": Caller("backstage:catalog", CallerKind.BACKSTAGE, admin, vouches=True),
        "admin-token": Caller("admin-token", CallerKind.ADMIN_TOKEN, is_platform_admin=True),
    }
    know(app, {"ada": Caller("user:ada", CallerKind.USER, admin), **unproven})
    asked = await ask(app, uow_factory, settings, "storefront")
    for name in unproven:
        assert await asked.approve(name) == (409, "self_approval")
    digest = (await asked.plan())["digest"]
    async with client_of(app, "token") as client:
        answer = await client.post(f"/v1/operations/{asked.id}/reject", json={"digest": digest})
    assert answer.status_code == 202


async def test_approval_expires_as_the_team_s_rule_says(
    app: FastAPI, uow_factory: UnitOfWorkFactory, settings: Settings, rows: AsyncEngine
) -> None:
    """An hour for this team, five for others; what is over is approved no more."""
    theirs = await ask(app, uow_factory, settings, "payments")
    ours = await ask(app, uow_factory, settings, "storefront")
    async with rows.begin() as connection:
        later = "UPDATE operations SET approval_expires_at = approval_expires_at - interval '2 hours'"
        await connection.execute(text(later))
    async with uow_factory() as uow:
        assert await expire_approvals(uow) == 1
    assert (await theirs.read())["state"] == "expired"
    assert await theirs.approve("bo", "0" * 64) == (409, "operation_state")
    assert await ours.approve("bo") == (202, "queued")


@pytest.mark.parametrize(
    ("cloud", "environment_class", "setting", "expected"),
    [
        (Cloud.SANDBOX, "production", None, True),
        (Cloud.AWS, "standard", None, True),
        (Cloud.AWS, "production", None, False),
        (Cloud.AWS, "production", ApprovalSetting(self_approval=True), True),
        (Cloud.SANDBOX, "standard", ApprovalSetting(), False),
    ],
)
def test_production_on_aws_is_not_self_approved_unless_settings_say_so(
    settings: Settings,
    cloud: Cloud,
    environment_class: str,
    setting: ApprovalSetting | None,
    expected: bool,
) -> None:
    """On one's own machine one person is all there are."""
    changed = settings.model_copy(update={"cloud": cloud, "approval_on_findings": setting})
    assert changed.approvals_on_findings(environment_class).self_approval is expected


async def test_a_destroy_of_production_on_aws_waits_for_another(settings: Settings) -> None:
    """Without any rule the loss asks for somebody, and it may not be who asked."""
    bare = {"cloud": Cloud.AWS, "approvals": {}, "team_approvals": {}}
    app = create_app(settings.model_copy(update=bare))
    async with app.router.lifespan_context(app), client_of(introduce(app), "ada") as ada:
        request = shop(**{"class": "production", "protected": False})
        accepted = (await ada.post("/v1/environments", json=request)).json()
        destroyed = await ada.delete(f"/v1/environments/{accepted['environment']['id']}")
        asked = Asked(app, destroyed.json())
        assert (await asked.read())["state"] == "awaiting_approval"
        assert await asked.approve("ada") == (409, "self_approval")
        assert await asked.approve("bo") == (202, "queued")


async def test_nobody_leaves_a_class_to_be_asked_less_who_could_not_approve(
    app: FastAPI, uow_factory: UnitOfWorkFactory, settings: Settings
) -> None:
    """A developer's class change would take what stands from under its rule; to raise the class is free."""
    asked = await ask(app, uow_factory, settings, "storefront")
    address = f"/v1/environments/{asked.environment_id}"

    async def reclassify(name: str, environment_class: str) -> tuple[int, str | None]:
        async with client_of(app, name) as client:
            change = {"class": environment_class, "protected": False}
            answer = await client.patch(f"{address}?queue=latest", json=change, headers={"If-Match": "*"})
        return answer.status_code, answer.json().get("code")

    assert await reclassify("dev", "ephemeral") == (202, None)
    assert await reclassify("dev", "standard") == (202, None)
    async with uow_factory() as uow:
        stands = "UPDATE environments SET status = 'ready' WHERE id = :id"
        await uow.session.execute(text(stands), {"id": asked.environment_id})
        await uow.commit()
    assert await reclassify("dev", "ephemeral") == (403, "permission_denied")
    assert await reclassify("ada", "ephemeral") == (202, None)
