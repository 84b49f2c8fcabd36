"""One lab for each test, on the sandbox's engine always and on the official one where it is on PATH."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from pulumi import automation

from tests.conformance.berth import serve_berth
from tests.conformance.cloud import serve
from tests.conformance.lab import SANDBOX_ROOT, Lab, sandbox_command
from tests.conformance.leftovers import leftovers_closed, older_things_overlooked
from tests.conformance.warm import WarmCommand

ENGINES = [pytest.param("sandbox"), pytest.param("official", marks=pytest.mark.official_engine)]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Overlook what the Automation API leaves open when a run ends before its program."""
    overlook = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(overlook)


@pytest.fixture(scope="module", autouse=True)
def quick_collections() -> Iterator[None]:
    """Keep the cost of closing what a test left behind to what tests make."""
    with older_things_overlooked():
        yield


@cache
def engine_command(name: str) -> automation.PulumiCommand:
    """The command of an engine, started anew each time."""
    return sandbox_command() if name == "sandbox" else automation.PulumiCommand()


@cache
def warm_command(name: str) -> automation.PulumiCommand:
    """The command of an engine, without its start where that can be had."""
    return WarmCommand(SANDBOX_ROOT) if name == "sandbox" else engine_command(name)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Which engine runs."""
    return str(request.param)


@contextmanager
def laboratory(command: automation.PulumiCommand, root: Path) -> Iterator[Lab]:
    """A lab with an empty state folder and an empty cloud."""
    (root / "state").mkdir()
    served = serve()
    with leftovers_closed():
        yield Lab(command, served, root)
        served.stop()


@pytest.fixture
def lab(engine: str, tmp_path: Path) -> Iterator[Lab]:
    """A lab whose engine is warm."""
    with laboratory(warm_command(engine), tmp_path) as lab:
        yield lab


@pytest.fixture
def cold_lab(engine: str, tmp_path: Path) -> Iterator[Lab]:
    """A lab whose engine is a process of its own for each command, to be signalled and killed."""
    with laboratory(engine_command(engine), tmp_path) as lab:
        yield lab


@pytest.fixture(params=["file", "service"])
def kept_by(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """The environment of engines whose stacks are kept in files, or by Berth itself."""
    if request.param == "file":
        yield {}
        return
    with serve_berth(str(request.getfixturevalue("database_url"))) as url:
        yield {"PULUMI_BACKEND_URL": url, "PULUMI_ACCESS_TOKEN": "a-persons-token"}
