"""One lab for each test, on the sandbox's engine always and on the official one where it is on PATH."""

import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from pulumi import automation

sys.path.insert(0, str(Path(__file__).parent))

from cloud import serve  # noqa: E402 -- found beside this file
from lab import Lab, sandbox_command  # noqa: E402 -- found beside this file

ENGINES = [pytest.param("sandbox"), pytest.param("official", marks=pytest.mark.official_engine)]


@cache
def engine_command(name: str) -> automation.PulumiCommand:
    """The command of an engine."""
    return sandbox_command() if name == "sandbox" else automation.PulumiCommand()


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Which engine runs."""
    return str(request.param)


@pytest.fixture
def lab(engine: str, tmp_path: Path) -> Iterator[Lab]:
    """A lab with an empty state folder and an empty cloud."""
    (tmp_path / "state").mkdir()
    served = serve()
    yield Lab(engine_command(engine), served, tmp_path)
    served.stop()
