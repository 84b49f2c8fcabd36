"""docs/api.md: its commands run, and its table of problems is the one that the API declares."""

import asyncio
import json
import os
import re
import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from service.core.ids import OperationId
from service.core.unit_of_work import UnitOfWorkFactory
from service.events.model import Diagnostic, StateChanged
from service.events.repository import append_event
from service.main import create_app
from service.settings import Settings
from tests.service.conftest import SECRETS_KEY

GUIDE = (Path(__file__).parents[3] / "docs" / "api.md").read_text()
COMMANDS = "\n".join(re.findall(r"^```sh\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL))
ROUTING_CODES = {(404, "not_found"), (405, "method_not_allowed")}


async def play_worker(uow_factory: UnitOfWorkFactory) -> None:
    """Bring waiting operations to a good end, as a worker would."""
    while True:
        async with uow_factory() as uow:
            claim = text(
                "UPDATE operations SET state = 'succeeded', finished_at = now() "
                "WHERE state = 'queued' RETURNING id"
            )
            for operation_id in (await uow.session.scalars(claim)).all():
                message = Diagnostic(severity="info", message="nothing to do")
                await append_event(uow.session, OperationId(operation_id), message)
                await append_event(uow.session, OperationId(operation_id), StateChanged(state="succeeded"))
            await uow.commit()
        await asyncio.sleep(0.2)


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl on this machine")
async def test_commands_run(server_url: str, uow_factory: UnitOfWorkFactory, tmp_path: Path) -> None:
    """Every command of the guide, in its order, does what the guide says."""
    script = f"set -eu\nBERTH={server_url}\n{COMMANDS}"
    worker = asyncio.create_task(play_worker(uow_factory))
    shell = await asyncio.create_subprocess_exec(
        "sh",
        "-c",
        script,
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"]},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = (stream.decode() for stream in await asyncio.wait_for(shell.communicate(), timeout=90))
    worker.cancel()
    assert shell.returncode == 0, err
    assert re.findall(r"^202$", out, re.MULTILINE) == ["202"] * 3
    assert '"state":"succeeded"' in out
    assert out.count("event: done") == 2
    assert '"cost-centre":"4711"' in out
    assert '"pointer":"/colour"' in out
    assert '"pointer":"/workloads/0/cpu_units"' in out
    assert json.loads((tmp_path / "blueprint.json").read_text())["name"] == "ecs"


def test_table_of_problems_is_whole() -> None:
    """The table lists each problem that the OpenAPI document declares, with its status and title."""
    document = create_app(Settings(database_url="postgresql://x/y", secrets_key=SECRETS_KEY)).openapi()
    declared = {
        (int(status), code): example["summary"]
        for path in document["paths"].values()
        for operation in path.values()
        for status, answer in operation["responses"].items()
        for code, example in answer.get("content", {})
        .get("application/problem+json", {})
        .get("examples", {})
        .items()
    }
    table = {
        (int(status), code): title
        for status, code, title in re.findall(r"^\| (\d{3}) \| `(\w+)` \| (.+) \|$", GUIDE, re.MULTILINE)
    }
    assert {key: title for key, title in table.items() if key not in ROUTING_CODES} == declared
