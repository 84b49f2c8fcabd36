"""What the CLI asks before anything else: capabilities, who am I, which organization."""

from fastapi import Response

from service.access.http import open_to_all
from service.backend import stacks_repository
from service.backend.answers import backend_router, json_answer
from service.backend.callers import Caller, EngineCaller
from service.backend.dependencies import CallerOf, Context, Uow
from service.backend.errors import StackNotFoundError
from service.backend.guards import needs_login
from service.backend.model import Stack
from service.core.unit_of_work import UnitOfWork
from service.state.deployment import FEATURES_SCHEMA_VERSION
from service.state.json_values import JsonValue

router = backend_router()

DELTA_CUTOFF_BYTES = 1024 * 1024
"""Checkpoints smaller than this are sent whole."""


@router.get("/capabilities", dependencies=[open_to_all("the CLI asks before it logs in")])
async def get_capabilities(context: Context) -> Response:
    """Announce what is served, and only that."""
    capabilities: list[JsonValue] = [
        {"capability": "batch-encrypt"},
        {
            "capability": "deployment-schema-version",
            "version": 1,
            "configuration": {"version": FEATURES_SCHEMA_VERSION},
        },
    ]
    if context.announces_deltas:
        capabilities.append(
            {
                "capability": "delta-checkpoint-uploads-v2",
                "version": 2,
                "configuration": {"checkpointCutoffSizeBytes": DELTA_CUTOFF_BYTES},
            }
        )
    return json_answer({"capabilities": capabilities})


@router.get("/user", dependencies=[needs_login()])
async def get_user(uow: Uow, caller: CallerOf) -> Response:
    """Tell the CLI who it is logged in as, and the teams as organizations."""
    teams = await _teams(uow, caller)
    return json_answer(
        {
            "id": caller.login,
            "githubLogin": caller.login,
            "name": caller.login,
            "email": "",
            "avatarUrl": "",
            "organizations": [{"githubLogin": team, "name": team, "avatarUrl": ""} for team in teams],
            "identities": [],
        }
    )


@router.get("/user/organizations/default", dependencies=[needs_login()])
async def get_default_organization(uow: Uow, caller: CallerOf) -> Response:
    """Name the organization that a stack without one belongs to: an engine's team, a person's only team."""
    teams = await _teams(uow, caller)
    return json_answer({"GitHubLogin": teams[0] if len(teams) == 1 else "", "Messages": []})


async def _teams(uow: UnitOfWork, caller: Caller) -> list[str]:
    if isinstance(caller, EngineCaller):
        return [(await _own_stack(uow, caller)).address.team]
    return sorted(await stacks_repository.teams(uow) if caller.teams is None else caller.teams)


async def _own_stack(uow: UnitOfWork, caller: EngineCaller) -> Stack:
    stack = await stacks_repository.get(uow, caller.stack_id)
    if stack is None:
        raise StackNotFoundError(f"stack {caller.stack_id} does not exist")
    return stack
