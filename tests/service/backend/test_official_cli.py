"""The official CLI against the backend, wherever one is on PATH."""

import re
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from service.backend.context import keep_backend_context
from service.backend.routes import service as service_routes
from tests.service.backend.cli_sessions import DEV, SESSIONS, Cli
from tests.service.conftest import serve


@pytest.mark.official_engine
@pytest.mark.parametrize("session", SESSIONS)
async def test_the_official_cli_is_served(session: str, server_url: str, tmp_path: Path) -> None:
    """Every command of the session ends as it does on Pulumi's own service."""
    await SESSIONS[session](Cli.at(server_url, tmp_path))


@pytest.mark.official_engine
@pytest.mark.parametrize("deltas", [False, True])
async def test_an_engine_without_a_journal_writes_checkpoints(
    app: FastAPI, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deltas: bool
) -> None:
    """Older engines send whole checkpoints, or deltas where they are announced; the state is the same."""
    monkeypatch.setattr(service_routes, "DELTA_CUTOFF_BYTES", 1)
    keep_backend_context(app, replace(app.state.backend, announces_deltas=deltas))
    seen: set[str] = set()

    async def noting(scope: Scope, receive: Receive, send: Send) -> None:
        seen.add(str(scope.get("path", "")).rpartition("/")[2])
        await app(scope, receive, send)

    async with serve(noting) as url:
        cli = Cli.at(url, tmp_path, PULUMI_DISABLE_JOURNALING="true")
        await cli.program("up", children=2)
        await cli.program("up", children=3)
        urns = re.findall(r'"urn": "([^"]+)"', await cli.do("stack", "export", "--stack", DEV))
    assert len(urns) == len(set(urns)) == 7
    expected = {"checkpointverbatim", "checkpointdelta"} if deltas else {"checkpoint"}
    assert {path for path in seen if path.startswith(("checkpoint", "journal"))} == expected


@pytest.mark.official_engine
async def test_a_person_watches_what_an_update_did(server_url: str, tmp_path: Path) -> None:
    """The CLI pages through the events of a past update."""
    cli = Cli.at(server_url, tmp_path)
    await cli.program("up")
    async with httpx.AsyncClient(base_url=f"{server_url}/api", headers={"Authorization": "token x"}) as http:
        update_id = (await http.get(f"/stacks/{DEV}/updates/latest")).json()["updateID"]
    assert "berth:test:Group" in await cli.do("stack", "history", "events", update_id, "--stack", DEV)


async def made_token(url: str, role: str) -> str:
    """Have the local developer make a personal token that is worth one role in team shop."""
    wish = {"kind": "personal", "name": role, "grants": [{"team": "shop", "role": role}]}
    async with httpx.AsyncClient(base_url=url) as http:
        return (await http.post("/v1/tokens", json=wish)).raise_for_status().json()["token"]


@pytest.mark.official_engine
async def test_a_personal_token_is_worth_its_role(server_url: str, tmp_path: Path) -> None:
    """With an admin's the CLI does everything; a developer's shows no secrets, a viewer's changes nothing."""
    clis = {
        role: Cli.at(server_url, tmp_path / role, PULUMI_ACCESS_TOKEN=await made_token(server_url, role))
        for role in ("admin", "developer", "viewer")
    }
    await clis["admin"].do("login", server_url)
    await clis["admin"].program("up")
    for cli in clis.values():
        assert "dev" in await cli.do("stack", "ls")
        assert "plain text" not in await cli.do("stack", "export", "--stack", DEV)
    assert "plain text" in await clis["admin"].do("stack", "output", "--show-secrets", "--stack", DEV)
    for cli in (clis["developer"], clis["viewer"]):
        refused = await cli.ask("stack", "output", "--show-secrets", "--stack", DEV)
        assert refused.code != 0
        assert "secrets:reveal" in refused.err
    await clis["developer"].do("stack", "tag", "set", "tier", "gold", "--stack", DEV)
    refused = await clis["viewer"].ask("stack", "tag", "set", "tier", "silver", "--stack", DEV)
    assert refused.code != 0
    assert "stacks:update in team shop; roles with it: developer" in refused.err


@pytest.mark.official_engine
async def test_a_token_that_nobody_has_is_refused(server_url: str, tmp_path: Path) -> None:
    """The CLI says that its credentials are not good."""
    cli = Cli.at(server_url, tmp_path, PULUMI_ACCESS_TOKEN="bth_pat_unknown")  # noqa: S106 -- nobody has it
    refused = await cli.ask("stack", "ls")
    assert refused.code != 0
    assert "credentials" in refused.err
