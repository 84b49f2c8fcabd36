"""Environments deployed for real: an engine, the simulated AWS, and nothing in between."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from pulumi import automation

from programs.program import program_for
from programs.request import parse_request
from tests.conformance.conftest import warm_command
from tests.programs.ecs.plans import DOCUMENTS, EXAMPLES
from tests.programs.ecs.variants import Document, environment, worker
from tests.programs.recording import FACTS

_ROOT = Path(__file__).parents[3]
_NEEDS_SOMETHING_THERE = frozenset({"existing_network"})
_DEPLOYABLE = sorted(DOCUMENTS.keys() - _NEEDS_SOMETHING_THERE)


@contextmanager
def _cloud(folder: Path) -> Iterator[str]:
    """Serve an empty cloud; yield the addresses that engines attach to."""
    command = [sys.executable, "-m", "sandbox.cloud", "serve", "--store", str(folder), "--latency", "none"]
    server = subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdin is not None
    assert server.stdout is not None
    try:
        providers = json.loads(server.stdout.readline())["providers"]
        yield ",".join(f"{name}:{port}" for name, port in providers.items())
    finally:
        server.stdin.close()
        server.wait(timeout=20)
        server.stdout.close()


class Lab:
    """One stack in an empty cloud."""

    def __init__(self, engine: str, folder: Path, providers: str) -> None:
        """Choose the engine: `sandbox`, or the official one on PATH."""
        (folder / "state").mkdir()
        self._command = warm_command(engine)
        self._variables = {
            "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "of a test",
            "PULUMI_DEBUG_PROVIDERS": providers,
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "BERTH_SANDBOX_PYTHON": sys.executable,
            "PATH": os.environ["PATH"],
        }

    def stack(self, document: Document) -> automation.Stack:
        """Return the stack with the program of a document."""
        program = program_for(parse_request(document), FACTS)
        options = automation.LocalWorkspaceOptions(env_vars=self._variables, pulumi_command=self._command)
        return automation.create_or_select_stack("lab", "environments", program, opts=options)

    def changes(self, document: Document) -> Mapping[str, int]:
        """Deploy a document; return how many resources were made, changed, kept."""
        return self.stack(document).up().summary.resource_changes or {}


def _live_through(lab: Lab, document: Document) -> None:
    """Deploy, deploy again, destroy, and find nothing left."""
    first = lab.changes(document)
    assert set(first) == {"create"}
    assert lab.changes(document) == {"same": first["create"]}
    _destroy(lab, document)


def _destroy(lab: Lab, document: Document) -> None:
    stack = lab.stack(document)
    stack.destroy()
    assert not (stack.export_stack().deployment or {}).get("resources")


def test_an_environment_is_made_kept_changed_and_destroyed(tmp_path: Path) -> None:
    """The second deployment keeps everything; another image changes one task definition and one service."""
    before = environment(worker())
    after = environment(worker(image="public.ecr.aws/nginx/nginx:1.28"))
    with _cloud(tmp_path / "cloud") as providers:
        lab = Lab("sandbox", tmp_path, providers)
        created = lab.changes(before)["create"]
        assert lab.changes(before) == {"same": created}
        changed = lab.changes(after)
        assert changed["same"] == created - 2
        assert set(changed) <= {"same", "update", "replace"}
        _destroy(lab, after)


@pytest.mark.slow
@pytest.mark.parametrize("name", _DEPLOYABLE)
def test_every_document_lives_in_the_sandbox(name: str, tmp_path: Path) -> None:
    """Each example and each knob is deployed, kept and destroyed by the sandbox's engine."""
    with _cloud(tmp_path / "cloud") as providers:
        _live_through(Lab("sandbox", tmp_path, providers), DOCUMENTS[name])


@pytest.mark.slow
@pytest.mark.official_engine
@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_lives_on_the_official_engine(name: str, tmp_path: Path) -> None:
    """Each example is deployed, kept and destroyed by the official engine, too."""
    with _cloud(tmp_path / "cloud") as providers:
        _live_through(Lab("official", tmp_path, providers), DOCUMENTS[name])
