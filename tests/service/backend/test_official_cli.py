"""The official CLI against the backend, wherever one is on PATH."""

from pathlib import Path

import pytest

from tests.service.backend.cli_sessions import SESSIONS, Cli


@pytest.mark.official_engine
@pytest.mark.parametrize("session", SESSIONS)
async def test_the_official_cli_is_served(session: str, server_url: str, tmp_path: Path) -> None:
    """Every command of the session ends as it does on Pulumi's own service."""
    await SESSIONS[session](Cli.at(server_url, tmp_path))
