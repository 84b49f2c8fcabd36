"""One lab for each test, on the sandbox's engine always and on the official one where it is on PATH."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from pulumi import automation

from tests.conformance.berth import serve_berth
from tests.conformance.cloud import serve
from tests.conformance.lab import Lab, sandbox_command
from tests.conformance.leftovers import leftovers_closed

ENGINES = [pytest.param("sandbox"), pytest.param("official", marks=pytest.mark.official_engine)]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Overlook what the Automation API leaves open when a run ends before its program."""
    overlook = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(overlook)


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
    with leftovers_closed():
        yield Lab(engine_command(engine), served, tmp_path)
        served.stop()


@pytest.fixture(params=["file", "service"])
def kept_by(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """The environment of engines whose stacks are kept in files, or by Berth itself."""
    if request.param == "file":
        yield {}
        return
    with serve_berth(str(request.getfixturevalue("database_url"))) as url:
        yield {"PULUMI_BACKEND_URL": url, "PULUMI_ACCESS_TOKEN": "a-persons-token"}
