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
